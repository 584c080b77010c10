package clock

import (
	"context"
	"sync"
	"time"

	"fieldbot/store"
)

// leaseLife is how long a daemon may do alone what it took its turn for; a dead
// one's work goes over after it. It is longer than a Telegram long poll and
// shorter than the 30 s that work may lie.
const leaseLife = 25 * time.Second

// Lease returns what asks whether this daemon may do a named work now, of
// several daemons on one database. Asking takes or renews the turn; who stops
// gives it back.
func (c *Clock) Lease(name string) func(context.Context) bool {
	var mu sync.Mutex // several parts of a daemon may ask for one turn
	var until time.Time
	var giveBack sync.Once
	return func(ctx context.Context) bool {
		if c.DB.Single() {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		mu.Lock()
		defer mu.Unlock()
		if time.Until(until) > leaseLife*4/5 {
			return true // just renewed
		}
		taken := false
		now := time.Now()
		err := c.DB.Write(ctx, func(tx *store.Tx) (err error) { taken, err = tx.Lease(name, c.id, leaseLife); return err })
		if err != nil {
			if ctx.Err() == nil {
				c.Log.Error("a lease could not be taken; it is tried again", "work", name, "err", err)
			}
			return false
		}
		if taken {
			until = now.Add(leaseLife)
			giveBack.Do(func() { context.AfterFunc(ctx, func() { c.release(context.WithoutCancel(ctx), name) }) })
		}
		return taken
	}
}

func (c *Clock) release(ctx context.Context, name string) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if err := c.DB.Write(ctx, func(tx *store.Tx) error { return tx.Release(name, c.id) }); err != nil {
		c.Log.Debug("a lease was not given back; it ends by itself", "work", name, "err", err)
	}
}
