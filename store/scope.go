package store

import "strconv"

// Args collects the arguments of a query that is put together.
type Args struct{ List []any }

// Add adds an argument and returns its mark.
func (a *Args) Add(v any) string {
	a.List = append(a.List, v)
	return "$" + strconv.Itoa(len(a.List))
}

// Below selects the ids of an account and all below it.
func (a *Args) Below(account string) string {
	return `SELECT account_id FROM account_tree WHERE ancestor_id = ` + a.Add(account)
}

// Territory selects the paths of a territory and all below it.
func (a *Args) Territory(path string) string {
	return `SELECT path FROM territory_tree WHERE ancestor = ` + a.Add(path)
}
