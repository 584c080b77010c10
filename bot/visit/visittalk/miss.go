package visittalk

import (
	"strconv"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

// miss notes that a visit did not take place, with the reason: the planned
// one, or one that was due and not planned.
func miss(r *command.Request, d form.Draft) (command.Saved, error) {
	place, err := placeIn(r, d)
	if err != nil {
		return command.Saved{}, err
	}
	v, planned, err := at(r, place, r.Words.Today(r.Said))
	if err != nil {
		return command.Saved{}, err
	}
	v.Status, v.Reason = visit.Missed, d.Values["reason"]
	v.VisitedOn = r.Words.Today(r.Said)
	if v.PlannedFor == "" {
		v.PlannedFor = v.VisitedOn
	}
	if err := keep(r, planned, &v); err != nil {
		return command.Saved{}, err
	}
	return ended(r, "visit.missed", place, v)
}

func ended(r *command.Request, key string, place account.Place, v visit.Visit) (command.Saved, error) {
	return command.Saved{ID: v.ID, Reply: r.Done(r.Say(key, "place", place.Name, "reason", v.Reason))}, nil
}

// cancel takes back a visit that is planned, the next one, or that the person
// is in.
func cancel(r *command.Request, d form.Draft) (command.Saved, error) {
	place, err := placeIn(r, d)
	if err != nil {
		return command.Saved{}, err
	}
	before, some, err := visitstore.Open(r.Tx, r.Scope, r.Who.ID)
	if err != nil {
		return command.Saved{}, err
	}
	if !some || before.Place() != place.Ref() {
		like := visit.Visit{PersonID: r.Who.ID, AccountID: place.AccountID, StoreID: place.StoreID()}
		today := r.Words.Today(r.Said)
		if before, some, err = visitstore.NextPlan(r.Tx, r.Scope, like, today, today.Add(366)); err == nil && !some {
			before, some, err = visitstore.PlanFor(r.Tx, r.Scope, like, today.Add(-planDays), today)
		}
		if err != nil {
			return command.Saved{}, err
		}
	}
	if !some {
		return command.Saved{}, fault.At("place", "visit_not_planned", "place", place.Name)
	}
	after := before
	after.Status, after.Reason = visit.Cancelled, d.Values["reason"]
	if err := visitstore.Visits.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	return ended(r, "visit.cancelled", place, after)
}

func mayRate(r *command.Request, v visit.Visit) error {
	if v.PersonID == r.Who.ID || !r.Who.Is(person.Manager) {
		return fault.New(fault.Denied, "rate_own")
	}
	return led(r, v)
}

func fillRate(r *command.Request, v visit.Visit, _ command.Args, d *form.Draft) error {
	d.About += " · " + r.Words.Day(v.VisitedOn)
	return nil
}

// rate keeps a manager's rating of a visit, 1 to 5; the visitor hears of it.
func rate(r *command.Request, before visit.Visit, d form.Draft) (command.Saved, error) {
	after := before
	var err error
	after.Rating, err = strconv.ParseInt(d.Values["rating"], 10, 64)
	if err != nil {
		return command.Saved{}, err
	}
	if err := visitstore.Visits.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	place := placeOf(r, after)
	if err := r.Tell(after.PersonID, func(as *command.Request) chat.Reply {
		return chat.Reply{Text: as.Say("visit.rated_you", "who", r.Who.Name, "place", place.Name, "day", after.VisitedOn, "stars", stars(after.Rating))}
	}); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: after.ID, Reply: r.Done(r.Say("visit.rated", "place", place.Name, "stars", stars(after.Rating)))}, nil
}

func stars(n int64) string { return strings.Repeat("★", int(n)) + strings.Repeat("☆", int(5-n)) }
