package order_test

import (
	"testing"

	"fieldbot/bot/kit/goods"
	"fieldbot/bot/order"
)

func TestLife(t *testing.T) {
	if err := order.Life.Check(); err != nil {
		t.Fatal(err)
	}
}

// TestDrawn: the order of the package doc, step by step.
func TestDrawn(t *testing.T) {
	lines := goods.Lines{{Product: "P201", Quantity: 100, Price: 10_00}, {Product: "P202", Quantity: 40, Price: 5_00}}
	o := order.Order{Lines: lines, Amount: lines.Value(), Status: order.Accepted}
	sent := goods.Lines{{Product: "P201", Quantity: 100}, {Product: "P202", Quantity: 20}}
	got, err := order.Accept(sent, map[string]int64{"P201": 5}, "freshness")
	if err != nil || got[0].Quantity != 95 || got[0].Refused != 5 || got[1].Quantity != 20 {
		t.Fatalf("%+v %v", got, err)
	}
	steps := []struct {
		name string
		set  func()
		want int64
	}{
		{"ordered", func() {}, 1_200_00},
		{"sent", func() { o.Status, o.Sent = order.PartSent, sent.Priced(lines).Value() }, 1_200_00},
		{"accepted", func() { _, o.Refused = got.Refused(lines); o.Accepted = 115 }, 1_150_00},
		{"invoiced", func() { o.Invoiced = 1_050_00 }, 100_00},
		{"closed", func() { o.Status = order.Closed }, 0},
	}
	for _, s := range steps {
		if s.set(); o.Draws() != s.want {
			t.Errorf("%s: %d drawn, want %d", s.name, o.Draws(), s.want)
		}
	}
	if n, ok := o.Fill(); n != 82 || !ok {
		t.Errorf("fill rate %d", n)
	}
	if _, err := order.Accept(sent, map[string]int64{"P202": 21}, "damaged"); err == nil {
		t.Error("more was refused than came")
	}
	if short, err := order.Accept(sent, map[string]int64{"P202": 3}, "short"); err != nil || short[1].Refused != 0 || short[1].Quantity != 17 {
		t.Errorf("what did not come: %+v %v", short, err)
	}
}

func TestIsAbnormal(t *testing.T) {
	for name, c := range map[string]struct {
		amount, foretold int64
		last             []int64
		want             bool
	}{
		"three times is not":   {300, 0, []int64{100, 90, 110}, false},
		"above three times":    {301, 0, []int64{100, 90, 110}, true},
		"an even number":       {301, 0, []int64{100, 100, 90, 110}, true},
		"a promo foretells it": {301, 301, []int64{100, 90, 110}, false},
		"hardly any history":   {9999, 0, []int64{100, 100}, false},
	} {
		if got := order.IsAbnormal(c.amount, c.last, 3, c.foretold); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
