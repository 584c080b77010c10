package ordertalk

import (
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/talk/command"
)

// demoOrders are those of the demo: one that is on its way to a store, one whose goods were
// accepted but for a few, one that nobody has sent.
var demoOrders = []struct {
	store, by      string
	ordered        int // days from today
	lines          goods.Lines
	sent, received bool
	refused        map[string]int64
}{
	{store: "大润发杨浦店", by: "li.wei", ordered: -9, lines: goods.Lines{{Product: "P101", Quantity: 100, Price: 4_10}, {Product: "P102", Quantity: 60, Price: 4_10}}, sent: true, received: true, refused: map[string]int64{"P101": 5}},
	{store: "大润发闸北店", by: "li.wei", ordered: -2, lines: goods.Lines{{Product: "P103", Quantity: 80, Price: 11_20}}},
	{store: "Nordmarkt Wedding", by: "anna", ordered: -4, lines: goods.Lines{{Product: "P201", Quantity: 240, Price: 1_74}, {Product: "P202", Quantity: 120, Price: 1_74}}, sent: true},
}

func fillDemo(demo *command.Demo) error {
	for _, x := range demoOrders {
		for _, s := range demo.Stores {
			if s.Name != x.store {
				continue
			}
			who := demo.People[x.by]
			today := command.WordsFor(who, demo.Config).Today(demo.Tx.Now)
			var owner string
			for _, a := range demo.Accounts {
				if a.ID == s.AccountID {
					owner = a.OwnerID
				}
			}
			o := order.Order{AccountID: s.AccountID, StoreID: s.ID, OwnerID: owner, PersonID: who.ID, Source: order.Suggested, OrderedOn: today.Add(x.ordered), Lines: x.lines, Status: order.Accepted}
			if err := orderstore.Add(demo.Tx, &o); err != nil {
				return err
			}
			if !x.sent {
				continue
			}
			d := order.Delivery{AccountID: s.AccountID, OrderID: o.ID, StoreID: s.ID, DeliveredOn: today.Add(x.ordered + 3), Lines: x.lines.Priced(nil)}
			if err := orderstore.Send(demo.Tx, &d); err != nil {
				return err
			}
			if !x.received {
				continue
			}
			accepted, err := order.Accept(d.Lines, x.refused, "freshness")
			if err != nil {
				return err
			}
			if err := orderstore.Receive(demo.Tx, &order.Receipt{AccountID: s.AccountID, DeliveryID: d.ID, OrderID: o.ID, PersonID: who.ID, ReceivedOn: d.DeliveredOn, Lines: accepted, Note: "临期5袋退回"}); err != nil {
				return err
			}
		}
	}
	return nil
}
