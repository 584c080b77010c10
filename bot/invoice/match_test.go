package invoice_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fieldbot/bot/invoice"
	"fieldbot/bot/kit/goods"
)

func TestLives(t *testing.T) {
	for name, err := range map[string]error{"invoice": invoice.Life.Check(), "payment": invoice.PaymentLife.Check(), "deduction": invoice.DeductionLife.Check()} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func lines(pairs ...int64) goods.Lines {
	var out goods.Lines
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, goods.Line{Product: string(rune('A' + i/2)), Quantity: pairs[i], Price: pairs[i+1]})
	}
	return out
}

// TestMatch: the papers that other people's software let pass, or stopped.
func TestMatch(t *testing.T) {
	for name, c := range map[string]struct {
		papers invoice.Papers
		stops  []invoice.Mismatch
	}{
		"100 ordered, 90 received, 95 invoiced at 10": {
			invoice.Papers{Invoice: lines(95, 10_00), Ordered: lines(100, 10_00), Sent: lines(100, 0), Accepted: lines(90, 0), Receipts: 1, Needs: true, HasOrder: true},
			[]invoice.Mismatch{{Kind: "over", Product: "A", Units: 5, Value: 50_00, Owner: "finance", Stops: true}}},
		"2, 1, 2 with equal totals": {
			invoice.Papers{Invoice: lines(2, 5_00), Ordered: lines(2, 5_00), Accepted: lines(1, 0), Receipts: 1, Needs: true, HasOrder: true},
			[]invoice.Mismatch{{Kind: "over", Product: "A", Units: 1, Value: 5_00, Owner: "finance", Stops: true}}},
		"two invoices, together above": {
			invoice.Papers{Invoice: lines(60, 1_00), Ordered: lines(100, 1_00), Accepted: lines(100, 0), Used: lines(50, 0), Receipts: 1, Needs: true, HasOrder: true},
			[]invoice.Mismatch{{Kind: "over", Product: "A", Units: 10, Value: 10_00, Owner: "finance", Stops: true}}},
		"100 ordered, 70 sent, accepted and invoiced": {
			invoice.Papers{Invoice: lines(70, 1_00), Ordered: lines(100, 1_00), Sent: lines(70, 0), Accepted: lines(70, 0), Receipts: 1, Needs: true, HasOrder: true}, nil},
		"another price": {
			invoice.Papers{Invoice: lines(10, 1_10), Ordered: lines(10, 1_00), Accepted: lines(10, 0), Receipts: 1, Needs: true, HasOrder: true},
			[]invoice.Mismatch{{Kind: "price", Product: "A", Units: 10, Value: 1_00, Owner: "kam", Stops: true}}},
		"no receipt": {
			invoice.Papers{Invoice: lines(10, 1_00), Ordered: lines(10, 1_00), Needs: true, HasOrder: true},
			[]invoice.Mismatch{{Kind: "missing_receipt", Owner: "rep", Stops: true}}},
		"no receipt, with the goods": {
			invoice.Papers{Invoice: lines(10, 1_00), Ordered: lines(10, 1_00), Sent: lines(10, 0), HasOrder: true}, nil},
		"no order": {
			invoice.Papers{Invoice: lines(10, 1_00), Accepted: lines(10, 0), Receipts: 1, Needs: true},
			[]invoice.Mismatch{{Kind: "no_order", Owner: "kam", Stops: true}}},
		"more received than ordered": {
			invoice.Papers{Invoice: lines(10, 1_00), Ordered: lines(10, 1_00), Accepted: lines(12, 0), Receipts: 1, Needs: true, HasOrder: true},
			[]invoice.Mismatch{{Kind: "received_more", Product: "A", Units: 2, Value: 2_00, Owner: "kam", Stops: true}}},
		"no note": {
			invoice.Papers{Invoice: lines(9, 1_00), Ordered: lines(10, 1_00), Sent: lines(10, 0), Accepted: lines(9, 0), Receipts: 1, Needs: true, Unsigned: true, HasOrder: true},
			[]invoice.Mismatch{{Kind: "unsigned", Owner: "rep", Stops: true}}},
		"the same again": {
			invoice.Papers{Invoice: lines(5, 1_00), Ordered: lines(10, 1_00), Accepted: lines(10, 0), Used: lines(5, 0), Receipts: 1, Needs: true, Duplicate: "I-1", HasOrder: true},
			[]invoice.Mismatch{{Kind: "duplicate", Product: "I-1", Owner: "finance", Stops: true}}},
	} {
		got := slices.DeleteFunc(c.papers.Match(), func(m invoice.Mismatch) bool { return !m.Stops })
		if !slices.Equal(got, c.stops) {
			t.Errorf("%s: %+v, want %+v", name, got, c.stops)
		}
	}
}

// TestInProportion: the parts add up to the amount, none is above what is open, and none is
// a cent or more from its share.
func TestInProportion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		open := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000_000_000), 1, 20).Draw(t, "open")
		total := int64(0)
		for _, o := range open {
			total += o
		}
		amount := rapid.Int64Range(0, total+5).Draw(t, "amount")
		sum := int64(0)
		for i, part := range invoice.InProportion(amount, open) {
			sum += part
			if part < 0 || part > open[i] {
				t.Fatalf("%d of %d", part, open[i])
			}
			if want := float64(min(amount, total)) * float64(open[i]) / float64(max(1, total)); float64(part) < want-2 || float64(part) > want+2 {
				t.Fatalf("%d of %d, want %f", part, open[i], want)
			}
		}
		if sum != min(amount, total) {
			t.Fatalf("%d of %d", sum, amount)
		}
	})
}

func TestKeptBacks(t *testing.T) {
	got, err := invoice.KeptBacks([]string{"771.90 leaflet", "end cap 971.04", "堆头费 8000"}, "EUR")
	if want := []invoice.KeptBack{{Amount: 771_90, Reason: "leaflet"}, {Amount: 971_04, Reason: "end cap"}, {Amount: 8000_00, Reason: "堆头费"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v", got, err)
	}
	if _, err := invoice.KeptBacks([]string{"leaflet"}, "EUR"); err == nil {
		t.Error("no amount")
	}
}

// BenchmarkMatch matches 10,000 receipts of ten products with their orders, deliveries and
// invoices.
func BenchmarkMatch(b *testing.B) {
	ten := func(quantity int64) (out goods.Lines) {
		for i := range int64(10) {
			out = append(out, lines(quantity+i, 1_00)[0])
			out[i].Product = string(rune('A' + i))
		}
		return out
	}
	order, receipt := ten(100), ten(90)
	for b.Loop() {
		for range 10_000 {
			p := invoice.Papers{Invoice: ten(95), Ordered: order, Sent: goods.Merged(order), Accepted: goods.Merged(receipt.Priced(nil)), Receipts: 1, Needs: true, HasOrder: true}
			if found := p.Match(); len(found) != 20 { // each product over and short
				b.Fatal(found)
			}
		}
	}
}
