package store

import (
	"context"
	"errors"
	"time"

	"github.com/gofrs/flock"
)

// ErrTaken says that a daemon runs on the same file of SQLite: two would send
// everything twice.
var ErrTaken = errors.New("another daemon runs on this database file; stop it first, or use PostgreSQL for several daemons")

// drained is how long a daemon that is told to stop may take: one that starts
// meanwhile waits for it.
const drained = 6 * time.Second

// Shared reports whether a daemon works on the same file of SQLite, and so waits while this
// program writes.
func (db *DB) Shared() bool {
	if db.group == nil {
		return false
	}
	lock := flock.New(db.path + ".lock")
	free, err := lock.TryRLock()
	if free {
		_ = lock.Unlock() // the process ends anyway
	}
	return err != nil || !free
}

// Alone takes the file of SQLite for one daemon, until release or the end of the
// process. PostgreSQL carries several.
func (db *DB) Alone(ctx context.Context) (release func(), err error) {
	if db.group == nil {
		return func() {}, nil
	}
	lock := flock.New(db.path + ".lock")
	ctx, cancel := context.WithTimeout(ctx, drained)
	defer cancel()
	if ok, err := lock.TryLockContext(ctx, 50*time.Millisecond); !ok {
		if err == nil || errors.Is(err, context.DeadlineExceeded) {
			err = ErrTaken
		}
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil // the process ends anyway
}
