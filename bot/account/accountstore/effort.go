package accountstore

import (
	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/store"
)

// Narrowed keeps figures of accounts to those of an owner, to one and all below it, to a
// territory and all below it. Empty fields narrow nothing.
type Narrowed struct{ Person, Account, Territory string }

// Shares reads the active accounts in sight as the effort report needs them.
func Shares(tx *store.Tx, scope access.Scope, m Narrowed) ([]account.Share, error) {
	type row struct {
		ID     string `db:"id"`
		Parent string `db:"parent_id"`
		Name   string `db:"name"`
		Tier   string `db:"tier"`
		Sales  int64  `db:"revenue"`
	}
	var a store.Args
	where := `a.status = 'active'`
	if m.Person != "" {
		where += ` AND a.owner_id = ` + a.Add(m.Person)
	}
	if m.Account != "" {
		where += ` AND a.id IN (` + a.Below(m.Account) + `)`
	}
	if m.Territory != "" {
		where += ` AND a.in_territory IN (` + a.Territory(m.Territory) + `)`
	}
	var out []account.Share
	err := store.Each(tx, func(r row) error {
		out = append(out, account.Share{ID: r.ID, ParentID: r.Parent, Name: r.Name, Tier: r.Tier, Sales: r.Sales})
		return nil
	}, `SELECT a.id, a.parent_id, a.name, a.tier, a.revenue FROM accounts a WHERE `+where+` AND `+Accounts.Gate(&a, scope)+` ORDER BY a.id`, a.List...)
	return out, err
}
