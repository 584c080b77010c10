package visitstore

import (
	"fieldbot/bot/kit/access"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

// Activities are the contacts that are no visits, seen by who sees visits there.
var Activities = store.Declare(store.Noun[visit.Activity]{
	About: store.About{Alias: "ac", Lives: "ac.status <> '" + visit.Undone + "'", Gate: seen("ac"), May: changed("ac"), Account: "account_id", Store: "store_id", Rank: 31,
		Catalogue: visit.ActivityCatalogue, Inner: []string{"status"}, NoOwner: "what was said waits for nobody"},
	Unmake: func(a *visit.Activity) { a.Status = visit.Undone },
})

// LastActivity returns the last one with a store, or with an account's head office.
func LastActivity(tx *store.Tx, scope access.Scope, accountID, storeID string) (visit.Activity, bool, error) {
	return Activities.In(scope).And("ac.account_id = ? AND ac.store_id = ?", accountID, storeID).Order("ac.on_day DESC, ac.id DESC").Limit(1).One(tx)
}

// SameActivity returns the one of a person that says the same of a place on a day.
func SameActivity(tx *store.Tx, scope access.Scope, a visit.Activity) (visit.Activity, bool, error) {
	return Activities.In(scope).And("ac.person_id = ? AND ac.on_day = ? AND ac.account_id = ? AND ac.store_id = ? AND ac.kind = ? AND ac.note = ?", a.PersonID, a.OnDay, a.AccountID, a.StoreID, a.Kind, a.Note).Order("ac.id").Limit(1).One(tx)
}

// LastTouched is the SQL of the day of the last activity with an account as a whole, as a
// column names it; empty is none.
// Ungated: a day alone, beside a row that is in sight.
func LastTouched(account string) string {
	return `(SELECT coalesce(max(ac.on_day), '') FROM activities ac WHERE ac.account_id = ` + account + ` AND ac.status <> '` + visit.Undone + `')`
}
