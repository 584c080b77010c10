package visit

import (
	"time"

	"fieldbot/bot/account"
)

// nearby is how far two points may lie apart without a look at the time
// between them: a phone's fix in a hall is off by so much.
const nearby = 1000 // metres

// TooFast reports whether nobody gets from one point to another in a time at
// a speed in km/h, as the crow flies.
func TooFast(lat1, lon1, lat2, lon2 float64, took time.Duration, kmh int) bool {
	metres := account.Metres(lat1, lon1, lat2, lon2)
	if metres <= nearby {
		return false
	}
	took = took.Abs() // a late message may tell of an earlier visit
	return metres/1000 > float64(kmh)*took.Hours()
}
