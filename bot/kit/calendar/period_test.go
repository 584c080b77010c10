package calendar_test

import (
	"testing"

	"fieldbot/bot/kit/calendar"
)

// TestPeriod: spans as people type them, on Monday 23 November 2026.
func TestPeriod(t *testing.T) {
	const today = calendar.Day("2026-11-23")
	for raw, want := range map[string][2]calendar.Day{
		"": {"2026-11-01", "2026-11-30"}, "today": {today, today}, "昨天": {"2026-11-22", "2026-11-22"},
		"this week": {"2026-11-23", "2026-11-29"}, "上周": {"2026-11-16", "2026-11-22"}, "Last Month": {"2026-10-01", "2026-10-31"},
		"本季": {"2026-10-01", "2026-12-31"}, "去年": {"2025-01-01", "2025-12-31"}, "2026-02": {"2026-02-01", "2026-02-28"}, "2024年2月": {"2024-02-01", "2024-02-29"},
		"10月": {"2026-10-01", "2026-10-31"}, "12月": {"2025-12-01", "2025-12-31"}, "11-01..11-15": {"2026-11-01", "2026-11-15"}, "11月1日到11月15日": {"2026-11-01", "2026-11-15"},
		"上季度": {"2026-07-01", "2026-09-30"}, "last quarter": {"2026-07-01", "2026-09-30"}, "Q3": {"2026-07-01", "2026-09-30"}, "四季度": {"2026-10-01", "2026-12-31"}, "q4": {"2026-10-01", "2026-12-31"}, "2025": {"2025-01-01", "2025-12-31"}, "2026年": {"2026-01-01", "2026-12-31"},
		"近30天": {"2026-10-25", today}, "last 7 days": {"2026-11-17", today}, "7-1..9-30": {"2026-07-01", "2026-09-30"}, "2027-07-01..2027-09-30": {"2027-07-01", "2027-09-30"},
		"2026-Q4": {"2026-10-01", "2026-12-31"}, "Q4 2025": {"2025-10-01", "2025-12-31"}, "2026年三季度": {"2026-07-01", "2026-09-30"}, "since 2026-10-01": {"2026-10-01", today}, "自10月1日": {"2026-10-01", today}, "10月1日以来": {"2026-10-01", today},
		"from 2026-10-01 to 2026-11-01": {"2026-10-01", "2026-11-01"}, "从10月1日到11月1日": {"2026-10-01", "2026-11-01"}, "since 2027-01-01": {"", ""},
		"最近7天": {"2026-11-17", today}, "最近一周": {"2026-11-17", today}, "近三个月": {"2026-08-24", today}, "past 2 weeks": {"2026-11-10", today}, "下周": {"2026-11-30", "2026-12-06"}, "上半年": {"2026-01-01", "2026-06-30"}, "month 2026-10": {"2026-10-01", "2026-10-31"}, "十月": {"2026-10-01", "2026-10-31"}, "第三季度": {"2026-07-01", "2026-09-30"},
		"never": {"", ""}, "11-15..11-01": {"", ""}, "2026-13": {"", ""}, "13月": {"", ""},
	} {
		if from, to := calendar.Period(raw, today, calendar.MonthFirst); from != want[0] || to != want[1] {
			t.Errorf("%q: %s to %s, want %v", raw, from, to, want)
		}
	}
}

// FuzzPeriod: whatever is typed, a span is whole or none, and never backwards.
func FuzzPeriod(f *testing.F) {
	for _, s := range []string{"week", "11-01..11-15", "2026-11", "上个月", "到"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		from, to := calendar.Period(s, "2026-11-23", calendar.MonthFirst)
		if (from == "") != (to == "") || from > to {
			t.Errorf("%q: %q to %q", s, from, to)
		}
	})
}

// TestUntil: birthdays over the turn of the year, and of the 29th of February.
func TestUntil(t *testing.T) {
	for _, c := range []struct {
		date, today calendar.Day
		days        int
	}{{"1980-11-23", "2026-11-23", 0}, {"1980-01-02", "2026-12-30", 3}, {"1984-02-29", "2027-02-27", 2}, {"1984-02-29", "2028-02-27", 2}, {"1980-11-22", "2026-11-23", 364}} {
		if n, ok := calendar.Until(c.date, c.today); !ok || n != c.days {
			t.Errorf("%s from %s: %d days", c.date, c.today, n)
		}
	}
	if _, ok := calendar.Until("", "2026-11-23"); ok {
		t.Error("no date is no day")
	}
}
