package calendar

import (
	"regexp"
	"strings"
	"time"
)

var reMonthAlone = regexp.MustCompile(`^(\d{1,2})月份?$`)

var reMonth = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})月?$`)

// Period reads a span of days as people type it, both days included: today,
// week, last week, month, last month, quarter, year, 2026-11, or two days with
// ".." or 到 between, in both languages. Empty is this month; what is not
// understood returns two empty days.
func Period(raw string, today Day) (from, to Day) {
	s := strings.ToLower(strings.Join(strings.Fields(raw), " "))
	y, m, _ := today.Parts()
	switch s {
	case "today", "今天", "今日":
		return today, today
	case "yesterday", "昨天":
		return today.Add(-1), today.Add(-1)
	case "week", "this week", "本周", "这周":
		return today.Monday(), today.Monday().Add(6)
	case "last week", "上周":
		return today.Monday().Add(-7), today.Monday().Add(-1)
	case "", "month", "this month", "本月", "这个月":
		return Date(y, m, 1), Date(y, m+1, 0)
	case "last month", "上月", "上个月":
		return Date(y, m-1, 1), Date(y, m, 0)
	case "quarter", "this quarter", "本季", "本季度":
		first := (m-1)/3*3 + 1
		return Date(y, first, 1), Date(y, first+3, 0)
	case "year", "this year", "今年", "本年":
		return Date(y, time.January, 1), Date(y, time.December, 31)
	case "last year", "去年":
		return Date(y-1, time.January, 1), Date(y-1, time.December, 31)
	}
	if g := reMonth.FindStringSubmatch(s); g != nil && num(g[2]) >= 1 && num(g[2]) <= 12 {
		return Date(num(g[1]), time.Month(num(g[2])), 1), Date(num(g[1]), time.Month(num(g[2]))+1, 0)
	}
	if g := reMonthAlone.FindStringSubmatch(s); g != nil && num(g[1]) >= 1 && num(g[1]) <= 12 {
		if time.Month(num(g[1])) > m { // one that is still to come was meant of last year
			y--
		}
		return Date(y, time.Month(num(g[1])), 1), Date(y, time.Month(num(g[1]))+1, 0)
	}
	for _, between := range []string{"..", "到", "至", "~", " - "} {
		a, b, ok := strings.Cut(s, between)
		if !ok {
			continue
		}
		first, ok1 := Parse(strings.TrimSpace(a), today)
		last, ok2 := Parse(strings.TrimSpace(b), today)
		if ok1 && ok2 && first <= last {
			return first, last
		}
	}
	return "", ""
}
