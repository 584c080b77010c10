// Package outbox brings what waits in the outbox to people, in order within a
// room, at the speed the platforms allow, again and again until it arrives or
// can never arrive. It also fetches photos and time zones, which wait there
// too.
//
// A crash between sending and marking is the only thing that can repeat a
// message.
package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/store"
)

const (
	inFlight  = 32               // rows of one platform at work at once
	sendTime  = 15 * time.Second // for one try
	lease     = 25 * time.Second // longer than waiting for the speed limit and a try; a dead daemon's work is free after it
	look      = time.Second      // the command line writes from another process
	giveUp    = 48 * time.Hour   // a message that could not leave for so long is dead,
	tries     = 20               // and was tried so often: the daemon may have been away
	maxPause  = 10 * time.Minute // between two tries, whatever the platform asks for
	grace     = 4 * time.Second  // for what has begun when the daemon stops
	maxLimits = 10_000           // rooms whose speed is remembered
)

// MakeFile makes what hangs on a message to a person.
type MakeFile func(ctx context.Context, person string, f chat.File) ([]byte, error)

// PhotoSeen hears that the photo of a row (table:id) was seen with others.
type PhotoSeen func(tx *store.Tx, subject string, others []string) error

// Outbox delivers for some platforms.
type Outbox struct {
	db        *store.DB
	log       *slog.Logger
	senders   []chat.Sender
	media     Media
	files     MakeFile
	photoSeen PhotoSeen
	wake      map[chat.Platform]chan struct{}
	results   *prometheus.CounterVec
}

// New makes an outbox. Its counters are registered in reg: what was sent, and
// how many rows wait and are dead.
func New(db *store.DB, log *slog.Logger, media Media, files MakeFile, seen PhotoSeen, reg prometheus.Registerer, senders ...chat.Sender) *Outbox {
	o := &Outbox{db: db, log: log, senders: senders, media: media, files: files, photoSeen: seen, wake: wakes(senders),
		results: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fieldbot_outbox_total", Help: "Outgoing work, by platform, kind and result (sent, again, dead)."}, []string{"platform", "kind", "result"}),
	}
	count := func(name, help string, of func(store.OutboxCounts) int64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			var c store.OutboxCounts
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			if err := db.Read(ctx, func(tx *store.Tx) (err error) { c, err = tx.CountOutbox(); return err }); err != nil {
				return -1
			}
			return float64(of(c))
		})
	}
	reg.MustRegister(o.results,
		count("fieldbot_outbox_queued", "Outgoing work that waits; -1 if the database does not answer.", func(c store.OutboxCounts) int64 { return c.Queued }),
		count("fieldbot_outbox_dead", "Outgoing work that can never be done; -1 if the database does not answer.", func(c store.OutboxCounts) int64 { return c.Dead }))
	return o
}

func wakes(senders []chat.Sender) map[chat.Platform]chan struct{} {
	out := map[chat.Platform]chan struct{}{}
	for _, s := range senders {
		out[s.Platform()] = make(chan struct{}, 1)
	}
	return out
}

// Wake looks at once for new work.
func (o *Outbox) Wake() {
	for _, w := range o.wake {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

// Run delivers until ctx ends, then waits for what is on its way.
func (o *Outbox) Run(ctx context.Context) {
	free := func(tx *store.Tx) error {
		if err := tx.HealOutbox(maxPause); err != nil {
			return err
		}
		for _, s := range o.senders {
			if err := tx.FreeLeases(string(s.Platform())); err != nil {
				return err
			}
		}
		return nil
	}
	if err := o.db.Write(ctx, free); err != nil && ctx.Err() == nil {
		o.log.Error("outbox: leases of the last run are kept until they end", "err", err)
	}
	var all sync.WaitGroup
	for _, s := range o.senders {
		all.Go(func() { o.runPlatform(ctx, s) })
	}
	all.Wait()
}

// runner delivers for one platform.
type runner struct {
	*Outbox
	sender chat.Sender
	limits *limits
	room   chan struct{} // a token for each row at work
}

func (o *Outbox) runPlatform(ctx context.Context, s chat.Sender) {
	r := runner{Outbox: o, sender: s, limits: newLimits(s.Caps()), room: make(chan struct{}, inFlight)}
	var working sync.WaitGroup
	defer working.Wait()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		for _, row := range r.claim(ctx) {
			r.room <- struct{}{}
			working.Go(func() {
				r.do(ctx, row)
				<-r.room
				o.Wake() // the next row of the lane may go
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-o.wake[s.Platform()]:
		case <-tick.C:
		}
	}
}

// claim leases due rows, as many as there are hands free. It writes only when
// a reader has seen one.
func (r runner) claim(ctx context.Context) []store.Out {
	free := inFlight - len(r.room)
	if free <= 0 || r.limits.paused(r.db.Now()) {
		return nil
	}
	platform := string(r.sender.Platform())
	some := false
	var rows []store.Out
	err := r.db.Read(ctx, func(tx *store.Tx) (err error) { some, err = tx.Waiting(platform); return err })
	if err == nil && some {
		err = r.db.Write(ctx, func(tx *store.Tx) (err error) { rows, err = tx.Claim(platform, free, lease); return err })
	}
	if err != nil && ctx.Err() == nil {
		r.log.Error("outbox: looking for work failed", "platform", platform, "err", err)
	}
	return rows
}

// do delivers one row and notes what came of it.
func (r runner) do(ctx context.Context, row store.Out) {
	id, rest, err := r.deliver(ctx, row)
	result := "sent"
	note := func(tx *store.Tx) error { return tx.Sent(row, id) }
	if rest != "" {
		note = func(tx *store.Tx) error { return tx.GoOn(row, rest) }
	}
	if err != nil {
		result, note = r.failed(row, err)
	}
	if ctx.Err() != nil && err != nil {
		// Stopping: the row is free again when its lease ends, or at once here.
		note = func(tx *store.Tx) error { return tx.Again(row, tx.Now, "", false) }
	}
	r.results.WithLabelValues(row.Platform, row.Kind, result).Inc()
	if err := r.save(ctx, note); err != nil {
		r.log.Error("outbox: a result was not saved; the message may repeat", "id", row.ID, "err", err)
	}
}

// save notes a result. A database that is away for a moment is waited for, as
// long as the lease lasts: what was sent and not noted would be sent again.
func (r runner) save(ctx context.Context, note func(*store.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lease-sendTime)
	defer cancel()
	for {
		err := r.db.Write(ctx, note)
		if err == nil || !store.Unavailable(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(look / 4):
		}
	}
}

// deliver does the work of a row. Words and buttons go first, the file that hangs on
// them follows: it is the rest of the row, in the same place of the lane.
func (r runner) deliver(ctx context.Context, row store.Out) (id, rest string, err error) {
	if row.Kind != store.OutMessage {
		fetch, cancel := context.WithTimeout(ctx, sendTime)
		defer cancel()
		if row.Kind == store.OutPhoto {
			return "", "", r.fetchPhoto(fetch, row.Body)
		}
		return "", "", r.learnZone(fetch, row)
	}
	var out chat.Outgoing
	if err := json.Unmarshal([]byte(row.Body), &out); err != nil {
		return "", "", &chat.Failure{Reason: "unreadable row: " + err.Error(), Permanent: true}
	}
	switch f := out.Reply.File; {
	case f == nil:
	case !out.Reply.Empty():
		body, err := json.Marshal(chat.Outgoing{Place: out.Place, Reply: chat.Reply{File: f}})
		if err != nil {
			return "", "", err
		}
		out.Reply.File, rest = nil, string(body)
	default:
		if f.Data, err = r.files(ctx, row.PersonID, *f); err != nil {
			return "", "", &chat.Failure{Reason: "making " + f.Name + ": " + err.Error(), Permanent: !store.Unavailable(err)}
		}
	}
	if err := r.limits.wait(ctx, out.Place); err != nil {
		return "", "", err
	}
	if left := r.limits.left(r.db.Now()); left > 0 {
		return "", "", &chat.Failure{Reason: "the platform asked to wait", After: left}
	}
	// What has begun is finished where it can be: a stop in the middle may send it
	// twice.
	send, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTime)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })()
	id, err = r.sender.Send(send, out)
	return id, rest, err
}

// failed decides what becomes of a row that was not delivered.
func (r runner) failed(row store.Out, err error) (string, func(*store.Tx) error) {
	var f *chat.Failure
	if !errors.As(err, &f) {
		f = &chat.Failure{Reason: err.Error()}
	}
	now := r.db.Now()
	switch {
	case f.MovedTo != "":
		return "again", func(tx *store.Tx) error { return redirect(tx, row, f.MovedTo) }
	case f.Gone:
		return "again", func(tx *store.Tx) error { return anew(tx, row) }
	case f.Permanent, f.After == 0 && row.Attempts >= tries && now.Sub(row.CreatedAt) > giveUp:
		r.log.Warn("outbox: a message can never be delivered", "id", row.ID, "platform", row.Platform, "reason", f.Reason)
		return "dead", func(tx *store.Tx) error { return bury(tx, row, *f) }
	case f.After > 0:
		until := now.Add(min(maxPause, f.After))
		all := r.limits.limited(row.Lane, now, until)
		r.log.Warn("outbox: the platform asked to wait (rate limit)", "platform", row.Platform, "lane", row.Lane, "asked", f.After, "waits", until.Sub(now).Round(time.Second), "everybody", all)
		return "again", func(tx *store.Tx) error { return tx.Again(row, until, f.Reason, false) }
	}
	wait := min(maxPause, time.Second<<min(20, row.Attempts-1))
	wait += rand.N(wait/4 + 1) // so that what failed together does not come back together
	r.log.Info("outbox: trying again", "id", row.ID, "platform", row.Platform, "in", wait.Round(time.Millisecond), "reason", f.Reason)
	return "again", func(tx *store.Tx) error { return tx.Again(row, now.Add(wait), f.Reason, true) }
}

// redirect sends a row to the room's new id.
func redirect(tx *store.Tx, row store.Out, room string) error {
	return reroute(tx, row, func(o *chat.Outgoing) {
		o.Place.Room = room
	})
}

// anew sends a row as a message of its own, since the one it should replace
// is no more.
func anew(tx *store.Tx, row store.Out) error {
	return reroute(tx, row, func(o *chat.Outgoing) { o.Replace = "" })
}

func reroute(tx *store.Tx, row store.Out, change func(*chat.Outgoing)) error {
	var out chat.Outgoing
	if err := json.Unmarshal([]byte(row.Body), &out); err != nil {
		return err
	}
	from := out.Place.Room
	change(&out)
	body, err := json.Marshal(out)
	if err != nil {
		return err
	}
	if out.Place.Room != from {
		if err := tx.MoveRoom(row.Platform, from, out.Place.Room); err != nil {
			return err
		}
	}
	to := row
	to.Body, to.Lane = string(body), command.Lane(out.Place)
	return tx.Redirect(row, to)
}

// bury notes that a row is dead. A message whose room cannot be reached goes to the
// person another way, if there is one: a private one to the next handle, what a room
// should have read to the private chat.
func bury(tx *store.Tx, row store.Out, f chat.Failure) error {
	if err := tx.Dead(row, f.Reason); err != nil {
		return err
	}
	var out chat.Outgoing
	if row.Kind != store.OutMessage || row.PersonID == "" || !f.Unreachable {
		return nil
	}
	if err := json.Unmarshal([]byte(row.Body), &out); err != nil || !out.Place.Private && !out.Reply.Open {
		return err
	}
	p, ok, err := personstore.ByID(tx, row.PersonID)
	if err != nil || !ok || !p.Active() {
		return err
	}
	if out.Place.Private {
		if err := personstore.BlockRoom(tx, p.ID, row.Platform, out.Place.Room); err != nil {
			return err
		}
	}
	_, err = command.Send(tx, p, out.Reply)
	return err
}
