package store

import (
	"strconv"
	"strings"

	"fieldbot/bot/kit/access"
)

// Args collects the arguments of a query that is put together.
type Args struct{ List []any }

// Add adds an argument and returns its mark.
func (a *Args) Add(v any) string {
	a.List = append(a.List, v)
	return "$" + strconv.Itoa(len(a.List))
}

// Rows adds rows of arguments and returns their marks: ($1, $2), ($3, $4).
func (a *Args) Rows(rows [][]any) string {
	out := make([]string, len(rows))
	for i, row := range rows {
		marks := make([]string, len(row))
		for k, v := range row {
			marks[k] = a.Add(v)
		}
		out[i] = "(" + strings.Join(marks, ", ") + ")"
	}
	return strings.Join(out, ", ")
}

// Below selects the ids of an account and all below it.
func (a *Args) Below(account string) string {
	return `SELECT account_id FROM account_tree WHERE ancestor_id = ` + a.Add(account)
}

// Territory selects the paths of a territory and all below it.
func (a *Args) Territory(path string) string {
	return `SELECT path FROM territory_tree WHERE ancestor = ` + a.Add(path)
}

// Any is the SQL of rows that one of some conditions lets through; without any it is
// none. FALSE among others would keep SQLite from an index for each.
func Any(conditions []string) string {
	if len(conditions) == 0 {
		return "FALSE"
	}
	return "(" + strings.Join(conditions, " OR ") + ")"
}

// Own keeps a column of people to the person of a scope, and to those whose own rows
// a dotted line shows.
func (a *Args) Own(column string, s access.Scope) string {
	me := a.Add(s.Person)
	if !s.Dotted {
		return column + " = " + me
	}
	return column + " IN (SELECT " + me + " UNION SELECT id FROM people WHERE dotted_to = " + me + ")"
}
