package shelfstore

import (
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/shelf"
	"fieldbot/store"
)

// Diversions are goods found where they were not sold to: those of stores in sight; who
// found them, and who leads that person, changes them.
var Diversions = store.Declare(store.Noun[shelf.Diversion]{
	About: store.About{Alias: "dx", Lives: "dx.status <> 'undone'", Gate: accountstore.OfStore("dx.person_id", "dx.store_id"), May: accountstore.OfDoer("dx.person_id", "dx.store_id", shelf.Auditors...),
		Account: "account_id", Store: "store_id", Rank: 32, Catalogue: shelf.DiversionCatalogue, Inner: []string{"status"}, NoOwner: "what was found waits for nobody"},
	Unmake: func(d *shelf.Diversion) { d.Status = shelf.Undone },
	Fill: func(tx *store.Tx, d *shelf.Diversion) error {
		s, ok, err := accountstore.Stores.In(access.System("the account of the store")).ByID(tx, d.StoreID)
		if ok {
			d.AccountID = s.AccountID
		}
		return err
	},
})

// SameLot returns the finding of a lot of a product in a store.
func SameLot(tx *store.Tx, scope access.Scope, storeID, productID, lot string) (shelf.Diversion, bool, error) {
	return Diversions.In(scope).And("dx.store_id = ? AND dx.product_id = ? AND dx.lot = ?", storeID, productID, lot).Order("dx.id").Limit(1).One(tx)
}

// LastDiversions lists what was found lately, the last first; a store narrows it.
func LastDiversions(tx *store.Tx, scope access.Scope, storeID string, limit int) ([]shelf.Diversion, error) {
	q := Diversions.In(scope)
	if storeID != "" {
		q.And("dx.store_id = ?", storeID)
	}
	return q.Order("dx.found_on DESC, dx.id DESC").Limit(limit).Rows(tx)
}
