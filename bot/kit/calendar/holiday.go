package calendar

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"fieldbot/bot/kit/hanzi"
)

// holidays are the days by which people name others: month and day, or, of those that go by
// the moon, the days as GB/T 33661 (the Chinese calendar) has them.
var holidays = []struct {
	names  string // as people say them, by commas
	yearly string // month and day
	moon   []Day
}{
	{names: "元旦,新年,new year,new year's day", yearly: "01-01"},
	{names: "春节,过年,chinese new year,spring festival", moon: []Day{"2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03", "2031-01-23", "2032-02-11", "2033-01-31", "2034-02-19", "2035-02-08"}},
	{names: "五一,劳动节,labour day,labor day", yearly: "05-01"},
	{names: "端午,端午节", moon: []Day{"2026-06-19", "2027-06-09", "2028-05-28", "2029-06-16", "2030-06-05"}},
	{names: "中秋,中秋节", moon: []Day{"2026-09-25", "2027-09-15", "2028-10-03", "2029-09-22", "2030-09-12"}},
	{names: "国庆,国庆节,十一,national day", yearly: "10-01"},
	{names: "圣诞,圣诞节,christmas,xmas", yearly: "12-25"},
}

var reHoliday = regexp.MustCompile(`^(before |after )?(.+?)(?:之|以)?(前|后)?$`)

// Holiday reads a day that is told by a holiday: 国庆, 春节前, after christmas. Before one is
// the last day that the company works before the days off around it, after it the first one
// after them. It is the next such day from today. The company is asked for where it matters.
func Holiday(raw string, today Day, company func() Company) (Day, bool) {
	m := reHoliday.FindStringSubmatch(strings.ToLower(strings.Join(strings.Fields(hanzi.Simplified(norm.NFKC.String(raw))), " ")))
	if m == nil {
		return "", false
	}
	for _, h := range holidays {
		for _, name := range strings.Split(h.names, ",") {
			if m[2] != name {
				continue
			}
			days := h.moon
			if h.yearly != "" {
				year, _, _ := today.Parts()
				days = []Day{Day(strconv.Itoa(year) + "-" + h.yearly), Day(strconv.Itoa(year+1) + "-" + h.yearly)}
			}
			for _, day := range days {
				switch {
				case m[1] == "before " || m[3] == "前":
					day = company().beside(day, -1)
				case m[1] == "after " || m[3] == "后":
					day = company().beside(day, 1)
				}
				if day >= today {
					return day, true
				}
			}
		}
	}
	return "", false
}

// maxHolidays bounds the days off around a holiday.
const maxHolidays = 20

// beside is the first working day before (step -1) or after (1) the days off around a day.
func (c Company) beside(day Day, step int) Day {
	day = day.Add(step)
	for n := 0; n < maxHolidays && (c.Holidays[day] || len(c.Workdays) > 0 && !c.Working(day)); n++ {
		day = day.Add(step)
	}
	return day
}
