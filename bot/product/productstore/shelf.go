package productstore

import (
	"strconv"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/product"
	"fieldbot/store"
)

// Carried is a product that a store has agreed to have on its shelf.
type Carried struct {
	Product product.Product
	Listing product.Listing
}

// InStore lists what a store is to carry: by the listings of its account, and of the
// accounts above it where the account has none of its own.
func InStore(tx *store.Tx, s account.Store) ([]Carried, error) {
	all, err := Listings.In(access.System("what a store in sight is to carry")).And("l.account_id IN (SELECT ancestor_id FROM account_tree WHERE account_id = ?)", s.AccountID).
		Order("(SELECT count(*) FROM account_tree t WHERE t.account_id = l.account_id) DESC, l.id").Limit(most).Rows(tx)
	if err != nil {
		return nil, err
	}
	var out []Carried
	nearer := map[string]bool{}
	for _, l := range all {
		if nearer[l.ProductID] {
			continue
		}
		nearer[l.ProductID] = true
		if !l.Carries(s) {
			continue
		}
		p, ok, err := ByID(tx, l.ProductID)
		if err != nil {
			return nil, err
		}
		if ok && p.Status == product.Active {
			out = append(out, Carried{p, l})
		}
	}
	return out, nil
}

// ChainCodes are the products that accounts, and those below them, call by a code of
// their own: account, a space, code.
// Ungated: what the files of chains name.
func ChainCodes(tx *store.Tx) (map[string]string, error) {
	type coded struct {
		AccountID string `db:"account_id"`
		Code      string `db:"chain_code"`
		ProductID string `db:"product_id"`
	}
	out := map[string]string{}
	err := store.Each(tx, func(c coded) error {
		out[c.AccountID+" "+c.Code] = c.ProductID
		return nil
	}, `SELECT t.account_id, l.chain_code, l.product_id FROM listings l JOIN account_tree t ON t.ancestor_id = l.account_id WHERE l.chain_code <> '' AND l.status <> 'undone'`)
	return out, err
}

// Meant is a product that words may mean.
type Meant struct {
	Carried
	Guess bool // not sure
}

// Among returns those of some products that words mean, the likely first: by our code, the
// chain's or a barcode, else by a part of the name. Without words it is all of them.
func Among(carried []Carried, words string, limit int) []Meant {
	var out []Meant
	if words == "" {
		for _, c := range carried {
			out = append(out, Meant{Carried: c})
		}
		return out
	}
	ean, _ := product.EAN13(words) // what is no barcode is none of theirs
	var hits []search.Hit
	for i, c := range carried {
		if strings.EqualFold(c.Product.Code, words) || strings.EqualFold(c.Listing.ChainCode, words) || ean != "" && c.Product.EAN == ean {
			return []Meant{{Carried: c}}
		}
		hits = append(hits, search.Hit{ID: strconv.Itoa(i), Text: c.Product.Searched})
	}
	for _, h := range search.Rank(words, hits, limit) {
		i, _ := strconv.Atoi(h.ID) // as it was written above
		out = append(out, Meant{carried[i], h.Guess})
	}
	return out
}
