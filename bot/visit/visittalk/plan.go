package visittalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

// openPlan shows the week: the person's own, or that of the colleague a
// manager names; with a place behind, it opens the form of one planned visit.
func openPlan(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	d := form.NewDraft(store.NewID(), planForm.Name, nil)
	today := r.Words.Today(r.Tx.Now)
	if id, isVisit := strings.CutPrefix(a.Object, "visit:"); isVisit {
		return openPlanned(r, d, id)
	}
	who := r.Who
	if a.Object != "" && r.Who.Is(person.Manager) {
		p, ok, err := r.OneColleague(a.Object)
		if err != nil {
			return d, nil, err
		}
		if ok {
			who = p
		}
	}
	if len(a.Order) > 0 || a.Object != "" && who.ID == r.Who.ID {
		return d, nil, nil
	}
	reply, err := week(r, who, today.Monday())
	return d, &reply, err
}

// openPlanned opens a planned visit to set its objectives and what is ready.
func openPlanned(r *command.Request, d form.Draft, id string) (form.Draft, *chat.Reply, error) {
	v, ok, err := visitstore.Visits.In(r.Scope).ByID(r.Tx, id)
	if err != nil || !ok {
		return d, nil, orNotFound(err)
	}
	place, err := placeOf(r, v)
	if err != nil {
		return d, nil, err
	}
	values := visit.Catalogue.Values(v)
	for _, f := range planForm.Fields {
		if values[f.Key] != "" {
			d.Values[f.Key] = values[f.Key]
		}
	}
	d.Values["place"], d.Shown["place"] = place.Ref(), place.Name
	d.Subject, d.Version, d.About = v.ID, v.Version, place.Name
	return d, nil, nil
}

// savePlan plans a visit, or changes the plan of one.
func savePlan(r *command.Request, d form.Draft) (command.Saved, error) {
	place, err := placeIn(r, d)
	if err != nil {
		return command.Saved{}, err
	}
	today := r.Words.Today(r.Said)
	day := calendar.Day(d.Values["planned_for"])
	switch {
	case day == "":
		day = today
	case day < today:
		return command.Saved{}, fault.At("planned_for", "due_past", "day", day)
	}
	who, err := whose(r, d)
	if err != nil {
		return command.Saved{}, err
	}
	before, some, err := planOf(r, d, who, place, day)
	if err != nil {
		return command.Saved{}, err
	}
	after := before
	if !some {
		after = planned(who.ID, place, r)
	}
	if to := planned("", place, r); to.Place() != after.Place() {
		after.StoreID, after.AccountID = to.StoreID, to.AccountID
	}
	values := map[string]string{"objectives": d.Values["objectives"], "appointment": d.Values["appointment"], "prepared": d.Values["prepared"], "planned_for": string(day)}
	if err := visit.Catalogue.Set(&after, values); err != nil {
		return command.Saved{}, err
	}
	if some {
		err = visitstore.Visits.Change(r.Tx, before, after)
	} else {
		err = visitstore.Visits.Add(r.Tx, &after)
	}
	if err == nil && who.ID != r.Who.ID {
		err = tellPlanned(r, who, 1)
	}
	reply := r.Done(r.Say("visit.planned", "place", place.Name, "day", day, "who", who.Name, "own", who.ID == r.Who.ID), command.SayButton(r.Say("button.week"), "visit", "plan"))
	return command.Saved{Reply: reply, ID: after.ID}, err
}

// whose is who a form plans for: the person, or a colleague a manager names.
func whose(r *command.Request, d form.Draft) (person.Person, error) {
	id := d.Values["person"]
	if id == "" || id == r.Who.ID {
		return r.Who, nil
	}
	if err := mayPlan(r, id); err != nil {
		return r.Who, fault.At("person", "role")
	}
	p, ok, err := personstore.ByID(r.Tx, id)
	if err != nil || !ok {
		return p, command.OrGone(err)
	}
	return p, nil
}

// tellPlanned tells somebody that visits were planned for them.
func tellPlanned(r *command.Request, who person.Person, n int) error {
	return r.Tell(who.ID, func(as *command.Request) chat.Reply {
		return chat.Reply{Text: as.Say("plan.for_you", "who", r.Who.Name, "n", n), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.week"), "visit", "plan")}}}
	})
}

// planOf returns the visit that a form of a plan changes: the one it was
// opened on, or the one that is planned there that day.
func planOf(r *command.Request, d form.Draft, who person.Person, place account.Place, day calendar.Day) (visit.Visit, bool, error) {
	if d.Subject == "" {
		like := planned(who.ID, place, r)
		return visitstore.PlanFor(r.Tx, r.Scope, like, day, day)
	}
	v, ok, err := visitstore.Visits.In(r.Scope).ByID(r.Tx, d.Subject)
	switch {
	case err != nil || !ok:
		return v, false, orNotFound(err)
	case v.Status != visit.Planned || v.Version != d.Version:
		return v, false, fault.New(fault.Conflict, "changed")
	}
	return v, true, mayPlan(r, v.PersonID)
}

// planned is a visit to come.
func planned(who string, place account.Place, r *command.Request) visit.Visit {
	return visit.Visit{PersonID: who, AccountID: place.AccountID, StoreID: place.StoreID(), Status: visit.Planned, Presence: "unknown", Source: string(r.Place.Platform), RecordedAt: r.Tx.Now}
}

// mayPlan: the person, and whoever leads the person.
func mayPlan(r *command.Request, id string) error {
	if id == r.Who.ID || r.Who.Is(person.Manager) {
		return nil
	}
	return fault.New(fault.Denied, "not_yours")
}
