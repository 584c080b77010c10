// Package askstore keeps calls for help with their answers.
package askstore

import (
	"strconv"

	"fieldbot/bot/ask"
	"fieldbot/bot/kit/search"
	"fieldbot/store"
)

// Cases are calls for help with their answers.
var Cases = store.Declare(store.Noun[ask.Case]{
	About: store.About{Words: []string{"text", "answers"}, Alias: "k", Lives: "k.status <> 'cancelled'", NoGate: "what was asked and answered in the open is every colleague's to read",
		NoOwner: "whoever knows the answer gives it", Account: "account_id", Store: "store_id", NoFile: "read in chat"},
	Unmake: func(c *ask.Case) { c.Status = "cancelled" },
	Fill: func(_ *store.Tx, c *ask.Case) error {
		c.Search = search.Text(c.Text, c.Answers)
		return nil
	},
})

var columns = store.Columns[ask.Case]("k")

// ByID returns a case. Cases are for every colleague to read: they hold what
// was asked and answered in the open.
func ByID(tx *store.Tx, id string) (ask.Case, bool, error) {
	return store.One[ask.Case](tx, `SELECT `+columns+` FROM cases k WHERE k.id = $1`, id)
}

// Find lists the newest cases among the last few thousand that hold all words.
func Find(tx *store.Tx, words string, limit int) ([]ask.Case, error) {
	var a store.Args
	where := `k.status <> 'cancelled'`
	for _, w := range search.Words(words) {
		where += ` AND k.search LIKE ` + a.Add("%"+w+"%")
	}
	return store.Rows[ask.Case](tx, `SELECT `+columns+` FROM cases k WHERE `+where+` ORDER BY k.created_at DESC LIMIT `+strconv.Itoa(limit), a.List...)
}

// Add keeps a new case.
func Add(tx *store.Tx, c *ask.Case) error {
	c.Status = "open"
	return Cases.Add(tx, c)
}
