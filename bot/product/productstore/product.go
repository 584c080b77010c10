// Package productstore keeps products and which of them accounts carry.
package productstore

import (
	"strings"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/product"
	"fieldbot/store"
)

var everybody = access.System("products, which everybody sees")

// Products are what is made and sold, and what rivals sell.
var Products = store.Declare(store.Noun[product.Product]{
	About: store.About{Alias: "p", Lives: "p.status <> 'undone'", NoGate: "everybody in the field knows what is sold", Rank: 5, Catalogue: product.Catalogue,
		NoOwner: "managers keep them", NoMove: "belongs to no customer"},
	Unmake: func(p *product.Product) { p.Status = "undone" },
	Fill: func(_ *store.Tx, p *product.Product) error {
		p.Searched = search.Text(p.Code, p.EAN, p.Name, p.Brand)
		return nil
	},
})

// Add keeps a new product. A code or barcode that another one has is refused.
func Add(tx *store.Tx, p *product.Product) error {
	if err := Free(tx, *p); err != nil {
		return err
	}
	return Products.Add(tx, p)
}

// Change writes a product; its code and barcode stay its own.
func Change(tx *store.Tx, before, after product.Product) error {
	if err := Free(tx, after); err != nil {
		return err
	}
	return Products.Change(tx, before, after)
}

// Free is the fault of a code or barcode that another product has.
func Free(tx *store.Tx, p product.Product) error {
	if other, taken, err := ByCode(tx, p.Code); err != nil || taken && other.ID != p.ID {
		return orTaken(err, "code", p.Code, other)
	}
	if p.EAN == "" {
		return nil
	}
	if other, taken, err := one(tx, "p.ean = ?", p.EAN); err != nil || taken && other.ID != p.ID {
		return orTaken(err, "ean", p.EAN, other)
	}
	return nil
}

func orTaken(err error, key, value string, other product.Product) error {
	if err != nil {
		return err
	}
	return fault.At(key, "product_taken", "value", value, "product", other.Code+" "+other.Name)
}

func one(tx *store.Tx, condition string, args ...any) (product.Product, bool, error) {
	return Products.In(everybody).And(condition, args...).Limit(1).One(tx)
}

// ByCode returns the product of a code, also where its capitals are typed small.
func ByCode(tx *store.Tx, code string) (product.Product, bool, error) {
	return one(tx, "p.code IN (?, ?)", code, strings.ToUpper(code))
}

// ByID returns a product.
func ByID(tx *store.Tx, id string) (product.Product, bool, error) {
	return Products.In(everybody).ByID(tx, id)
}

// most is how many products a query looks at.
const most = 500

// Find returns the products that words name, the likely first: by code or barcode, else
// by a part of the name, its pinyin or initials.
func Find(tx *store.Tx, words string, limit int) ([]product.Product, error) {
	if p, ok, err := ByCode(tx, words); err != nil || ok {
		return []product.Product{p}, err
	}
	if ean, err := product.EAN13(words); err == nil && ean != "" {
		if p, ok, err := one(tx, "p.ean = ?", ean); err != nil || ok {
			return []product.Product{p}, err
		}
	}
	q := Products.In(everybody)
	for _, w := range search.Words(words) {
		q.And("p.searched LIKE ?", "%"+w+"%")
	}
	all, err := q.Order("p.category, p.name").Limit(most).Rows(tx)
	if err != nil {
		return nil, err
	}
	byID, hits := map[string]product.Product{}, make([]search.Hit, len(all))
	for i, p := range all {
		byID[p.ID], hits[i] = p, search.Hit{ID: p.ID, Text: p.Searched}
	}
	var out []product.Product
	for _, h := range search.Rank(words, hits, limit) {
		out = append(out, byID[h.ID])
	}
	return out, nil
}

// Sold lists the products that are sold, ours first; a category narrows them.
func Sold(tx *store.Tx, category string, limit int) ([]product.Product, error) {
	q := Products.In(everybody).And("p.status = 'active'")
	if category != "" {
		q.And("p.category = ?", category)
	}
	return q.Order("p.own DESC, p.category, p.name, p.id").Limit(limit).Rows(tx)
}
