package store

import (
	"fmt"
	"time"
)

var _ = Machinery("what came in, once", "inbox")
var _ = Machinery("what goes out", "outbox")
var _ = Machinery("who has had what of the clock, and put off what", "fired", "snoozes")
var _ = Machinery("forms that are open, and buttons that can be pressed", "drafts", "callbacks")
var _ = Machinery("the trail of every noun", "audit_trail")
var _ = Machinery("what the program notes of itself", "settings", "leases", "goose_db_version")
var _ = Machinery("territories below one another, derived from their paths", "territory_tree")

// Receive notes a delivery id. It is false for one that was received before:
// a retry, which must change nothing.
func (tx *Tx) Receive(id string) (fresh bool, err error) {
	n, err := tx.Exec(`INSERT INTO inbox (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, id, tx.Now)
	return n == 1, err
}

// MarkOnce notes that a job has run for a person on a day. It is false if it had.
func (tx *Tx) MarkOnce(job, person, day string) (first bool, err error) {
	n, err := tx.Exec(`INSERT INTO fired (job, person_id, day, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, job, person, day, tx.Now)
	return n == 1, err
}

// MarkAgain is MarkOnce for a day that comes again: it is false if the job has run
// since an instant.
func (tx *Tx) MarkAgain(job, person, day string, since time.Time) (first bool, err error) {
	n, err := tx.Exec(`UPDATE fired SET at = $1 WHERE job = $2 AND person_id = $3 AND day = $4 AND at < $5`, tx.Now, job, person, day, since)
	return n == 1, err
}

// Marked reports whether a job has run for a person on a day.
func (tx *Tx) Marked(job, person, day string) (bool, error) {
	_, ran, err := One[string](tx, `SELECT job FROM fired WHERE job = $1 AND person_id = $2 AND day = $3`, job, person, day)
	return ran, err
}

// Snooze keeps a subject out of a person's reminders until an instant. With
// again it comes back then by itself, else with the next digest.
func (tx *Tx) Snooze(person, subject string, until time.Time, again bool) error {
	_, err := tx.Exec(`INSERT INTO snoozes (person_id, subject, until, again) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id, subject) DO UPDATE SET until = excluded.until, again = excluded.again`, person, subject, until, again)
	return err
}

// Woken is a snooze that has run out.
type Woken struct {
	Person  string `db:"person_id"`
	Subject string `db:"subject"`
}

// Wake takes the snoozes that come back by themselves and have run out.
func (tx *Tx) Wake() ([]Woken, error) {
	return Rows[Woken](tx, `DELETE FROM snoozes WHERE again = TRUE AND until <= $1 RETURNING person_id, subject`, tx.Now)
}

// Snoozed lists the subjects that a person has put off beyond now.
func (tx *Tx) Snoozed(person string) (map[string]bool, error) {
	rows, err := Rows[string](tx, `SELECT subject FROM snoozes WHERE person_id = $1 AND until > $2`, person, tx.Now)
	out := map[string]bool{}
	for _, s := range rows {
		out[s] = true
	}
	return out, err
}

// How long what is done is kept before Purge takes it away.
const (
	keepInbox   = 7 * 24 * time.Hour // Slack retries for a day, Telegram for a day
	keepSent    = 30 * 24 * time.Hour
	keepDrafts  = 30 * 24 * time.Hour
	keepFired   = 60 * 24 * time.Hour
	purgeAtOnce = 5000 // rows of each kind a call takes, so that it stays short
)

// Purge takes away what is done and no longer needed, some rows at a time, and
// reports whether there may be more. Nothing that the business entered is ever
// taken.
func (tx *Tx) Purge() (more bool, err error) {
	for _, p := range []struct {
		query string
		keep  time.Duration
	}{
		{`DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE at < $1 LIMIT %d)`, keepInbox},
		{`DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state = 'sent' AND done_at < $1 LIMIT %d)`, keepSent},
		{`DELETE FROM drafts WHERE id IN (SELECT id FROM drafts WHERE updated_at < $1 LIMIT %d)`, keepDrafts},
		{`DELETE FROM callbacks WHERE id IN (SELECT id FROM callbacks WHERE until < $1 LIMIT %d)`, 0},
		{`DELETE FROM fired WHERE job IN (SELECT job FROM fired WHERE at < $1 LIMIT %d) AND at < $1`, keepFired},
	} {
		n, err := tx.Exec(fmt.Sprintf(p.query, purgeAtOnce), tx.Now.Add(-p.keep))
		if err != nil {
			return false, err
		}
		more = more || n == purgeAtOnce
	}
	if _, err := tx.Exec(`DELETE FROM strangers WHERE day < $1`, tx.Now.Add(-keepInbox).Format(time.DateOnly)); err != nil {
		return false, err
	}
	_, err = tx.Exec(`DELETE FROM snoozes WHERE until < $1 AND again = FALSE`, tx.Now)
	return more, err
}

// Setting reads a value that the program keeps for itself.
func (tx *Tx) Setting(name string) (string, error) {
	v, _, err := One[string](tx, `SELECT value FROM settings WHERE name = $1`, name)
	return v, err
}

// SetSetting writes a value that the program keeps for itself.
func (tx *Tx) SetSetting(name, value string) error {
	_, err := tx.Exec(`INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}
