package productstore

import (
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/product"
	"fieldbot/store"
)

// Ranges are what kinds of stores are to carry.
var Ranges = store.Declare(store.Noun[product.Range]{
	About: store.About{Alias: "g", Lives: "g.status <> 'undone'", Gate: accountstore.OfCard("g.account_id"), May: accountstore.OfOwner("g.account_id", product.Listers...), Account: "account_id", Rank: 24, Catalogue: product.RangeCatalogue,
		Owners: []store.Owner{{Column: "owner_id", Held: "g.status <> 'undone'", Roles: product.Listers}}, Inner: []string{"status"}},
	Unmake: func(r *product.Range) { r.Status = "undone" },
})

// RangesOf lists the ranges of an account.
func RangesOf(tx *store.Tx, scope access.Scope, account string) ([]product.Range, error) {
	return Ranges.In(scope).And("g.account_id = ?", account).Order("g.format, g.store_class, g.id").Limit(100).Rows(tx)
}

// Missing is a product that a range wants and that no listing covers.
type Missing struct {
	Range   product.Range
	Product product.Product
}

// Beyond is a listing that has a product in a store where no range asks for it.
type Beyond struct {
	Listing product.Listing
	Store   account.Store
}

// Departures are where listings of an account depart from its ranges: what is wanted and
// not listed, and what is listed beyond them. Without ranges there are none.
func Departures(tx *store.Tx, scope access.Scope, accountID string) (missing []Missing, beyond []Beyond, err error) {
	ranges, err := RangesOf(tx, scope, accountID)
	if err != nil || len(ranges) == 0 {
		return nil, nil, err
	}
	listed, err := OfAccount(tx, scope, accountID, most)
	if err != nil {
		return nil, nil, err
	}
	sold, err := Sold(tx, "", most)
	if err != nil {
		return nil, nil, err
	}
	byID := map[string]product.Product{}
	for _, p := range sold {
		byID[p.ID] = p
	}
	for _, r := range ranges {
		for _, p := range sold {
			if r.Wants(p) && !slices.ContainsFunc(listed, func(l product.Listing) bool { return l.ProductID == p.ID && l.Covers(r) }) {
				missing = append(missing, Missing{r, p})
			}
		}
	}
	stores, err := accountstore.Selling(tx, access.System("the stores of an account in sight"), accountID, most)
	for _, l := range listed {
		i := slices.IndexFunc(stores, func(s account.Store) bool {
			return l.Carries(s) && !slices.ContainsFunc(ranges, func(r product.Range) bool { return r.Wants(byID[l.ProductID]) && r.Has(s) })
		})
		if i >= 0 {
			beyond = append(beyond, Beyond{l, stores[i]})
		}
	}
	return missing, beyond, err
}
