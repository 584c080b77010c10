package invoicetalk

import (
	"slices"
	"strings"

	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/terms"
	"fieldbot/bot/terms/termsstore"
)

// ordered are orders, spoken of by /invoice: those that something may be invoiced of.
var ordered = &command.Record[order.Order]{
	Family: "invoice", Ref: "order", None: "order_none",
	Load: command.InSight(orderstore.Orders),
	Find: func(r *command.Request, words string) ([]order.Order, error) {
		if words != "" {
			o, ok, err := orderstore.ByNumber(r.Tx, r.Scope, "", words)
			if err != nil || ok {
				return []order.Order{o}, err
			}
		}
		accountID, storeID := "", ""
		if words != "" {
			place, choose, err := r.OnePlace("invoice", "request", command.Args{Object: words})
			if err != nil || choose != nil {
				return nil, err
			}
			accountID, storeID = place.AccountID, place.StoreID()
		}
		all, err := orderstore.OfAccount(r.Tx, r.Scope, accountID, 100)
		return slices.DeleteFunc(all, func(o order.Order) bool {
			return !o.Stands() || o.Invoiced >= o.Sent-o.Refused || storeID != "" && o.StoreID != storeID
		}), err
	},
	Name: func(r *command.Request, o order.Order) string {
		name := r.AccountOf(o.AccountID).Name
		if o.StoreID != "" {
			name = r.StoreOf(o.StoreID).Name
		}
		return chat.Cut(o.Number+" "+name, 50)
	},
}

// settlementPapers are the papers of an order that an invoice has to agree with, and the
// invoice that may be asked for: what was accepted and not invoiced, at the order's prices.
func settlementPapers(r *command.Request, o order.Order) (invoice.Papers, invoice.Invoice, error) {
	i := invoice.Invoice{AccountID: o.AccountID, StoreID: o.StoreID, OwnerID: r.Who.ID, OrderNumber: o.Number, Kind: invoice.Plain}
	p := invoice.Papers{Ordered: o.Lines, HasOrder: true}
	eyes := access.System("the papers of an order in sight")
	t, err := termsstore.Of(r.Tx, o.AccountID)
	if err != nil {
		return p, i, err
	}
	p.Needs = t.InvoiceMode == terms.AfterReceipt
	sent, err := orderstore.DeliveriesOf(r.Tx, eyes, o.ID)
	if err != nil {
		return p, i, err
	}
	received, err := orderstore.ReceiptsOf(r.Tx, eyes, o.ID)
	if err != nil {
		return p, i, err
	}
	for _, d := range sent {
		p.Sent = goods.Merged(p.Sent, d.Lines)
	}
	for _, x := range received {
		p.Accepted = goods.Merged(p.Accepted, x.Lines.Priced(nil))
		p.Receipts++
		i.ReceiptNumbers = append(i.ReceiptNumbers, x.Number)
		for _, d := range sent {
			p.Unsigned = p.Unsigned || d.ID == x.DeliveryID && x.Differs(d) && x.Note == ""
		}
	}
	used, err := invoicestore.OfOrder(r.Tx, eyes, o.AccountID, o.Number)
	if err != nil {
		return p, i, err
	}
	for _, u := range used {
		if u.Kind == invoice.Plain && (u.Stands() || u.Status == invoice.Requested) {
			p.Used = goods.Merged(p.Used, u.Lines.Priced(nil))
		}
	}
	base := p.Accepted
	if !p.Needs {
		base = p.Sent
	}
	gone := p.Used.Units()
	for _, l := range goods.Merged(base.Priced(o.Lines)) {
		take := min(gone[l.Product], l.Quantity)
		gone[l.Product] -= take
		if l.Quantity -= take; l.Quantity > 0 {
			i.Lines = append(i.Lines, goods.Line{Product: l.Product, Quantity: l.Quantity, Price: l.Price})
		}
	}
	i.Amount, p.Invoice = i.Lines.Value(), i.Lines
	return p, i, nil
}

// mayRequest: who answers for the account, of an order of which something was sent.
func mayRequest(r *command.Request, o order.Order) error {
	if !o.Stands() || o.Sent == 0 {
		return fault.New(fault.Conflict, "invoice_nothing_sent", "order", o.Number)
	}
	return command.Guard(r, orderstore.Orders, r.Scope.Acting(chasers...), o.ID, fault.New(fault.Denied, "read_only"))
}

// request asks finance for the invoice of what a store accepted. What does not agree is
// named, with who clears it, and stops it.
func request(r *command.Request, o order.Order, _ form.Draft) (command.Saved, error) {
	p, i, err := settlementPapers(r, o)
	if err != nil {
		return command.Saved{}, err
	}
	found := p.Match()
	if invoice.Stopped(found) || i.Amount == 0 {
		if i.Amount == 0 && !invoice.Stopped(found) {
			return command.Saved{}, fault.New(fault.Conflict, "invoice_all_done", "order", o.Number)
		}
		return command.Saved{}, fault.New(fault.Conflict, "invoice_mismatch", "order", o.Number, "what", mismatches(r, found, true))
	}
	if err := invoicestore.Request(r.Tx, &i); err != nil {
		return command.Saved{}, err
	}
	if finance, ok, err := personstore.OfRole(r.Tx, person.Finance); err != nil {
		return command.Saved{}, err
	} else if ok && finance.ID != r.Who.ID {
		if err := r.Tell(finance.ID, func(as *command.Request) chat.Reply {
			return chat.Reply{Title: as.Say("invoice.request_title", "name", record.Name(as, i)), Text: requestSheet(as, o, i, nil), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.invoice.issue"), "invoice", "issue "+record.RefOf(i))}}}
		}); err != nil {
			return command.Saved{}, err
		}
	}
	return command.Saved{ID: i.ID, Reply: r.Done(r.Say("invoice.requested", "number", i.Number)+"\n"+requestSheet(r, o, i, found), command.SayButton(r.Say("button.card"), "invoice", "show "+record.RefOf(i)))}, nil
}

// mayInvoice answers whether an order can be invoiced, and for how much (situation 10).
func mayInvoice(r *command.Request, o order.Order) (chat.Reply, error) {
	p, i, err := settlementPapers(r, o)
	if err != nil {
		return chat.Reply{}, err
	}
	found := p.Match()
	stops := invoice.Stopped(found)
	reply := chat.Reply{Title: r.Say("invoice.may", "stops", stops || i.Amount == 0, "amount", r.Money(i.Amount), "order", ordered.Name(r, o)), Text: requestSheet(r, o, i, found)}
	if !stops && i.Amount > 0 && r.May(chasers) {
		reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.request"), "invoice", "request order:"+o.ID)}}
	}
	return reply, nil
}

// requestSheet is the request as finance needs it: order, deliveries, receipts, amount, and in
// what the papers do not agree.
func requestSheet(r *command.Request, o order.Order, i invoice.Invoice, found []invoice.Mismatch) string {
	eyes := access.System("the papers of an order in sight")
	sent, err := orderstore.DeliveriesOf(r.Tx, eyes, o.ID)
	if err != nil {
		r.Tx.Fail(err)
	}
	received, err := orderstore.ReceiptsOf(r.Tx, eyes, o.ID)
	if err != nil {
		r.Tx.Fail(err)
	}
	out := []string{r.Say("invoice.sheet_order", "number", o.Number, "on", o.OrderedOn, "amount", r.Money(o.Amount))}
	for _, d := range sent {
		out = append(out, r.Say("invoice.sheet_delivery", "number", d.Number, "on", d.DeliveredOn, "units", count(d.Lines)))
	}
	for _, x := range received {
		refused, _ := x.Lines.Refused(nil)
		out = append(out, r.Say("invoice.sheet_receipt", "number", x.Number, "on", x.ReceivedOn, "units", count(x.Lines), "refused", refused, "note", x.Note))
	}
	out = append(out, r.Say("invoice.sheet_amount", "units", count(i.Lines), "amount", r.Money(i.Amount)))
	if text := mismatches(r, found, false); text != "" {
		out = append(out, text)
	}
	return strings.Join(out, "\n")
}

func count(l goods.Lines) (n int64) {
	for _, x := range l {
		n += x.Quantity
	}
	return n
}

// mismatches are what does not agree, a line each; stopping ones alone, if asked so.
func mismatches(r *command.Request, found []invoice.Mismatch, stopping bool) string {
	var out []string
	for _, m := range found {
		if m.Stops || !stopping {
			out = append(out, "· "+r.Say("invoice.mismatch."+m.Kind, "product", m.Product, "units", m.Units, "value", r.Money(m.Value), "owner", m.Owner))
		}
	}
	return strings.Join(out, "\n")
}
