package expensetalk

import (
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/expense"
	"fieldbot/bot/expense/expensestore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

var newForm = form.Form{Name: "expense.new", Fields: expense.Catalogue.Pick("purpose", "amount", "category", "account_code", "spent_on", "pay_kind", "shares")}

// saveNew keeps a request and submits it at once; what it lacks to be submitted is
// said, and it stays a draft.
func saveNew(r *command.Request, d form.Draft) (command.Saved, error) {
	e := expense.Expense{PersonID: r.Who.ID, Status: expense.Draft}
	if err := expense.Catalogue.Set(&e, d.Values); err != nil {
		return command.Saved{}, err
	}
	today := r.Words.Today(r.Said)
	if e.SpentOn == "" {
		e.SpentOn = today
	}
	switch {
	case e.Amount <= 0:
		return command.Saved{}, fault.At("amount", "range", "lo", "0.01", "hi", "…")
	case settings(r).IsSpecial(e.Category) && e.SpentOn < today:
		return command.Saved{}, fault.At("spent_on", "expense_special", "category", e.Category, "day", e.SpentOn)
	}
	if e.AccountID != "" {
		if _, ok, err := accountstore.Accounts.In(r.Scope).ByID(r.Tx, e.AccountID); err != nil || !ok {
			return command.Saved{}, command.OrGone(err)
		}
	}
	shares, err := bearers(r, e, d.Values["shares"])
	if err != nil {
		return command.Saved{}, err
	}
	other, same, err := expensestore.Same(r.Tx, r.Scope, e)
	if err != nil {
		return command.Saved{}, err
	}
	if same && !d.Doubted {
		return command.Saved{}, &command.Confirm{Field: "amount", Text: r.Say("expense.same", "number", other.Number, "purpose", other.Purpose, "day", other.SpentOn, "amount", r.Money(other.Amount)),
			Buttons: [][]chat.Button{{command.SayButton(other.Number, "expense", "show "+record.RefOf(other))}}}
	}
	if err := expensestore.Add(r.Tx, &e, shares); err != nil {
		return command.Saved{}, err
	}
	return papers.Begin(r, e, "submit")
}

// bearers are the budgets that bear an expense: those that its maker names, else
// the one that is there for it.
func bearers(r *command.Request, e expense.Expense, text string) ([]expense.Share, error) {
	portions, err := expense.Portions(text)
	if err != nil {
		return nil, err
	}
	var out []expense.Share
	for _, p := range portions {
		b, err := budgetNamed(r, "shares", p.Budget)
		if err != nil {
			return nil, err
		}
		out = append(out, expense.Share{BudgetID: b.ID, Percent: p.Percent})
	}
	if len(out) > 0 {
		return out, nil
	}
	fit, err := fitting(r, e)
	if err != nil {
		return nil, err
	}
	switch len(fit) {
	case 1:
		return []expense.Share{{BudgetID: fit[0].ID, Percent: 100}}, nil
	case 0:
		if some, err := expensestore.AnyBudget(r.Tx); err != nil || !some {
			return nil, err // the company sets none
		}
		return nil, fault.At("category", "budget_none", "category", e.Category)
	}
	var names []string
	for _, b := range fit {
		name, err := budgetName(r, b)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return nil, fault.At("shares", "budget_which", "budgets", r.Words.List(names))
}

// fitting are the budgets that an expense may draw on: of its category and day, of
// its account where it has one. Of a year's months the last one alone.
func fitting(r *command.Request, e expense.Expense) ([]expense.Budget, error) {
	all, err := expensestore.BudgetsFor(r.Tx, r.Scope, string(e.SpentOn[:4]), e.Category, e.AccountID)
	latest := map[string]int{}
	var out []expense.Budget
	for _, b := range all {
		if !b.Covers(e.SpentOn) {
			continue
		}
		about := strings.Join([]string{b.AccountID, b.Territory, b.Department, b.Brand}, "/")
		if i, known := latest[about]; known {
			out[i] = b // they come by period
			continue
		}
		latest[about] = len(out)
		out = append(out, b)
	}
	return out, err
}

// budgetName is a budget as people write it: 2026-03/display/K010.
func budgetName(r *command.Request, b expense.Budget) (string, error) {
	if b.AccountID == "" {
		return b.Name(""), nil
	}
	a, ok, err := accountstore.Accounts.In(r.Scope).ByID(r.Tx, b.AccountID)
	if err != nil || !ok {
		return "", command.OrGone(err)
	}
	return b.Name(a.Code), nil
}

// budgetNamed returns the budget that a name means, beside a field of a form.
func budgetNamed(r *command.Request, key, name string) (expense.Budget, error) {
	parts := strings.SplitN(name, "/", 3)
	if len(parts) == 3 {
		all, err := expensestore.BudgetsFor(r.Tx, r.Scope, parts[0], parts[1], "")
		if err != nil {
			return expense.Budget{}, err
		}
		for _, b := range all {
			full, err := budgetName(r, b)
			if err != nil {
				return b, err
			}
			if b.Period == parts[0] && strings.EqualFold(full, name) {
				return b, nil
			}
		}
	}
	return expense.Budget{}, fault.At(key, "none_found", "query", chat.Cut(name, 60))
}

// describe says what an approver is asked for.
func describe(r *command.Request, e expense.Expense) (string, error) {
	customer, err := accountName(r, e)
	return r.Say("expense.ask", "number", e.Number, "purpose", e.Purpose, "amount", r.Money(askedFor(e)), "category", e.Category, "account", customer, "day", e.SpentOn, "clearing", e.Status == expense.Clearing, "special", e.Special), err
}

// askedFor is what a yes is worth: the request, or what the vouchers come to.
func askedFor(e expense.Expense) int64 {
	if e.Status == expense.Clearing {
		return e.Cleared
	}
	return e.Amount
}
