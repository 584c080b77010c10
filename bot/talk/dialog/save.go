package dialog

import (
	"cmp"
	"errors"
	"maps"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

// attempt lets the command save a complete form. It returns what was saved,
// or what is doubted; neither means that the command refused a field, which is
// marked in the draft.
func (fs *Forms) attempt(r *command.Request, v command.Verb, d *form.Draft) (*command.Saved, *command.Confirm, error) {
	var saved command.Saved
	save := func() (err error) { saved, err = v.Save(r, *d); return err }
	if !r.TakesBack {
		if err := save(); store.Unavailable(err) {
			return nil, nil, err
		} else if err != nil {
			return nil, nil, ErrCare
		}
		return &saved, nil, nil
	}
	err := r.Tx.Try(save)
	var doubt *command.Confirm
	if errors.As(err, &doubt) {
		if doubt.Kept != nil {
			return nil, doubt, doubt.Kept()
		}
		return nil, doubt, nil
	}
	if f, ok := fault.As(err); ok {
		if x, inForm := v.Form.Field(f.Field); inForm {
			d.Wrong[x.Key], d.Express = f, false
			return nil, nil, nil
		}
	}
	if err != nil {
		return nil, nil, err
	}
	return &saved, nil, nil
}

// save ends a draft. What the command refuses beside a field is asked again;
// what it doubts is shown, and saved the second time.
func (fs *Forms) save(r *command.Request, u chat.Update, v command.Verb, row store.DraftRow, d form.Draft) (chat.Reply, error) {
	saved, doubt, err := fs.attempt(r, v, &d)
	f, isFault := fault.As(err)
	switch {
	case doubt != nil:
		return fs.doubted(r, u, row, d, doubt)
	case isFault && f.Kind == fault.Conflict:
		// The subject has changed: this draft can never be saved.
		return chat.Reply{Text: "⚠️ " + r.Words.Fault(f), Keep: u.Kind == chat.Submit}, r.Tx.SaveDraft(row, d, store.DraftCancelled, "")
	case isFault && u.Kind == chat.Submit:
		return chat.Reply{Errors: map[string]string{v.Form.Fields[0].Key: r.Words.Fault(f)}}, nil
	case err != nil:
		return chat.Reply{}, err
	case saved == nil && u.Kind == chat.Submit:
		for key, f := range fs.refused(r, v, d) {
			d.Wrong[key] = f
		}
		return chat.Reply{Errors: fs.beside(r, d.Wrong)}, r.Tx.SaveDraft(row, d, store.DraftOpen, "")
	case saved == nil:
		return fs.advance(r, u, v, row, d)
	}
	if err := r.Tx.SaveDraft(row, d, store.DraftSaved, saved.ID); err != nil {
		return chat.Reply{}, err
	}
	reply := saved.Reply
	reply.Replace = u.Kind == chat.Press
	err = fs.addParked(r, &reply)
	return reply, err
}

// errRefused takes back what was only tried.
var errRefused = errors.New("tried, not meant")

// refused are all the fields that a command refuses, found by letting it try without
// those that it has refused: it names one at a time. Nothing of it is kept.
func (fs *Forms) refused(r *command.Request, v command.Verb, d form.Draft) map[string]*fault.Fault {
	out := map[string]*fault.Fault{}
	d.Values, d.Doubted = maps.Clone(d.Values), true
	for range v.Form.Fields {
		err := r.Tx.Try(func() error {
			if _, err := v.Save(r, d); err != nil {
				return err
			}
			return errRefused
		})
		f, isFault := fault.As(err)
		if !isFault || d.Values[f.Field] == "" {
			break
		}
		out[f.Field] = f
		delete(d.Values, f.Field)
	}
	return out
}

// beside are the sentences that stand beside the fields of a modal.
func (fs *Forms) beside(r *command.Request, wrong map[string]*fault.Fault) map[string]string {
	out := map[string]string{}
	for key, f := range wrong {
		out[key] = r.Words.Fault(f)
	}
	return out
}

func (fs *Forms) doubted(r *command.Request, u chat.Update, row store.DraftRow, d form.Draft, doubt *command.Confirm) (chat.Reply, error) {
	d.Doubted = true
	if err := r.Tx.SaveDraft(row, d, store.DraftOpen, ""); err != nil {
		return chat.Reply{}, err
	}
	again := "doubt.again"
	if doubt.Yes != "" {
		again = "doubt.sure"
	}
	if u.Kind == chat.Submit {
		return chat.Reply{Errors: map[string]string{doubt.Field: doubt.Text + " " + r.Say(again)}}, nil
	}
	press := func(label, what string) chat.Button {
		return chat.Button{Label: label, Do: &chat.Do{Action: "form", Args: []string{what}, Subject: "draft:" + d.ID, Version: row.Version + 1}}
	}
	return chat.Reply{Text: doubt.Text, Buttons: append(doubt.Buttons, []chat.Button{press(cmp.Or(doubt.Yes, r.Say("button.save_anyway")), form.PressSave), press(r.Say("button.cancel"), form.PressCancel)})}, nil
}

// ErrCare says that a unit has to go through again with savepoints, since a
// command refused what it had begun to write.
var ErrCare = errors.New("once more, with care")
