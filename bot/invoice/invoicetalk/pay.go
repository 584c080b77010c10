package invoicetalk

import (
	"cmp"
	"slices"
	"strings"

	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/paper"
)

var paid = &command.Record[invoice.Payment]{
	Family: "pay", Ref: "payment", None: "payment_none",
	Load: command.InSight(invoicestore.Payments),
	Find: func(r *command.Request, words string) ([]invoice.Payment, error) {
		if words == "" {
			return invoicestore.PaymentsOf(r.Tx, r.Scope, "", shown)
		}
		found, err := invoicestore.FindPayments(r.Tx, r.Scope, words, shown)
		if err != nil || len(found) > 0 {
			return found, err
		}
		return ofAccount(r, words, invoicestore.PaymentsOf)
	},
	Name: func(r *command.Request, p invoice.Payment) string {
		return r.Say("payment.name", "number", p.Number, "amount", r.Money(p.Amount), "account", chat.Cut(r.AccountOf(p.AccountID).Name, 30))
	},
}

var paymentPapers = paper.Paper[invoice.Payment]{
	Record: paid, Noun: invoicestore.Payments, Flow: invoice.PaymentLife,
	Owner: func(invoice.Payment) string { return "" },
	Made: func(r *command.Request, _, after invoice.Payment, _ string) error {
		return r.Happened(invoice.Changed{AccountID: after.AccountID})
	},
}

var payments = command.Family{
	Name:    "pay",
	Default: "new",
	Verbs: append([]command.Verb{
		{Name: "new", Roles: payers, Form: payForm, Object: "account_code", Behind: []string{"amount", "paid_on"}, Save: savePayment},
		{Name: "list", Roles: readers, Read: listPayments},
		paid.Show("show", paymentCard, listPayments).For(readers...),
		paid.Verb(command.On[invoice.Payment]{Name: "apply", Roles: payers, Ready: mayApply, Ask: applyFields, Do: apply}),
	}, paymentPapers.Verbs()...),
}

var (
	payForm     = form.Form{Name: "pay.new", Fields: invoice.PaymentCatalogue.Pick("account_code", "amount", "paid_on", "allocations", "kept", "spread", "method", "reference")}
	applyFields = field.Required(invoice.PaymentCatalogue.Pick("allocations"), "allocations")
)

// savePayment keeps money that came. What it is paid for is said, or proposed, what is due
// first first, and confirmed; the rest is an advance.
func savePayment(r *command.Request, d form.Draft) (command.Saved, error) {
	p := invoice.Payment{}
	values := d.Values
	if err := invoice.PaymentCatalogue.Without("allocations").Set(&p, values); err != nil {
		return command.Saved{}, err
	}
	today := r.Words.Today(r.Said)
	p.PaidOn = cmp.Or(p.PaidOn, today)
	if p.Amount <= 0 {
		return command.Saved{}, fault.At("amount", "invoice_amount")
	}
	kept, err := invoice.KeptBacks(split(values["kept"]), r.Config.Company.Currency)
	if err != nil {
		return command.Saved{}, err
	}
	keptSum := int64(0)
	for _, k := range kept {
		keptSum += k.Amount
	}
	open, err := invoicestore.OpenOf(r.Tx, access.System("what a payment may be for"), p.AccountID, 500)
	if err != nil {
		return command.Saved{}, err
	}
	share := invoice.OldestFirst
	if values["spread"] == invoice.Proportion {
		share = invoice.Proportional
	}
	shares, err := sharesFor(r, open, split(values["allocations"]), p.Amount, keptSum, share)
	if err != nil {
		return command.Saved{}, err
	}
	keeps, shares := keepFrom(open, shares, kept)
	if err := p.Allocate(shares, r.Config.Company.Currency); err != nil {
		return command.Saved{}, err
	}
	if values["allocations"] == "" && len(shares) > 0 && !d.Doubted {
		return command.Saved{}, &command.Confirm{Field: "allocations", Yes: r.Say("button.is_right"), Text: r.Say("payment.propose", "spread", values["spread"], "shares", sharesText(r, shares), "advance", r.MoneyIfAny(p.Amount-sum(shares)))}
	}
	if err := invoicestore.Pay(r.Tx, &p); err != nil {
		return command.Saved{}, err
	}
	for _, k := range keeps {
		k.AccountID, k.PaymentID, k.DeductedOn = p.AccountID, p.ID, p.PaidOn
		k.OwnerID = r.AccountOf(p.AccountID).OwnerID
		if err := invoicestore.Deduct(r.Tx, &k); err != nil {
			return command.Saved{}, err
		}
	}
	if err := promisesOf(r, p.AccountID); err != nil {
		return command.Saved{}, err
	}
	return savedPayment(r, p.ID, int64(len(keeps)))
}

func split(list string) []string {
	return slices.DeleteFunc(strings.Split(list, ";"), func(s string) bool { return strings.TrimSpace(s) == "" })
}

func sum(shares []invoice.Share) (total int64) {
	for _, s := range shares {
		total += s.Amount
	}
	return total
}

// sharesFor are what a payment is paid for: what was said, checked against what is open, or
// the oldest first. What was kept back reaches further than the money.
func sharesFor(r *command.Request, open []invoice.Invoice, said []string, amount, kept int64, share func(int64, []invoice.Invoice) ([]invoice.Share, int64)) ([]invoice.Share, error) {
	if len(said) == 0 {
		shares, _ := share(amount+kept, open)
		return shares, nil
	}
	shares, err := invoice.ReadShares(said, r.Config.Company.Currency)
	if err != nil {
		return nil, err
	}
	left := amount + kept
	for k, s := range shares {
		at := slices.IndexFunc(open, func(i invoice.Invoice) bool { return strings.HasSuffix(i.Number, strings.ToUpper(s.Number)) })
		if at < 0 {
			return nil, fault.At("allocations", "payment_unknown", "number", chat.Cut(s.Number, 40), "near", near(r, open, s, amount))
		}
		shares[k].Number = open[at].Number
		if s.Amount == 0 {
			shares[k].Amount = min(left, open[at].Open())
		}
		if shares[k].Amount > open[at].Open() {
			return nil, fault.At("allocations", "allocation_open", "number", open[at].Number, "open", r.Money(open[at].Open()))
		}
		left -= shares[k].Amount
	}
	return shares, nil
}

// near are the open invoices that a number or an amount may mean.
func near(r *command.Request, open []invoice.Invoice, s invoice.Share, amount int64) string {
	var out []string
	for _, i := range open {
		like := len(s.Number) >= 3 && strings.Contains(i.Number, s.Number[len(s.Number)-3:])
		if (like || i.Open() == s.Amount || i.Open() == amount) && len(out) < 3 {
			out = append(out, i.Number+" ("+r.Money(i.Open())+")")
		}
	}
	return r.Words.List(out)
}

// keepFrom puts what was kept back onto the invoices that the payment is for, the largest
// share first, and takes it off the money told to them.
func keepFrom(open []invoice.Invoice, shares []invoice.Share, kept []invoice.KeptBack) (keeps []invoice.Deduction, rest []invoice.Share) {
	rest = slices.Clone(shares)
	for _, k := range kept {
		for i := range rest {
			at := slices.IndexFunc(open, func(o invoice.Invoice) bool { return o.Number == rest[i].Number })
			if take := min(k.Amount, rest[i].Amount); take == k.Amount {
				keeps = append(keeps, invoice.Deduction{InvoiceID: open[at].ID, Amount: k.Amount, Reason: k.Reason})
				rest[i].Amount -= take
				break
			}
		}
	}
	return keeps, slices.DeleteFunc(rest, func(s invoice.Share) bool { return s.Amount == 0 })
}

func sharesText(r *command.Request, shares []invoice.Share) string {
	var lines []string
	for _, s := range shares[:min(shown, len(shares))] {
		lines = append(lines, "· "+r.Say("payment.share", "number", s.Number, "amount", r.Money(s.Amount)))
	}
	if more := len(shares) - shown; more > 0 {
		lines = append(lines, r.Say("list.more_things", "n", more))
	}
	return strings.Join(lines, "\n")
}

func savedPayment(r *command.Request, id string, kept int64) (command.Saved, error) {
	p, err := paid.Load(r, id)
	if err == nil {
		err = r.Happened(invoice.Changed{AccountID: p.AccountID})
	}
	if err != nil {
		return command.Saved{}, err
	}
	still, err := invoicestore.OpenOf(r.Tx, r.Scope, p.AccountID, 500)
	if err != nil {
		return command.Saved{}, err
	}
	left := int64(0)
	for _, i := range still {
		left += i.Open()
	}
	buttons := []chat.Button{command.SayButton(r.Say("button.card"), "pay", "show "+paid.RefOf(p))}
	if kept > 0 {
		buttons = append(buttons, command.SayButton(r.Say("button.deductions"), "deduction", "list "+r.AccountOf(p.AccountID).Code))
	}
	return command.Saved{ID: p.ID, Reply: r.Done(r.Say("payment.saved", "payment", paid.Name(r, p), "advance", r.MoneyIfAny(p.Unallocated()), "kept", kept, "open", r.MoneyIfAny(left)), buttons...)}, nil
}

func listPayments(r *command.Request, a command.Args) (chat.Reply, error) {
	found, err := paid.Find(r, a.Object)
	if err != nil {
		return chat.Reply{}, err
	}
	return paid.List(r, r.Say("payment.title"), r.Say("payment.nothing"), found, shown, func(p invoice.Payment) string { return paymentLine(r, p) }), nil
}

func paymentLine(r *command.Request, p invoice.Payment) string {
	return r.Say("payment.line", "payment", paid.Name(r, p), "on", p.PaidOn, "advance", r.MoneyIfAny(p.Unallocated()))
}

func paymentCard(r *command.Request, p invoice.Payment) (chat.Reply, error) {
	reply := chat.Reply{Title: paid.Name(r, p), Fields: []chat.Line{{Label: r.Words.Label("status"), Value: paymentPapers.State(r, p)}}}
	reply.Fields = append(reply.Fields, r.Lines(invoice.PaymentCatalogue, p, "paid_on", "method", "reference")...)
	if shares := p.Shares(); len(shares) > 0 {
		reply.Fields = append(reply.Fields, chat.Line{Label: r.Words.Field(applyFields[0]), Value: sharesText(r, shares)})
	}
	if rest := p.Unallocated(); rest > 0 && p.Status == invoice.Received {
		reply.Fields = append(reply.Fields, chat.Line{Label: r.Say("payment.unapplied"), Value: r.Money(rest)})
	}
	moves, err := paymentPapers.Buttons(r, p)
	if mayApply(r, p) == nil && r.May(payers) {
		moves = append([]chat.Button{command.SayButton(r.Say("button.apply"), "pay", "apply "+paid.RefOf(p))}, moves...)
	}
	if len(moves) > 0 {
		reply.Buttons = [][]chat.Button{moves}
	}
	return reply, err
}

// mayApply: there is money that is applied to nothing.
func mayApply(r *command.Request, p invoice.Payment) error {
	if p.Status != invoice.Received || p.Unallocated() <= 0 {
		return fault.New(fault.Conflict, "payment_used", "number", p.Number)
	}
	return command.Guard(r, invoicestore.Payments, r.Scope, p.ID, fault.New(fault.Denied, "read_only"))
}

// apply says what an advance is for.
func apply(r *command.Request, before invoice.Payment, d form.Draft) (command.Saved, error) {
	open, err := invoicestore.OpenOf(r.Tx, access.System("what a payment may be for"), before.AccountID, 500)
	if err != nil {
		return command.Saved{}, err
	}
	more, err := sharesFor(r, open, split(d.Values["allocations"]), before.Unallocated(), 0, invoice.OldestFirst)
	if err != nil {
		return command.Saved{}, err
	}
	shares := before.Shares()
	for _, s := range more {
		if at := slices.IndexFunc(shares, func(o invoice.Share) bool { return o.Number == s.Number }); at >= 0 {
			shares[at].Amount += s.Amount
		} else {
			shares = append(shares, s)
		}
	}
	after := before
	if err := after.Allocate(shares, r.Config.Company.Currency); err != nil {
		return command.Saved{}, err
	}
	if err := invoicestore.Payments.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	return savedPayment(r, after.ID, 0)
}
