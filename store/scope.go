package store

import (
	"fmt"
	"strconv"
	"strings"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/person"
)

// Args collects the arguments of a query that is put together.
type Args struct{ List []any }

// Add adds an argument and returns its mark.
func (a *Args) Add(v any) string {
	a.List = append(a.List, v)
	return "$" + strconv.Itoa(len(a.List))
}

// Everything reports whether a scope sees every store and account.
func Everything(s access.Scope) bool {
	return s.All() || s.WholeCompany() || s.Is(person.Finance)
}

// Stores is the WHERE that keeps a query on stores (alias) to what a scope
// may see: own stores, those a promoter is assigned to, those of owned
// accounts and all below them, and a manager's territory.
func (a *Args) Stores(s access.Scope, alias string) string {
	if Everything(s) {
		return "TRUE"
	}
	me := a.Add(s.Person)
	or := []string{
		fmt.Sprintf(`%s.rep_id = %s`, alias, me),
		fmt.Sprintf(`%s.account_id IN (%s)`, alias, owned(me)),
	}
	if s.Is(person.Promoter) {
		or = append(or, fmt.Sprintf(`%s.id IN (SELECT store_id FROM store_people WHERE person_id = %s)`, alias, me))
	}
	if s.Is(person.Manager) {
		or = append(or, fmt.Sprintf(`%s.in_territory IN (%s)`, alias, a.Territory(s.Territory)))
	}
	return "(" + strings.Join(or, " OR ") + ")"
}

// Accounts is the same for accounts: owned ones and all below them, those of
// own stores (their card), a manager's territory, and all for finance.
func (a *Args) Accounts(s access.Scope, alias string) string {
	if Everything(s) {
		return "TRUE"
	}
	or := a.ownAccounts(s, alias)
	if s.Is(person.Rep) {
		or = append(or, fmt.Sprintf(`%s.id IN (SELECT account_id FROM stores WHERE rep_id = %s)`, alias, a.Add(s.Person)))
	}
	return "(" + strings.Join(or, " OR ") + ")"
}

func (a *Args) ownAccounts(s access.Scope, alias string) []string {
	or := []string{fmt.Sprintf(`%s.id IN (%s)`, alias, owned(a.Add(s.Person)))}
	if s.Is(person.Manager) {
		or = append(or, fmt.Sprintf(`%s.in_territory IN (%s)`, alias, a.Territory(s.Territory)))
	}
	return or
}

// Own names the rows of stores or accounts (alias s or a) that a scope may see,
// one index after the other. It says no more than Stores and Accounts do;
// PostgreSQL would read the whole table for their OR.
func (a *Args) Own(s access.Scope, alias string) string {
	me := a.Add(s.Person)
	var parts []string
	if alias == "s" {
		parts = []string{`SELECT x.id FROM stores x WHERE x.rep_id = ` + me, `SELECT x.id FROM stores x WHERE x.account_id IN (` + owned(me) + `)`, `SELECT store_id FROM store_people WHERE person_id = ` + me}
		if s.Is(person.Manager) {
			parts = append(parts, `SELECT x.id FROM stores x WHERE x.in_territory IN (`+a.Territory(s.Territory)+`)`)
		}
	} else {
		parts = []string{owned(me), `SELECT account_id FROM stores WHERE rep_id = ` + me}
		if s.Is(person.Manager) {
			parts = append(parts, `SELECT x.id FROM accounts x WHERE x.in_territory IN (`+a.Territory(s.Territory)+`)`)
		}
	}
	return alias + `.id IN (` + strings.Join(parts, ` UNION `) + `)`
}

// Visits is the same for visits: own ones, those to stores in sight, and
// those to the head offices of accounts that the person owns or leads.
func (a *Args) Visits(s access.Scope, alias string) string {
	s = s.Work()
	if s.All() || s.WholeCompany() {
		return "TRUE"
	}
	return fmt.Sprintf(`(%s.person_id = %s OR %s.store_id IN (SELECT s.id FROM stores s WHERE %s) OR (%s.store_id = '' AND %s.account_id IN (SELECT a.id FROM accounts a WHERE %s)))`,
		alias, a.Add(s.Person), alias, a.Stores(s, "s"), alias, alias, strings.Join(a.ownAccounts(s, "a"), " OR "))
}

// Contacts is the same for the personal fields of contacts: the account's
// owner, that owner's managers, the store's rep.
func (a *Args) Contacts(s access.Scope, alias string) string {
	s = s.Work()
	if s.All() || s.WholeCompany() {
		return "TRUE"
	}
	return fmt.Sprintf(`(%s.account_id IN (SELECT a.id FROM accounts a WHERE %s) OR %s.account_id IN (SELECT account_id FROM stores WHERE rep_id = %s))`,
		alias, strings.Join(a.ownAccounts(s, "a"), " OR "), alias, a.Add(s.Person))
}

// Deals is the same for deals: own ones, those a person is on the team of, those
// of accounts that a person owns or leads, and to a rep those of the accounts of
// own stores. Who may change one is the command's to say.
func (a *Args) Deals(s access.Scope, alias string) string {
	s = s.Work()
	if s.All() || s.WholeCompany() {
		return "TRUE"
	}
	accounts := a.ownAccounts(s, "a")
	if s.Is(person.Rep) {
		accounts = append(accounts, `a.id IN (SELECT account_id FROM stores WHERE rep_id = `+a.Add(s.Person)+`)`)
	}
	return fmt.Sprintf(`(%s OR %s.account_id IN (SELECT a.id FROM accounts a WHERE %s))`, a.DealTeam(s, alias), alias, strings.Join(accounts, " OR "))
}

// DealTeam is the same for what only a deal's own people see: its owner and its
// team. Leading them is no sight.
func (a *Args) DealTeam(s access.Scope, alias string) string {
	if s.All() {
		return "TRUE"
	}
	me := a.Add(s.Person)
	return fmt.Sprintf(`(%s.owner_id = %s OR %s.id IN (SELECT deal_id FROM deal_people WHERE person_id = %s AND status = 'active'))`, alias, me, alias, me)
}

func owned(me string) string {
	return `SELECT t.account_id FROM account_tree t JOIN accounts o ON o.id = t.ancestor_id WHERE o.owner_id = ` + me
}

// Below selects the ids of an account and all below it.
func (a *Args) Below(account string) string {
	return `SELECT account_id FROM account_tree WHERE ancestor_id = ` + a.Add(account)
}

// Territory selects the paths of a territory and all below it.
func (a *Args) Territory(path string) string {
	return `SELECT path FROM territory_tree WHERE ancestor = ` + a.Add(path)
}

// FollowUps is the same for follow-ups: own ones, those a person opened, and
// those of places in sight.
func (a *Args) FollowUps(s access.Scope, alias string) string {
	s = s.Work()
	if s.All() || s.WholeCompany() {
		return "TRUE"
	}
	me := a.Add(s.Person)
	return fmt.Sprintf(`(%s.owner_id = %s OR %s.opened_by = %s OR %s.store_id IN (SELECT s.id FROM stores s WHERE %s) OR (%s.store_id = '' AND %s.account_id IN (SELECT a.id FROM accounts a WHERE %s)))`,
		alias, me, alias, me, alias, a.Stores(s, "s"), alias, alias, strings.Join(a.ownAccounts(s, "a"), " OR "))
}
