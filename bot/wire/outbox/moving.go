package outbox

import (
	"context"
	"fmt"
	"time"

	"fieldbot/store"
)

// late is for how long a message may wait before the queue counts as standing.
const late = 15 * time.Minute

// Moving returns a note where messages have waited for long, with since when; "" where
// the queue moves.
func Moving(ctx context.Context, db *store.DB) (note string, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		since, stuck, err := tx.Stuck(tx.Now.Add(-late))
		if err != nil || !stuck {
			return err
		}
		counts, err := tx.CountOutbox()
		note = fmt.Sprintf("the outbox does not move: %d messages wait, the oldest since %s", counts.Queued, since.Format(time.RFC3339))
		return err
	})
	return note, err
}
