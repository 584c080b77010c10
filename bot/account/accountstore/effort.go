package accountstore

import (
	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/store"
)

// Narrowed keeps figures of accounts to one and all below it, to a territory and all below
// it. Empty fields narrow nothing.
type Narrowed struct{ Account, Territory string }

// Shares reads the active accounts in sight as the effort report needs them.
func Shares(tx *store.Tx, scope access.Scope, m Narrowed) ([]account.Share, error) {
	type row struct {
		ID    string `db:"id"`
		Owner string `db:"owner_id"`
		Name  string `db:"name"`
		Sales int64  `db:"revenue"`
	}
	var a store.Args
	tiers, err := tiersInForce(tx)
	if err != nil {
		return nil, err
	}
	where := `a.status = 'active'`
	if m.Account != "" {
		where += ` AND a.id IN (` + a.Below(m.Account) + `)`
	}
	if m.Territory != "" {
		where += ` AND a.in_territory IN (` + a.Territory(m.Territory) + `)`
	}
	var out []account.Share
	err = store.Each(tx, func(r row) error {
		out = append(out, account.Share{ID: r.ID, OwnerID: r.Owner, Name: r.Name, Tier: tiers[r.ID], Sales: r.Sales})
		return nil
	}, `SELECT a.id, a.owner_id, a.name, a.revenue FROM accounts a WHERE `+where+` AND `+Accounts.Gate(&a, scope)+` ORDER BY a.id`, a.List...)
	return out, err
}

// tiersInForce are the tiers of all accounts: an account without one has that of the
// nearest above it.
// Ungated: a grade alone, of accounts above some in sight.
func tiersInForce(tx *store.Tx) (map[string]string, error) {
	type row struct {
		ID     string `db:"id"`
		Parent string `db:"parent_id"`
		Tier   string `db:"tier"`
	}
	above, tiers := map[string]string{}, map[string]string{}
	err := store.Each(tx, func(r row) error { above[r.ID], tiers[r.ID] = r.Parent, r.Tier; return nil }, `SELECT id, parent_id, tier FROM accounts`)
	out := make(map[string]string, len(tiers))
	for id := range tiers {
		up := id
		for n := 0; tiers[up] == "" && above[up] != "" && n < mostAbove; n++ {
			up = above[up]
		}
		out[id] = tiers[up]
	}
	return out, err
}

// mostAbove bounds the way up a tree of accounts.
const mostAbove = 12
