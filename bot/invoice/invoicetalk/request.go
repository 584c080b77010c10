package invoicetalk

import (
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/kit/picture"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/lang"
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

// dossier is an order with its papers, the invoice that may be asked for, and in what they
// do not agree.
type dossier struct {
	order    order.Order
	sent     []order.Delivery
	received []order.Receipt
	used     []invoice.Invoice // those that stand, or are asked for
	papers   invoice.Papers
	invoice  invoice.Invoice
	found    []invoice.Mismatch
}

// gathered are the papers of an order, without an invoice.
func gathered(r *command.Request, o order.Order) (dossier, error) {
	x := dossier{order: o, papers: invoice.Papers{Ordered: o.Lines, HasOrder: true}}
	p := &x.papers
	eyes := access.System("the papers of an order in sight")
	t, err := termsstore.Of(r.Tx, o.AccountID)
	if err != nil {
		return x, err
	}
	p.Needs = t.InvoiceMode == terms.AfterReceipt
	if x.sent, err = orderstore.DeliveriesOf(r.Tx, eyes, o.ID); err != nil {
		return x, err
	}
	if x.received, err = orderstore.ReceiptsOf(r.Tx, eyes, o.ID); err != nil {
		return x, err
	}
	for _, d := range x.sent {
		p.Sent = goods.Merged(p.Sent, d.Lines)
	}
	for _, receipt := range x.received {
		p.Accepted = goods.Merged(p.Accepted, receipt.Lines.Priced(nil))
		p.Receipts++
		for _, d := range x.sent {
			p.Unsigned = p.Unsigned || d.ID == receipt.DeliveryID && receipt.Differs(d) && receipt.Note == ""
		}
	}
	all, err := invoicestore.OfOrder(r.Tx, eyes, o.AccountID, o.Number)
	for _, u := range all {
		if u.Kind == invoice.Plain && (u.Stands() || u.Status == invoice.Requested) {
			x.used = append(x.used, u)
		}
	}
	return x, err
}

// dossierOf is an order with the invoice that may be asked for: what was accepted and is
// not invoiced, at the order's prices.
func dossierOf(r *command.Request, o order.Order) (dossier, error) {
	x, err := gathered(r, o)
	if err != nil {
		return x, err
	}
	p, i := &x.papers, invoice.Invoice{AccountID: o.AccountID, StoreID: o.StoreID, OwnerID: r.Who.ID, OrderNumber: o.Number, Kind: invoice.Plain}
	for _, u := range x.used {
		p.Used = goods.Merged(p.Used, u.Lines.Priced(nil))
	}
	for _, receipt := range x.received {
		i.ReceiptNumbers = append(i.ReceiptNumbers, receipt.Number)
	}
	base := p.Accepted
	if !p.Needs {
		base = p.Sent
	}
	for _, l := range goods.Merged(base.Priced(o.Lines)).Less(p.Used) {
		i.Lines = append(i.Lines, goods.Line{Product: l.Product, Quantity: l.Quantity, Price: l.Price})
	}
	i.Amount, p.Invoice = i.Lines.Value(), i.Lines
	x.invoice, x.found = i, p.Match()
	return x, nil
}

// flags are in what an issued or imported invoice does not agree with the papers of its
// order: it is a fact, kept and flagged. Of two invoices the later one is over.
func flags(r *command.Request, i invoice.Invoice) ([]invoice.Mismatch, error) {
	if i.OrderNumber == "" || i.Kind != invoice.Plain || len(i.Lines) == 0 {
		return nil, nil
	}
	o, ok, err := orderstore.ByNumber(r.Tx, access.System("the papers of an invoice in sight"), i.AccountID, i.OrderNumber)
	if err != nil || !ok {
		return invoice.Papers{Invoice: i.Lines}.Match(), err
	}
	x, err := gathered(r, o)
	p := &x.papers
	p.Invoice = i.Lines
	for _, u := range x.used {
		if u.ID == i.ID || u.IssuedOn > i.IssuedOn || u.IssuedOn == i.IssuedOn && u.Number > i.Number {
			continue
		}
		p.Used = goods.Merged(p.Used, u.Lines.Priced(nil))
		if slices.Equal(u.Lines, i.Lines) && slices.Equal(u.ReceiptNumbers, i.ReceiptNumbers) {
			p.Duplicate = u.Number
		}
	}
	return p.Match(), err
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
	x, err := dossierOf(r, o)
	switch {
	case err != nil:
		return command.Saved{}, err
	case invoice.Stopped(x.found):
		return command.Saved{}, fault.New(fault.Conflict, "invoice_mismatch", "order", o.Number, "what", mismatches(r, x.found, true))
	case x.invoice.Amount == 0:
		return command.Saved{}, fault.New(fault.Conflict, "invoice_all_done", "order", o.Number)
	}
	if err := invoicestore.Request(r.Tx, &x.invoice); err != nil {
		return command.Saved{}, err
	}
	i := x.invoice
	if finance, ok, err := personstore.OfRole(r.Tx, person.Finance); err != nil {
		return command.Saved{}, err
	} else if ok && finance.ID != r.Who.ID {
		if err := r.Tell(finance.ID, func(as *command.Request) chat.Reply {
			return chat.Reply{Title: as.Say("invoice.request_title", "name", record.Name(as, i)), Text: x.sheet(as), File: sheetFile(as, i), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.invoice.issue"), "invoice", "issue "+record.RefOf(i))}}}
		}); err != nil {
			return command.Saved{}, err
		}
	}
	reply := r.Done(r.Say("invoice.requested", "number", i.Number)+"\n"+withMismatches(r, x), command.SayButton(r.Say("button.card"), "invoice", "show "+record.RefOf(i)))
	reply.File = sheetFile(r, i)
	return command.Saved{ID: i.ID, Reply: reply}, nil
}

// sheetFile is the request as a paper.
func sheetFile(r *command.Request, i invoice.Invoice) *chat.File {
	return &chat.File{Name: i.Number + ".pdf", Make: "request", Args: []string{i.ID, r.Words.Code}}
}

// makeSheet makes that paper: what is to be invoiced, and the papers it follows from.
func makeSheet(r *command.Request, args []string) ([]byte, error) {
	as := *r
	as.Words = lang.In(args[1], r.Words.Zone)
	i, err := record.Load(r, args[0])
	if err != nil {
		return nil, err
	}
	o, _, err := orderstore.ByNumber(r.Tx, access.System("the papers of an invoice in sight"), i.AccountID, i.OrderNumber)
	if err != nil {
		return nil, err
	}
	x, err := gathered(&as, o)
	if err != nil {
		return nil, err
	}
	column := func(width float64, align string) picture.Column { return picture.Column{Width: width, Align: align} }
	lines := picture.Table{Title: as.Say("sheet.goods"), Columns: []picture.Column{column(90, "L"), column(25, "R"), column(30, "R"), column(35, "R")},
		Header: []string{as.Say("sheet.product"), as.Say("sheet.units"), as.Say("sheet.price"), as.Say("sheet.amount")}, Total: []string{as.Say("statement.total"), fmt.Sprint(i.Lines.Count()), "", as.Money(i.Amount)}}
	for _, l := range i.Lines {
		name := l.Product
		if p, ok, err := productstore.ByCode(r.Tx, l.Product); err != nil {
			return nil, err
		} else if ok {
			name += " " + p.Label()
		}
		lines.Rows = append(lines.Rows, []string{name, fmt.Sprint(l.Quantity), as.Money(l.Price), as.Money(l.Price * l.Quantity)})
	}
	papers := picture.Table{Title: as.Say("sheet.papers"), Columns: []picture.Column{column(50, "L"), column(60, "L"), column(35, "L"), column(35, "R")},
		Header: []string{as.Say("sheet.paper"), as.Say("sheet.number"), as.Say("sheet.on"), as.Say("sheet.units")}}
	papers.Rows = append(papers.Rows, []string{as.Say("sheet.order"), o.Number, string(o.OrderedOn), fmt.Sprint(o.Lines.Count())})
	for _, d := range x.sent {
		papers.Rows = append(papers.Rows, []string{as.Say("sheet.delivery"), d.Number, string(d.DeliveredOn), fmt.Sprint(d.Lines.Count())})
	}
	for _, c := range x.received {
		papers.Rows = append(papers.Rows, []string{as.Say("sheet.receipt"), c.Number, string(c.ReceivedOn), fmt.Sprint(c.Lines.Count())})
	}
	return picture.Document{Title: as.Say("sheet.title"), Company: as.Config.Company.Name, Customer: as.AccountOf(i.AccountID).Name, Period: i.Number, Made: as.Tx.Now, Tables: []picture.Table{lines, papers}}.PDF()
}

// mayInvoice answers whether an order can be invoiced, and for how much (situation 10).
func mayInvoice(r *command.Request, o order.Order) (chat.Reply, error) {
	x, err := dossierOf(r, o)
	if err != nil {
		return chat.Reply{}, err
	}
	may := !invoice.Stopped(x.found) && x.invoice.Amount > 0
	reply := chat.Reply{Title: r.Say("invoice.may", "stops", !may, "amount", r.Money(x.invoice.Amount), "order", ordered.Name(r, o)), Text: withMismatches(r, x)}
	if may && r.May(chasers) {
		reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.request"), "invoice", "request order:"+o.ID)}}
	}
	return reply, nil
}

// sheet is the request as finance needs it: order, deliveries, receipts, amount.
func (x dossier) sheet(r *command.Request) string {
	out := []string{r.Say("invoice.sheet_order", "number", x.order.Number, "on", x.order.OrderedOn, "amount", r.Money(x.order.Amount))}
	for _, d := range x.sent {
		out = append(out, r.Say("invoice.sheet_delivery", "number", d.Number, "on", d.DeliveredOn, "units", d.Lines.Count()))
	}
	for _, receipt := range x.received {
		refused, _ := receipt.Lines.Refused(nil)
		out = append(out, r.Say("invoice.sheet_receipt", "number", receipt.Number, "on", receipt.ReceivedOn, "units", receipt.Lines.Count(), "refused", refused, "note", receipt.Note))
	}
	return strings.Join(append(out, r.Say("invoice.sheet_amount", "units", x.invoice.Lines.Count(), "amount", r.Money(x.invoice.Amount))), "\n")
}

// withMismatches is the sheet with in what the papers do not agree.
func withMismatches(r *command.Request, x dossier) string {
	return strings.TrimSpace(x.sheet(r) + "\n" + mismatches(r, x.found, false))
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
