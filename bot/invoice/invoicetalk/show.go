package invoicetalk

import (
	"cmp"
	"strings"

	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// list shows what is owed: of an account and those below it, or of all in sight, what is
// due first first; finance sees first what it has to issue.
func list(r *command.Request, a command.Args) (chat.Reply, error) {
	if a.Object != "" {
		found, err := invoicestore.Find(r.Tx, r.Scope, a.Object, 2)
		if err == nil && len(found) == 1 {
			return card(r, found[0])
		}
		if err != nil {
			return chat.Reply{}, err
		}
		place, choose, err := r.OneAccount("invoice", "list", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		open, err := invoicestore.OpenOf(r.Tx, r.Scope, place.AccountID, 4*shown)
		if err != nil {
			return chat.Reply{}, err
		}
		return table(r, r.Say("invoice.of", "account", place.AccountName), place.AccountID, open), nil
	}
	title := r.Say("invoice.open")
	var open []invoice.Invoice
	var err error
	if r.Who.Is(person.Finance) {
		open, err = invoicestore.RequestedBy(r.Tx, r.Scope, shown)
	}
	if len(open) > 0 {
		title = r.Say("invoice.to_issue", "n", len(open))
	} else if err == nil {
		open, err = invoicestore.OpenOf(r.Tx, r.Scope, "", shown+1)
	}
	if err != nil {
		return chat.Reply{}, err
	}
	return table(r, title, "", open), nil
}

// table is invoices, a line each, and what can be done about an account's.
func table(r *command.Request, title, accountID string, open []invoice.Invoice) chat.Reply {
	reply := record.List(r, title, r.Say("invoice.nothing_open"), open, shown, func(i invoice.Invoice) string { return line(r, i) })
	total := int64(0)
	for _, i := range open {
		total += i.Open()
	}
	if accountID == "" {
		return reply
	}
	if total > 0 {
		reply.Text += "\n" + r.Say("invoice.sum", "amount", r.Money(total))
	}
	reply.Buttons = append(reply.Buttons, accountButtons(r, accountID))
	return reply
}

// accountButtons are what can be done about what an account owes, by whom it may.
func accountButtons(r *command.Request, accountID string) []chat.Button {
	code := r.AccountOf(accountID).Code
	var out []chat.Button
	if r.May(chasers) {
		out = append(out, command.SayButton(r.Say("button.promise"), "promise", "new "+code))
	}
	if r.May(payers) {
		out = append(out, command.SayButton(r.Say("button.pay"), "pay", "new "+code))
	}
	return append(out, command.SayButton(r.Say("button.ageing"), "ageing", "show "+code))
}

// line is an invoice in a line: number, what is open of it, how late it is.
func line(r *command.Request, i invoice.Invoice) string {
	return r.Say("invoice.line", "number", i.Number, "account", r.AccountOf(i.AccountID).Name, "open", r.Money(i.Open()), "amount", r.Money(i.Amount), "part", i.Open() != i.Amount && i.Stands(),
		"requested", i.Status == invoice.Requested, "due", cmp.Or(i.NextDueOn, i.DueOn), "late", late(r, i), "disputed", i.Disputed, "red", i.Kind == invoice.RedLetter)
}

// late is for how many days something of an invoice should have been paid.
func late(r *command.Request, i invoice.Invoice) int {
	if i.NextDueOn == "" {
		return 0
	}
	return max(0, r.Words.Today(r.Tx.Now).Sub(i.NextDueOn))
}

// card is everything of an invoice, with what can be done with it now.
func card(r *command.Request, i invoice.Invoice) (chat.Reply, error) {
	reply := chat.Reply{Title: record.Name(r, i)}
	add := func(label, value string) {
		if value != "" {
			reply.Fields = append(reply.Fields, chat.Line{Label: label, Value: value})
		}
	}
	label := func(key string) string { return r.Words.Field(invoice.Catalogue.Pick(key)[0]) }
	state := papers.State(r, i)
	if n := late(r, i); n > 0 {
		state += " · " + r.Say("invoice.late", "n", n)
	}
	if i.Disputed {
		state += " · ⚠️ " + r.Say("invoice.in_dispute")
	}
	add(r.Words.Label("status"), state)
	if i.Stands() && i.Open() != i.Amount {
		add(label("open"), r.Money(i.Open()))
	}
	reply.Fields = append(reply.Fields, r.Lines(invoice.Catalogue, i, "amount", "issued_on", "due_on", "order_number", "receipt_numbers", "corrects", "reason")...)
	add(label("instalments"), parts(r, i))
	add(label("collector"), r.Name(i.CollectorID))
	if i.PayBy != "" {
		add(label("pay_by"), r.Words.Day(i.PayBy))
	}
	claims, err := invoicestore.ClaimsOn(r.Tx, i)
	if err != nil {
		return reply, err
	}
	var lines []string
	for _, c := range claims {
		lines = append(lines, r.Say("invoice.claim", "source", c.Source, "name", c.Name, "amount", r.Money(c.Amount), "on", c.On))
	}
	add(r.Say("invoice.settled"), strings.Join(lines, "\n"))
	left, err := missing(r, i)
	if err != nil {
		return reply, err
	}
	add(label("steps_done"), r.Words.List(i.StepsDone))
	add(r.Say("invoice.missing"), r.Words.List(left))
	found, err := flags(r, i)
	if err != nil {
		return reply, err
	}
	add(r.Say("invoice.flags"), mismatches(r, found, true))
	moves, err := papers.Buttons(r, i)
	if mayDispute(false)(r, i) == nil && r.May(append([]person.Role{person.Finance}, chasers...)) {
		moves = append(moves, command.SayButton(r.Say("button.dispute"), "invoice", "dispute "+record.RefOf(i)))
	}
	if len(left) > 0 && r.May(append([]person.Role{person.Finance}, chasers...)) {
		moves = append(moves, chat.Button{Label: "✓ " + chat.Cut(left[0], 40), Do: &chat.Do{Action: "invoice.step", Args: []string{i.ID, left[0]}, Acts: true}})
	}
	for _, b := range [][]chat.Button{moves, accountButtons(r, i.AccountID)} {
		if len(b) > 0 {
			reply.Buttons = append(reply.Buttons, b)
		}
	}
	return reply, err
}

func parts(r *command.Request, i invoice.Invoice) string {
	var out []string
	for _, p := range i.Parts() {
		if len(i.Instalments) > 0 {
			out = append(out, r.Words.Day(p.DueOn)+" "+r.Money(p.Amount))
		}
	}
	return strings.Join(out, "\n")
}
