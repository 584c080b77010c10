// Package calendar knows days, zones, working days and quiet hours. It is
// pure: now and the zone are always arguments.
package calendar

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Day is a day of the calendar without a zone, as 2006-01-02; empty is none.
type Day string

const layout = "2006-01-02"

// On returns the day that t is in its own location.
func On(t time.Time) Day { return Day(t.Format(layout)) }

// ParseISO reads 2006-01-02 and nothing else.
func ParseISO(s string) (Day, bool) {
	t, err := time.Parse(layout, s)
	return On(t), err == nil
}

func (d Day) time() time.Time {
	t, _ := time.Parse(layout, string(d))
	return t
}

// Add returns the day n days later; an empty day stays empty.
func (d Day) Add(n int) Day {
	if d == "" {
		return ""
	}
	return On(d.time().AddDate(0, 0, n))
}

// Sub returns the days from other to d.
func (d Day) Sub(other Day) int {
	return int(d.time().Sub(other.time()) / (24 * time.Hour))
}

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.time().Weekday() }

// Monday returns the Monday of the day's week (ISO 8601: a week starts on
// Monday, in China too).
func (d Day) Monday() Day { return d.Add(-(int(d.Weekday()) + 6) % 7) }

// Month returns the first and the last day of the month n months after the day's.
func (d Day) Month(n int) (first, last Day) {
	y, m, _ := d.Parts()
	m += time.Month(n)
	return Date(y, m, 1), Date(y, m+1, 0)
}

// Quarter returns the first and the last day of the quarter n quarters after the day's.
func (d Day) Quarter(n int) (first, last Day) {
	y, m, _ := d.Parts()
	m = (m-1)/3*3 + 1 + time.Month(3*n)
	return Date(y, m, 1), Date(y, m+3, 0)
}

// Year returns the first and the last day of the year n years after the day's.
func (d Day) Year(n int) (first, last Day) {
	y, _, _ := d.Parts()
	return Date(y+n, time.January, 1), Date(y+n, time.December, 31)
}

// Parts returns year, month and day of the month.
func (d Day) Parts() (year int, month time.Month, day int) { return d.time().Date() }

// At returns the instant of a clock time on the day in a zone. A time that the
// night of the clock change skips is the first instant after the gap; of one
// that it repeats, the first.
func (d Day) At(c Clock, loc *time.Location) time.Time {
	y, m, day := d.time().Date()
	hour, minute := int(c)/60, int(c)%60
	t := time.Date(y, m, day, hour, minute, 0, 0, loc)
	if t.Hour() != hour || t.Minute() != minute {
		// time.Date reads a skipped time with the offset of one side of the
		// gap; the gap's end is the border of the zone that is nearer.
		start, end := t.ZoneBounds()
		if !start.IsZero() && t.Sub(start) < 3*time.Hour {
			return start
		}
		return end
	}
	if earlier := t.Add(-time.Hour); earlier.Hour() == hour && earlier.Minute() == minute {
		return earlier
	}
	return t
}

// Clock is a time of the day in minutes after midnight.
type Clock int

// ParseClock reads 8:10, 08:10 or 8点10 (0:00 to 23:59).
func ParseClock(s string) (Clock, bool) {
	s = strings.NewReplacer("：", ":", "点半", ":30", "点", ":", "分", "").Replace(strings.TrimSpace(s))
	h, m, found := strings.Cut(s, ":")
	if m == "" {
		m = "00"
	}
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !found || err1 != nil || err2 != nil || len(m) > 2 || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return 0, false
	}
	return Clock(hour*60 + minute), true
}

// String is the clock as 08:10.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// ClockOf returns the clock time of t in its own location.
func ClockOf(t time.Time) Clock { return Clock(t.Hour()*60 + t.Minute()) }

// Window is a span of the day, possibly over midnight; From == To is never.
type Window struct{ From, To Clock }

// ParseWindow reads 20:00-08:00, also with ~ or 到 or a space between, and the hours as
// people write them: 22-7, 10pm-7am, 晚上10点到早上7点.
func ParseWindow(s string) (Window, bool) {
	s = strings.NewReplacer("～", "-", "~", "-", "–", "-", "—", "-", "到", "-", "至", "-").Replace(s)
	from, to, found := strings.Cut(s, "-")
	if !found {
		from, to, found = strings.Cut(strings.TrimSpace(s), " ")
	}
	a, ok1 := hourOf(from)
	b, ok2 := hourOf(to)
	return Window{a, b}, found && ok1 && ok2 && a != b
}

var reHour = regexp.MustCompile(`^(早上|早晨|凌晨|上午|中午|下午|傍晚|晚上|夜里)?(\d{1,2})(?:[:：点](\d{2}|半)?)?分?(am|pm)?$`)

// hourOf reads the end of a window as people write it: 22:00, 24:00, 22, 10pm, 晚上10点.
func hourOf(s string) (Clock, bool) {
	g := reHour.FindStringSubmatch(strings.ToLower(strings.Join(strings.Fields(s), "")))
	if g == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(g[2])
	minute, _ := strconv.Atoi(strings.Replace(g[3], "半", "30", 1))
	late := g[4] == "pm" || slices.Contains([]string{"下午", "傍晚", "晚上", "夜里"}, g[1])
	switch {
	case g[4] != "" && (hour < 1 || hour > 12):
		return 0, false
	case late && hour < 12:
		hour += 12
	case g[4] == "am" && hour == 12:
		hour = 0
	}
	if hour > 24 || hour == 24 && minute > 0 || minute > 59 {
		return 0, false
	}
	return Clock(hour%24*60 + minute), true
}

// String is the window as 20:00-08:00.
func (w Window) String() string { return w.From.String() + "-" + w.To.String() }

// Has reports whether a clock time is inside; the end is outside.
func (w Window) Has(c Clock) bool {
	if w.From <= w.To {
		return w.From <= c && c < w.To
	}
	return c >= w.From || c < w.To
}

// Company is the company's working calendar.
type Company struct {
	Workdays map[time.Weekday]bool
	Holidays map[Day]bool
	Extra    map[Day]bool // 调休: a day of the weekend that is worked
}

// Working reports whether the company works on a day.
func (c Company) Working(d Day) bool {
	if c.Extra[d] {
		return true
	}
	return c.Workdays[d.Weekday()] && !c.Holidays[d]
}

// Zone loads a zone by its IANA name. "Local" and the empty name are refused:
// a person's zone must not depend on the machine.
func Zone(name string) (*time.Location, bool) {
	if name == "" || strings.EqualFold(name, "local") || len(name) > 64 {
		return nil, false
	}
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), true
	}
	loc, err := time.LoadLocation(name)
	if err != nil && strings.ToLower(name) == name {
		// A phone's keyboard writes europe/berlin.
		loc, err = time.LoadLocation(capital.ReplaceAllStringFunc(name, strings.ToUpper))
	}
	if err != nil {
		return nil, false
	}
	zones.Store(name, loc)
	return loc, true
}

// zones are those that were asked for: they are read from disk once.
var zones sync.Map // name -> *time.Location

var capital = regexp.MustCompile(`(^|[/_-])[a-z]`)

// Date is a day of the calendar; one that the month does not have is counted
// on into the next.
func Date(year int, month time.Month, day int) Day {
	return On(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}
