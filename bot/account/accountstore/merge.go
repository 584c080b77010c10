package accountstore

import (
	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/search"
	"fieldbot/store"
)

// Like returns places that may be the same as one that is about to be made:
// a name alike, the same phone, or within 50 m (domain.md §13). It looks over
// the whole company, since the twin may be a colleague's, and so returns no
// more than what a card's first line shows.
func Like(tx *store.Tx, name, phone string, lat, lon float64, kind string) ([]account.Place, error) {
	system := access.System("likely duplicates")
	among := Places
	if kind == account.KindAccount {
		among = Accounts
	}
	var out []account.Place
	found, err := matching(tx, system, search.Words(name)[:min(1, len(search.Words(name)))], candidates, among)
	if err != nil {
		return nil, err
	}
	for _, h := range found {
		if search.Like(name, h.Text) < 160 {
			continue
		}
		p, ok, err := PlaceByRef(tx, system, h.ID)
		if err != nil {
			return nil, err
		}
		if ok && (search.Like(name, search.Text(p.Name)) >= 160 || search.Fold(p.Name) == search.Fold(name)) {
			out = append(out, p)
		}
	}
	if phone != "" {
		same, err := union[account.Place](tx, system, among, storePlace, accountPlace, 5, func(a *store.Args, alias string) string { return alias + `.phone = ` + a.Add(phone) })
		if err != nil {
			return nil, err
		}
		out = append(out, same...)
	}
	if kind == account.KindStore && (lat != 0 || lon != 0) {
		near, err := Near(tx, system, lat, lon, 50, 5)
		if err != nil {
			return nil, err
		}
		out = append(out, near...)
	}
	return pick(out, kind), nil
}

// pick keeps the first of each place of a kind, at most five.
func pick(found []account.Place, kind string) []account.Place {
	seen := map[string]bool{}
	var out []account.Place
	for _, p := range found {
		if p.Kind == kind && !seen[p.ID] && len(out) < 5 {
			seen[p.ID] = true
			out = append(out, p)
		}
	}
	return out
}

// MergeStores moves everything of one store to another; the first stays as a
// merged row that points there.
func (k Keeper) MergeStores(from, to account.Store) error {
	switch {
	case from.ID == to.ID:
		return fault.Wrong("merge_self")
	case from.Status != "active" || to.Status != "active":
		return fault.Wrong("merge_closed")
	}
	for _, q := range []string{
		`UPDATE visits SET store_id = $1, account_id = $2 WHERE store_id = $3`,
		`UPDATE contacts SET store_id = $1, account_id = $2 WHERE store_id = $3`,
		`UPDATE follow_ups SET store_id = $1, account_id = $2 WHERE store_id = $3`,
		`UPDATE cases SET store_id = $1, account_id = $2 WHERE store_id = $3`,
	} {
		if _, err := k.Tx.Exec(q, to.ID, to.AccountID, from.ID); err != nil {
			return err
		}
	}
	after := from
	after.Status, after.MergedInto = "merged", to.ID
	if err := k.ChangeStore(from, after); err != nil {
		return err
	}
	_, err := k.Visited(to.ID, to.AccountID)
	return err
}

// Merge moves everything of one account to another. A contact whose name is
// known there too stays with the merged account.
func (k Keeper) Merge(from, to account.Account) error {
	switch {
	case from.ID == to.ID:
		return fault.Wrong("merge_self")
	case from.Status != "active" || to.Status != "active":
		return fault.Wrong("merge_closed")
	}
	if err := k.noLoop(account.Account{ID: from.ID, ParentID: to.ID}); err != nil {
		return err
	}
	for _, q := range []string{
		`UPDATE stores SET account_id = $1 WHERE account_id = $2`,
		`UPDATE visits SET account_id = $1 WHERE account_id = $2`,
		`UPDATE follow_ups SET account_id = $1 WHERE account_id = $2`,
		`UPDATE deals SET account_id = $1 WHERE account_id = $2`,
		`UPDATE cases SET account_id = $1 WHERE account_id = $2`,
		`UPDATE contacts SET account_id = $1 WHERE account_id = $2 AND name NOT IN (SELECT name FROM contacts WHERE account_id = $1 AND status = 'active')`,
	} {
		if _, err := k.Tx.Exec(q, to.ID, from.ID); err != nil {
			return err
		}
	}
	children, err := store.Rows[account.Account](k.Tx, `SELECT `+accountColumns+` FROM accounts a WHERE a.parent_id = $1`, from.ID)
	if err != nil {
		return err
	}
	for _, c := range children {
		moved := c
		moved.ParentID = to.ID
		if err := k.Change(c, moved); err != nil {
			return err
		}
	}
	after := from
	after.Status, after.MergedInto = "merged", to.ID
	if err := k.Change(from, after); err != nil {
		return err
	}
	if err := k.spreadTerritory(to.ID, to.InTerritory); err != nil {
		return err
	}
	_, err = k.Visited("", to.ID)
	return err
}

// HandOver gives the active accounts and stores of one person that a scope may
// change to another, all or those of one account and below it, with an audit
// line each. It returns them as they were.
func (k Keeper) HandOver(scope access.Scope, from, to, accountID string) ([]account.Account, []account.Store, error) {
	var a store.Args
	where := `a.owner_id = ` + a.Add(from) + ` AND a.status = 'active' AND ` + a.Accounts(scope.Work(), "a")
	if accountID != "" {
		where += ` AND a.id IN (` + a.Below(accountID) + `)`
	}
	accounts, err := store.Rows[account.Account](k.Tx, `SELECT `+accountColumns+` FROM accounts a WHERE `+where, a.List...)
	if err != nil {
		return nil, nil, err
	}
	var s store.Args
	where = `s.rep_id = ` + s.Add(from) + ` AND s.status = 'active' AND ` + s.Stores(scope.Work(), "s")
	if accountID != "" {
		where += ` AND s.account_id IN (` + s.Below(accountID) + `)`
	}
	stores, err := store.Rows[account.Store](k.Tx, `SELECT `+storeColumns+` FROM stores s WHERE `+where, s.List...)
	if err != nil {
		return nil, nil, err
	}
	for _, before := range stores {
		after := before
		after.RepID = to
		if err := k.ChangeStore(before, after); err != nil {
			return nil, nil, err
		}
	}
	for _, before := range accounts {
		after := before
		after.OwnerID = to
		if err := k.Change(before, after); err != nil {
			return nil, nil, err
		}
	}
	return accounts, stores, nil
}
