// Package ordertalk is what people say and press about goods on their way: orders,
// deliveries, and what the store accepted.
package ordertalk

import (
	"cmp"
	"embed"
	"errors"
	"strings"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/person"
	"fieldbot/bot/shelf"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/paper"
	"fieldbot/bot/terms/termsstore"
)

//go:embed words sentences
var words embed.FS

// Module is /order, /delivery and /receipt.
var Module = command.Module{
	Name:     "order",
	Words:    words,
	Families: []command.Family{orders, deliveries, receipts},
	Files:    fileKinds, Demo: fillDemo,
	Digest: waits, Card: onCard, AtPlace: atPlace,
	Asks:    papers.Asks(),
	Hears:   []command.Listener{command.Hear(supplied), command.Hear(askAll), command.Hear(firstOrdered)},
	Room:    answered,
	Reports: []command.Report{{Name: "fill_rate", Roles: readers, Takes: fillTakes, Read: fillRate}},
}

var (
	orderers = []person.Role{person.Rep, person.KAM, person.Manager}
	senders  = []person.Role{person.Finance}
	readers  = []person.Role{person.Rep, person.KAM, person.Manager, person.Finance, person.Analyst}
)

const shown = 10

var record = &command.Record[order.Order]{
	Family: "order", Ref: "order", None: "order_none",
	Load: command.InSight(orderstore.Orders),
	Find: findOrders("order"),
	Name: func(r *command.Request, o order.Order) string {
		return chat.Cut(o.Number+" "+placeOf(r, o.StoreID, o.AccountID), 50)
	},
}

// findOrders finds orders by number, else the open ones of a place.
func findOrders(family string) func(r *command.Request, words string) ([]order.Order, error) {
	return func(r *command.Request, words string) ([]order.Order, error) {
		if words == "" {
			return orderstore.Open(r.Tx, r.Scope, "", shown)
		}
		o, ok, err := orderstore.ByNumber(r.Tx, r.Scope, "", words)
		if err != nil || ok {
			return []order.Order{o}, err
		}
		place, choose, err := r.OneAccount(family, "list", command.Args{Object: words})
		if err != nil || choose != nil {
			return nil, err
		}
		open, err := orderstore.Open(r.Tx, r.Scope, place.AccountID, 5*shown)
		if place.StoreID() == "" {
			return open, err
		}
		var out []order.Order
		for _, o := range open {
			if o.StoreID == place.StoreID() {
				out = append(out, o)
			}
		}
		return out, err
	}
}

// placeOf is where goods go, as its reader calls it.
func placeOf(r *command.Request, storeID, accountID string) string {
	if storeID != "" {
		return r.StoreOf(storeID).Name
	}
	return r.AccountOf(accountID).Name
}

var papers = paper.Paper[order.Order]{
	Record: record, Noun: orderstore.Orders, Flow: order.Life,
	Owner:    owner,
	Describe: describe,
	Made: func(r *command.Request, _, after order.Order, _ string) error {
		return r.Happened(order.Moved{Order: after})
	},
}

// owner is who made an order; a large one is for who answers for the account to take.
func owner(o order.Order) string {
	if o.Status == order.Abnormal || o.PersonID == "" {
		return o.OwnerID
	}
	return o.PersonID
}

var orders = command.Family{
	Name:    "order",
	Default: "list",
	Choices: choices,
	Verbs: append([]command.Verb{
		{Name: "list", Roles: readers, Read: list},
		record.Show("show", card, list).For(readers...),
		{Name: "new", Roles: orderers, Form: newForm, Object: "store_code", Save: saveNew},
		record.Verb(command.On[order.Order]{Name: "edit", Roles: orderers, Ready: mayEdit, Ask: editFields, Fill: fillEdit, Do: saveEdit}),
	}, papers.Verbs()...),
}

var (
	newForm    = form.Form{Name: "order.new", Fields: field.Required(order.Catalogue.Pick("store_code", "goods", "source", "po_number", "valid_until", "delivery_slot", "prepaid", "deal_number"), "store_code")}
	editFields = order.Catalogue.Pick("goods", "valid_until", "delivery_slot")
)

// supplied says what is on its way to a store, and what was agreed about its supply.
func supplied(r *command.Request, e *shelf.Supply) error {
	t, err := termsstore.Of(r.Tx, e.Store.AccountID)
	if err != nil {
		return err
	}
	e.Cover, e.Lead = cmp.Or(t.CoverDays, e.Cover), t.LeadDays
	open, err := orderstore.ToStore(r.Tx, r.Scope, e.Store.ID)
	for _, o := range open {
		left, e2 := orderstore.Left(r.Tx, o)
		err = errors.Join(err, e2)
		for code, n := range left.Units() {
			e.OnOrder[code] += n
		}
	}
	return err
}

// firstOrdered says when a launched product was first ordered.
func firstOrdered(r *command.Request, e *shelf.Ordered) (err error) {
	e.On, err = orderstore.FirstOrder(r.Tx, e.AccountID, e.Product, e.From)
	return err
}

// list shows the orders that are under way; words name one, or a place.
func list(r *command.Request, a command.Args) (chat.Reply, error) {
	found, err := record.Find(r, a.Object)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(found) == 1 && a.Object != "" {
		return card(r, found[0])
	}
	reply := record.List(r, r.Say("order.title"), r.Say("order.nothing"), found, shown, func(o order.Order) string { return line(r, o) })
	if r.May(orderers) {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.order_new"), "order", "new")})
	}
	return reply, nil
}

func line(r *command.Request, o order.Order) string {
	return r.Say("order.line", "order", record.Name(r, o), "amount", r.Money(o.Amount), "state", papers.State(r, o), "held", o.Held, "on", o.OrderedOn)
}

// card is everything of an order: its lines, what came of each, and what can be done now.
func card(r *command.Request, o order.Order) (chat.Reply, error) {
	reply := chat.Reply{Title: record.Name(r, o)}
	add := func(label, value string) {
		if value != "" {
			reply.Fields = append(reply.Fields, chat.Line{Label: label, Value: value})
		}
	}
	state := papers.State(r, o)
	if o.Held {
		state += " · ⛔ " + r.Say("order.held")
	}
	add(r.Words.Label("status"), state)
	add(r.Say("order.goods"), goodsText(r, o.Lines))
	reply.Fields = append(reply.Fields, r.Lines(order.Catalogue, o, "amount", "ordered_on", "source", "po_number", "valid_until", "delivery_slot", "deal_number")...)
	if err := addSent(r, o, add); err != nil {
		return reply, err
	}
	if fill, ok := o.Fill(); ok && o.SentUnits > 0 {
		add(r.Say("order.fill"), r.Say("order.percent", "percent", fill))
	}
	add(r.Words.Field(field.Field{Key: "reason", Noun: "orders"}), o.Reason)
	trail, err := papers.Trail(r, o)
	if err != nil {
		return reply, err
	}
	reply.Fields = append(reply.Fields, trail...)
	moves, err := papers.Buttons(r, o)
	if o.Open() && r.May(senders) {
		moves = append([]chat.Button{command.SayButton(r.Say("button.send"), "delivery", "new "+o.Number)}, moves...)
	}
	if len(moves) > 0 {
		reply.Buttons = [][]chat.Button{moves}
	}
	return reply, err
}

func addSent(r *command.Request, o order.Order, add func(label, value string)) error {
	sent, err := orderstore.DeliveriesOf(r.Tx, r.Scope, o.ID)
	if err != nil {
		return err
	}
	received, err := orderstore.ReceiptsOf(r.Tx, r.Scope, o.ID)
	if err != nil {
		return err
	}
	var lines []string
	for _, d := range sent {
		lines = append(lines, deliveryLine(r, d))
	}
	add(r.Say("order.sent"), strings.Join(lines, "\n"))
	lines = nil
	for _, x := range received {
		lines = append(lines, receiptLine(r, x))
	}
	add(r.Say("order.received"), strings.Join(lines, "\n"))
	return nil
}

// mayEdit: who may change the order, while nothing of it was sent.
func mayEdit(r *command.Request, o order.Order) error {
	if o.Status != order.Accepted {
		return fault.New(fault.Conflict, "paper_state", "name", record.Name(r, o), "state", papers.State(r, o))
	}
	return command.Guard(r, orderstore.Orders, r.Scope, o.ID, fault.New(fault.Denied, "read_only"))
}
