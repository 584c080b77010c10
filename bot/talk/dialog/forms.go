package dialog

import (
	"slices"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

// Begin takes the first step of a new draft. What is complete is saved at
// once and never becomes a row; else the draft is put into the place, and the
// one that is there is parked.
func (fs *Forms) Begin(r *command.Request, u chat.Update, v command.Verb, d form.Draft) (chat.Reply, error) {
	place := r.Place
	step, err := fs.step(r, v, &d)
	if err != nil {
		return chat.Reply{}, err
	}
	var doubt *command.Confirm
	if step.What == form.Save {
		var saved *command.Saved
		saved, doubt, err = fs.attempt(r, v, &d)
		if err != nil || saved != nil {
			return orReply(saved), err
		}
		if step, err = fs.step(r, v, &d); err != nil {
			return chat.Reply{}, err
		}
	}
	away := !place.Private && place.Platform == chat.Telegram
	if away {
		// What is asked and answered is the person's own, and a group cannot
		// send a location: the form goes on in the private chat.
		place = chat.Place{Platform: place.Platform, Room: u.Actor.ID, Private: true}
	}
	parked, err := fs.park(r, place)
	if err != nil {
		return chat.Reply{}, err
	}
	if err := r.Tx.AddDraft(r.Who.ID, place, d); err != nil {
		return chat.Reply{}, err
	}
	row, _, err := r.Tx.DraftByID(r.Who.ID, d.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	if away {
		return chat.Reply{Open: true, Text: r.Say("room.form", "form", v.Form.Title(r.Words)), Buttons: [][]chat.Button{{{Label: r.Say("button.open_private"), URL: fs.Links.Link(place.Platform, d.ID)}}}}, nil
	}
	if doubt != nil {
		return fs.doubted(r, u, row, d, doubt)
	}
	reply, err := fs.show(r, u, v, row, d, step)
	if err != nil {
		return reply, err
	}
	err = fs.addResume(r, row, parked, &reply)
	return reply, err
}

func orReply(saved *command.Saved) chat.Reply {
	if saved == nil {
		return chat.Reply{}
	}
	return saved.Reply
}

// park sets the open draft of a place aside. It returns the draft if there is
// something in it to come back to.
func (fs *Forms) park(r *command.Request, place chat.Place) (*store.DraftRow, error) {
	row, open, err := r.Tx.OpenDraft(r.Who.ID, place)
	if err != nil || !open {
		return nil, err
	}
	d, err := row.Draft()
	if err != nil {
		return nil, err
	}
	if len(d.Values) == 0 || !row.Fresh(r.Tx.Now) {
		return nil, r.Tx.SaveDraft(row, d, store.DraftCancelled, "")
	}
	return &row, r.Tx.SaveDraft(row, d, store.DraftParked, "")
}

// addResume offers to go on with what was parked here, or with the same form
// on another surface.
func (fs *Forms) addResume(r *command.Request, row store.DraftRow, parked *store.DraftRow, reply *chat.Reply) error {
	if reply.Modal != nil || len(reply.Buttons) == 0 || offersResume(*reply) {
		return nil
	}
	if parked == nil {
		other, ok, err := r.Tx.OtherDraft(r.Who.ID, row.Form, row.ID)
		if err != nil || !ok {
			return err
		}
		if d, err := other.Draft(); err != nil || len(d.Values) == 0 {
			return err
		}
		parked = &other
	}
	reply.Buttons = append(reply.Buttons, []chat.Button{fs.resumeButton(r, *parked)})
	return nil
}

func offersResume(r chat.Reply) bool {
	return slices.ContainsFunc(r.Buttons, func(row []chat.Button) bool {
		return slices.ContainsFunc(row, func(b chat.Button) bool { return b.Do != nil && b.Do.Action == "resume" })
	})
}

func (fs *Forms) resumeButton(r *command.Request, row store.DraftRow) chat.Button {
	v, _ := fs.Ear.Verb(row.Form)
	return chat.Button{Label: r.Say("button.resume", "form", v.Form.Title(r.Words)), Do: &chat.Do{Action: "resume", Args: []string{row.ID}}}
}

// step moves a draft on until a person is needed. Look-ups are answered here,
// through the gate.
func (fs *Forms) step(r *command.Request, v command.Verb, d *form.Draft) (form.Step, error) {
	for {
		s := v.Form.Next(d)
		switch {
		case s.What == form.Look && s.Field.Kind.Several():
			if err := fs.lookUpSeveral(r, v, d, s.Field, s.Query); err != nil {
				return s, err
			}
		case s.What == form.Look:
			hits, err := r.Lookup(*d, s.Field, s.Query)
			if err != nil {
				return s, err
			}
			if several := v.Form.Found(d, s.Field.Key, s.Query, hits); several != nil {
				return *several, nil
			}
		case s.What == form.Ask && s.Field.Kind.LookUp():
			var err error
			s.Choices, err = r.Lookup(*d, s.Field, "")
			return s, err
		case s.What == form.Card && len(v.Form.Grid) > 0:
			x, _ := v.Form.Field(v.Form.Grid[0])
			var err error
			s.Choices, err = r.Lookup(*d, x, "")
			return s, err
		case s.What == form.Ask && s.Field.Suggest:
			var err error
			s.Choices, err = r.Contacts(*d)
			return s, err
		default:
			return s, nil
		}
	}
}

// lookUpSeveral finds what each of several names means.
func (fs *Forms) lookUpSeveral(r *command.Request, v command.Verb, d *form.Draft, x field.Field, query string) error {
	entries := form.Entries(x, query)
	for i := range entries {
		var err error
		if entries[i].Hits, err = r.Lookup(*d, x, entries[i].Name); err != nil {
			return err
		}
		if len(entries) > 1 || entries[i].Value != "" || x.Kind != field.Each {
			continue
		}
		// A value alone is that of the only thing there is.
		if all, err := r.Lookup(*d, x, ""); err != nil {
			return err
		} else if len(all) == 1 && len(entries[i].Hits) != 1 {
			entries[i] = form.Entry{Name: all[0].Label, Value: entries[i].Name, Hits: all}
		}
	}
	v.Form.FoundSeveral(d, x.Key, query, entries, r.Env())
	return nil
}

// advance takes the next step of a draft that is kept.
func (fs *Forms) advance(r *command.Request, u chat.Update, v command.Verb, row store.DraftRow, d form.Draft) (chat.Reply, error) {
	if err := r.Enter(v); err != nil { // the role was taken away since it was opened
		f, _ := fault.As(err)
		return chat.Reply{Text: "⚠️ " + r.Words.Fault(f), Replace: u.Kind == chat.Press}, r.Tx.SaveDraft(row, d, store.DraftCancelled, "")
	}
	s, err := fs.step(r, v, &d)
	if err != nil {
		return chat.Reply{}, err
	}
	return fs.show(r, u, v, row, d, s)
}

// show keeps the draft and says what is needed: as a modal, as a message of
// the dialogue, or, where a modal is wanted and cannot be opened now, as a
// button that opens it. A complete form is saved instead.
func (fs *Forms) show(r *command.Request, u chat.Update, v command.Verb, row store.DraftRow, d form.Draft, s form.Step) (chat.Reply, error) {
	if s.What == form.Save {
		return fs.save(r, u, v, row, d)
	}
	if err := r.Tx.SaveDraft(row, d, store.DraftOpen, ""); err != nil {
		return chat.Reply{}, err
	}
	if r.Place.Platform == chat.Slack {
		instead := chat.Reply{Text: r.Say("form.open", "form", v.Form.Title(r.Words)), Buttons: [][]chat.Button{{{Label: r.Say("button.open_form"), Style: chat.Primary, Do: &chat.Do{Action: "resume", Args: []string{d.ID}}}}}}
		if !u.Modal {
			return instead, nil
		}
		m := v.Form.Modal(d, r.Env())
		m.Instead = &instead
		if err := fs.suggest(r, v, d, m); err != nil {
			return chat.Reply{}, err
		}
		for i := range m.Fields {
			if f := &m.Fields[i]; f.Key == s.Field.Key && s.Query != "" {
				f.Options = s.Choices // several hits: choose among them
			}
		}
		return chat.Reply{Modal: m}, nil
	}
	reply := v.Form.Show(d, s, r.Env())
	reply.Replace = u.Kind == chat.Press
	for i := range reply.Buttons {
		for j := range reply.Buttons[i] {
			if do := reply.Buttons[i][j].Do; do != nil && do.Action == "form" {
				do.Version = row.Version + 1 // a button of an older step is stale
			}
		}
	}
	return reply, nil
}

// suggest names beside a field of a modal who or what could be meant.
func (fs *Forms) suggest(r *command.Request, v command.Verb, d form.Draft, m *chat.Modal) error {
	for i := range m.Fields {
		x, _ := v.Form.Field(m.Fields[i].Key)
		if x.Kind == field.Named || x.Kind == field.Some {
			var err error
			if m.Fields[i].Options, err = r.Lookup(d, x, ""); err != nil {
				return err
			}
		}
		if !x.Suggest {
			continue
		}
		choices, err := r.Contacts(d)
		if err != nil {
			return err
		}
		var names []string
		for _, c := range choices {
			names = append(names, c.Value)
		}
		m.Fields[i].Hint = chat.Cut(r.Words.List(names), 140)
	}
	return nil
}

// addParked offers what was parked here, after a form has ended.
func (fs *Forms) addParked(r *command.Request, reply *chat.Reply) error {
	row, ok, err := r.Tx.ParkedDraft(r.Who.ID, r.Place)
	if err == nil && ok {
		reply.Buttons = append(reply.Buttons, []chat.Button{fs.resumeButton(r, row)})
	}
	return err
}

// typed takes words said to a card: key=value, or, on a grid, names for its column. What
// it did not understand beside them is the fault.
func (fs *Forms) typed(r *command.Request, v command.Verb, d *form.Draft, text string) (*fault.Fault, error) {
	args, err := command.Parse(text, func(string) bool { return false })
	if err != nil {
		return nil, err
	}
	words, err := args.Fields(v.Form.Fields)
	strange, isFault := fault.As(err)
	switch {
	case len(words) == 0 && v.Form.TypeOnGrid(d, text, r.Env()):
		return nil, nil
	case len(args.Order) == 0:
		return nil, fault.Wrong("card_open")
	case err != nil && (!isFault || len(words) == 0):
		return nil, err
	}
	v.Form.Type(d, words, r.Env())
	return strange, nil
}

// Fill takes words, photos or a location into the open draft.
func (fs *Forms) Fill(r *command.Request, u chat.Update, row store.DraftRow, d form.Draft) (chat.Reply, error) {
	v, ok := fs.Ear.Verb(row.Form)
	if !ok {
		return chat.Reply{}, command.OrGone(nil)
	}
	var strange *fault.Fault
	sameAlbum := u.Album != "" && u.Album == d.Album
	d.Album = u.Album
	if !v.Form.Answer(&d, u, r.Env()) {
		var err error
		if strange, err = fs.typed(r, v, &d, u.Text); err != nil {
			return chat.Reply{}, err
		}
	}
	reply, err := fs.advance(r, u, v, row, d)
	if strange != nil && err == nil {
		reply = withWarning(reply, r.Words.Fault(strange))
	}
	if sameAlbum {
		return chat.Reply{}, err // the first photo of the album was answered
	}
	return reply, err
}
