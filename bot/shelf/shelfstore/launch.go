package shelfstore

import (
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/shelf"
	"fieldbot/store"
)

// Launches are new products on their way to shelves.
var Launches = store.Declare(store.Noun[shelf.Launch]{
	About: store.About{Alias: "z", Lives: "z.status <> 'undone'", Gate: accountstore.OfCard("z.account_id"), May: accountstore.OfOwner("z.account_id", shelf.Launchers...), Account: "account_id", Rank: 25, Catalogue: shelf.LaunchCatalogue,
		Owners: []store.Owner{{Column: "owner_id", Held: "z.status = 'made' AND z.listed_on >= {today}", Roles: shelf.Launchers}},
		Inner:  []string{"status"}},
	Unmake: func(l *shelf.Launch) { l.Status = shelf.Undone },
})

// LaunchByCode returns the launch of a code.
func LaunchByCode(tx *store.Tx, scope access.Scope, code string) (shelf.Launch, bool, error) {
	return Launches.In(scope).And("z.code = ?", code).One(tx)
}

// LaunchesOf lists the launches of a product; "" lists the last ones of all.
func LaunchesOf(tx *store.Tx, scope access.Scope, productID string, limit int) ([]shelf.Launch, error) {
	q := Launches.In(scope)
	if productID != "" {
		q.And("z.product_id = ?", productID)
	}
	return q.Order("z.listed_on DESC, z.id").Limit(limit).Rows(tx)
}

// Targets are the stores that a launch aims at.
func Targets(tx *store.Tx, l shelf.Launch) ([]account.Store, error) {
	all, err := accountstore.Selling(tx, access.System("the stores of a launch in sight"), l.AccountID, 2000)
	return slices.DeleteFunc(all, func(s account.Store) bool {
		return len(l.TargetStores) > 0 && !slices.Contains(l.TargetStores, s.Code)
	}), err
}

// FirstSeen is when each store was first seen with a product on its shelf, from a day on.
// Ungated: figures of a launch in sight.
func FirstSeen(tx *store.Tx, stores []account.Store, productID string, from calendar.Day) (map[string]calendar.Day, error) {
	out := map[string]calendar.Day{}
	for _, s := range stores {
		day, ok, err := store.One[calendar.Day](tx, `SELECT n.audited_on FROM audit_lines n JOIN audits u ON u.id = n.audit_id WHERE n.store_id = $1 AND n.product_id = $2 AND n.audited_on >= $3 AND n.on_shelf = 'yes' AND u.status = 'made' ORDER BY n.audited_on LIMIT 1`, s.ID, productID, from)
		if err != nil {
			return nil, err
		}
		if ok {
			out[s.ID] = day
		}
	}
	return out, nil
}
