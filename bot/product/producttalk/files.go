package producttalk

import (
	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/product"
	"fieldbot/bot/product/productstore"
	"fieldbot/store"
)

var fileKinds = []files.Kind{
	{Name: "products", Catalogue: product.Catalogue, Export: exportProducts, Import: files.Importing(importProducts), Names: field.Product, Codes: codes},
	{Name: "listings", Catalogue: product.ListingCatalogue, Export: exportListings, Import: files.Importing(importListings)},
}

var byFile = access.System("files of products and listings")

func exportProducts(e *files.Exporter) error {
	return files.Table(e, product.Catalogue, func(add func(product.Product) error) error {
		return productstore.Products.In(byFile).Since("p.created_at", e.Span.Since, e.Span.Until).Order("p.code").Each(e.Tx, add)
	}, nil)
}

func exportListings(e *files.Exporter) error {
	return files.Table(e, product.ListingCatalogue, func(add func(product.Listing) error) error {
		return productstore.Listings.In(byFile).Since("l.created_at", e.Span.Since, e.Span.Until).Order("(SELECT code FROM accounts WHERE id = l.account_id), (SELECT code FROM products WHERE id = l.product_id)").Each(e.Tx, add)
	}, nil)
}

func codes(tx *store.Tx) (map[string]string, error) {
	out := map[string]string{}
	err := productstore.Products.In(byFile).Order("p.code").Each(tx, func(p product.Product) error { out[p.Code] = p.ID; return nil })
	return out, err
}

func importProducts(j *files.Job) files.Rows[product.Product] {
	return files.Rows[product.Product]{
		Key: func(v map[string]string) string { return v["code"] },
		Find: func(tx *store.Tx, v map[string]string) (product.Product, bool, error) {
			return productstore.ByCode(tx, v["code"])
		},
		ID: func(p *product.Product) *string { return &p.ID },
		Fill: func(p *product.Product, r *files.Record) bool {
			if p.Status == "" {
				p.Status = product.Active
			}
			if r.Fields["own"] == "" {
				delete(r.Fields, "own")
				p.Own = p.Own || p.Version == 0
			}
			return j.Set(product.Catalogue, p, r) && j.Accepts(r, p.Check())
		},
		Same:   files.Equal[product.Product](product.Catalogue),
		Add:    productstore.Add,
		Change: productstore.Change,
	}
}

func importListings(j *files.Job) files.Rows[product.Listing] {
	return files.Rows[product.Listing]{
		Key: func(v map[string]string) string { return v["account_code"] + " " + v["product_code"] },
		Find: func(tx *store.Tx, v map[string]string) (product.Listing, bool, error) {
			return productstore.Of(tx, byFile, j.AccountByCode(v["account_code"]).ID, j.ByCode(field.Product, v["product_code"]))
		},
		ID: func(l *product.Listing) *string { return &l.ID },
		Fill: func(l *product.Listing, r *files.Record) bool {
			if !j.Set(product.ListingCatalogue, l, r) {
				return false
			}
			if l.OwnerID == "" {
				l.OwnerID = j.AccountByCode(r.Fields["account_code"]).OwnerID
			}
			if l.Status == "" {
				l.Status = product.Listed
			}
			if l.OwnerID == "" {
				j.Refuse(r, "account_code", "has no owner, who would answer for the listing")
				return false
			}
			return j.Accepts(r, l.Check())
		},
		Same:   files.Equal[product.Listing](product.ListingCatalogue),
		Add:    productstore.List,
		Change: productstore.Listings.Change,
	}
}
