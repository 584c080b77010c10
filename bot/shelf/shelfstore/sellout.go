package shelfstore

import (
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/shelf"
	"fieldbot/store"
)

// Sellout is what chains sold, by store, product and week.
var Sellout = store.Declare(store.Noun[shelf.Sellout]{
	About: store.About{Alias: "q", Gate: sold, Account: "account_id", Store: "store_id", Catalogue: shelf.SelloutCatalogue,
		NoOwner: "the chain's figures", NoUndo: "comes by file, which is taken back whole"},
})

// sold keeps figures to those of stores in sight, and of accounts whose card a person
// sees as more than a rep.
func sold(a *store.Args, s access.Scope) string {
	if accountstore.Everything(s) {
		return "TRUE"
	}
	return `q.store_id IN (SELECT s.id FROM stores s WHERE ` + accountstore.Stores.Gate(a, s) + `)`
}

// SoldIn lists what a store sold of a product in some complete weeks before a day, the
// last first.
func SoldIn(tx *store.Tx, scope access.Scope, storeID, productID string, before calendar.Day, weeks int) ([]shelf.Sellout, error) {
	first := before.Monday().Add(-7 * weeks)
	return Sellout.In(scope).And("q.store_id = ? AND q.product_id = ? AND q.week_on >= ? AND q.week_on < ?", storeID, productID, first, before.Monday()).Order("q.week_on DESC").Limit(weeks).Rows(tx)
}

// BestSold are the units of each product that a store sold in the last complete weeks.
// Ungated: the order in which a shelf in sight is audited.
func BestSold(tx *store.Tx, storeID string, before calendar.Day) (map[string]int64, error) {
	type sum struct {
		ProductID string `db:"product_id"`
		Units     int64  `db:"units"`
	}
	rows, err := store.Rows[sum](tx, `SELECT q.product_id, cast(sum(q.units) AS BIGINT) AS units FROM sellout q WHERE q.store_id = $1 AND q.week_on >= $2 AND q.week_on < $3 GROUP BY q.product_id`, storeID, before.Monday().Add(-7*shelf.RateWeeks), before.Monday())
	out := map[string]int64{}
	for _, r := range rows {
		out[r.ProductID] = r.Units
	}
	return out, err
}

// Need is what to order of a product in a store.
type Need struct {
	Product productstore.Carried
	Units   int64
	Stock   int64 // NoStock is not known
	Over    bool  // more than twice what lasts until the order after
	Weeks   int   // of sell-out that it follows from
}

// Needs tell what to order of products in a store: from the last complete weeks, and the
// newer of what an audit counted and what the chain told.
func Needs(tx *store.Tx, scope access.Scope, supply shelf.Supply, products []productstore.Carried, today calendar.Day) ([]Need, error) {
	storeID := supply.Store.ID
	var out []Need
	for _, c := range products {
		rows, err := SoldIn(tx, scope, storeID, c.Product.ID, today, shelf.RateWeeks)
		if err != nil {
			return nil, err
		}
		n := Need{Product: c, Stock: shelf.NoStock, Weeks: len(rows)}
		var weeks []int64
		told := calendar.Day("")
		for i, w := range rows {
			weeks = append(weeks, w.Units)
			if i == 0 && w.Stock != shelf.NoStock {
				n.Stock, told = w.Stock, w.WeekOn.Add(6)
			}
		}
		counted, ok, err := lastCount(tx, storeID, c.Product.ID)
		if err != nil {
			return nil, err
		}
		if ok && counted.AuditedOn >= told {
			n.Stock = counted.ShelfUnits + counted.BackroomUnits
		}
		n.Units = shelf.SuggestedOrder(weeks, supply.Cover, supply.Lead, n.Stock, supply.OnOrder[c.Product.Code], c.Product.CaseSize)
		n.Over = n.Stock > 0 && shelf.Overstocked(weeks, supply.Cover, supply.Lead, n.Stock)
		out = append(out, n)
	}
	return out, nil
}

// lastCount is the last line of an audit that tells the stock of a product: its units,
// or that it is out.
// Ungated: what stands in a store in sight.
func lastCount(tx *store.Tx, storeID, productID string) (shelf.Line, bool, error) {
	return store.One[shelf.Line](tx, `SELECT `+store.Columns[shelf.Line]("n")+` FROM audit_lines n JOIN audits u ON u.id = n.audit_id
		WHERE n.store_id = $1 AND n.product_id = $2 AND u.status = 'made' AND (n.shelf_units > 0 OR n.backroom_units > 0 OR n.on_shelf = 'no') ORDER BY n.audited_on DESC LIMIT 1`, storeID, productID)
}

// Told lists what the stores of an account, and of those below it, told of the last weeks,
// the last first.
func Told(tx *store.Tx, scope access.Scope, account string, before calendar.Day, weeks int) ([]shelf.Told, error) {
	var a store.Args
	where := `q.account_id IN (` + a.Below(account) + `) AND q.week_on >= ` + a.Add(before.Monday().Add(-7*weeks)) + ` AND q.week_on < ` + a.Add(before.Monday()) + ` AND ` + Sellout.Gate(&a, scope)
	return store.Rows[shelf.Told](tx, `SELECT q.week_on, count(DISTINCT q.store_id) AS stores, cast(sum(q.units) AS BIGINT) AS units FROM sellout q WHERE `+where+` GROUP BY q.week_on ORDER BY q.week_on DESC`, a.List...)
}

// SoldOf lists what an account, and those below it, sold of each product in some weeks.
func SoldOf(tx *store.Tx, scope access.Scope, account string, span calendar.Span) ([]shelf.Sold, error) {
	var a store.Args
	where := `q.account_id IN (` + a.Below(account) + `) AND q.week_on >= ` + a.Add(span.From) + ` AND q.week_on <= ` + a.Add(span.To) + ` AND ` + Sellout.Gate(&a, scope)
	return store.Rows[shelf.Sold](tx, `SELECT q.product_id, p.category, cast(sum(q.units) AS BIGINT) AS units FROM sellout q JOIN products p ON p.id = q.product_id WHERE `+where+` GROUP BY q.product_id, p.category`, a.List...)
}
