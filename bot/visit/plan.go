package visit

import (
	"math"
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
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
	return c.Stay(x.Place.Kind == account.KindAccount, x.Place.Format)
}

// Stay is the minutes that a visit to a head office, or to a store of a format, takes.
func (c Capacity) Stay(office bool, format string) int {
	if office {
		return officeStay
	}
	if n := c.Minutes[format]; n > 0 {
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

// Propose fills the days of a plan. What is planned stands on its day, whatever
// the minutes. Then what is agreed for a day, then the places that are overdue,
// by class or tier: each free day goes from its last stop to the nearest of
// those most urgent, as long as its minutes last. Nothing is proposed twice,
// nor what waits for nothing by the day.
func Propose(days []calendar.Day, free func(calendar.Day) bool, from []Candidate, c Capacity) []Stop {
	left := slices.Clone(from)
	slices.SortStableFunc(left, func(a, b Candidate) int {
		return slices.Compare([]string{urgency(a, days), a.Place.Code}, []string{urgency(b, days), b.Place.Code})
	})
	var out []Stop
	for _, day := range days {
		d := route{day: day, days: days, capacity: c}
		for d.take(&left, func(x Candidate) bool { return x.Planned != "" && x.Agreed == day }, false) {
		}
		if free(day) {
			for d.take(&left, func(x Candidate) bool { return x.Planned == "" && x.waits(day) }, true) {
			}
		}
		out = append(out, d.stops...)
	}
	return out
}

// waits reports whether a place may be visited on a day.
func (x Candidate) waits(day calendar.Day) bool {
	if x.Agreed != "" {
		return x.Agreed <= day
	}
	return x.Place.NextDueOn != "" && x.Place.NextDueOn <= day
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

// route is a day that is filled stop by stop.
type route struct {
	day      calendar.Day
	days     []calendar.Day
	capacity Capacity
	minutes  int
	stops    []Stop
}

// take puts the next stop on the day: the nearest of the most urgent that may
// be taken. It is false if there is none, or, where the day is limited, if it
// is full; the first stop of a day is never too long.
func (d *route) take(left *[]Candidate, may func(Candidate) bool, limited bool) bool {
	best, bestKey, bestWay := -1, "", int64(0)
	for i, x := range *left {
		if !may(x) {
			continue
		}
		key := urgency(x, d.days)
		if x.Agreed == d.day {
			key = ""
		}
		metres, _ := d.way(x.Place)
		if best < 0 || key < bestKey || key == bestKey && metres < bestWay {
			best, bestKey, bestWay = i, key, metres
		}
	}
	if best < 0 {
		return false
	}
	x := (*left)[best]
	metres, travel := d.way(x.Place)
	need := d.capacity.stay(x) + travel
	if limited && len(d.stops) > 0 && d.minutes+need > d.capacity.Day {
		return false
	}
	d.minutes += need
	d.stops = append(d.stops, Stop{Day: d.day, Candidate: x, Metres: metres})
	*left = slices.Delete(*left, best, best+1)
	return true
}

// way is how far a place is from the day's last stop.
func (d *route) way(to account.Place) (metres int64, minutes int) {
	if len(d.stops) == 0 {
		return 0, 0
	}
	return way(d.stops[len(d.stops)-1].Candidate.Place, to)
}
