// Package approvalstore keeps what waits for somebody's yes or no.
package approvalstore

import (
	"time"

	"fieldbot/bot/approval"
	"fieldbot/bot/kit/access"
	"fieldbot/store"
)

// Approvals are questions for a yes or no. Who asked and who is to answer stands in the
// row, and they alone read it.
var Approvals = store.Declare(store.Noun[approval.Approval]{
	About: store.About{Alias: "a", NoGate: "read by who asked and who is to answer, by id",
		May: func(_ *store.Args, s access.Scope) string { // its own chain finds who answers, until somebody leaves
			if s.All() {
				return "TRUE"
			}
			return "FALSE"
		},
		Owners: []store.Owner{{Column: "approver_id", Held: "a.status = 'waiting'"}}, Rank: 60,
		NoMove: "is about a row, which moves", NoFile: "read in chat"},
	Unmake: func(a *approval.Approval) { a.Status = approval.Withdrawn },
})

var columns = store.Columns[approval.Approval]("a")

// ByID returns an approval. Who may answer it stands in the row.
func ByID(tx *store.Tx, id string) (approval.Approval, bool, error) {
	return store.One[approval.Approval](tx, `SELECT `+columns+` FROM approvals a WHERE a.id = $1`, id)
}

// Waiting lists what waits for a person, the oldest first.
func Waiting(tx *store.Tx, approver string) ([]approval.Approval, error) {
	return store.Rows[approval.Approval](tx, `SELECT `+columns+` FROM approvals a WHERE a.approver_id = $1 AND a.status = 'waiting' ORDER BY a.asked_at LIMIT 100`, approver)
}

// MovedUp lists what people with a dotted line to somebody asked, that its first approver
// left lying and others are asked now, the oldest first: a copy of their escalations
// (domain.md §1).
func MovedUp(tx *store.Tx, dotted string) ([]approval.Approval, error) {
	return store.Rows[approval.Approval](tx, `SELECT `+columns+` FROM approvals a WHERE a.status = 'waiting' AND a.moved_at > a.asked_at AND a.approver_id <> $1 AND a.asked_by IN (SELECT p.id FROM people p WHERE p.dotted_to = $1 AND p.status = 'active') ORDER BY a.asked_at LIMIT 100`, dotted)
}

// Of returns the approval of a kind that waits about a subject.
func Of(tx *store.Tx, kind, subject string) (approval.Approval, bool, error) {
	return store.One[approval.Approval](tx, `SELECT `+columns+` FROM approvals a WHERE a.kind = $1 AND a.subject = $2 AND a.status = 'waiting'`, kind, subject)
}

// Withdraw ends what waits of a kind about a subject: it is asked no more.
func Withdraw(tx *store.Tx, kind, subject string) error {
	waiting, err := store.Rows[approval.Approval](tx, `SELECT `+columns+` FROM approvals a WHERE a.kind = $1 AND a.subject = $2 AND a.status = 'waiting'`, kind, subject)
	for _, before := range waiting {
		after := before
		after.Status, after.DecidedAt = approval.Withdrawn, tx.Now
		if err := Approvals.Change(tx, before, after); err != nil {
			return err
		}
	}
	return err
}

// About lists every approval of a kind about a subject, the first first: its
// trail.
func About(tx *store.Tx, kind, subject string) ([]approval.Approval, error) {
	return store.Rows[approval.Approval](tx, `SELECT `+columns+` FROM approvals a WHERE a.kind = $1 AND a.subject = $2 ORDER BY a.asked_at LIMIT 100`, kind, subject)
}

// Old lists what has waited for its approver since before an instant.
func Old(tx *store.Tx, before time.Time) ([]approval.Approval, error) {
	return store.Rows[approval.Approval](tx, `SELECT `+columns+` FROM approvals a WHERE a.status = 'waiting' AND a.moved_at <= $1 ORDER BY a.moved_at LIMIT 500`, before)
}

// Add keeps a new question.
func Add(tx *store.Tx, a *approval.Approval) error {
	a.Status, a.AskedAt, a.MovedAt = approval.Waiting, tx.Now, tx.Now
	return Approvals.Add(tx, a)
}
