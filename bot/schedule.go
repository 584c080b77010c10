package bot

import (
	"context"
	"time"

	"github.com/robfig/cron/v3"

	"fieldbot/bot/access"
	"fieldbot/bot/calendar"
	"fieldbot/bot/chat"
	"fieldbot/bot/command"
	commandperson "fieldbot/bot/command/person"
	"fieldbot/bot/command/today"
	"fieldbot/bot/person"
	"fieldbot/bot/remind"
	"fieldbot/store"
	storeaccount "fieldbot/store/account"
	storeperson "fieldbot/store/person"
)

// Reminder is a message that is due for a person.
type Reminder struct {
	Person person.Person
	Job    string
	Day    calendar.Day // the person's own day
	Late   bool         // caught up with after its hour
	Reply  chat.Reply   // empty: nothing waits, nothing is sent
}

// Schedule runs what comes by the clock until ctx ends: reminders each
// minute, cleaning each night. Ticks only write rows, each once for a person
// and a day, so several daemons need no leader for it.
func (a *App) Schedule(ctx context.Context) error {
	c := cron.New(cron.WithLocation(time.UTC), cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)))
	if _, err := c.AddFunc("* * * * *", func() { a.Tick(ctx) }); err != nil {
		return err
	}
	if _, err := c.AddFunc("17 3 * * *", func() { a.clean(ctx) }); err != nil {
		return err
	}
	c.Start()
	a.Tick(ctx)
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// Tick puts what is due now into the outbox.
func (a *App) Tick(ctx context.Context) {
	n, _, err := a.Remind(ctx)
	if err != nil && ctx.Err() == nil {
		a.Log.Error("reminders failed; they are tried again in a minute", "err", err)
	}
	if n > 0 {
		a.Log.Info("reminders queued", "n", n)
	}
	a.Wake()
}

func (a *App) clean(ctx context.Context) {
	for more := true; more; {
		err := a.DB.Write(ctx, func(tx *store.Tx) (err error) { more, err = tx.Purge(); return err })
		if err != nil {
			a.Log.Error("cleaning failed", "err", err)
			return
		}
	}
}

// Due lists the reminders that are due now, with what they would say. It
// changes nothing.
func (a *App) Due(ctx context.Context) ([]Reminder, error) {
	people, err := a.duePeople(ctx)
	if err != nil {
		return nil, err
	}
	for i := range people {
		if err := a.DB.Read(ctx, func(tx *store.Tx) error { return a.compose(tx, &people[i]) }); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// Remind queues the reminders that are due now. It returns how many, and how
// many people have something due and no chat that it could go to.
func (a *App) Remind(ctx context.Context) (queued, unreachable int, err error) {
	people, err := a.duePeople(ctx)
	if err != nil {
		return 0, 0, err
	}
	for _, rem := range people {
		sent := false
		if err := a.DB.Write(ctx, func(tx *store.Tx) error {
			sent, rem.Reply = false, chat.Reply{}
			first, err := tx.Fire(rem.Job, rem.Person.ID, string(rem.Day))
			if err != nil || !first {
				return err
			}
			if err := a.compose(tx, &rem); err != nil || empty(rem.Reply) {
				return err
			}
			sent, err = command.Send(tx, rem.Person, rem.Reply)
			return err
		}); err != nil {
			return queued, unreachable, err
		}
		switch {
		case sent:
			queued++
		case !empty(rem.Reply):
			unreachable++
		}
	}
	return queued, unreachable, a.wakeSnoozed(ctx)
}

// duePeople lists who is to be reminded now and was not yet today.
func (a *App) duePeople(ctx context.Context) ([]Reminder, error) {
	var out []Reminder
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		out = nil
		people, err := storeperson.Active(tx)
		if err != nil {
			return err
		}
		fired := map[calendar.Day]map[string]bool{}
		for _, p := range people {
			if !p.Visits() && !p.Is(person.Admin) {
				continue
			}
			h, err := a.hours(tx, p)
			if err != nil {
				return err
			}
			day, late, due := remind.Digest(h, a.Config.Reminders.MorningClock(), tx.Now)
			if !due {
				continue
			}
			if fired[day] == nil {
				if fired[day], err = storeperson.Fired(tx, remind.Morning, day); err != nil {
					return err
				}
			}
			if !fired[day][p.ID] {
				out = append(out, Reminder{Person: p, Job: remind.Morning, Day: day, Late: late})
			}
		}
		return nil
	})
	return out, err
}

func (a *App) hours(tx *store.Tx, p person.Person) (person.Hours, error) {
	return commandperson.Hours(a.systemRequest(tx, p))
}

// systemRequest is a request for a person whom the clock, not a message, has
// called for.
func (a *App) systemRequest(tx *store.Tx, p person.Person) *command.Request {
	return &command.Request{Tx: tx, Who: p, Scope: access.Of(p), Words: command.WordsFor(p, a.Config), Said: tx.Now, Config: a.Config, Links: a}
}

// compose writes what a reminder says.
func (a *App) compose(tx *store.Tx, rem *Reminder) error {
	r := a.systemRequest(tx, rem.Person)
	d, err := today.Load(r)
	rem.Reply = chat.Reply{}
	if err != nil || d.Empty() {
		return err
	}
	rem.Reply = today.Digest(r, d)
	if rem.Late {
		rem.Reply.Text += "\n" + r.Say("today.late")
	}
	return nil
}

// wakeSnoozed reminds of what was put off for an hour. Outside working hours
// it waits for the next morning's digest, which shows it anyway.
func (a *App) wakeSnoozed(ctx context.Context) error {
	return a.DB.Write(ctx, func(tx *store.Tx) error {
		woken, err := tx.Wake()
		if err != nil {
			return err
		}
		for _, w := range woken {
			p, ok, err := storeperson.ByID(tx, w.Person)
			if err != nil {
				return err
			}
			if !ok || !p.Active() {
				continue
			}
			r := a.systemRequest(tx, p)
			h, err := a.hours(tx, p)
			if err != nil {
				return err
			}
			place, ok, err := storeaccount.PlaceByRef(tx, r.Scope, w.Subject)
			if err != nil {
				return err
			}
			if ok && place.Due(r.Words.Today(tx.Now)) && h.Reachable(tx.Now) {
				if _, err := command.Send(tx, p, today.Single(r, place)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
