package account

import (
	"math"

	"fieldbot/bot/kit/calendar"
)

// Cadence (拜访频率) is the days between visits by class or tier; 0 or a
// missing key means no cadence.
type Cadence struct {
	Store      map[string]int `yaml:"store"`
	HeadOffice map[string]int `yaml:"head_office"`
}

// OfStore returns the days between visits of a store: its own value beats its
// account's own, which beats its class.
func (c Cadence) OfStore(s Store, accountDays int64) int {
	switch {
	case s.CadenceDays > 0:
		return int(s.CadenceDays)
	case accountDays > 0:
		return int(accountDays)
	}
	return c.Store[s.Class]
}

// OfAccount returns the days between visits of a head office.
func (c Cadence) OfAccount(a Account) int {
	if a.CadenceDays > 0 {
		return int(a.CadenceDays)
	}
	return c.HeadOffice[a.Tier]
}

// NeverVisited stands in next_due_on of a place that has a cadence and no
// visit: it is due now, whenever now is.
const NeverVisited calendar.Day = "0001-01-01"

// NextDue is the last visit + cadence; none without a cadence.
func NextDue(last calendar.Day, days int) calendar.Day {
	switch {
	case days <= 0:
		return ""
	case last == "":
		return NeverVisited
	}
	return last.Add(days)
}

// Metres is the distance between two points on the globe (haversine, mean
// radius 6,371,008.8 m, IUGG).
func Metres(lat1, lon1, lat2, lon2 float64) float64 {
	const radius = 6371008.8
	rad := math.Pi / 180
	dLat, dLon := (lat2-lat1)*rad, (lon2-lon1)*rad
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(h)))
}
