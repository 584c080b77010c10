package accountstore

import (
	"fmt"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/search"
	"fieldbot/store"
)

var (
	accountColumns = store.Columns[account.Account]("a")
	storeColumns   = store.Columns[account.Store]("s")
)

// ByID returns an account, if the scope may see it.
func ByID(tx *store.Tx, scope access.Scope, id string) (account.Account, bool, error) {
	var a store.Args
	return store.One[account.Account](tx, `SELECT `+accountColumns+` FROM accounts a WHERE a.id = `+a.Add(id)+` AND `+a.Accounts(scope, "a"), a.List...)
}

// ByCode returns the account of a code, if the scope may see it.
func ByCode(tx *store.Tx, scope access.Scope, code string) (account.Account, bool, error) {
	var a store.Args
	return store.One[account.Account](tx, `SELECT `+accountColumns+` FROM accounts a WHERE a.code = `+a.Add(code)+` AND `+a.Accounts(scope, "a"), a.List...)
}

// StoreByID returns a store, if the scope may see it.
func StoreByID(tx *store.Tx, scope access.Scope, id string) (account.Store, bool, error) {
	var a store.Args
	return store.One[account.Store](tx, `SELECT `+storeColumns+` FROM stores s WHERE s.id = `+a.Add(id)+` AND `+a.Stores(scope, "s"), a.List...)
}

// StoreByCode returns the store of a code, if the scope may see it.
func StoreByCode(tx *store.Tx, scope access.Scope, code string) (account.Store, bool, error) {
	var a store.Args
	return store.One[account.Store](tx, `SELECT `+storeColumns+` FROM stores s WHERE s.code = `+a.Add(code)+` AND `+a.Stores(scope, "s"), a.List...)
}

// All calls fn with every account in sight, parents before children is not
// promised.
func All(tx *store.Tx, scope access.Scope, fn func(account.Account) error) error {
	var a store.Args
	return store.Each(tx, fn, `SELECT `+accountColumns+` FROM accounts a WHERE `+a.Accounts(scope, "a")+` ORDER BY a.code`, a.List...)
}

// AllStores calls fn with every store in sight.
func AllStores(tx *store.Tx, scope access.Scope, fn func(account.Store) error) error {
	var a store.Args
	return store.Each(tx, fn, `SELECT `+storeColumns+` FROM stores s WHERE `+a.Stores(scope, "s")+` ORDER BY s.code`, a.List...)
}

// StoresOf lists the active stores of an account and how many there are.
func StoresOf(tx *store.Tx, scope access.Scope, accountID string, limit int) ([]account.Place, int64, error) {
	var a store.Args
	where := `s.account_id = ` + a.Add(accountID) + ` AND s.status = 'active' AND ` + a.Stores(scope, "s")
	n, _, err := store.One[int64](tx, `SELECT count(*) FROM stores s WHERE `+where, a.List...)
	if err != nil {
		return nil, 0, err
	}
	rows, err := store.Rows[account.Place](tx, storePlace+where+` ORDER BY s.code LIMIT `+a.Add(limit), a.List...)
	return rows, n, err
}

// Keeper writes accounts and stores with the columns that follow from others:
// the tree, the territory in force, the searched text and the next due day.
type Keeper struct {
	Tx      *store.Tx
	Cadence account.Cadence
}

// Add keeps a new account. An empty code gets the next free one (K0001).
func (k Keeper) Add(a *account.Account) error {
	if a.ID == "" {
		a.ID = store.NewID()
	}
	if a.Code == "" {
		code, err := k.nextCode("accounts", "K")
		if err != nil {
			return err
		}
		a.Code = code
	}
	a.Version, a.CreatedAt = 1, k.Tx.Now
	if a.Status == "" {
		a.Status = "active"
	}
	if a.Kind == "" {
		a.Kind = "ordinary"
	}
	if err := k.fillAccount(a); err != nil {
		return err
	}
	if err := store.Insert(k.Tx, *a); err != nil {
		return err
	}
	return k.hang(a.ID, a.ParentID)
}

// Change writes an account over the one that was read and carries a changed
// parent, territory or cadence to what is below.
func (k Keeper) Change(before, after account.Account) error {
	if after.ParentID != before.ParentID {
		if err := k.noLoop(after); err != nil {
			return err
		}
	}
	if err := k.fillAccount(&after); err != nil {
		return err
	}
	if err := store.Update(k.Tx, before, after); err != nil {
		return err
	}
	if after.ParentID != before.ParentID {
		if err := k.hang(after.ID, after.ParentID); err != nil {
			return err
		}
	}
	if after.InTerritory != before.InTerritory {
		if err := k.spreadTerritory(after.ID, after.InTerritory); err != nil {
			return err
		}
	}
	if after.CadenceDays != before.CadenceDays {
		return k.refreshStoresOf(after.ID)
	}
	return nil
}

func (k Keeper) fillAccount(a *account.Account) error {
	a.Territory = store.CleanTerritory(a.Territory)
	a.InTerritory = a.Territory
	if a.InTerritory == "" && a.ParentID != "" {
		above, _, err := store.One[string](k.Tx, `SELECT in_territory FROM accounts WHERE id = $1`, a.ParentID)
		if err != nil {
			return err
		}
		a.InTerritory = above
	}
	a.Search = search.Text(a.Code, a.Name)
	a.NextDueOn = account.NextDue(a.LastVisitOn, k.Cadence.OfAccount(*a))
	a.UpdatedAt = k.Tx.Now
	return store.AddTerritory(k.Tx, a.Territory)
}

// Settle computes anew what follows from an account's columns, after they
// were put back.
func (k Keeper) Settle(a account.Account) error {
	if err := k.fillAccount(&a); err != nil {
		return err
	}
	if _, err := k.Tx.Exec(`UPDATE accounts SET in_territory = $1, search = $2, next_due_on = $3 WHERE id = $4`, a.InTerritory, a.Search, a.NextDueOn, a.ID); err != nil {
		return err
	}
	if err := k.hang(a.ID, a.ParentID); err != nil {
		return err
	}
	if err := k.spreadTerritory(a.ID, a.InTerritory); err != nil {
		return err
	}
	if err := k.refreshStoresOf(a.ID); err != nil {
		return err
	}
	_, err := k.Visited("", a.ID)
	return err
}

// SettleStore is Settle for a store.
func (k Keeper) SettleStore(s account.Store) error {
	if err := k.fillStore(&s); err != nil {
		return err
	}
	if _, err := k.Tx.Exec(`UPDATE stores SET in_territory = $1, search = $2 WHERE id = $3`, s.InTerritory, s.Search, s.ID); err != nil {
		return err
	}
	_, err := k.Visited(s.ID, s.AccountID)
	return err
}

// hang puts an account and all below it under a parent.
func (k Keeper) hang(id, parent string) error {
	if _, err := k.Tx.Exec(`INSERT INTO account_tree (ancestor_id, account_id) VALUES ($1, $1) ON CONFLICT DO NOTHING`, id); err != nil {
		return err
	}
	if _, err := k.Tx.Exec(`DELETE FROM account_tree WHERE account_id IN (SELECT account_id FROM account_tree WHERE ancestor_id = $1)
		AND ancestor_id NOT IN (SELECT account_id FROM account_tree WHERE ancestor_id = $1)`, id); err != nil {
		return err
	}
	_, err := k.Tx.Exec(`INSERT INTO account_tree (ancestor_id, account_id)
		SELECT up.ancestor_id, down.account_id FROM account_tree up, account_tree down WHERE up.account_id = $1 AND down.ancestor_id = $2`, parent, id)
	return err
}

func (k Keeper) noLoop(a account.Account) error {
	if err := k.Tx.Lock("account_tree"); err != nil {
		return err
	}
	_, below, err := store.One[string](k.Tx, `SELECT account_id FROM account_tree WHERE ancestor_id = $1 AND account_id = $2`, a.ID, a.ParentID)
	if err == nil && below {
		return fault.At("parent_code", "parent_loop")
	}
	return err
}

// spreadTerritory gives the territory in force to everything below that has
// none of its own.
func (k Keeper) spreadTerritory(id, territory string) error {
	if _, err := k.Tx.Exec(`UPDATE stores SET in_territory = $1 WHERE account_id = $2 AND territory = ''`, territory, id); err != nil {
		return err
	}
	children, err := store.Rows[string](k.Tx, `UPDATE accounts SET in_territory = $1 WHERE parent_id = $2 AND territory = '' RETURNING id`, territory, id)
	if err != nil {
		return err
	}
	for _, child := range children {
		if err := k.spreadTerritory(child, territory); err != nil {
			return err
		}
	}
	return nil
}

// nextCode is the next free code of the shape K0001.
func (k Keeper) nextCode(table, prefix string) (string, error) {
	if err := k.Tx.Lock("code:" + table); err != nil {
		return "", err
	}
	n, _, err := store.One[int64](k.Tx, `SELECT count(*) FROM `+table)
	for ; err == nil; n++ {
		code := fmt.Sprintf("%s%04d", prefix, n+1)
		_, taken, err := store.One[string](k.Tx, `SELECT id FROM `+table+` WHERE code = $1`, code)
		if err != nil || !taken {
			return code, err
		}
	}
	return "", err
}

// CodeOwner returns the id of the row that has a code, in sight or not: codes
// are unique in the company. The table is accounts or stores.
func CodeOwner(tx *store.Tx, table, code string) (string, bool, error) {
	return store.One[string](tx, `SELECT id FROM `+table+` WHERE code = $1`, code)
}

// AddStore keeps a new store. An empty code gets the next free one (M0001).
func (k Keeper) AddStore(s *account.Store) error {
	if s.ID == "" {
		s.ID = store.NewID()
	}
	if s.Code == "" {
		code, err := k.nextCode("stores", "M")
		if err != nil {
			return err
		}
		s.Code = code
	}
	s.Version, s.CreatedAt = 1, k.Tx.Now
	if s.Status == "" {
		s.Status = "active"
	}
	if err := k.fillStore(s); err != nil {
		return err
	}
	return store.Insert(k.Tx, *s)
}

// ChangeStore writes a store over the one that was read.
func (k Keeper) ChangeStore(before, after account.Store) error {
	if err := k.fillStore(&after); err != nil {
		return err
	}
	return store.Update(k.Tx, before, after)
}

// fillStore computes the columns of a store that follow from others.
func (k Keeper) fillStore(s *account.Store) error {
	s.Territory = store.CleanTerritory(s.Territory)
	s.InTerritory = s.Territory
	above, ok, err := store.One[account.Account](k.Tx, `SELECT `+accountColumns+` FROM accounts a WHERE a.id = $1`, s.AccountID)
	if err != nil {
		return err
	}
	if !ok {
		return fault.At("account_code", "none_found", "query", s.AccountID)
	}
	if s.InTerritory == "" {
		s.InTerritory = above.InTerritory
	}
	s.Search = search.Text(s.Code, s.Name)
	s.NextDueOn = account.NextDue(s.LastVisitOn, k.Cadence.OfStore(*s, above.CadenceDays))
	s.UpdatedAt = k.Tx.Now
	return store.AddTerritory(k.Tx, s.Territory)
}

// Visited computes a place's last visit and next due day anew from its
// visits and returns the latter. These columns are derived: no version, no audit line.
func (k Keeper) Visited(storeID, accountID string) (next calendar.Day, err error) {
	// Two people at one place at once: the later one must see the other's row.
	if err := k.Tx.Lock("place:" + accountID + storeID); err != nil {
		return "", err
	}
	last, _, err := store.One[calendar.Day](k.Tx, `SELECT coalesce(max(visited_on), '') FROM visits WHERE account_id = $1 AND store_id = $2 AND status = 'done'`, accountID, storeID)
	if err != nil {
		return "", err
	}
	if storeID == "" {
		a, ok, err := store.One[account.Account](k.Tx, `SELECT `+accountColumns+` FROM accounts a WHERE a.id = $1`, accountID)
		if err != nil || !ok {
			return "", err
		}
		next = account.NextDue(last, k.Cadence.OfAccount(a))
		_, err = k.Tx.Exec(`UPDATE accounts SET last_visit_on = $1, next_due_on = $2 WHERE id = $3`, last, next, accountID)
		return next, err
	}
	s, ok, err := store.One[cadenced](k.Tx, selectCadenced+`s.id = $1`, storeID)
	if err != nil || !ok {
		return "", err
	}
	next = s.next(last, k.Cadence)
	_, err = k.Tx.Exec(`UPDATE stores SET last_visit_on = $1, next_due_on = $2 WHERE id = $3`, last, next, storeID)
	return next, err
}
