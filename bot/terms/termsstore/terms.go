// Package termsstore keeps what is agreed with customers about money.
package termsstore

import (
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/person"
	"fieldbot/bot/terms"
	"fieldbot/store"
)

// Terms are those of accounts. Who answers for an account agrees on them, and finance.
var Terms = store.Declare(store.Noun[terms.Terms]{
	About: store.About{Alias: "te", Lives: "te.status = 'active'", Gate: accountstore.OfCard("te.account_id"), May: OfMoney("te.account_id", person.KAM, person.Manager),
		Account: "account_id", Stays: "EXISTS (SELECT 1 FROM terms x WHERE x.account_id = ? AND x.status = 'active')",
		NoOwner: "goes with its account", Catalogue: terms.Catalogue, Inner: []string{"status"}},
	Unmake: func(t *terms.Terms) { t.Status = terms.Undone },
})

// OfMoney keeps rows of accounts to those that finance may change, or whoever owns or
// leads the account in some roles.
func OfMoney(column string, roles ...person.Role) func(a *store.Args, s access.Scope) string {
	owner := accountstore.OfOwner(column, roles...)
	return func(a *store.Args, s access.Scope) string {
		if s.Is(person.Finance) {
			return "TRUE"
		}
		return owner(a, s)
	}
}

// ByFinance keeps rows to those that finance may change: all or none.
func ByFinance(_ *store.Args, s access.Scope) string {
	if s.All() || s.Is(person.Finance) {
		return "TRUE"
	}
	return "FALSE"
}

// Of returns the terms of an account, as written with it or, where it has none, with the
// nearest account above it; else those that hold where nothing was agreed.
// Ungated: what a due day follows from.
func Of(tx *store.Tx, accountID string) (terms.Terms, error) {
	t, ok, err := store.One[terms.Terms](tx, `SELECT `+store.Columns[terms.Terms]("te")+` FROM account_tree t JOIN terms te ON te.account_id = t.ancestor_id AND te.status = 'active' WHERE t.account_id = $1 ORDER BY (SELECT count(*) FROM account_tree u WHERE u.account_id = t.ancestor_id) DESC LIMIT 1`, accountID)
	if err != nil || ok {
		return t, err
	}
	return terms.Default(), nil
}

// OwnedBy lists the terms of accounts that a person owns and that name a day of the month.
func OwnedBy(tx *store.Tx, scope access.Scope, owner string) ([]terms.Terms, error) {
	return Terms.In(scope).And("te.account_id IN (SELECT id FROM accounts WHERE owner_id = ?)", owner).And("te.statement_day + te.invoice_by_day + te.payment_day > 0").Order("te.account_id").Limit(200).Rows(tx)
}

// OfAccount returns the terms that were agreed with an account itself.
func OfAccount(tx *store.Tx, scope access.Scope, accountID string) (terms.Terms, bool, error) {
	return Terms.In(scope).And("te.account_id = ?", accountID).One(tx)
}
