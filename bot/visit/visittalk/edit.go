package visittalk

import (
	"errors"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

// fillEdit puts what a visit holds into its form.
func fillEdit(r *command.Request, v visit.Visit, _ command.Args, d *form.Draft) error {
	d.Hold(pick(outcome...), visit.Catalogue.Values(v))
	d.Values["on"], d.Values["place"] = string(v.VisitedOn), v.Place() // the place names whom one may have met
	if v.NextOwner != "" {
		d.Shown["next_owner"] = r.Name(v.NextOwner)
	}
	return nil
}

// mayChange: the author for the time of undo, and as long as nothing was
// written of it; a manager who sees it later.
func mayChange(r *command.Request, v visit.Visit) error {
	if v.PersonID != r.Who.ID {
		return led(r, v)
	}
	if r.Tx.Now.Sub(v.RecordedAt) <= r.Config.Visits.Undo || !v.Written() {
		return nil
	}
	return fault.New(fault.Denied, "too_late", "minutes", int(r.Config.Visits.Undo/time.Minute))
}

// led refuses a visit that the person does not lead as a manager.
func led(r *command.Request, v visit.Visit) error {
	return command.Guard(r, visitstore.Visits, r.Scope.As(person.Manager), v.ID, fault.New(fault.Denied, "not_yours"))
}

func saveEdit(r *command.Request, before visit.Visit, d form.Draft) (command.Saved, error) {
	after := before
	if day := calendar.Day(d.Values["on"]); day != "" && day != after.VisitedOn {
		switch {
		case day > r.Words.Today(r.Said):
			return command.Saved{}, fault.At("on", "future", "day", day)
		case before.Status != visit.Done:
			return command.Saved{}, fault.At("on", "visit_not_ended")
		}
		after.VisitedOn = day
		after.StartedAt = day.At(0, r.Words.Zone).UTC()
		after.FinishedAt = after.StartedAt
	}
	if err := apply(&after, d, true); err != nil {
		return command.Saved{}, err
	}
	if err := visitstore.Visits.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	if err := errors.Join(correctStep(r, before, after), accompany(r, after, d)); err != nil {
		return command.Saved{}, err
	}
	place := placeOf(r, after)
	reply := chat.Reply{Title: r.Say("visit.corrected", "place", place.Name), Fields: Lines(r, after), Keep: true}
	reply.Buttons = [][]chat.Button{{r.UndoButton()}}
	return command.Saved{Reply: reply, ID: after.ID}, nil
}

// Lines are the filled fields of a visit's outcome, for cards.
func Lines(r *command.Request, v visit.Visit) []chat.Line {
	values := visit.Catalogue.Values(v)
	var out []chat.Line
	for _, f := range pick(outcome...) {
		value, shown := values[f.Key], ""
		if value != "" && f.Kind == field.Person {
			shown = r.Name(value)
		}
		if value != "" {
			out = append(out, chat.Line{Label: r.Words.Label(f.Key), Value: form.Print(f, value, shown, r.Env())})
		}
	}
	return out
}
