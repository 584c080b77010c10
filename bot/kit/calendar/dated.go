package calendar

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

var byMonth = func() map[string]time.Month {
	m := map[string]time.Month{"sept": time.September}
	for i := time.January; i <= time.December; i++ {
		name := strings.ToLower(i.String())
		m[name], m[name[:3]] = i, i
	}
	return m
}()

var (
	reOfMonth = regexp.MustCompile(`^(?:(\d{1,2})[日号]|(?:the )?(\d{1,2})(?:st|nd|rd|th)|the (\d{1,2})|(\d{2}))$`)
	reInMonth = regexp.MustCompile(`^(?:(本|这个?|下下个?|下个?|上个?)月(\d{1,2})[日号]?|(?:the )?(\d{1,2})(?:st|nd|rd|th)? (this|next|last|previous) month)$`)
)

// dayOfMonth reads a day of this month or the next that has it, or of a month that is said:
// 25号, the 20th, 25, 下月3号.
func dayOfMonth(s string, today Day) []Day {
	year, month, now := today.Parts()
	if m := reInMonth.FindStringSubmatch(s); m != nil {
		if d, ok := date(Date(year, month+time.Month(weeksOf(m[1]+m[4])), 1), num(m[2]+m[3])); ok {
			return []Day{d}
		}
		return nil
	}
	m := reOfMonth.FindStringSubmatch(s)
	if m == nil {
		return nil
	}
	day := num(m[1] + m[2] + m[3] + m[4])
	if day < now {
		month++
	}
	for range 3 {
		if d, ok := date(Date(year, month, 1), day); ok {
			return []Day{d}
		}
		month++
	}
	return nil
}

// date is a day of the month that begins on a day; it refuses those that do not exist, such
// as 31 February, and years that are no years.
func date(first Day, day int) (Day, bool) {
	y, m, _ := first.Parts()
	d := Date(y, m, day)
	_, in, _ := d.Parts()
	return d, in == m && day >= 1 && y >= 1000 && y <= 2199
}

var (
	reBeside  = regexp.MustCompile(`^(?:(` + enWeekday + `|` + zhWeekday + `) ?)?(.*?)(?: ?[(（]?(` + zhWeekday + `)[)）]?)?$`)
	reYMD     = regexp.MustCompile(`^(\d{4})[-/. 年](\d{1,2})[-/. 月](\d{1,2})[日号]?$`)
	reCompact = regexp.MustCompile(`^((?:19|20)\d{2})(\d{2})(\d{2})$`)
	reThree   = regexp.MustCompile(`^(\d{1,2})([-/. ])(\d{1,2})[-/. ](\d{1,2}|\d{4})$`)
	reTwo     = regexp.MustCompile(`^(\d{1,2})([-/.])(\d{1,2})$`)
	reZhMD    = regexp.MustCompile(`^(\d{1,2})月(\d{1,2})[日号]?$`)
	reSplit   = regexp.MustCompile(`[a-z]+|\d+`)
	reNamed   = regexp.MustCompile(`^(?:[a-z]{3,9}|\d{1,4})(?:[-/. ]*(?:[a-z]{3,9}|\d{1,4}))*$`)
)

// dated reads a date, with or without its year and a weekday beside it. Where the two
// contradict each other, both are to be asked about.
func dated(s string, today Day, order Order) []Day {
	m := reBeside.FindStringSubmatch(s)
	beside, bare := m[1]+m[3], strings.TrimSpace(m[2])
	if beside == "" || bare == "" {
		return figures(s, today, order)
	}
	w, ok := weekday(beside)
	if !ok || m[1] != "" && m[3] != "" {
		return nil
	}
	days := figures(bare, today, order)
	if days == nil {
		return nthBeside(bare, w, today)
	}
	if fit := slices.DeleteFunc(slices.Clone(days), func(d Day) bool { return d.Weekday() != w }); len(fit) > 0 {
		return fit
	}
	near := days[0].Add((int(w)-int(days[0].Weekday())+10)%7 - 3) // the one within three days
	return []Day{days[0], near}
}

// nthBeside reads "Thursday the 21st": the month nearest to today in which it is one.
func nthBeside(s string, w time.Weekday, today Day) []Day {
	m := reOfMonth.FindStringSubmatch(s)
	if m == nil {
		return nil
	}
	day := num(m[1] + m[2] + m[3] + m[4])
	year, month, _ := today.Parts()
	for _, off := range []time.Month{0, 1, -1} {
		if d, ok := date(Date(year, month+off, 1), day); ok && d.Weekday() == w {
			return []Day{d}
		}
	}
	return nil
}

// figures reads a date by its figures and the name of its month.
func figures(s string, today Day, order Order) []Day {
	if m := reYMD.FindStringSubmatch(s); m != nil {
		return one(num(m[1]), num(m[2]), num(m[3]))
	}
	if m := reCompact.FindStringSubmatch(s); m != nil {
		return one(num(m[1]), num(m[2]), num(m[3]))
	}
	if m := reZhMD.FindStringSubmatch(s); m != nil {
		return yearless(num(m[1]), num(m[2]), today)
	}
	if m := reTwo.FindStringSubmatch(s); m != nil {
		return inOrder(m[2], order, yearless(num(m[1]), num(m[3]), today), yearless(num(m[3]), num(m[1]), today))
	}
	if m := reThree.FindStringSubmatch(s); m != nil {
		return three(m, today, order)
	}
	return named(s, today)
}

// inOrder chooses between month first and day first: figures with a dash are those of an
// ISO date, with a dot those of the language, with a slash those of either where the day
// comes first.
func inOrder(mark string, order Order, monthFirst, dayFirst []Day) []Day {
	first, second := monthFirst, dayFirst
	if order == DayFirst && mark != "-" {
		first, second = dayFirst, monthFirst
	}
	switch {
	case len(first) == 0:
		return second
	case len(second) == 0 || mark != "/" || order == MonthFirst || first[0] == second[0]:
		return first
	}
	return []Day{first[0], second[0]}
}

// three reads three figures of which the last is the year, or, where all are short, any
// that make a date of these years.
func three(m []string, today Day, order Order) []Day {
	a, b, y, mark := num(m[1]), num(m[3]), num(m[4]), m[2]
	if m[2] == "-" || order == MonthFirst && len(m[4]) == 4 { // not how an ISO date is, nor how Chinese is written: either may be meant
		m[2] = "/"
	}
	if len(m[4]) == 4 {
		if m[2] == "/" {
			order = DayFirst
		}
		return inOrder(m[2], order, one(y, a, b), one(y, b, a))
	}
	dayFirst, monthFirst, yearFirst := one(century(y, today), b, a), one(century(y, today), a, b), one(century(a, today), b, y)
	if order == DayFirst && (mark != "-" || yearFirst == nil) {
		return inOrder(m[2], order, monthFirst, dayFirst)
	}
	if yearFirst != nil && (m[2] == "." || a > 12) { // 15.3.3, as the year stands first in Chinese
		return yearFirst
	}
	var out []Day
	for _, days := range [][]Day{yearFirst, dayFirst, monthFirst} {
		for _, d := range days {
			if !slices.Contains(out, d) {
				out = append(out, d)
			}
		}
	}
	return out
}

// century is the year that two figures mean: up to 20 years ahead, else of the last century.
func century(yy int, today Day) int {
	year, _, _ := today.Parts()
	full := year/100*100 + yy
	if full > year+20 {
		full -= 100
	}
	return full
}

// named reads a date with the name of its month: Dec 1, 1 dec 2026, 2019-sep-1.
func named(s string, today Day) []Day {
	if !reNamed.MatchString(s) {
		return nil
	}
	month, day, year := time.Month(0), 0, 0
	for _, part := range reSplit.FindAllString(reOrdinal.ReplaceAllString(s, "$1"), -1) {
		switch n := num(part); {
		case part[0] >= 'a':
			if month != 0 || byMonth[part] == 0 {
				return nil
			}
			month = byMonth[part]
		case len(part) > 2 && year == 0:
			year = n
		case len(part) <= 2 && day == 0:
			day = n
		default:
			return nil
		}
	}
	switch {
	case month == 0 || day == 0:
		return nil
	case year != 0:
		return one(year, int(month), day)
	}
	return yearless(int(month), day, today)
}

func one(y, m, d int) []Day {
	if m < 1 || m > 12 {
		return nil
	}
	if day, ok := date(Date(y, time.Month(m), 1), d); ok {
		return []Day{day}
	}
	return nil
}

// yearless is the day of the year that is nearest; 29 February waits for its year.
func yearless(month, day int, today Day) []Day {
	year, _, _ := today.Parts()
	for _, y := range []int{year, year + 1, year - 1} {
		if d := one(y, month, day); d != nil {
			if diff := d[0].Sub(today); diff > -31 && diff < 335 {
				return d
			}
		}
	}
	for y := year; y <= year+8; y++ {
		if d := one(y, month, day); d != nil {
			return d
		}
	}
	return nil
}
