// Package order knows how goods go to a customer: what was ordered, sent, and accepted at
// the store's door (domain.md §7). Amounts are minor units of the company's currency.
//
// # One order, by hand (TestFill, TestDrawn)
//
//	order     100 × P201 at 10.00, 40 × P202 at 5.00              1,200.00 drawn
//	delivery  100 × P201, 20 × P202                               1,200.00
//	receipt   95 × P201 accepted, 5 refused (freshness), 20 × P202
//	          fill rate (95 + 20) ÷ (100 + 40) = 82 %             1,150.00: what was refused leaves
//	invoice   95 × P201, 20 × P202: 1,050.00                        100.00: an invoice replaces its share
//	closed    the 20 × P202 that were not sent are dropped            0.00
package order

import (
	"slices"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/flow"
	"fieldbot/bot/kit/goods"
)

// Order is what a customer wants (订单).
type Order struct {
	ID         string       `db:"id"`
	Version    int64        `db:"version"`
	Number     string       `db:"number"` // OR-1001
	Seq        int64        `db:"seq"`
	AccountID  string       `db:"account_id"`
	StoreID    string       `db:"store_id"` // empty where head office takes the goods
	OwnerID    string       `db:"owner_id"` // who answers for the account
	PersonID   string       `db:"person_id"`
	Source     string       `db:"source"`
	PONumber   string       `db:"po_number"` // the customer's
	OrderedOn  calendar.Day `db:"ordered_on"`
	ValidUntil calendar.Day `db:"valid_until"`
	Slot       string       `db:"delivery_slot"`
	DealNumber string       `db:"deal_number"`
	Lines      goods.Lines  `db:"lines"`
	Amount     int64        `db:"amount,derived"`
	Prepaid    bool         `db:"prepaid"`  // in full: draws on no credit
	Released   bool         `db:"released"` // manager and finance let it go although deliveries are stopped
	Held       bool         `db:"held"`     // was accepted before a hold, and waits for it to end
	Status     string       `db:"status"`
	Reason     string       `db:"reason"`         // why it was closed, cancelled or refused
	Sent       int64        `db:"sent,elsewhere"` // value of what was sent
	SentUnits  int64        `db:"sent_units,elsewhere"`
	Accepted   int64        `db:"accepted,elsewhere"` // units that stores accepted
	Refused    int64        `db:"refused,elsewhere"`  // value that stores refused
	Invoiced   int64        `db:"invoiced,elsewhere"` // value of its invoices, less red letters but those for goods that came back
	Drawn      int64        `db:"drawn,elsewhere"`    // what of the customer's credit it still takes
	Late       int64        `db:"late,elsewhere"`     // deliveries that came after its day
	CreatedAt  time.Time    `db:"created_at"`
	UpdatedAt  time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (o Order) Table() string { return "orders" }

// Key implements store.Row.
func (o Order) Key() (string, int64) { return o.ID, o.Version }

// The sources of an order.
const (
	PO        = "po"        // the chain's own
	Suggested = "suggested" // 建议订单: our rep's
)

// The states of an order.
const (
	Asked     = "asked"    // over the limit or on hold: its release is asked for
	Abnormal  = "abnormal" // 异常大单: waits for who answers for the account
	Accepted  = "accepted"
	PartSent  = "part_sent"
	Delivered = "delivered"
	Closed    = "closed" // the rest is dropped
	Refused   = "refused"
	Cancelled = "cancelled"
)

// Stands reports whether an order was accepted.
func (o Order) Stands() bool {
	return slices.Contains([]string{Accepted, PartSent, Delivered, Closed}, o.Status)
}

// Open reports whether goods may still be sent for it.
func (o Order) Open() bool { return o.Status == Accepted || o.Status == PartSent }

// Draws is what an order takes of the customer's credit: what was ordered, or what was
// sent once it is closed, less what was refused and what is invoiced, which stands in the
// invoice instead.
func (o Order) Draws() int64 {
	switch {
	case !o.Stands() || o.Prepaid:
		return 0
	case o.Open():
		return max(0, o.Amount-o.Refused-o.Invoiced)
	}
	return max(0, o.Sent-o.Refused-o.Invoiced)
}

// Fill is the part of the ordered units that stores accepted, in percent; false where
// nothing was ordered.
func (o Order) Fill() (int64, bool) {
	ordered := o.Lines.Count()
	if ordered == 0 {
		return 0, false
	}
	return (o.Accepted*100 + ordered/2) / ordered, true
}

// Catalogue is what is known of orders.
var Catalogue = field.Catalogue{Noun: "orders", Fields: []field.Field{
	{Key: "number", Kind: field.Text, Use: field.File, Max: 40},
	{Key: "account_code", Kind: field.Account, Use: field.File, Required: true, Column: "account_id"},
	{Key: "store_code", Kind: field.Place, Use: field.All, Column: "store_id"},
	{Key: "goods", Kind: field.Each, Of: field.Number, Use: field.Ask, Required: true, Max: 60},
	{Key: "source", Kind: field.Choice, Use: field.All, Options: []string{Suggested, PO}},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: Life.States()},
	{Key: "ordered_on", Kind: field.Date, Use: field.File},
	{Key: "valid_until", Kind: field.Date, Use: field.All, Ahead: true},
	{Key: "delivery_slot", Kind: field.Text, Use: field.All, Max: 60},
	{Key: "amount", Kind: field.Money, Use: field.Export},
	{Key: "currency", Kind: field.Text, Use: field.File, Max: 3},
	{Key: "po_number", Kind: field.Text, Use: field.All, Max: 40},
	{Key: "prepaid", Kind: field.YesNo, Use: field.All},
	{Key: "held", Kind: field.YesNo, Use: field.File},
	{Key: "deal_number", Kind: field.Text, Use: field.All, Max: 20},
	{Key: "line", Kind: field.Number, Use: field.File, Lo: 1, Hi: 1000},
	{Key: "product_code", Kind: field.Product, Use: field.File},
	{Key: "quantity", Kind: field.Number, Use: field.File},
	{Key: "price", Kind: field.Money, Use: field.File},
}}

// LineKeys are the fields of a file that stand once for each line of an order or a
// delivery.
var LineKeys = []string{"line", "product_code", "quantity", "price"}

// Life is what becomes of an order. Deliveries move it by themselves.
var Life = flow.Flow[Order]{
	First: Accepted, Also: []string{Asked, Abnormal}, Last: []string{Delivered, Closed, Refused, Cancelled},
	State: func(o *Order) *string { return &o.Status },
	Moves: []flow.Move[Order]{
		{Name: "release", From: []string{Asked}, To: Accepted, Answer: true, Need: []flow.Actor{flow.Leader, flow.Finance}, Else: Refused, Silence: Refused,
			Set: func(o *Order, _ map[string]string, _ string, _ time.Time) error { o.Released = true; return nil }},
		{Name: "accept", From: []string{Abnormal}, To: Accepted, Who: []flow.Actor{flow.Owner}},
		{Name: "refuse", From: []string{Abnormal}, To: Refused, Who: []flow.Actor{flow.Owner}, Ask: reasonFields, Set: setReason},
		{Name: "cancel", From: []string{Accepted}, To: Cancelled, Who: []flow.Actor{flow.Owner, flow.Leader, flow.Finance}, Ask: reasonFields, Set: setReason},
		{Name: "close", From: []string{PartSent}, To: Closed, Who: []flow.Actor{flow.Owner, flow.Leader, flow.Finance}, Ask: reasonFields, Set: setReason},
		{Name: "part", From: []string{Accepted, Delivered}, To: PartSent, Who: []flow.Actor{flow.Nobody}, Guard: sent(func(sent, ordered int64) bool { return sent > 0 && sent < ordered })},
		{Name: "deliver", From: []string{Accepted, PartSent}, To: Delivered, Who: []flow.Actor{flow.Nobody}, Guard: sent(func(sent, ordered int64) bool { return sent >= ordered && ordered > 0 })},
		{Name: "reopen", From: []string{PartSent, Delivered}, To: Accepted, Who: []flow.Actor{flow.Nobody}, Guard: sent(func(sent, _ int64) bool { return sent == 0 })},
	},
}

var reasonFields = []field.Field{{Key: "reason", Kind: field.Text, Max: 200, Noun: "orders"}}

func setReason(o *Order, v map[string]string, _ string, _ time.Time) error {
	o.Reason = v["reason"]
	return nil
}

func sent(holds func(sent, ordered int64) bool) func(Order, time.Time) error {
	return func(o Order, _ time.Time) error {
		if holds(o.SentUnits, o.Lines.Count()) {
			return nil
		}
		return fault.New(fault.Conflict, "paper_state", "state", o.Status)
	}
}

// IsAbnormal reports whether an order is so many times the median of the store's last
// ones, and no promo foretells it (异常大单).
func IsAbnormal(amount int64, last []int64, factor int, foretold int64) bool {
	usual := Usual(last)
	return usual > 0 && amount > foretold && amount > int64(factor)*usual
}

// Usual is the median of a store's last orders; 0 of fewer than three.
func Usual(last []int64) int64 {
	n := len(last)
	if n < 3 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(last))
	if n%2 == 0 {
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
	return sorted[n/2]
}

// Due is the day by which the goods of an order should be there: the last one on which it
// is valid, else so many days after it was made.
func (o Order) Due(leadDays int64) calendar.Day {
	if o.ValidUntil != "" {
		return o.ValidUntil
	}
	return o.OrderedOn.Add(int(leadDays))
}

// Wanted is the event of an order before it is accepted, or of goods before they are sent:
// who keeps the customer's credit says in Verdict what speaks against it.
type Wanted struct {
	Order   Order
	More    int64 // what of the customer's credit it takes anew
	Sending bool
	Verdict *Verdict
}

// Verdict is why an order may not go, in the reader's words; "" is that it may.
type Verdict struct{ Against string }

// Moved is the event of goods that were sent or accepted, or an order that changed: what
// follows from it is computed anew.
type Moved struct{ Order Order }

// Delivery is what was sent (送货单).
type Delivery struct {
	ID          string       `db:"id"`
	Version     int64        `db:"version"`
	Number      string       `db:"number"` // DN-1001
	Seq         int64        `db:"seq"`
	AccountID   string       `db:"account_id"`
	OrderID     string       `db:"order_id"`
	StoreID     string       `db:"store_id"`
	DeliveredOn calendar.Day `db:"delivered_on"`
	Lines       goods.Lines  `db:"lines"`
	Confirmed   bool         `db:"confirmed,elsewhere"` // the store has said what it accepted
	Status      string       `db:"status"`
	CreatedAt   time.Time    `db:"created_at"`
	UpdatedAt   time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (d Delivery) Table() string { return "deliveries" }

// Key implements store.Row.
func (d Delivery) Key() (string, int64) { return d.ID, d.Version }

// The states of what is a fact.
const (
	Made   = "made"
	Undone = "undone"
)

// DeliveryCatalogue is what is known of deliveries.
var DeliveryCatalogue = field.Catalogue{Noun: "deliveries", Fields: []field.Field{
	{Key: "number", Kind: field.Text, Use: field.All, Max: 40},
	{Key: "account_code", Kind: field.Account, Use: field.File, Required: true, Column: "account_id"},
	{Key: "order_number", Kind: field.Text, Use: field.File, Max: 40},
	{Key: "delivered_on", Kind: field.Date, Use: field.All, Past: true},
	{Key: "goods", Kind: field.Each, Of: field.Number, Use: field.Ask, Max: 60},
	{Key: "nearest_expiry", Kind: field.Each, Of: field.Date, Use: field.Ask},
	{Key: "line", Kind: field.Number, Use: field.File, Lo: 1, Hi: 1000},
	{Key: "product_code", Kind: field.Product, Use: field.File},
	{Key: "quantity", Kind: field.Number, Use: field.File},
}}

// Receipt is what the store accepted (验收单).
type Receipt struct {
	ID         string       `db:"id"`
	Version    int64        `db:"version"`
	Number     string       `db:"number"` // RC-1001, or the store's
	Seq        int64        `db:"seq"`
	AccountID  string       `db:"account_id"`
	DeliveryID string       `db:"delivery_id"`
	OrderID    string       `db:"order_id"`
	PersonID   string       `db:"person_id"`
	ReceivedOn calendar.Day `db:"received_on"`
	ReceivedBy string       `db:"received_by"`
	Lines      goods.Lines  `db:"lines"` // Quantity is what was accepted
	Note       string       `db:"difference_note"`
	Photos     []string     `db:"photos"`
	Status     string       `db:"status"`
	CreatedAt  time.Time    `db:"created_at"`
	UpdatedAt  time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (r Receipt) Table() string { return "receipts" }

// Key implements store.Row.
func (r Receipt) Key() (string, int64) { return r.ID, r.Version }

// Reasons are why goods are refused at the door (拒收).
var Reasons = []string{"damaged", "freshness", "late", "no_order", "wrong_item", "price", "short"}

// ReceiptCatalogue is what is known of receipts.
var ReceiptCatalogue = field.Catalogue{Noun: "receipts", Fields: []field.Field{
	{Key: "number", Kind: field.Text, Use: field.All, Max: 40},
	{Key: "account_code", Kind: field.Account, Use: field.File, Required: true, Column: "account_id"},
	{Key: "delivery_number", Kind: field.Text, Use: field.File, Max: 40},
	{Key: "missing", Kind: field.Each, Of: field.Number, Use: field.Ask, Max: 60},
	{Key: "refuse_reason", Kind: field.Choice, Use: field.All, Options: Reasons},
	{Key: "received_on", Kind: field.Date, Use: field.All, Past: true},
	{Key: "received_by", Kind: field.Text, Use: field.All, Max: 60},
	{Key: "line", Kind: field.Number, Use: field.File, Lo: 1, Hi: 1000},
	{Key: "product_code", Kind: field.Product, Use: field.File},
	{Key: "accepted", Kind: field.Number, Use: field.File},
	{Key: "refused", Kind: field.Number, Use: field.File},
	{Key: "difference_note", Kind: field.Text, Use: field.All, Max: 200},
	{Key: "photos", Kind: field.Photos, Use: field.All, Max: 5},
}}

// ReceiptLineKeys are the fields of a file that stand once for each line of a receipt.
var ReceiptLineKeys = []string{"line", "product_code", "accepted", "refused", "refuse_reason"}

// Accept is the receipt of a delivery of which so many units of each product were missing
// or refused, for one reason. It is a fault to refuse what did not come.
func Accept(sent goods.Lines, missing map[string]int64, reason string) (goods.Lines, error) {
	out := slices.Clone(sent)
	left := map[string]int64{}
	for code, n := range missing {
		left[code] = n
	}
	for i := range out {
		take := min(left[out[i].Product], out[i].Quantity)
		left[out[i].Product] -= take
		if take == 0 {
			continue
		}
		out[i].Quantity -= take
		out[i].Reason = reason
		if reason != "short" { // what did not come cannot be sent back
			out[i].Refused = take
		}
	}
	for code, n := range left {
		if n > 0 {
			return nil, fault.At("missing", "receipt_more", "product", code, "sent", sent.Units()[code])
		}
	}
	return out, nil
}

// Differs reports whether a receipt does not say that everything of a delivery is there.
func (r Receipt) Differs(d Delivery) bool {
	accepted := r.Lines.Units()
	for code, n := range d.Lines.Units() {
		if accepted[code] != n {
			return true
		}
	}
	return false
}
