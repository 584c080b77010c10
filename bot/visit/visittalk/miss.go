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
	"fieldbot/store"
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

// openRate opens the rating of a visit: visit:ID, or a colleague's last one at
// a place.
func openRate(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	d := form.NewDraft(store.NewID(), rateForm.Name, nil)
	v, choose, err := named(r, "rate", a)
	if err != nil || choose != nil {
		return d, choose, err
	}
	if v.PersonID == r.Who.ID {
		return d, nil, fault.New(fault.Denied, "rate_own")
	}
	place, err := placeOf(r, v)
	d.Subject, d.Version, d.About = v.ID, v.Version, place.Name+" · "+r.Words.Day(v.VisitedOn)
	return d, nil, err
}

// named finds the visit that words name: visit:ID, else the last one done at a
// place.
func named(r *command.Request, verb string, a command.Args) (visit.Visit, *chat.Reply, error) {
	if id, isID := strings.CutPrefix(a.Object, "visit:"); isID {
		v, ok, err := visitstore.Visits.In(r.Scope).ByID(r.Tx, id)
		if err != nil || !ok {
			return v, nil, orNotFound(err)
		}
		return v, nil, nil
	}
	place, choose, err := r.OnePlace("visit", verb, a)
	if err != nil || choose != nil {
		return visit.Visit{}, choose, err
	}
	found, err := visitstore.List(r.Tx, r.Scope, visitstore.Filter{Account: place.AccountID, StoreID: place.StoreID(), Office: place.Kind == account.KindAccount, Status: visit.Done, Limit: 1})
	if err != nil || len(found) == 0 {
		return visit.Visit{}, nil, orNotFound(err)
	}
	return found[0], nil, nil
}

// rate keeps a manager's rating of a visit, 1 to 5; the visitor hears of it.
func rate(r *command.Request, d form.Draft) (command.Saved, error) {
	before, ok, err := visitstore.Visits.In(r.Scope).ByID(r.Tx, d.Subject)
	if err != nil || !ok {
		return command.Saved{}, orNotFound(err)
	}
	switch {
	case before.PersonID == r.Who.ID || !r.Who.Is(person.Manager):
		return command.Saved{}, fault.New(fault.Denied, "rate_own")
	case before.Version != d.Version:
		return command.Saved{}, fault.New(fault.Conflict, "changed")
	}
	after := before
	after.Rating, err = strconv.ParseInt(d.Values["rating"], 10, 64)
	if err != nil {
		return command.Saved{}, err
	}
	if err := visitstore.Visits.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	place, err := placeOf(r, after)
	if err != nil {
		return command.Saved{}, err
	}
	if err := r.Tell(after.PersonID, func(as *command.Request) chat.Reply {
		return chat.Reply{Text: as.Say("visit.rated_you", "who", r.Who.Name, "place", place.Name, "day", after.VisitedOn, "stars", stars(after.Rating))}
	}); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: after.ID, Reply: r.Done(r.Say("visit.rated", "place", place.Name, "stars", stars(after.Rating)))}, nil
}

func stars(n int64) string { return strings.Repeat("★", int(n)) + strings.Repeat("☆", int(5-n)) }
