package accountstore

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
)

// Accounts are the customers.
var Accounts = store.Declare(store.Noun[account.Account]{
	About: store.About{Alias: "a", Gate: accountsSeen, May: mayChangeAccounts, Account: "id", NoMove: "a merge hangs its children below the other one, and it stays behind",
		Owners: []store.Owner{{Column: "owner_id", Held: "a.status = 'active'", Roles: person.Owners}}, Rank: 50, Catalogue: account.Catalogue, Words: []string{"profile"},
		Inner: []string{"cadence_days", "profile", "merged_into"}},
	Unmake: func(a *account.Account) { a.Status = account.Merged }, // into nothing: it was never there
	Fill:   fillAccount,
	Kept:   keptAccount,
})

// Stores are the shops of the accounts.
var Stores = store.Declare(store.Noun[account.Store]{
	About: store.About{Alias: "s", Gate: storesSeen, May: mayChangeStores, Account: "account_id", Store: "id",
		Owners: []store.Owner{{Column: "rep_id", Held: "s.status = 'active'", Roles: person.Owners}}, Rank: 40, Catalogue: account.StoreCatalogue, Inner: []string{"merged_into"}},
	Unmake: func(s *account.Store) { s.Status = account.Merged }, // into nothing
	Fill:   fillStore,
	Kept:   keptStore,
})

var (
	_ = store.Machinery("which accounts stand above which, derived from their parents", "account_tree")
	_ = store.Machinery("whom a promoter is assigned to; the gate of stores reads it", "store_people")
)

// StoresOf lists the active stores of an account and how many there are.
func StoresOf(tx *store.Tx, scope access.Scope, accountID string, limit int) ([]account.Place, int64, error) {
	var a store.Args
	where := `s.account_id = ` + a.Add(accountID) + ` AND s.status = 'active' AND ` + Stores.Gate(&a, scope)
	n, _, err := store.One[int64](tx, `SELECT count(*) FROM stores s WHERE `+where, a.List...)
	if err != nil {
		return nil, 0, err
	}
	rows, err := store.Rows[account.Place](tx, storePlace+where+` ORDER BY s.code LIMIT `+strconv.Itoa(limit), a.List...)
	return rows, n, err
}

// Add keeps a new account. An empty code gets the next free one (K0001).
func Add(tx *store.Tx, a *account.Account) (err error) {
	if a.Code == "" {
		if a.Code, err = nextCode(tx, "accounts", "K"); err != nil {
			return err
		}
	}
	a.Status, a.Kind = cmp.Or(a.Status, account.Active), cmp.Or(a.Kind, "ordinary")
	return Accounts.Add(tx, a)
}

// Ungated: what is above decides, seen or not.
func fillAccount(tx *store.Tx, a *account.Account) error {
	a.Territory = store.CleanTerritory(a.Territory)
	a.InTerritory = a.Territory
	if a.InTerritory == "" && a.ParentID != "" {
		above, _, err := store.One[string](tx, `SELECT in_territory FROM accounts WHERE id = $1`, a.ParentID)
		if err != nil {
			return err
		}
		a.InTerritory = above
	}
	a.Search = search.Text(a.Code, a.Name)
	a.NextDueOn = account.NextDue(a.LastVisitOn, store.Rule[account.Cadence](tx).OfAccount(*a))
	return store.AddTerritory(tx, a.Territory)
}

// keptAccount carries a changed parent, territory or cadence to what is below.
func keptAccount(tx *store.Tx, before, after account.Account) error {
	fresh := before.ID == ""
	if fresh || after.ParentID != before.ParentID {
		if err := hang(tx, after); err != nil {
			return err
		}
	}
	if fresh {
		return nil
	}
	if after.InTerritory != before.InTerritory {
		if err := spreadTerritory(tx, after.ID, after.InTerritory); err != nil {
			return err
		}
	}
	if after.CadenceDays != before.CadenceDays {
		if err := refreshStoresOf(tx, after.ID); err != nil {
			return err
		}
	}
	if after.NextDueOn != before.NextDueOn {
		return Visited(tx, "", after.ID)
	}
	return nil
}

// hang puts an account and all below it under its parent, which must not stand
// below it.
func hang(tx *store.Tx, a account.Account) error {
	if a.ParentID != "" {
		if err := noLoop(tx, a); err != nil {
			return err
		}
	}
	if err := tx.Do(`INSERT INTO account_tree (ancestor_id, account_id) VALUES ($1, $1) ON CONFLICT DO NOTHING`, a.ID); err != nil {
		return err
	}
	if err := tx.Do(`DELETE FROM account_tree WHERE account_id IN (SELECT account_id FROM account_tree WHERE ancestor_id = $1)
		AND ancestor_id NOT IN (SELECT account_id FROM account_tree WHERE ancestor_id = $1)`, a.ID); err != nil {
		return err
	}
	return tx.Do(`INSERT INTO account_tree (ancestor_id, account_id)
		SELECT up.ancestor_id, down.account_id FROM account_tree up, account_tree down WHERE up.account_id = $1 AND down.ancestor_id = $2`, a.ParentID, a.ID)
}

func noLoop(tx *store.Tx, a account.Account) error {
	if err := tx.Lock("account_tree"); err != nil {
		return err
	}
	_, below, err := store.One[string](tx, `SELECT account_id FROM account_tree WHERE ancestor_id = $1 AND account_id = $2`, a.ID, a.ParentID)
	if err == nil && below {
		return fault.At("parent_code", "parent_loop")
	}
	return err
}

// spreadTerritory gives the territory in force to everything below that has
// none of its own.
// Ungated: derived columns.
func spreadTerritory(tx *store.Tx, id, territory string) error {
	if err := tx.Do(`UPDATE stores SET in_territory = $1 WHERE account_id = $2 AND territory = ''`, territory, id); err != nil {
		return err
	}
	children, err := store.Rows[string](tx, `UPDATE accounts SET in_territory = $1 WHERE parent_id = $2 AND territory = '' RETURNING id`, territory, id)
	if err != nil {
		return err
	}
	for _, child := range children {
		if err := spreadTerritory(tx, child, territory); err != nil {
			return err
		}
	}
	return nil
}

// nextCode is the next free code of the shape K0001.
func nextCode(tx *store.Tx, table, prefix string) (string, error) {
	if err := tx.Lock("code:" + table); err != nil {
		return "", err
	}
	n, _, err := store.One[int64](tx, `SELECT count(*) FROM `+table)
	for ; err == nil; n++ {
		code := fmt.Sprintf("%s%04d", prefix, n+1)
		_, taken, err := store.One[string](tx, `SELECT id FROM `+table+` WHERE code = $1`, code)
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

// Selling lists the stores of an account, and of those below it, that sell now, by code.
func Selling(tx *store.Tx, scope access.Scope, accountID string, limit int) ([]account.Store, error) {
	return Stores.In(scope).Below(accountID).And("s.status = 'active'").Order("s.code").Limit(limit).Rows(tx)
}

// AddStore keeps a new store. An empty code gets the next free one (M0001).
func AddStore(tx *store.Tx, s *account.Store) (err error) {
	if s.Code == "" {
		if s.Code, err = nextCode(tx, "stores", "M"); err != nil {
			return err
		}
	}
	s.Status = cmp.Or(s.Status, account.Active)
	return Stores.Add(tx, s)
}

// keptStore assigns the promoters of a store, and computes its next due day anew where its
// cadence may have changed.
func keptStore(tx *store.Tx, before, after account.Store) error {
	if !slices.Equal(before.Promoters, after.Promoters) {
		if err := assign(tx, after); err != nil {
			return err
		}
	}
	if before.ID == "" || after.NextDueOn == before.NextDueOn {
		return nil
	}
	return Visited(tx, after.ID, after.AccountID)
}

// assign lets the promoters of a store see it.
func assign(tx *store.Tx, s account.Store) error {
	if err := tx.Do(`DELETE FROM store_people WHERE store_id = $1`, s.ID); err != nil {
		return err
	}
	for _, handle := range s.Promoters {
		p, ok, err := personstore.ByHandle(tx, handle)
		switch {
		case err != nil:
			return err
		case !ok:
			return fault.At("promoters", "none_found", "query", handle)
		case !p.Is(person.Promoter):
			return fault.At("promoters", "no_promoter", "who", p.Name)
		}
		if err := tx.Do(`INSERT INTO store_people (person_id, store_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, p.ID, s.ID); err != nil {
			return err
		}
	}
	return nil
}

// fillStore computes the columns of a store that follow from others.
func fillStore(tx *store.Tx, s *account.Store) error {
	s.Territory = store.CleanTerritory(s.Territory)
	s.InTerritory = s.Territory
	above, ok, err := store.Known[account.Account](tx, s.AccountID)
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
	s.NextDueOn = account.NextDue(s.LastVisitOn, store.Rule[account.Cadence](tx).OfStore(*s, above.CadenceDays))
	return store.AddTerritory(tx, s.Territory)
}

// OwnedBy are the active accounts of a person.
func OwnedBy(tx *store.Tx, scope access.Scope, person string) ([]account.Account, error) {
	return Accounts.In(scope).And("a.owner_id = ? AND a.status = 'active'", person).Order("a.code").Rows(tx)
}

// due names the next due day of a place among what a transaction noted.
type due struct{ store, account string }

// Visited computes a place's last visit and next due day anew from its visits.
// These columns are derived: no version, no audit line.
// Ungated: derived columns.
func Visited(tx *store.Tx, storeID, accountID string) error {
	// Two people at one place at once: the later one must see the other's row.
	if err := tx.Lock("place:" + accountID + storeID); err != nil {
		return err
	}
	const visited = `(SELECT coalesce(max(v.visited_on), '') FROM visits v WHERE v.account_id = $1 AND v.store_id = $2 AND v.status = 'done')`
	cadence := store.Rule[account.Cadence](tx)
	id, table := storeID, "stores"
	var last, next calendar.Day
	if storeID == "" {
		a, ok, err := store.Known[account.Account](tx, accountID)
		if err != nil || !ok {
			return err
		}
		if last, _, err = store.One[calendar.Day](tx, `SELECT `+visited+` AS last`, accountID, ""); err != nil {
			return err
		}
		id, table, next = accountID, "accounts", account.NextDue(last, cadence.OfAccount(a))
	} else {
		s, ok, err := store.One[cadenced](tx, selectCadenced(visited)+`s.id = $2`, accountID, storeID)
		if err != nil || !ok {
			return err
		}
		last, next = s.LastVisitOn, s.next(s.LastVisitOn, cadence)
	}
	tx.Note(due{storeID, accountID}, next)
	return tx.Do(`UPDATE `+table+` SET last_visit_on = $1, next_due_on = $2 WHERE id = $3`, last, next, id)
}

// DueSince returns the next due day of a place that was just visited, as the
// transaction computed it; one that it did not touch is due as the place says.
func DueSince(tx *store.Tx, p account.Place) calendar.Day {
	if next, ok := tx.Noted(due{p.StoreID(), p.AccountID}); ok {
		return next.(calendar.Day)
	}
	return p.NextDueOn
}

// AccountRef is what files need of an account that they name.
type AccountRef struct {
	ID      string `db:"id"`
	Code    string `db:"code"`
	Name    string `db:"name"`
	OwnerID string `db:"owner_id"`
	Size    string `db:"size"`
}

// AccountRefs are all accounts, by code.
// Ungated: the shell resolves what a file names.
func AccountRefs(tx *store.Tx) ([]AccountRef, error) {
	return store.Rows[AccountRef](tx, `SELECT a.id, a.code, a.name, a.owner_id, a.size FROM accounts a ORDER BY a.code`)
}

// StoreRef is the same of a store.
type StoreRef struct {
	ID        string `db:"id"`
	Code      string `db:"code"`
	Name      string `db:"name"`
	AccountID string `db:"account_id"`
}

// EachStoreRef calls fn with all stores, by code.
// Ungated: the shell resolves what a file names.
func EachStoreRef(tx *store.Tx, fn func(StoreRef)) error {
	return store.Each(tx, func(s StoreRef) error { fn(s); return nil }, `SELECT s.id, s.code, s.name, s.account_id FROM stores s ORDER BY s.code`)
}

// Unseen is how many active accounts no manager sees, for they lie in no territory, and how
// many active stores nobody sees: neither do these, and nobody serves them.
// Ungated: counts for who runs the program.
func Unseen(tx *store.Tx) (accounts, stores int64, err error) {
	if accounts, _, err = store.One[int64](tx, `SELECT count(*) FROM accounts a WHERE a.status = 'active' AND a.in_territory = ''`); err != nil {
		return 0, 0, err
	}
	stores, _, err = store.One[int64](tx, `SELECT count(*) FROM stores s WHERE s.status = 'active' AND s.in_territory = '' AND s.rep_id = ''`)
	return accounts, stores, err
}

// NoAccount is the code of the account of deals that no account was named for yet.
const NoAccount = "NO-ACCOUNT"

// Nowhere returns the id of that account, which is there from the first such deal on.
func Nowhere(tx *store.Tx) (string, error) {
	a, ok, err := Accounts.In(access.System("deals without an account")).And("a.code = ?", NoAccount).One(tx)
	if err != nil || ok {
		return a.ID, err
	}
	a = account.Account{Code: NoAccount, Name: NoAccount, Kind: "ordinary", Status: account.Active}
	err = Add(tx, &a)
	return a.ID, err
}
