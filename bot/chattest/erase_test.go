package chattest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/chattest"
	"fieldbot/bot/kit/access"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// TestErasedEverywhere: in whatever words of a customer somebody's name stands, of whatever
// noun, after an erasure it stands nowhere.
func TestErasedEverywhere(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	const name = "Uwe Kern"
	w := chattest.Start(t, chattest.Options{})
	do := func(fn func(tx *store.Tx) error) error {
		return w.DB.Write(context.Background(), func(tx *store.Tx) error {
			tx.By(store.Origin{Source: "system"})
			return fn(tx)
		})
	}
	talk(w, "tom", "/account profile K010 deciders_relations=\"is Uwe Kern's wife\"", "/deal competitor Chips", "/deal round D-1014 ours=5", "/deal sheet D-1014 floor=3")
	talk(w, "anna", "/visit log Nordmarkt Wedding joint_with=martin")
	talk(w, "martin", "/visit coach coaching=x")
	system, written := access.System("test"), map[string]string{} // column → the ids of its rows
	var accountID string
	if err := do(func(tx *store.Tx) error {
		a, _, err := accountstore.Accounts.In(system).And("a.code = 'K010'").One(tx)
		accountID = a.ID
		return err
	}); err != nil {
		t.Fatal(err)
	}
	const other = "Uwe Kernmann"
	for _, n := range store.Nouns() {
		about := n.Describe()
		of := fmt.Sprintf("SELECT %s.id FROM %s %s %s WHERE %s.account_id = '%s'", about.Alias, n.Table(), about.Alias, about.Join, alias(about), accountID)
		for _, c := range n.Words() {
			where := `id IN (` + of + `)`
			if n.Table() == "contacts" { // those of others
				where += ` AND name <> '` + name + `'`
			}
			said := c + ` || ' ` + name + ` and ` + other + `, UWE KERN'`
			if c == "profile" || c == "answers" { // texts by key
				said = `'{"budgets":"` + name + `, ` + other + `"}'`
			}
			if err := do(func(tx *store.Tx) error {
				rows, err := tx.Exec(`UPDATE ` + n.Table() + ` SET ` + c + ` = ` + said + ` WHERE ` + where)
				if rows > 0 {
					written[n.Table()+"."+c] = of
				}
				return err
			}); err != nil && !strings.Contains(err.Error(), "no such column") { // whose rows are no account's
				t.Fatal(err)
			}
		}
	}
	if len(written) < 20 {
		t.Errorf("the name was written into %d columns only: %v", len(written), written)
	}
	formats := w.Count(`SELECT count(*) FROM stores WHERE format <> ''`)
	if err := do(func(tx *store.Tx) error {
		c, ok, err := accountstore.ContactNamed(tx, system, accountID, name)
		if err != nil || !ok {
			return fmt.Errorf("no contact: %w", err)
		}
		_, err = accountstore.EraseContact(tx, c, true)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for column, of := range written {
		table, c, _ := strings.Cut(column, ".")
		if n := w.Count(`SELECT count(*) FROM ` + table + ` WHERE id IN (` + of + `) AND (` + c + ` LIKE '%` + name + `,%' OR ` + c + ` LIKE '%` + name + ` %' OR ` + c + ` LIKE '%UWE KERN')`); n > 0 {
			t.Errorf("%s still names them: %d", column, n)
		}
		if n := w.Count(`SELECT count(*) FROM ` + table + ` WHERE ` + c + ` LIKE '%` + other + `%'`); n == 0 {
			t.Errorf("%s: somebody of a longer name was struck, too", column)
		}
	}
	if now := w.Count(`SELECT count(*) FROM stores WHERE format IN ('hypermarket', 'supermarket', 'convenience', 'club', 'discount', 'wholesale')`); now != formats {
		t.Errorf("%d formats of %d", now, formats)
	}
}

// alias is that of the table which says whose a row is: its own, or that of what it is a
// part of.
func alias(a store.About) string {
	if a.Account == "" && a.Join != "" {
		return strings.Fields(a.Join)[2]
	}
	return a.Alias
}
