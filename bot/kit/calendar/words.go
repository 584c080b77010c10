package calendar

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The grammar of days that people type, in both languages at once, since a
// Chinese rep writes "fri" and an English one pastes 明天:
//
//	today tomorrow yesterday          今天 明天 后天 大后天 昨天 前天
//	fri, next fri, this fri           周五 星期五 礼拜五 下周五 本周五 上周五
//	+3d -1d 2w, in 3 days             3天后 两周后
//	2026-12-01 2026/12/1 12-01 12/1   12月1日 2026年12月1日 1号
//	1 Dec, Dec 1                      月底 月初
//
// A day without a year is the next such day within the coming eleven months,
// else the last one; a weekday alone is the next one after today.
var (
	reISO      = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$`)
	reMonthDay = regexp.MustCompile(`^(\d{1,2})[-/.月](\d{1,2})[日号]?$`)
	reDayOnly  = regexp.MustCompile(`^(\d{1,2})[日号]$`)
	reShift    = regexp.MustCompile(`^([+-])?(\d{1,3})\s*(d|day|days|w|week|weeks|天|日|周|个星期|星期)?(后|前| ago)?$`)
	reWeekday  = regexp.MustCompile(`^(下下|下个?|本|这个?|上个?)?(?:周|星期|礼拜)([一二三四五六日天1-7])$`)
	reNamed    = regexp.MustCompile(`^(\d{1,2})\s*([a-z]{3,9})\.?$`)
	reNamed2   = regexp.MustCompile(`^([a-z]{3,9})\.?\s*(\d{1,2})$`)
)

var fixed = map[string]int{
	"today": 0, "tod": 0, "now": 0, "今天": 0, "今日": 0, "今": 0,
	"tomorrow": 1, "tmr": 1, "tom": 1, "明天": 1, "明日": 1,
	"day after tomorrow": 2, "后天": 2, "大后天": 3,
	"yesterday": -1, "昨天": -1, "昨日": -1, "前天": -2, "大前天": -3,
}

var weekdays = map[string]time.Weekday{
	"sun": 0, "sunday": 0, "mon": 1, "monday": 1, "tue": 2, "tues": 2, "tuesday": 2, "wed": 3, "wednesday": 3,
	"thu": 4, "thur": 4, "thurs": 4, "thursday": 4, "fri": 5, "friday": 5, "sat": 6, "saturday": 6,
	"日": 0, "天": 0, "7": 0, "一": 1, "1": 1, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4, "五": 5, "5": 5, "六": 6, "6": 6,
}

// ParseWeekday reads the English name of a weekday, short or long.
func ParseWeekday(s string) (time.Weekday, bool) {
	w, ok := weekdays[strings.ToLower(s)]
	return w, ok && len(s) >= 3
}

var months = func() map[string]time.Month {
	m := map[string]time.Month{}
	for i := time.January; i <= time.December; i++ {
		name := strings.ToLower(i.String())
		m[name], m[name[:3]] = i, i
	}
	return m
}()

// Parse reads a day as people type it; today is the person's own.
func Parse(raw string, today Day) (Day, bool) {
	s := strings.ToLower(strings.Join(strings.Fields(raw), " "))
	s = strings.NewReplacer("两", "2", "下个月", "下月").Replace(s)
	s = beside(s)
	if n, ok := fixed[s]; ok {
		return today.Add(n), true
	}
	switch s {
	case "月底", "end of month", "eom":
		y, m, _ := today.Parts()
		return On(time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC)), true
	case "下月初", "next month":
		y, m, _ := today.Parts()
		return On(time.Date(y, m+1, 1, 0, 0, 0, 0, time.UTC)), true
	case "下周", "next week":
		return today.Monday().Add(7), true
	}
	if m := reISO.FindStringSubmatch(s); m != nil {
		return date(num(m[1]), num(m[2]), num(m[3]))
	}
	if d, ok := weekday(s, today); ok {
		return d, true
	}
	if d, ok := shifted(s, today); ok {
		return d, true
	}
	return yearless(s, today)
}

var reBeside = regexp.MustCompile(`^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?(.*?)(?:[ ,，(（]*(?:周|星期|礼拜)[一二三四五六日天][)）]?)?$`)

// beside leaves out the weekday that stands beside a day, as the bot itself
// prints it: Fri 20 Nov, 11月20日 周五. A weekday alone, or with a word before it,
// stays.
func beside(s string) string {
	if m := reBeside.FindStringSubmatch(s); m != nil && strings.ContainsAny(m[1], "0123456789") {
		return m[1]
	}
	return s
}

func num(s string) int { n, _ := strconv.Atoi(s); return n }

// date refuses days that do not exist, such as 31 February.
func date(y, m, d int) (Day, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return On(t), t.Day() == d && int(t.Month()) == m && y >= 1900 && y <= 2199
}

func weekday(s string, today Day) (Day, bool) {
	if m := reWeekday.FindStringSubmatch(s); m != nil {
		target := (int(weekdays[m[2]]) + 6) % 7
		switch {
		case m[1] == "":
			return today.Add((int(weekdays[m[2]])-int(today.Weekday())+6)%7 + 1), true
		case strings.HasPrefix(m[1], "下下"):
			return today.Monday().Add(14 + target), true
		case strings.HasPrefix(m[1], "下"):
			return today.Monday().Add(7 + target), true
		case strings.HasPrefix(m[1], "上"):
			return today.Monday().Add(-7 + target), true
		}
		return today.Monday().Add(target), true
	}
	name, next := strings.CutPrefix(s, "next ")
	name, last := strings.CutPrefix(name, "last ")
	name = strings.TrimPrefix(name, "this ")
	w, ok := ParseWeekday(name)
	switch {
	case !ok:
		return "", false
	case next: // the one of the coming week, as 下周五
		return today.Monday().Add(7 + (int(w)+6)%7), true
	case last:
		return today.Add(-((int(today.Weekday())-int(w)+6)%7 + 1)), true
	}
	return today.Add((int(w)-int(today.Weekday())+6)%7 + 1), true
}

func shifted(s string, today Day) (Day, bool) {
	s, in := strings.CutPrefix(s, "in ")
	m := reShift.FindStringSubmatch(s)
	if m == nil || m[1] == "" && m[4] == "" && !in && m[3] != "d" && m[3] != "w" {
		return "", false
	}
	n := num(m[2])
	if strings.HasPrefix(m[3], "w") || strings.Contains(m[3], "周") || strings.Contains(m[3], "星期") {
		n *= 7
	}
	if m[1] == "-" || m[4] == "前" || m[4] == " ago" {
		n = -n
	}
	return today.Add(n), true
}

func yearless(s string, today Day) (Day, bool) {
	year, thisMonth, thisDay := today.Parts()
	month, day := 0, 0
	if m := reMonthDay.FindStringSubmatch(s); m != nil {
		month, day = num(m[1]), num(m[2])
	} else if m := reDayOnly.FindStringSubmatch(s); m != nil {
		month, day = int(thisMonth), num(m[1])
		if day < thisDay {
			month++
		}
		if month > 12 {
			year, month = year+1, 1
		}
		return date(year, month, day)
	} else if m := reNamed.FindStringSubmatch(s); m != nil {
		month, day = int(months[m[2]]), num(m[1])
	} else if m := reNamed2.FindStringSubmatch(s); m != nil {
		month, day = int(months[m[1]]), num(m[2])
	}
	// 29 February is looked for in the years around: this one may not have it.
	for _, y := range []int{year, year + 1, year - 1} {
		d, ok := date(y, month, day)
		if diff := d.Sub(today); ok && diff > -31 && diff < 335 {
			return d, true
		}
	}
	return date(year, month, day)
}
