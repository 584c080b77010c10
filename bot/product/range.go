package product

import (
	"slices"
	"strings"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
)

// Range (哪类门店售哪类品牌) is what stores of a format or class of an account are to carry:
// products, and all that is sold of brands. Empty Format and StoreClass mean all stores.
type Range struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	AccountID    string    `db:"account_id"`
	OwnerID      string    `db:"owner_id"`
	Format       string    `db:"format"`
	StoreClass   string    `db:"store_class"`
	ProductCodes []string  `db:"product_codes"`
	Brands       []string  `db:"brands"`
	Status       string    `db:"status"`
	CreatedAt    time.Time `db:"created_at"`
	UpdatedAt    time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (r Range) Table() string { return "ranges" }

// Key implements store.Row.
func (r Range) Key() (string, int64) { return r.ID, r.Version }

// RangeCatalogue is what is known of ranges.
var RangeCatalogue = field.Catalogue{Noun: "ranges", Fields: []field.Field{
	{Key: "account_code", Kind: field.Account, Use: field.Ask | field.Export, Required: true, Column: "account_id"},
	{Key: "format", Kind: field.Choice, Use: field.Ask | field.Export, Options: account.Formats},
	{Key: "store_class", Kind: field.Choice, Use: field.Ask | field.Export, Options: account.Classes},
	{Key: "product_codes", Kind: field.Names, Use: field.Ask | field.Export, Max: 200},
	{Key: "brands", Kind: field.Names, Use: field.Ask | field.Export, Max: 50},
	{Key: "owner", Kind: field.Person, Use: field.Export, Column: "owner_id"},
}}

// Check is the fault of a range that names nothing.
func (r Range) Check() error {
	if len(r.ProductCodes)+len(r.Brands) == 0 {
		return fault.At("product_codes", "range_empty")
	}
	return nil
}

// Wants reports whether a range names a product.
func (r Range) Wants(p Product) bool {
	return p.Own && p.Status == Active && (slices.Contains(r.ProductCodes, p.Code) || slices.ContainsFunc(r.Brands, func(b string) bool { return p.Brand != "" && strings.EqualFold(b, p.Brand) }))
}

// Covers reports whether a listing is for all the stores of a range.
func (l Listing) Covers(r Range) bool {
	return l.Status != Delisted && (l.Format == "" || l.Format == r.Format) && (l.StoreClass == "" || l.StoreClass == r.StoreClass) && len(l.StoreCodes) == 0
}

// Has reports whether a range is for a store.
func (r Range) Has(s account.Store) bool {
	return (r.Format == "" || r.Format == s.Format) && (r.StoreClass == "" || r.StoreClass == s.Class)
}
