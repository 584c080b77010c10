package remind_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"fieldbot/bot/clock/remind"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
)

var everyDay = map[time.Weekday]bool{0: true, 1: true, 2: true, 3: true, 4: true, 5: true, 6: true}

// TestEachDayOnce: minute by minute through a week with a clock change, each
// digest becomes due on each local day, never at an instant in quiet hours.
func TestEachDayOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]string{"Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Shanghai", "Australia/Lord_Howe"}).Draw(t, "zone")
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		quiet := calendar.Window{From: calendar.Clock(rapid.IntRange(19*60, 23*60).Draw(t, "from")), To: calendar.Clock(rapid.IntRange(0, 10*60).Draw(t, "to"))}
		h := person.Hours{Zone: loc, Quiet: quiet, Company: calendar.Company{Workdays: everyDay}}
		at := calendar.Clock(rapid.IntRange(0, 24*60-1).Draw(t, "at"))
		from := rapid.SampledFrom([]string{"2026-03-27", "2026-10-23", "2026-10-30", "2026-03-06", "2026-04-03"}).Draw(t, "week")
		start := calendar.Day(from).At(0, loc)
		had := map[calendar.Day]int{}
		late := 0
		for n := range 4 * 24 * 60 {
			now := start.Add(time.Duration(n) * time.Minute)
			day, isLate, due := remind.Due(h, at, now)
			if !due {
				continue
			}
			if quiet.Has(calendar.ClockOf(now.In(loc))) {
				t.Fatalf("due at %s in quiet hours %s", now.In(loc), quiet)
			}
			if had[day]++; had[day] > 1 {
				continue // an hour that the clock repeats is no second beginning
			}
			if calendar.ClockOf(now.In(loc)) < at {
				t.Fatalf("first due at %s, before %s", now.In(loc), at)
			}
			if isLate {
				late++
			}
		}
		for n := range 3 {
			if day := calendar.Day(from).Add(n); had[day] == 0 && (!quiet.Has(at) || at < quiet.To) {
				t.Fatalf("nothing on %s", day)
			}
		}
		if late > 0 {
			t.Fatalf("%d days began late", late)
		}
	})
}
