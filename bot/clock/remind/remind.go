// Package remind decides who hears of what, and when (domain.md §11). It is
// pure: what is due comes in as values.
package remind

import (
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
)

// Digest is a message that gathers what waits for a person; each comes once
// for a person on a day. Its name is also the job's.
type Digest string

// The digests.
const (
	Morning Digest = "morning" // what the day brings
	Evening Digest = "evening" // what the day left open
	Team    Digest = "team"    // how the team's day was, for managers
)

// Digests are all of them, in the order of the day.
var Digests = []Digest{Morning, Evening, Team}

// For reports whether a person gets a digest at all.
func (d Digest) For(p person.Person) bool {
	switch d {
	case Evening:
		return p.Visits()
	case Team:
		return p.Is(person.Manager)
	}
	return true
}

// Due tells for which local day a person's digest is due at an instant: on a
// day worked, from its hour on, outside quiet hours. One that was missed is
// caught up with on the same day, once, and is late after half an hour.
func Due(h person.Hours, at calendar.Clock, now time.Time) (day calendar.Day, late, due bool) {
	day = calendar.On(now.In(h.Zone))
	if h.Quiet.Has(at) && at < h.Quiet.To {
		at = h.Quiet.To // whose quiet ends later gets it then, and in time
	}
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

// Without leaves out what a person has put off.
func Without[T any](items []T, off func(T) bool) []T {
	var out []T
	for _, x := range items {
		if !off(x) {
			out = append(out, x)
		}
	}
	return out
}
