package invoice_test

import (
	"testing"

	"pgregory.net/rapid"

	"fieldbot/bot/invoice"
	"fieldbot/bot/kit/calendar"
)

// TestForecast: the example of the package, and what a promise covers twice is counted once.
func TestForecast(t *testing.T) {
	today := calendar.Day("2026-11-25") // a Wednesday
	weeks, overdue := invoice.Forecast([]invoice.Payer{{
		Due:      []invoice.Part{{DueOn: "2026-11-27", Amount: 100_00}, {DueOn: "2026-11-01", Amount: 40_00}},
		Promised: []invoice.Part{{DueOn: "2026-12-02", Amount: 60_00}},
		Paid:     4, OnTime: 3, Kept: 1, AllKnown: 2,
	}}, today, 8)
	if w := weeks[0]; w.From != "2026-11-23" || w.Due != 80_00 || w.Expected != 64_00 {
		t.Errorf("the first week: %+v", w)
	}
	if w := weeks[1]; w.Promised != 60_00 || w.Expected != 40_00 {
		t.Errorf("the second week: %+v", w)
	}
	if overdue != 0 || len(weeks) != 8 {
		t.Errorf("overdue %d, %d weeks", overdue, len(weeks))
	}
}

// TestForecastAddsUp: without promises, what is due within the weeks and what is overdue is
// all that is owed; nobody is expected to pay more than that.
func TestForecastAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today := calendar.Day("2026-11-25")
		var all, due, expected int64
		var payers []invoice.Payer
		for range rapid.IntRange(0, 5).Draw(t, "payers") {
			p := invoice.Payer{Paid: rapid.Int64Range(0, 9).Draw(t, "paid")}
			p.OnTime = rapid.Int64Range(0, p.Paid).Draw(t, "on time")
			for range rapid.IntRange(0, 6).Draw(t, "parts") {
				part := invoice.Part{DueOn: today.Add(rapid.IntRange(-90, 50).Draw(t, "due")), Amount: rapid.Int64Range(1, 1_000_00).Draw(t, "amount")}
				p.Due = append(p.Due, part)
				all += part.Amount
			}
			payers = append(payers, p)
		}
		weeks, overdue := invoice.Forecast(payers, today, 8)
		for _, w := range weeks {
			due += w.Due
			expected += w.Expected
			if w.Expected > w.Due+w.Promised {
				t.Fatalf("more is expected than owed: %+v", w)
			}
		}
		if due+overdue != all || expected > all {
			t.Fatalf("due %d + overdue %d of %d, expected %d", due, overdue, all, expected)
		}
	})
}

// TestCountBack: the example of the package, and months without sales count their days.
func TestCountBack(t *testing.T) {
	for _, c := range []struct {
		balance int64
		months  []invoice.Month
		want    int64
		ok      bool
	}{
		{250_00, []invoice.Month{{20, 100_00}, {28, 120_00}, {31, 90_00}}, 583, true},
		{0, []invoice.Month{{20, 100_00}}, 0, true},
		{100_00, []invoice.Month{{20, 0}, {28, 200_00}}, 340, true},
		{100_00, []invoice.Month{{20, 10_00}}, 200, false},
	} {
		if got, ok := invoice.CountBack(c.balance, c.months); got != c.want || ok != c.ok {
			t.Errorf("%d over %v: %d %v, want %d %v", c.balance, c.months, got, ok, c.want, c.ok)
		}
	}
}
