package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"fieldbot/bot/clock/remind"
	"fieldbot/bot/clock/today"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

// Reminder is a digest that is due for a person.
type Reminder struct {
	Person person.Person
	Digest remind.Digest
	Day    calendar.Day // the person's own day
	Late   bool         // caught up with after its hour
	Reply  chat.Reply   // empty: nothing waits, nothing is sent
	failed bool         // could not be written; tried again with the next tick
}

// Schedule runs what comes by the clock until ctx ends: reminders each
// minute, cleaning each night. Ticks only write rows, each once for a person
// and a day; of several daemons one at a time runs them, and a dead one's turn
// ends with its lease.
func (a *App) Schedule(ctx context.Context) error {
	c := cron.New(cron.WithLocation(time.UTC), cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)))
	leads := a.Lease("schedule")
	mine := func(do func(context.Context)) func() {
		return func() {
			if leads(ctx) {
				do(ctx)
			}
		}
	}
	// Twice a minute: a tick is due on the minute, and the second one finds
	// what a daemon that died left.
	if _, err := c.AddFunc("@every 30s", mine(a.Tick)); err != nil {
		return err
	}
	if _, err := c.AddFunc("17 3 * * *", mine(a.clean)); err != nil {
		return err
	}
	c.Start()
	mine(a.Tick)()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// Tick does what is due now.
func (a *App) Tick(ctx context.Context) {
	n, _, err := a.Remind(ctx)
	if err != nil && ctx.Err() == nil {
		a.Log.Error("reminders failed; they are tried again", "err", err)
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

// Due lists the digests that are due now, with what they would say. It
// changes nothing.
func (a *App) Due(ctx context.Context) ([]Reminder, error) {
	due, err := a.dueDigests(ctx)
	if err != nil {
		return nil, err
	}
	return due, a.composeAll(ctx, due)
}

// Remind does what the clock calls for: it closes what was forgotten, chases
// what nobody answered, wakes what was put off, and queues the digests that
// are due now. It returns how many were queued, and how many people have
// something due and no chat that it could go to.
func (a *App) Remind(ctx context.Context) (queued, unreachable int, err error) {
	failed := a.chores(ctx)
	due, err := a.Due(ctx)
	if err != nil {
		// What cannot be written keeps nobody else's from leaving.
		failed = errors.Join(failed, err)
		due = slices.DeleteFunc(due, func(rem Reminder) bool { return rem.failed })
	}
	for len(due) > 0 {
		some := due[:min(atOnce, len(due))]
		due = due[len(some):]
		q, u := 0, 0
		if err := a.DB.Write(ctx, func(tx *store.Tx) error {
			q, u = 0, 0
			return queue(tx, some, &q, &u)
		}); err != nil {
			return queued, unreachable, errors.Join(failed, err)
		}
		queued, unreachable = queued+q, unreachable+u
	}
	return queued, unreachable, failed
}

// atOnce is how many digests one unit of work queues, so that it stays short.
const atOnce = 25

// queue puts digests into the outbox, each once.
func queue(tx *store.Tx, due []Reminder, queued, unreachable *int) error {
	for _, rem := range due {
		first, err := tx.MarkOnce(string(rem.Digest), rem.Person.ID, string(rem.Day))
		if err != nil {
			return err
		}
		if !first || empty(rem.Reply) {
			continue
		}
		rem.Reply.Buttons = cloneButtons(rem.Reply.Buttons)
		sent, err := command.Send(tx, rem.Person, rem.Reply)
		if err != nil {
			return err
		}
		if sent {
			*queued++
		} else {
			*unreachable++
		}
	}
	return nil
}

// dueDigests lists who is to get a digest now and has not had it yet today.
func (a *App) dueDigests(ctx context.Context) ([]Reminder, error) {
	var out []Reminder
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		out = nil
		people, err := personstore.Active(tx)
		if err != nil {
			return err
		}
		away, err := personstore.AllAway(tx, calendar.On(tx.Now.UTC()))
		if err != nil {
			return err
		}
		company := a.Config.Company.Calendar()
		fired := map[string]map[string]bool{} // digest and day → who had it
		for _, p := range people {
			r := a.systemRequest(tx, p)
			h := person.Hours{Zone: r.Words.Zone, Quiet: command.QuietOf(r), Company: company, Away: away[p.ID]}
			for _, d := range remind.Digests {
				day, late, due := remind.Due(h, a.Config.Reminders.Clock(d), tx.Now)
				if !due || !d.For(p) {
					continue
				}
				key := string(d) + string(day)
				if fired[key] == nil {
					if fired[key], err = personstore.Fired(tx, string(d), day); err != nil {
						return err
					}
				}
				if !fired[key][p.ID] {
					out = append(out, Reminder{Person: p, Digest: d, Day: day, Late: late})
				}
			}
		}
		return nil
	})
	return out, err
}

// systemRequest is a request for a person whom the clock, not a message, has
// called for.
func (a *App) systemRequest(tx *store.Tx, p person.Person) *command.Request {
	return &command.Request{Tx: tx, Who: p, Scope: access.Of(p), Words: command.WordsFor(p, a.Config), Said: tx.Now, Config: a.Config, Links: a, Log: a.Log, Modules: a.modules}
}

// System is a request of nobody: what time alone or the shell calls for.
func (a *App) System(tx *store.Tx) *command.Request {
	return &command.Request{Tx: tx, Scope: access.System("what the clock or the shell calls for"), Words: lang.In(a.Config.Company.Language, a.Config.Company.Zone()), Said: tx.Now, Config: a.Config, Links: a, Log: a.Log, Modules: a.modules}
}

// composers is how many digests are written at a time.
const composers = 2

// composeAll writes what digests say, some at a time, each from a snapshot of
// its own.
func (a *App) composeAll(ctx context.Context, due []Reminder) error {
	work := make(chan *Reminder)
	errs := make([]error, composers)
	var all sync.WaitGroup
	for i := range composers {
		all.Go(func() {
			for rem := range work {
				if err := a.DB.Read(ctx, func(tx *store.Tx) error { return a.compose(tx, rem) }); err != nil {
					rem.failed = true
					errs[i] = errors.Join(errs[i], fmt.Errorf("the %s digest of %s: %w", rem.Digest, rem.Person.Handle, err))
				}
			}
		})
	}
	for i := range due {
		work <- &due[i]
	}
	close(work)
	all.Wait()
	return errors.Join(errs...)
}

// compose writes what a digest says.
func (a *App) compose(tx *store.Tx, rem *Reminder) error {
	r := a.systemRequest(tx, rem.Person)
	reply, err := today.Digest(r, rem.Digest)
	if err == nil && rem.Late && !empty(reply) {
		reply.Text += "\n" + r.Say("today.late")
	}
	rem.Reply = reply
	return err
}

// chores are what time alone calls for, beside digests. One that fails keeps
// none of the others from being done.
func (a *App) chores(ctx context.Context) error {
	var failed error
	jobs := []func(r *command.Request) error{a.wakeSnoozed}
	for _, m := range a.modules {
		jobs = append(jobs, m.Jobs...)
	}
	for _, job := range jobs {
		if err := a.DB.Write(ctx, func(tx *store.Tx) error {
			tx.By(store.Origin{Source: "system"})
			return job(a.System(tx))
		}); err != nil {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// wakeSnoozed reminds of what was put off for an hour. Outside working hours
// it waits for the next morning's digest, which shows it anyway.
func (a *App) wakeSnoozed(clock *command.Request) error {
	tx := clock.Tx
	woken, err := tx.Wake()
	if err != nil {
		return err
	}
	for _, w := range woken {
		if err := tx.Try(func() error { return a.wakeOne(tx, w) }); store.Unavailable(err) {
			return err
		} else if err != nil {
			a.Log.Error("a snooze could not be woken; the next digest shows it", "subject", w.Subject, "err", err)
		}
	}
	return nil
}

func (a *App) wakeOne(tx *store.Tx, w store.Woken) error {
	p, ok, err := personstore.ByID(tx, w.Person)
	if err != nil || !ok || !p.Active() {
		return err
	}
	r := a.systemRequest(tx, p)
	h, err := command.Hours(r)
	if err != nil || !h.Reachable(tx.Now) {
		return err
	}
	reply, err := today.Single(r, w.Subject)
	if err != nil || empty(reply) {
		return err
	}
	_, err = command.Send(tx, p, reply)
	return err
}
