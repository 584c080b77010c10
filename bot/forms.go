package bot

import (
	"errors"
	"slices"

	"fieldbot/bot/chat"
	"fieldbot/bot/command"
	"fieldbot/bot/fault"
	"fieldbot/bot/field"
	"fieldbot/bot/form"
	"fieldbot/store"
)

// open begins the form of a command with what was typed.
func (a *App) open(r *command.Request, u chat.Update, s said) (chat.Reply, error) {
	d := form.NewDraft(store.NewID(), s.verb.Form.Name, nil)
	if s.verb.Open != nil {
		opened, instead, err := s.verb.Open(r, s.args)
		if err != nil {
			return chat.Reply{}, err
		}
		if instead != nil {
			return *instead, nil
		}
		d = opened
	}
	v, ok := a.verbOfForm(d.Form)
	if !ok {
		return chat.Reply{}, gone()
	}
	words, err := s.args.Fields(v.Form.Fields)
	if err != nil {
		return chat.Reply{}, err
	}
	if v.Object != "" && s.args.Object != "" && words[v.Object] == "" {
		words[v.Object] = s.args.Object
	}
	v.Form.Type(&d, words, r.Env())
	d.Express = s.express
	return a.begin(r, u, v, d)
}

// begin puts a new draft into the place, parking the one that is there, and
// takes its first step.
func (a *App) begin(r *command.Request, u chat.Update, v command.Verb, d form.Draft) (chat.Reply, error) {
	place := r.Place
	step, err := a.step(r, v, &d)
	if err != nil {
		return chat.Reply{}, err
	}
	away := !place.Private && step.What != form.Save && place.Platform == chat.Telegram && v.Form.WantsPhotoOrLocation()
	if away {
		// A group cannot send a location: the form goes on in the private chat.
		place = chat.Place{Platform: place.Platform, Room: u.Actor.ID, Private: true}
	}
	parked, err := a.park(r, place)
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
		return chat.Reply{Open: true, Text: r.Say("room.form", "form", v.Form.Title(r.Words)), Buttons: [][]chat.Button{{{Label: r.Say("button.open_private"), URL: a.Link(place.Platform, d.ID)}}}}, nil
	}
	reply, err := a.show(r, u, v, row, d, step)
	if err != nil {
		return reply, err
	}
	return reply, a.addResume(r, row, parked, &reply)
}

// park sets the open draft of a place aside. It returns the draft if there is
// something in it to come back to.
func (a *App) park(r *command.Request, place chat.Place) (*store.DraftRow, error) {
	row, open, err := r.Tx.OpenDraft(r.Who.ID, place)
	if err != nil || !open {
		return nil, err
	}
	d, err := row.Draft()
	if err != nil {
		return nil, err
	}
	if len(d.Values) == 0 {
		return nil, r.Tx.SaveDraft(row, d, store.DraftCancelled, "")
	}
	return &row, r.Tx.SaveDraft(row, d, store.DraftParked, "")
}

// addResume offers to go on with what was parked here, or with the same form
// on another surface.
func (a *App) addResume(r *command.Request, row store.DraftRow, parked *store.DraftRow, reply *chat.Reply) error {
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
	reply.Buttons = append(reply.Buttons, []chat.Button{a.resumeButton(r, *parked)})
	return nil
}

func offersResume(r chat.Reply) bool {
	return slices.ContainsFunc(r.Buttons, func(row []chat.Button) bool {
		return slices.ContainsFunc(row, func(b chat.Button) bool { return b.Do != nil && b.Do.Action == "resume" })
	})
}

func (a *App) resumeButton(r *command.Request, row store.DraftRow) chat.Button {
	v, _ := a.verbOfForm(row.Form)
	return chat.Button{Label: r.Say("button.resume", "form", v.Form.Title(r.Words)), Do: &chat.Do{Action: "resume", Args: []string{row.ID}}}
}

// step moves a draft on until a person is needed. Look-ups are answered here,
// through the gate.
func (a *App) step(r *command.Request, v command.Verb, d *form.Draft) (form.Step, error) {
	for {
		s := v.Form.Next(d)
		switch {
		case s.What == form.Look:
			hits, err := r.Lookup(*d, s.Field, s.Query)
			if err != nil {
				return s, err
			}
			if several := v.Form.Found(d, s.Field.Key, s.Query, hits); several != nil {
				return *several, nil
			}
		case s.What == form.Ask && (s.Field.Kind == field.Place || s.Field.Kind == field.Person || s.Field.Kind == field.Account):
			var err error
			s.Choices, err = r.Lookup(*d, s.Field, "")
			return s, err
		default:
			return s, nil
		}
	}
}

// advance takes the next step of a draft that is kept.
func (a *App) advance(r *command.Request, u chat.Update, v command.Verb, row store.DraftRow, d form.Draft) (chat.Reply, error) {
	s, err := a.step(r, v, &d)
	if err != nil {
		return chat.Reply{}, err
	}
	return a.show(r, u, v, row, d, s)
}

// show keeps the draft and says what is needed: as a modal, as a message of
// the dialogue, or, where a modal is wanted and cannot be opened now, as a
// button that opens it. A complete form is saved instead.
func (a *App) show(r *command.Request, u chat.Update, v command.Verb, row store.DraftRow, d form.Draft, s form.Step) (chat.Reply, error) {
	if s.What == form.Save {
		return a.save(r, u, v, row, d)
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

// save lets the command save a complete form. What it refuses beside a field
// is asked again; what it doubts is shown, and saved the second time.
func (a *App) save(r *command.Request, u chat.Update, v command.Verb, row store.DraftRow, d form.Draft) (chat.Reply, error) {
	var saved command.Saved
	err := r.Tx.Try(func() (err error) {
		saved, err = v.Save(r, d)
		return err
	})
	var doubt *command.Doubt
	if errors.As(err, &doubt) {
		return a.doubted(r, u, row, d, doubt)
	}
	if f, ok := fault.As(err); ok {
		if x, inForm := v.Form.Field(f.Field); inForm {
			d.Wrong[x.Key], d.Express = f, false
			if u.Kind == chat.Submit {
				return chat.Reply{Errors: map[string]string{x.Key: r.Words.Fault(f)}}, r.Tx.SaveDraft(row, d, store.DraftOpen, "")
			}
			return a.advance(r, u, v, row, d)
		}
		if f.Kind == fault.Conflict {
			// The subject has changed: this draft can never be saved.
			return chat.Reply{Text: "⚠️ " + r.Words.Fault(f), Keep: u.Kind == chat.Submit}, r.Tx.SaveDraft(row, d, store.DraftCancelled, "")
		}
		if u.Kind == chat.Submit {
			return chat.Reply{Errors: map[string]string{v.Form.Fields[0].Key: r.Words.Fault(f)}}, nil
		}
	}
	if err != nil {
		return chat.Reply{}, err
	}
	if err := r.Tx.SaveDraft(row, d, store.DraftSaved, saved.ID); err != nil {
		return chat.Reply{}, err
	}
	saved.Reply.Replace = u.Kind == chat.Press
	return saved.Reply, a.addParked(r, &saved.Reply)
}

func (a *App) doubted(r *command.Request, u chat.Update, row store.DraftRow, d form.Draft, doubt *command.Doubt) (chat.Reply, error) {
	d.Doubted = true
	if err := r.Tx.SaveDraft(row, d, store.DraftOpen, ""); err != nil {
		return chat.Reply{}, err
	}
	if u.Kind == chat.Submit {
		return chat.Reply{Errors: map[string]string{doubt.Field: doubt.Text + " " + r.Say("doubt.again")}}, nil
	}
	press := func(label, what string) chat.Button {
		return chat.Button{Label: label, Do: &chat.Do{Action: "form", Args: []string{what}, Subject: "draft:" + d.ID, Version: row.Version + 1}}
	}
	return chat.Reply{Text: doubt.Text, Buttons: append(doubt.Buttons, []chat.Button{press(r.Say("button.save_anyway"), form.PressSave), press(r.Say("button.cancel"), form.PressCancel)})}, nil
}

// addParked offers what was parked here, after a form has ended.
func (a *App) addParked(r *command.Request, reply *chat.Reply) error {
	row, ok, err := r.Tx.ParkedDraft(r.Who.ID, r.Place)
	if err == nil && ok {
		reply.Buttons = append(reply.Buttons, []chat.Button{a.resumeButton(r, row)})
	}
	return err
}

// fill takes words, photos or a location into the open draft.
func (a *App) fill(r *command.Request, u chat.Update, row store.DraftRow, d form.Draft) (chat.Reply, error) {
	v, ok := a.verbOfForm(row.Form)
	if !ok {
		return chat.Reply{}, gone()
	}
	sameAlbum := u.Album != "" && u.Album == d.Album
	d.Album = u.Album
	if !v.Form.Answer(&d, u, r.Env()) {
		// The card is open: key=value fills fields, anything else is nothing.
		args, err := command.Parse(u.Text, func(string) bool { return false })
		if err != nil || len(args.Order) == 0 {
			return chat.Reply{}, firstError(err, fault.Wrong("card_open"))
		}
		words, err := args.Fields(v.Form.Fields)
		if err != nil {
			return chat.Reply{}, err
		}
		v.Form.Type(&d, words, r.Env())
	}
	reply, err := a.advance(r, u, v, row, d)
	if sameAlbum {
		return chat.Reply{}, err // the first photo of the album was answered
	}
	return reply, err
}

// control steers the open form by a word.
func (a *App) control(r *command.Request, u chat.Update, word string) (chat.Reply, error) {
	row, open, err := r.Tx.OpenDraft(r.Who.ID, r.Place)
	if err != nil {
		return chat.Reply{}, err
	}
	if !open {
		return chat.Reply{}, fault.Wrong("no_form")
	}
	return a.turn(r, u, row, []string{word})
}

// pressForm does what a button of a form says.
func (a *App) pressForm(r *command.Request, u chat.Update, c store.Callback) (chat.Reply, error) {
	id := c.Do.Subject[len("draft:"):]
	row, ok, err := r.Tx.DraftByID(r.Who.ID, id)
	if err != nil || !ok {
		return chat.Reply{}, firstError(err, gone())
	}
	switch row.State {
	case store.DraftSaved:
		return chat.Reply{}, fault.New(fault.Conflict, "form_saved")
	case store.DraftCancelled:
		return chat.Reply{}, fault.New(fault.Conflict, "form_cancelled")
	case store.DraftParked:
		return a.resume(r, u, row)
	}
	if row.Version != c.Do.Version {
		// A button of an older step: show where the form stands now.
		return a.turn(r, u, row, []string{form.PressShow})
	}
	return a.turn(r, u, row, c.Do.Args)
}

// turn does one press on a draft.
func (a *App) turn(r *command.Request, u chat.Update, row store.DraftRow, args []string) (chat.Reply, error) {
	v, ok := a.verbOfForm(row.Form)
	d, err := row.Draft()
	if err != nil || !ok {
		return chat.Reply{}, firstError(err, gone())
	}
	switch args[0] {
	case form.PressCancel:
		reply := chat.Reply{Text: r.Say("form.cancelled"), Replace: u.Kind == chat.Press}
		if err := r.Tx.SaveDraft(row, d, store.DraftCancelled, ""); err != nil {
			return reply, err
		}
		return reply, a.addParked(r, &reply)
	case form.PressSave:
		d.Express = true
		return a.advance(r, u, v, row, d)
	}
	v.Form.Press(&d, args)
	return a.advance(r, u, v, row, d)
}

// resume goes on with a draft in this place.
func (a *App) resume(r *command.Request, u chat.Update, row store.DraftRow) (chat.Reply, error) {
	v, ok := a.verbOfForm(row.Form)
	d, err := row.Draft()
	if err != nil || !ok {
		return chat.Reply{}, firstError(err, gone())
	}
	if row.State == store.DraftSaved {
		return chat.Reply{}, fault.New(fault.Conflict, "form_saved")
	}
	if row.State == store.DraftCancelled || r.Tx.Now.Sub(row.UpdatedAt) > store.ParkedFor {
		return chat.Reply{}, fault.New(fault.Conflict, "form_cancelled")
	}
	if other, open, err := r.Tx.OpenDraft(r.Who.ID, r.Place); err != nil {
		return chat.Reply{}, err
	} else if open && other.ID != row.ID {
		if _, err := a.park(r, r.Place); err != nil {
			return chat.Reply{}, err
		}
	}
	row.Platform, row.Room = string(r.Place.Platform), r.Place.Room
	return a.advance(r, u, v, row, d)
}

// submit takes a modal. The form may have been opened before a restart, or
// filled in a modal that outlived its draft's other surface.
func (a *App) submit(r *command.Request, u chat.Update) (chat.Reply, error) {
	row, ok, err := r.Tx.DraftByID(r.Who.ID, u.Name)
	if err != nil || !ok {
		return chat.Reply{}, firstError(err, gone())
	}
	switch row.State {
	case store.DraftSaved:
		return chat.Reply{}, fault.New(fault.Conflict, "form_saved")
	case store.DraftCancelled:
		return chat.Reply{}, fault.New(fault.Conflict, "form_cancelled")
	}
	v, ok := a.verbOfForm(row.Form)
	d, err := row.Draft()
	if err != nil || !ok {
		return chat.Reply{}, firstError(err, gone())
	}
	if err := mayDo(r, v); err != nil {
		return chat.Reply{}, err
	}
	if row.State == store.DraftParked {
		// Another draft may be open here now; this one is saved beside it.
		row.Room = "modal:" + row.ID
	}
	wrong := v.Form.Submit(&d, u.Values, r.Env())
	if len(wrong) > 0 {
		reply := chat.Reply{Errors: map[string]string{}}
		for key, f := range wrong {
			reply.Errors[key] = r.Words.Fault(f)
		}
		return reply, r.Tx.SaveDraft(row, d, row.State, "")
	}
	return a.save(r, u, v, row, d)
}

// closed parks the draft of a modal that was closed, with the values that the
// server saw.
func (a *App) closed(r *command.Request, id string) error {
	row, ok, err := r.Tx.DraftByID(r.Who.ID, id)
	if err != nil || !ok || row.State != store.DraftOpen {
		return err
	}
	d, err := row.Draft()
	if err != nil {
		return err
	}
	state := store.DraftParked
	if len(d.Values) == 0 {
		state = store.DraftCancelled
	}
	return r.Tx.SaveDraft(row, d, state, "")
}

// options answers the look-up of a modal while it is typed.
func (a *App) options(r *command.Request, u chat.Update) (chat.Reply, error) {
	row, ok, err := r.Tx.DraftByID(r.Who.ID, u.Name)
	if err != nil || !ok {
		return chat.Reply{}, firstError(err, gone())
	}
	v, _ := a.verbOfForm(row.Form)
	d, err := row.Draft()
	x, known := v.Form.Field(u.Field)
	if err != nil || !known {
		return chat.Reply{}, firstError(err, gone())
	}
	hits, err := r.Lookup(d, x, chat.OneLine(u.Text))
	return chat.Reply{Options: hits}, err
}
