package shelf_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/shelf"
)

// TestMeasures works the example of Measures out: ten products, two missing.
func TestMeasures(t *testing.T) {
	s := shelf.Default()
	var lines []shelf.Line
	for i := range 10 {
		l := shelf.Line{OnShelf: shelf.Yes, Category: "crisps"}
		if i >= 8 {
			l.OnShelf = shelf.No
		}
		if i < 4 {
			l.Facings = 3
		}
		if i < 5 {
			l.DuePrice, l.ShelfPrice = 1000, 1000
		}
		lines = append(lines, l)
	}
	lines[0].ShelfPrice = 950
	a := shelf.Audit{CategoryFacings: []string{"crisps=50"}, DisplaysAgreed: 2, DisplaysStanding: 1}
	m := a.Measure(lines, s)
	score, ok := m.Score(s.Score)
	if !ok || score != 75 {
		t.Errorf("the score is %d, %+v", score, m)
	}
	want := "availability 80 35.56/44.44, share 24 17.78/22.22, price 80 13.33/16.67, display 50 8.33/16.67"
	got := ""
	for i, p := range m.Parts(s.Score) {
		if i > 0 {
			got += ", "
		}
		got += fmt.Sprintf("%s %.0f %.2f/%.2f", p.Name, p.Percent, p.Points, p.Of)
	}
	if got != want {
		t.Errorf("the parts are\n%s, not\n%s", got, want)
	}
	if _, ok := (shelf.Measures{}).Score(s.Score); ok {
		t.Error("nothing was measured, and has a score")
	}
}

func anyMeasures(r *rand.Rand) shelf.Measures {
	of := func() (int64, int64) { n := r.Int64N(20); return r.Int64N(n + 1), n }
	var m shelf.Measures
	m.Found, m.Listed = of()
	m.OwnFacings, m.CategoryFacings = of()
	m.PriceRight, m.Priced = of()
	m.DisplaysStanding, m.DisplaysAgreed = of()
	m.PromoMet, m.PromoDemanded = of()
	if m.CategoryFacings > 0 {
		m.Shares = map[string][2]int64{string(rune('a' + r.IntN(3))): {m.OwnFacings, m.CategoryFacings}}
	}
	return m
}

// TestScore: from 0 to 100, no lower for more of anything, and the same in any order of
// adding up.
func TestScore(t *testing.T) {
	r, w := rand.New(rand.NewPCG(5, 6)), shelf.Default().Score
	for range 20_000 {
		m := anyMeasures(r)
		score, measured := m.Score(w)
		if measured && (score < 0 || score > 100) {
			t.Fatalf("%d of %+v", score, m)
		}
		points := 0.0
		for _, p := range m.Parts(w) {
			points += p.Of
		}
		if measured && (points < 99.99 || points > 100.01) {
			t.Fatalf("the parts of %+v make %f", m, points)
		}
		for _, more := range []func(*shelf.Measures){
			func(m *shelf.Measures) { m.Found = min(m.Found+1, m.Listed) },
			func(m *shelf.Measures) { m.OwnFacings = min(m.OwnFacings+1, m.CategoryFacings) },
			func(m *shelf.Measures) { m.PriceRight = min(m.PriceRight+1, m.Priced) },
			func(m *shelf.Measures) { m.DisplaysStanding = min(m.DisplaysStanding+1, m.DisplaysAgreed) },
			func(m *shelf.Measures) { m.PromoMet = min(m.PromoMet+1, m.PromoDemanded) },
		} {
			better := m
			more(&better)
			if up, _ := better.Score(w); up < score {
				t.Fatalf("%d falls to %d: %+v → %+v", score, up, m, better)
			}
		}
		n, o := anyMeasures(r), anyMeasures(r)
		if a, b := m.Plus(n).Plus(o), o.Plus(m).Plus(n); !reflect.DeepEqual(a, b) {
			t.Fatal("the order of adding up matters")
		}
	}
}

// TestPrices: the bounds of what is right and what is told.
func TestPrices(t *testing.T) {
	for _, c := range []struct {
		price, due int64
		right, low bool
	}{
		{1030, 1000, true, false}, {1031, 1000, false, false}, {970, 1000, true, false}, {969, 1000, false, false},
		{920, 1000, false, false}, {919, 1000, false, true}, {0, 1000, false, false}, {1000, 0, false, false},
	} {
		if right := shelf.Within(c.price, c.due, 3); right != c.right && c.due > 0 && c.price > 0 {
			t.Errorf("%d for %d is right: %v", c.price, c.due, right)
		}
		if low := shelf.TooLow(c.price, c.due, 8); low != c.low {
			t.Errorf("%d for %d is too low: %v", c.price, c.due, low)
		}
	}
}

// TestLines: what was named is counted, the rest is assumed to be as it should.
func TestLines(t *testing.T) {
	expected := []shelf.Expected{{ProductID: "a", DuePrice: 100, Facings: 3}, {ProductID: "b", DuePrice: 200}, {ProductID: "c", DuePrice: 300}}
	lines := shelf.Lines(expected, shelf.Seen{Out: map[string]bool{"b": true}, Price: map[string]int64{"c": 290}, Facings: map[string]int64{"c": 4}})
	got := fmt.Sprint(lines[0].OnShelf, lines[0].ShelfPrice, lines[0].Facings, lines[0].Counted, lines[1].OnShelf, lines[1].ShelfPrice, lines[1].Counted, lines[2].ShelfPrice, lines[2].Facings, lines[2].Counted)
	if want := "yes100 3 []no0 [on_shelf] 290 4 [on_shelf shelf_price facings]"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	m := shelf.Audit{}.Measure(lines, shelf.Default())
	if m.Found != 2 || m.Listed != 3 || m.Values != 7 || m.Assumed != 3 {
		t.Errorf("%+v", m)
	}
	if err := (shelf.Line{OnShelf: shelf.No, Facings: 2}).Check(); err == nil {
		t.Error("out, and has facings")
	}
}

// TestSuggestedOrder works the example of the rule out, and its edges.
func TestSuggestedOrder(t *testing.T) {
	weeks := []int64{26, 28, 30, 28}
	for _, c := range []struct{ stock, onOrder, caseSize, want int64 }{
		{10, 12, 12, 48}, {10, 12, 1, 46}, {68, 0, 12, 0}, {67, 0, 12, 12}, {shelf.NoStock, 0, 12, 72}, {0, 0, 0, 68},
	} {
		if got := shelf.SuggestedOrder(weeks, 14, 3, c.stock, c.onOrder, c.caseSize); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	if shelf.SuggestedOrder(nil, 14, 3, 0, 0, 12) != 0 {
		t.Error("an order from nothing")
	}
	if !shelf.Overstocked(weeks, 14, 3, 137) || shelf.Overstocked(weeks, 14, 3, 136) {
		t.Error("34 days are twice 17: 136 units last them")
	}
	r := rand.New(rand.NewPCG(7, 8))
	for range 5_000 {
		stock, on, size := r.Int64N(100), r.Int64N(50), 1+r.Int64N(24)
		n := shelf.SuggestedOrder(weeks, 14, 3, stock, on, size)
		if n%size != 0 || n < 0 || n > 0 && (n+stock+on < 68 || n-size+stock+on >= 68) {
			t.Fatalf("%d for stock %d, on order %d, cases of %d", n, stock, on, size)
		}
	}
}

// TestNearExpiry: less than a third of its life left, by whole days.
func TestNearExpiry(t *testing.T) {
	today := calendar.Day("2026-11-23")
	for days, want := range map[int]bool{-1: true, 0: true, 59: true, 60: false, 61: false} {
		if got := shelf.NearExpiry(today.Add(days), today, 180, "1/3"); got != want {
			t.Errorf("%d days left of 180: %v", days, got)
		}
	}
	if shelf.NearExpiry("", today, 180, "1/3") || shelf.NearExpiry(today.Add(1), today, 0, "1/3") {
		t.Error("near an end that is not known")
	}
	for text, ok := range map[string]bool{"1/3": true, "2/3": true, "1": false, "3/2": false, "0/3": false, "x/3": false} {
		if _, _, got := shelf.Fraction(text); got != ok {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestOrder: what failed last comes first, then the best sellers, then as it was.
func TestOrder(t *testing.T) {
	list := []string{"a", "b", "c", "d"}
	shelf.Order(list, map[string]bool{"d": true}, map[string]int64{"c": 9, "d": 1})
	if !slices.Equal(list, []string{"d", "c", "a", "b"}) {
		t.Error(list)
	}
}

// TestSpread works the example of the rule out.
func TestSpread(t *testing.T) {
	listed := calendar.Day("2026-11-01")
	first := map[string]calendar.Day{"a": listed.Add(3), "b": listed.Add(9), "c": listed.Add(20)}
	for i, want := range []int{1, 2, 3} {
		if got := shelf.Spread(first, listed.Add(shelf.SpreadDays[i])); got != want {
			t.Errorf("day %d: %d", shelf.SpreadDays[i], got)
		}
	}
}

// TestReview works the example of the rule out, and growth with its edges.
func TestReview(t *testing.T) {
	got := shelf.Review([]shelf.Sold{{"c", "crisps", 10}, {"a", "crisps", 60}, {"b", "crisps", 30}, {"n", "nuts", 0}})
	want := "a 60 1 false, b 30 2 false, c 10 3 true, n 0 1 false"
	var text []string
	for _, x := range got {
		text = append(text, fmt.Sprint(x.ProductID, " ", x.Percent, x.Rank, x.Weak))
	}
	if joined := strings.Join(text, ", "); joined != want {
		t.Errorf("%s, not %s", joined, want)
	}
	for _, c := range []struct{ now, before, want int64 }{{110, 100, 10}, {90, 100, -10}, {1, 3, -67}, {100, 100, 0}} {
		if n, ok := shelf.Growth(c.now, c.before); !ok || n != c.want {
			t.Errorf("%+v: %d", c, n)
		}
	}
	if _, ok := shelf.Growth(5, 0); ok {
		t.Error("growth from nothing")
	}
}
