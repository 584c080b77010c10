package store

import (
	"fmt"
	"time"
)

// Retention is for how many days what is done is kept before Purge takes it away.
// Nothing that the business entered is ever taken.
type Retention struct {
	Inbox   int // what came in, by which a second delivery of it is known
	Outbox  int // messages since they left, edited when their buttons are pressed
	Drafts  int // forms since they were last touched
	Buttons int // buttons since they ended
}

const (
	keepFired   = 60   // days; the reminders that were sent
	purgeAtOnce = 5000 // rows of each kind a call takes, so that it stays short
)

// passing are the tables whose rows are done one day.
func (k Retention) passing() []passing {
	return []passing{
		{"inbox", "inbox", "id", "at < $1", k.Inbox},
		{"outbox", "outbox", "id", "state = 'sent' AND done_at < $1", k.Outbox},
		{"drafts", "drafts", "id", "updated_at < $1", k.Drafts},
		{"buttons", "callbacks", "id", "until < $1", k.Buttons},
		{"reminders", "fired", "job", "at < $1", keepFired},
	}
}

type passing struct {
	name, table, key string
	done             string // the condition, on the day before which it is old
	days             int
}

// Purge takes away what is done and no longer needed, some rows at a time, and
// reports whether there may be more.
func (tx *Tx) Purge(keep Retention) (more bool, err error) {
	for _, p := range keep.passing() {
		n, err := tx.Exec(fmt.Sprintf(`DELETE FROM %s WHERE %s IN (SELECT %[2]s FROM %[1]s WHERE %[3]s LIMIT %[4]d) AND %[3]s`, p.table, p.key, p.done, purgeAtOnce),
			tx.Now.AddDate(0, 0, -p.days))
		if err != nil {
			return false, err
		}
		more = more || n == purgeAtOnce
	}
	if err := tx.Do(`DELETE FROM strangers WHERE day < $1`, tx.Now.AddDate(0, 0, -keep.Inbox).Format(time.DateOnly)); err != nil {
		return false, err
	}
	err = tx.Do(`DELETE FROM snoozes WHERE until < $1 AND again = FALSE`, tx.Now)
	return more, err
}

// Kept is what is there now of what is done one day.
type Kept struct {
	Name  string
	Days  int   // for which a row stays once it is done
	Rows  int64 `db:"rows"`
	Bytes int64 `db:"bytes"` // on the disk, indexes and all
}

// Kept lists the tables that Purge takes rows from, with their sizes. It reads them
// whole.
func (tx *Tx) Kept(keep Retention) ([]Kept, error) {
	var out []Kept
	for _, p := range keep.passing() {
		k, _, err := One[Kept](tx, fmt.Sprintf(`SELECT (SELECT count(*) FROM %s) AS rows, (`+tx.db.dialect.size+`) AS bytes`, p.table), p.table)
		if err != nil {
			return nil, err
		}
		k.Name, k.Days = p.name, p.days
		out = append(out, k)
	}
	return out, nil
}
