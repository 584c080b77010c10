// Package invoice knows what customers owe: invoices and what settles them, what is
// disputed, promised and kept back, and how old it is (domain.md §7). Amounts are minor
// units of the company's currency, VAT included.
//
// # A year of one account, by hand
//
// Terms: 60 days from the invoice. All figures are those of TestYear.
//
//	01-13  invoice A   11.50, due 03-14
//	02-13  invoice B    7.50, due 04-14
//	03-18  payment      3.50, on A: its open sum is 8.00
//	04-01  payment     12.00, on A 8.00 and B 4.00: A is paid, B is open with 3.50
//	05-10  the customer pays 3.00 and keeps 0.50 back for a leaflet nobody ordered:
//	       B is paid; the deduction stands open, in a line of its own
//	06-20  the deduction is refused: 0.50 of B is open again, 67 days overdue
//	06-22  red letter   3.00 for B: 0.50 closes it, 2.50 is applied to nothing
//	07-01  invoice C   20.00, due 08-30
//	07-02  payment     30.00: 17.50 on C would do; 20.00 is told to it, 10.00 is an advance
//
//	              not due  1–30  31–60  61–90  over 90  unapplied   total
//	at 03-13        19.00                                            19.00
//	at 03-18         7.50  8.00                                      15.50
//	at 04-15               3.50                                       3.50
//	at 05-10               0.50                                       0.50
//	at 06-20                               0.50                       0.50
//	at 06-22                                          −2.50          −2.50
//	at 07-01        20.00                             −2.50          17.50
//	at 07-02                                         −12.50         −12.50
//
// What is taken back, a payment or the keeping of a deduction, counts as if it had
// never been: ageing at a past day is what is known of that day now.
package invoice

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/flow"
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/kit/money"
)

// Invoice is an invoice (增值税发票), a red-letter one (红字发票), or the request for one.
type Invoice struct {
	ID             string       `db:"id"`
	Version        int64        `db:"version"`
	Number         string       `db:"number"` // of a request: IR-1001
	Seq            int64        `db:"seq"`
	AccountID      string       `db:"account_id"`
	StoreID        string       `db:"store_id"`
	OwnerID        string       `db:"owner_id"` // who asked for it, or answers for the account
	OrderNumber    string       `db:"order_number"`
	ReceiptNumbers []string     `db:"receipt_numbers"`
	Kind           string       `db:"kind"`
	Corrects       string       `db:"corrects"`   // the number that a red letter takes back
	GoodsBack      bool         `db:"goods_back"` // of a red letter: for goods that were returned
	IssuedOn       calendar.Day `db:"issued_on"`
	DueOn          calendar.Day `db:"due_on"`      // the last day of its instalments
	Instalments    []string     `db:"instalments"` // day=minor units; none: all of it is due on DueOn
	Amount         int64        `db:"amount"`      // below 0 for a red letter
	Lines          goods.Lines  `db:"lines"`
	Status         string       `db:"status"`
	Disputed       bool         `db:"disputed"`
	Reason         string       `db:"reason"` // of the dispute, the red letter or the loss
	CollectorID    string       `db:"collector_id"`
	PayBy          calendar.Day `db:"pay_by"`
	LostOn         calendar.Day `db:"lost_on"`    // the day it was written off
	StepsDone      []string     `db:"steps_done"` // of what the customer wants before it pays
	// What follows from payments, deductions and red letters.
	Paid      int64        `db:"paid,elsewhere"`
	Deducted  int64        `db:"deducted,elsewhere"`
	Settled   int64        `db:"settled,elsewhere"`    // all that was settled of it; of a red letter what was applied
	LastOn    calendar.Day `db:"last_on,elsewhere"`    // of the latest of these
	SettledOn calendar.Day `db:"settled_on,elsewhere"` // nothing is open from then on; Never while something is
	NextDueOn calendar.Day `db:"next_due_on,elsewhere"`
	CreatedAt time.Time    `db:"created_at"`
	UpdatedAt time.Time    `db:"updated_at"`
}

// Never is the day on which what is open is settled.
const Never calendar.Day = "9999-12-31"

// Table implements store.Row.
func (i Invoice) Table() string { return "invoices" }

// Key implements store.Row.
func (i Invoice) Key() (string, int64) { return i.ID, i.Version }

// Kinds of invoice.
const (
	Plain     = "invoice"
	RedLetter = "red_letter"
)

// Stands reports whether an invoice is a fact: it was issued, and not taken back.
func (i Invoice) Stands() bool {
	return slices.Contains([]string{Issued, PartPaid, Paid, BadDebt}, i.Status)
}

// Open is what is still owed, below 0 what of a red letter is applied to nothing.
func (i Invoice) Open() int64 {
	switch {
	case !i.Stands():
		return 0
	case i.Kind == RedLetter:
		return i.Amount + i.Settled
	}
	return i.Amount - i.Settled
}

// Catalogue is what is known of invoices.
var Catalogue = field.Catalogue{Noun: "invoices", Fields: []field.Field{
	{Key: "number", Kind: field.Text, Use: field.All, Required: true, Max: 40},
	{Key: "account_code", Kind: field.Account, Use: field.All, Required: true, Column: "account_id"},
	{Key: "store_code", Kind: field.Place, Use: field.File, Column: "store_id"},
	{Key: "order_number", Kind: field.Text, Use: field.All, Max: 40},
	{Key: "receipt_numbers", Kind: field.Names, Use: field.All, Max: 50},
	{Key: "kind", Kind: field.Choice, Use: field.File, Options: []string{Plain, RedLetter}},
	{Key: "corrects", Kind: field.Text, Use: field.All, Max: 40},
	{Key: "goods_back", Kind: field.YesNo, Use: field.Ask},
	{Key: "issued_on", Kind: field.Date, Use: field.All, Past: true},
	{Key: "due_on", Kind: field.Date, Use: field.All},
	{Key: "instalments", Kind: field.Names, Use: field.File, Max: 24},
	{Key: "amount", Kind: field.Money, Use: field.All},
	{Key: "currency", Kind: field.Text, Use: field.File, Max: 3},
	{Key: "line", Kind: field.Number, Use: field.File, Lo: 1, Hi: 1000},
	{Key: "product_code", Kind: field.Product, Use: field.File},
	{Key: "quantity", Kind: field.Number, Use: field.File},
	{Key: "price", Kind: field.Money, Use: field.File},
	{Key: "paid", Kind: field.Money, Use: field.Export},
	{Key: "deducted", Kind: field.Money, Use: field.Export},
	{Key: "open", Kind: field.Money, Use: field.Export},
	{Key: "days_overdue", Kind: field.Number, Use: field.Export},
	{Key: "bucket", Kind: field.Text, Use: field.Export},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: Life.States()},
	{Key: "disputed", Kind: field.YesNo, Use: field.File},
	{Key: "reason", Kind: field.Text, Use: field.All, Max: 200},
	{Key: "collector", Kind: field.Person, Use: field.All, Column: "collector_id"},
	{Key: "pay_by", Kind: field.Date, Use: field.All, Ahead: true},
	{Key: "steps_done", Kind: field.Names, Use: field.All, Max: 12},
	{Key: "settled_on", Kind: field.Date, Use: field.Import},
}}

// LineKeys are the fields of a file that stand once for each line of a paper.
var LineKeys = []string{"line", "product_code", "quantity", "price"}

// The states of an invoice.
const (
	Requested = "requested" // finance is to issue it
	Issued    = "issued"
	PartPaid  = "part_paid"
	Paid      = "paid"
	BadDebt   = "bad_debt" // 坏账
	Dropped   = "dropped"
)

// Life is what becomes of an invoice. What settles it moves it by itself.
var Life = flow.Flow[Invoice]{
	First: Requested, Last: []string{BadDebt, Dropped},
	State: func(i *Invoice) *string { return &i.Status },
	Moves: []flow.Move[Invoice]{
		{Name: "issue", From: []string{Requested}, To: Issued, Who: []flow.Actor{flow.Finance}, Ask: issueFields, Set: issue},
		{Name: "drop", From: []string{Requested}, To: Dropped, Who: []flow.Actor{flow.Owner, flow.Finance}},
		{Name: "write_off", From: []string{Issued, PartPaid}, To: BadDebt, Who: []flow.Actor{flow.Finance}, Ask: lossFields,
			Guard: isDebt, Set: func(i *Invoice, v map[string]string, _ string, now time.Time) error {
				i.Reason, i.LostOn = v["reason"], calendar.On(now)
				return nil
			}},
		{Name: "part", From: []string{Issued, Paid}, To: PartPaid, Who: []flow.Actor{flow.Nobody}, Guard: settled(func(i Invoice) bool { return i.Settled > 0 && i.Settled < i.Amount })},
		{Name: "close", From: []string{Issued, PartPaid}, To: Paid, Who: []flow.Actor{flow.Nobody}, Guard: settled(func(i Invoice) bool { return i.Settled >= i.Amount && i.Amount > 0 })},
		{Name: "open", From: []string{PartPaid, Paid}, To: Issued, Who: []flow.Actor{flow.Nobody}, Guard: settled(func(i Invoice) bool { return i.Settled == 0 })},
	},
}

// What the moves ask for.
var (
	issueFields = []field.Field{{Key: "number", Kind: field.Text, Required: true, Max: 40, Noun: "invoices"}, {Key: "issued_on", Kind: field.Date, Past: true, Noun: "invoices"}, {Key: "due_on", Kind: field.Date, Noun: "invoices"}}
	lossFields  = []field.Field{{Key: "reason", Kind: field.Text, Required: true, Max: 200, Noun: "invoices"}}
)

func issue(i *Invoice, v map[string]string, _ string, now time.Time) error {
	if v["number"] != "" {
		i.Number = v["number"]
	}
	today := calendar.On(now)
	if i.IssuedOn = calendar.Day(v["issued_on"]); i.IssuedOn == "" {
		i.IssuedOn = today
	}
	if due := calendar.Day(v["due_on"]); due != "" {
		i.DueOn = due
	}
	return i.Check(today)
}

// settled guards what an invoice does by itself; a red letter is issued, and stays so.
func settled(holds func(Invoice) bool) func(Invoice, time.Time) error {
	return func(i Invoice, _ time.Time) error {
		if i.Kind == RedLetter || !holds(i) {
			return fault.New(fault.Conflict, "paper_state", "state", i.Status)
		}
		return nil
	}
}

func isDebt(i Invoice, _ time.Time) error {
	if i.Kind == RedLetter {
		return fault.Wrong("invoice_red_letter", "number", i.Number)
	}
	return nil
}

// Check is the fault of an invoice that cannot be.
func (i Invoice) Check(today calendar.Day) error {
	switch {
	case strings.ContainsAny(i.Number, "=;,；， "):
		return fault.At("number", "invoice_number", "number", i.Number)
	case i.Kind == Plain && i.Amount <= 0:
		return fault.At("amount", "invoice_amount")
	case i.Kind == RedLetter && i.Amount >= 0:
		return fault.At("amount", "invoice_red_amount")
	case i.IssuedOn > today:
		return fault.At("issued_on", "future", "day", i.IssuedOn)
	case i.DueOn != "" && i.DueOn < i.IssuedOn:
		return fault.At("due_on", "invoice_due", "due", i.DueOn, "issued", i.IssuedOn)
	}
	for _, l := range i.Lines {
		if l.Quantity <= 0 && i.Kind == Plain {
			return fault.At("quantity", "quantity_above_zero", "product", l.Product)
		}
	}
	return nil
}

// Part is what of an invoice is due on a day.
type Part struct {
	DueOn  calendar.Day
	Amount int64
}

// Missing are the steps of a customer's payment procedure (结款流程) that this invoice has
// not taken, in their order.
func (i Invoice) Missing(procedure []string) (out []string) {
	for _, step := range procedure {
		if !slices.Contains(i.StepsDone, step) {
			out = append(out, step)
		}
	}
	return out
}

// Parts are the instalments of an invoice, the first first, or all of it.
func (i Invoice) Parts() []Part {
	if len(i.Instalments) == 0 {
		return []Part{{i.DueOn, i.Amount}}
	}
	var out []Part
	for _, text := range i.Instalments {
		day, amount := cut(text)
		out = append(out, Part{calendar.Day(day), amount})
	}
	return out
}

// Instal sets the instalments of an invoice, each a day=amount as people write it. It is a
// fault if they do not add up to the invoice.
func (i *Invoice) Instal(list []string, currency string) error {
	var parts []Part
	sum := int64(0)
	for _, text := range list {
		day, amount, _ := strings.Cut(text, "=")
		on, isDay := calendar.ParseISO(strings.TrimSpace(day))
		a, err := money.Parse(amount, currency)
		if !isDay || err != nil || on < i.IssuedOn || a.Minor <= 0 {
			return fault.At("instalments", "instalment", "text", text)
		}
		parts = append(parts, Part{on, a.Minor})
		sum += a.Minor
	}
	if len(parts) > 0 && sum != i.Amount {
		return fault.At("instalments", "instalments_sum", "sum", money.Amount{Minor: sum, Currency: currency}.Decimal(), "amount", money.Amount{Minor: i.Amount, Currency: currency}.Decimal())
	}
	slices.SortFunc(parts, func(a, b Part) int { return strings.Compare(string(a.DueOn), string(b.DueOn)) })
	i.Instalments = nil
	for _, p := range parts {
		i.Instalments = append(i.Instalments, fmt.Sprintf("%s=%d", p.DueOn, p.Amount))
		i.DueOn = p.DueOn
	}
	return nil
}

// cut cuts what is kept of a name and an amount.
func cut(text string) (name string, minor int64) {
	name, amount, _ := strings.Cut(text, "=")
	minor, err := strconv.ParseInt(amount, 10, 64)
	if err != nil {
		return name, 0 // nobody wrote it
	}
	return name, minor
}

// OpenParts are what is open of the parts of an invoice, of which so much is settled:
// what is due first is settled first.
func OpenParts(parts []Part, settled int64) []Part {
	var out []Part
	for _, p := range parts {
		took := min(settled, p.Amount)
		settled -= took
		if p.Amount > took {
			out = append(out, Part{p.DueOn, p.Amount - took})
		}
	}
	return out
}
