// Package terms knows what is agreed with a customer about money: when what is owed
// is due, on which days papers go back and forth, and how its stores are supplied
// (domain.md §7, Terms).
//
// By the term of an account, an invoice of 22 January 2016 is due
//
//	days_invoice, 30 days   21 February: issued + 30
//	days_goods, 30 days     30 days after the goods came
//	month_end, 45 days      16 March: end of January + 45
//	fixed_day 31, 30 days   29 February: the first 31st, or last day of the month, 30 days on
//	consignment, 30 days    1 March: end of the month in which it was sold + 30
//	cash                    22 January
package terms

import (
	"cmp"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
)

// Terms are those of one account.
type Terms struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	AccountID    string    `db:"account_id"`
	InvoiceMode  string    `db:"invoice_mode"` // with_goods, after_receipt
	Rule         string    `db:"rule"`
	Days         int64     `db:"days"`                 // 0: those of the account's grade
	GradeDays    int64     `db:"grade_days,elsewhere"` // written by its credit
	StatementDay int64     `db:"statement_day"`        // 对账日, of the month; 0 is none
	InvoiceByDay int64     `db:"invoice_by_day"`       // 交票截止日
	PaymentDay   int64     `db:"payment_day"`          // 付款日
	CoverDays    int64     `db:"cover_days"`           // that a suggested order is to last
	LeadDays     int64     `db:"lead_days"`            // from an order to the goods
	ShareTarget  int64     `db:"share_target"`         // of the shelf, in percent
	Procedure    []string  `db:"procedure"`            // what the customer wants before it pays, in order
	Status       string    `db:"status"`               // active, undone
	CreatedAt    time.Time `db:"created_at"`
	UpdatedAt    time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (t Terms) Table() string { return "terms" }

// Key implements store.Row.
func (t Terms) Key() (string, int64) { return t.ID, t.Version }

// When an invoice may be asked for: with the goods (随货同行), or when the store's receipt
// is there (验收后开票).
const (
	WithGoods    = "with_goods"
	AfterReceipt = "after_receipt"
)

// The rules by which an invoice falls due.
const (
	DaysGoods   = "days_goods"   // 货到
	DaysInvoice = "days_invoice" // 票到
	MonthEnd    = "month_end"    // 月结
	FixedDay    = "fixed_day"
	Consignment = "consignment" // 实销月结
	Cash        = "cash"        // 现款
)

// Rules are the rules in the order people read them.
var Rules = []string{DaysInvoice, DaysGoods, MonthEnd, FixedDay, Consignment, Cash}

// Catalogue is what is known of terms.
var Catalogue = field.Catalogue{Noun: "terms", Fields: []field.Field{
	{Key: "account_code", Kind: field.Account, Use: field.File, Required: true, Column: "account_id"},
	{Key: "rule", Kind: field.Choice, Use: field.All, Options: Rules},
	{Key: "days", Kind: field.Number, Use: field.All, Lo: 0, Hi: 365},
	{Key: "payment_day", Kind: field.Number, Use: field.All, Lo: 1, Hi: 31},
	{Key: "invoice_mode", Kind: field.Choice, Use: field.All, Options: []string{WithGoods, AfterReceipt}},
	{Key: "statement_day", Kind: field.Number, Use: field.All, Lo: 1, Hi: 31},
	{Key: "invoice_by_day", Kind: field.Number, Use: field.All, Lo: 1, Hi: 31},
	{Key: "cover_days", Kind: field.Number, Use: field.All, Lo: 1, Hi: 120},
	{Key: "lead_days", Kind: field.Number, Use: field.All, Lo: 0, Hi: 60},
	{Key: "share_target", Kind: field.Number, Use: field.All, Lo: 1, Hi: 100},
	{Key: "procedure", Kind: field.Names, Use: field.All, Max: 12},
}}

// Default is what holds where nothing was agreed: 30 days from the invoice, and the
// house's days of supply (domain.md §5).
func Default() Terms {
	return Terms{InvoiceMode: AfterReceipt, Rule: DaysInvoice, CoverDays: 14, LeadDays: 3, ShareTarget: 30, Status: Active}
}

// The states of terms.
const (
	Active = "active"
	Undone = "undone"
)

// defaultDays is a term that neither the account nor its grade names.
const defaultDays = 30

// Term is how many days a customer has.
func (t Terms) Term() int { return int(cmp.Or(t.Days, t.GradeDays, defaultDays)) }

// Due is the day on which an invoice is due that was issued on a day, for goods that came
// on another; without that day the goods came with the invoice.
func (t Terms) Due(goods, issued calendar.Day) calendar.Day {
	switch t.Rule {
	case Cash:
		return issued
	case DaysGoods:
		return cmp.Or(goods, issued).Add(t.Term())
	case MonthEnd, Consignment:
		return EndOfMonth(issued).Add(int(t.Days))
	case FixedDay:
		return next(issued.Add(int(t.Days)), int(cmp.Or(t.PaymentDay, 31)))
	}
	return issued.Add(t.Term())
}

// EndOfMonth is the last day of a day's month.
func EndOfMonth(d calendar.Day) calendar.Day { return InMonth(d, 31) }

// InMonth is a day of the month of d, its last one where the month is shorter.
func InMonth(d calendar.Day, day int) calendar.Day {
	y, m, _ := d.Parts()
	last := calendar.Date(y, m+1, 1).Add(-1)
	_, _, n := last.Parts()
	return last.Add(min(day, n) - n)
}

// next is the first such day of a month that does not lie before d.
func next(d calendar.Day, day int) calendar.Day {
	if in := InMonth(d, day); in >= d {
		return in
	}
	return InMonth(EndOfMonth(d).Add(1), day)
}

// Next is the next day of a month, from today on, that a calendar of the account names;
// "" for a day that it does not name.
func Next(today calendar.Day, day int64) calendar.Day {
	if day == 0 {
		return ""
	}
	return next(today, int(day))
}

// LawDays is the term above which to check what the law lets (domain.md §7).
const LawDays = 60

// Check is the fault of terms that say nothing, or too much.
func (t Terms) Check() error {
	if t.Rule == FixedDay && t.PaymentDay == 0 {
		return fault.At("payment_day", "terms_payment_day")
	}
	return nil
}
