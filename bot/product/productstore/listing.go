package productstore

import (
	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/product"
	"fieldbot/store"
)

// Listings are what accounts have agreed to carry.
var Listings = store.Declare(store.Noun[product.Listing]{
	About: store.About{Alias: "l", Lives: "l.status <> 'undone'", Gate: seen, May: mayChange, Account: "account_id", Rank: 24, Catalogue: product.ListingCatalogue,
		Owners: []store.Owner{{Column: "owner_id", Held: "l.status <> 'delisted' AND l.status <> 'undone'", Roles: product.Listers}},
		// What the other account carries, too, stays with the merged one.
		Stays: "EXISTS (SELECT 1 FROM listings x WHERE x.account_id = ? AND x.product_id = l.product_id AND x.status <> 'undone')",
		Inner: []string{"owner_id"}},
	Unmake: func(l *product.Listing) { l.Status = "undone" },
})

// Listings are those of accounts whose card a person sees; who answers for the account, and
// who leads that person, changes them.
var (
	seen      = accountstore.OfCard("l.account_id")
	mayChange = accountstore.OfOwner("l.account_id", product.Listers...)
)

// List keeps a new listing. An account carries a product once.
func List(tx *store.Tx, l *product.Listing) error {
	if err := tx.Lock("listing:" + l.AccountID); err != nil {
		return err
	}
	if _, twice, err := Of(tx, access.System("a product is listed once"), l.AccountID, l.ProductID); err != nil || twice {
		if err == nil {
			err = fault.At("product_code", "listed_twice")
		}
		return err
	}
	return Listings.Add(tx, l)
}

// Of returns the listing of a product with an account.
func Of(tx *store.Tx, scope access.Scope, account, productID string) (product.Listing, bool, error) {
	return Listings.In(scope).And("l.account_id = ? AND l.product_id = ?", account, productID).Limit(1).One(tx)
}

// OfAccount lists what an account carries or is to carry, and lately carried.
func OfAccount(tx *store.Tx, scope access.Scope, account string, limit int) ([]product.Listing, error) {
	return Listings.In(scope).And("l.account_id = ?", account).Order("l.status DESC, l.from_on, l.id").Limit(limit).Rows(tx)
}

// OfDeals lists what deals brought to an account and those above it.
func OfDeals(tx *store.Tx, scope access.Scope, account string) ([]product.Listing, error) {
	return Listings.In(scope).And("l.account_id IN (SELECT ancestor_id FROM account_tree WHERE account_id = ?) AND l.deal_number <> '' AND l.status = 'listed'", account).Order("l.id").Limit(most).Rows(tx)
}

// OfProduct lists who carries a product.
func OfProduct(tx *store.Tx, scope access.Scope, productID string, limit int) ([]product.Listing, error) {
	return Listings.In(scope).And("l.product_id = ? AND l.status <> 'delisted'", productID).Order("l.status, l.from_on, l.id").Limit(limit).Rows(tx)
}

// InChain are the other listings of a product within a chain: of the account's parent,
// of the accounts below the same parent, and of those below it.
// Ungated: a second price for one chain counts whoever sees it; what is said names none.
func InChain(tx *store.Tx, a account.Account, l product.Listing) ([]product.Listing, error) {
	return store.Rows[product.Listing](tx, `SELECT `+store.Columns[product.Listing]("l")+` FROM listings l JOIN accounts a ON a.id = l.account_id
		WHERE l.product_id = $1 AND l.status IN ('proposed', 'listed') AND l.account_id <> $2 AND (a.parent_id = $2 OR $3 <> '' AND (a.id = $3 OR a.parent_id = $3)) LIMIT 20`, l.ProductID, a.ID, a.ParentID)
}

// Waiting lists the listings that a person answers for or leads and that are not settled:
// that wait for a yes, or sell out.
func Waiting(tx *store.Tx, scope access.Scope, limit int) ([]product.Listing, error) {
	return Listings.In(scope).Mine().And("l.status IN ('proposed', 'delisting')").Order("l.status, l.created_at, l.id").Limit(limit).Rows(tx)
}

// NotOf returns the first of some codes that is no store of an account; "" if all are.
func NotOf(tx *store.Tx, account string, codes []string) (string, error) {
	for _, code := range codes {
		if n, err := accountstore.Stores.In(access.System("whose store a code is")).And("s.account_id = ? AND s.code = ?", account, code).Count(tx); err != nil || n == 0 {
			return code, err
		}
	}
	return "", nil
}
