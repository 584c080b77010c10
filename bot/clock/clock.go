// Package clock does what the hour calls for: digests, jobs and what was put off,
// each once, on one daemon of several.
package clock

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
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/store"
)

// Clock is the schedule of a daemon.
type Clock struct {
	*command.House
	Wake  func()        // called after a commit that put something into the outbox
	Every time.Duration // between two ticks

	id string // of this daemon among several
}

// often: a tick is due on the minute, and the second one of it finds what a daemon that
// died left.
const often = 30 * time.Second

// New makes the clock of a house.
func New(h *command.House, wake func()) *Clock {
	return &Clock{House: h, Wake: wake, Every: often, id: store.NewID()}
}

// Reminder is a digest that is due for a person.
type Reminder struct {
	Person person.Person
	Digest remind.Digest
	Day    calendar.Day // the person's own day
	Late   bool         // caught up with after its hour
	Reply  chat.Reply   // empty: nothing waits, nothing is sent
	again  bool         // the same day anew, over the date line
	failed bool         // could not be written; tried again with the next tick
}

// Run does what comes by the clock until ctx ends: reminders each
// minute, cleaning each night. Ticks only write rows, each once for a person
// and a day; of several daemons one at a time runs them, and a dead one's turn
// ends with its lease.
func (c *Clock) Run(ctx context.Context) error {
	ticks := cron.New(cron.WithLocation(time.UTC), cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)))
	leads := c.Lease("schedule")
	leading := func(do func(context.Context)) func() {
		return func() {
			if leads(ctx) {
				do(ctx)
			}
		}
	}
	ticks.Schedule(cron.Every(c.Every), cron.FuncJob(leading(c.Tick)))
	if _, err := ticks.AddFunc("17 3 * * *", leading(c.clean)); err != nil {
		return err
	}
	ticks.Start()
	leading(c.Tick)()
	<-ctx.Done()
	<-ticks.Stop().Done()
	return nil
}

// Tick does what is due now.
func (c *Clock) Tick(ctx context.Context) {
	n, _, err := c.Remind(ctx)
	if err != nil && ctx.Err() == nil {
		c.Log.Error("reminders failed; they are tried again", "err", err)
	}
	if n > 0 {
		c.Log.Info("reminders queued", "n", n)
	}
	c.Wake()
}

func (c *Clock) clean(ctx context.Context) {
	for more := true; more; {
		err := c.DB.Write(ctx, func(tx *store.Tx) (err error) { more, err = tx.Purge(store.Retention(c.Config.Retention)); return err })
		if err != nil {
			c.Log.Error("cleaning failed", "err", err)
			return
		}
	}
}

// Due lists the digests that are due now, with what they would say. It
// changes nothing.
func (c *Clock) Due(ctx context.Context) ([]Reminder, error) {
	due, err := c.dueDigests(ctx)
	if err != nil {
		return nil, err
	}
	return due, c.composeAll(ctx, due)
}

// Remind does what the clock calls for: it closes what was forgotten, chases
// what nobody answered, wakes what was put off, and queues the digests that
// are due now. It returns how many were queued, and how many people have
// something due and no chat that it could go to.
func (c *Clock) Remind(ctx context.Context) (queued, unreachable int, err error) {
	failed := c.chores(ctx)
	due, err := c.Due(ctx)
	if err != nil {
		// What cannot be written keeps nobody else's from leaving.
		failed = errors.Join(failed, err)
		due = slices.DeleteFunc(due, func(rem Reminder) bool { return rem.failed })
	}
	for len(due) > 0 {
		some := due[:min(atOnce, len(due))]
		due = due[len(some):]
		q, u := 0, 0
		if err := c.DB.Write(ctx, func(tx *store.Tx) error {
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
		mark := tx.MarkOnce
		if rem.again {
			mark = func(job, person, day string) (bool, error) {
				return tx.MarkAgain(job, person, day, tx.Now.Add(-anotherDay))
			}
		}
		first, err := mark(string(rem.Digest), rem.Person.ID, string(rem.Day))
		if err != nil {
			return err
		}
		if !first || rem.Reply.Empty() {
			continue
		}
		rem.Reply.Buttons = chat.CloneButtons(rem.Reply.Buttons)
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
func (c *Clock) dueDigests(ctx context.Context) ([]Reminder, error) {
	var out []Reminder
	err := c.DB.Read(ctx, func(tx *store.Tx) error {
		out = nil
		people, err := personstore.Active(tx)
		if err != nil {
			return err
		}
		away, err := personstore.AllAway(tx, calendar.On(tx.Now.UTC()))
		if err != nil {
			return err
		}
		company := c.Config.Company.Calendar()
		fired := map[string]map[string]time.Time{} // digest and day → who had it, when
		for _, p := range people {
			r := c.For(tx, p)
			h := person.Hours{Zone: r.Words.Zone, Quiet: command.QuietOf(r), Company: company, Away: away[p.ID]}
			for _, d := range remind.Digests {
				day, late, due := remind.Due(h, c.Config.Reminders.Clock(d), tx.Now)
				if !due || !d.For(p) {
					continue
				}
				key := string(d) + string(day)
				if fired[key] == nil {
					if fired[key], err = personstore.Fired(tx, string(d), day); err != nil {
						return err
					}
				}
				at, had := fired[key][p.ID]
				again := had && tx.Now.Sub(at) > anotherDay
				if !had || again {
					out = append(out, Reminder{Person: p, Digest: d, Day: day, Late: late, again: again})
				}
			}
		}
		return nil
	})
	return out, err
}

// anotherDay is how long after a digest the same day is another one: who crossed the
// date line to the west lives it twice.
const anotherDay = 18 * time.Hour

// composers is how many digests are written at a time.
const composers = 2

// composeAll writes what digests say, some at a time, each from a snapshot of
// its own.
func (c *Clock) composeAll(ctx context.Context, due []Reminder) error {
	work := make(chan *Reminder)
	errs := make([]error, composers)
	var all sync.WaitGroup
	for i := range composers {
		all.Go(func() {
			for rem := range work {
				if err := c.DB.Read(ctx, func(tx *store.Tx) error { return c.compose(tx, rem) }); err != nil {
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
func (c *Clock) compose(tx *store.Tx, rem *Reminder) error {
	r := c.For(tx, rem.Person)
	reply, err := today.Digest(r, rem.Digest)
	if err == nil && rem.Late && !reply.Empty() {
		reply.Text += "\n" + r.Say("today.late")
	}
	rem.Reply = reply
	return err
}

// chores are what time alone calls for, beside digests. One that fails keeps
// none of the others from being done.
func (c *Clock) chores(ctx context.Context) error {
	var failed error
	jobs := []func(r *command.Request) error{c.wakeSnoozed}
	for _, m := range c.Modules {
		jobs = append(jobs, m.Jobs...)
	}
	for _, job := range jobs {
		if err := c.DB.Write(ctx, func(tx *store.Tx) error {
			tx.By(store.Origin{Source: "system"})
			return job(c.System(tx))
		}); err != nil {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// wakeSnoozed reminds of what was put off for an hour. Outside working hours
// it waits for the next morning's digest, which shows it anyway.
func (c *Clock) wakeSnoozed(clock *command.Request) error {
	tx := clock.Tx
	woken, err := tx.Wake()
	if err != nil {
		return err
	}
	for _, w := range woken {
		if err := tx.Try(func() error { return c.wakeOne(tx, w) }); store.Unavailable(err) {
			return err
		} else if err != nil {
			c.Log.Error("a snooze could not be woken; the next digest shows it", "subject", w.Subject, "err", err)
		}
	}
	return nil
}

func (c *Clock) wakeOne(tx *store.Tx, w store.Woken) error {
	p, ok, err := personstore.ByID(tx, w.Person)
	if err != nil || !ok || !p.Active() {
		return err
	}
	r := c.For(tx, p)
	h, err := command.Hours(r)
	if err != nil || !h.Reachable(tx.Now) {
		return err
	}
	reply, err := today.Single(r, w.Subject)
	if err != nil || reply.Empty() {
		return err
	}
	_, err = command.Send(tx, p, reply)
	return err
}
