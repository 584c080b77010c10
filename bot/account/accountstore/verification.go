package accountstore

import (
	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/store"
)

// Verifications say who made sure of what is known of a customer.
var Verifications = store.Declare(store.Noun[account.Verification]{
	About: store.About{Alias: "vf", Lives: "vf.on_day <> ''", Gate: OfCard("vf.account_id"), May: verifier, Account: "account_id", Store: "store_id",
		Catalogue: account.VerificationCatalogue, Inner: []string{"digest"}, NoOwner: "says who made sure of something, once"},
	Unmake: func(v *account.Verification) { v.OnDay = "" },
})

// verifier keeps them to own ones.
func verifier(a *store.Args, s access.Scope) string {
	if s = s.Acting(person.Owners...); s.All() {
		return "TRUE"
	}
	return "vf.person_id = " + a.Add(s.Person)
}

// Verified are the verifications of an account, or of a store of it, and of the account's
// people, by fact.
func Verified(tx *store.Tx, scope access.Scope, accountID, storeID string) (map[string]account.Verification, error) {
	out := map[string]account.Verification{}
	err := Verifications.In(scope).And("vf.account_id = ? AND (vf.store_id = ? OR vf.store_id = '' AND vf.fact LIKE 'contact:%')", accountID, storeID).
		Order("vf.on_day, vf.id"). // after a merge a fact may have two: the last holds
		Each(tx, func(v account.Verification) error { out[v.Fact] = v; return nil })
	return out, err
}

// VerificationOf returns the last one of a fact, also one that was taken back: there is one
// row for a fact, whoever made sure of it.
func VerificationOf(tx *store.Tx, accountID, storeID, fact string) (account.Verification, bool, error) {
	return Verifications.In(access.System("one row for a fact, whoever made sure of it")).Every().And("vf.account_id = ? AND vf.store_id = ? AND vf.fact = ?", accountID, storeID, fact).Order("vf.on_day DESC, vf.id DESC").Limit(1).One(tx)
}

// Verify notes that somebody made sure of a fact.
func Verify(tx *store.Tx, v account.Verification) (account.Verification, error) {
	before, known, err := VerificationOf(tx, v.AccountID, v.StoreID, v.Fact)
	switch {
	case err != nil:
		return v, err
	case !known:
		return v, Verifications.Add(tx, &v)
	}
	v.ID, v.Version, v.CreatedAt = before.ID, before.Version, before.CreatedAt
	return v, Verifications.Change(tx, before, v)
}

// Stale are the verifications of an account, of its people and of a store of it from before a
// day, the oldest first.
func Stale(tx *store.Tx, scope access.Scope, accountID, storeID string, before calendar.Day) ([]account.Verification, error) {
	return Verifications.In(scope).And("vf.account_id = ? AND vf.store_id IN ('', ?) AND vf.on_day < ?", accountID, storeID, before).Order("vf.on_day, vf.id").Limit(mostVerified).Rows(tx)
}

// mostVerified is more than a customer has facts.
const mostVerified = 500
