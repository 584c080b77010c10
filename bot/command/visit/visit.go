// Package visit is what people say and press about visits.
package visit

import (
	"slices"
	"strings"
	"time"

	"fieldbot/bot/access"
	"fieldbot/bot/account"
	"fieldbot/bot/calendar"
	"fieldbot/bot/chat"
	"fieldbot/bot/command"
	"fieldbot/bot/fault"
	"fieldbot/bot/field"
	"fieldbot/bot/form"
	"fieldbot/bot/person"
	"fieldbot/bot/visit"
	"fieldbot/store"
	storeaccount "fieldbot/store/account"
	storeperson "fieldbot/store/person"
	storevisit "fieldbot/store/visit"
)

// outcome are the fields of what came of a visit, the likely first.
var outcome = []string{"intent", "met", "needs", "problems", "next_step", "next_owner", "next_due", "next_visit_on", "satisfaction", "competitor_news"}

var (
	logForm  = form.Form{Name: "visit.log", Fields: visit.Catalogue.Pick(append(append([]string{"place"}, outcome...), "photos", "location", "on")...)}
	editForm = form.Form{Name: "visit.edit", Fields: visit.Catalogue.Pick(append(slices.Clone(outcome), "on")...)}
)

var callers = []person.Role{person.Rep, person.KAM, person.Manager, person.Promoter}

// Family is /visit.
var Family = command.Family{
	Name:    "visit",
	Default: "log",
	Verbs: []command.Verb{
		{Name: "log", Roles: callers, Form: logForm, Object: "place", Save: save, Quick: true},
		{Name: "edit", Roles: callers, Form: editForm, Open: openEdit, Save: saveEdit},
		{Name: "due", Roles: callers, Read: due},
		{Name: "list", Roles: callers, Read: list},
	},
	Kinds:  []string{"visits"},
	Undone: undone,
}

func undone(r *command.Request, line store.AuditLine) error {
	v, ok, err := storevisit.ByID(r.Tx, access.System("next due day after an undo"), line.SubjectID)
	if err != nil || !ok {
		return err
	}
	return r.Keeper().Visited(v.StoreID, v.AccountID)
}

// save logs a visit as done. Only the place is required; defaults: done, now,
// by the person.
func save(r *command.Request, d form.Draft) (command.Saved, error) {
	place, ok, err := storeaccount.PlaceByRef(r.Tx, r.Scope, d.Values["place"])
	if err != nil {
		return command.Saved{}, err
	}
	if !ok {
		return command.Saved{}, fault.At("place", "none_found", "query", d.Shown["place"])
	}
	if !place.Active() {
		return command.Saved{}, fault.At("place", "place_closed", "place", place.Name)
	}
	v := visit.Visit{PersonID: r.Who.ID, AccountID: place.AccountID, Status: visit.Done, Source: string(r.Place.Platform), RecordedAt: r.Tx.Now}
	if place.Kind == account.KindStore {
		v.StoreID = place.ID
	}
	if err := when(r, d, &v); err != nil {
		return command.Saved{}, err
	}
	if err := apply(&v, d); err != nil {
		return command.Saved{}, err
	}
	if err := graded(r, d, &v); err != nil {
		return command.Saved{}, err
	}
	v.Photos = strings.Fields(d.Values["photos"])
	if twin, found, err := sameEntry(r, v); err != nil || found {
		return again(r, place, twin, v, err)
	}
	if err := storevisit.Add(r.Tx, &v); err != nil {
		return command.Saved{}, err
	}
	if err := fetchPhotos(r, v); err != nil {
		return command.Saved{}, err
	}
	if err := r.Keeper().Visited(v.StoreID, v.AccountID); err != nil {
		return command.Saved{}, err
	}
	if err := tellNextOwner(r, place, v); err != nil {
		return command.Saved{}, err
	}
	place, _, err = storeaccount.PlaceByRef(r.Tx, r.Scope, place.Ref())
	return command.Saved{Reply: logged(r, place, v), ID: v.ID}, err
}

// when sets the times of a visit that is logged as done: the moment it was
// said, or the same time of another day.
func when(r *command.Request, d form.Draft, v *visit.Visit) error {
	v.StartedAt = r.Said
	v.VisitedOn = r.Words.Today(r.Said)
	if day := calendar.Day(d.Values["on"]); day != "" && day != v.VisitedOn {
		switch {
		case day > v.VisitedOn:
			return fault.At("on", "future", "day", day)
		case v.VisitedOn.Sub(day) > 366:
			return fault.At("on", "too_old", "day", day)
		}
		v.VisitedOn = day
		v.StartedAt = day.At(calendar.ClockOf(r.Said.In(r.Words.Zone)), r.Words.Zone)
	}
	v.StartedAt = v.StartedAt.UTC().Truncate(time.Second) // as files carry it
	v.FinishedAt = v.StartedAt
	v.Late = r.Tx.Now.Sub(r.Said) > visit.LateAfter
	return nil
}

// apply puts the fields of the outcome into a visit.
func apply(v *visit.Visit, d form.Draft) error {
	v.Met, v.Needs, v.Problems, v.Intent = d.Values["met"], d.Values["needs"], d.Values["problems"], d.Values["intent"]
	v.CompetitorNews, v.NextStep, v.NextOwner = d.Values["competitor_news"], d.Values["next_step"], d.Values["next_owner"]
	v.NextDue, v.NextVisitOn = calendar.Day(d.Values["next_due"]), calendar.Day(d.Values["next_visit_on"])
	v.Satisfaction = 0
	if s := d.Values["satisfaction"]; s != "" {
		v.Satisfaction = int64(s[0] - '0') // checked: 1 to 5
	}
	for key, day := range map[string]calendar.Day{"next_due": v.NextDue, "next_visit_on": v.NextVisitOn} {
		if day != "" && day < v.VisitedOn {
			return fault.At(key, "past", "day", day)
		}
	}
	return nil
}

func graded(r *command.Request, d form.Draft, v *visit.Visit) error {
	v.Location = d.Values["location"]
	v.Presence = "unknown"
	l, sent := form.ParseLocation(v.Location)
	if !sent || v.StoreID == "" {
		return nil
	}
	s, ok, err := storeaccount.StoreByID(r.Tx, r.Scope, v.StoreID)
	if err != nil || !ok {
		return err
	}
	g := visit.GradePresence(s, l.Lat, l.Lon, sent, l.Live, r.Config.Visits.FenceMetres)
	v.Presence, v.DistanceM = g.Presence, g.Metres
	return nil
}

// sameEntry finds the visit that this one repeats: the same outcome by the
// same person at the same place within the time of a double entry.
func sameEntry(r *command.Request, v visit.Visit) (visit.Visit, bool, error) {
	last, err := storevisit.Twins(r.Tx, r.Scope, v, r.Tx.Now.Add(-r.Config.Visits.DoubleEntry))
	for _, l := range last {
		if visit.SameEntry(l, v) {
			return l, true, err
		}
	}
	return visit.Visit{}, false, err
}

// again answers an entry that repeats one: what it brings beside the words is
// added to that one.
func again(r *command.Request, place account.Place, twin, v visit.Visit, err error) (command.Saved, error) {
	after := twin
	for _, ref := range v.Photos {
		if !slices.Contains(after.Photos, ref) && len(after.Photos) < visit.MaxPhotos {
			after.Photos = append(slices.Clone(after.Photos), ref)
		}
	}
	if after.Location == "" {
		after.Location, after.Presence, after.DistanceM = v.Location, v.Presence, v.DistanceM
	}
	if err != nil || len(after.Photos) == len(twin.Photos) && after.Location == twin.Location {
		return command.Saved{Reply: saidBefore(r, place, twin), ID: twin.ID}, err
	}
	if err := storevisit.Change(r.Tx, twin, after); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{Reply: logged(r, place, after), ID: twin.ID}, fetchPhotos(r, after)
}

// fetchPhotos notes the photos and puts their fetching into the outbox.
func fetchPhotos(r *command.Request, v visit.Visit) error {
	for _, ref := range v.Photos {
		fresh, err := storevisit.AddPhoto(r.Tx, storevisit.Photo{Ref: ref, Subject: "visits:" + v.ID, PersonID: r.Who.ID})
		if err != nil {
			return err
		}
		platform, _, _ := strings.Cut(ref, ":")
		if !fresh || platform == string(chat.Terminal) {
			continue
		}
		if err := r.Tx.Put(store.Out{Kind: store.OutPhoto, Lane: "photo:" + ref, Platform: platform, PersonID: r.Who.ID, Body: ref}); err != nil {
			return err
		}
	}
	return nil
}

// tellNextOwner tells a colleague about a next step that is theirs now.
func tellNextOwner(r *command.Request, place account.Place, v visit.Visit) error {
	if v.NextOwner == "" || v.NextOwner == r.Who.ID {
		return nil
	}
	owner, ok, err := storeperson.ByID(r.Tx, v.NextOwner)
	if err != nil || !ok || !owner.Active() {
		return err
	}
	w := command.WordsFor(owner, r.Config)
	text := w.Say("visit.next_step_for_you", "who", r.Who.Name, "place", place.Name, "step", orDash(v.NextStep), "day", v.NextDue)
	_, err = command.Send(r.Tx, owner, chat.Reply{Title: w.Say("visit.next_step_title"), Text: text})
	return err
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// openEdit opens the person's last visit, or the last one at the place that
// was named.
func openEdit(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	f := storevisit.Filter{Person: r.Who.ID, Limit: 1}
	if id, isID := strings.CutPrefix(a.Object, "visit:"); isID {
		v, ok, err := storevisit.ByID(r.Tx, r.Scope, id)
		if err != nil || !ok {
			return form.Draft{}, nil, orNotFound(err)
		}
		return editDraft(r, v)
	}
	if a.Object != "" {
		place, choose, err := r.OnePlace("visit", "edit", a)
		if err != nil || choose != nil {
			return form.Draft{}, choose, err
		}
		if f.Account = place.AccountID; place.Kind == account.KindStore {
			f.StoreID = place.ID
		}
		if r.Who.Is(person.Manager) {
			f.Person = ""
		}
	}
	found, err := storevisit.List(r.Tx, r.Scope, f)
	if err != nil || len(found) == 0 {
		return form.Draft{}, nil, orNotFound(err)
	}
	return editDraft(r, found[0])
}

func orNotFound(err error) error {
	if err == nil {
		return fault.New(fault.NotFound, "visit_none")
	}
	return err
}

func editDraft(r *command.Request, v visit.Visit) (form.Draft, *chat.Reply, error) {
	if err := mayChange(r, v); err != nil {
		return form.Draft{}, nil, err
	}
	values := map[string]string{
		"met": v.Met, "needs": v.Needs, "problems": v.Problems, "intent": v.Intent, "competitor_news": v.CompetitorNews,
		"next_step": v.NextStep, "next_owner": v.NextOwner, "next_due": string(v.NextDue), "next_visit_on": string(v.NextVisitOn), "on": string(v.VisitedOn),
	}
	if v.Satisfaction > 0 {
		values["satisfaction"] = string(rune('0' + v.Satisfaction))
	}
	d := form.NewDraft(store.NewID(), editForm.Name, values)
	place, err := placeOf(r, v)
	if err != nil {
		return form.Draft{}, nil, err
	}
	d.Subject, d.Version, d.About = v.ID, v.Version, place.Name
	if v.NextOwner != "" {
		owner, _, err := storeperson.ByID(r.Tx, v.NextOwner)
		if err != nil {
			return d, nil, err
		}
		d.Shown["next_owner"] = owner.Name
	}
	return d, nil, nil
}

// mayChange: the author for the time of undo, a manager who sees it later.
func mayChange(r *command.Request, v visit.Visit) error {
	author := v.PersonID == r.Who.ID
	if author && r.Tx.Now.Sub(v.RecordedAt) <= r.Config.Visits.Undo || r.Who.Is(person.Manager) && !author {
		return nil
	}
	if !author {
		return fault.New(fault.Denied, "not_yours")
	}
	return fault.New(fault.Denied, "too_late", "minutes", int(r.Config.Visits.Undo/time.Minute))
}

func saveEdit(r *command.Request, d form.Draft) (command.Saved, error) {
	before, ok, err := storevisit.ByID(r.Tx, r.Scope, d.Subject)
	if err != nil || !ok {
		return command.Saved{}, orNotFound(err)
	}
	if before.Version != d.Version {
		return command.Saved{}, fault.New(fault.Conflict, "changed")
	}
	if err := mayChange(r, before); err != nil {
		return command.Saved{}, err
	}
	after := before
	if day := calendar.Day(d.Values["on"]); day != "" && day != after.VisitedOn {
		if day > r.Words.Today(r.Said) {
			return command.Saved{}, fault.At("on", "future", "day", day)
		}
		after.VisitedOn = day
		after.StartedAt = day.At(calendar.ClockOf(before.StartedAt.In(r.Words.Zone)), r.Words.Zone).UTC()
		after.FinishedAt = after.StartedAt
	}
	if err := apply(&after, d); err != nil {
		return command.Saved{}, err
	}
	if err := storevisit.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	if err := r.Keeper().Visited(after.StoreID, after.AccountID); err != nil {
		return command.Saved{}, err
	}
	place, err := placeOf(r, after)
	if err != nil {
		return command.Saved{}, err
	}
	if after.NextOwner != before.NextOwner {
		if err := tellNextOwner(r, place, after); err != nil {
			return command.Saved{}, err
		}
	}
	reply := chat.Reply{Title: r.Say("visit.corrected", "place", place.Name), Fields: Lines(r, after), Keep: true}
	reply.Buttons = [][]chat.Button{{r.UndoButton()}}
	return command.Saved{Reply: reply, ID: after.ID}, nil
}

// placeOf returns where a visit was, as far as the person may see it.
func placeOf(r *command.Request, v visit.Visit) (account.Place, error) {
	ref := account.KindStore + ":" + v.StoreID
	if v.StoreID == "" {
		ref = account.KindAccount + ":" + v.AccountID
	}
	place, _, err := storeaccount.PlaceByRef(r.Tx, r.Scope, ref)
	return place, err
}

var nextOwner, _ = visit.Catalogue.Get("next_owner")

// Lines are the filled fields of a visit's outcome, for cards.
func Lines(r *command.Request, v visit.Visit) []chat.Line {
	values := map[string]string{"met": v.Met, "needs": v.Needs, "problems": v.Problems, "intent": v.Intent, "competitor_news": v.CompetitorNews,
		"next_step": v.NextStep, "next_due": string(v.NextDue), "next_visit_on": string(v.NextVisitOn)}
	if v.Satisfaction > 0 {
		values["satisfaction"] = string(rune('0' + v.Satisfaction))
	}
	var out []chat.Line
	for _, key := range outcome {
		f, _ := visit.Catalogue.Get(key)
		text := ""
		if f.Key == nextOwner.Key && v.NextOwner != "" {
			owner, _, err := storeperson.ByID(r.Tx, v.NextOwner)
			if err == nil {
				text = owner.Name
			}
		} else if values[key] != "" && f.Kind != field.Person {
			text = form.Print(f, values[key], "", r.Env())
		}
		if text != "" {
			out = append(out, chat.Line{Label: r.Words.Label(key), Value: text})
		}
	}
	return out
}
