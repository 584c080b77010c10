package bot

import (
	"context"
	"sync"
	"time"

	"fieldbot/store"
)

// turnLife is how long a daemon may do alone what it took its turn for; a dead
// one's work goes over after it. It is longer than a Telegram long poll and
// shorter than the 30 s that work may lie.
const turnLife = 25 * time.Second

// Lease returns what asks whether this daemon may do a named work now, of
// several daemons on one database. Asking takes or renews the turn; who stops
// gives it back.
func (a *App) Lease(name string) func(context.Context) bool {
	var mu sync.Mutex // several parts of a daemon may ask for one turn
	var until time.Time
	var giveBack sync.Once
	return func(ctx context.Context) bool {
		if a.DB.Single() {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		mu.Lock()
		defer mu.Unlock()
		if time.Until(until) > turnLife*4/5 {
			return true // just renewed
		}
		mine := false
		now := time.Now()
		err := a.DB.Write(ctx, func(tx *store.Tx) (err error) { mine, err = tx.Lease(name, a.id, turnLife); return err })
		if err != nil {
			if ctx.Err() == nil {
				a.Log.Error("a turn could not be taken; it is tried again", "work", name, "err", err)
			}
			return false
		}
		if mine {
			until = now.Add(turnLife)
			giveBack.Do(func() { context.AfterFunc(ctx, func() { a.release(context.WithoutCancel(ctx), name) }) })
		}
		return mine
	}
}

func (a *App) release(ctx context.Context, name string) {
	ctx, cancel := context.WithTimeout(ctx, takeUp)
	defer cancel()
	if err := a.DB.Write(ctx, func(tx *store.Tx) error { return tx.Release(name, a.id) }); err != nil {
		a.Log.Debug("a turn was not given back; it ends by itself", "work", name, "err", err)
	}
}
