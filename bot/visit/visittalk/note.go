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
	return addNote(r, before, d)
}

// addNote adds what was said to the visit that the person is in.
func addNote(r *command.Request, before visit.Visit, d form.Draft) (command.Saved, error) {
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

// remark offers to note words that mean nothing else with the visit that the person is in.
func remark(r *command.Request, words string) (chat.Reply, bool, error) {
	open, in, err := openVisit(r)
	if err != nil || !in {
		return chat.Reply{}, false, err
	}
	return chat.Reply{Text: r.Say("visit.remark", "place", placeOf(r, open).Name), Buttons: [][]chat.Button{{
		{Label: r.Say("button.note"), Style: chat.Primary, Do: &chat.Do{Action: "visit.remark", Args: []string{open.ID, words}, Acts: true}},
	}}}, true, nil
}

// noteRemark notes it under problems, where notes are looked for.
func noteRemark(r *command.Request, args []string) (chat.Reply, error) {
	open, in, err := openVisit(r)
	if err != nil {
		return chat.Reply{}, err
	}
	if !in || open.ID != args[0] {
		return chat.Reply{}, fault.New(fault.Conflict, "visit_ended")
	}
	d := form.NewDraft(store.NewID(), noteForm.Name, nil)
	d.Values["problems"] = chat.Clean(args[1])
	saved, err := addNote(r, open, d)
	return saved.Reply, err
}

func noted(r *command.Request, v visit.Visit) chat.Reply {
	return chat.Reply{Title: r.Say("visit.noted", "place", placeOf(r, v).Name), Fields: Lines(r, v), Buttons: [][]chat.Button{{doneButton(r), r.UndoButton()}}, Keep: true}
}
