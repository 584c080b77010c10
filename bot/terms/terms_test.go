package terms_test

import (
	"testing"

	"pgregory.net/rapid"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/terms"
)

// TestDue: the examples of the package, and those of other people's software that were
// got wrong.
func TestDue(t *testing.T) {
	for name, c := range map[string]struct {
		terms         terms.Terms
		goods, issued calendar.Day
		want          calendar.Day
	}{
		"from the invoice":          {terms.Terms{Rule: terms.DaysInvoice, Days: 30}, "", "2016-01-22", "2016-02-21"},
		"of the grade":              {terms.Terms{Rule: terms.DaysInvoice, GradeDays: 45}, "", "2016-01-22", "2016-03-07"},
		"nothing agreed":            {terms.Default(), "", "2016-01-22", "2016-02-21"},
		"from the goods":            {terms.Terms{Rule: terms.DaysGoods, Days: 30}, "2016-01-20", "2016-01-22", "2016-02-19"},
		"goods with the invoice":    {terms.Terms{Rule: terms.DaysGoods, Days: 30}, "", "2016-01-22", "2016-02-21"},
		"end of month and 45":       {terms.Terms{Rule: terms.MonthEnd, Days: 45}, "", "2019-01-01", "2019-03-17"},
		"end of the next month":     {terms.Terms{Rule: terms.FixedDay, Days: 30, PaymentDay: 31}, "", "2016-01-22", "2016-02-29"},
		"a fixed day, just met":     {terms.Terms{Rule: terms.FixedDay, Days: 10, PaymentDay: 5}, "", "2026-01-26", "2026-02-05"},
		"a fixed day, just not met": {terms.Terms{Rule: terms.FixedDay, Days: 10, PaymentDay: 5}, "", "2026-01-27", "2026-03-05"},
		"over the year":             {terms.Terms{Rule: terms.FixedDay, Days: 30, PaymentDay: 15}, "", "2025-12-20", "2026-02-15"},
		"consignment":               {terms.Terms{Rule: terms.Consignment, Days: 30}, "", "2016-01-22", "2016-03-01"},
		"cash":                      {terms.Terms{Rule: terms.Cash, Days: 30}, "", "2016-01-22", "2016-01-22"},
	} {
		if got := c.terms.Due(c.goods, c.issued); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestDueMonth: end of month + N is one day for all days of a month, a fixed day is one of
// that number or the last of its month, and nothing is due before it is issued.
func TestDueMonth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := calendar.Day("2019-01-01").Add(rapid.IntRange(0, 5000).Draw(t, "day"))
		days := rapid.Int64Range(0, 120).Draw(t, "days")
		m := terms.Terms{Rule: terms.MonthEnd, Days: days}
		if a, b := m.Due("", day), m.Due("", terms.EndOfMonth(day)); a != b {
			t.Fatalf("%s and the end of its month: %s, %s", day, a, b)
		}
		f := terms.Terms{Rule: terms.FixedDay, Days: days, PaymentDay: rapid.Int64Range(1, 31).Draw(t, "payment day")}
		due := f.Due("", day)
		_, _, n := due.Parts()
		if int64(n) != f.PaymentDay && (int64(n) > f.PaymentDay || due != terms.EndOfMonth(due)) {
			t.Fatalf("%s on the %d", due, f.PaymentDay)
		}
		if due.Sub(day) < int(days) || due.Sub(day) > int(days)+31 {
			t.Fatalf("%s + %d days on the %d is %s", day, days, f.PaymentDay, due)
		}
	})
}
