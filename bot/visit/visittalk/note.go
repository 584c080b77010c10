package visittalk

import (
	"errors"
	"strings"

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
	if err := errors.Join(fetchPhotos(r, after), accompany(r, after, d)); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{Reply: noted(r, after), ID: after.ID}, nil
}

// remark offers to note words that mean nothing else: with a visit to the place that they
// begin with, or with the one that the person is in.
func remark(r *command.Request, words string) (chat.Reply, bool, error) {
	if !r.May(callers) {
		return chat.Reply{}, false, nil
	}
	words = chat.Clean(words)
	open, in, err := openVisit(r)
	if err != nil {
		return chat.Reply{}, false, err
	}
	ref, name, rest, named, err := placeFirst(r, words)
	switch {
	case err != nil || !named && !in:
		return chat.Reply{}, false, err
	case named && (!in || ref != open.Place()):
		button := command.SayButton(r.Say("button.note"), "visit", "note "+ref+` problems="`+strings.ReplaceAll(rest, `"`, "'")+`"`)
		return chat.Reply{Text: r.Say("visit.remark_at", "place", name), Buttons: [][]chat.Button{{button}}}, true, nil
	}
	return chat.Reply{Text: r.Say("visit.remark", "place", placeOf(r, open).Name), Buttons: [][]chat.Button{{
		{Label: r.Say("button.note"), Style: chat.Primary, Do: &chat.Do{Action: "visit.remark", Args: []string{open.ID, words}, Acts: true}},
	}}}, true, nil
}

// longestName is how many characters at the beginning of words are looked at for a place.
const longestName = 30

// placeFirst finds the one place in sight that words begin with, by its longest name, and
// what is said of it.
func placeFirst(r *command.Request, words string) (ref, name, rest string, ok bool, err error) {
	letters := []rune(words)
	field := noteForm.Fields[0]
	for n := min(len(letters)-1, longestName); n >= 2; n-- {
		if letters[n-1] < 0x80 && letters[n] < 0x80 && !strings.ContainsRune(" ,:;.", letters[n]) { // within a word
			continue
		}
		name := strings.TrimSpace(string(letters[:n]))
		hits, err := r.Lookup(form.NewDraft("", noteForm.Name, nil), field, name)
		if err != nil {
			return "", "", "", false, err
		}
		rest := strings.Trim(string(letters[n:]), " ,:;.，：；。的")
		if len(hits) == 1 && !hits[0].Guess && rest != "" && spells(hits[0].Label, name) {
			return hits[0].Value, hits[0].Label, rest, true, nil
		}
	}
	return "", "", "", false, nil
}

// spells reports whether a name holds every character of what was said.
func spells(name, said string) bool {
	name = strings.ToLower(name)
	return !strings.ContainsFunc(strings.ToLower(said), func(c rune) bool { return !strings.ContainsRune(name, c) })
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
	d.Values["problems"] = args[1]
	saved, err := addNote(r, open, d)
	return saved.Reply, err
}

func noted(r *command.Request, v visit.Visit) chat.Reply {
	return chat.Reply{Title: r.Say("visit.noted", "place", placeOf(r, v).Name), Fields: Lines(r, v), Buttons: [][]chat.Button{{doneButton(r), r.UndoButton()}}, Keep: true}
}
