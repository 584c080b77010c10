package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/field"
)

// Named finds rows by what people call them: KIND:NAME, or a number, a code or a handle
// alone, which may name several.
func Named(tx *Tx, name string) (found []Subject, err error) {
	kind, rest, split := strings.Cut(name, ":")
	if !split {
		kind, rest = "", name
	}
	for _, n := range Nouns() {
		if kind != "" && n.Table() != kind {
			continue
		}
		for _, column := range []string{"number", "code", "handle", "id"} {
			if !slices.Contains(n.Columns(), column) {
				continue
			}
			ids, err := Rows[string](tx, `SELECT id FROM `+n.Table()+` WHERE `+column+` = $1 ORDER BY id LIMIT 10`, rest)
			if err != nil {
				return nil, err
			}
			for _, id := range ids {
				if s := (Subject{n.Table(), id}); !slices.Contains(found, s) {
					found = append(found, s)
				}
			}
		}
	}
	return found, nil
}

// Subject is a row by its table and id.
type Subject struct{ Kind, ID string }

// History are the changes of a row, the first first.
func History(tx *Tx, s Subject) ([]AuditLine, error) {
	return Rows[AuditLine](tx, `SELECT `+Columns[AuditLine]("t")+` FROM audit_trail t WHERE t.kind = $1 AND t.subject_id = $2 ORDER BY t.id`, s.Kind, s.ID)
}

// Change is a column that a line of the trail changed.
type Change struct{ Column, Before, After string }

// Changes are the columns that a line changed, in their order; those that every change
// touches are left out.
func (l AuditLine) Changes() (out []Change, err error) {
	var was, is map[string]any
	for text, into := range map[string]*map[string]any{l.Before: &was, l.After: &is} {
		if text == "" {
			continue
		}
		if err := unmarshalExact(text, into); err != nil {
			return nil, err
		}
	}
	columns := map[string]bool{}
	for c := range was {
		columns[c] = true
	}
	for c := range is {
		columns[c] = true
	}
	for c := range columns {
		if slices.Contains([]string{"id", "version", "created_at", "updated_at"}, c) || was[c] == is[c] {
			continue
		}
		show := func(v any) string {
			if v == nil {
				return ""
			}
			return fmt.Sprint(v)
		}
		out = append(out, Change{c, show(was[c]), show(is[c])})
	}
	slices.SortFunc(out, func(a, b Change) int { return strings.Compare(a.Column, b.Column) })
	return out, nil
}

// Sight is what a scope may do with a row.
type Sight struct {
	Fields    field.Catalogue // of its noun
	See       bool
	Change    bool
	Everybody bool // sees rows of this noun: there is no gate
}

// InSight tells what a scope may do with a row, be it there or no more.
func InSight(tx *Tx, scope access.Scope, s Subject) (out Sight, err error) {
	n, ok := nounOf(s.Kind)
	if !ok {
		return Sight{}, nil
	}
	about := n.Describe()
	out.Fields, out.Everybody = about.Catalogue, about.Gate == nil
	out.See, out.Change, err = n.rights(tx, scope, s.ID)
	return out, err
}

// Latest are the last changes of a row, the last first.
func Latest(tx *Tx, s Subject, limit int) ([]AuditLine, error) {
	return Rows[AuditLine](tx, `SELECT `+Columns[AuditLine]("t")+` FROM audit_trail t WHERE t.kind = $1 AND t.subject_id = $2 ORDER BY t.place DESC, t.id DESC LIMIT `+strconv.Itoa(limit), s.Kind, s.ID)
}
