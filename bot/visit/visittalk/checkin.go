package visittalk

import (
	"errors"
	"strings"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

// start checks in (签到). One visit of a person is open at a time.
func start(r *command.Request, d form.Draft) (command.Saved, error) {
	place, err := placeIn(r, d)
	if err != nil {
		return command.Saved{}, err
	}
	open, some, err := openVisit(r)
	if err != nil {
		return command.Saved{}, err
	}
	if some {
		return stillIn(r, open), nil
	}
	v, planned, err := at(r, place, r.Words.Today(r.Said))
	if err != nil {
		return command.Saved{}, err
	}
	v.Status, v.StartedAt = visit.CheckedIn, r.Said.UTC().Truncate(time.Second)
	v.VisitedOn, v.Late = r.Words.Today(r.Said), r.Tx.Now.Sub(r.Said) > visit.LateAfter
	if err := locate(r, d.Values["location"], &v); err != nil {
		return command.Saved{}, err
	}
	v.Photos, v.Problems, v.NextStep = strings.Fields(d.Values["photos"]), d.Values["problems"], d.Values["next_step"]
	if err := keep(r, planned, &v); err != nil {
		return command.Saved{}, err
	}
	if err := fetchPhotos(r, v); err != nil {
		return command.Saved{}, err
	}
	lines, err := r.Brief(place)
	if err != nil {
		return command.Saved{}, err
	}
	if v.Presence == "unknown" && v.StoreID != "" && r.Place.Platform == chat.Telegram {
		lines = append(lines, r.Say("visit.send_location"))
	}
	reply := chat.Reply{Title: r.Say("visit.started", "place", place.Name, "time", r.Words.Clock(v.StartedAt)) + presence(r, v), Text: strings.Join(lines, "\n"), Keep: true}
	reply.Buttons = [][]chat.Button{append([]chat.Button{doneButton(r), r.UndoButton()}, stepsButton(r, v)...)}
	err = addToDo(r, place, &reply)
	return command.Saved{Reply: reply, ID: v.ID}, err
}

func doneButton(r *command.Request) chat.Button {
	b := command.SayButton(r.Say("button.check_out"), "visit", "done")
	b.Style = chat.Primary
	return b
}

// stillIn answers a check-in while another visit is open.
func stillIn(r *command.Request, open visit.Visit) command.Saved {
	place := placeOf(r, open)
	reply := chat.Reply{Text: r.Say("visit.still_in", "place", place.Name, "time", r.Words.Clock(open.StartedAt)), Buttons: [][]chat.Button{{doneButton(r)}}}
	return command.Saved{Reply: reply, ID: open.ID}
}

func forgotten(r *command.Request, v visit.Visit) bool {
	return r.Tx.Now.Sub(v.StartedAt) >= r.Config.Visits.ForgottenCheckout
}

// openVisit is the visit the person is in. One that was forgotten is closed and
// blocks nothing.
func openVisit(r *command.Request) (visit.Visit, bool, error) {
	open, some, err := visitstore.Open(r.Tx, r.Scope, r.Who.ID)
	if some && err == nil && forgotten(r, open) {
		return visit.Visit{}, false, forget(r, open)
	}
	return open, some, err
}

// forget closes a visit that nobody checked out of, and marks it: its time in
// the store is not known.
func forget(r *command.Request, before visit.Visit) error {
	after := before
	after.Status, after.FinishedAt = visit.Done, before.StartedAt.Add(r.Config.Visits.ForgottenCheckout)
	after.Flag(visit.Forgotten)
	return visitstore.Visits.Change(r.Tx, before, after)
}

// closeForgotten closes every visit that nobody checked out of in time. The
// request is the system's.
func closeForgotten(r *command.Request) error {
	left, err := visitstore.LeftOpen(r.Tx, r.Scope, r.Tx.Now.Add(-r.Config.Visits.ForgottenCheckout))
	for _, v := range left {
		err = errors.Join(err, r.Tx.Try(func() error { return forget(r, v) }))
	}
	return goOn(r, "a forgotten check-out", err)
}

// goOn lets the clock go on after what failed: it is tried again with the next
// tick, and the log has it.
func goOn(r *command.Request, what string, err error) error {
	if err != nil && !store.Unavailable(err) {
		r.Log.Error("the clock could not do its work", "what", what, "err", err)
		return nil
	}
	return err
}

var checkOutVerb = record.Verb(command.On[visit.Visit]{Name: "done", Roles: callers, Ready: stillOpen, Ask: doneFields, Do: checkOut, Loose: true})

// doneVerb checks out of the visit that the person is in; who is in none logs one.
var doneVerb = func() command.Verb {
	v := checkOutVerb
	v.Open = func(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
		if _, some, err := visitstore.Open(r.Tx, r.Scope, r.Who.ID); err != nil || !some {
			return form.NewDraft(store.NewID(), logForm.Name, nil), nil, err
		}
		return checkOutVerb.Open(r, a)
	}
	return v
}()

func stillOpen(r *command.Request, v visit.Visit) error {
	switch {
	case v.PersonID != r.Who.ID:
		return fault.New(fault.Denied, "not_yours")
	case v.Status != visit.CheckedIn:
		return fault.New(fault.Conflict, "visit_ended")
	}
	return nil
}

// checkOut (签退) ends the time in the store now. Photos and places may have been
// added since the form was opened.
func checkOut(r *command.Request, before visit.Visit, d form.Draft) (command.Saved, error) {
	after, err := withSaid(before, d)
	if err != nil {
		return command.Saved{}, err
	}
	after.Status, after.FinishedAt, after.RecordedAt = visit.Done, r.Said.UTC().Truncate(time.Second), r.Tx.Now
	if after.FinishedAt.Before(after.StartedAt) {
		after.FinishedAt = after.StartedAt
	}
	// Whoever was seen elsewhere at the check-in was not there: a check-out mends nothing.
	if l := d.Values["location"]; l != "" && before.Presence == "unknown" {
		if err := locate(r, l, &after); err != nil {
			return command.Saved{}, err
		}
	}
	if err := visitstore.Visits.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	after.Version++
	if err := accompany(r, after, d); err != nil {
		return command.Saved{}, err
	}
	place := placeOf(r, after)
	reply, err := settle(r, place, after)
	if err == nil {
		err = errors.Join(addStepsLeft(r, after, &reply), addToDo(r, place, &reply))
	}
	return command.Saved{Reply: reply, ID: after.ID}, err
}

// withSaid is the visit that a person is in, with what is said of it now beside what was
// noted since the door.
func withSaid(before visit.Visit, d form.Draft) (visit.Visit, error) {
	after := before
	if err := apply(&after, d, false); err != nil {
		return visit.Visit{}, err
	}
	after.Needs = beside(before.Needs, after.Needs, "\n")
	after.Problems = beside(before.Problems, after.Problems, "\n")
	after.NextStep = beside(before.NextStep, after.NextStep, "; ")
	addPhotos(&after, strings.Fields(d.Values["photos"]))
	return after, nil
}

// beside is a text with what was noted before it, once.
func beside(before, now, between string) string {
	if before == "" || strings.Contains(now, before) {
		return now
	}
	return strings.TrimSuffix(before+between+now, between)
}

// addToDo offers what can be done at a place before everything else.
func addToDo(r *command.Request, place account.Place, reply *chat.Reply) error {
	todo, err := r.ToDo(place)
	if len(todo) > 0 {
		reply.Buttons = append([][]chat.Button{todo}, reply.Buttons...)
	}
	return err
}

// afterwards is for how long photos that come without a command belong to the visit that
// was saved last.
const afterwards = 10 * time.Minute

// heard is the visit that photos and a location without a command belong to: the one that
// the person is in, else, for photos, the one just saved.
func heard(r *command.Request, u chat.Update) (visit.Visit, bool, error) {
	open, some, err := visitstore.Open(r.Tx, r.Scope, r.Who.ID)
	if err != nil || some && !forgotten(r, open) {
		return open, err == nil, err
	}
	if len(u.Photos) == 0 || u.Location != nil {
		return visit.Visit{}, false, nil
	}
	return visitstore.JustDone(r.Tx, r.Scope, r.Who.ID, r.Tx.Now.Add(-afterwards))
}

// attach adds photos and a location that came without a command to the visit that they
// belong to; what is written beside them becomes its note, under problems, where it is
// looked for. It is false if they belong to none.
func attach(r *command.Request, u chat.Update) (chat.Reply, bool, error) {
	before, some, err := heard(r, u)
	if err != nil || !some {
		return chat.Reply{}, false, err
	}
	after := before
	var refs []string
	for _, p := range u.Photos {
		refs = append(refs, p.Ref)
	}
	addPhotos(&after, refs)
	if u.Location != nil && after.Presence != "verified" {
		if err := locate(r, form.FormatLocation(*u.Location), &after); err != nil {
			return chat.Reply{}, false, err
		}
	}
	note := ""
	if len(refs) > 0 {
		note = chat.Cut(chat.Clean(u.Text), 500)
	}
	if note != "" {
		after.Problems = strings.TrimSpace(after.Problems + "\n" + note)
	}
	if len(after.Photos) != len(before.Photos) || after.Location != before.Location || note != "" {
		if err := visitstore.Visits.Change(r.Tx, before, after); err != nil {
			return chat.Reply{}, false, err
		}
		if err := fetchPhotos(r, after); err != nil {
			return chat.Reply{}, false, err
		}
	}
	text := r.Say("visit.attached", "place", placeOf(r, after).Name, "photos", len(after.Photos)) + presence(r, after)
	row := []chat.Button{doneButton(r)}
	if after.Status == visit.Done {
		row = []chat.Button{r.UndoButton()}
	}
	if note != "" {
		text += "\n" + r.Words.Label("problems") + ": " + note
		row = append(row, command.SayButton(r.Say("button.edit"), "visit", "edit "+after.Subject()))
	}
	return chat.Reply{Text: text, Buttons: [][]chat.Button{row}}, true, nil
}

// tracks reports whether a live location that moves could raise the presence
// of the visit that a person is in.
func tracks(r *command.Request) (bool, error) {
	open, some, err := visitstore.Open(r.Tx, r.Scope, r.Who.ID)
	return some && open.Presence != "verified" && open.StoreID != "", err
}

// track takes a point of a live location: the first one inside the fence
// verifies the visit that the person is in. Nothing is said.
func track(r *command.Request, l chat.Location) error {
	before, some, err := visitstore.Open(r.Tx, r.Scope, r.Who.ID)
	if err != nil || !some || before.Presence == "verified" || before.StoreID == "" {
		return err
	}
	s, ok, err := accountstore.Stores.In(access.System("presence")).ByID(r.Tx, before.StoreID)
	if err != nil || !ok {
		return err
	}
	g := visit.GradePresence(s, l.Lat, l.Lon, true, l.Live, r.Config.Visits.FenceMetres)
	if g.Presence != "verified" {
		return nil
	}
	after := before
	after.Location, after.Presence, after.DistanceM = form.FormatLocation(l), g.Presence, g.Metres
	return r.Tx.Unasked(func() error { return visitstore.Visits.Change(r.Tx, before, after) }) // the phone's doing
}
