// Package invoicetalk is what people say and press about money: invoices, payments, what
// is promised and kept back, and how old what is owed is.
package invoicetalk

import (
	"cmp"
	"embed"

	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/paper"
	"fieldbot/bot/terms/termsstore"
	"fieldbot/store"
)

//go:embed words sentences
var words embed.FS

// Module is what customers owe.
var Module = command.Module{
	Name:     "invoice",
	Words:    words,
	Families: []command.Family{invoices, payments, promises, deductions, statements, ageings},
	Files:    fileKinds, Demo: fillDemo,
	Digest: waits, Brief: brief, Card: onCard,
	Asks:    deductionPapers.Asks(),
	Jobs:    []func(*command.Request) error{promisesTick},
	Makes:   map[string]func(*command.Request, []string) ([]byte, error){"ageing": drawAgeing, "statement": makeStatement, "request": makeSheet},
	Reports: []command.Report{{Name: "ageing", Roles: readers, Takes: ageingTakes, Read: showAgeing}},
}

// chasers answer for accounts; readers may read what those owe.
var (
	chasers = []person.Role{person.KAM, person.Manager}
	readers = []person.Role{person.Rep, person.KAM, person.Manager, person.Finance, person.Analyst}
	payers  = []person.Role{person.Finance}
)

const shown = 10

var record = &command.Record[invoice.Invoice]{
	Family: "invoice", Ref: "invoice", None: "invoice_none",
	Load: command.InSight(invoicestore.Invoices),
	Find: func(r *command.Request, words string) ([]invoice.Invoice, error) {
		if words == "" {
			return invoicestore.OpenOf(r.Tx, r.Scope, "", shown)
		}
		found, err := invoicestore.Find(r.Tx, r.Scope, words, shown)
		if err != nil || len(found) > 0 {
			return found, err
		}
		return ofAccount(r, words, invoicestore.OpenOf)
	},
	Name: func(r *command.Request, i invoice.Invoice) string {
		return chat.Cut(i.Number+" "+r.AccountOf(i.AccountID).Name, 50)
	},
}

// ofAccount are the papers of the account that words name; none where they may name
// several.
func ofAccount[T any](r *command.Request, words string, of func(tx *store.Tx, scope access.Scope, accountID string, limit int) ([]T, error)) ([]T, error) {
	place, choose, err := r.OneAccount("invoice", "list", command.Args{Object: words})
	if err != nil || choose != nil {
		return nil, err
	}
	return of(r.Tx, r.Scope, place.AccountID, shown)
}

var papers = paper.Paper[invoice.Invoice]{
	Record: record, Noun: invoicestore.Invoices, Flow: invoice.Life,
	Owner: func(i invoice.Invoice) string { return i.OwnerID },
	Made: func(r *command.Request, _, after invoice.Invoice, move string) error {
		if move == "issue" && after.DueOn == "" {
			if err := dueByGoods(r, after); err != nil {
				return err
			}
		}
		return r.Happened(invoice.Changed{AccountID: after.AccountID})
	},
}

var invoices = command.Family{
	Name:    "invoice",
	Default: "list",
	Verbs: append([]command.Verb{
		{Name: "list", Roles: readers, Read: list},
		record.Show("show", card, list).For(readers...),
		ordered.Show("may", mayInvoice, nil),
		ordered.Verb(command.On[order.Order]{Name: "request", Roles: chasers, Ready: mayRequest, Do: request}),
		{Name: "new", Roles: payers, Form: newForm, Object: "account_code", Save: saveNew},
		record.Verb(command.On[invoice.Invoice]{Name: "correct", Roles: payers, Ready: mayCorrect, Ask: correctFields, Do: correct}),
		record.Verb(command.On[invoice.Invoice]{Name: "dispute", Roles: append([]person.Role{person.Finance}, chasers...), Ready: mayDispute(false), Ask: disputeFields, Do: setDisputed(true)}),
		record.Verb(command.On[invoice.Invoice]{Name: "settle_dispute", Roles: append([]person.Role{person.Finance}, chasers...), Ready: mayDispute(true), Do: setDisputed(false)}),
		record.Verb(command.On[invoice.Invoice]{Name: "collector", Roles: append([]person.Role{person.Finance}, chasers...), Ready: mayChase, Ask: collectorFields, Fill: fillCollector, Do: setCollector}),
		record.Verb(command.On[invoice.Invoice]{Name: "steps", Roles: append([]person.Role{person.Finance}, chasers...), Ready: mayChase, Ask: stepFields, Fill: fillSteps, Do: setSteps}),
	}, papers.Verbs()...),
	Buttons: []command.Button{record.Press("invoice.step", append([]person.Role{person.Finance}, chasers...), mayChase, tick)},
}

var (
	newForm         = form.Form{Name: "invoice.new", Fields: field.Required(invoice.Catalogue.Pick("account_code", "number", "amount", "issued_on", "due_on", "order_number", "receipt_numbers"), "amount")}
	correctFields   = field.Required(invoice.Catalogue.Pick("number", "amount", "reason", "goods_back", "issued_on"), "number", "amount", "reason")
	disputeFields   = field.Required(invoice.Catalogue.Pick("reason"), "reason")
	collectorFields = field.Required(invoice.Catalogue.Pick("collector", "pay_by"), "collector")
)

// owed is the fault of an invoice of which nothing is owed.
func owed(r *command.Request, i invoice.Invoice) error {
	if i.Kind != invoice.Plain || !i.Stands() || i.Status == invoice.BadDebt {
		return fault.New(fault.Conflict, "paper_state", "name", record.Name(r, i), "state", papers.State(r, i))
	}
	return command.Guard(r, invoicestore.Invoices, r.Scope, i.ID, fault.New(fault.Denied, "read_only"))
}

func mayCorrect(r *command.Request, i invoice.Invoice) error { return owed(r, i) }

func mayChase(r *command.Request, i invoice.Invoice) error {
	if err := owed(r, i); err != nil {
		return err
	}
	if i.Open() <= 0 {
		return fault.New(fault.Conflict, "invoice_paid", "number", i.Number)
	}
	return nil
}

func mayDispute(is bool) func(r *command.Request, i invoice.Invoice) error {
	return func(r *command.Request, i invoice.Invoice) error {
		if i.Disputed != is {
			return fault.New(fault.Conflict, "invoice_disputed", "number", i.Number, "disputed", i.Disputed)
		}
		return mayChase(r, i)
	}
}

// saveNew keeps an invoice that was issued. What it lacks of days follows from the terms
// of its account.
func saveNew(r *command.Request, d form.Draft) (command.Saved, error) {
	i := invoice.Invoice{Kind: invoice.Plain}
	if err := invoice.Catalogue.Set(&i, d.Values); err != nil {
		return command.Saved{}, err
	}
	return issueNow(r, i)
}

func issueNow(r *command.Request, i invoice.Invoice) (command.Saved, error) {
	today := r.Words.Today(r.Said)
	i.IssuedOn = cmp.Or(i.IssuedOn, today)
	if err := dated(r, &i); err != nil {
		return command.Saved{}, err
	}
	if err := i.Check(today); err != nil {
		return command.Saved{}, err
	}
	if err := invoicestore.Issue(r.Tx, &i); err != nil {
		return command.Saved{}, err
	}
	i, err := record.Load(r, i.ID)
	if err == nil {
		err = r.Happened(invoice.Changed{AccountID: i.AccountID})
	}
	if err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: i.ID, Reply: r.Done(r.Say("invoice.issued", "invoice", line(r, i)), command.SayButton(r.Say("button.card"), "invoice", "show "+record.RefOf(i)))}, nil
}

// dated gives an invoice what follows from its account: who answers for it, and when it is
// due.
func dated(r *command.Request, i *invoice.Invoice) error {
	i.OwnerID = cmp.Or(i.OwnerID, r.AccountOf(i.AccountID).OwnerID)
	t, err := termsstore.Of(r.Tx, i.AccountID)
	if i.DueOn == "" {
		i.DueOn = t.Due("", i.IssuedOn)
	}
	return err
}

// dueByGoods gives an invoice that was asked for its due day: by the account's terms, from
// the day that the last of its goods came.
func dueByGoods(r *command.Request, before invoice.Invoice) error {
	after := before
	came := calendar.Day("")
	if o, ok, err := orderstore.ByNumber(r.Tx, access.System("the order of an invoice"), before.AccountID, before.OrderNumber); err != nil {
		return err
	} else if ok {
		sent, err := orderstore.DeliveriesOf(r.Tx, access.System("the goods of an invoice"), o.ID)
		if err != nil {
			return err
		}
		for _, d := range sent {
			came = max(came, d.DeliveredOn)
		}
	}
	t, err := termsstore.Of(r.Tx, before.AccountID)
	if err != nil {
		return err
	}
	after.DueOn = t.Due(came, before.IssuedOn)
	return invoicestore.Invoices.Change(r.Tx, before, after)
}

// correct keeps a red letter for an invoice: it closes what is open of it, and the rest is
// applied to nothing.
func correct(r *command.Request, i invoice.Invoice, d form.Draft) (command.Saved, error) {
	red := invoice.Invoice{Kind: invoice.RedLetter, AccountID: i.AccountID, StoreID: i.StoreID, OwnerID: i.OwnerID, OrderNumber: i.OrderNumber, Corrects: i.Number, Reason: d.Values["reason"]}
	if err := invoice.Catalogue.Set(&red, d.Values); err != nil {
		return command.Saved{}, err
	}
	if red.Amount > i.Amount {
		return command.Saved{}, fault.At("amount", "invoice_red_large", "amount", r.Money(i.Amount), "number", i.Number)
	}
	red.Amount = -red.Amount
	red.IssuedOn = cmp.Or(red.IssuedOn, r.Words.Today(r.Said))
	red.DueOn = red.IssuedOn
	return issueNow(r, red)
}

func setDisputed(disputed bool) func(r *command.Request, before invoice.Invoice, d form.Draft) (command.Saved, error) {
	return func(r *command.Request, before invoice.Invoice, d form.Draft) (command.Saved, error) {
		after := before
		after.Disputed, after.Reason = disputed, d.Values["reason"]
		return changed(r, before, after, r.Say("invoice.disputed", "name", record.Name(r, after), "disputed", disputed, "reason", after.Reason))
	}
}

func fillCollector(_ *command.Request, i invoice.Invoice, _ command.Args, d *form.Draft) error {
	d.Hold(collectorFields, invoice.Catalogue.Values(i))
	return nil
}

func setCollector(r *command.Request, before invoice.Invoice, d form.Draft) (command.Saved, error) {
	after := before
	if err := invoice.Catalogue.Set(&after, form.Whole(collectorFields, d.Values)); err != nil {
		return command.Saved{}, err
	}
	return changed(r, before, after, r.Say("invoice.collected", "name", record.Name(r, after), "who", r.Name(after.CollectorID), "by", after.PayBy))
}

func changed(r *command.Request, before, after invoice.Invoice, text string) (command.Saved, error) {
	err := invoicestore.Invoices.Change(r.Tx, before, after)
	if err == nil {
		err = r.Happened(invoice.Changed{AccountID: after.AccountID})
	}
	if err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: after.ID, Reply: r.Done(text, command.SayButton(r.Say("button.card"), "invoice", "show "+record.RefOf(after)))}, nil
}
