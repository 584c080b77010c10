package chattest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/chattest"
	"fieldbot/bot/kit/access"
	"fieldbot/store"
)

// TestErasedEverywhere: in whatever words of a customer somebody's name stands, of whatever
// noun, after an erasure it stands nowhere.
func TestErasedEverywhere(t *testing.T) {
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
	system, written := access.System("test"), map[string]bool{}
	var accountID string
	if err := do(func(tx *store.Tx) error {
		a, _, err := accountstore.Accounts.In(system).And("a.code = 'K010'").One(tx)
		accountID = a.ID
		return err
	}); err != nil {
		t.Fatal(err)
	}
	type column struct {
		Table string `db:"tbl"`
		Name  string `db:"name"`
	}
	var columns []column
	if err := do(func(tx *store.Tx) (err error) {
		columns, err = store.Rows[column](tx, `SELECT m.name AS tbl, c.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'TEXT'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, n := range store.Nouns() {
		about := n.Describe()
		of := fmt.Sprintf("SELECT %s.id FROM %s %s %s WHERE %s.account_id = '%s'", about.Alias, n.Table(), about.Alias, about.Join, alias(about), accountID)
		for _, c := range columns {
			itself := about.Account == "id" || about.Store == "id"
			if c.Table != n.Table() || c.Name == "id" || strings.HasSuffix(c.Name, "_id") || itself && slices.Contains([]string{"name", "code", "search"}, c.Name) {
				continue
			}
			where := `id IN (` + of + `)`
			if c.Table == "contacts" { // those of others
				where += ` AND name <> '` + name + `'`
			}
			// Columns of codes refuse words.
			if err := do(func(tx *store.Tx) error {
				rows, err := tx.Exec(`UPDATE ` + c.Table + ` SET ` + c.Name + ` = ` + c.Name + ` || ' ` + name + `' WHERE ` + where)
				if rows > 0 {
					written[n.Table()] = true
				}
				return err
			}); err != nil && !strings.Contains(err.Error(), "constraint") && !strings.Contains(err.Error(), "no such column") {
				t.Fatal(err)
			}
		}
	}
	if len(written) < 20 {
		t.Errorf("the name was written into %d nouns only: %v", len(written), written)
	}
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
	for _, c := range columns {
		if c.Table == "inbox" || c.Table == "outbox" || c.Table == "audit_trail" || c.Table == "drafts" || c.Table == "callbacks" { // they go by time, and by the trail's own rule
			continue
		}
		where := ``
		if slices.ContainsFunc(columns, func(x column) bool { return x.Table == c.Table && x.Name == "account_id" }) {
			where = ` AND account_id = '` + accountID + `'`
		}
		if n := w.Count(`SELECT count(*) FROM ` + c.Table + ` WHERE ` + c.Name + ` LIKE '%` + name + `%'` + where); n > 0 {
			t.Errorf("%s.%s still names them: %d", c.Table, c.Name, n)
		}
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
