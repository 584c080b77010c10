package store

import (
	"time"
)

var _ = Machinery("what came in, once", "inbox")
var _ = Machinery("what goes out", "outbox")
var _ = Machinery("who has had what of the clock, and put off what", "fired", "snoozes")
var _ = Machinery("forms that are open, and buttons that can be pressed", "drafts", "callbacks")
var _ = Machinery("the trail of every noun", "audit_trail", "trail_heads")
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
	return tx.Do(`INSERT INTO snoozes (person_id, subject, until, again) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id, subject) DO UPDATE SET until = excluded.until, again = excluded.again`, person, subject, until, again)
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

// Setting reads a value that the program keeps for itself.
func (tx *Tx) Setting(name string) (string, error) {
	v, _, err := One[string](tx, `SELECT value FROM settings WHERE name = $1`, name)
	return v, err
}

// SetSetting writes a value that the program keeps for itself.
func (tx *Tx) SetSetting(name, value string) error {
	return tx.Do(`INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
}
