// Package support keeps calls for help with their answers.
package support

import (
	"fieldbot/bot/search"
	"fieldbot/bot/support"
	"fieldbot/store"
)

var columns = store.Columns[support.Case]("k")

// ByID returns a case. Cases are for every colleague to read: they hold what
// was asked and answered in the open.
func ByID(tx *store.Tx, id string) (support.Case, bool, error) {
	return store.One[support.Case](tx, `SELECT `+columns+` FROM cases k WHERE k.id = $1`, id)
}

// Find lists the newest cases among the last few thousand that hold all words.
func Find(tx *store.Tx, words string, limit int) ([]support.Case, error) {
	var a store.Args
	where := `k.status <> 'cancelled'`
	for _, w := range search.Words(words) {
		where += ` AND k.search LIKE ` + a.Add("%"+w+"%")
	}
	return store.Rows[support.Case](tx, `SELECT `+columns+` FROM cases k WHERE `+where+` ORDER BY k.created_at DESC LIMIT `+a.Add(limit), a.List...)
}

// Add keeps a new case.
func Add(tx *store.Tx, c *support.Case) error {
	c.ID, c.Version, c.Status, c.CreatedAt, c.UpdatedAt = store.NewID(), 1, "open", tx.Now, tx.Now
	c.Search = search.Text(c.Text)
	return store.Insert(tx, *c)
}

// Change writes a case over the one that was read.
func Change(tx *store.Tx, before, after support.Case) error {
	after.Search, after.UpdatedAt = search.Text(after.Text, after.Answers), tx.Now
	return store.Update(tx, before, after)
}
