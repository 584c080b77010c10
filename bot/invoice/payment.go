package invoice

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/flow"
	"fieldbot/bot/kit/money"
)

// Payment is money that came (回款).
type Payment struct {
	ID          string       `db:"id"`
	Version     int64        `db:"version"`
	Number      string       `db:"number"` // PY-1001, or the bank's
	Seq         int64        `db:"seq"`
	AccountID   string       `db:"account_id"`
	PaidOn      calendar.Day `db:"paid_on"`
	Amount      int64        `db:"amount"`
	Method      string       `db:"method"`
	Reference   string       `db:"reference"`
	Allocations []string     `db:"allocations"` // number=minor units: which invoices it was paid for
	Status      string       `db:"status"`
	Used        int64        `db:"used,elsewhere"`
	LastOn      calendar.Day `db:"last_on,elsewhere"`
	UsedUpOn    calendar.Day `db:"used_up_on,elsewhere"` // all of it is applied from then on; Never while some is not
	CreatedAt   time.Time    `db:"created_at"`
	UpdatedAt   time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (p Payment) Table() string { return "payments" }

// Key implements store.Row.
func (p Payment) Key() (string, int64) { return p.ID, p.Version }

// Unallocated is what of a payment is applied to nothing: an advance.
func (p Payment) Unallocated() int64 { return p.Amount - p.Used }

// The states of a payment.
const (
	Received  = "received"
	TakenBack = "taken_back" // the bank took it back, or it was noted by mistake
)

// Methods are how money comes.
var Methods = []string{"transfer", "draft", "cash", "card"}

// PaymentCatalogue is what is known of payments.
var PaymentCatalogue = field.Catalogue{Noun: "payments", Fields: []field.Field{
	{Key: "number", Kind: field.Text, Use: field.File, Max: 60},
	{Key: "account_code", Kind: field.Account, Use: field.All, Required: true, Column: "account_id"},
	{Key: "amount", Kind: field.Money, Use: field.All, Required: true},
	{Key: "paid_on", Kind: field.Date, Use: field.All, Past: true},
	{Key: "currency", Kind: field.Text, Use: field.File, Max: 3},
	{Key: "method", Kind: field.Choice, Use: field.All, Options: Methods},
	{Key: "reference", Kind: field.Text, Use: field.All, Max: 60},
	{Key: "allocations", Kind: field.Names, Use: field.All, Max: 500},
	{Key: "kept", Kind: field.Names, Use: field.Ask, Max: 20},
	{Key: "spread", Kind: field.Choice, Use: field.Ask, Options: []string{Oldest, Proportion}},
	{Key: "unallocated", Kind: field.Money, Use: field.Export},
}}

// PaymentLife is what becomes of a payment.
var PaymentLife = flow.Flow[Payment]{
	First: Received, Last: []string{TakenBack},
	State: func(p *Payment) *string { return &p.Status },
	Moves: []flow.Move[Payment]{
		{Name: "take_back", From: []string{Received}, To: TakenBack, Who: []flow.Actor{flow.Finance}},
	},
}

// Share is what of a payment is paid for an invoice.
type Share struct {
	Number string // of the invoice
	Amount int64
}

// Shares are what a payment is paid for.
func (p Payment) Shares() []Share {
	var out []Share
	for _, text := range p.Allocations {
		number, amount := cut(text)
		out = append(out, Share{number, amount})
	}
	return out
}

// Allocate sets what a payment is paid for. It is a fault if that is more than it.
func (p *Payment) Allocate(shares []Share, currency string) error {
	sum := int64(0)
	p.Allocations = nil
	for _, s := range shares {
		p.Allocations = append(p.Allocations, fmt.Sprintf("%s=%d", s.Number, s.Amount))
		sum += s.Amount
	}
	if sum > p.Amount {
		return fault.At("allocations", "allocations_sum", "sum", money.Amount{Minor: sum, Currency: currency}.Decimal(), "amount", money.Amount{Minor: p.Amount, Currency: currency}.Decimal(), "over", money.Amount{Minor: sum - p.Amount, Currency: currency}.Decimal())
	}
	return nil
}

// ReadShares reads a list of number=amount as people write it; a number alone is 0: as much
// as is open.
func ReadShares(list []string, currency string) ([]Share, error) {
	var out []Share
	for _, text := range list {
		number, amount, some := strings.Cut(text, "=")
		s := Share{Number: strings.TrimSpace(number)}
		if some {
			a, err := money.Parse(amount, currency)
			if err != nil || a.Minor <= 0 {
				return nil, fault.At("allocations", "allocation", "text", text)
			}
			s.Amount = a.Minor
		}
		if s.Number == "" || slices.ContainsFunc(out, func(o Share) bool { return o.Number == s.Number }) {
			return nil, fault.At("allocations", "allocation", "text", text)
		}
		out = append(out, s)
	}
	return out, nil
}

// Written is a share as files carry it.
func (s Share) Written(currency string) string {
	return s.Number + "=" + money.Amount{Minor: s.Amount, Currency: currency}.Decimal()
}

// How a payment without a list is shared: what is due first first, or, as a head office
// pays for its stores, in proportion to what is open.
const (
	Oldest     = "oldest"
	Proportion = "proportion"
)

// Proportional shares an amount over open invoices in proportion. The rest is an advance.
func Proportional(amount int64, open []Invoice) (shares []Share, rest int64) {
	sums := make([]int64, len(open))
	for i := range open {
		sums[i] = open[i].Open()
	}
	rest = amount
	for i, part := range InProportion(amount, sums) {
		if part > 0 {
			shares = append(shares, Share{open[i].Number, part})
			rest -= part
		}
	}
	return shares, rest
}

// OldestFirst shares an amount over what is open: what is due first is paid first, what
// is disputed last. The rest is an advance.
func OldestFirst(amount int64, open []Invoice) (shares []Share, rest int64) {
	open = slices.SortedFunc(slices.Values(open), func(a, b Invoice) int {
		if a.Disputed != b.Disputed {
			if a.Disputed {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(a.IssuedOn, b.IssuedOn), cmp.Compare(a.Number, b.Number))
	})
	for _, i := range open {
		if take := min(amount, i.Open()); take > 0 {
			shares = append(shares, Share{i.Number, take})
			amount -= take
		}
	}
	return shares, amount
}

// InProportion shares an amount over open balances, to the cent: parts are rounded down,
// and the cents that are left go to the largest first.
func InProportion(amount int64, open []int64) []int64 {
	total := int64(0)
	for _, o := range open {
		total += o
	}
	out := make([]int64, len(open))
	if total <= 0 {
		return out
	}
	amount = min(amount, total)
	left := amount
	order := make([]int, len(open))
	for i, o := range open {
		out[i] = mulDiv(amount, o, total)
		left -= out[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(open[b], open[a]) })
	for i := 0; left > 0; i = (i + 1) % len(order) {
		if k := order[i]; out[k] < open[k] {
			out[k]++
			left--
		}
	}
	return out
}

// mulDiv is a*b/c rounded down, past what an int64 holds of the product.
func mulDiv(a, b, c int64) int64 {
	high, low := bits.Mul64(uint64(a), uint64(b)) // #nosec G115 -- amounts are above 0
	q, _ := bits.Div64(high, low, uint64(c))      // #nosec G115 -- a <= c, so it fits
	return int64(q)                               // #nosec G115 -- at most b
}

// Promise is what a customer said it would pay, and when (付款承诺).
type Promise struct {
	ID         string       `db:"id"`
	Version    int64        `db:"version"`
	AccountID  string       `db:"account_id"`
	InvoiceID  string       `db:"invoice_id"`
	PersonID   string       `db:"person_id"` // who heard it
	PromisedOn calendar.Day `db:"promised_on"`
	MadeOn     calendar.Day `db:"made_on"`
	Amount     int64        `db:"amount"`
	Who        string       `db:"who"`
	Status     string       `db:"status"`
	CreatedAt  time.Time    `db:"created_at"`
	UpdatedAt  time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (p Promise) Table() string { return "promises" }

// Key implements store.Row.
func (p Promise) Key() (string, int64) { return p.ID, p.Version }

// The states of a promise.
const (
	Promised = "open"
	Kept     = "kept"
	Broken   = "broken"
)

// PromiseCatalogue is what is known of promises.
var PromiseCatalogue = field.Catalogue{Noun: "promises", Fields: []field.Field{
	{Key: "account_code", Kind: field.Account, Use: field.All, Required: true, Column: "account_id"},
	{Key: "amount", Kind: field.Money, Use: field.All, Required: true},
	{Key: "promised_on", Kind: field.Date, Use: field.All, Required: true, Ahead: true},
	{Key: "by", Kind: field.Text, Use: field.All, Max: 60, Column: "who"},
	{Key: "invoice_number", Kind: field.Text, Use: field.All, Max: 40},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: []string{Promised, Kept, Broken}},
}}

// Became is what a promise has become when so much has come in since it was made: it is
// kept with the money, and broken the day after its day.
func (p Promise) Became(came int64, today calendar.Day) string {
	switch {
	case p.Status != Promised:
		return p.Status
	case came >= p.Amount:
		return Kept
	case today > p.PromisedOn:
		return Broken
	}
	return Promised
}
