// Package remind decides who hears of what, and when (domain.md §11). It is
// pure: what is due comes in as values.
package remind

import (
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/calendar"
	"fieldbot/bot/person"
)

// Morning is the job of the morning digest; a job runs once for a person on a
// day.
const Morning = "morning"

// Digest tells for which local day a person's digest is due at an instant: on
// a day worked, from its hour on, outside quiet hours. A digest that was
// missed is caught up with on the same day, once, and is late after half an
// hour.
func Digest(h person.Hours, at calendar.Clock, now time.Time) (day calendar.Day, late, due bool) {
	day = calendar.On(now.In(h.Zone))
	from := day.At(at, h.Zone)
	return day, now.Sub(from) > 30*time.Minute, !now.Before(from) && h.Reachable(now)
}

// Next is the instant of the first digest on or after a day that the person
// works on.
func Next(h person.Hours, at calendar.Clock, from calendar.Day) time.Time {
	for n := range 60 { // a longer absence ends the search
		if day := from.Add(n); h.Free(day) {
			return day.At(at, h.Zone)
		}
	}
	return from.At(at, h.Zone)
}

// Without leaves out the places that a person has put off.
func Without(places []account.Place, snoozed map[string]bool) []account.Place {
	var out []account.Place
	for _, p := range places {
		if !snoozed[p.Ref()] {
			out = append(out, p)
		}
	}
	return out
}
