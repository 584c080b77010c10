package store

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// The kinds of outgoing work. All of it is rows that say it is pending, with
// the same retries; only messages reach people.
const (
	OutMessage = "message" // body: chat.Outgoing
	OutPhoto   = "photo"   // body: a photo's ref, to be fetched into the media folder
	OutZone    = "zone"    // body: a user id, whose time zone is asked for
)

// Out is a row of the outbox. Rows of one lane leave in the order they were
// put.
type Out struct {
	ID         string    `db:"id"`
	Kind       string    `db:"kind"`
	Lane       string    `db:"lane"` // platform:room for messages
	Platform   string    `db:"platform"`
	PersonID   string    `db:"person_id"`
	Edits      string    `db:"edits"` // id of the message that this one stands in place of, or ""
	Body       string    `db:"body"`
	State      string    `db:"state"`
	DueAt      time.Time `db:"due_at"`
	LeaseUntil time.Time `db:"lease_until"`
	Token      string    `db:"token"` // of the claim; a late result of another claim changes nothing
	Attempts   int64     `db:"attempts"`
	ExternalID string    `db:"external_id"`
	Error      string    `db:"error"`
	CreatedAt  time.Time `db:"created_at"`
	DoneAt     time.Time `db:"done_at"`
}

// Put adds work to the outbox; it leaves when the transaction has committed. An edit
// takes the place of one of the same message that is the last of its lane and still
// waits: who presses fast sees the last state, not one after the other.
func (tx *Tx) Put(o Out) error {
	if o.DueAt.IsZero() {
		o.DueAt = tx.Now
	}
	if o.Edits != "" {
		n, err := tx.Exec(`UPDATE outbox SET body = $1 WHERE lane = $2 AND edits = $3 AND state = 'queued' AND lease_until = 0
			AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.lane = outbox.lane AND o.state = 'queued' AND o.id > outbox.id)`, o.Body, o.Lane, o.Edits)
		if err != nil || n > 0 {
			return err
		}
	}
	if err := tx.lockLane(o.Lane); err != nil {
		return err
	}
	return tx.Do(`INSERT INTO outbox (id, kind, lane, platform, person_id, edits, body, due_at, created_at, turn)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NOT EXISTS (SELECT 1 FROM outbox e WHERE e.lane = $3 AND e.state = 'queued'))`,
		NewID(), o.Kind, o.Lane, o.Platform, o.PersonID, o.Edits, o.Body, o.DueAt, tx.Now)
}

// lockLane keeps a row that is put behind another from being overlooked while that one
// leaves.
func (tx *Tx) lockLane(lane string) error { return tx.Lock("lane:" + lane) }

// next gives the oldest row of a lane that waits its turn.
func (tx *Tx) next(lane string) error {
	return tx.Do(`UPDATE outbox SET turn = TRUE WHERE id = (SELECT min(id) FROM outbox WHERE lane = $1 AND state = 'queued') AND turn = FALSE`, lane)
}

// leave takes a row out of its lane by a statement, and gives the next its turn.
func (tx *Tx) leave(lane, statement string, args ...any) error {
	if err := tx.lockLane(lane); err != nil {
		return err
	}
	return errors.Join(tx.Do(statement, args...), tx.next(lane))
}

// Claim takes due work of a platform, at most one row a lane and always the
// oldest of its lane, and leases it: if the claimer dies, the work is free
// again after the lease.
func (tx *Tx) Claim(platform string, limit int, lease time.Duration) ([]Out, error) {
	token := NewID()
	return Rows[Out](tx, fmt.Sprintf(`UPDATE outbox SET lease_until = $1, token = $2, attempts = attempts + 1
		WHERE id IN (
			SELECT o.id FROM outbox o
			WHERE o.platform = $3 AND o.state = 'queued' AND o.turn = TRUE AND o.due_at <= $4 AND o.lease_until <= $4
			AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.lane = o.lane AND e.state = 'queued' AND e.id < o.id)
			ORDER BY o.due_at, o.id LIMIT %d%s)
		RETURNING %s`, limit, tx.db.dialect.skip, Columns[Out]("outbox")), tx.Now.Add(lease), token, platform, tx.Now)
}

// FreeLeases frees what a daemon that died had claimed. It does so on SQLite,
// which carries one daemon; on PostgreSQL another one may be at work on it, and
// the lease has to end.
func (tx *Tx) FreeLeases(platform string) error {
	if tx.db.group == nil {
		return nil
	}
	return tx.Do(`UPDATE outbox SET lease_until = 0, token = '' WHERE platform = $1 AND state = 'queued' AND lease_until > 0`, platform)
}

// Sent notes that a claimed row was delivered.
func (tx *Tx) Sent(o Out, externalID string) error {
	return tx.leave(o.Lane, `UPDATE outbox SET state = 'sent', external_id = $1, done_at = $2, error = '' WHERE id = $3 AND token = $4 AND state = 'queued'`, externalID, tx.Now, o.ID, o.Token)
}

// Again frees a claimed row for another try at due. A wait that the platform
// asked for uses up no attempt.
func (tx *Tx) Again(o Out, due time.Time, reason string, used bool) error {
	attempts := o.Attempts
	if !used {
		attempts--
	}
	return tx.Do(`UPDATE outbox SET due_at = $1, lease_until = 0, attempts = $2, error = $3 WHERE id = $4 AND token = $5 AND state = 'queued'`, due, attempts, reason, o.ID, o.Token)
}

// GoOn puts the rest of a claimed row in its place: the lane waits for it.
func (tx *Tx) GoOn(o Out, rest string) error {
	return tx.Do(`UPDATE outbox SET body = $1, edits = '', due_at = $2, lease_until = 0, attempts = 0, error = '' WHERE id = $3 AND token = $4 AND state = 'queued'`, rest, tx.Now, o.ID, o.Token)
}

// HealOutbox brings back what was put off for longer than a wait may be, and gives every
// lane its turn.
func (tx *Tx) HealOutbox(longest time.Duration) error {
	if err := tx.Do(`UPDATE outbox SET turn = TRUE WHERE state = 'queued' AND turn = FALSE
		AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.lane = outbox.lane AND e.state = 'queued' AND e.id < outbox.id)`); err != nil {
		return err
	}
	return tx.Do(`UPDATE outbox SET due_at = $1 WHERE state = 'queued' AND due_at > $1`, tx.Now.Add(longest))
}

// Stuck returns since when the oldest row waits that nobody has brought away for so
// long; it is false if the queue moves.
func (tx *Tx) Stuck(since time.Time) (oldest time.Time, stuck bool, err error) {
	return One[time.Time](tx, `SELECT created_at FROM outbox WHERE state = 'queued' AND created_at <= $1 ORDER BY id LIMIT 1`, since)
}

// Dead notes that a claimed row can never be delivered.
func (tx *Tx) Dead(o Out, reason string) error {
	return tx.leave(o.Lane, `UPDATE outbox SET state = 'dead', error = $1, done_at = $2 WHERE id = $3 AND token = $4 AND state = 'queued'`, reason, tx.Now, o.ID, o.Token)
}

// Unsend gives up what waits for a person.
func (tx *Tx) Unsend(person, reason string) error {
	lanes, err := Rows[string](tx, `UPDATE outbox SET state = 'dead', error = $1, done_at = $2 WHERE person_id = $3 AND state = 'queued' RETURNING lane`, reason, tx.Now, person)
	slices.Sort(lanes)
	for _, lane := range slices.Compact(lanes) {
		err = errors.Join(err, tx.lockLane(lane), tx.next(lane))
	}
	return err
}

// Redirect sends what waits in one lane to another room of the platform.
func (tx *Tx) Redirect(from, to Out) error {
	if err := tx.leave(from.Lane, `UPDATE outbox SET lane = $1, body = $2, lease_until = 0, due_at = $3, turn = FALSE WHERE id = $4 AND token = $5`, to.Lane, to.Body, tx.Now, from.ID, from.Token); err != nil {
		return err
	}
	return errors.Join(tx.lockLane(to.Lane), tx.next(to.Lane))
}

// OutboxCounts is how many rows wait and how many are dead.
type OutboxCounts struct {
	Queued int64 `db:"queued"`
	Dead   int64 `db:"dead"`
}

// CountOutbox counts what waits and what is dead.
func (tx *Tx) CountOutbox() (OutboxCounts, error) {
	c, _, err := One[OutboxCounts](tx, `SELECT
		(SELECT count(*) FROM outbox WHERE state = 'queued') AS queued,
		(SELECT count(*) FROM outbox WHERE state = 'dead') AS dead`)
	return c, err
}

// DeadOutbox lists the last dead rows, for check.
func (tx *Tx) DeadOutbox(limit int) ([]Out, error) {
	return Rows[Out](tx, `SELECT `+Columns[Out]("o")+` FROM outbox o WHERE o.state = 'dead' ORDER BY o.done_at DESC LIMIT `+strconv.Itoa(limit))
}

// Written returns the body of a message that was written for a room and nobody in it, by
// the platform's id; it is false where there is none, or it was long ago.
func (tx *Tx) Written(lane, externalID string) (string, bool, error) {
	return One[string](tx, `SELECT body FROM outbox WHERE lane = $1 AND external_id = $2 AND person_id = '' AND state = 'sent'`, lane, externalID)
}

// MoveRoom rewrites a room's id where it is kept (a group that became a
// supergroup).
// Ungated: what the platform says of a room.
func (tx *Tx) MoveRoom(platform, from, to string) error {
	for _, q := range []string{
		`UPDATE identities SET room = $1 WHERE room = $2 AND platform = $3`,
		`UPDATE drafts SET room = $1 WHERE room = $2 AND platform = $3`,
		`UPDATE store_rooms SET room = $1 WHERE room = $2 AND platform = $3`,
	} {
		if err := tx.Do(q, to, from, platform); err != nil {
			return err
		}
	}
	return nil
}

// Waiting reports whether work of a platform is due.
func (tx *Tx) Waiting(platform string) (bool, error) {
	_, some, err := One[string](tx, `SELECT id FROM outbox WHERE platform = $1 AND state = 'queued' AND turn = TRUE AND due_at <= $2 AND lease_until <= $2 LIMIT 1`, platform, tx.Now)
	return some, err
}
