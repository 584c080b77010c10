package bot

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/dialog"
	"fieldbot/bot/talk/hear"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

// Waits are how long a unit may wait to be taken up before it is withdrawn, and
// how long its commit may take before the answer comes by message instead.
type Waits struct{ TakeUp, Finish time.Duration }

// prompt keeps Slack's 3 seconds.
var prompt = Waits{TakeUp: 2 * time.Second, Finish: 2500 * time.Millisecond}

// Deliver takes one update and returns the answer that goes back on the
// request itself; everything else is in the outbox. An error means that the
// update was not taken and should come again: nothing was changed, and the
// reply says so.
func (a *App) Deliver(ctx context.Context, u chat.Update) (chat.Reply, error) {
	start := time.Now()
	if len(u.Names) > 0 {
		u.Text = a.named(ctx, u)
	}
	i := a.ear.Hear(u)
	defer func() { a.took.Observe(time.Since(start).Seconds()) }()
	if !a.Taking() {
		return a.finished(u, chat.Reply{}, store.ErrBusy, "busy")
	}
	if reply, done, err := a.tryRead(ctx, u, i); done || err != nil {
		return a.finished(u, reply, err, result(err, false))
	}
	done := make(chan outcome, 1)
	go func() { done <- a.write(context.WithoutCancel(ctx), u, i) }()
	select {
	case o := <-done:
		return a.finished(u, o.reply, o.err, result(o.err, o.repeat))
	case <-time.After(a.Waits.Finish):
		if !u.Answered {
			o := <-done
			return a.finished(u, o.reply, o.err, result(o.err, o.repeat))
		}
		go a.answerLater(u, done)
		if u.Kind == chat.Submit {
			return chat.Reply{}, nil // the modal closes; what came of it follows
		}
		return chat.Reply{Text: lang.In(a.Config.Company.Language, nil).Say("slow")}, nil
	}
}

// outcome is what came of a unit of work.
type outcome struct {
	reply  chat.Reply
	person string
	repeat bool
	err    error
}

func result(err error, repeat bool) string {
	switch {
	case store.Unavailable(err):
		return "busy"
	case err != nil:
		return "error"
	case repeat:
		return "repeat"
	}
	return "ok"
}

// finished counts and logs, and turns what is not a fault into a sentence
// with a reference.
func (a *App) finished(u chat.Update, reply chat.Reply, err error, result string) (chat.Reply, error) {
	a.heard.WithLabelValues(string(u.Place.Platform), result).Inc()
	if err == nil {
		a.Log.Debug("update", "platform", u.Place.Platform, "kind", u.Kind, "name", u.Name, "result", result)
		return reply, nil
	}
	ref := rand.Text()[:8]
	a.Log.Error("update failed", "ref", ref, "platform", u.Place.Platform, "kind", u.Kind, "name", u.Name, "err", err)
	w := lang.In(cmp.Or(lang.Match(u.Actor.Language), a.Config.Company.Language), nil)
	if store.Unavailable(err) {
		return chat.Reply{Text: w.Say("not_saved", "ref", ref)}, err
	}
	reply = chat.Reply{Text: w.Say("broken", "ref", ref)}
	if !u.Answered && u.Place.Room != "" && u.Kind != chat.Home {
		a.sayBroken(u, reply)
	}
	return reply, nil
}

// sayBroken answers by message where the request carries no answer. The
// update counts as received: it would break again.
func (a *App) sayBroken(u chat.Update, reply chat.Reply) {
	ctx, cancel := context.WithTimeout(context.Background(), a.Waits.TakeUp)
	defer cancel()
	err := a.DB.Write(ctx, func(tx *store.Tx) error {
		fresh, err := tx.Receive(string(u.Place.Platform) + ":" + u.ID)
		if err != nil || !fresh {
			return err
		}
		return command.SendTo(tx, "", u.Place, reply, "")
	})
	if err != nil {
		a.Log.Error("an error could not be told", "err", err)
	}
	a.Wake()
}

// write handles an update as one unit of work.
func (a *App) write(ctx context.Context, u chat.Update, i hear.Intent) outcome {
	var o outcome
	ctx, cancel := context.WithTimeout(ctx, a.Waits.TakeUp)
	defer cancel()
	unit := func(careful bool, refused *fault.Fault) error {
		return a.DB.Write(ctx, func(tx *store.Tx) error {
			o = outcome{}
			fresh, err := tx.Receive(string(u.Place.Platform) + ":" + u.ID)
			if err != nil || !fresh {
				o.repeat = !fresh
				return err
			}
			o.person, o.reply, err = a.handle(tx, u, i, careful, refused)
			return err
		})
	}
	// Most units go through at once and need no savepoint inside. What fails on
	// the way is taken back whole: a form that was refused goes through again
	// with care, a fault's sentence is an answer of its own.
	err := unit(false, nil)
	if errors.Is(err, dialog.ErrCare) {
		err = unit(true, nil)
	}
	if f, ok := fault.As(err); ok {
		err = unit(true, f)
	}
	if o.err = err; o.err == nil && !o.repeat {
		a.Wake()
		o.err = a.handFile(ctx, u, o.person, &o.reply)
	}
	return o
}

// answerLater sends by message what could not be answered in time.
func (a *App) answerLater(u chat.Update, done <-chan outcome) {
	o := <-done
	reply, _ := a.finished(u, o.reply, o.err, result(o.err, o.repeat))
	switch {
	case reply.Modal != nil && reply.Modal.Instead != nil:
		reply = *reply.Modal.Instead
	case len(reply.Errors) > 0:
		var wrong []string
		for _, text := range reply.Errors {
			wrong = append(wrong, text)
		}
		reply = chat.Reply{Text: strings.Join(wrong, "\n")}
	}
	if reply.Empty() || o.person == "" {
		return
	}
	err := a.DB.Write(context.Background(), func(tx *store.Tx) error {
		p, ok, err := personstore.ByID(tx, o.person)
		if err != nil || !ok {
			return err
		}
		_, err = command.Send(tx, p, reply)
		return err
	})
	if err != nil {
		a.Log.Error("a late answer was lost", "err", err)
	}
	a.Wake()
}

// handle finds who said it and answers; with a fault from the first try, the
// answer is its sentence, and the update counts as received.
func (a *App) handle(tx *store.Tx, u chat.Update, i hear.Intent, careful bool, refused *fault.Fault) (person string, reply chat.Reply, err error) {
	switch u.Kind {
	case chat.Left:
		return "", reply, personstore.Block(tx, string(u.Actor.Platform), u.Actor.ID)
	case chat.Moved:
		return "", reply, tx.MoveRoom(string(u.Place.Platform), u.Place.Room, u.Text)
	}
	p, identity, known, err := a.who(tx, u.Actor)
	if err != nil {
		return "", reply, err
	}
	if !known {
		reply, err = a.stranger(tx, u)
		return "", reply, err
	}
	if err := tx.Lock("person:" + p.ID); err != nil {
		return "", reply, err
	}
	tx.By(store.Origin{Unit: string(u.Place.Platform) + ":" + u.ID, Person: p.ID, Source: string(u.Place.Platform)})
	if err := personstore.Seen(tx, identity, privateRoom(u)); err != nil {
		return p.ID, reply, err
	}
	if room := privateRoom(u); room != "" {
		identity.Room = room
	}
	r := a.request(tx, p, u)
	r.TakesBack = careful
	if refused != nil {
		reply = a.refusal(r, u, refused)
	} else if reply, err = a.route(r, u, i); err != nil {
		return p.ID, chat.Reply{}, err
	}
	reply, err = a.answer(r, u, identity, reply)
	return p.ID, reply, err
}

// privateRoom is where the person can be reached alone from now on.
func privateRoom(u chat.Update) string {
	if u.Place.Platform == chat.Slack {
		return u.Actor.ID // a message to a user id opens the DM
	}
	if u.Place.Private {
		return u.Place.Room
	}
	return ""
}

// refusal is the sentence of a fault.
func (a *App) refusal(r *command.Request, u chat.Update, f *fault.Fault) chat.Reply {
	text := r.Words.Fault(f)
	if u.Kind == chat.Submit {
		if key := f.Field; key != "" {
			return chat.Reply{Errors: map[string]string{key: text}}
		}
		return chat.Reply{Text: text, Keep: true}
	}
	return chat.Reply{Text: "⚠️ " + text}
}
