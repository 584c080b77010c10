package invoicetalk

import (
	"errors"
	"strings"

	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

var promises = command.Family{
	Name:    "promise",
	Default: "new",
	Verbs: []command.Verb{
		{Name: "new", Roles: chasers, Form: promiseForm, Object: "account_code", Behind: []string{"amount", "promised_on"}, Save: savePromise},
		{Name: "list", Roles: readers, Read: listPromises},
	},
}

var promiseForm = form.Form{Name: "promise.new", Fields: invoice.PromiseCatalogue.Pick("account_code", "amount", "promised_on", "by", "invoice_number")}

// savePromise keeps what a customer said it would pay.
func savePromise(r *command.Request, d form.Draft) (command.Saved, error) {
	p := invoice.Promise{PersonID: r.Who.ID, MadeOn: r.Words.Today(r.Said), Status: invoice.Promised}
	if err := invoice.PromiseCatalogue.Set(&p, d.Values); err != nil {
		return command.Saved{}, err
	}
	switch {
	case p.Amount <= 0:
		return command.Saved{}, fault.At("amount", "invoice_amount")
	case p.PromisedOn < p.MadeOn:
		return command.Saved{}, fault.At("promised_on", "due_past", "day", p.PromisedOn)
	}
	if number := d.Values["invoice_number"]; number != "" {
		i, ok, err := invoicestore.ByNumber(r.Tx, r.Scope, number)
		if err == nil && (!ok || i.AccountID != p.AccountID) {
			err = fault.At("invoice_number", "invoice_none", "query", chat.Cut(number, 40))
		}
		if err != nil {
			return command.Saved{}, err
		}
		p.InvoiceID = i.ID
	}
	if err := invoicestore.Promises.Add(r.Tx, &p); err != nil {
		return command.Saved{}, err
	}
	if err := command.Guard(r, invoicestore.Promises, r.Scope, p.ID, fault.New(fault.Denied, "read_only")); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: p.ID, Reply: r.Done(r.Say("promise.saved", "promise", promiseLine(r, p)))}, nil
}

func promiseLine(r *command.Request, p invoice.Promise) string {
	status, _ := invoice.PromiseCatalogue.Get("status")
	return r.Say("promise.line", "account", r.AccountOf(p.AccountID).Name, "amount", r.Money(p.Amount), "on", p.PromisedOn, "who", p.Who, "state", r.Words.Option(status, p.Status))
}

func listPromises(r *command.Request, a command.Args) (chat.Reply, error) {
	accountID, status := "", invoice.Promised
	if a.Object != "" {
		place, choose, err := r.OneAccount("promise", "list", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		accountID, status = place.AccountID, ""
	}
	found, err := invoicestore.PromisesOf(r.Tx, r.Scope, accountID, status, shown)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("promise.title"), Text: r.Say("promise.nothing")}
	if len(found) > 0 {
		reply.Text = strings.Join(command.Listed(r, found, shown, len(found), func(p invoice.Promise) string { return promiseLine(r, p) }), "\n")
	}
	if r.May(chasers) {
		reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.promise"), "promise", "new")}}
	}
	return reply, nil
}

// promisesOf notes which promises of an account have been kept, or broken by now.
func promisesOf(r *command.Request, accountID string) error {
	open, err := invoicestore.PromisesOf(r.Tx, access.System("promises that money keeps"), accountID, invoice.Promised, 100)
	for _, p := range open {
		err = errors.Join(err, became(r, p))
	}
	return err
}

func became(r *command.Request, p invoice.Promise) error {
	today := r.Words.Today(r.Tx.Now)
	came, err := invoicestore.CameSince(r.Tx, p.AccountID, p.MadeOn, p.PromisedOn)
	if err != nil {
		return err
	}
	after := p
	if after.Status = p.Became(came, today); after.Status == p.Status {
		return nil
	}
	return r.Tx.Unasked(func() error { return invoicestore.Promises.Change(r.Tx, p, after) })
}

// promisesTick breaks the promises whose day is over. The request is the system's.
func promisesTick(r *command.Request) error {
	due, err := invoicestore.PromisesDue(r.Tx, r.Scope, r.Words.Today(r.Tx.Now))
	for _, p := range due {
		err = errors.Join(err, r.Tx.Try(func() error { return became(r, p) }))
	}
	return err
}
