package ordertalk

import (
	"cmp"
	"strings"

	"fieldbot/bot/config"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// toSend are orders, spoken of by /delivery.
var toSend = func() *command.Record[order.Order] {
	out := *record
	out.Family, out.Find = "delivery", findOrders("delivery")
	return &out
}()

var sent = &command.Record[order.Delivery]{
	Family: "receipt", Ref: "delivery", None: "delivery_none",
	Load: command.InSight(orderstore.Deliveries),
	Find: func(r *command.Request, words string) ([]order.Delivery, error) {
		if words == "" {
			return orderstore.Unconfirmed(r.Tx, r.Scope, "", shown)
		}
		d, ok, err := orderstore.DeliveryByNumber(r.Tx, r.Scope, "", words)
		if err != nil || ok {
			return []order.Delivery{d}, err
		}
		open, err := orderstore.Unconfirmed(r.Tx, r.Scope, "", 100)
		if err != nil {
			return nil, err
		}
		if o, ok, err := orderstore.ByNumber(r.Tx, r.Scope, "", words); err != nil || ok {
			return ofOrder(open, o.ID), err
		}
		place, choose, err := r.OnePlace("receipt", "all", command.Args{Object: words})
		if err != nil || choose != nil {
			return nil, err
		}
		var out []order.Delivery
		for _, d := range open {
			if d.StoreID == place.StoreID() && d.StoreID != "" || place.StoreID() == "" && d.AccountID == place.AccountID {
				out = append(out, d)
			}
		}
		return out, nil
	},
	Name: func(r *command.Request, d order.Delivery) string {
		return chat.Cut(d.Number+" "+placeOf(r, d.StoreID, d.AccountID), 50)
	},
}

func ofOrder(all []order.Delivery, id string) (out []order.Delivery) {
	for _, d := range all {
		if d.OrderID == id {
			out = append(out, d)
		}
	}
	return out
}

var deliveries = command.Family{
	Name:    "delivery",
	Default: "list",
	Choices: orderGoods,
	Verbs: []command.Verb{
		{Name: "list", Roles: readers, Read: listDeliveries},
		toSend.Verb(command.On[order.Order]{Name: "new", Roles: senders, Ready: maySend, Ask: sendFields, Fill: fillSend, Do: send, Quick: true}),
	},
}

var sendFields = order.DeliveryCatalogue.Pick("goods", "nearest_expiry", "delivered_on", "number")

// orderGoods are the products of an order.
func orderGoods(r *command.Request, d form.Draft, _ field.Field, query string) ([]chat.Option, error) {
	o, err := record.Load(r, d.Subject)
	if err != nil {
		return nil, err
	}
	return productOptions(r, o.Lines, query)
}

// productOptions are the products of some lines, or those of them that words may mean.
func productOptions(r *command.Request, lines goods.Lines, query string) ([]chat.Option, error) {
	var carried []productstore.Carried
	for _, code := range lines.Products() {
		p, ok, err := productstore.ByCode(r.Tx, code)
		if err != nil {
			return nil, err
		}
		if ok {
			carried = append(carried, productstore.Carried{Product: p})
		}
	}
	return options(carried, query), nil
}

// maySend: an order that is open and not on hold.
func maySend(r *command.Request, o order.Order) error {
	if !o.Open() {
		return fault.New(fault.Conflict, "paper_state", "name", record.Name(r, o), "state", papers.State(r, o))
	}
	why, err := against(r, o, 0, true)
	if err == nil && why != "" {
		err = fault.New(fault.Conflict, "order_against", "why", why)
	}
	return err
}

func fillSend(r *command.Request, o order.Order, _ command.Args, d *form.Draft) error {
	left, err := orderstore.Left(r.Tx, o)
	d.Values["goods"] = said(left)
	return err
}

// send keeps a delivery, and asks for the store's receipt.
func send(r *command.Request, o order.Order, d form.Draft) (command.Saved, error) {
	x := order.Delivery{AccountID: o.AccountID, OrderID: o.ID, StoreID: o.StoreID}
	if err := order.DeliveryCatalogue.Set(&x, d.Values); err != nil {
		return command.Saved{}, err
	}
	x.DeliveredOn = cmp.Or(x.DeliveredOn, r.Words.Today(r.Said))
	codes, of, err := quantities(d.Values["goods"])
	if err != nil {
		return command.Saved{}, err
	}
	left, err := orderstore.Left(r.Tx, o)
	if err != nil {
		return command.Saved{}, err
	}
	for _, code := range codes {
		if most := left.Units()[code]; of[code] > most {
			return command.Saved{}, fault.At("goods", "delivery_more", "product", code, "left", most)
		}
		x.Lines = append(x.Lines, goods.Line{Product: code, Quantity: of[code]})
	}
	if len(x.Lines) == 0 {
		return command.Saved{}, fault.At("goods", "order_empty")
	}
	if old, err := tooOld(r, x, d.Values["nearest_expiry"]); err != nil || len(old) > 0 && !d.Doubted {
		if err == nil {
			err = &command.Confirm{Field: "nearest_expiry", Text: r.Say("delivery.too_old", "goods", r.Words.List(old), "part", config.Of[shelf.Settings](r.Config).RefuseFresh)}
		}
		return command.Saved{}, err
	}
	if err := orderstore.Send(r.Tx, &x); err != nil {
		return command.Saved{}, err
	}
	if rep := r.StoreOf(x.StoreID).RepID; rep != "" && rep != r.Who.ID {
		if err := r.Tell(rep, func(as *command.Request) chat.Reply { return receiptCard(as, x) }); err != nil {
			return command.Saved{}, err
		}
	}
	if err := askRoom(r, x); err != nil {
		return command.Saved{}, err
	}
	after, err := record.Load(r, o.ID)
	if err == nil {
		err = r.Happened(order.Moved{Order: after})
	}
	if err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: x.ID, Reply: r.Done(r.Say("delivery.saved", "delivery", sent.Name(r, x), "goods", goodsText(r, x.Lines)), command.SayButton(r.Say("button.card"), "order", "show "+record.RefOf(after)))}, nil
}

// tooOld names the goods that a store may refuse (domain.md §5, freshness): those that
// have less than a part of their life left on the day they come.
func tooOld(r *command.Request, d order.Delivery, expiry string) (out []string, err error) {
	for _, pair := range strings.Split(expiry, ";") {
		code, day, ok := strings.Cut(pair, "=")
		if !ok {
			continue
		}
		p, known, err := productstore.ByCode(r.Tx, code)
		if err != nil {
			return nil, err
		}
		if known && shelf.NearExpiry(calendar.Day(day), d.DeliveredOn, p.ShelfLifeDays, config.Of[shelf.Settings](r.Config).RefuseFresh) {
			out = append(out, p.Label())
		}
	}
	return out, nil
}

// receiptCard asks what of a delivery the store accepted.
func receiptCard(r *command.Request, d order.Delivery) chat.Reply {
	ref := sent.RefOf(d)
	return chat.Reply{Title: r.Say("receipt.card", "delivery", sent.Name(r, d), "on", d.DeliveredOn), Text: goodsText(r, d.Lines),
		Buttons: [][]chat.Button{{command.SayButton(r.Say("button.all_there"), "receipt", "all "+ref), command.SayButton(r.Say("button.short"), "receipt", "short "+ref), command.SayButton(r.Say("button.refused"), "receipt", "refused "+ref)}}}
}

func goodsText(r *command.Request, lines goods.Lines) string {
	var out []string
	for _, l := range lines[:min(2*shown, len(lines))] {
		name := l.Product
		if p, ok, err := productstore.ByCode(r.Tx, l.Product); err != nil {
			r.Tx.Fail(err)
		} else if ok {
			name = p.Label()
		}
		price := ""
		if l.Price > 0 {
			price = r.Money(l.Price)
		}
		out = append(out, r.Say("order.goods_line", "product", name, "units", l.Quantity, "price", price, "refused", l.Refused, "reason", refusal(r, l.Reason)))
	}
	if more := len(lines) - 2*shown; more > 0 {
		out = append(out, r.Say("list.more_things", "n", more))
	}
	return strings.Join(out, "\n")
}

func refusal(r *command.Request, code string) string {
	if code == "" {
		return ""
	}
	return r.Words.Option(reasonField, code)
}

var reasonField = order.ReceiptCatalogue.Pick("refuse_reason")[0]

func deliveryLine(r *command.Request, d order.Delivery) string {
	return r.Say("delivery.line", "number", d.Number, "on", d.DeliveredOn, "units", d.Lines.Count(), "confirmed", d.Confirmed)
}

// listDeliveries shows what no store has confirmed.
func listDeliveries(r *command.Request, a command.Args) (chat.Reply, error) {
	found, err := sent.Find(r, a.Object)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("delivery.title"), Text: r.Say("delivery.nothing")}
	if len(found) > 0 {
		reply.Text = strings.Join(command.Listed(r, found, shown, len(found), func(d order.Delivery) string {
			return sent.Name(r, d) + " · " + deliveryLine(r, d)
		}), "\n")
	}
	for _, d := range found[:min(4, len(found))] {
		if r.May(orderers) && !d.Confirmed {
			reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.receipt", "delivery", d.Number), "receipt", "show "+sent.RefOf(d))})
		}
	}
	return reply, nil
}
