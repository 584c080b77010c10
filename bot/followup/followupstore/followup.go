// Package followupstore keeps follow-ups.
package followupstore

import (
	"time"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/person"

	"fieldbot/bot/followup"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/store"
)

// FollowUps are things to see to.
var FollowUps = store.Declare(store.Noun[followup.FollowUp]{
	About: store.About{Words: []string{"comments"}, Alias: "f", Gate: seen, May: mayChange, Account: "account_id", Store: "store_id", Catalogue: followup.Catalogue, Inner: []string{"closed_by", "about"},
		Owners: []store.Owner{{Column: "owner_id", Held: "f.status = 'open'"}}, Rank: 10},
	Unmake: func(f *followup.FollowUp) { f.Status = followup.Cancelled },
})

// seen keeps follow-ups to own ones, those a person opened, and those of places in
// sight.
func seen(a *store.Args, s access.Scope) string {
	s = s.InTheField()
	if s.All() || s.WholeCompany() {
		return "TRUE"
	}
	return `(` + a.Own("f.owner_id", s) + ` OR f.opened_by = ` + a.Add(s.Person) + ` OR f.store_id IN (SELECT s.id FROM stores s WHERE ` + accountstore.Stores.Gate(a, s) +
		`) OR (f.store_id = '' AND f.account_id IN (SELECT a.id FROM accounts a WHERE ` + accountstore.Led(a, s) + `)))`
}

// mayChange keeps follow-ups to those that a person answers for or opened, and those
// that a manager leads.
func mayChange(a *store.Args, s access.Scope) string {
	s.Dotted = false
	if s.All() || s.Is(person.Manager) && s.WholeCompany() {
		return "TRUE"
	}
	me := a.Add(s.Person)
	or := `f.owner_id = ` + me + ` OR f.opened_by = ` + me
	if s.Is(person.Manager) {
		or += ` OR ` + seen(a, s.As(person.Manager))
	}
	return "(" + or + ")"
}

// most is how many follow-ups one list holds, those due first.
const most = 200

func list(tx *store.Tx, q *store.Query[followup.FollowUp]) ([]followup.FollowUp, error) {
	return q.And("f.status = 'open'").Order("f.due_on, f.id").Limit(most).Rows(tx)
}

// Owned lists the open follow-ups of an owner.
func Owned(tx *store.Tx, scope access.Scope, owner string) ([]followup.FollowUp, error) {
	return list(tx, FollowUps.In(scope).And("f.owner_id = ?", owner))
}

// Due lists the open follow-ups of an owner that are due by a day.
func Due(tx *store.Tx, scope access.Scope, owner string, by calendar.Day) ([]followup.FollowUp, error) {
	return list(tx, FollowUps.In(scope).And("f.owner_id = ?", owner).And("f.due_on <= ? AND f.due_on <> ''", by))
}

// Handed lists the open follow-ups that a person opened for others.
func Handed(tx *store.Tx, scope access.Scope, opener string) ([]followup.FollowUp, error) {
	return list(tx, FollowUps.In(scope).And("f.opened_by = ? AND f.owner_id <> ?", opener, opener))
}

// OfPlace lists the open follow-ups of a store, or of an account's head
// office.
func OfPlace(tx *store.Tx, scope access.Scope, accountID, storeID string) ([]followup.FollowUp, error) {
	return list(tx, FollowUps.In(scope).And("f.account_id = ? AND f.store_id = ?", accountID, storeID))
}

// FromVisit lists the follow-ups that a visit opened.
func FromVisit(tx *store.Tx, scope access.Scope, visit string) ([]followup.FollowUp, error) {
	return FollowUps.In(scope).And("f.from_visit = ? AND f.status <> 'cancelled'", visit).Order("f.id").Rows(tx)
}

// About lists the open follow-ups of a store that end with what they are about.
func About(tx *store.Tx, scope access.Scope, storeID string) ([]followup.FollowUp, error) {
	return FollowUps.In(scope).And("f.store_id = ? AND f.about <> '' AND f.status = 'open'", storeID).Order("f.opened_at, f.id").Limit(most).Rows(tx)
}

// LateOf counts the open follow-ups of an owner that were due before a day.
func LateOf(tx *store.Tx, scope access.Scope, owner string, before calendar.Day) (int64, error) {
	return FollowUps.In(scope).And("f.owner_id = ? AND f.status = 'open'", owner).And("f.due_on < ? AND f.due_on <> ''", before).Count(tx)
}

// Since calls fn with every follow-up in sight that was opened in a span.
func Since(tx *store.Tx, scope access.Scope, since, until time.Time, fn func(followup.FollowUp) error) error {
	return FollowUps.In(scope).Since("f.opened_at", since, until).Order("f.opened_at, f.id").Each(tx, fn)
}

// Add keeps a new follow-up.
func Add(tx *store.Tx, f *followup.FollowUp) error {
	if f.Status == "" {
		f.Status = followup.Open
	}
	if f.OpenedAt.IsZero() {
		f.OpenedAt = tx.Now
	}
	return FollowUps.Add(tx, f)
}
