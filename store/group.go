package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// group is the single writer of SQLite. Units wait in a queue; the writer
// takes all that wait into one transaction.
type group struct {
	db    *DB
	queue chan *unit
	done  chan struct{}
	shut  sync.RWMutex // held to close the queue; closed under it
	over  bool
	conn  *lite
}

// unit is one waiting piece of work.
type unit struct {
	ctx    context.Context
	fn     func(*Tx) error
	state  atomic.Int32
	err    error
	answer chan error
}

// The states of a unit.
const (
	waiting int32 = iota
	taken
	withdrawn
)

const (
	queueLength = 4096
	groupSize   = 256 // units in one transaction
	groupTime   = 50 * time.Millisecond
)

var errClosed = errors.New("the database is closed")

func newGroup(db *DB) *group {
	g := &group{db: db, queue: make(chan *unit, queueLength), done: make(chan struct{}), conn: &lite{file: db.uri}}
	go g.run()
	return g
}

func (g *group) put(ctx context.Context, u *unit) error {
	g.shut.RLock()
	defer g.shut.RUnlock()
	if g.over {
		return errClosed
	}
	select {
	case g.queue <- u:
		return nil
	case <-ctx.Done():
		return ErrBusy
	}
}

func (g *group) do(ctx context.Context, fn func(*Tx) error) error {
	u := &unit{ctx: ctx, fn: fn, answer: make(chan error, 1)}
	if err := g.put(ctx, u); err != nil {
		return err
	}
	select {
	case err := <-u.answer:
		return err
	case <-ctx.Done():
		if u.state.CompareAndSwap(waiting, withdrawn) {
			return ErrBusy
		}
		return <-u.answer
	}
}

func (g *group) later(fn func(*Tx) error) error {
	return g.put(context.Background(), &unit{ctx: context.Background(), fn: fn, answer: make(chan error, 1)})
}

func (g *group) close() {
	g.shut.Lock()
	if !g.over {
		g.over = true
		close(g.queue)
	}
	g.shut.Unlock()
	<-g.done
	g.conn.drop()
}

func (g *group) run() {
	defer close(g.done)
	for first := range g.queue {
		g.commit(g.gather(first))
	}
}

// gather takes what waits, without waiting for more.
func (g *group) gather(first *unit) []*unit {
	units := []*unit{first}
	for len(units) < groupSize {
		select {
		case u, ok := <-g.queue:
			if !ok {
				return units
			}
			units = append(units, u)
		default:
			return units
		}
	}
	return units
}

// commit runs the units in one transaction and answers them after the commit.
// Units that found no time in this transaction go into the next.
func (g *group) commit(units []*unit) {
	for len(units) > 0 {
		n, err := g.transaction(units)
		for _, u := range units[:n] {
			if u.err == nil {
				u.err = err
			}
			u.answer <- u.err
		}
		units = units[n:]
	}
}

// transaction runs as many units as the time of a group allows, at least one. A unit that is
// alone in it needs no savepoint: for one SQLite copies each page that is touched, which is
// half of what an import's unit costs.
func (g *group) transaction(units []*unit) (n int, err error) {
	if err := g.begin(); err != nil {
		return len(units), err
	}
	do, how := g.unit, "COMMIT"
	alone := len(units) == 1
	if alone {
		do = g.alone
	}
	start := time.Now()
	for n < len(units) && (n == 0 || time.Since(start) < groupTime) {
		u := units[n]
		n++
		if !u.state.CompareAndSwap(waiting, taken) {
			continue
		}
		if err := do(u); err != nil {
			// The transaction itself is broken: disk full, file damaged.
			_ = g.conn.end("ROLLBACK") // the first error is the one to tell
			return n, err
		}
	}
	if err := g.db.there(); err != nil { // nobody hears "saved" of a file that is gone
		_ = g.conn.end("ROLLBACK") // the first error is the one to tell
		return n, err
	}
	if alone && units[0].err != nil {
		how = "ROLLBACK"
	}
	return n, g.conn.end(how)
}

// How a writer waits for that of another process, such as an import beside the
// daemon: it tries each millisecond. The driver's own wait grows, and so loses
// against a writer that comes back at once.
const (
	beginEvery = time.Millisecond
	beginFor   = 5 * time.Second
)

func (g *group) begin() error {
	for start := time.Now(); ; {
		err := g.conn.begin(context.Background(), "BEGIN IMMEDIATE")
		if !busy(err) || time.Since(start) > beginFor {
			return err
		}
		<-time.After(beginEvery)
	}
}

func (g *group) tx(u *unit) *Tx {
	return &Tx{ctx: context.WithoutCancel(u.ctx), Now: g.db.Now(), db: g.db, on: g.conn}
}

// alone runs the only unit of a transaction, which is rolled back with it.
func (g *group) alone(u *unit) error {
	u.err = run(u.fn, g.tx(u))
	return nil
}

// unit runs one unit under a savepoint. Its own failure is in u.err; the
// returned error means that the transaction cannot go on.
func (g *group) unit(u *unit) error {
	ctx := context.WithoutCancel(u.ctx)
	if _, err := g.conn.exec(ctx, "SAVEPOINT unit", nil); err != nil {
		return err
	}
	if u.err = run(u.fn, g.tx(u)); u.err != nil {
		if err := g.conn.back(ctx, "ROLLBACK TO unit"); err != nil {
			return errors.Join(u.err, err)
		}
	}
	_, err := g.conn.exec(ctx, "RELEASE unit", nil)
	return err
}
