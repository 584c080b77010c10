package promostore

import (
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/promo"
	"fieldbot/store"
)

// Claims are what customers ask for because of promos.
var Claims = store.Declare(store.Noun[promo.Claim]{
	About: store.About{Alias: "k", Lives: "k.status <> 'undone'", Gate: accountstore.OfCard("k.account_id"), May: accountstore.OfOwner("k.account_id", promo.Makers...), Account: "account_id", Rank: 27, Catalogue: promo.ClaimCatalogue,
		Owners: []store.Owner{{Column: "owner_id", Held: "k.status = 'asked'", Roles: promo.Makers}}, Inner: []string{"promo_id"}},
	Unmake: func(c *promo.Claim) { c.Status = "undone" },
	Kept:   func(tx *store.Tx, _, c promo.Claim) error { return recount(tx, c.PromoID) },
})

// ClaimsOf lists the claims because of a promo.
func ClaimsOf(tx *store.Tx, scope access.Scope, promoID string) ([]promo.Claim, error) {
	return Claims.In(scope).And("k.promo_id = ?", promoID).Order("k.created_at, k.id").Limit(100).Rows(tx)
}
