package productstore

import (
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/product"
	"fieldbot/store"
)

// PriceChanges are what listings are to cost from a day on.
var PriceChanges = store.Declare(store.Noun[product.PriceChange]{
	About: store.About{Alias: "x", Join: "JOIN listings l ON l.id = x.listing_id", Lives: "x.status <> 'undone'", Gate: seen, May: mayChange, Account: "account_id", Rank: 24, Catalogue: product.PriceCatalogue,
		Owners: []store.Owner{{Column: "owner_id", Held: "x.status IN ('proposed', 'agreed')", Roles: product.Listers}},
		Inner:  []string{"listing_id", "owner_id"}},
	Unmake: func(c *product.PriceChange) { c.Status = "undone" },
})

// ChangePrice keeps a new price change. A listing has one at a time.
func ChangePrice(tx *store.Tx, c *product.PriceChange) error {
	if err := tx.Lock("price:" + c.ListingID); err != nil {
		return err
	}
	other, waits, err := PriceChanges.In(access.System("one change of a price at a time")).And("x.listing_id = ? AND x.status IN ('proposed', 'agreed')", c.ListingID).Limit(1).One(tx)
	if err == nil && waits {
		err = fault.New(fault.Conflict, "price_waits", "from", other.FromOn)
	}
	if err != nil {
		return err
	}
	return PriceChanges.Add(tx, c)
}

// ToCome lists the price changes that wait for a yes or for their day.
func ToCome(tx *store.Tx, scope access.Scope, limit int) ([]product.PriceChange, error) {
	return PriceChanges.In(scope).And("x.status IN ('proposed', 'agreed')").Order("x.from_on, x.id").Limit(limit).Rows(tx)
}

// PricesOf lists the price changes of a listing, the last first.
func PricesOf(tx *store.Tx, scope access.Scope, listing string, limit int) ([]product.PriceChange, error) {
	return PriceChanges.In(scope).And("x.listing_id = ?", listing).Order("x.from_on DESC, x.id DESC").Limit(limit).Rows(tx)
}

// Begin applies the agreed price changes whose day has come.
func Begin(tx *store.Tx, today calendar.Day) error {
	system := access.System("prices whose day has come")
	due, err := PriceChanges.In(system).And("x.status = 'agreed' AND x.from_on <= ?", today).Order("x.from_on, x.id").Limit(200).Rows(tx)
	if err != nil {
		return err
	}
	for _, c := range due {
		l, ok, err := Listings.In(system).ByID(tx, c.ListingID)
		if err != nil {
			return err
		}
		if ok {
			if err := Listings.Change(tx, l, c.On(l)); err != nil {
				return err
			}
		}
		after := c
		after.Status = product.Applied
		if err := PriceChanges.Change(tx, c, after); err != nil {
			return err
		}
	}
	return nil
}
