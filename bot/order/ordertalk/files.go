package ordertalk

import (
	"cmp"
	"slices"
	"strconv"

	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/product/productstore"
	"fieldbot/store"
)

var fileKinds = []files.Kind{
	{Name: "orders", Catalogue: order.Catalogue, Export: exportOrders, Import: files.Importing(importOrders)},
	{Name: "deliveries", Catalogue: order.DeliveryCatalogue, Export: exportDeliveries, Import: files.Importing(importDeliveries)},
	{Name: "receipts", Catalogue: order.ReceiptCatalogue, Export: exportReceipts, Import: files.Importing(importReceipts)},
}

var byFile = access.System("files of orders")

func exportOrders(e *files.Exporter) error {
	rows, err := orderstore.Orders.In(byFile).Since("od.created_at", e.Span.Since, e.Span.Until).Order("od.ordered_on, od.number").Rows(e.Tx)
	if err != nil {
		return err
	}
	return files.Lined(e, order.Catalogue, files.From(rows), func(o order.Order) goods.Lines { return o.Lines }, func(_ order.Order, _ int, v map[string]string) {
		v["currency"] = e.Config.Company.Currency
	})
}

func importOrders(j *files.Job) files.Rows[order.Order] {
	return files.Rows[order.Order]{
		Key: func(v map[string]string) string {
			return v["account_code"] + " " + cmp.Or(v["number"], v["po_number"]+" "+v["store_code"]+" "+v["ordered_on"])
		},
		Find: func(tx *store.Tx, v map[string]string) (order.Order, bool, error) {
			return orderstore.ByNumber(tx, byFile, j.AccountByCode(v["account_code"]).ID, v["number"])
		},
		Line: order.LineKeys,
		ID:   func(o *order.Order) *string { return &o.ID },
		Fill: func(o *order.Order, r *files.Record) bool {
			if !j.SameCurrency(r) || !j.Set(order.Catalogue.Without("product_code"), o, r) {
				return false
			}
			lines, ok := j.Goods(r, "quantity")
			if !ok {
				return false
			}
			o.OwnerID = cmp.Or(o.OwnerID, j.AccountByCode(r.Fields["account_code"]).OwnerID)
			o.Source, o.OrderedOn = cmp.Or(o.Source, order.PO), cmp.Or(o.OrderedOn, j.Today)
			if o.Status == "" {
				o.Status = order.Accepted
			}
			j.Look(func(tx *store.Tx) error { return agreed(tx, o.AccountID, lines) })
			if o.Lines = lines; len(lines) == 0 {
				j.Refuse(r, "product_code", "is needed: an order without goods is none")
				return false
			}
			return true
		},
		Same: func(a, b order.Order) bool {
			return files.Equal[order.Order](order.Catalogue)(a, b) && slices.Equal(a.Lines, b.Lines)
		},
		Add:    orderstore.Add,
		Change: orderstore.Orders.Change,
	}
}

// agreed fills the prices that lines lack: the listing's, else the list price.
func agreed(tx *store.Tx, accountID string, lines goods.Lines) error {
	for i := range lines {
		if lines[i].Price != 0 {
			continue
		}
		p, _, err := productstore.ByCode(tx, lines[i].Product)
		if err != nil {
			return err
		}
		l, _, err := productstore.Of(tx, byFile, accountID, p.ID)
		if err != nil {
			return err
		}
		lines[i].Price = cmp.Or(l.SupplyPrice, p.ListPrice)
	}
	return nil
}

func exportDeliveries(e *files.Exporter) error {
	rows, err := orderstore.Deliveries.In(byFile).Since("dv.created_at", e.Span.Since, e.Span.Until).Order("dv.delivered_on, dv.number").Rows(e.Tx)
	if err != nil {
		return err
	}
	orderOf := files.Numbers(e, orderstore.Orders, byFile, func(o order.Order) string { return o.Number })
	return files.Lined(e, order.DeliveryCatalogue, files.From(rows), func(d order.Delivery) goods.Lines { return d.Lines }, func(d order.Delivery, _ int, v map[string]string) {
		v["order_number"] = orderOf(d.OrderID)
	})
}

func importDeliveries(j *files.Job) files.Rows[order.Delivery] {
	return files.Rows[order.Delivery]{
		Key: func(v map[string]string) string {
			return v["account_code"] + " " + cmp.Or(v["number"], v["order_number"]+" "+v["delivered_on"])
		},
		Find: func(tx *store.Tx, v map[string]string) (order.Delivery, bool, error) {
			return orderstore.DeliveryByNumber(tx, byFile, j.AccountByCode(v["account_code"]).ID, v["number"])
		},
		Line: order.LineKeys,
		ID:   func(d *order.Delivery) *string { return &d.ID },
		Fill: func(d *order.Delivery, r *files.Record) bool {
			if !j.Set(order.DeliveryCatalogue.Without("product_code"), d, r) {
				return false
			}
			var o order.Order
			var known bool
			j.Look(func(tx *store.Tx) (err error) {
				o, known, err = orderstore.ByNumber(tx, byFile, d.AccountID, r.Fields["order_number"])
				return err
			})
			if !known {
				j.Refuse(r, "order_number", "this account has no such order; import orders first")
				return false
			}
			lines, ok := j.Goods(r, "quantity")
			if !ok {
				return false
			}
			d.OrderID, d.StoreID, d.Status, d.DeliveredOn = o.ID, o.StoreID, order.Made, cmp.Or(d.DeliveredOn, j.Today)
			d.Lines = lines
			return true
		},
		Same: func(a, b order.Delivery) bool {
			return files.Equal[order.Delivery](order.DeliveryCatalogue)(a, b) && slices.Equal(a.Lines, b.Lines)
		},
		Add:    orderstore.Send,
		Change: orderstore.Deliveries.Change,
	}
}

func exportReceipts(e *files.Exporter) error {
	rows, err := orderstore.Receipts.In(byFile).Since("rc.created_at", e.Span.Since, e.Span.Until).Order("rc.received_on, rc.number").Rows(e.Tx)
	if err != nil {
		return err
	}
	deliveryOf := files.Numbers(e, orderstore.Deliveries, byFile, func(d order.Delivery) string { return d.Number })
	return files.Lined(e, order.ReceiptCatalogue, files.From(rows), func(x order.Receipt) goods.Lines { return x.Lines }, func(x order.Receipt, n int, v map[string]string) {
		v["delivery_number"] = deliveryOf(x.DeliveryID)
		if n < len(x.Lines) {
			l := x.Lines[n]
			v["accepted"], v["refused"], v["refuse_reason"] = strconv.FormatInt(l.Quantity, 10), strconv.FormatInt(l.Refused, 10), l.Reason
		}
	})
}

// importReceipts takes what stores accepted, as facts.
func importReceipts(j *files.Job) files.Rows[order.Receipt] {
	return files.Rows[order.Receipt]{
		Key: func(v map[string]string) string {
			return v["account_code"] + " " + cmp.Or(v["number"], v["delivery_number"])
		},
		Find: func(tx *store.Tx, v map[string]string) (order.Receipt, bool, error) {
			return orderstore.ReceiptByNumber(tx, byFile, j.AccountByCode(v["account_code"]).ID, v["number"])
		},
		Line: order.ReceiptLineKeys,
		ID:   func(x *order.Receipt) *string { return &x.ID },
		Fill: func(x *order.Receipt, r *files.Record) bool {
			if !j.Set(order.ReceiptCatalogue.Without("product_code"), x, r) {
				return false
			}
			var d order.Delivery
			var known bool
			j.Look(func(tx *store.Tx) (err error) {
				d, known, err = orderstore.DeliveryByNumber(tx, byFile, x.AccountID, r.Fields["delivery_number"])
				return err
			})
			if !known {
				j.Refuse(r, "delivery_number", "this account has no such delivery; import deliveries first")
				return false
			}
			x.DeliveryID, x.OrderID, x.Status, x.ReceivedOn = d.ID, d.OrderID, order.Made, cmp.Or(x.ReceivedOn, d.DeliveredOn)
			x.Lines = nil
			for _, line := range r.Lines() {
				code := line.Fields["product_code"]
				accepted, err1 := strconv.ParseInt(cmp.Or(line.Fields["accepted"], "0"), 10, 64)
				refused, err2 := strconv.ParseInt(cmp.Or(line.Fields["refused"], "0"), 10, 64)
				if code == "" || err1 != nil || err2 != nil || accepted < 0 || refused < 0 {
					j.Refuse(line, "accepted", "name a product_code, and how many were accepted and refused")
					return false
				}
				x.Lines = append(x.Lines, goods.Line{Product: code, Quantity: accepted, Refused: refused, Reason: line.Fields["refuse_reason"]})
			}
			return true
		},
		Same: func(a, b order.Receipt) bool {
			return files.Equal[order.Receipt](order.ReceiptCatalogue)(a, b) && slices.Equal(a.Lines, b.Lines)
		},
		Add: func(tx *store.Tx, x *order.Receipt) error {
			if x.Number == "" {
				return orderstore.Receive(tx, x)
			}
			return orderstore.AddReceipt(tx, x)
		},
		Change: orderstore.Receipts.Change,
	}
}
