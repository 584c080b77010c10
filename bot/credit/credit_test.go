package credit_test

import (
	"testing"

	"pgregory.net/rapid"

	"fieldbot/bot/credit"
	"fieldbot/bot/kit/calendar"
)

func TestLife(t *testing.T) {
	if err := credit.Life.Check(); err != nil {
		t.Fatal(err)
	}
}

// TestDecide: exactly at the limit passes; grace 7: due on D, no hold on D+7, hold on D+8;
// what is below the threshold stops nothing; a release holds until its day.
func TestDecide(t *testing.T) {
	s, due := credit.Default(), calendar.Day("2026-11-02")
	for name, c := range map[string]struct {
		f    credit.Facts
		more int64
		want credit.Decision
	}{
		"exactly at the limit":     {credit.Facts{Known: true, Limit: 1_000_00, Today: due}, 1_000_00, credit.Decision{}},
		"a cent above":             {credit.Facts{Known: true, Limit: 1_000_00, Today: due}, 1_000_01, credit.Decision{Hold: true, Why: credit.Over, Lift: 1}},
		"no grade, no limit":       {credit.Facts{Today: due}, 1_000_00, credit.Decision{}},
		"on the due day":           {credit.Facts{OldestDue: due, Overdue: 500, Today: due}, 0, credit.Decision{}},
		"D+7":                      {credit.Facts{OldestDue: due, Stopping: 0, Overdue: 500, Today: due.Add(7)}, 0, credit.Decision{Late: 7}},
		"D+8":                      {credit.Facts{OldestDue: due, Stopping: 500, Overdue: 500, Today: due.Add(8)}, 0, credit.Decision{Hold: true, Why: credit.Overdue, Lift: 500, Late: 8}},
		"below the threshold":      {credit.Facts{OldestDue: due, Stopping: 99, Overdue: 99, Today: due.Add(8)}, 0, credit.Decision{Late: 8}},
		"at the threshold":         {credit.Facts{OldestDue: due, Stopping: 100, Overdue: 100, Today: due.Add(8)}, 0, credit.Decision{Hold: true, Why: credit.Overdue, Lift: 100, Late: 8}},
		"released today":           {credit.Facts{Credit: credit.Credit{ReleaseUntil: due.Add(8)}, OldestDue: due, Stopping: 500, Today: due.Add(8)}, 0, credit.Decision{Late: 8}},
		"released until yesterday": {credit.Facts{Credit: credit.Credit{ReleaseUntil: due.Add(7)}, OldestDue: due, Stopping: 500, Today: due.Add(8)}, 0, credit.Decision{Hold: true, Why: credit.Overdue, Lift: 500, Late: 8}},
		"spared":                   {credit.Facts{Credit: credit.Credit{SparedUntil: due.Add(9)}, OldestDue: due, Stopping: 500, Today: due.Add(8)}, 0, credit.Decision{Late: 8}},
	} {
		if got := c.f.Decide(s, c.more); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestHoldIsItsRule: deliveries stop exactly when what is drawn is above the limit or
// something is overdue past the grace, unless released; and what lifts it, lifts it.
func TestHoldIsItsRule(t *testing.T) {
	s := credit.Default()
	rapid.Check(t, func(t *rapid.T) {
		today := calendar.Day("2026-11-23")
		f := credit.Facts{Known: rapid.Bool().Draw(t, "known"), Limit: rapid.Int64Range(0, 1000_00).Draw(t, "limit"), Exposure: rapid.Int64Range(0, 1500_00).Draw(t, "exposure"), Today: today}
		if late := rapid.IntRange(-1, 20).Draw(t, "late"); late > 0 {
			f.OldestDue, f.Overdue = today.Add(-late), rapid.Int64Range(1, 500_00).Draw(t, "overdue")
			if late > s.GraceDays {
				f.Stopping = f.Overdue
			}
		}
		more := rapid.Int64Range(0, 500_00).Draw(t, "more")
		d := f.Decide(s, more)
		over, stopped := f.Known && f.Exposure+more > f.Limit, f.Stopping >= 100
		if d.Hold != (over || stopped) {
			t.Fatalf("%+v: %+v", f, d)
		}
		if !d.Hold {
			return
		}
		if d.Why == credit.Overdue {
			f.OldestDue, f.Stopping, f.Exposure = "", 0, f.Exposure-d.Lift
		} else {
			f.Exposure -= d.Lift
		}
		if after := f.Decide(s, more); after.Hold && after.Why == d.Why {
			t.Fatalf("paying %d lifts nothing: %+v", d.Lift, after)
		}
	})
}

// TestLimitOf: six months of 600.00 in all, 100.00 a month: grade B has 45 days, so 2.0
// months.
func TestLimitOf(t *testing.T) {
	s := credit.Default()
	for want, c := range map[int64]credit.Credit{200_00: {Grade: "B"}, 250_00: {Grade: "A"}, 0: {Grade: "D"}, 777_00: {Grade: "D", Limit: 777_00}, 100_00: {Grade: "A", Days: 15}} {
		if got := credit.LimitOf(c, s, 600_00); got != want {
			t.Errorf("%+v: %d, want %d", c, got, want)
		}
	}
}
