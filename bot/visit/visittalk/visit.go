// Package visittalk is what people say and press about visits: logging, checking
// in and out, planning the week, correcting, rating.
package visittalk

import (
	"errors"
	"slices"
	"strings"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/order"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

// outcome are the fields of what came of a visit, the likely first.
var outcome = []string{"intent", "met", "needs", "problems", "next_step", "next_owner", "next_due", "next_visit_on", "ordered", "satisfaction", "competitor_news"}

func pick(keys ...string) []field.Field { return visit.Catalogue.Pick(keys...) }

var (
	logForm    = form.Form{Name: "visit.log", Fields: pick(slices.Concat([]string{"place"}, outcome, []string{"joint_with", "photos", "location", "on"})...)}
	startForm  = form.Form{Name: "visit.start", Fields: pick("place", "problems", "next_step", "location", "photos")}
	noteForm   = form.Form{Name: "visit.note", Fields: slices.Concat(field.Optional(pick("place")), pick(slices.Concat(outcome, []string{"joint_with", "photos", "on"})...))}
	doneFields = pick(slices.Concat(outcome, []string{"joint_with", "photos", "location"})...)
	missForm   = form.Form{Name: "visit.miss", Fields: pick("place", "reason")}
	cancelForm = form.Form{Name: "visit.cancel", Fields: pick("place", "reason")}
	planForm   = form.Form{Name: "visit.plan", Fields: append(pick("place", "planned_for", "objectives", "appointment", "prepared"), field.Field{Key: "person", Kind: field.Person})}
)

var callers = []person.Role{person.Rep, person.KAM, person.Manager, person.Promoter}

// Module is /visit, what was seen at a place, and the numbers of visits.
var Module = command.Module{
	Name:     "visit",
	Words:    words,
	Families: []command.Family{family},
	Files:    fileKinds, Demo: fillDemo,
	Digest: waits, Card: onCard, Brief: brief, Done: doneToday, Origin: origin,
	Reports: []command.Report{{Name: "visits", Roles: readers, Takes: reportOptions, Read: numbers}},
	Jobs:    []func(*command.Request) error{closeForgotten, sumHours},
	Efforts: hours,
	Config:  stepSection,
	Asks:    map[string]command.Ask{pointKind: {Roles: []person.Role{person.Manager}, Describe: describePoint, Decide: decidePoint}},
	Makes:   map[string]func(r *command.Request, args []string) ([]byte, error){"visit_rows": makeFile},
	Heard:   without,
	Remark:  remark,
	Offers:  "visit",
	Follows: &command.Follows{Wanted: tracks, Take: track},
	Starts:  starts,
	Hears: []command.Listener{command.Hear(func(r *command.Request, e command.PhotoSeen) error {
		return visitstore.PhotoSeen(r.Tx, e.Subject, e.Others)
	}), command.Hear(ordered)},
}

// ordered notes an order that came of the person's visit to the store on the same day, for
// the strike rate.
func ordered(r *command.Request, e order.Moved) error {
	if !e.Order.Stands() || e.Order.PersonID != r.Who.ID || e.Order.StoreID == "" {
		return nil
	}
	today, err := visitstore.On(r.Tx, r.Scope, r.Who.ID, e.Order.OrderedOn)
	for _, before := range today {
		if before.StoreID != e.Order.StoreID || before.Ordered || before.Status == visit.Planned {
			continue
		}
		after := before
		after.Ordered = true
		err = errors.Join(err, r.Tx.Unasked(func() error { return visitstore.Visits.Change(r.Tx, before, after) }))
	}
	return err
}

// starts: the code at a store proves no presence: it may be a photo of the code.
func starts(token string) (family, words string, ok bool) {
	id, ok := strings.CutPrefix(token, account.StartToken(""))
	return "visit", "start " + account.KindStore + ":" + id, ok
}

// family is /visit.
var family = command.Family{
	Name:    "visit",
	Default: "log",
	Verbs: []command.Verb{
		{Name: "log", Roles: callers, Form: logForm, Object: "place", Save: save, Quick: true},
		{Name: "note", Roles: callers, Form: noteForm, Object: "place", Open: openNote, Save: saveNote},
		{Name: "start", Roles: callers, Form: startForm, Object: "place", Save: start, Quick: true},
		doneVerb,
		activityVerb("call"), activityVerb("message"), activityVerb("meeting"),
		{Name: "plan", Roles: callers, Form: planForm, Object: "place", Open: openPlan, Save: savePlan},
		{Name: "miss", Roles: callers, Form: missForm, Object: "place", Save: miss},
		{Name: "cancel", Roles: callers, Form: cancelForm, Object: "place", Save: cancel},
		record.Verb(command.On[visit.Visit]{Name: "edit", Roles: callers, Ready: mayChange, Ask: pick(slices.Concat(outcome, []string{"joint_with", "on"})...), Fill: fillEdit, Do: saveEdit}),
		record.Verb(command.On[visit.Visit]{Name: "rate", Roles: []person.Role{person.Manager}, Ready: mayRate, Ask: field.Required(pick("rating")), Fill: fillRate, Do: rate}),
		coached.Verb(command.On[visit.Visit]{Name: "coach", Roles: callers, Ready: mayCoach, Ask: visit.JointCatalogue.Pick("coaching"), Do: saveCoaching, Quick: true, Loose: true}),
		record.Verb(command.On[visit.Visit]{Name: "skip", Roles: callers, Ready: mayStep, Ask: field.Required(visit.StepCatalogue.Pick("step", "reason")), Do: skipStep, Quick: true, Loose: true}),
		record.Show("steps", showSteps, nil).For(callers...),
		{Name: "due", Roles: callers, Read: due},
		{Name: "list", Roles: callers, Read: list},
		record.Show("show", show, nil).For(callers...),
	},
	Choices: openSteps,
	Buttons: []command.Button{
		record.Press("visit.step", callers, mayStep, tickStep),
		{Name: "visit.here", Roles: callers, Run: checkIn},
		{Name: "visit.remark", Roles: callers, Run: noteRemark},
		{Name: "plan.day", Read: true, Run: planDay},
		{Name: "plan.week", Read: true, Run: planWeek},
		{Name: "plan.accept", Run: acceptPlan},
		planRecord.Press("plan.move", callers, mayReplan, movePlan),
		{Name: "report.rows", Read: true, Run: openNumbers},
		{Name: "report.file", Read: true, Run: file},
		{Name: "report.rules", Read: true, Run: func(r *command.Request, _ []string) (chat.Reply, error) {
			return chat.Reply{Title: r.Say("report.rules_title"), Text: r.Say("report.rules")}, nil
		}},
	},
}

// placeIn returns the place that a form names, open and in sight.
func placeIn(r *command.Request, d form.Draft) (account.Place, error) {
	place, ok, err := r.PlaceOf(d.Values["place"])
	switch {
	case err != nil:
		return place, err
	case !ok:
		return place, fault.At("place", "none_found", "query", d.Shown["place"])
	case !place.Active():
		return place, fault.At("place", "place_closed", "place", place.Name)
	}
	return place, nil
}

// at is a visit of the person to a place on a day, not kept yet; where one was
// planned there for the day or the week before it, it is that one. It returns
// the plan as it was, too.
func at(r *command.Request, place account.Place, day calendar.Day) (v, planned visit.Visit, err error) {
	v = visit.Visit{PersonID: r.Who.ID, AccountID: place.AccountID, StoreID: place.StoreID(), Presence: "unknown"}
	planned, ok, err := visitstore.PlanFor(r.Tx, r.Scope, v, day.Add(-planDays), day)
	if ok {
		v = planned
	}
	v.Source, v.RecordedAt = string(r.Place.Platform), r.Tx.Now
	return v, planned, err
}

// planDays is for how many days after its day a planned visit can still be made,
// and is asked for.
const planDays = 7

// keep writes a visit: over the plan it came from, or anew.
func keep(r *command.Request, planned visit.Visit, v *visit.Visit) error {
	if planned.ID == "" {
		return visitstore.Visits.Add(r.Tx, v)
	}
	err := visitstore.Visits.Change(r.Tx, planned, *v)
	v.Version++
	return err
}

// save logs a visit as done. Only the place is required; defaults: done, now,
// by the person.
func save(r *command.Request, d form.Draft) (command.Saved, error) {
	place, err := placeIn(r, d)
	if err != nil {
		return command.Saved{}, err
	}
	open, some, err := openVisit(r)
	if err != nil {
		return command.Saved{}, err
	}
	if some && open.Place() == place.Ref() && d.Values["on"] == "" {
		return checkOut(r, open, d) // the person is in there: this is what came of it
	}
	var said visit.Visit
	if err := when(r, d, &said); err != nil {
		return command.Saved{}, err
	}
	v, planned, err := at(r, place, said.VisitedOn)
	if err != nil {
		return command.Saved{}, err
	}
	v.Status, v.VisitedOn, v.StartedAt, v.FinishedAt, v.Late = visit.Done, said.VisitedOn, said.StartedAt, said.FinishedAt, said.Late
	if err := apply(&v, d, false); err != nil {
		return command.Saved{}, err
	}
	if err := locate(r, d.Values["location"], &v); err != nil {
		return command.Saved{}, err
	}
	v.Photos = strings.Fields(d.Values["photos"])
	if twin, found, err := visitstore.Twin(r.Tx, r.Scope, v, r.Tx.Now.Add(-r.Config.Visits.DoubleEntry)); err != nil || found {
		if found && err == nil {
			err = accompany(r, twin, d)
		}
		return again(r, place, twin, v, err)
	}
	if err := errors.Join(keep(r, planned, &v), accompany(r, v, d)); err != nil {
		return command.Saved{}, err
	}
	reply, err := settle(r, place, v)
	return command.Saved{Reply: reply, ID: v.ID}, err
}

// when sets the times of a visit that is logged as done: the moment it was said, or the
// beginning of another day, of which no time is known.
func when(r *command.Request, d form.Draft, v *visit.Visit) error {
	day, err := dayOf(r, d)
	if err != nil {
		return err
	}
	v.VisitedOn, v.StartedAt = day, r.Said
	if day != r.Words.Today(r.Said) {
		v.StartedAt = day.At(0, r.Words.Zone)
	}
	v.StartedAt = v.StartedAt.UTC().Truncate(time.Second) // as files carry it
	v.FinishedAt = v.StartedAt
	v.Late = r.Tx.Now.Sub(r.Said) > visit.LateAfter
	return nil
}

// longAgo is how many days back an entry may lie.
const longAgo = 366

// dayOf is the day that an entry is of: the one it was said on, or one before.
func dayOf(r *command.Request, d form.Draft) (calendar.Day, error) {
	today, day := r.Words.Today(r.Said), calendar.Day(d.Values["on"])
	switch {
	case day == "":
		return today, nil
	case day > today:
		return "", fault.At("on", "future", "day", day)
	case today.Sub(day) > longAgo:
		return "", fault.At("on", "too_old", "day", day)
	}
	return day, nil
}

// apply puts what was said of the outcome into a visit. A form that was opened
// with what the visit holds speaks of every field: what it leaves empty is
// cleared.
func apply(v *visit.Visit, d form.Draft, every bool) error {
	said := map[string]string{}
	for _, key := range outcome {
		if value, ok := d.Values[key]; ok || every {
			said[key] = value
		}
	}
	if err := visit.Catalogue.Set(v, said); err != nil {
		return err
	}
	for key, day := range map[string]calendar.Day{"next_due": v.NextDue, "next_visit_on": v.NextVisitOn} {
		if day != "" && day < v.VisitedOn {
			return fault.At(key, "past", "day", day)
		}
	}
	return nil
}

// again answers an entry that repeats one: what it brings beside the words is
// added to that one.
func again(r *command.Request, place account.Place, twin, v visit.Visit, err error) (command.Saved, error) {
	after := twin
	addPhotos(&after, v.Photos)
	if after.Location == "" {
		after.Location, after.Presence, after.DistanceM = v.Location, v.Presence, v.DistanceM
	}
	if err != nil || len(after.Photos) == len(twin.Photos) && after.Location == twin.Location {
		return command.Saved{Reply: saidBefore(r, place, twin), ID: twin.ID}, err
	}
	err = errors.Join(visitstore.Visits.Change(r.Tx, twin, after), fetchPhotos(r, after))
	return command.Saved{Reply: logged(r, place, after), ID: twin.ID}, err
}

func addPhotos(v *visit.Visit, refs []string) {
	for _, ref := range refs {
		if !slices.Contains(v.Photos, ref) && len(v.Photos) < visit.MaxPhotos {
			v.Photos = append(slices.Clone(v.Photos), ref)
		}
	}
}
