package ordertalk

import (
	"cmp"
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/terms"
	"fieldbot/bot/terms/termsstore"
)

var receipts = command.Family{
	Name:    "receipt",
	Default: "list",
	Choices: deliveryGoods,
	Verbs: []command.Verb{
		{Name: "list", Roles: readers, Read: listReceipts},
		sent.Show("show", deliveryCard, listReceipts).For(readers...),
		sent.Verb(command.On[order.Delivery]{Name: "all", Roles: orderers, Ready: mayReceive, Do: receive("")}),
		sent.Verb(command.On[order.Delivery]{Name: "short", Roles: orderers, Ready: mayReceive, Ask: shortFields, Do: receive("short"), Quick: true}),
		sent.Verb(command.On[order.Delivery]{Name: "refused", Roles: orderers, Ready: mayReceive, Ask: refusedFields, Do: receive("damaged"), Quick: true}),
		sent.Verb(command.On[order.Delivery]{Name: "sign", Roles: orderers, Ready: maySign, Ask: signFields, Do: sign, Quick: true}),
	},
	Buttons: []command.Button{
		{Name: inRoom, Run: func(*command.Request, []string) (chat.Reply, error) {
			return chat.Reply{}, fault.New(fault.Conflict, "button_old")
		}}, // of a group that is bound no more
		{Name: "receipt.guest", Roles: orderers, Run: guest},
	},
}

var (
	shortFields   = field.Required(order.ReceiptCatalogue.Pick("missing", "received_by", "difference_note", "number", "photos", "received_on"), "missing")
	refusedFields = field.Required(order.ReceiptCatalogue.Pick("missing", "refuse_reason", "received_by", "difference_note", "number", "photos", "received_on"), "missing", "refuse_reason")
)

var signFields = field.Required(order.ReceiptCatalogue.Pick("difference_note", "photos"), "difference_note")

// unsigned is the receipt of a delivery that differs from it and has no note.
func unsigned(r *command.Request, d order.Delivery) (order.Receipt, error) {
	all, err := orderstore.ReceiptsOf(r.Tx, r.Scope, d.OrderID)
	for _, x := range all {
		if x.DeliveryID == d.ID && x.Differs(d) && x.Note == "" {
			return x, nil
		}
	}
	if err == nil {
		err = fault.New(fault.Conflict, "receipt_no_difference", "delivery", d.Number)
	}
	return order.Receipt{}, err
}

func maySign(r *command.Request, d order.Delivery) error {
	if _, err := unsigned(r, d); err != nil {
		return err
	}
	return command.Guard(r, orderstore.Orders, r.Scope, d.OrderID, fault.New(fault.Denied, "read_only"))
}

// sign keeps the difference note (差异单) that the store has signed.
func sign(r *command.Request, d order.Delivery, f form.Draft) (command.Saved, error) {
	before, err := unsigned(r, d)
	if err != nil {
		return command.Saved{}, err
	}
	after := before
	after.Note = f.Values["difference_note"]
	if more := form.Photos(f.Values["photos"]); len(more) > 0 {
		after.Photos = append(slices.Clone(before.Photos), more...)
		if err := command.KeepPhotos(r, "receipts:"+after.ID, more); err != nil {
			return command.Saved{}, err
		}
	}
	if err := orderstore.Receipts.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: after.ID, Reply: r.Done(r.Say("receipt.signed", "receipt", after.Number))}, nil
}

// deliveryGoods are the products of a delivery.
func deliveryGoods(r *command.Request, d form.Draft, _ field.Field, query string) ([]chat.Option, error) {
	x, err := sent.Load(r, d.Subject)
	if err != nil {
		return nil, err
	}
	return productOptions(r, x.Lines, query)
}

// mayReceive: who may change orders of the store, once for a delivery.
func mayReceive(r *command.Request, d order.Delivery) error {
	if d.Confirmed {
		return fault.New(fault.Conflict, "receipt_twice", "number", d.Number)
	}
	if err := command.Guard(r, orderstore.Orders, r.Scope, d.OrderID, fault.New(fault.Denied, "read_only")); err != nil {
		return err
	}
	return notInvoiced(r, d)
}

// notInvoiced: where the receipt has to be there first, goods that were invoiced are no
// longer counted at the door; what is wrong with them is a red letter's.
func notInvoiced(r *command.Request, d order.Delivery) error {
	t, err := termsstore.Of(r.Tx, d.AccountID)
	if err != nil || t.InvoiceMode != terms.AfterReceipt {
		return err
	}
	o, err := record.Load(r, d.OrderID)
	if err != nil {
		return err
	}
	received, err := orderstore.ReceiptsOf(r.Tx, r.Scope, d.OrderID)
	accepted := int64(0)
	for _, x := range received {
		accepted += x.Lines.Priced(o.Lines).Value()
	}
	if err == nil && o.Invoiced > accepted {
		err = fault.New(fault.Conflict, "receipt_invoiced", "order", o.Number)
	}
	return err
}

// receive keeps what the store accepted: everything, or all but what was missing or
// refused for a reason.
func receive(reason string) func(r *command.Request, d order.Delivery, f form.Draft) (command.Saved, error) {
	return func(r *command.Request, d order.Delivery, f form.Draft) (command.Saved, error) {
		x := order.Receipt{AccountID: d.AccountID, DeliveryID: d.ID, OrderID: d.OrderID, PersonID: r.Who.ID}
		if err := order.ReceiptCatalogue.Set(&x, f.Values); err != nil {
			return command.Saved{}, err
		}
		_, missing, err := quantities(f.Values["missing"])
		if err != nil {
			return command.Saved{}, err
		}
		if x.Lines, err = order.Accept(d.Lines, missing, cmp.Or(f.Values["refuse_reason"], reason)); err != nil {
			return command.Saved{}, err
		}
		x.ReceivedOn = cmp.Or(x.ReceivedOn, r.Words.Today(r.Said))
		x.Photos = form.Photos(f.Values["photos"])
		if err := orderstore.Receive(r.Tx, &x); err != nil {
			return command.Saved{}, err
		}
		if len(x.Photos) > 0 {
			if err := command.KeepPhotos(r, "receipts:"+x.ID, x.Photos); err != nil {
				return command.Saved{}, err
			}
		}
		return received(r, d, x)
	}
}

// received says what was accepted, and tells who answers for the account what was not.
func received(r *command.Request, d order.Delivery, x order.Receipt) (command.Saved, error) {
	o, err := record.Load(r, d.OrderID)
	if err != nil {
		return command.Saved{}, err
	}
	differs := x.Differs(d)
	if differs && o.OwnerID != r.Who.ID {
		if err := r.Tell(o.OwnerID, func(as *command.Request) chat.Reply {
			return chat.Reply{Title: as.Say("receipt.differs", "delivery", sent.Name(as, d)), Text: goodsText(as, missed(x)) + note(as, x), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.card"), "order", "show "+record.RefOf(o))}}}
		}); err != nil {
			return command.Saved{}, err
		}
	}
	if err := r.Happened(order.Moved{Order: o}); err != nil {
		return command.Saved{}, err
	}
	if err := tellRoom(r, d, x); err != nil {
		return command.Saved{}, err
	}
	fill, _ := o.Fill()
	refusedUnits, _ := x.Lines.Refused(nil)
	return command.Saved{ID: x.ID, Reply: r.Done(r.Say("receipt.saved", "receipt", x.Number, "delivery", sent.Name(r, d), "accepted", x.Lines.Count(), "of", d.Lines.Count(), "refused", refusedUnits, "note", differs && x.Note == "", "fill", fill), command.SayButton(r.Say("button.card"), "order", "show "+record.RefOf(o)))}, nil
}

// missed are the lines of which something was not accepted.
func missed(x order.Receipt) (out goods.Lines) {
	for _, l := range x.Lines {
		if l.Reason != "" {
			out = append(out, l)
		}
	}
	return out
}

func note(r *command.Request, x order.Receipt) string {
	if x.Note == "" {
		return "\n" + r.Say("receipt.no_note")
	}
	return "\n" + x.Note
}

func receiptLine(r *command.Request, x order.Receipt) string {
	refused, _ := x.Lines.Refused(nil)
	reasons := ""
	for _, l := range x.Lines {
		if name := refusal(r, l.Reason); name != "" && !strings.Contains(reasons, name) {
			reasons = strings.Trim(reasons+r.Say("list.comma")+name, r.Say("list.comma"))
		}
	}
	return r.Say("receipt.line", "number", x.Number, "on", x.ReceivedOn, "accepted", x.Lines.Count(), "refused", refused, "reasons", reasons, "by", x.ReceivedBy)
}

// deliveryCard is a delivery with what the store said of it, or with the buttons to say it.
func deliveryCard(r *command.Request, d order.Delivery) (chat.Reply, error) {
	reply := receiptCard(r, d)
	if !d.Confirmed && r.May(orderers) {
		return reply, nil
	}
	reply.Buttons = nil
	all, err := orderstore.ReceiptsOf(r.Tx, r.Scope, d.OrderID)
	for _, x := range all {
		if x.DeliveryID == d.ID {
			reply.Fields = append(reply.Fields, chat.Line{Label: r.Say("order.received"), Value: receiptLine(r, x)})
		}
	}
	return reply, err
}

// listReceipts shows what is to be confirmed, else what was lately.
func listReceipts(r *command.Request, a command.Args) (chat.Reply, error) {
	open, err := sent.Find(r, a.Object)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(open) == 1 && a.Object != "" {
		return deliveryCard(r, open[0])
	}
	if len(open) > 0 {
		return listDeliveries(r, a)
	}
	found, err := orderstore.LastReceipts(r.Tx, r.Scope, "", shown)
	reply := chat.Reply{Title: r.Say("receipt.title"), Text: r.Say("receipt.nothing")}
	if len(found) > 0 {
		reply.Text = strings.Join(command.Listed(r, found, shown, len(found), func(x order.Receipt) string { return receiptLine(r, x) }), "\n")
	}
	return reply, err
}

// heldBack is after how many days goods without a receipt may have gone elsewhere (截留,
// domain.md §5).
const heldBack = 7

// waits: deliveries that the person's stores have not confirmed; orders that wait for the
// person's word.
func waits(r *command.Request, d remind.Digest) ([]command.Section, error) {
	if d != remind.Morning {
		return nil, nil
	}
	var out []command.Section
	if r.Who.Is(person.Rep) {
		open, err := orderstore.Unconfirmed(r.Tx, r.Scope, r.Who.ID, 25)
		if err != nil {
			return nil, err
		}
		s := command.Section{Title: r.Say("receipt.waiting")}
		for _, x := range open {
			s.Items = append(s.Items, command.Item{Subject: sent.RefOf(x), Label: sent.Name(r, x), Line: "· " + r.Say("receipt.wait_line", "delivery", sent.Name(r, x), "on", x.DeliveredOn),
				Act: []chat.Button{command.SayButton(r.Say("button.receipt", "delivery", x.Number), "receipt", "show "+sent.RefOf(x))}})
		}
		out = append(out, s)
	}
	if r.Who.Is(person.KAM, person.Manager) {
		gone, err := orderstore.UnconfirmedSince(r.Tx, r.Scope, r.Words.Today(r.Tx.Now).Add(-heldBack), 25)
		if err != nil {
			return nil, err
		}
		s := command.Section{Title: r.Say("receipt.held_back", "days", heldBack)}
		for _, x := range gone {
			s.Items = append(s.Items, command.Item{Subject: sent.RefOf(x), Label: sent.Name(r, x), Line: "· " + deliveryLine(r, x) + " · " + sent.Name(r, x),
				Act: []chat.Button{command.SayButton(r.Say("button.receipt", "delivery", x.Number), "receipt", "show "+sent.RefOf(x))}})
		}
		out = append(out, s)
		abnormal, err := orderstore.Orders.In(r.Scope).And("od.owner_id = ? AND od.status = 'abnormal'", r.Who.ID).Order("od.ordered_on, od.number").Limit(25).Rows(r.Tx)
		if err != nil {
			return nil, err
		}
		s = command.Section{Title: r.Say("order.abnormal_waiting")}
		for _, o := range abnormal {
			s.Items = append(s.Items, command.Item{Subject: record.RefOf(o), Label: record.Name(r, o), Line: "· " + line(r, o), Act: []chat.Button{command.SayButton(r.Say("button.order.accept")+" "+o.Number, "order", "accept "+record.RefOf(o))}})
		}
		out = append(out, s)
	}
	return out, nil
}

// onCard says what is on its way to a place.
func onCard(r *command.Request, p account.Place) ([]command.Part, error) {
	if !r.May(readers) {
		return nil, nil
	}
	open, err := orderstore.Open(r.Tx, r.Scope, p.AccountID, 20)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, o := range open {
		if p.StoreID() == "" || o.StoreID == p.StoreID() {
			lines = append(lines, r.Say("order.short", "number", o.Number, "amount", r.Money(o.Amount), "state", papers.State(r, o), "held", o.Held))
		}
	}
	return []command.Part{{Rank: command.RankOpen, Line: chat.Line{Label: r.Say("order.title"), Value: strings.Join(lines[:min(3, len(lines))], "\n")}}}, nil
}

// atPlace offers an order, and the receipt of what came.
func atPlace(r *command.Request, p account.Place) ([]chat.Button, error) {
	if p.StoreID() == "" || !r.Who.Is(person.Rep, person.KAM) {
		return nil, nil
	}
	var out []chat.Button
	open, err := orderstore.Unconfirmed(r.Tx, r.Scope, r.Who.ID, 25)
	for _, d := range open {
		if d.StoreID == p.StoreID() {
			out = append(out, command.SayButton(r.Say("button.receipt", "delivery", d.Number), "receipt", "show "+sent.RefOf(d)))
		}
	}
	return out, err
}
