// Package salesstore keeps the days of promoters.
package salesstore

import (
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/sales"
	"fieldbot/store"
)

// Days are what promoters report.
var Days = store.Declare(store.Noun[sales.Day]{
	About: store.About{Alias: "y", Lives: "y.status <> 'undone'", Gate: accountstore.OfStore("y.person_id", "y.store_id"), May: accountstore.OfDoer("y.person_id", "y.store_id", sales.Sellers...), Account: "account_id", Store: "store_id", Rank: 32, Catalogue: sales.Catalogue,
		NoOwner: "a day that was reported waits for nobody", Inner: []string{"account_id", "status"}},
	Unmake: func(d *sales.Day) { d.Status = sales.Undone },
})

// Of returns what a person reported of a product in a store on a day.
func Of(tx *store.Tx, scope access.Scope, personID, storeID string, day calendar.Day, productID string) (sales.Day, bool, error) {
	return Days.In(scope).And("y.person_id = ? AND y.store_id = ? AND y.on_day = ? AND y.product_id = ?", personID, storeID, day, productID).One(tx)
}

// Before lists what was reported of a product in a store before a day, the last first.
func Before(tx *store.Tx, scope access.Scope, storeID, productID string, day calendar.Day, limit int) ([]sales.Day, error) {
	return Days.In(scope).And("y.store_id = ? AND y.product_id = ? AND y.on_day < ?", storeID, productID, day).Order("y.on_day DESC").Limit(limit).Rows(tx)
}

// Save keeps a day, over what the person reported before of the same product.
func Save(tx *store.Tx, d *sales.Day) error {
	before, again, err := Of(tx, access.System("the same day again"), d.PersonID, d.StoreID, d.On, d.ProductID)
	if err != nil {
		return err
	}
	if !again {
		d.Status = sales.Made
		return Days.Add(tx, d)
	}
	d.ID, d.Version, d.Status, d.CreatedAt = before.ID, before.Version, before.Status, before.CreatedAt
	if store.Same(before, *d) {
		return nil
	}
	return Days.Change(tx, before, *d)
}

// Gifts are how many gifts were used in a store of some days.
// Ungated: what is left of a promo in sight.
func Gifts(tx *store.Tx, storeID string, span calendar.Span) (int64, error) {
	n, _, err := store.One[int64](tx, `SELECT cast(coalesce(sum(y.gifts), 0) AS BIGINT) FROM promoter_days y WHERE y.store_id = $1 AND y.on_day >= $2 AND y.on_day <= $3 AND y.status = 'made'`, storeID, span.From, span.To)
	return n, err
}

// Sums are what was sold in sight in some days, by product; a person or a store narrows
// them.
func Sums(tx *store.Tx, scope access.Scope, personID, storeID string, span calendar.Span) ([]sales.Sum, error) {
	var a store.Args
	where := `y.on_day >= ` + a.Add(span.From) + ` AND y.on_day <= ` + a.Add(span.To) + ` AND y.status = 'made'`
	if personID != "" {
		where += ` AND y.person_id = ` + a.Add(personID)
	}
	if storeID != "" {
		where += ` AND y.store_id = ` + a.Add(storeID)
	}
	return store.Rows[sales.Sum](tx, `SELECT y.product_id, cast(sum(y.units) AS BIGINT) AS units, cast(sum(y.gifts) AS BIGINT) AS gifts, count(DISTINCT y.on_day) AS days FROM promoter_days y WHERE `+where+` AND `+Days.Gate(&a, scope)+` GROUP BY y.product_id ORDER BY units DESC, y.product_id`, a.List...)
}

// Said lists what shoppers said and rivals did in sight in some days, the last first.
func Said(tx *store.Tx, scope access.Scope, span calendar.Span, limit int) ([]sales.Day, error) {
	return Days.In(scope).And("y.on_day >= ? AND y.on_day <= ? AND (y.remarks <> '' OR y.rival <> '')", span.From, span.To).Order("y.on_day DESC, y.id DESC").Limit(limit).Rows(tx)
}

// Reported reports whether a person reported anything on a day.
func Reported(tx *store.Tx, personID string, day calendar.Day) (bool, error) {
	n, err := Days.In(access.System("whether a promoter has reported")).And("y.person_id = ? AND y.on_day = ?", personID, day).Count(tx)
	return n > 0, err
}

// Silent lists the promoters of stores that a person serves who did not report a day.
// Ungated: the stores are the person's own.
func Silent(tx *store.Tx, repID string, day calendar.Day) ([]person.Person, error) {
	return store.Rows[person.Person](tx, `SELECT DISTINCT `+store.Columns[person.Person]("p")+` FROM people p JOIN store_people m ON m.person_id = p.id JOIN stores s ON s.id = m.store_id
		WHERE s.rep_id = $1 AND s.status = 'active' AND p.status = 'active' AND NOT EXISTS (SELECT 1 FROM promoter_days y WHERE y.person_id = p.id AND y.on_day = $2 AND y.status = 'made')`, repID, day)
}
