// Package expense knows what is spent on customers: budgets, requests, the
// vouchers that clear them and how a fee is shared (domain.md §8). Amounts are
// minor units of the company's currency.
package expense

import (
	"strings"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
)

// Expense is a request to spend, and what became of it.
type Expense struct {
	ID        string       `db:"id"`
	Version   int64        `db:"version"`
	Number    string       `db:"number"` // EX-1001
	Seq       int64        `db:"seq"`    // the figures of a number of ours
	PersonID  string       `db:"person_id"`
	AccountID string       `db:"account_id"` // empty: for no customer
	Category  string       `db:"category"`
	Purpose   string       `db:"purpose"`
	Amount    int64        `db:"amount"`
	SpentOn   calendar.Day `db:"spent_on"` // the day it is, or was, spent
	PayKind   string       `db:"pay_kind"`
	PromoCode string       `db:"promo_code"`
	Status    string       `db:"status"`
	Passed    bool         `db:"passed"`           // over its budget, and let through
	Cleared   int64        `db:"cleared"`          // what the vouchers came to when they were handed in
	Vouchers  int64        `db:"vouchers,derived"` // the sum of its vouchers
	Over      int64        `db:"over,derived"`     // by how much its budgets would be overdrawn
	Special   bool         `db:"special,derived"`  // needs its request before it is spent
	Doubted   bool         `db:"doubted,derived"`  // a voucher's picture was seen with another
	CreatedAt time.Time    `db:"created_at"`
	UpdatedAt time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (e Expense) Table() string { return "expenses" }

// Key implements store.Row.
func (e Expense) Key() (string, int64) { return e.ID, e.Version }

// Draws is what an expense takes from its budgets: what is asked for until its
// vouchers say what it was; the rest returns to the budget when it is settled.
func (e Expense) Draws() int64 {
	switch e.Status {
	case Submitted, Approved, Spent, Clearing:
		return e.Amount
	case Passing, Settled:
		return e.Cleared
	}
	return 0
}

// ClearBy is the last day to hand in vouchers.
func (e Expense) ClearBy(days int) calendar.Day { return e.SpentOn.Add(days) }

// PayKinds are how a fee is paid: taken off the payment (账扣), off the invoice
// (票折), in goods (货补) or by transfer (汇款).
var PayKinds = []string{"deduction", "invoice_discount", "goods", "transfer"}

// Share is the part of an expense that a budget bears.
type Share struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	ExpenseID string    `db:"expense_id"`
	BudgetID  string    `db:"budget_id"`
	Percent   int64     `db:"percent"`
	Amount    int64     `db:"amount,elsewhere"` // of what the expense draws now
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (s Share) Table() string { return "expense_shares" }

// Key implements store.Row.
func (s Share) Key() (string, int64) { return s.ID, s.Version }

// Voucher (票据) proves what was spent.
type Voucher struct {
	ID        string       `db:"id"`
	Version   int64        `db:"version"`
	ExpenseID string       `db:"expense_id"`
	Number    string       `db:"number"`
	Amount    int64        `db:"amount"`
	DatedOn   calendar.Day `db:"dated_on"`
	Photos    []string     `db:"photos"`
	Again     bool         `db:"again"`  // its picture was seen with another voucher
	Status    string       `db:"status"` // active, withdrawn
	CreatedAt time.Time    `db:"created_at"`
	UpdatedAt time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (v Voucher) Table() string { return "vouchers" }

// Key implements store.Row.
func (v Voucher) Key() (string, int64) { return v.ID, v.Version }

// The states of a voucher.
const (
	Active    = "active"
	Withdrawn = "withdrawn"
)

// Settings are what a company sets.
type Settings struct {
	// Limits are what a role may approve, as amounts; a role without one, where
	// others have one, approves nothing, and none at all means no limits.
	Limits    map[string]string `yaml:"limits"`
	Special   []string          `yaml:"special"`    // kinds that are asked for before they are spent
	ClearDays int               `yaml:"clear_days"` // to hand in vouchers after the day it was spent
}

// Default is what stands where a company sets nothing.
func Default() Settings {
	return Settings{Limits: map[string]string{}, Special: []string{"业务拓展", "市场推广"}, ClearDays: 30}
}

// IsSpecial reports whether a category is asked for before it is spent.
func (s Settings) IsSpecial(category string) bool {
	for _, x := range s.Special {
		if strings.EqualFold(x, strings.TrimSpace(category)) {
			return true
		}
	}
	return false
}

// Covers reports whether one of some roles may approve an amount.
func (s Settings) Covers(roles []string, amount int64, currency string) bool {
	if len(s.Limits) == 0 {
		return true
	}
	for _, role := range roles {
		limit, err := money.Parse(s.Limits[role], currency)
		if err == nil && amount <= limit.Minor {
			return true
		}
	}
	return false
}

// Catalogue is what is known of expenses.
var Catalogue = field.Catalogue{Noun: "expenses", Fields: []field.Field{
	{Key: "number", Kind: field.Text, Use: field.File, Required: true, Max: 40},
	{Key: "person", Kind: field.Person, Use: field.File, Required: true, Column: "person_id"},
	{Key: "purpose", Kind: field.Text, Use: field.All, Required: true, Max: 200},
	{Key: "amount", Kind: field.Money, Use: field.All, Required: true},
	{Key: "currency", Kind: field.Text, Use: field.File, Max: 10},
	{Key: "category", Kind: field.Text, Use: field.All, Required: true, Max: 60},
	{Key: "account_code", Kind: field.Account, Use: field.All, Column: "account_id"},
	{Key: "spent_on", Kind: field.Date, Use: field.All},
	{Key: "pay_kind", Kind: field.Choice, Use: field.All, Options: PayKinds},
	{Key: "promo_code", Kind: field.Text, Use: field.File, Max: 40},
	{Key: "shares", Kind: field.Text, Use: field.All, Max: 500},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: Life.States()},
	{Key: "passed", Kind: field.YesNo, Use: field.File},
	{Key: "cleared", Kind: field.Money, Use: field.File},
}}

// VoucherCatalogue is what is known of vouchers.
var VoucherCatalogue = field.Catalogue{Noun: "vouchers", Fields: []field.Field{
	{Key: "voucher_number", Kind: field.Text, Use: field.All, Required: true, Max: 60, Column: "number"},
	{Key: "amount", Kind: field.Money, Use: field.All, Required: true},
	{Key: "dated_on", Kind: field.Date, Use: field.All, Past: true},
	{Key: "photos", Kind: field.Photos, Use: field.All, Max: 5},
}}

// VoucherFile is what a file holds of vouchers.
var VoucherFile = field.Catalogue{Noun: "vouchers", Fields: []field.Field{
	{Key: "expense_number", Kind: field.Text, Use: field.File, Required: true, Max: 40},
	{Key: "number", Kind: field.Text, Use: field.File, Required: true, Max: 60},
	{Key: "amount", Kind: field.Money, Use: field.File, Required: true},
	{Key: "dated_on", Kind: field.Date, Use: field.File, Past: true},
	{Key: "photo", Kind: field.Photos, Use: field.File, Max: 5, Column: "photos"},
}}
