// Package orderstore keeps orders, deliveries and receipts.
package orderstore

import (
	"fmt"
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/order"
	"fieldbot/bot/person"
	"fieldbot/bot/terms/termsstore"
	"fieldbot/store"
)

// Orders are what customers want: of the stores in one's care, or of the accounts that one
// owns or leads (domain.md §1). Finance reads all papers.
var Orders = store.Declare(store.Noun[order.Order]{
	About: store.About{Words: []string{"reason"}, Alias: "od", Lives: "od.status <> 'undone'", Gate: accountstore.OfCard("od.account_id"), May: mayOrder("od.store_id", "od.account_id"),
		Account: "account_id", Store: "store_id", Rank: 28, Catalogue: order.Catalogue, Inner: []string{"seq", "owner_id", "person_id", "lines", "reason", "released"},
		Owners: []store.Owner{{Column: "owner_id", Held: "od.status IN ('asked', 'abnormal', 'accepted', 'part_sent')", Roles: []person.Role{person.KAM, person.Manager}}}},
	Unmake: func(o *order.Order) { o.Status = order.Undone },
	Fill: func(_ *store.Tx, o *order.Order) error {
		o.Amount = o.Lines.Value()
		return nil
	},
	Kept: func(tx *store.Tx, _, o order.Order) error { return Refresh(tx, o.ID) },
})

// mayOrder keeps papers to those that finance may change, or whoever serves the store, or
// owns or leads the account.
// Ungated: it is part of the gates.
func mayOrder(storeColumn, accountColumn string) func(a *store.Args, s access.Scope) string {
	money := termsstore.OfMoney(accountColumn, person.KAM, person.Manager)
	return func(a *store.Args, s access.Scope) string {
		or := []string{money(a, s)}
		if s.Is(person.Rep) {
			or = append(or, storeColumn+` IN (SELECT id FROM stores WHERE rep_id = `+a.Add(s.Person)+`)`)
		}
		return store.Any(or)
	}
}

// Add keeps a new order.
func Add(tx *store.Tx, o *order.Order) error {
	if err := tx.Number("orders", "OR", &o.Seq, &o.Number); err != nil {
		return err
	}
	if err := Orders.Add(tx, o); err != nil {
		return err
	}
	after, _, err := store.Known[order.Order](tx, o.ID)
	*o = after
	return err
}

// Refresh works out what of an order was sent, accepted and refused, and what it draws.
// Ungated: derived columns.
func Refresh(tx *store.Tx, id string) error {
	o, ok, err := store.Known[order.Order](tx, id)
	if err != nil || !ok {
		return err
	}
	sent, err := store.Rows[order.Delivery](tx, `SELECT `+store.Columns[order.Delivery]("dv")+` FROM deliveries dv WHERE dv.order_id = $1 AND dv.status = 'made'`, id)
	if err != nil {
		return err
	}
	received, err := store.Rows[order.Receipt](tx, `SELECT `+store.Columns[order.Receipt]("rc")+` FROM receipts rc WHERE rc.order_id = $1 AND rc.status = 'made'`, id)
	if err != nil {
		return err
	}
	t, err := termsstore.Of(tx, o.AccountID)
	if err != nil {
		return err
	}
	o.Sent, o.SentUnits, o.Accepted, o.Refused, o.Late = 0, 0, 0, 0, 0
	for _, d := range sent {
		if d.DeliveredOn > o.Due(t.LeadDays) {
			o.Late++
		}
		o.Sent += d.Lines.Priced(o.Lines).Value()
		o.SentUnits += d.Lines.Count()
	}
	for _, r := range received {
		_, value := r.Lines.Refused(o.Lines)
		o.Refused += value
		o.Accepted += r.Lines.Count()
	}
	if move, due := order.Life.Due(o, tx.Now); due {
		o.Status = move.To
	}
	o.Drawn = o.Draws()
	return tx.Do(`UPDATE orders SET sent = $1, sent_units = $2, accepted = $3, refused = $4, status = $5, drawn = $6, late = $7 WHERE id = $8`, o.Sent, o.SentUnits, o.Accepted, o.Refused, o.Status, o.Drawn, o.Late, id)
}

// Invoiced notes what of an order's value stands in invoices.
// Ungated: derived columns.
func Invoiced(tx *store.Tx, accountID, number string, value int64) error {
	if number == "" {
		return nil
	}
	id, ok, err := store.One[string](tx, `SELECT id FROM orders WHERE account_id = $1 AND number = $2 AND status <> 'undone'`, accountID, number)
	if err != nil || !ok {
		return err
	}
	if err := tx.Do(`UPDATE orders SET invoiced = $1 WHERE id = $2`, value, id); err != nil {
		return err
	}
	return Refresh(tx, id)
}

// byNumber returns the paper of a number with an account; without an account, of ours.
func byNumber[T store.Row](tx *store.Tx, noun *store.Noun[T], scope access.Scope, accountID, number string) (T, bool, error) {
	q := noun.In(scope).And(noun.Alias+".number = ?", strings.ToUpper(number))
	if accountID != "" {
		q.And(noun.Alias+".account_id = ?", accountID)
	}
	return q.Order(noun.Alias + ".seq DESC").Limit(1).One(tx)
}

// ByNumber returns the order of a number with an account; without an account, of ours.
func ByNumber(tx *store.Tx, scope access.Scope, accountID, number string) (order.Order, bool, error) {
	return byNumber(tx, Orders, scope, accountID, number)
}

const going = "od.status IN ('asked', 'abnormal', 'accepted', 'part_sent')"

// Open lists the orders in sight that something is still to be done about, the first
// first; an account narrows them to it and those below it.
func Open(tx *store.Tx, scope access.Scope, accountID string, limit int) ([]order.Order, error) {
	return Orders.In(scope).Below(accountID).And(going).Order("od.ordered_on, od.number").Limit(limit).Rows(tx)
}

// OfAccount lists the orders of an account and those below it, the last first.
func OfAccount(tx *store.Tx, scope access.Scope, accountID string, limit int) ([]order.Order, error) {
	return Orders.In(scope).Below(accountID).Order("od.ordered_on DESC, od.number DESC").Limit(limit).Rows(tx)
}

// ToStore lists the orders of a store of which something is still to be sent.
func ToStore(tx *store.Tx, scope access.Scope, storeID string) ([]order.Order, error) {
	return Orders.In(scope).And("od.store_id = ? AND od.status IN ('accepted', 'part_sent')", storeID).Order("od.ordered_on, od.number").Limit(100).Rows(tx)
}

// ForDeals lists the orders of an account that came of deals.
func ForDeals(tx *store.Tx, scope access.Scope, accountID string) ([]order.Order, error) {
	return Orders.In(scope).And("od.account_id = ? AND od.deal_number <> '' AND od.status IN ('accepted', 'part_sent', 'delivered', 'closed')", accountID).Order("od.ordered_on, od.number").Limit(200).Rows(tx)
}

// LastOrders is how many orders of a store the usual one is taken from (domain.md §7).
const LastOrders = 8

// LastAmounts are what the last orders of a store, or of an account that takes its goods
// itself, came to.
// Ungated: what is usual is not said.
func LastAmounts(tx *store.Tx, o order.Order, n int) ([]int64, error) {
	return store.Rows[int64](tx, `SELECT amount FROM orders WHERE store_id = $1 AND account_id = $2 AND id <> $3 AND status IN ('accepted', 'part_sent', 'delivered', 'closed') ORDER BY ordered_on DESC, id DESC LIMIT `+fmt.Sprint(n), o.StoreID, o.AccountID, o.ID)
}

// Drawn is what the orders of some accounts take of their credit.
// Ungated: a sum that decides.
func Drawn(tx *store.Tx, accounts []string) (int64, error) {
	var a store.Args
	in := make([]string, len(accounts))
	for i, id := range accounts {
		in[i] = a.Add(id)
	}
	n, _, err := store.One[int64](tx, `SELECT cast(coalesce(sum(drawn), 0) AS BIGINT) FROM orders WHERE drawn > 0 AND account_id IN (`+strings.Join(in, ", ")+`)`, a.List...)
	return n, err
}

// Hold marks the open orders of some accounts as held, or lets them go.
// Ungated: a hold is of all orders.
func Hold(tx *store.Tx, accounts []string, held bool) (n int, err error) {
	for _, id := range accounts {
		rows, err := store.Rows[order.Order](tx, `SELECT `+store.Columns[order.Order]("od")+` FROM orders od WHERE od.account_id = $1 AND od.status IN ('accepted', 'part_sent') AND od.held <> $2 AND NOT od.prepaid AND NOT od.released`, id, held)
		if err != nil {
			return n, err
		}
		for _, before := range rows {
			after := before
			after.Held = held
			if err := tx.Unasked(func() error { return Orders.Change(tx, before, after) }); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// Deliveries are what was sent; finance writes them.
var Deliveries = store.Declare(store.Noun[order.Delivery]{
	About: store.About{Alias: "dv", Lives: "dv.status <> 'undone'", Gate: accountstore.OfCard("dv.account_id"), May: termsstore.ByFinance,
		Account: "account_id", Store: "store_id", Catalogue: order.DeliveryCatalogue, Inner: []string{"seq", "order_id", "store_id", "lines", "status"}, NoOwner: "finance writes them"},
	Unmake: func(d *order.Delivery) { d.Status = order.Undone },
	Kept:   func(tx *store.Tx, _, d order.Delivery) error { return Refresh(tx, d.OrderID) },
})

// Send keeps a delivery.
func Send(tx *store.Tx, d *order.Delivery) error {
	if err := tx.Number("deliveries", "DN", &d.Seq, &d.Number); err != nil {
		return err
	}
	d.Status = order.Made
	return Deliveries.Add(tx, d)
}

// DeliveryByNumber returns the delivery of a number with an account; without an account,
// of ours.
func DeliveryByNumber(tx *store.Tx, scope access.Scope, accountID, number string) (order.Delivery, bool, error) {
	return byNumber(tx, Deliveries, scope, accountID, number)
}

// DeliveriesOf lists what was sent for an order.
func DeliveriesOf(tx *store.Tx, scope access.Scope, orderID string) ([]order.Delivery, error) {
	return Deliveries.In(scope).And("dv.order_id = ?", orderID).Order("dv.delivered_on, dv.number").Limit(100).Rows(tx)
}

// Unconfirmed lists the deliveries that no store has confirmed, the first first: to the
// stores in some person's care, or all in sight.
func Unconfirmed(tx *store.Tx, scope access.Scope, rep string, limit int) ([]order.Delivery, error) {
	q := Deliveries.In(scope).And("NOT dv.confirmed")
	if rep != "" {
		q.And("dv.store_id IN (SELECT id FROM stores WHERE rep_id = ?)", rep)
	}
	return q.Order("dv.delivered_on, dv.number").Limit(limit).Rows(tx)
}

// UnconfirmedSince lists the deliveries in sight that came before a day and that no store
// has confirmed, the first first.
func UnconfirmedSince(tx *store.Tx, scope access.Scope, before calendar.Day, limit int) ([]order.Delivery, error) {
	return Deliveries.In(scope).And("NOT dv.confirmed AND dv.delivered_on <= ?", before).Order("dv.delivered_on, dv.number").Limit(limit).Rows(tx)
}

// FirstOrder is the day on which an account, or one below it, first ordered a product, from
// a day on; "" is never.
// Ungated: a day of something in sight.
func FirstOrder(tx *store.Tx, accountID, productCode string, from calendar.Day) (calendar.Day, error) {
	day, _, err := store.One[calendar.Day](tx, `SELECT o.ordered_on FROM account_tree t JOIN orders o ON o.account_id = t.account_id
		WHERE t.ancestor_id = $1 AND o.ordered_on >= $2 AND o.status IN ('accepted', 'part_sent', 'delivered', 'closed') AND o.lines LIKE $3 ORDER BY o.ordered_on LIMIT 1`, accountID, from, `%"p":"`+productCode+`"%`)
	return day, err
}

// Receipts are what stores accepted.
var Receipts = store.Declare(store.Noun[order.Receipt]{
	About: store.About{Words: []string{"received_by"}, Alias: "rc", Lives: "rc.status <> 'undone'", Gate: accountstore.OfCard("rc.account_id"), May: mayOrder("(SELECT store_id FROM deliveries WHERE id = rc.delivery_id)", "rc.account_id"),
		Account: "account_id", Catalogue: order.ReceiptCatalogue, Inner: []string{"seq", "delivery_id", "order_id", "person_id", "lines", "status"}, NoOwner: "goes with its delivery"},
	Unmake: func(r *order.Receipt) { r.Status = order.Undone },
	Kept: func(tx *store.Tx, _, r order.Receipt) error {
		if err := tx.Do(`UPDATE deliveries SET confirmed = $1 WHERE id = $2`, r.Status == order.Made, r.DeliveryID); err != nil {
			return err
		}
		return Refresh(tx, r.OrderID)
	},
})

// Receive keeps a receipt. A delivery is confirmed once.
// Ungated: a delivery is confirmed once.
func Receive(tx *store.Tx, r *order.Receipt) error {
	if err := tx.Lock("receipt:" + r.DeliveryID); err != nil {
		return err
	}
	other, twice, err := store.One[string](tx, `SELECT number FROM receipts WHERE delivery_id = $1 AND status = 'made'`, r.DeliveryID)
	if err == nil && twice {
		err = fault.New(fault.Conflict, "receipt_twice", "number", other)
	}
	if err != nil {
		return err
	}
	return AddReceipt(tx, r)
}

// AddReceipt keeps a receipt as a fact.
func AddReceipt(tx *store.Tx, r *order.Receipt) error {
	if err := tx.Number("receipts", "RC", &r.Seq, &r.Number); err != nil {
		return err
	}
	r.Status = order.Made
	return Receipts.Add(tx, r)
}

// ReceiptByNumber returns the receipt of a number with an account.
func ReceiptByNumber(tx *store.Tx, scope access.Scope, accountID, number string) (order.Receipt, bool, error) {
	return byNumber(tx, Receipts, scope, accountID, number)
}

// ReceiptsOf lists what stores accepted of an order.
func ReceiptsOf(tx *store.Tx, scope access.Scope, orderID string) ([]order.Receipt, error) {
	return Receipts.In(scope).And("rc.order_id = ?", orderID).Order("rc.received_on, rc.number").Limit(100).Rows(tx)
}

// LastReceipts lists what was accepted lately, the last first; an account narrows it.
func LastReceipts(tx *store.Tx, scope access.Scope, accountID string, limit int) ([]order.Receipt, error) {
	return Receipts.In(scope).Below(accountID).Order("rc.received_on DESC, rc.number DESC").Limit(limit).Rows(tx)
}

// InSpan calls fn with each order that was sent, of an account and those below it, ordered
// in a span of days.
func InSpan(tx *store.Tx, scope access.Scope, accountID string, span calendar.Span, fn func(order.Order)) error {
	return Orders.In(scope).Below(accountID).And("od.ordered_on BETWEEN ? AND ? AND od.status IN ('part_sent', 'delivered', 'closed')", span.From, span.To).Order("od.ordered_on, od.id").Each(tx, func(o order.Order) error {
		fn(o)
		return nil
	})
}

// Left are the units of an order that were not sent, at its prices.
func Left(tx *store.Tx, o order.Order) (goods.Lines, error) {
	sent, err := DeliveriesOf(tx, access.System("what is left to send"), o.ID)
	var gone goods.Lines
	for _, d := range sent {
		gone = append(gone, d.Lines...)
	}
	return o.Lines.Less(gone), err
}
