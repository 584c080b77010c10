package visittalk

import (
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

// openNote is for something said of a place; without a place it is said of the visit that
// the person is in, and means nothing where there is none.
func openNote(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	d := form.NewDraft(store.NewID(), noteForm.Name, nil)
	if a.Object != "" {
		return d, nil, nil
	}
	open, in, err := visitstore.Open(r.Tx, r.Scope, r.Who.ID)
	if err != nil || !in {
		return d, nil, orNowhere(err)
	}
	place := placeOf(r, open)
	d.Values["place"], d.Shown["place"] = place.Ref(), place.Name
	return d, nil, nil
}

func orNowhere(err error) error {
	if err == nil {
		err = fault.New(fault.NotFound, "visit_note_where")
	}
	return err
}

// saveNote adds what was said to the visit that the person is in at the place, which goes
// on; of another place, or of another day, it is a visit of its own.
func saveNote(r *command.Request, d form.Draft) (command.Saved, error) {
	if d.Values["place"] == "" {
		return command.Saved{}, fault.At("place", "required")
	}
	before, in, err := openVisit(r)
	if err != nil {
		return command.Saved{}, err
	}
	if !in || before.Place() != d.Values["place"] || d.Values["on"] != "" {
		return save(r, d)
	}
	after, err := withSaid(before, d)
	if err != nil {
		return command.Saved{}, err
	}
	if err := visitstore.Visits.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	if err := fetchPhotos(r, after); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{Reply: noted(r, after), ID: after.ID}, nil
}

func noted(r *command.Request, v visit.Visit) chat.Reply {
	return chat.Reply{Title: r.Say("visit.noted", "place", placeOf(r, v).Name), Fields: Lines(r, v), Buttons: [][]chat.Button{{doneButton(r), r.UndoButton()}}, Keep: true}
}
