// Package followupstore keeps follow-ups.
package followupstore

import (
	"time"

	"fieldbot/bot/followup"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/store"
)

var columns = store.Columns[followup.FollowUp]("f")

const table = ` FROM follow_ups f WHERE `

func list(tx *store.Tx, a *store.Args, where string) ([]followup.FollowUp, error) {
	return store.Rows[followup.FollowUp](tx, `SELECT `+columns+table+where, a.List...)
}

// ByID returns a follow-up, if the scope may see it.
func ByID(tx *store.Tx, scope access.Scope, id string) (followup.FollowUp, bool, error) {
	var a store.Args
	return store.One[followup.FollowUp](tx, `SELECT `+columns+table+`f.id = `+a.Add(id)+` AND `+a.FollowUps(scope, "f"), a.List...)
}

// most is how many follow-ups one list holds.
const most = 200

// Owned lists the open follow-ups of an owner, those due first.
func Owned(tx *store.Tx, scope access.Scope, owner string) ([]followup.FollowUp, error) {
	var a store.Args
	return list(tx, &a, `f.owner_id = `+a.Add(owner)+` AND f.status = 'open' AND `+a.FollowUps(scope, "f")+` ORDER BY f.due_on, f.id LIMIT `+a.Add(most))
}

// Due lists the open follow-ups of an owner that are due by a day.
func Due(tx *store.Tx, scope access.Scope, owner string, by calendar.Day) ([]followup.FollowUp, error) {
	var a store.Args
	return list(tx, &a, `f.owner_id = `+a.Add(owner)+` AND f.status = 'open' AND f.due_on <= `+a.Add(by)+` AND f.due_on <> '' AND `+a.FollowUps(scope, "f")+` ORDER BY f.due_on, f.id LIMIT `+a.Add(most))
}

// Handed lists the open follow-ups that a person opened for others.
func Handed(tx *store.Tx, scope access.Scope, opener string) ([]followup.FollowUp, error) {
	var a store.Args
	return list(tx, &a, `f.opened_by = `+a.Add(opener)+` AND f.owner_id <> `+a.Add(opener)+` AND f.status = 'open' AND `+a.FollowUps(scope, "f")+` ORDER BY f.due_on, f.id LIMIT `+a.Add(most))
}

// OfPlace lists the open follow-ups of a store, or of an account's head
// office.
func OfPlace(tx *store.Tx, scope access.Scope, accountID, storeID string) ([]followup.FollowUp, error) {
	var a store.Args
	return list(tx, &a, `f.account_id = `+a.Add(accountID)+` AND f.store_id = `+a.Add(storeID)+` AND f.status = 'open' AND `+a.FollowUps(scope, "f")+` ORDER BY f.due_on, f.id LIMIT `+a.Add(most))
}

// FromVisit lists the follow-ups that a visit opened.
func FromVisit(tx *store.Tx, scope access.Scope, visit string) ([]followup.FollowUp, error) {
	var a store.Args
	return list(tx, &a, `f.from_visit = `+a.Add(visit)+` AND f.status <> 'cancelled' AND `+a.FollowUps(scope, "f")+` ORDER BY f.id`)
}

// LateOf counts, for each of some owners, the open follow-ups that were due
// before a day.
func LateOf(tx *store.Tx, scope access.Scope, owner string, before calendar.Day) (int64, error) {
	var a store.Args
	n, _, err := store.One[int64](tx, `SELECT count(*)`+table+`f.owner_id = `+a.Add(owner)+` AND f.status = 'open' AND f.due_on < `+a.Add(before)+` AND f.due_on <> '' AND `+a.FollowUps(scope, "f"), a.List...)
	return n, err
}

// Since calls fn with every follow-up in sight that was opened in a span; a
// zero end is open.
func Since(tx *store.Tx, scope access.Scope, since, until time.Time, fn func(followup.FollowUp) error) error {
	var a store.Args
	where := `f.opened_at >= ` + a.Add(since)
	if !until.IsZero() {
		where += ` AND f.opened_at < ` + a.Add(until)
	}
	return store.Each(tx, fn, `SELECT `+columns+table+where+` AND `+a.FollowUps(scope, "f")+` ORDER BY f.opened_at, f.id`, a.List...)
}

// Add keeps a new follow-up.
func Add(tx *store.Tx, f *followup.FollowUp) error {
	if f.ID == "" {
		f.ID = store.NewID()
	}
	if f.Status == "" {
		f.Status = followup.Open
	}
	f.Version, f.CreatedAt, f.UpdatedAt = 1, tx.Now, tx.Now
	if f.OpenedAt.IsZero() {
		f.OpenedAt = tx.Now
	}
	return store.Insert(tx, *f)
}

// Change writes a follow-up over the one that was read.
func Change(tx *store.Tx, before, after followup.FollowUp) error {
	after.UpdatedAt = tx.Now
	return store.Update(tx, before, after)
}

// HandOver gives the open follow-ups of one person that a scope sees to another,
// all or those of one account and below it, and returns how many.
func HandOver(tx *store.Tx, scope access.Scope, from, to, account string) (int, error) {
	var a store.Args
	where := `f.owner_id = ` + a.Add(from) + ` AND f.status = 'open' AND ` + a.FollowUps(scope, "f")
	if account != "" {
		where += ` AND f.account_id IN (` + a.Below(account) + `)`
	}
	open, err := list(tx, &a, where)
	for _, before := range open {
		after := before
		after.OwnerID = to
		if err := Change(tx, before, after); err != nil {
			return 0, err
		}
	}
	return len(open), err
}
