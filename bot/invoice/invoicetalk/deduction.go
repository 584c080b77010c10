package invoicetalk

import (
	"strings"

	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/paper"
)

var deducted = &command.Record[invoice.Deduction]{
	Family: "deduction", Ref: "deduction", None: "deduction_none",
	Load: command.InSight(invoicestore.Deductions),
	Find: func(r *command.Request, words string) ([]invoice.Deduction, error) {
		if words == "" {
			return invoicestore.DeductionsOf(r.Tx, r.Scope, "", shown)
		}
		d, ok, err := invoicestore.DeductionByNumber(r.Tx, r.Scope, strings.ToUpper(words))
		if err != nil || ok {
			return []invoice.Deduction{d}, err
		}
		return ofAccount(r, words, invoicestore.DeductionsOf)
	},
	Name: func(r *command.Request, d invoice.Deduction) string {
		return r.Say("deduction.name", "number", d.Number, "amount", r.Money(d.Amount), "account", chat.Cut(r.AccountOf(d.AccountID).Name, 30))
	},
}

var deductionPapers = paper.Paper[invoice.Deduction]{
	Record: deducted, Noun: invoicestore.Deductions, Flow: invoice.DeductionLife,
	Owner: func(d invoice.Deduction) string { return d.OwnerID },
	Made: func(r *command.Request, _, after invoice.Deduction, _ string) error {
		return r.Happened(invoice.Changed{AccountID: after.AccountID})
	},
	Describe: func(r *command.Request, d invoice.Deduction) (string, error) {
		return r.Say("deduction.ask", "deduction", deducted.Name(r, d), "reason", d.Reason), nil
	},
}

var deductions = command.Family{
	Name:    "deduction",
	Default: "list",
	Verbs: append([]command.Verb{
		{Name: "list", Roles: readers, Read: listDeductions},
		deducted.Show("show", deductionCard, listDeductions).For(readers...),
		deducted.Verb(command.On[invoice.Deduction]{Name: "split", Roles: payers, Ready: maySplit, Ask: splitFields, Do: splitDeduction}),
	}, deductionPapers.Verbs()...),
}

var splitFields = []field.Field{{Key: "amount", Kind: field.Money, Required: true, Noun: "deductions"}, {Key: "reason", Kind: field.Text, Max: 200, Noun: "deductions"}}

func listDeductions(r *command.Request, a command.Args) (chat.Reply, error) {
	found, err := deducted.Find(r, a.Object)
	if err != nil {
		return chat.Reply{}, err
	}
	return deducted.List(r, r.Say("deduction.title"), r.Say("deduction.nothing"), found, shown, func(d invoice.Deduction) string { return deductionLine(r, d) }), nil
}

func deductionLine(r *command.Request, d invoice.Deduction) string {
	return r.Say("deduction.line", "deduction", deducted.Name(r, d), "reason", d.Reason, "state", deductionPapers.State(r, d))
}

func deductionCard(r *command.Request, d invoice.Deduction) (chat.Reply, error) {
	reply := chat.Reply{Title: deducted.Name(r, d), Fields: []chat.Line{{Label: r.Words.Label("status"), Value: deductionPapers.State(r, d)}}}
	i, ok, err := invoicestore.Invoices.In(r.Scope).ByID(r.Tx, d.InvoiceID)
	if err != nil {
		return reply, err
	}
	if ok {
		reply.Fields = append(reply.Fields, chat.Line{Label: r.Say("deduction.of"), Value: i.Number})
	}
	reply.Fields = append(reply.Fields, r.Lines(invoice.DeductionCatalogue, d, "reason", "expense_number", "contract_item")...)
	trail, err := deductionPapers.Trail(r, d)
	if err != nil {
		return reply, err
	}
	reply.Fields = append(reply.Fields, trail...)
	moves, err := deductionPapers.Buttons(r, d)
	if len(moves) > 0 {
		reply.Buttons = [][]chat.Button{moves}
	}
	return reply, err
}

func maySplit(r *command.Request, d invoice.Deduction) error {
	if !d.Unexplained() {
		return fault.New(fault.Conflict, "paper_state", "name", deducted.Name(r, d), "state", deductionPapers.State(r, d))
	}
	return command.Guard(r, invoicestore.Deductions, r.Scope, d.ID, fault.New(fault.Denied, "read_only"))
}

// splitDeduction makes two of a deduction, since the customer kept it back for two things.
func splitDeduction(r *command.Request, before invoice.Deduction, d form.Draft) (command.Saved, error) {
	part := before
	if err := invoice.DeductionCatalogue.Set(&part, d.Values); err != nil {
		return command.Saved{}, err
	}
	if part.Amount <= 0 || part.Amount >= before.Amount {
		return command.Saved{}, fault.At("amount", "deduction_split", "amount", r.Money(before.Amount))
	}
	after := before
	after.Amount -= part.Amount
	if err := invoicestore.Deductions.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	part.ID, part.Version, part.Number, part.Seq = "", 0, "", 0
	if err := invoicestore.Deduct(r.Tx, &part); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: part.ID, Reply: r.Done(r.Say("deduction.was_split", "one", deducted.Name(r, after), "other", deducted.Name(r, part)))}, nil
}
