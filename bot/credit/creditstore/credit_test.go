package creditstore_test

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/credit"
	"fieldbot/bot/credit/creditstore"
	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var all = access.System("tests of credit")

const today = calendar.Day("2026-11-23")

// book writes orders and invoices of one account.
type book struct {
	t  testing.TB
	tx *store.Tx
	a  account.Account
	n  int
}

func (b *book) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *book) order(value int64) order.Order {
	b.t.Helper()
	o := order.Order{AccountID: b.a.ID, OrderedOn: today, Status: order.Accepted, Lines: goods.Lines{{Product: "P1", Quantity: value, Price: 1}}}
	b.must(orderstore.Add(b.tx, &o))
	return o
}

func (b *book) invoice(o order.Order, value int64, goodsBack bool) {
	b.t.Helper()
	b.n++
	i := invoice.Invoice{Number: fmt.Sprintf("%s-%d", b.a.Code, b.n), AccountID: b.a.ID, OrderNumber: o.Number, Kind: invoice.Plain, IssuedOn: today, DueOn: today.Add(30), Amount: value, GoodsBack: goodsBack}
	if value < 0 {
		i.Kind, i.Corrects = invoice.RedLetter, fmt.Sprintf("%s-1", b.a.Code)
	}
	b.must(invoicestore.Issue(b.tx, &i))
}

func (b *book) facts() credit.Facts {
	b.t.Helper()
	f, _, err := creditstore.FactsOf(b.tx, b.a, today)
	b.must(err)
	return f
}

func withBook(t *testing.T, test func(b *book)) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		db.SetRules([]any{credit.Default()})
		if err := db.Write(context.Background(), func(tx *store.Tx) error {
			tx.By(store.Origin{Source: "test"})
			a := account.Account{Code: "K1", Name: "Chain"}
			if err := accountstore.Add(tx, &a); err != nil {
				return err
			}
			c := credit.Credit{AccountID: a.ID, Grade: "A", Limit: 1_000}
			if err := creditstore.Add(tx, &c); err != nil {
				return err
			}
			test(&book{t: t, tx: tx, a: a})
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// TestExposure: each amount counts once, whatever paper it stands in: limit 1,000, order
// 1,000 passes; half of it invoiced is still 1,000; raised to 1,500 by a red letter and a new
// invoice it is 1,500, not 2,500; closing restores nothing that was sent (issue 11).
func TestExposure(t *testing.T) {
	withBook(t, func(b *book) {
		if d := b.facts().Decide(credit.Default(), 1_000_00); !d.Hold || d.Lift != 1_000_00-1_000 {
			t.Errorf("above the limit: %+v", d)
		}
		if d := b.facts().Decide(credit.Default(), 1_000); d.Hold {
			t.Errorf("exactly at the limit: %+v", d)
		}
		o := b.order(1_000)
		check := func(what string, want int64) {
			t.Helper()
			if got := b.facts().Exposure; got != want {
				t.Errorf("%s: %d, want %d", what, got, want)
			}
		}
		check("ordered", 1_000)
		b.invoice(o, 500, false)
		check("half of it invoiced", 1_000)
		b.invoice(o, -500, false)
		check("taken back", 1_000)
		b.invoice(o, 1_500, false)
		check("raised", 1_500)
	})
}

// TestGoodsBack: a red letter for goods that came back does not give the order its share
// again.
func TestGoodsBack(t *testing.T) {
	withBook(t, func(b *book) {
		o := b.order(1_000)
		b.invoice(o, 1_000, false)
		b.invoice(o, -400, true)
		if got := b.facts().Exposure; got != 600 {
			t.Errorf("%d, want 600", got)
		}
	})
}

// TestExposureOnce: over random orders, deliveries, refusals and invoices, what is drawn is
// never below 0 nor above what was ordered and invoiced, and an order that is invoiced in
// full draws nothing beside its invoice.
func TestExposureOnce(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		db.SetRules([]any{credit.Default()})
		run := 0
		rapid.Check(t, func(r *rapid.T) {
			run++
			if err := db.Write(context.Background(), func(tx *store.Tx) error {
				tx.By(store.Origin{Source: "test"})
				randomBook(t, r, tx, run)
				return nil
			}); err != nil {
				r.Fatal(err)
			}
		})
	})
}

// randomBook writes random papers of one account, and looks at what is drawn.
func randomBook(t *testing.T, r *rapid.T, tx *store.Tx, run int) {
	b := &book{t: t, tx: tx, a: account.Account{Code: fmt.Sprintf("X%d", run), Name: "Chain"}}
	b.must(accountstore.Add(b.tx, &b.a))
	most := int64(0)
	for range rapid.IntRange(1, 4).Draw(r, "orders") {
		value := rapid.Int64Range(1, 500).Draw(r, "ordered")
		o := b.order(value)
		sent := min(value, rapid.Int64Range(0, 500).Draw(r, "sent"))
		invoiced := rapid.Int64Range(0, 600).Draw(r, "invoiced")
		most += max(value, invoiced)
		if sent > 0 {
			d := order.Delivery{AccountID: b.a.ID, OrderID: o.ID, DeliveredOn: today, Lines: goods.Lines{{Product: "P1", Quantity: sent}}}
			b.must(orderstore.Send(b.tx, &d))
			refused := min(sent, rapid.Int64Range(0, 200).Draw(r, "refused"))
			lines, err := order.Accept(d.Lines, map[string]int64{"P1": refused}, "damaged")
			b.must(err)
			b.must(orderstore.Receive(b.tx, &order.Receipt{AccountID: b.a.ID, DeliveryID: d.ID, OrderID: o.ID, ReceivedOn: today, Lines: lines}))
		}
		if invoiced > 0 {
			b.invoice(o, invoiced, false)
		}
		after, _, err := orderstore.Orders.In(all).ByID(b.tx, o.ID)
		b.must(err)
		if after.Drawn < 0 || after.Drawn > value || invoiced >= value && after.Drawn != 0 {
			r.Fatalf("%+v draws %d", after, after.Drawn)
		}
	}
	if got := b.facts().Exposure; got < 0 || got > most {
		r.Fatalf("%d is drawn of at most %d", got, most)
	}
}
