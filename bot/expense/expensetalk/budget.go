package expensetalk

import (
	"strings"

	"fieldbot/bot/expense"
	"fieldbot/bot/expense/expensestore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// readers see budgets, each those in sight.
var readers = []person.Role{person.Rep, person.KAM, person.Manager, person.Finance}

var (
	budgetForm = form.Form{Name: "expense.budget", Fields: expense.BudgetCatalogue.For(field.Ask)}
	shiftForm  = form.Form{Name: "expense.shift", Fields: []field.Field{
		{Key: "from_budget", Kind: field.Text, Required: true, Max: 200},
		{Key: "to_budget", Kind: field.Text, Required: true, Max: 200},
		{Key: "amount", Kind: field.Money, Required: true, Noun: "expenses"},
	}}
)

// saveBudget keeps a new budget. One that is there already is not set anew: a
// revision keeps the sum, and is a shift.
func saveBudget(r *command.Request, d form.Draft) (command.Saved, error) {
	var b expense.Budget
	if err := expense.BudgetCatalogue.Set(&b, d.Values); err != nil {
		return command.Saved{}, err
	}
	if err := b.Check(); err != nil {
		return command.Saved{}, err
	}
	b.Status = expense.Active
	name, err := budgetName(r, b)
	if err != nil {
		return command.Saved{}, err
	}
	switch _, err := budgetNamed(r, "period", name); {
	case err == nil:
		return command.Saved{}, fault.At("period", "budget_there", "budget", name)
	case !isNotFound(err):
		return command.Saved{}, err
	}
	if err := expensestore.Budgets.Add(r.Tx, &b); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: b.ID, Reply: r.Done(r.Say("expense.budget_set", "budget", name, "amount", r.Money(b.Amount)))}, nil
}

func isNotFound(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Key == "none_found"
}

// saveShift moves an amount from one budget to another.
func saveShift(r *command.Request, d form.Draft) (command.Saved, error) {
	from, err := budgetNamed(r, "from_budget", d.Values["from_budget"])
	if err != nil {
		return command.Saved{}, err
	}
	to, err := budgetNamed(r, "to_budget", d.Values["to_budget"])
	if err != nil {
		return command.Saved{}, err
	}
	moved := expense.Budget{}
	if err := expense.BudgetCatalogue.Set(&moved, map[string]string{"amount": d.Values["amount"]}); err != nil {
		return command.Saved{}, err
	}
	drawn, err := expensestore.Drawn(r.Tx, from.ID)
	if err != nil {
		return command.Saved{}, err
	}
	switch free := from.Amount - drawn; {
	case from.ID == to.ID:
		return command.Saved{}, fault.At("to_budget", "budget_same")
	case moved.Amount <= 0 || moved.Amount > free:
		return command.Saved{}, fault.At("amount", "budget_free", "free", r.Money(max(0, free)))
	}
	less, more := from, to
	less.Amount -= moved.Amount
	more.Amount += moved.Amount
	if err := expensestore.Budgets.Change(r.Tx, from, less); err != nil {
		return command.Saved{}, err
	}
	if err := expensestore.Budgets.Change(r.Tx, to, more); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: to.ID, Reply: r.Done(r.Say("expense.shifted", "amount", r.Money(moved.Amount), "from", d.Values["from_budget"], "to", d.Values["to_budget"]))}, nil
}

// budgets lists the budgets of a year in sight, with what each leaves; words narrow
// them to a category.
func budgets(r *command.Request, a command.Args) (chat.Reply, error) {
	today := r.Words.Today(r.Said)
	all, err := expensestore.BudgetsFor(r.Tx, r.Scope, string(today[:4]), a.Object, "")
	if err != nil {
		return chat.Reply{}, err
	}
	switch {
	case len(all) == 0 && a.Object != "":
		return chat.Reply{}, fault.New(fault.NotFound, "none_found", "query", chat.Cut(a.Object, 60))
	case len(all) == 0:
		return chat.Reply{Text: r.Say("expense.no_budgets")}, nil
	}
	var lines []string
	for _, b := range all[:min(2*shown, len(all))] {
		name, err := budgetName(r, b)
		if err != nil {
			return chat.Reply{}, err
		}
		drawn, err := expensestore.Drawn(r.Tx, b.ID)
		if err != nil {
			return chat.Reply{}, err
		}
		lines = append(lines, "· "+r.Say("expense.budget_line", "budget", name, "amount", r.Money(b.Amount), "left", r.Money(b.Amount-drawn)))
	}
	if more := len(all) - 2*shown; more > 0 {
		lines = append(lines, r.Say("list.more_things", "n", more))
	}
	return chat.Reply{Title: r.Say("expense.budgets", "year", string(today[:4])), Text: strings.Join(lines, "\n")}, nil
}
