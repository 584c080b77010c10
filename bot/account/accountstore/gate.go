package accountstore

import (
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
	var or []string
	if s.Is(person.Owners...) {
		or = append(or, a.Own("s.rep_id", s), `s.account_id IN (`+owned(a, s)+`)`)
	}
	if s.Is(person.Promoter) {
		or = append(or, `s.id IN (SELECT store_id FROM store_people WHERE person_id = `+a.Add(s.Person)+`)`)
	}
	if s.Is(person.Manager) {
		or = append(or, `s.in_territory IN (`+a.Territory(s.Territory)+`)`)
	}
	return store.Any(or)
}

// accountsSeen is the same for accounts (alias a): owned ones and all below
// them, those of own stores (their card), a manager's territory, and all for
// finance.
func accountsSeen(a *store.Args, s access.Scope) string {
	if Everything(s) {
		return "TRUE"
	}
	return Readable(a, s)
}

// Led keeps accounts (alias a) to those that a scope owns or leads.
func Led(a *store.Args, s access.Scope) string { return store.Any(led(a, s)) }

func led(a *store.Args, s access.Scope) (or []string) {
	if s.Is(person.Owners...) {
		or = append(or, `a.id IN (`+owned(a, s)+`)`)
	}
	if s.Is(person.Manager) {
		or = append(or, `a.in_territory IN (`+a.Territory(s.Territory)+`)`)
	}
	return or
}

// Readable keeps accounts (alias a) to those whose deals and papers a scope may
// read: owned and led ones, and to a rep those of own stores.
func Readable(a *store.Args, s access.Scope) string {
	or := led(a, s)
	if s.Is(person.Rep) || s.Dotted {
		or = append(or, `a.id IN (SELECT account_id FROM stores WHERE `+a.Own("rep_id", s)+`)`)
	}
	return store.Any(or)
}

// OfStore is the gate of what people did in stores, by the columns of who and where: own
// rows, and those of stores in sight.
// Ungated: it is part of the gates.
func OfStore(who, where string) func(a *store.Args, s access.Scope) string {
	return func(a *store.Args, s access.Scope) string {
		s = s.InTheField()
		if s.All() || s.WholeCompany() {
			return "TRUE"
		}
		return `(` + a.Own(who, s) + ` OR ` + where + ` IN (SELECT s.id FROM stores s WHERE ` + storesSeen(a, s) + `))`
	}
}

// OfDoer keeps such rows to own ones, by some roles, and to those that a manager leads.
func OfDoer(who, where string, roles ...person.Role) func(a *store.Args, s access.Scope) string {
	return func(a *store.Args, s access.Scope) string {
		s = s.Acting(append([]person.Role{person.Manager}, roles...)...)
		if s.All() || s.WholeCompany() {
			return "TRUE"
		}
		or := who + ` = ` + a.Add(s.Person)
		if s.Is(person.Manager) {
			or += ` OR ` + OfStore(who, where)(a, s.As(person.Manager))
		}
		return "(" + or + ")"
	}
}

// OfCard is the gate of rows that whoever sees an account's card may see, by the column
// of the account.
// Ungated: it is part of the gates.
func OfCard(column string) func(a *store.Args, s access.Scope) string {
	return func(a *store.Args, s access.Scope) string {
		if Everything(s) {
			return "TRUE"
		}
		return column + ` IN (SELECT a.id FROM accounts a WHERE ` + accountsSeen(a, s) + `)`
	}
}

// OfOwner keeps such rows to those that who owns or leads the account may change, by
// some of the roles.
// Ungated: it is part of the gates.
func OfOwner(column string, roles ...person.Role) func(a *store.Args, s access.Scope) string {
	return func(a *store.Args, s access.Scope) string {
		s = s.Acting(roles...)
		if s.All() || s.WholeCompany() {
			return "TRUE"
		}
		return column + ` IN (SELECT a.id FROM accounts a WHERE ` + mayChangeAccounts(a, s) + `)`
	}
}

// mayChangeAccounts keeps accounts to those that a scope owns or leads: whoever serves
// a store reads its chain.
func mayChangeAccounts(a *store.Args, s access.Scope) string {
	s = s.Acting(person.Owners...)
	if s.All() || s.WholeCompany() {
		return "TRUE"
	}
	return Led(a, s)
}

// mayChangeStores keeps stores to those that a scope serves, owns or leads.
func mayChangeStores(a *store.Args, s access.Scope) string {
	return storesSeen(a, s.Acting(person.Owners...))
}

// contactsSeen is the same for the personal fields of contacts (alias c): the
// account's owner, that owner's managers, the store's rep.
func contactsSeen(a *store.Args, s access.Scope) string {
	s = s.As(person.Owners...)
	if s.All() || s.WholeCompany() {
		return "TRUE"
	}
	return `c.account_id IN (SELECT a.id FROM accounts a WHERE ` + Readable(a, s) + `)`
}

// own names the rows of stores or accounts (alias s or a) that a scope may see,
// one index after the other. It says no more than storesSeen and accountsSeen do;
// PostgreSQL would read the whole table for their OR.
func own(a *store.Args, s access.Scope, alias string) string {
	parts := []string{}
	if alias == "s" {
		if s.Is(person.Owners...) {
			parts = append(parts, `SELECT x.id FROM stores x WHERE `+a.Own("x.rep_id", s), `SELECT x.id FROM stores x WHERE x.account_id IN (`+owned(a, s)+`)`)
		}
		if s.Is(person.Promoter) {
			parts = append(parts, `SELECT store_id FROM store_people WHERE person_id = `+a.Add(s.Person))
		}
		if s.Is(person.Manager) {
			parts = append(parts, `SELECT x.id FROM stores x WHERE x.in_territory IN (`+a.Territory(s.Territory)+`)`)
		}
	} else {
		if s.Is(person.Owners...) {
			parts = append(parts, owned(a, s))
		}
		if s.Is(person.Rep) || s.Dotted {
			parts = append(parts, `SELECT account_id FROM stores WHERE `+a.Own("rep_id", s))
		}
		if s.Is(person.Manager) {
			parts = append(parts, `SELECT x.id FROM accounts x WHERE x.in_territory IN (`+a.Territory(s.Territory)+`)`)
		}
	}
	if len(parts) == 0 {
		return "FALSE"
	}
	return alias + `.id IN (` + strings.Join(parts, ` UNION `) + `)`
}

// owned selects the accounts that a person owns and all below them.
// Ungated: it is part of the gates.
func owned(a *store.Args, s access.Scope) string {
	return `SELECT t.account_id FROM account_tree t JOIN accounts o ON o.id = t.ancestor_id WHERE ` + a.Own("o.owner_id", s)
}

// LeadsStore reports whether a scope owns the account of a store, or leads the store:
// whoever serves it does not by that alone.
func LeadsStore(tx *store.Tx, s access.Scope, id string) (bool, error) {
	s = s.Acting(person.KAM, person.Manager)
	if s.All() || s.WholeCompany() {
		return true, nil
	}
	q := Stores.In(s).And("s.id = ?", id)
	var or []string
	if s.Is(person.KAM) {
		or = append(or, "s.account_id IN ("+owned(q.Args(), s)+")")
	}
	if s.Is(person.Manager) {
		or = append(or, "s.in_territory IN ("+q.Args().Territory(s.Territory)+")")
	}
	n, err := q.And(store.Any(or)).Count(tx)
	return n > 0, err
}
