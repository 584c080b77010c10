package expense

import (
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/flow"
)

// The states of an expense.
const (
	Draft     = "draft"
	Submitted = "submitted" // waits for the yes of whose limit covers it
	Approved  = "approved"
	Refused   = "refused"
	Spent     = "spent"
	Clearing  = "clearing" // its vouchers wait for the manager, then finance
	Passing   = "cleared"  // finance has to settle it
	Settled   = "settled"
	Cancelled = "cancelled"
)

// Life is what becomes of an expense (domain.md §8).
var Life = flow.Flow[Expense]{
	First: Draft, Last: []string{Refused, Settled, Cancelled},
	State: func(e *Expense) *string { return &e.Status },
	Moves: []flow.Move[Expense]{
		{Name: "submit", From: []string{Draft}, To: Submitted, Who: []flow.Actor{flow.Owner}, Guard: maySubmit},
		// Finance lets a line pass that is over; then its owner submits it.
		{Name: "let_pass", From: []string{Draft}, To: Draft, Who: []flow.Actor{flow.Finance},
			Set: func(e *Expense, _ map[string]string, _ string, _ time.Time) error { e.Passed = true; return nil }},
		{Name: "approve", From: []string{Submitted}, To: Approved, Answer: true, Need: []flow.Actor{flow.Limit}, Else: Refused, Silence: Draft},
		{Name: "spend", From: []string{Approved}, To: Spent, Who: []flow.Actor{flow.Owner},
			Ask: []field.Field{{Key: "spent_on", Kind: field.Date, Past: true, Noun: "expenses"}}, Set: spend},
		{Name: "clear", From: []string{Spent}, To: Clearing, Who: []flow.Actor{flow.Owner}, Guard: mayClear,
			Set: func(e *Expense, _ map[string]string, _ string, _ time.Time) error { e.Cleared = e.Vouchers; return nil }},
		{Name: "pass", From: []string{Clearing}, To: Passing, Answer: true, Need: []flow.Actor{flow.Leader, flow.Finance}, Else: Spent, Silence: Spent},
		{Name: "settle", From: []string{Passing}, To: Settled, Who: []flow.Actor{flow.Finance}},
		{Name: "drop", From: []string{Draft, Submitted, Approved}, To: Cancelled, Who: []flow.Actor{flow.Owner}},
	},
}

func maySubmit(e Expense, now time.Time) error {
	today := calendar.On(now)
	switch {
	case e.Special && e.SpentOn < today:
		return fault.Wrong("expense_special", "category", e.Category, "day", e.SpentOn)
	case e.Over > 0 && !e.Passed:
		return fault.Wrong("expense_over", "number", e.Number)
	}
	return nil
}

func spend(e *Expense, values map[string]string, _ string, now time.Time) error {
	day := calendar.Day(values["spent_on"])
	if day == "" {
		day = calendar.On(now)
	}
	if day > calendar.On(now) {
		return fault.At("spent_on", "future", "day", day)
	}
	e.SpentOn = day
	return nil
}

func mayClear(e Expense, _ time.Time) error {
	switch {
	case e.Vouchers == 0:
		return fault.Wrong("expense_no_voucher", "number", e.Number)
	case e.Vouchers > e.Amount:
		return fault.Wrong("expense_above", "number", e.Number)
	case e.Doubted:
		return fault.Wrong("expense_doubted", "number", e.Number)
	}
	return nil
}
