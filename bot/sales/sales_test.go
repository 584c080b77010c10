package sales_test

import (
	"testing"

	"fieldbot/bot/sales"
)

// TestLasts works the example of the rule out, and its edges.
func TestLasts(t *testing.T) {
	if d, ok := sales.Lasts(64, []int64{38, 40, 36}); !ok || d.FloatString(1) != "1.7" {
		t.Error(d, ok)
	}
	for _, c := range []struct {
		stock int64
		days  []int64
	}{{64, nil}, {64, []int64{0, 0}}, {sales.NoStock, []int64{5}}} {
		if d, ok := sales.Lasts(c.stock, c.days); ok {
			t.Errorf("%+v lasts %s", c, d)
		}
	}
	if d, ok := sales.Lasts(0, []int64{5}); !ok || d.Sign() != 0 {
		t.Error("nothing lasts no day")
	}
}

// TestCheck: figures that cannot be.
func TestCheck(t *testing.T) {
	for _, d := range []sales.Day{{Units: -1}, {Gifts: -1}, {Stock: -2}} {
		if d.Check() == nil {
			t.Errorf("%+v", d)
		}
	}
	if err := (sales.Day{Units: 3, Stock: sales.NoStock}).Check(); err != nil {
		t.Error(err)
	}
}
