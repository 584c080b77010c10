package dialog

import (
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

// Control steers the open form by a word.
func (fs *Forms) Control(r *command.Request, u chat.Update, word string) (chat.Reply, error) {
	row, open, err := r.Tx.OpenDraft(r.Who.ID, r.Place)
	if err != nil {
		return chat.Reply{}, err
	}
	if !open || !row.Fresh(r.Tx.Now) && word != form.PressCancel {
		return chat.Reply{}, fault.Wrong("no_form")
	}
	return fs.turn(r, u, row, []string{word})
}

// Press does what a button of a form says.
func (fs *Forms) Press(r *command.Request, u chat.Update, c store.Callback) (chat.Reply, error) {
	id := c.Do.Subject[len("draft:"):]
	row, ok, err := r.Tx.DraftByID(r.Who.ID, id)
	if err != nil || !ok {
		return chat.Reply{}, command.OrGone(err)
	}
	if err := ended(row); err != nil {
		return chat.Reply{}, err
	}
	if row.State == store.DraftParked {
		return fs.Resume(r, u, row)
	}
	if row.Version != c.Do.Version && !fs.stillMeant(row, c.Do.Args) {
		// A button of an older step: show where the form stands now.
		return fs.turn(r, u, row, []string{form.PressShow})
	}
	return fs.turn(r, u, row, c.Do.Args)
}

// stillMeant reports whether a button of an older step means the same now: it ends the
// question that is open, where more photos may have come between, or it is one of a grid.
func (fs *Forms) stillMeant(row store.DraftRow, args []string) bool {
	v, d, err := fs.opened(row)
	return err == nil && (len(args) > 1 && args[0] == form.PressDone && args[1] == d.Asking || d.StillMeant(v.Form, args))
}

// opened returns the form of a row, filled so far, and the verb it belongs to.
func (fs *Forms) opened(row store.DraftRow) (command.Verb, form.Draft, error) {
	v, ok := fs.Ear.Verb(row.Form)
	d, err := row.Draft()
	if err != nil || !ok {
		return v, d, command.OrGone(err)
	}
	return v, d, nil
}

// ended is the fault of a draft that was saved or cancelled.
func ended(row store.DraftRow) error {
	switch row.State {
	case store.DraftSaved:
		return fault.New(fault.Conflict, "form_saved")
	case store.DraftCancelled:
		return fault.New(fault.Conflict, "form_cancelled")
	}
	return nil
}

// turn does one press on a draft.
func (fs *Forms) turn(r *command.Request, u chat.Update, row store.DraftRow, args []string) (chat.Reply, error) {
	v, d, err := fs.opened(row)
	if err != nil {
		return chat.Reply{}, err
	}
	switch args[0] {
	case form.PressCancel:
		reply := chat.Reply{Text: r.Say("form.cancelled"), Replace: u.Kind == chat.Press}
		if err := r.Tx.SaveDraft(row, d, store.DraftCancelled, ""); err != nil {
			return reply, err
		}
		err := fs.addParked(r, &reply)
		return reply, err
	case form.PressSave:
		d.Express = true
		return fs.advance(r, u, v, row, d)
	}
	v.Form.Press(&d, args, r.Env())
	return fs.advance(r, u, v, row, d)
}

// Resume goes on with a draft in this place.
func (fs *Forms) Resume(r *command.Request, u chat.Update, row store.DraftRow) (chat.Reply, error) {
	v, d, err := fs.opened(row)
	if err != nil {
		return chat.Reply{}, err
	}
	if err := ended(row); err != nil {
		return chat.Reply{}, err
	}
	if !row.Fresh(r.Tx.Now) {
		return chat.Reply{}, fault.New(fault.Conflict, "form_cancelled")
	}
	if other, open, err := r.Tx.OpenDraft(r.Who.ID, r.Place); err != nil {
		return chat.Reply{}, err
	} else if open && other.ID != row.ID {
		if _, err := fs.park(r, r.Place); err != nil {
			return chat.Reply{}, err
		}
	}
	row.Platform, row.Room = string(r.Place.Platform), r.Place.Room
	return fs.advance(r, u, v, row, d)
}

// Submit takes a modal. The form may have been opened before a restart, or
// filled in a modal that outlived its draft's other surface.
func (fs *Forms) Submit(r *command.Request, u chat.Update) (chat.Reply, error) {
	row, ok, err := r.Tx.DraftByID(r.Who.ID, u.Name)
	if err != nil || !ok {
		return chat.Reply{}, command.OrGone(err)
	}
	if err := ended(row); err != nil {
		return chat.Reply{}, err
	}
	v, d, err := fs.opened(row)
	if err != nil {
		return chat.Reply{}, err
	}
	if err := r.Enter(v); err != nil {
		return chat.Reply{}, err
	}
	if row.State == store.DraftParked {
		// Another draft may be open here now; this one is saved beside it.
		row.Room = "modal:" + row.ID
	}
	wrong := v.Form.Submit(&d, u.Values, r.Env())
	for _, x := range v.Form.Fields { // a text input holds what names several things
		if query, open := d.Query[x.Key]; open && x.Kind.Several() {
			if err := fs.lookUpSeveral(r, v, &d, x, query); err != nil {
				return chat.Reply{}, err
			}
			if f := d.Wrong[x.Key]; f != nil {
				wrong[x.Key] = f
			}
		}
	}
	if len(wrong) > 0 {
		if !r.TakesBack {
			return chat.Reply{}, ErrCare
		}
		// What the command would refuse is said in the same round.
		for key, f := range fs.refused(r, v, d) {
			if wrong[key] == nil {
				wrong[key] = f
			}
		}
		return chat.Reply{Errors: fs.beside(r, wrong)}, r.Tx.SaveDraft(row, d, row.State, "")
	}
	return fs.save(r, u, v, row, d)
}

// Closed parks the draft of a modal that was closed, with the values that the
// server saw.
func (fs *Forms) Closed(r *command.Request, id string) error {
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

// Options answers the look-up of a modal while it is typed.
func (fs *Forms) Options(r *command.Request, u chat.Update) (chat.Reply, error) {
	row, ok, err := r.Tx.DraftByID(r.Who.ID, u.Name)
	if err != nil || !ok {
		return chat.Reply{}, command.OrGone(err)
	}
	v, _ := fs.Ear.Verb(row.Form)
	d, err := row.Draft()
	x, known := v.Form.Field(u.Field)
	if err != nil || !known {
		return chat.Reply{}, command.OrGone(err)
	}
	if err := r.Enter(v); err != nil {
		return chat.Reply{}, err
	}
	hits, err := r.Lookup(d, x, chat.OneLine(u.Text))
	return chat.Reply{Options: hits}, err
}
