package calendar

import (
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

var reMonthAlone = regexp.MustCompile(`^(\d{1,2})月份?$`)

var reMonth = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})月?$`)

var (
	reQuarter   = regexp.MustCompile(`^(?:q([1-4])|第?([1-4])季度?)$`)
	reQuarterOf = regexp.MustCompile(`^(?:(20\d{2})年?[-\s]?(?:q([1-4])|第?([1-4])季度?)|q([1-4])[-\s](20\d{2}))$`)
	reYear      = regexp.MustCompile(`^(20\d{2})年?$`)
	reYearIn    = regexp.MustCompile(`20\d{2}`)
	reLast      = regexp.MustCompile(`^(?:last |past |最近|近|过去)(?:(\d{1,3}) ?)?(days?|天|weeks?|周|个?星期|months?|个?月)$`)
)

// reUnitOf is a unit said before the period that it is of: month 2026-10.
var reUnitOf = regexp.MustCompile(`^(?:(?:the )?(?:month|quarter|year)(?: of)? |in )`)

// yearBefore is the same day a year before.
func (d Day) yearBefore() Day {
	y, m, day := d.Parts()
	return Date(y-1, m, day)
}

// Period reads a span of days as people type it, both days included: today,
// week, last week, month, last month, quarter, last quarter, Q3, year, 2026,
// last 30 days, 最近两周, 上半年, 2026-11, 2026-Q4, since a day, or two days with "..", "to" or 到
// between, in both languages. Empty is this month; what is not
// understood returns two empty days. The order is that of days in figures.
func Period(raw string, today Day, order Order) (from, to Day) {
	s := strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(raw)), " "))
	s = inFigures(reUnitOf.ReplaceAllString(s, ""))
	y, m, _ := today.Parts()
	switch s {
	case "today", "今天", "今日":
		return today, today
	case "yesterday", "昨天":
		return today.Add(-1), today.Add(-1)
	case "week", "this week", "本周", "这周", "这个星期", "本星期":
		return today.Monday(), today.Monday().Add(6)
	case "last week", "上周", "上星期", "上个星期":
		return today.Monday().Add(-7), today.Monday().Add(-1)
	case "next week", "下周", "下星期":
		return today.Monday().Add(7), today.Monday().Add(13)
	case "", "month", "this month", "本月", "这个月":
		return today.Month(0)
	case "last month", "上月", "上个月":
		return today.Month(-1)
	case "quarter", "this quarter", "本季", "本季度":
		return today.Quarter(0)
	case "last quarter", "上季", "上季度":
		return today.Quarter(-1)
	case "上半年", "h1":
		return Date(y, time.January, 1), Date(y, time.June, 30)
	case "下半年", "h2":
		return Date(y, time.July, 1), Date(y, time.December, 31)
	case "year", "this year", "今年", "本年":
		return today.Year(0)
	case "last year", "去年":
		return today.Year(-1)
	}
	if g := reMonth.FindStringSubmatch(s); g != nil && num(g[2]) >= 1 && num(g[2]) <= 12 {
		return Date(num(g[1]), time.Month(num(g[2])), 1).Month(0)
	}
	if g := reMonthAlone.FindStringSubmatch(s); g != nil && num(g[1]) >= 1 && num(g[1]) <= 12 {
		if time.Month(num(g[1])) > m { // one that is still to come was meant of last year
			y--
		}
		return Date(y, time.Month(num(g[1])), 1).Month(0)
	}
	if g := reQuarter.FindStringSubmatch(s); g != nil {
		quarter := num(g[1]+g[2]) - 1
		first := time.Month(quarter*3 + 1)
		if first > m { // one that is still to come was meant of last year
			y--
		}
		return Date(y, first, 1).Quarter(0)
	}
	if g := reQuarterOf.FindStringSubmatch(s); g != nil {
		quarter := num(g[2]+g[3]+g[4]) - 1
		year, first := num(g[1]+g[5]), time.Month(quarter*3+1)
		return Date(year, first, 1).Quarter(0)
	}
	if g := reYear.FindStringSubmatch(s); g != nil {
		return Date(num(g[1]), time.January, 1).Year(0)
	}
	if g := reLast.FindStringSubmatch(s); g != nil && g[1] != "0" {
		return shift(today, -max(1, num(g[1])), g[2]).Add(1), today
	}
	s = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(s, "from "), "从"))
	if since, ok := sinceDay(s, today, order); ok {
		return since, today
	}
	for _, between := range []string{"..", "到", "至", "~", " - ", " to "} {
		a, b, ok := strings.Cut(s, between)
		if !ok {
			continue
		}
		first, ok1 := Parse(strings.TrimSpace(a), today, order)
		last, ok2 := Parse(strings.TrimSpace(b), today, order)
		if ok1 && ok2 && !reYearIn.MatchString(s) { // figures are of the past
			if first > today {
				first = first.yearBefore()
			}
			if before := last.yearBefore(); last > today && before >= first {
				last = before
			}
		}
		if ok1 && ok2 && first <= last {
			return first, last
		}
	}
	return "", ""
}

// sinceDay reads "since 2026-10-01", 自10月1日, 10月1日以来.
func sinceDay(s string, today Day, order Order) (Day, bool) {
	for _, said := range []string{"since ", "自从", "自"} {
		if rest, ok := strings.CutPrefix(s, said); ok {
			s = rest + "以来"
			break
		}
	}
	rest, ok := strings.CutSuffix(s, "以来")
	if !ok {
		return "", false
	}
	day, ok := Parse(strings.TrimSpace(rest), today, order)
	if ok && day > today && !reYearIn.MatchString(s) {
		day = day.yearBefore()
	}
	return day, ok && day <= today
}

// Span is from a day to another, both included.
type Span struct{ From, To Day }

// Has reports whether a day lies in the span.
func (s Span) Has(d Day) bool { return s.From <= d && d <= s.To }

// Until is the days from today to the next return of a date; it is false for
// none. The 29th of February returns on the 1st of March in other years.
func Until(date, today Day) (int, bool) {
	if date == "" {
		return 0, false
	}
	_, month, day := date.Parts()
	year, _, _ := today.Parts()
	for _, y := range []int{year, year + 1} {
		if next := Date(y, month, day); next >= today {
			return next.Sub(today), true
		}
	}
	return 0, false
}
