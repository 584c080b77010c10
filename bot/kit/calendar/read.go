package calendar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Order is what stands first where people write a day in figures alone.
type Order bool

// The orders: 5.12 is 5 December where the day comes first, 12 May where the month does.
const (
	MonthFirst Order = false
	DayFirst   Order = true
)

// Read returns the days that words can mean: none, the one, or those to ask about: of
// 5/12 where the day comes first, of a weekday said on that weekday, of a weekday that
// contradicts its date. It reads both languages at once, since a Chinese rep writes "fri"
// and an English one pastes 明天:
//
//	today tomorrow, the day after tomorrow  今天 明天 后天 大后天 昨天 前天
//	fri, next fri, friday next week         周五 星期五 礼拜五 下周五 下下周五 本周五 上周五
//	+3d -1d 2w, in 3 weeks, two days ago    3天后 两周后 三个月前 半个月后 明天的后天
//	in four business days (Monday to Friday) 5个工作日后
//	2026-12-01 20261201 12-01 5.12 5/12     12月1日 十二月三号 明年3月5号 1号 下月3号
//	1 Dec, Dec 1st 2026, the 20th, 20       月底 下月底 季末 年底
//	the second Monday of next month         12月第一个周一
//
// A day without a year is the next such day within the coming eleven months, else the
// last one; a weekday alone is the next one.
func Read(raw string, today Day, order Order) []Day {
	if len(raw) > 100 {
		return nil
	}
	if from, day, told := strings.Cut(strings.TrimSpace(raw), "的"); told { // 明天的后天
		if a, ok := fixed[from]; ok && fixed[day] != 0 {
			return []Day{today.Add(a + fixed[day])}
		}
	}
	s := normal(raw, today)
	if s == "" {
		return nil
	}
	if d, ok := byName(s, today); ok {
		return []Day{d}
	}
	for _, read := range []func(string, Day) []Day{weekdays, counted, workdays, ends, nth, dayOfMonth, otherYear} {
		if days := read(s, today); days != nil {
			return days
		}
	}
	return dated(s, today, order)
}

// Parse reads a day that can mean only one.
func Parse(raw string, today Day, order Order) (Day, bool) {
	days := Read(raw, today, order)
	if len(days) != 1 {
		return "", false
	}
	return days[0], true
}

var fixed = map[string]int{
	"today": 0, "tod": 0, "now": 0, "今天": 0, "今日": 0, "今": 0, "this day": 0,
	"tomorrow": 1, "tmr": 1, "tmrw": 1, "tom": 1, "next day": 1, "明天": 1, "明日": 1, "次日": 1,
	"day after tomorrow": 2, "day after tmrw": 2, "后天": 2, "后日": 2, "大后天": 3,
	"the day": 0, "last day": -1, "the last day": -1, "past day": -1, "yesterday": -1, "昨天": -1, "昨日": -1, "day before yesterday": -2, "前天": -2, "前日": -2, "大前天": -3,
}

func byName(s string, today Day) (Day, bool) {
	if n, ok := fixed[s]; ok {
		return today.Add(n), true
	}
	y, m, _ := today.Parts()
	switch s {
	case "下月初", "next month":
		return Date(y, m+1, 1), true
	case "下周", "next week":
		return today.Monday().Add(7), true
	}
	return "", false
}

// byWeekday are the names of the days of a week in English.
var byWeekday = map[string]time.Weekday{
	"sun": 0, "sunday": 0, "mon": 1, "monday": 1, "tue": 2, "tues": 2, "tuesday": 2, "wed": 3, "wednesday": 3,
	"thu": 4, "thur": 4, "thurs": 4, "thursday": 4, "fri": 5, "friday": 5, "sat": 6, "saturday": 6,
}

// ParseWeekday reads the English name of a weekday, short or long.
func ParseWeekday(s string) (time.Weekday, bool) {
	w, ok := byWeekday[strings.ToLower(s)]
	return w, ok
}

// weekday reads a weekday in both languages: 周五, fri, sundays.
func weekday(s string) (time.Weekday, bool) {
	if m := reZhWeekday.FindStringSubmatch(s); m != nil {
		return time.Weekday(strings.Index("日一二三四五六", strings.Replace(m[1], "天", "日", 1)) / len("日")), true
	}
	if w, ok := ParseWeekday(s); ok {
		return w, true
	}
	return ParseWeekday(strings.TrimSuffix(s, "s"))
}

const (
	zhWeekday = `(?:周|星期|礼拜)[一二三四五六日天]`
	enWeekday = `(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*`
)

var (
	reZhWeekday = regexp.MustCompile(`^(?:周|星期|礼拜)([一二三四五六日天])$`)
	reZhWeek    = regexp.MustCompile(`^(下下个?|下个?|上上个?|上个?|本|这个?|今个?)?(` + zhWeekday + `)$`)
	reEnWeek    = regexp.MustCompile(`^(?:(next|last|this) )?(` + enWeekday + `)$`)
	reEnOfWeek  = regexp.MustCompile(`^(?:(next|last|this) week (` + enWeekday + `)|(` + enWeekday + `) (next|last|this) week)$`)
)

// weekdays reads a day of a week. A weekday alone, said on that weekday, can be two.
func weekdays(s string, today Day) []Day {
	which, name, ofWeek := "", "", false
	if m := reZhWeek.FindStringSubmatch(s); m != nil {
		which, name, ofWeek = m[1], m[2], m[1] != ""
	} else if m := reEnOfWeek.FindStringSubmatch(s); m != nil {
		which, name, ofWeek = m[1]+m[4], m[2]+m[3], true
	} else if m := reEnWeek.FindStringSubmatch(s); m != nil {
		which, name, ofWeek = m[1], m[2], m[1] == "next" // as 下周五
	}
	w, ok := weekday(name)
	if !ok {
		return nil
	}
	behind := today.Add((int(w) - int(today.Weekday()) + 7) % 7)
	switch {
	case ofWeek:
		return []Day{today.Monday().Add(7*weeksOf(which) + (int(w)+6)%7)}
	case which == "last":
		return []Day{today.Add(-((int(today.Weekday())-int(w)+6)%7 + 1))}
	case which == "" && behind == today:
		return []Day{today, today.Add(7)}
	}
	return []Day{behind}
}

// weeksOf is how many weeks, or months, from now 下, 上上, next … are.
func weeksOf(which string) int {
	for word, n := range map[string]int{"下下": 2, "上上": -2, "next": 1, "last": -1, "previous": -1} {
		if strings.HasPrefix(which, word) {
			return n
		}
	}
	switch {
	case strings.HasPrefix(which, "下"):
		return 1
	case strings.HasPrefix(which, "上"):
		return -1
	}
	return 0
}

const number = `(\d{1,3}|半)`

var (
	reShift   = regexp.MustCompile(`^([+-])?` + number + ` ?(days?|d|weeks?|w|months?|years?|天|日|周|个?星期|个?礼拜|个月|年)(?:之|以)?(后|前| ago| later| from now| back)?$`)
	reEnShift = regexp.MustCompile(`^((?:\d{1,3} (?:day|week|month|year)s? ?)+)(ago|later|(?:from|after|before) (now|today|tomorrow|yesterday))$`)
	reEnPart  = regexp.MustCompile(`(\d{1,3}) (day|week|month|year)`)
	reTurns   = regexp.MustCompile(`^(\d{1,2}) (` + enWeekday + `) (?:from now|later)$`)
)

// counted reads days counted from a day: in 3 days, 两周后, 1 month 21 days ago.
func counted(s string, today Day) []Day {
	s, in := strings.CutPrefix(s, "in ")
	if m := reShift.FindStringSubmatch(s); m != nil {
		short := m[3] == "d" || m[3] == "w"
		if m[1] == "" && m[4] == "" && !in && !short {
			return nil // "3 days" is a time, not a day
		}
		n := num(m[2])
		if m[2] == "半" {
			if !strings.Contains(m[3], "月") {
				return nil
			}
			m[3], n = "天", 15
		}
		if m[1] == "-" || m[4] == "前" || m[4] == " ago" || m[4] == " back" {
			n = -n
		}
		return []Day{shift(today, n, m[3])}
	}
	if m := reTurns.FindStringSubmatch(s); m != nil {
		w, ok := weekday(m[2])
		if !ok || num(m[1]) == 0 {
			return nil
		}
		return []Day{today.Add((int(w)-int(today.Weekday())+6)%7 + 1 + 7*(num(m[1])-1))}
	}
	m := reEnShift.FindStringSubmatch(s)
	if m == nil {
		return nil
	}
	day, sign := today.Add(fixed[m[3]]), 1
	if m[2] == "ago" || strings.HasPrefix(m[2], "before") {
		sign = -1
	}
	parts := reEnPart.FindAllStringSubmatch(m[1], -1)
	slices.SortStableFunc(parts, func(a, b []string) int {
		return strings.Index("year month week day", a[2]) - strings.Index("year month week day", b[2])
	})
	for _, p := range parts {
		day = shift(day, sign*num(p[1]), p[2])
	}
	return []Day{day}
}

var reWorkdays = regexp.MustCompile(`^(?:(?:in )?(\d{1,3}) (?:business|working|work) days?( ago)?(?: later| from now)?|(\d{1,3})个?工作日(?:之|以)?([前后内]))$`)

// workdays reads days counted from Monday to Friday; it knows no company's holidays.
func workdays(s string, today Day) []Day {
	m := reWorkdays.FindStringSubmatch(s)
	if m == nil {
		return nil
	}
	step := 1
	if m[2] != "" || m[4] == "前" {
		step = -1
	}
	day := today
	for left := num(m[1] + m[3]); left > 0; {
		day = day.Add(step)
		if w := day.Weekday(); w != time.Saturday && w != time.Sunday {
			left--
		}
	}
	return []Day{day}
}

// shift counts units from a day. A month that is too short ends at its last day.
func shift(d Day, n int, unit string) Day {
	y, m, day := d.Parts()
	switch {
	case strings.HasPrefix(unit, "w") || strings.Contains(unit, "周") || strings.Contains(unit, "星期") || strings.Contains(unit, "礼拜"):
		return d.Add(7 * n)
	case strings.HasPrefix(unit, "month") || strings.Contains(unit, "月"):
		m += time.Month(n)
	case strings.HasPrefix(unit, "year") || unit == "年":
		y += n
	default:
		return d.Add(n)
	}
	_, _, last := Date(y, m+1, 0).Parts()
	return Date(y, m, min(day, last))
}

var (
	reEndOf = regexp.MustCompile(`^(?:(本|这个?|下个?|下下个?)?月(?:月)?(?:底|末)|(本|这个?|下个?)?季度?(?:末|底)|(今|明)?年(?:底|末))$`)
	reEnEnd = regexp.MustCompile(`^(?:end(?: of)?(?: (this|next))? (month|quarter|year)|(month|quarter|year) end|eom|eoq|eoy)$`)
)

// ends reads the last day of a month, a quarter or a year.
func ends(s string, today Day) []Day {
	unit, n := "", 0
	if g := reEndOf.FindStringSubmatch(s); g != nil {
		unit, n = "month", weeksOf(g[1]+g[2])
		switch {
		case strings.Contains(s, "季"):
			unit = "quarter"
		case strings.Contains(s, "年"):
			unit = "year"
			n = strings.Count(g[3], "明")
		}
	} else if g := reEnEnd.FindStringSubmatch(s); g != nil {
		unit, n = g[2]+g[3]+map[string]string{"eom": "month", "eoq": "quarter", "eoy": "year"}[s], weeksOf(g[1])
	}
	span, ok := map[string]func(int) (Day, Day){"month": today.Month, "quarter": today.Quarter, "year": today.Year}[unit]
	if !ok {
		return nil
	}
	_, last := span(n)
	return []Day{last}
}

var (
	reEnNth = regexp.MustCompile(`^([1-5]) (` + enWeekday + `)(?: (?:in )?(?:(this|next|last|previous) month|([a-z]{3,9})))?$`)
	reZhNth = regexp.MustCompile(`^(?:(\d{4})年)?(?:(\d{1,2})月|(本|这个?|下个?|上个?)月)第([1-5])个(` + zhWeekday + `)$`)
)

// nth reads the second Monday of a month.
func nth(s string, today Day) []Day {
	year, now, _ := today.Parts()
	n, name, month := 0, "", time.Month(0)
	if g := reEnNth.FindStringSubmatch(s); g != nil {
		n, name = num(g[1]), g[2]
		if month = byMonth[g[4]]; month == 0 && g[4] != "" {
			return nil
		}
		now += time.Month(weeksOf(g[3]))
	} else if g := reZhNth.FindStringSubmatch(s); g != nil {
		n, name, month = num(g[4]), g[5], time.Month(num(g[2]))
		now += time.Month(weeksOf(g[3]))
		if g[1] != "" {
			year, now = num(g[1]), 1
		}
	}
	w, ok := weekday(name)
	if !ok {
		return nil
	}
	switch {
	case month == 0:
		month = now
	case month < now: // it is over: next year's
		year++
	}
	first := Date(year, month, 1)
	at := first.Add((int(w)-int(first.Weekday())+7)%7 + 7*(n-1))
	if _, in, _ := at.Parts(); in != first.time().Month() {
		return nil
	}
	return []Day{at}
}

var (
	reOtherYear = regexp.MustCompile(`^(\d{4})年(今天|昨天|明天|本月.+)$`)
	reYearsAgo  = regexp.MustCompile(`^(\d{1,2})年前今天$`)
)

// otherYear reads a day of today's month in another year: 去年今天.
func otherYear(s string, today Day) []Day {
	year, month, day := today.Parts()
	if m := reOtherYear.FindStringSubmatch(s); m != nil {
		return Read(m[2], Date(num(m[1]), month, day), MonthFirst)
	}
	if m := reYearsAgo.FindStringSubmatch(s); m != nil {
		return []Day{Date(year-num(m[1]), month, day)}
	}
	return nil
}

func num(s string) int { n, _ := strconv.Atoi(s); return n }
