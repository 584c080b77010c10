package expensetalk

import (
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/expense"
	"fieldbot/bot/expense/expensestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

const shown = 10

// list shows the person's expenses that are not ended; finance sees what waits to
// be settled.
func list(r *command.Request, a command.Args) (chat.Reply, error) {
	if a.Object != "" {
		e, choose, err := record.One(r, "show", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		return card(r, e)
	}
	title := "expense.mine"
	found, err := expensestore.Of(r.Tx, r.Scope, r.Who.ID, shown)
	if err == nil && len(found) == 0 && r.Who.Is(person.Finance) {
		title = "expense.to_settle"
		found, err = expensestore.In(r.Tx, r.Scope, expense.Passing, shown)
	}
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say(title, "n", len(found))}
	var lines []string
	for _, e := range found {
		lines = append(lines, "· "+line(r, e))
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(record.Name(r, e), "expense", "show "+record.RefOf(e))})
	}
	if r.Who.Is(claimers...) {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.expense_new"), "expense", "new")})
	}
	reply.Text = strings.Join(lines, "\n")
	return reply, nil
}

func line(r *command.Request, e expense.Expense) string {
	return r.Say("expense.line", "number", e.Number, "purpose", chat.Cut(chat.OneLine(e.Purpose), 60), "amount", r.Money(e.Amount), "state", papers.State(r, e))
}

// accountName is the customer that an expense is for, or "".
func accountName(r *command.Request, e expense.Expense) (string, error) {
	if e.AccountID == "" {
		return "", nil
	}
	a, _, err := accountstore.Accounts.In(access.System("the customer of an expense in sight")).ByID(r.Tx, e.AccountID)
	return a.Name, err
}

// card is everything of an expense, with what can be done with it now.
func card(r *command.Request, e expense.Expense) (chat.Reply, error) {
	reply := chat.Reply{Title: r.Say("expense.card", "number", e.Number, "purpose", e.Purpose)}
	add := func(label, value string) {
		if value != "" {
			reply.Fields = append(reply.Fields, chat.Line{Label: label, Value: value})
		}
	}
	add(r.Words.Label("status"), papers.State(r, e))
	if e.Over > 0 && e.Status == expense.Draft {
		add("⚠️", r.Say("expense.over", "over", r.Money(e.Over), "passed", e.Passed))
	}
	if e.Doubted {
		add("⚠️", r.Say("expense.photo_again"))
	}
	label := func(key string) string { return r.Words.Field(expense.Catalogue.Pick(key)[0]) }
	add(label("person"), r.Name(e.PersonID))
	customer, err := accountName(r, e)
	if err != nil {
		return reply, err
	}
	add(label("account_code"), customer)
	reply.Fields = append(reply.Fields, r.Lines(expense.Catalogue, e, "amount", "category", "spent_on", "pay_kind")...)
	if err := addBearers(r, e, add); err != nil {
		return reply, err
	}
	if err := addVouchers(r, e, add); err != nil {
		return reply, err
	}
	trail, err := papers.Trail(r, e)
	if err != nil {
		return reply, err
	}
	reply.Fields = append(reply.Fields, trail...)
	moves, err := papers.Buttons(r, e)
	if mayVouch(r, e) == nil {
		moves = append([]chat.Button{command.SayButton(r.Say("button.voucher"), "expense", "voucher "+record.RefOf(e))}, moves...)
	}
	if len(moves) > 0 {
		reply.Buttons = [][]chat.Button{moves}
	}
	return reply, err
}

// addBearers adds which budgets bear an expense, as far as they are in sight.
func addBearers(r *command.Request, e expense.Expense, add func(label, value string)) error {
	shares, err := expensestore.SharesOf(r.Tx, r.Scope, e.ID)
	if err != nil {
		return err
	}
	var lines []string
	for _, s := range shares {
		b, ok, err := expensestore.Budgets.In(r.Scope).ByID(r.Tx, s.BudgetID)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		name, err := budgetName(r, b)
		if err != nil {
			return err
		}
		left, err := expensestore.Left(r.Tx, b, e.SpentOn)
		if err != nil {
			return err
		}
		lines = append(lines, r.Say("expense.share", "budget", name, "percent", s.Percent, "amount", r.Money(s.Amount), "left", r.Money(left)))
	}
	add(r.Words.Field(field.Field{Key: "shares", Noun: "expenses"}), strings.Join(lines, "\n"))
	return nil
}

func addVouchers(r *command.Request, e expense.Expense, add func(label, value string)) error {
	vouchers, err := expensestore.VouchersOf(r.Tx, r.Scope, e.ID)
	if err != nil || len(vouchers) == 0 {
		return err
	}
	var lines []string
	for _, v := range vouchers {
		text := r.Say("expense.voucher", "voucher", v.Number, "amount", r.Money(v.Amount), "day", v.DatedOn)
		if v.Again {
			text += " ⚠️"
		}
		lines = append(lines, text)
	}
	add(r.Say("expense.vouchers"), strings.Join(append(lines, r.Say("expense.vouched", "vouchers", r.Money(e.Vouchers), "amount", r.Money(e.Amount))), "\n"))
	return nil
}

// warnDays is how many days before the last day to hand in vouchers their owner
// hears of it, and from then on each morning.
const warnDays = 7

// waits: vouchers that are soon or already due, in the morning of who spent it;
// what has passed waits for finance to settle it.
func waits(r *command.Request, d remind.Digest) ([]command.Section, error) {
	if d != remind.Morning {
		return nil, nil
	}
	today, days := r.Words.Today(r.Tx.Now), settings(r).ClearDays
	late, err := expensestore.ToClear(r.Tx, r.Scope, r.Who.ID, today.Add(warnDays-days))
	if err != nil {
		return nil, err
	}
	out := []command.Section{{Title: r.Say("expense.to_clear", "n", len(late))}}
	for _, e := range late {
		out[0].Items = append(out[0].Items, item(r, e, r.Say("expense.clear_by", "day", e.ClearBy(days), "late", max(0, today.Sub(e.ClearBy(days)))), "button.voucher", "voucher"))
	}
	if !r.Who.Is(person.Finance) {
		return out, nil
	}
	passed, err := expensestore.In(r.Tx, r.Scope, expense.Passing, 25)
	settle := command.Section{Title: r.Say("expense.to_settle", "n", len(passed))}
	for _, e := range passed {
		settle.Items = append(settle.Items, item(r, e, r.Money(e.Cleared), "button.expense.settle", "settle"))
	}
	return append(out, settle), err
}

func item(r *command.Request, e expense.Expense, what, label, verb string) command.Item {
	return command.Item{Subject: record.RefOf(e), Label: record.Name(r, e), Line: "· " + record.Name(r, e) + " — " + what,
		Act: []chat.Button{command.SayButton(r.Say(label)+" "+e.Number, "expense", verb+" "+record.RefOf(e))}}
}
