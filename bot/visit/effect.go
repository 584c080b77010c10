package visit

import "fieldbot/bot/kit/calendar"

// EffectDays is how long after a visit its effect is looked for.
const EffectDays = 30

// Effect is what changed within 30 days of a visit.
type Effect struct {
	Closed, Opened int    // its follow-ups that are done, of all it opened
	Intent         string // the last one noted since, if it differs
	Satisfaction   int64  // the same
	Orders         int    // later visits that brought an order
	Visits         int    // later visits to the place
}

// EffectOf looks at what came after a visit: later visits to the same place,
// in any order.
func EffectOf(v Visit, later []Visit) Effect {
	var e Effect
	var intentOn, satisfiedOn calendar.Day
	until := v.VisitedOn.Add(EffectDays)
	for _, l := range later {
		if l.Status != Done || l.VisitedOn <= v.VisitedOn || l.VisitedOn > until {
			continue
		}
		e.Visits++
		if l.Ordered {
			e.Orders++
		}
		if l.Intent != "" && l.VisitedOn >= intentOn {
			e.Intent, intentOn = l.Intent, l.VisitedOn
		}
		if l.Satisfaction > 0 && l.VisitedOn >= satisfiedOn {
			e.Satisfaction, satisfiedOn = l.Satisfaction, l.VisitedOn
		}
	}
	if e.Intent == v.Intent {
		e.Intent = ""
	}
	if e.Satisfaction == v.Satisfaction {
		e.Satisfaction = 0
	}
	return e
}
