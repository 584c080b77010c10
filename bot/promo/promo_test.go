package promo_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/promo"
)

func TestLife(t *testing.T) {
	if err := promo.Life.Check(); err != nil {
		t.Error(err)
	}
}

// TestForecast works the example of Forecast out, and each half alone.
func TestForecast(t *testing.T) {
	p := promo.Promo{Mechanics: []string{"price_off", "display"}}
	h := promo.History{Base: []int64{200, 220, 180, 200}, LastYear: []int64{170, 190}, Recent: 2200, RecentYear: 2000}
	if got := h.Forecast(14, p.Uplift(promo.Default())); got != 724 {
		t.Errorf("%d, not 724", got)
	}
	if got := (promo.History{Base: h.Base}).Forecast(14, big.NewRat(1, 1)); got != 400 {
		t.Errorf("the base alone: %d", got)
	}
	if got := (promo.History{LastYear: h.LastYear, Recent: 2200, RecentYear: 2000}).Forecast(14, big.NewRat(1, 1)); got != 396 {
		t.Errorf("last year alone: %d", got)
	}
	if got := (promo.History{}).Forecast(14, big.NewRat(2, 1)); got != 0 {
		t.Errorf("nothing: %d", got)
	}
	if got := promo.Expected([]int64{7}, 1); got != 1 {
		t.Errorf("a day of a week of 7: %d", got)
	}
}

// TestUplift: the mechanics multiply up to the cap; what a person set stands.
func TestUplift(t *testing.T) {
	s := promo.Default()
	all := promo.Promo{Mechanics: promo.Mechanics}
	if got := all.Uplift(s).FloatString(4); got != "2.5116" { // 1.4 × 1.3 × 1.2 × 1.15
		t.Error(got)
	}
	s.UpliftCap = "2"
	if got := all.Uplift(s).FloatString(2); got != "2.00" {
		t.Error(got)
	}
	all.UpliftFactor = "3.5"
	if got := all.Uplift(s).FloatString(2); got != "2.00" {
		t.Error(got)
	}
	s.UpliftCap = "5"
	if got := all.Uplift(s).FloatString(2); got != "3.50" {
		t.Error(got)
	}
	for text, ok := range map[string]bool{"1.4": true, "0": false, "-1": false, "100": false, "x": false, "1e9": false, "": false} {
		if _, got := promo.Factor(text); got != ok {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func full() promo.Promo {
	return promo.Promo{PromoPrice: 199, Display: []string{"stack"}, StartsOn: "2026-11-01", EndsOn: "2026-11-14", Mechanics: []string{"price_off"}}
}

// TestClawBack: equal points, half up to the cent, only on evidence, never above the fee.
func TestClawBack(t *testing.T) {
	p := full() // price, display, material, stock
	report := func(fee int64, missed ...string) promo.Execution {
		e, err := promo.Execution{Fee: fee, Status: promo.Planned}.Report(p, missed, "why", []string{"x"}, "me", "2026-11-02", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for _, c := range []struct {
		e      promo.Execution
		status string
		want   int64
	}{
		{report(150_000), promo.Executed, 0},
		{report(150_000, "display"), promo.Partly, 37_500},
		{report(100, "display"), promo.Partly, 25},
		{report(2, "display"), promo.Partly, 1}, // half a cent up
		{report(1, "display"), promo.Partly, 0},
		{report(150_001, p.Points()...), promo.NotExecuted, 150_001},
		{promo.Execution{Fee: 150_000, Status: promo.Planned}, promo.Planned, 0},
		{promo.Execution{Fee: 150_000, Status: promo.Unverified}, promo.Unverified, 0},
	} {
		if got := c.e.ClawBack(); got != c.want || c.e.Status != c.status {
			t.Errorf("%s: %d, not %d", c.e.Status, got, c.want)
		}
	}
	again := report(150_000, "display")
	if again.Again = true; again.ClawBack() != 0 || !again.Open() {
		t.Error("a photo that was used before proves nothing")
	}
	if again.CheckedBy = "boss"; again.ClawBack() != 37_500 || again.Open() {
		t.Error("a manager's word stands")
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 5_000 {
		fee, last := r.Int64N(1_000_000), int64(0)
		for n := range len(p.Points()) + 1 {
			back := report(fee, p.Points()[:n]...).ClawBack()
			if back < last || back > fee {
				t.Fatalf("%d of %d for %d points missed, %d for one less", back, fee, n, last)
			}
			last = back
		}
		if last != fee {
			t.Fatalf("nothing was done, and %d of %d is taken back", last, fee)
		}
	}
}

// TestReport: what is missed needs its reason; a report after the end is late.
func TestReport(t *testing.T) {
	p := full()
	e := promo.Execution{Status: promo.Planned}
	if _, err := e.Report(p, []string{"gifts"}, "x", nil, "me", "2026-11-02", time.Now()); err == nil {
		t.Error("gifts are not demanded")
	}
	if _, err := e.Report(p, []string{"display"}, "", nil, "me", "2026-11-02", time.Now()); err == nil {
		t.Error("no reason")
	}
	for day, late := range map[calendar.Day]bool{"2026-11-14": false, "2026-11-15": true} {
		if got, err := e.Report(p, nil, "", nil, "me", day, time.Now()); err != nil || got.Late != late {
			t.Errorf("%s: %v %v", day, got.Late, err)
		}
	}
	for class, want := range map[string]calendar.Day{"A": "2026-11-01", "B": "2026-11-03", "": "2026-11-03"} {
		if got := promo.CheckBy(p, account.Store{Class: class}, promo.Default().CheckDays); got != want {
			t.Errorf("class %q: %s", class, got)
		}
	}
}

// TestCheck: what a promo cannot be.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		change func(*promo.Promo)
		want   string
	}{
		{func(*promo.Promo) {}, "<nil>"},
		{func(p *promo.Promo) { p.EndsOn = "2026-10-31" }, "before_from"},
		{func(p *promo.Promo) { p.EndsOn = "2028-10-31" }, "promo_long"},
		{func(p *promo.Promo) { p.Fee = -1 }, "price_below_zero"},
		{func(p *promo.Promo) { p.Fee = 1 }, "promo_payer"},
		{func(p *promo.Promo) { p.PromoPrice = 0 }, "promo_price_missing"},
		{func(p *promo.Promo) { p.UpliftFactor = "many" }, "promo_factor"},
	} {
		p := full()
		c.change(&p)
		if got := fmt.Sprint(p.Check()); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s, not %s", got, c.want)
		}
	}
}

// TestUnitsIn: a week that lies in a slot in part counts by its days.
func TestUnitsIn(t *testing.T) {
	weeks := map[calendar.Day]int64{"2026-11-02": 70, "2026-11-09": 140}
	for _, c := range []struct {
		from, to calendar.Day
		want     int64
	}{{"2026-11-02", "2026-11-15", 210}, {"2026-11-05", "2026-11-09", 60}, {"2026-11-16", "2026-11-20", 0}, {"2026-11-08", "2026-11-08", 10}} {
		if got := promo.UnitsIn(weeks, calendar.Span{From: c.from, To: c.to}); got != c.want {
			t.Errorf("%s–%s: %d", c.from, c.to, got)
		}
	}
	if p, ok := (promo.Evaluation{Units: 150, Baseline: 100}).UpliftPercent(); !ok || p != 50 {
		t.Error(p, ok)
	}
	if _, ok := (promo.Evaluation{Units: 150}).UpliftPercent(); ok {
		t.Error("no baseline, and an uplift")
	}
}

// TestReturn: the extra margin is measured against the fee that stays: 1,500.00 above the
// usual for 1,200.00, of which 200.00 are taken back, is 150 %.
func TestReturn(t *testing.T) {
	if n, ok := (promo.Evaluation{Margin: 1_500_00, Fee: 1_200_00, ClawBack: 200_00}).Return(); n != 150 || !ok {
		t.Errorf("%d %v", n, ok)
	}
	if _, ok := (promo.Evaluation{Margin: 1, Fee: 5, ClawBack: 5}).Return(); ok {
		t.Error("a fee that was taken back has a return")
	}
}
