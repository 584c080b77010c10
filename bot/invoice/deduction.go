package invoice

import (
	"strings"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/flow"
	"fieldbot/bot/kit/money"
)

// Deduction is what a customer kept back of a payment (账扣).
type Deduction struct {
	ID            string       `db:"id"`
	Version       int64        `db:"version"`
	Number        string       `db:"number"` // DE-1001
	Seq           int64        `db:"seq"`
	AccountID     string       `db:"account_id"`
	PaymentID     string       `db:"payment_id"`
	InvoiceID     string       `db:"invoice_id"`
	OwnerID       string       `db:"owner_id"` // who finds out what it is for
	DeductedOn    calendar.Day `db:"deducted_on"`
	Amount        int64        `db:"amount"`
	Reason        string       `db:"reason"`
	ExpenseNumber string       `db:"expense_number"`
	ContractItem  string       `db:"contract_item"`
	Status        string       `db:"status"`
	CreatedAt     time.Time    `db:"created_at"`
	UpdatedAt     time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (d Deduction) Table() string { return "deductions" }

// Key implements store.Row.
func (d Deduction) Key() (string, int64) { return d.ID, d.Version }

// The states of a deduction.
const (
	DeductionOpen = "open"
	Matched       = "matched"  // to an expense or an item of the contract
	InDispute     = "disputed" // we do not see what for
	Refused       = "refused"  // the invoice is open again
	Asked         = "asked"    // its writing-off waits for the manager
	WrittenOff    = "written_off"
)

// Reduces reports whether a deduction settles its invoice.
func (d Deduction) Reduces() bool { return d.Status != Refused && d.Status != flow.Undone }

// Unexplained reports whether it stands in a line of its own.
func (d Deduction) Unexplained() bool {
	return d.Status == DeductionOpen || d.Status == InDispute || d.Status == Asked
}

// DeductionCatalogue is what is known of deductions.
var DeductionCatalogue = field.Catalogue{Noun: "deductions", Fields: []field.Field{
	{Key: "number", Kind: field.Text, Use: field.File, Max: 40},
	{Key: "payment_number", Kind: field.Text, Use: field.File, Max: 60},
	{Key: "invoice_number", Kind: field.Text, Use: field.File, Max: 40},
	{Key: "amount", Kind: field.Money, Use: field.All, Required: true},
	{Key: "reason", Kind: field.Text, Use: field.All, Max: 200},
	{Key: "expense_number", Kind: field.Text, Use: field.All, Max: 40},
	{Key: "contract_item", Kind: field.Text, Use: field.All, Max: 80},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: DeductionLife.States()},
}}

// FreeWriteOff is up to which amount finance writes a deduction off alone; above it the
// manager's yes is needed too (domain.md §7), in minor units.
const FreeWriteOff = 100_00

// DeductionLife is what becomes of a deduction: who answers for the account says what it
// is for, finance decides.
var DeductionLife = flow.Flow[Deduction]{
	First: DeductionOpen, Last: []string{Matched, Refused, WrittenOff},
	State: func(d *Deduction) *string { return &d.Status },
	Moves: []flow.Move[Deduction]{
		{Name: "dispute", From: []string{DeductionOpen}, To: InDispute, Who: []flow.Actor{flow.Owner, flow.Finance}, Ask: reasonFields, Set: setReason},
		{Name: "match", From: []string{DeductionOpen, InDispute}, To: Matched, Who: []flow.Actor{flow.Finance}, Ask: matchFields, Set: match},
		{Name: "refuse", From: []string{DeductionOpen, InDispute}, To: Refused, Who: []flow.Actor{flow.Finance}, Ask: refuseFields, Set: setReason},
		{Name: "write_off", From: []string{DeductionOpen, InDispute}, To: Asked, Who: []flow.Actor{flow.Finance}},
		{Name: "small", From: []string{Asked}, To: WrittenOff, Who: []flow.Actor{flow.Nobody}, Guard: func(d Deduction, _ time.Time) error {
			if d.Amount > FreeWriteOff {
				return fault.Wrong("deduction_large")
			}
			return nil
		}},
		{Name: "let_go", From: []string{Asked}, To: WrittenOff, Answer: true, Need: []flow.Actor{flow.Leader}, Else: InDispute, Silence: InDispute},
	},
}

var (
	reasonFields = []field.Field{{Key: "reason", Kind: field.Text, Max: 200, Noun: "deductions"}}
	refuseFields = []field.Field{{Key: "reason", Kind: field.Text, Required: true, Max: 200, Noun: "deductions"}}
	matchFields  = []field.Field{{Key: "expense_number", Kind: field.Text, Max: 40, Noun: "deductions"}, {Key: "contract_item", Kind: field.Text, Max: 80, Noun: "deductions"}}
)

func setReason(d *Deduction, v map[string]string, _ string, _ time.Time) error {
	if v["reason"] != "" {
		d.Reason = v["reason"]
	}
	return nil
}

func match(d *Deduction, v map[string]string, _ string, _ time.Time) error {
	for key, to := range map[string]*string{"expense_number": &d.ExpenseNumber, "contract_item": &d.ContractItem} {
		if v[key] != "" {
			*to = v[key]
		}
	}
	if d.ExpenseNumber == "" && d.ContractItem == "" {
		return fault.At("expense_number", "deduction_for_what")
	}
	return nil
}

// KeptBack is an amount that a customer kept, and what it says it is for.
type KeptBack struct {
	Amount int64
	Reason string
}

// KeptBacks reads a list such as "771.90 leaflet; 971.04 end cap".
func KeptBacks(list []string, currency string) ([]KeptBack, error) {
	var out []KeptBack
	for _, text := range list {
		words := strings.Fields(text)
		found := -1
		var amount money.Amount
		for i, w := range words {
			if a, err := money.Parse(w, currency); err == nil && a.Minor > 0 {
				found, amount = i, a
				break
			}
		}
		if found < 0 {
			return nil, fault.At("kept", "kept_back", "text", text)
		}
		out = append(out, KeptBack{amount.Minor, strings.Join(append(words[:found:found], words[found+1:]...), " ")})
	}
	return out, nil
}
