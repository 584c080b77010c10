package visit

import (
	"math"
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/calendar"
)

// Candidate is a place that a week may visit.
type Candidate struct {
	Place   account.Place
	Agreed  calendar.Day // the day somebody set; empty: any on which it is due
	Planned string       // id of the visit that is planned already
}

// Stop is a place on a day of the plan.
type Stop struct {
	Day       calendar.Day
	Candidate Candidate
	Metres    int64 // from the stop before; 0 for the first and where a point is not known
}

// Capacity is what a day holds (domain.md §3).
type Capacity struct {
	Day     int            // minutes of a day, with travel
	Minutes map[string]int // minutes in a store, by its format
}

// Minutes where nothing is said: a store of a format without a number, a head
// office, and the way to a place whose point is not known.
const (
	usualStay  = 30
	officeStay = 60
	unknownWay = 20
)

// cityKmh is how fast a rep gets about a city, doors included.
const cityKmh = 20

func (c Capacity) stay(x Candidate) int {
	if x.Place.Kind == account.KindAccount {
		return officeStay
	}
	if n := c.Minutes[x.Place.Format]; n > 0 {
		return n
	}
	return usualStay
}

// way is the metres and the minutes from one place to the next.
func way(from, to account.Place) (metres int64, minutes int) {
	if from.Latitude == 0 && from.Longitude == 0 || to.Latitude == 0 && to.Longitude == 0 {
		return 0, unknownWay
	}
	m := account.Metres(from.Latitude, from.Longitude, to.Latitude, to.Longitude)
	return int64(math.Round(m)), int(math.Ceil(m / 1000 / cityKmh * 60))
}

// Propose fills the days of a plan: what is agreed for a day on that day, then
// the places that are overdue, by class or tier; each day begins with the most
// urgent place and goes on to the nearest of those as urgent, as long as its
// minutes last. Nothing is proposed twice, nor what waits for nothing by the
// last day.
func Propose(days []calendar.Day, from []Candidate, c Capacity) []Stop {
	left := slices.Clone(from)
	slices.SortStableFunc(left, func(a, b Candidate) int {
		return slices.Compare([]string{urgency(a, days), a.Place.Code}, []string{urgency(b, days), b.Place.Code})
	})
	var out []Stop
	for _, day := range days {
		minutes := 0
		var here *account.Place
		for {
			i := next(left, day, days, here)
			if i < 0 {
				break
			}
			x := left[i]
			var metres int64
			need := c.stay(x)
			if here != nil {
				m, travel := way(*here, x.Place)
				metres, need = m, need+travel
			}
			if minutes+need > c.Day && here != nil {
				break // the day is full
			}
			minutes += need
			out = append(out, Stop{Day: day, Candidate: x, Metres: metres})
			here = &x.Place
			left = slices.Delete(left, i, i+1)
		}
	}
	return out
}

// urgency sorts places: overdue before due, then by class or tier.
func urgency(x Candidate, days []calendar.Day) string {
	grade := x.Place.Grade
	if grade == "" {
		grade = "Z"
	}
	if len(days) > 0 && x.Place.NextDueOn < days[0] {
		return "0" + grade
	}
	return "1" + grade
}

// next is the index of the place to go to: one agreed for the day, else the
// nearest of the most urgent ones that are due by the day, or -1.
func next(left []Candidate, day calendar.Day, days []calendar.Day, here *account.Place) int {
	best, bestKey, bestWay := -1, "", int64(math.MaxInt64)
	for i, x := range left {
		agreed := x.Agreed == day
		if !agreed && (x.Agreed != "" && x.Agreed > day || x.Place.NextDueOn == "" || x.Place.NextDueOn > day) {
			continue
		}
		key := urgency(x, days)
		if agreed {
			key = ""
		}
		metres := int64(0)
		if here != nil {
			metres, _ = way(*here, x.Place)
		}
		if best < 0 || strings.Compare(key, bestKey) < 0 || key == bestKey && metres < bestWay {
			best, bestKey, bestWay = i, key, metres
		}
	}
	return best
}
