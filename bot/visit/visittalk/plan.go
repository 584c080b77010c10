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
	if strings.HasPrefix(a.Object, "visit:") {
		return replanVerb.Open(r, a)
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

// replanVerb changes the plan of a visit: its objectives and what is ready.
var replanVerb = planRecord.Verb(command.On[visit.Visit]{Name: "plan", Ready: mayReplan, Fill: fillPlanned, Do: replan, Ask: planForm.Fields})

func mayReplan(r *command.Request, v visit.Visit) error {
	if v.Status != visit.Planned {
		return fault.New(fault.Conflict, "changed")
	}
	return mayPlan(r, v.PersonID)
}

func fillPlanned(r *command.Request, v visit.Visit, _ command.Args, d *form.Draft) error {
	d.Hold(planForm.Fields, visit.Catalogue.Values(v))
	place := placeOf(r, v)
	d.Values["place"], d.Shown["place"] = place.Ref(), place.Name
	return nil
}

func replan(r *command.Request, v visit.Visit, d form.Draft) (command.Saved, error) {
	return writePlan(r, d, v)
}

// savePlan plans a visit, or changes the plan of one.
func savePlan(r *command.Request, d form.Draft) (command.Saved, error) {
	if d.Subject != "" {
		return replanVerb.Save(r, d)
	}
	return writePlan(r, d, visit.Visit{})
}

// writePlan writes what a form says of a plan: of the one that it was opened on, or
// of the one that is planned there that day.
func writePlan(r *command.Request, d form.Draft, before visit.Visit) (command.Saved, error) {
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
	some := before.ID != ""
	if !some {
		if before, some, err = visitstore.PlanFor(r.Tx, r.Scope, planned(who.ID, place, r), day, day); err != nil {
			return command.Saved{}, err
		}
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

// planned is a visit to come.
func planned(who string, place account.Place, r *command.Request) visit.Visit {
	return visit.Visit{PersonID: who, AccountID: place.AccountID, StoreID: place.StoreID(), Status: visit.Planned, Presence: "unknown", Source: string(r.Place.Platform), RecordedAt: r.Tx.Now}
}

// mayPlan: the person, and managers who know the person.
func mayPlan(r *command.Request, id string) error {
	if id == r.Who.ID {
		return nil
	}
	p, ok, err := personstore.ByID(r.Tx, id)
	if err != nil || ok && r.Who.Is(person.Manager) && r.Who.Knows(p) {
		return err
	}
	return fault.New(fault.Denied, "not_yours")
}
