// Package expensetalk is what people say and press about expenses: what they ask
// for, the vouchers that clear it, and the budgets that bear it.
package expensetalk

import (
	"fieldbot/bot/account"
	"fieldbot/bot/config"
	"fieldbot/bot/expense"
	"fieldbot/bot/expense/expensestore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/paper"
)

// Module is /expense, and the money that waits to be cleared.
var Module = command.Module{
	Name:     "expense",
	Words:    words,
	Files:    fileKinds,
	Families: []command.Family{family},
	Digest:   waits, Demo: fillDemo,
	Efforts: func(r *command.Request, span calendar.Span) ([]account.Effort, error) {
		return expensestore.FeesIn(r.Tx, r.Scope, span)
	},
	Asks: papers.Asks(),
	Hears: []command.Listener{command.Hear(func(r *command.Request, e command.PhotoSeen) error {
		return expensestore.PhotoSeen(r.Tx, e.Subject, e.Others)
	})},
	Config: config.Section{Name: "expense", Default: func() any { return expense.Default() }, Check: func(settings any, bad func(key, cure string, args ...any)) {
		s := settings.(expense.Settings)
		for role, limit := range s.Limits {
			if _, err := money.Parse(limit, "EUR"); err != nil {
				bad("limits", "write an amount such as \"500.00\" for %s", role)
			}
		}
		if s.ClearDays <= 0 {
			bad("clear_days", "write a number above 0")
		}
	}},
}

// claimers may ask for expenses.
var claimers = []person.Role{person.Rep, person.KAM, person.Manager}

var record = &command.Record[expense.Expense]{
	Family: "expense", Ref: "expense", None: "expense_none",
	Load: command.InSight(expensestore.Expenses),
	Find: func(r *command.Request, words string) ([]expense.Expense, error) {
		if words == "" {
			return expensestore.Of(r.Tx, r.Scope, r.Who.ID, shown)
		}
		return expensestore.Find(r.Tx, r.Scope, words, shown)
	},
	Name: func(_ *command.Request, e expense.Expense) string {
		return chat.Cut(e.Number+" "+chat.OneLine(e.Purpose), 50)
	},
}

var papers = paper.Paper[expense.Expense]{
	Record: record, Noun: expensestore.Expenses, Flow: expense.Life,
	Owner: func(e expense.Expense) string { return e.PersonID },
	Covers: func(r *command.Request, p person.Person, e expense.Expense) bool {
		var roles []string
		for _, role := range p.Roles {
			roles = append(roles, string(role))
		}
		return settings(r).Covers(roles, e.Amount, r.Config.Company.Currency)
	},
	Describe: describe,
}

var family = command.Family{
	Name:    "expense",
	Default: "list",
	Verbs: append([]command.Verb{
		{Name: "list", Read: list},
		{Name: "new", Roles: claimers, Form: newForm, Object: "purpose", Save: saveNew},
		record.Show("show", card, list),
		record.Verb(command.On[expense.Expense]{Name: "voucher", Ready: mayVouch, Ask: expense.VoucherCatalogue.For(field.Ask), Do: addVoucher}),
		record.Verb(command.On[expense.Expense]{Name: "unvoucher", Ready: mayVouch, Ask: expense.VoucherCatalogue.Pick("voucher_number"), Do: dropVoucher}),
		{Name: "budgets", Roles: readers, Read: budgets},
		{Name: "budget", Roles: []person.Role{person.Finance}, Form: budgetForm, Object: "category", Save: saveBudget},
		{Name: "shift", Roles: []person.Role{person.Finance}, Form: shiftForm, Save: saveShift},
	}, papers.Verbs()...),
}

func settings(r *command.Request) expense.Settings { return config.Of[expense.Settings](r.Config) }

// mayVouch: its owner, while it is spent and not handed in.
func mayVouch(r *command.Request, e expense.Expense) error {
	switch {
	case e.PersonID != r.Who.ID:
		return fault.New(fault.Denied, "not_yours")
	case e.Status != expense.Spent:
		return fault.New(fault.Conflict, "expense_not_spent", "number", e.Number)
	}
	return nil
}

func addVoucher(r *command.Request, e expense.Expense, d form.Draft) (command.Saved, error) {
	v := expense.Voucher{ExpenseID: e.ID, DatedOn: e.SpentOn}
	if err := expense.VoucherCatalogue.Set(&v, d.Values); err != nil {
		return command.Saved{}, err
	}
	v.Photos = form.Photos(d.Values["photos"])
	if err := expensestore.AddVoucher(r.Tx, &v); err != nil {
		return command.Saved{}, err
	}
	if err := command.KeepPhotos(r, expensestore.Subject(v), v.Photos); err != nil {
		return command.Saved{}, err
	}
	return vouched(r, e.ID, "expense.voucher_added", v)
}

func dropVoucher(r *command.Request, e expense.Expense, d form.Draft) (command.Saved, error) {
	all, err := expensestore.VouchersOf(r.Tx, r.Scope, e.ID)
	if err != nil {
		return command.Saved{}, err
	}
	for _, before := range all {
		if before.Number != d.Values["voucher_number"] {
			continue
		}
		after := before
		after.Status = expense.Withdrawn
		if err := expensestore.Vouchers.Change(r.Tx, before, after); err != nil {
			return command.Saved{}, err
		}
		return vouched(r, e.ID, "expense.voucher_dropped", after)
	}
	return command.Saved{}, fault.At("voucher_number", "none_found", "query", d.Values["voucher_number"])
}

// vouched says what the vouchers of an expense come to now.
func vouched(r *command.Request, id, key string, v expense.Voucher) (command.Saved, error) {
	e, err := record.Load(r, id)
	if err != nil {
		return command.Saved{}, err
	}
	say := func(key, verb string) chat.Button {
		return command.SayButton(r.Say(key), "expense", verb+" "+record.RefOf(e))
	}
	reply := chat.Reply{Title: r.Say(key, "voucher", v.Number, "amount", r.Money(v.Amount)), Keep: true,
		Text:    r.Say("expense.vouched", "vouchers", r.Money(e.Vouchers), "amount", r.Money(e.Amount)),
		Buttons: [][]chat.Button{{say("button.voucher", "voucher"), say("button.expense.clear", "clear")}, {r.UndoButton()}}}
	return command.Saved{ID: v.ID, Reply: reply}, nil
}
