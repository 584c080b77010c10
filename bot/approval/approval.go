// Package approval knows what one person asks another to agree to. What is
// asked about, and what follows from a yes, is the capability's; who may
// answer, how long it waits and where it goes then is here (domain.md §11).
package approval

import "time"

// Approval is one question that waits for a yes or no.
type Approval struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	Kind       string    `db:"kind"`    // which capability asks what
	Subject    string    `db:"subject"` // kind:id it is about
	Args       []string  `db:"args"`    // what the kind needs to know beside it
	AskedBy    string    `db:"asked_by"`
	FirstBy    string    `db:"first_by"`    // who asked first in a chain of questions; never decides
	ApproverID string    `db:"approver_id"` // who is to answer now
	Status     string    `db:"status"`
	Note       string    `db:"note"`
	Reason     string    `db:"reason"` // of a no
	DecidedBy  string    `db:"decided_by"`
	AskedAt    time.Time `db:"asked_at"`
	MovedAt    time.Time `db:"moved_at"` // since when it waits for this approver
	DecidedAt  time.Time `db:"decided_at"`
}

// Table implements store.Row.
func (a Approval) Table() string { return "approvals" }

// Key implements store.Row.
func (a Approval) Key() (string, int64) { return a.ID, a.Version }

// Ref is the approval as buttons and snoozes name it.
func (a Approval) Ref() string { return "approval:" + a.ID }

// Asks reports whether a person asked, now or first in a chain: nobody approves
// their own.
func (a Approval) Asks(person string) bool {
	return person == a.AskedBy || person == a.FirstBy
}

// The states of an approval.
const (
	Waiting   = "waiting"
	Approved  = "approved"
	Rejected  = "rejected"
	Expired   = "expired"   // nobody answered
	Withdrawn = "withdrawn" // what it was asked on has changed, or who asked takes it back
)

// How long an approval waits for one approver before it goes to the deputy or
// the next up, and how long in all before it goes back to who asked.
const (
	MoveAfter = 2 * 24 * time.Hour
	GiveUp    = 10 * 24 * time.Hour
)

// Turn is what is to be done with an approval that waits.
type Turn int

// The turns of an approval.
const (
	Wait Turn = iota
	Move      // to the deputy or the next up
	Back      // to who asked: nobody answered
)

// Next tells what is to be done with a waiting approval at an instant.
func (a Approval) Next(now time.Time) Turn {
	switch {
	case now.Sub(a.AskedAt) >= GiveUp:
		return Back
	case now.Sub(a.MovedAt) >= MoveAfter:
		return Move
	}
	return Wait
}
