package invoicetalk

import (
	"slices"
	"strings"

	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/terms/termsstore"
)

var stepFields = invoice.Catalogue.Pick("steps_done")

// missing are the steps of the customer's payment procedure that an invoice has not taken.
func missing(r *command.Request, i invoice.Invoice) ([]string, error) {
	if i.Kind != invoice.Plain || !i.Stands() || i.Open() <= 0 {
		return nil, nil
	}
	t, err := termsstore.Of(r.Tx, i.AccountID)
	return i.Missing(t.Procedure), err
}

func fillSteps(_ *command.Request, i invoice.Invoice, _ command.Args, d *form.Draft) error {
	d.Hold(stepFields, invoice.Catalogue.Values(i))
	return nil
}

// setSteps keeps which steps were taken: those of the customer's procedure alone.
func setSteps(r *command.Request, before invoice.Invoice, d form.Draft) (command.Saved, error) {
	after := before
	if err := invoice.Catalogue.Set(&after, form.Whole(stepFields, d.Values)); err != nil {
		return command.Saved{}, err
	}
	t, err := termsstore.Of(r.Tx, before.AccountID)
	if err != nil {
		return command.Saved{}, err
	}
	for n, step := range after.StepsDone {
		i := slices.IndexFunc(t.Procedure, func(s string) bool { return strings.EqualFold(s, step) })
		if i < 0 {
			return command.Saved{}, fault.At("steps_done", "invoice_step", "step", chat.Cut(step, 40), "steps", r.Words.List(t.Procedure), "account", r.AccountOf(before.AccountID).Name)
		}
		after.StepsDone[n] = t.Procedure[i]
	}
	reply, err := keepSteps(r, before, after)
	return command.Saved{ID: after.ID, Reply: reply}, err
}

// tick takes one step.
func tick(r *command.Request, before invoice.Invoice, args []string) (chat.Reply, error) {
	after := before
	after.StepsDone = slices.Clone(before.StepsDone)
	if !slices.Contains(after.StepsDone, args[0]) {
		after.StepsDone = append(after.StepsDone, args[0])
	}
	return keepSteps(r, before, after)
}

func keepSteps(r *command.Request, before, after invoice.Invoice) (chat.Reply, error) {
	if err := invoicestore.Invoices.Change(r.Tx, before, after); err != nil {
		return chat.Reply{}, err
	}
	left, err := missing(r, after)
	return r.Done(r.Say("invoice.stepped", "number", after.Number, "done", r.Words.List(after.StepsDone), "missing", r.Words.List(left)), command.SayButton(r.Say("button.card"), "invoice", "show "+record.RefOf(after))), err
}
