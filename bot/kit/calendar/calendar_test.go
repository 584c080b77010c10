package calendar_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fieldbot/bot/kit/calendar"
)

const today calendar.Day = "2026-11-23" // a Monday

func TestParse(t *testing.T) {
	for typed, want := range map[string]calendar.Day{
		"today": today, "今天": today, "tomorrow": "2026-11-24", "明天": "2026-11-24", "后天": "2026-11-25", "大后天": "2026-11-26", "昨天": "2026-11-22",
		"fri": "2026-11-27", "Friday": "2026-11-27", "next fri": "2026-12-04", "last fri": "2026-11-20",
		"周五": "2026-11-27", "本周五": "2026-11-27", "下周三": "2026-12-02", "下个星期天": "2026-12-06", "上周五": "2026-11-20",
		"+3d": "2026-11-26", "-1d": "2026-11-22", "2w": "2026-12-07", "in 3 days": "2026-11-26", "3天后": "2026-11-26", "两周后": "2026-12-07", "3 days ago": "2026-11-20",
		"2026-12-01": "2026-12-01", "2026/12/1": "2026-12-01", "2026年12月1日": "2026-12-01", "12-01": "2026-12-01", "12/5": "2026-12-05", "12月1日": "2026-12-01", "1号": "2026-12-01", "25号": "2026-11-25",
		"1 Dec": "2026-12-01", "dec 1": "2026-12-01", "01-15": "2027-01-15", "11-20": "2026-11-20", "月底": "2026-11-30", "下周": "2026-11-30",
		"12月3号": "2026-12-03", "十二月三号": "2026-12-03", "下下周五": "2026-12-11", "季末": "2026-12-31", "年底": "2026-12-31", "下月底": "2026-12-31", "三天后": "2026-11-26", "半个月后": "2026-12-08", "三个月前": "2026-08-23", "明年3月5号": "2027-03-05", "下月3号": "2026-12-03", "１２月５日": "2026-12-05", "十二月第一个周一": "2026-12-07", "二零二六年十二月三日": "2026-12-03", "去年的今天": "2025-11-23", "31号": "2026-12-31",
		"jan 12": "2027-01-12", "Jan 12, 2027": "2027-01-12", "the day after tomorrow": "2026-11-25", "end of month": "2026-11-30", "end of the quarter": "2026-12-31", "in two weeks": "2026-12-07", "3rd of December": "2026-12-03", "the 20th": "2026-12-20", "friday next week": "2026-12-04", "a month ago": "2026-10-23", "the second Monday of next month": "2026-12-14", "twenty first of december": "2026-12-21", "Friday the 27th": "2026-11-27", "13-01": "2027-01-13", "Feb 29": "2028-02-29", "20261203": "2026-12-03", "5 august": "2027-08-05", "August 5th": "2027-08-05", "december nineteen": "2026-12-19",
		"Fri 20 Nov": "2026-11-20", "11月20日 周五": "2026-11-20", "12月1日（周二）": "2026-12-01", "Tue, 1 Dec": "2026-12-01",
	} {
		if got, ok := calendar.Parse(typed, today, calendar.MonthFirst); !ok || got != want {
			t.Errorf("%q: %s %v, want %s", typed, got, ok, want)
		}
	}
	for _, typed := range []string{"", "someday", "32号", "2026-02-30", "13-32", "正月初一", "mon", "周一", "周五12月3日", "3 days", "5月前", "3月后", "fri fri", "5", "99999d", "周八"} {
		if got, ok := calendar.Parse(typed, today, calendar.MonthFirst); ok {
			t.Errorf("%q is taken as %s", typed, got)
		}
	}
}

// TestOrder: which comes first, and what is asked about.
func TestOrder(t *testing.T) {
	for _, c := range []struct {
		typed string
		order calendar.Order
		want  []calendar.Day
	}{
		{"5.12", calendar.DayFirst, []calendar.Day{"2026-12-05"}},
		{"05.12.", calendar.DayFirst, []calendar.Day{"2026-12-05"}},
		{"5.12.26", calendar.DayFirst, []calendar.Day{"2026-12-05"}},
		{"31.12.2026", calendar.DayFirst, []calendar.Day{"2026-12-31"}},
		{"5/12", calendar.DayFirst, []calendar.Day{"2026-12-05", "2027-05-12"}},
		{"13/12", calendar.DayFirst, []calendar.Day{"2026-12-13"}},
		{"12/13", calendar.DayFirst, []calendar.Day{"2026-12-13"}},
		{"12/12", calendar.DayFirst, []calendar.Day{"2026-12-12"}},
		{"4.22", calendar.DayFirst, []calendar.Day{"2027-04-22"}},
		{"12.5", calendar.MonthFirst, []calendar.Day{"2026-12-05"}},
		{"12/5", calendar.MonthFirst, []calendar.Day{"2026-12-05"}},
		{"15.3.3", calendar.MonthFirst, []calendar.Day{"2015-03-03"}},
		{"3-7-07", calendar.MonthFirst, []calendar.Day{"2003-07-07", "2007-07-03", "2007-03-07"}},
		{"5-12-2026", calendar.DayFirst, []calendar.Day{"2026-12-05", "2026-05-12"}},
		{"26-12-01", calendar.DayFirst, []calendar.Day{"2026-12-01"}},
		{"周一", calendar.MonthFirst, []calendar.Day{"2026-11-23", "2026-11-30"}},
		{"monday", calendar.DayFirst, []calendar.Day{"2026-11-23", "2026-11-30"}},
		{"周五12月3日", calendar.MonthFirst, []calendar.Day{"2026-12-03", "2026-12-04"}},
		{"Friday 3 Dec", calendar.DayFirst, []calendar.Day{"2026-12-03", "2026-12-04"}},
		{"12月4日周五", calendar.MonthFirst, []calendar.Day{"2026-12-04"}},
	} {
		if got := calendar.Read(c.typed, today, c.order); !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.typed, got, c.want)
		}
	}
}

// TestParseProperty: every day, however it is written, is read back.
func TestParseProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := today.Add(rapid.IntRange(-20, 300).Draw(t, "days"))
		y, m, d := day.Parts()
		date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		layout := rapid.SampledFrom([]string{"2006-01-02", "2006/1/2", "1月2日", "2 Jan", "Jan 2", "01-02"}).Draw(t, "layout")
		if got, ok := calendar.Parse(date.Format(layout), today, calendar.MonthFirst); !ok || got != day {
			t.Fatalf("%s: %s", date.Format(layout), got)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"today", "下周三", "+3d", "2026-12-01", "1 dec"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := calendar.Parse(s, today, calendar.MonthFirst); ok {
			if _, iso := calendar.ParseISO(string(d)); !iso {
				t.Errorf("%q became %q", s, d)
			}
		}
	})
}

// TestClockChange: the morning exists on every day of the year, also in the
// nights when the clock is changed.
func TestClockChange(t *testing.T) {
	for _, c := range []struct {
		zone, day, at, want string
	}{
		{"Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T03:00:00+02:00"}, // skipped
		{"Europe/Berlin", "2026-03-29", "08:10", "2026-03-29T08:10:00+02:00"},
		{"Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T02:30:00+02:00"}, // twice: the first
		{"America/New_York", "2026-03-08", "02:30", "2026-03-08T03:00:00-04:00"},
		{"America/New_York", "2026-11-01", "08:10", "2026-11-01T08:10:00-05:00"},
		{"Pacific/Kiritimati", "2026-11-23", "08:10", "2026-11-23T08:10:00+14:00"},
		{"Pacific/Pago_Pago", "2026-11-23", "08:10", "2026-11-23T08:10:00-11:00"},
		{"Asia/Shanghai", "2026-11-23", "08:10", "2026-11-23T08:10:00+08:00"},
	} {
		loc, ok := calendar.Zone(c.zone)
		at, ok2 := calendar.ParseClock(c.at)
		if !ok || !ok2 {
			t.Fatal(c)
		}
		if got := calendar.Day(c.day).At(at, loc).Format(time.RFC3339); got != c.want {
			t.Errorf("%s %s %s: %s, want %s", c.zone, c.day, c.at, got, c.want)
		}
	}
}

func TestWindow(t *testing.T) {
	night, ok := calendar.ParseWindow("20:00-08:00")
	if !ok {
		t.Fatal("not read")
	}
	for at, want := range map[string]bool{"19:59": false, "20:00": true, "23:59": true, "07:59": true, "08:00": false} {
		c, _ := calendar.ParseClock(at)
		if night.Has(c) != want {
			t.Errorf("%s: %v", at, !want)
		}
	}
	for said, want := range map[string]string{"22-7": "22:00-07:00", "10pm-7am": "22:00-07:00", "10 PM – 7 am": "22:00-07:00", "12am-6am": "00:00-06:00", "22:00-24:00": "22:00-00:00", "晚上10点到早上7点": "22:00-07:00", "晚上9点半至8点": "21:30-08:00"} {
		if w, ok := calendar.ParseWindow(said); !ok || w.String() != want {
			t.Errorf("%q is %s, %v", said, w, ok)
		}
	}
	for _, bad := range []string{"", "20", "25:00-08:00", "8-8", "13pm-7am", "8-9-10", "20:00"} {
		if w, ok := calendar.ParseWindow(bad); ok {
			t.Errorf("%q is taken as %s", bad, w)
		}
	}
}

func TestCompany(t *testing.T) {
	c := calendar.Company{Workdays: map[time.Weekday]bool{1: true, 2: true, 3: true, 4: true, 5: true},
		Holidays: map[calendar.Day]bool{"2026-10-01": true}, Extra: map[calendar.Day]bool{"2026-10-10": true}}
	for day, want := range map[calendar.Day]bool{"2026-11-23": true, "2026-11-22": false, "2026-10-01": false, "2026-10-10": true} {
		if c.Working(day) != want {
			t.Errorf("%s: %v", day, !want)
		}
	}
}

func TestZone(t *testing.T) {
	for typed, want := range map[string]string{"Asia/Shanghai": "Asia/Shanghai", "europe/berlin": "Europe/Berlin", "america/new_york": "America/New_York"} {
		if loc, ok := calendar.Zone(typed); !ok || loc.String() != want {
			t.Errorf("%s: %v", typed, loc)
		}
	}
	for _, typed := range []string{"", "Local", "local", "Mars/Olympus", "../etc/passwd"} {
		if loc, ok := calendar.Zone(typed); ok {
			t.Errorf("%q is taken as %v", typed, loc)
		}
	}
}

// TestHoliday: a day told by a holiday is the holiday, or the working day beside the days off
// around it.
func TestHoliday(t *testing.T) {
	c := calendar.Company{Workdays: map[time.Weekday]bool{1: true, 2: true, 3: true, 4: true, 5: true}, Holidays: map[calendar.Day]bool{}, Extra: map[calendar.Day]bool{}}
	for day := calendar.Day("2027-02-05"); day <= "2027-02-11"; day = day.Add(1) {
		c.Holidays[day] = true
	}
	for said, want := range map[string]calendar.Day{
		"春节": "2027-02-06", "春节前": "2027-02-04", "春節之前": "2027-02-04", "过年后": "2027-02-12", "before Chinese New Year": "2027-02-04",
		"元旦": "2027-01-01", "元旦前": "2026-12-31", "元旦以后": "2027-01-04", "十一": "2027-10-01", "国庆前": "2027-09-30", "after Christmas": "2026-12-28", "圣诞节前": "2026-12-24",
	} {
		if got, ok := calendar.Holiday(said, today, func() calendar.Company { return c }); !ok || got != want {
			t.Errorf("%q: %s %v, want %s", said, got, ok, want)
		}
	}
	if got, _ := calendar.Holiday("春节前", today, func() calendar.Company { return calendar.Company{} }); got != "2027-02-05" {
		t.Errorf("with no days off that are known it is the day before: %s", got)
	}
	for _, said := range []string{"", "前", "周五", "一个月前", "before noon", "节后", "春节期间"} {
		if got, ok := calendar.Holiday(said, today, func() calendar.Company { return c }); ok {
			t.Errorf("%q is taken as %s", said, got)
		}
	}
}
