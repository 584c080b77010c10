package deal_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"fieldbot/bot/deal"
)

var abc = deal.Funnel{{Code: "a", Weight: 20}, {Code: "b", Weight: 50}, {Code: "c", Weight: 80}}

// TestFunnelByHand is the example of the package's doc.
func TestFunnelByHand(t *testing.T) {
	open := func(stage string, value int64) deal.OpenDeals {
		return deal.OpenDeals{Stage: stage, Deals: 1, Value: value, Weighted: deal.Weighted(value, abc.Stage(stage).Weight)}
	}
	n := deal.Measure(abc, deal.Figures{
		Open: []deal.OpenDeals{open("a", 400_00), open("a", 200_00), open("b", 300_00), open("c", 100_00)},
		Moves: []deal.Moves{{From: "a", To: "b", Days: 4, N: 1}, {From: "a", To: "b", Days: 6, N: 1}, {From: "a", To: "b", Days: 8, N: 1}, {From: "a", To: "b", Days: 10, N: 1}, {From: "a", To: "b", Days: 12, N: 1},
			{From: "a", To: deal.Lost, Days: 8, N: 5}, {From: "b", To: "c", Days: 10, N: 5}, {From: "b", To: deal.Lost, Days: 10, N: 5}, {From: "c", To: deal.Won, Days: 20, N: 4}, {From: "c", To: deal.Lost, Days: 20, N: 1}},
		Ended:  []deal.Ended{{Status: deal.Won, N: 4}, {Status: deal.Lost, Reason: "price", LostTo: "Chipper", N: 6, Value: 10}, {Status: deal.Lost, Reason: "timing", N: 5, Value: 20}},
		Cycles: []deal.Days{{Days: 44, N: 1}, {Days: 36, N: 1}, {Days: 60, N: 1}, {Days: 40, N: 1}},
	})
	if n.Deals != 4 || n.Value != 1000_00 || n.Weighted != 350_00 {
		t.Errorf("capacity: %d deals, %d, weighted %d", n.Deals, n.Value, n.Weighted)
	}
	for i, want := range []float64{0.5, 0.5, 0.8} {
		if s := n.Stages[i]; math.Abs(s.Conversion-want) > 1e-9 || !s.Measured {
			t.Errorf("slope of %s: %v", s.Code, s.Conversion)
		}
	}
	if math.Abs(n.Even-0.957) > 0.0005 {
		t.Errorf("evenness %v", n.Even)
	}
	if n.Stages[0].Days != 8 || n.Stages[1].Days != 10 || n.Stages[2].Days != 20 || n.Cycle != 42 || n.PerDay != 6_35 {
		t.Errorf("velocity: %+v, cycle %d, %d a day", n.Stages, n.Cycle, n.PerDay)
	}
	if rate, _ := n.WinRate(); rate != 27 || n.LostFor[0].Reason != "timing" || n.LostTo[0].LostTo != "Chipper" {
		t.Errorf("ends: %d, %v, %v", rate, n.LostFor, n.LostTo)
	}
}

// TestFunnelStandsIn: where too few deals left a stage, its weight and the next
// one's say what is likely; a jump over a stage goes forward in it too.
func TestFunnelStandsIn(t *testing.T) {
	n := deal.Measure(abc, deal.Figures{Moves: []deal.Moves{{From: "a", To: "c", Days: 3, N: 5}, {From: "c", To: "b", Days: 1, N: 1}, {From: deal.Lost, To: "a", Days: 9, N: 1}, {From: "b", To: deal.Stalled, Days: 2, N: 1}}})
	if a, b, c := n.Stages[0], n.Stages[1], n.Stages[2]; a.Conversion != 1 || b.Conversion != 1 || b.Left != 5 || c.Conversion != 0.8 || c.Measured || c.Left != 1 {
		t.Errorf("%+v", n.Stages)
	}
	if n.EvenKnown || n.CycleKnown || n.PerDayKnown {
		t.Error("nothing is open or won, and yet known")
	}
}

// TestFunnelMerged: a stage that stands for old ones is not left by a step
// between them.
func TestFunnelMerged(t *testing.T) {
	f := deal.Funnel{{Code: "a", Weight: 20}, {Code: "bc", Weight: 50, Was: []string{"b", "c"}}}
	n := deal.Measure(f, deal.Figures{Moves: []deal.Moves{{From: "b", To: "c", Days: 3, N: 9}, {From: "c", To: deal.Won, Days: 5, N: 5}, {From: "a", To: "b", Days: 1, N: 5}}})
	if bc := n.Stages[1]; bc.Left != 5 || bc.Forward != 5 || bc.Days != 5 || n.Stages[0].Left != 5 {
		t.Errorf("%+v", n.Stages)
	}
}

// TestFunnelAddsUp: whatever is open, stages and months hold all of it, to the
// cent, and evenness stays between 0 and 1.
func TestFunnelAddsUp(t *testing.T) {
	f := deal.Default()
	rapid.Check(t, func(t *rapid.T) {
		var rows deal.Figures
		var deals, value, weighted int64
		for range rapid.IntRange(0, 30).Draw(t, "deals") {
			s := rapid.SampledFrom(f).Draw(t, "stage")
			v := rapid.Int64Range(0, 1_000_000_000).Draw(t, "value")
			month := rapid.SampledFrom([]string{"", "2026-11", "2026-12", "2027-01"}).Draw(t, "month")
			w := deal.Weighted(v, s.Weight)
			rows.Open = append(rows.Open, deal.OpenDeals{Stage: s.Code, Month: month, Deals: 1, Value: v, Weighted: w})
			deals, value, weighted = deals+1, value+v, weighted+w
		}
		for range rapid.IntRange(0, 20).Draw(t, "moves") {
			rows.Moves = append(rows.Moves, deal.Moves{From: rapid.SampledFrom(f).Draw(t, "from").Code, To: rapid.SampledFrom([]string{"target", "project", "closing", deal.Won, deal.Lost, deal.Stalled}).Draw(t, "to"),
				Days: rapid.Int64Range(0, 90).Draw(t, "days"), N: rapid.Int64Range(1, 9).Draw(t, "n")})
		}
		n := deal.Measure(f, rows)
		var inStages, inMonths [3]int64
		for _, s := range n.Stages {
			inStages = [3]int64{inStages[0] + s.Deals, inStages[1] + s.Value, inStages[2] + s.Weighted}
			if s.Forward > s.Left || s.Conversion < 0 || s.Conversion > 1 {
				t.Fatalf("%+v", s)
			}
		}
		for _, m := range n.Forecast {
			inMonths = [3]int64{0, inMonths[1] + m.Value, inMonths[2] + m.Weighted}
		}
		if inStages != [3]int64{deals, value, weighted} || inMonths != [3]int64{0, value, weighted} || n.Deals != deals || n.Value != value || n.Weighted != weighted {
			t.Fatalf("stages %v, months %v of %d deals, %d, %d", inStages, inMonths, deals, value, weighted)
		}
		if n.Even < -1e-9 || n.Even > 1+1e-9 {
			t.Fatalf("evenness %v", n.Even)
		}
	})
}
