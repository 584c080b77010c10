package bot

import (
	"context"

	"fieldbot/bot/clock/today"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/dialog"
	"fieldbot/bot/talk/hear"
	"fieldbot/store"
)

// tryRead answers what changes nothing, on a reader, without inbox or fsync.
// done is false if the update may change something.
func (a *App) tryRead(ctx context.Context, u chat.Update, i hear.Intent) (reply chat.Reply, done bool, err error) {
	if !mayRead(u, i) {
		return chat.Reply{}, false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, a.Waits.TakeUp)
	defer cancel()
	var r *command.Request
	var identity person.Identity
	err = a.DB.Read(ctx, func(tx *store.Tx) error {
		p, id, known, err := a.who(tx, u.Actor)
		if err != nil || !known {
			return err
		}
		r, identity = a.request(tx, p, u), id
		reply, done, err = a.read(r, u, i)
		if f, ok := fault.As(err); ok && done {
			reply, err = a.refusal(r, u, f), nil
		}
		return err
	})
	if err != nil || !done || reply.Empty() {
		return reply, done, err
	}
	reply, err = a.answerRead(ctx, r, u, identity, reply)
	if err == nil {
		err = a.handFile(ctx, u, r.Who.ID, &reply)
	}
	return reply, true, err
}

// mayRead tells from the update alone whether it could change nothing.
func mayRead(u chat.Update, i hear.Intent) bool {
	switch u.Kind {
	case chat.Options, chat.Home, chat.Press, chat.Track:
		return true
	case chat.Command, chat.Text:
		return i.Command() && i.Err == nil && len(i.Guesses) == 0 && i.Said.Verb.Read != nil && len(u.Photos) == 0
	}
	return false
}

// read answers an update if it changes nothing.
func (a *App) read(r *command.Request, u chat.Update, i hear.Intent) (reply chat.Reply, done bool, err error) {
	switch u.Kind {
	case chat.Options:
		reply, err = a.forms.Options(r, u)
		return reply, true, err
	case chat.Home:
		reply, err = today.Show(r)
		reply.Home = true
		return reply, true, err
	case chat.Track:
		// A phone tells where it is every few seconds; few of them matter.
		matters, err := a.followed(r)
		return reply, !matters, err
	case chat.Press:
		c, ok, err := r.Tx.CallbackByID(u.Name)
		if err != nil || !ok || c.Do.Acts || mayPress(r, c) != nil {
			return reply, false, err
		}
		if c.Do.Action == "say" {
			s, err := a.ear.Understand(c.Do.Args[0], c.Do.Args[1])
			if err == nil && s.Verb.Read != nil {
				reply, err = a.runRead(r, s)
				return reply, true, err
			}
			return reply, false, nil
		}
		if x, ok := a.ear.Button(c.Do.Action); ok && x.Read {
			if err = x.Enter(r); err == nil {
				reply, err = x.Run(r, c.Do.Args)
			}
			return reply, true, err
		}
		return reply, false, nil
	case chat.Text:
		// While a question is open, words answer it.
		c, open, err := a.forms.Current(r)
		if err != nil || open && a.forms.Meant(r, u.Text, i, c) != dialog.Command {
			return reply, false, err
		}
	}
	reply, err = a.runRead(r, i.Said)
	return reply, true, err
}

func (a *App) runRead(r *command.Request, s hear.Said) (chat.Reply, error) {
	return s.Verb.Answer(r, s.Args)
}

// answerRead sends the answer of a read: the buttons are kept without waiting
// for the disk; what goes by outbox is a unit of work of its own.
func (a *App) answerRead(ctx context.Context, r *command.Request, u chat.Update, identity person.Identity, reply chat.Reply) (chat.Reply, error) {
	reply.Buttons = a.shown(r, reply.Buttons)
	if u.Answered && reply.File == nil || reply.Home || u.Kind == chat.Options || u.Place.Platform == chat.Terminal {
		keyboards := command.NameButtons(r.Tx.Now, r.Who.ID, &reply)
		if len(keyboards) == 0 {
			return reply, nil
		}
		return reply, a.DB.Later(ctx, func(tx *store.Tx) error { return tx.AddKeyboards(keyboards) })
	}
	err := a.DB.Write(ctx, func(tx *store.Tx) error {
		if err := personstore.Seen(tx, identity, privateRoom(u)); err != nil {
			return err
		}
		again := *r
		again.Tx = tx
		if room := privateRoom(u); room != "" {
			identity.Room = room
		}
		copied := reply
		copied.Buttons = chat.CloneButtons(reply.Buttons)
		_, err := a.answer(&again, u, identity, copied)
		return err
	})
	a.Wake()
	return chat.Reply{}, err
}
