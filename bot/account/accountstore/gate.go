package accountstore

import (
	"fmt"
	"strings"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/person"
	"fieldbot/store"
)

// Everything reports whether a scope sees every store and account.
func Everything(s access.Scope) bool {
	return s.All() || s.WholeCompany() || s.Is(person.Finance)
}

// storesSeen keeps stores (alias s) to what a scope may see: own ones, those a
// promoter is assigned to, those of owned accounts and all below them, and a
// manager's territory.
func storesSeen(a *store.Args, s access.Scope) string {
	if Everything(s) {
		return "TRUE"
	}
	me := a.Add(s.Person)
	or := []string{
		`s.rep_id = ` + me,
		`s.account_id IN (` + owned(me) + `)`,
	}
	if s.Is(person.Promoter) {
		or = append(or, fmt.Sprintf(`s.id IN (SELECT store_id FROM store_people WHERE person_id = %s)`, me))
	}
	if s.Is(person.Manager) {
		or = append(or, `s.in_territory IN (`+a.Territory(s.Territory)+`)`)
	}
	return "(" + strings.Join(or, " OR ") + ")"
}

// accountsSeen is the same for accounts (alias a): owned ones and all below
// them, those of own stores (their card), a manager's territory, and all for
// finance.
func accountsSeen(a *store.Args, s access.Scope) string {
	if Everything(s) {
		return "TRUE"
	}
	return "(" + Led(a, s) + ofOwnStores(a, s, "a.id") + ")"
}

// Led keeps accounts (alias a) to those that a scope owns or leads, in an OR
// without brackets.
func Led(a *store.Args, s access.Scope) string {
	or := `a.id IN (` + owned(a.Add(s.Person)) + `)`
	if s.Is(person.Manager) {
		or += ` OR a.in_territory IN (` + a.Territory(s.Territory) + `)`
	}
	return or
}

// ofOwnStores adds to an OR the accounts of the stores that a rep visits.
func ofOwnStores(a *store.Args, s access.Scope, column string) string {
	if !s.Is(person.Rep) {
		return ""
	}
	return ` OR ` + column + ` IN (SELECT account_id FROM stores WHERE rep_id = ` + a.Add(s.Person) + `)`
}

// Readable keeps accounts (alias a) to those whose deals and papers a scope may
// read: owned and led ones, and to a rep those of own stores.
func Readable(a *store.Args, s access.Scope) string { return Led(a, s) + ofOwnStores(a, s, "a.id") }

// contactsSeen is the same for the personal fields of contacts (alias c): the
// account's owner, that owner's managers, the store's rep.
func contactsSeen(a *store.Args, s access.Scope) string {
	s = s.WithoutFinance()
	if s.All() || s.WholeCompany() {
		return "TRUE"
	}
	return fmt.Sprintf(`(c.account_id IN (SELECT a.id FROM accounts a WHERE %s) OR c.account_id IN (SELECT account_id FROM stores WHERE rep_id = %s))`, Led(a, s), a.Add(s.Person))
}

// own names the rows of stores or accounts (alias s or a) that a scope may see,
// one index after the other. It says no more than storesSeen and accountsSeen do;
// PostgreSQL would read the whole table for their OR.
func own(a *store.Args, s access.Scope, alias string) string {
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

// owned selects the accounts that a person owns and all below them.
// Ungated: it is part of the gates.
func owned(me string) string {
	return `SELECT t.account_id FROM account_tree t JOIN accounts o ON o.id = t.ancestor_id WHERE o.owner_id = ` + me
}
