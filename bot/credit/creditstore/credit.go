// Package creditstore keeps how far customers are trusted, and works out what of it is
// drawn.
package creditstore

import (
	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/credit"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/person"
	"fieldbot/bot/terms"
	"fieldbot/bot/terms/termsstore"
	"fieldbot/store"
)

// Credits are those of debtors. Who answers for one asks for another grade; the manager and
// finance decide.
var Credits = store.Declare(store.Noun[credit.Credit]{
	About: store.About{Alias: "cr", Lives: "cr.status <> 'undone'", Gate: accountstore.OfCard("cr.account_id"), May: termsstore.OfMoney("cr.account_id", person.KAM, person.Manager),
		Account: "account_id", Stays: "EXISTS (SELECT 1 FROM credits x WHERE x.account_id = ? AND x.status <> 'undone')", Rank: 33, Catalogue: credit.Catalogue,
		Inner:  []string{"spared_until", "asked_grade", "owner_id", "status"},
		Owners: []store.Owner{{Column: "owner_id", Held: "cr.status <> 'undone'", Roles: []person.Role{person.KAM, person.Manager}}}},
	Unmake: func(c *credit.Credit) { c.Status = credit.Undone },
	Kept:   grant,
})

// Add keeps the credit of a debtor; who answers for the account answers for it.
func Add(tx *store.Tx, c *credit.Credit) error {
	a, _, err := accountstore.Accounts.In(everybody).ByID(tx, c.AccountID)
	if err != nil {
		return err
	}
	c.OwnerID, c.Status = a.OwnerID, credit.Settled
	return Credits.Add(tx, c)
}

// grant gives the terms of an account the days of its grade.
// Ungated: what follows from the grade.
func grant(tx *store.Tx, _, c credit.Credit) error {
	if c.Grade == "" {
		return nil
	}
	days := c.Days
	if days == 0 {
		days = int64(store.Rule[credit.Settings](tx).Grades[c.Grade].Days)
	}
	_, own, err := termsstore.OfAccount(tx, access.System("a grade gives days"), c.AccountID)
	if err != nil {
		return err
	}
	if !own {
		t := terms.Default()
		t.AccountID = c.AccountID
		if c.Grade == "D" {
			t.Rule = terms.Cash
		}
		if err := termsstore.Terms.Add(tx, &t); err != nil {
			return err
		}
	}
	return tx.Do(`UPDATE terms SET grade_days = $1 WHERE account_id = $2`, days, c.AccountID)
}

// Breaches are what speaks against customers' good faith.
var Breaches = store.Declare(store.Noun[credit.Breach]{
	About: store.About{Alias: "cb", Lives: "cb.status <> 'undone'", Gate: accountstore.OfCard("cb.account_id"), May: termsstore.OfMoney("cb.account_id", person.KAM, person.Manager),
		Account: "account_id", Catalogue: credit.BreachCatalogue, Inner: []string{"person_id", "status"}, NoOwner: "is of the account"},
	Unmake: func(b *credit.Breach) { b.Status = credit.Undone },
})

// BreachesOf lists the breaches of an account, the last first.
func BreachesOf(tx *store.Tx, scope access.Scope, accountID string, limit int) ([]credit.Breach, error) {
	return Breaches.In(scope).And("cb.account_id = ?", accountID).Order("cb.happened_on DESC, cb.id").Limit(limit).Rows(tx)
}

// BreachesSince is how many breaches of an account count from a day on.
func BreachesSince(tx *store.Tx, accountID string, since calendar.Day) (int, error) {
	all, err := Breaches.In(everybody).And("cb.account_id = ? AND cb.happened_on >= ?", accountID, since).Order("cb.happened_on, cb.id").Limit(100).Rows(tx)
	return len(all), err
}

// Of returns the credit of a debtor.
func Of(tx *store.Tx, scope access.Scope, accountID string) (credit.Credit, bool, error) {
	return Credits.In(scope).And("cr.account_id = ?", accountID).One(tx)
}

// OnHold lists the credits in sight whose deliveries are stopped.
func OnHold(tx *store.Tx, scope access.Scope, limit int) ([]credit.Credit, error) {
	return Credits.In(scope).And("cr.hold").Order("cr.hold_since, cr.account_id").Limit(limit).Rows(tx)
}

var everybody = access.System("who owes what an account takes")

// Debtor is who owes what an account takes: with store_store the account itself, else the
// top of its tree (domain.md §2, Settlement).
// Ungated: who decides is not said.
func Debtor(tx *store.Tx, accountID string) (account.Account, error) {
	a, _, err := accountstore.Accounts.In(everybody).ByID(tx, accountID)
	for err == nil && a.Settlement != "store_store" && a.ParentID != "" {
		var ok bool
		above, ok, e := accountstore.Accounts.In(everybody).ByID(tx, a.ParentID)
		if e != nil || !ok {
			return a, e
		}
		above.Settlement = a.Settlement
		a = above
	}
	return a, err
}

// Members are the accounts whose debts stand on a debtor, itself first.
// Ungated: who decides is not said.
func Members(tx *store.Tx, debtor account.Account) ([]string, error) {
	out := []string{debtor.ID}
	if debtor.ParentID != "" {
		return out, nil
	}
	below, err := store.Rows[string](tx, `SELECT t.account_id FROM account_tree t JOIN accounts a ON a.id = t.account_id WHERE t.ancestor_id = $1 AND t.account_id <> $1 AND a.settlement <> 'store_store' ORDER BY t.account_id`, debtor.ID)
	return append(out, below...), err
}

// FactsOf are what a hold of a debtor follows from.
func FactsOf(tx *store.Tx, debtor account.Account, today calendar.Day) (f credit.Facts, members []string, err error) {
	s := store.Rule[credit.Settings](tx)
	f.Today = today
	if f.Credit, _, err = Of(tx, everybody, debtor.ID); err != nil {
		return f, nil, err
	}
	f.Known = f.Credit.Grade != ""
	if members, err = Members(tx, debtor); err != nil {
		return f, nil, err
	}
	owed, err := invoicestore.OwedBy(tx, members, today, today.Add(-s.GraceDays))
	if err != nil {
		return f, nil, err
	}
	drawn, err := orderstore.Drawn(tx, members)
	if err != nil {
		return f, nil, err
	}
	f.Exposure, f.Overdue, f.Stopping, f.OldestDue = owed.Open+drawn, owed.Overdue, owed.Stopping, owed.OldestDue
	if f.Known {
		end := calendar.Day(string(today)[:8] + "01").Add(-1)
		sales, err := invoicestore.SalesOf(tx, members, calendar.Span{From: monthsBefore(end, 5), To: end})
		if err != nil {
			return f, nil, err
		}
		f.Limit = credit.LimitOf(f.Credit, s, sales)
	}
	return f, members, nil
}

// monthsBefore is the first day of the month that lies so many months before a day's.
func monthsBefore(d calendar.Day, n int) calendar.Day {
	first := calendar.Day(string(d)[:8] + "01")
	for range n {
		first = calendar.Day(string(first.Add(-1))[:8] + "01")
	}
	return first
}
