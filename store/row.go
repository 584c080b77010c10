package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"fieldbot/bot/kit/fault"
)

// Row is a business row: it has an id and a version, and each change of it is
// a line of the audit trail.
type Row interface {
	Table() string // its name is also the kind in the audit trail
	Key() (id string, version int64)
}

type statements struct{ insert, update string }

var texts sync.Map // reflect.Type -> statements

func textsOf(table string, t reflect.Type) statements {
	if s, ok := texts.Load(t); ok {
		return s.(statements)
	}
	var names, marks, sets []string
	for i, c := range columnsOf(t) {
		mark := "$" + strconv.Itoa(i+1)
		names, marks = append(names, c.name), append(marks, mark)
		switch {
		case c.name == "id", c.name == "created_at", c.elsewhere:
		case c.name == "version":
			sets = append(sets, "version = version + 1")
		default:
			sets = append(sets, c.name+" = "+mark)
		}
	}
	s := statements{
		insert: fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(names, ", "), strings.Join(marks, ", ")),
		update: fmt.Sprintf("UPDATE %s SET %s WHERE id = $%d AND version = $%d", table, strings.Join(sets, ", "), len(names)+1, len(names)+2),
	}
	texts.Store(t, s)
	return s
}

func valuesOf(v reflect.Value) []any {
	cols := columnsOf(v.Type())
	out := make([]any, len(cols), len(cols)+2)
	for i, c := range cols {
		out[i] = encode(v.Field(c.index))
	}
	return out
}

func insert(tx *Tx, row Row) error {
	v := reflect.Indirect(reflect.ValueOf(row))
	text := textsOf(row.Table(), v.Type()).insert
	if err := tx.ready(text); err != nil {
		return err
	}
	if err := tx.on.later(tx.ctx, text, valuesOf(v), whatever); err != nil {
		return fmt.Errorf("%w inserting into %s", err, row.Table())
	}
	return nil
}

// update writes a row over the version that was read, or is the fault changed
// (Conflict).
func update(tx *Tx, row Row) error {
	v := reflect.Indirect(reflect.ValueOf(row))
	id, version := row.Key()
	text := textsOf(row.Table(), v.Type()).update
	// PostgreSQL refuses arguments that the text does not use; the insert's
	// are all there but id, version and created_at.
	args := append(valuesOf(v), id, version)
	text, args = compact(text, args)
	if err := tx.ready(text); err != nil {
		return err
	}
	return tx.on.later(tx.ctx, text, args, func(rows int64) error {
		if rows == 0 {
			return fault.New(fault.Conflict, "changed")
		}
		return nil
	})
}

type compacted struct {
	text string
	keep []int
}

var compacts sync.Map // text -> compacted

// compact renumbers the arguments that a text uses and drops the others.
func compact(text string, args []any) (string, []any) {
	c, ok := compacts.Load(text)
	if !ok {
		var out strings.Builder
		var keep []int
		for rest := text; rest != ""; {
			before, after, found := strings.Cut(rest, "$")
			out.WriteString(before)
			if !found {
				break
			}
			n := 0
			for after != "" && after[0] >= '0' && after[0] <= '9' {
				n, after = n*10+int(after[0]-'0'), after[1:]
			}
			keep = append(keep, n-1)
			out.WriteString("$" + strconv.Itoa(len(keep)))
			rest = after
		}
		c = compacted{out.String(), keep}
		compacts.Store(text, c)
	}
	used := c.(compacted)
	out := make([]any, len(used.keep))
	for i, k := range used.keep {
		out[i] = args[k]
	}
	return used.text, out
}

// encodeRow is a row as the audit trail keeps it: JSON by column, in the order of their
// names, without those that hold nothing or follow from others.
func encodeRow(row Row) (string, error) {
	if row == nil {
		return "", nil
	}
	v := reflect.Indirect(reflect.ValueOf(row))
	out := []byte{'{'}
	for _, c := range namedColumns(v.Type()) {
		value := encode(v.Field(c.index))
		if value == "" || value == int64(0) || value == false {
			continue
		}
		data, err := json.Marshal(value)
		if err != nil {
			return "", err
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, '"'), c.name...), `":`...)
		out = append(out, data...)
	}
	return string(append(out, '}')), nil
}

var byName sync.Map // reflect.Type -> []column

// namedColumns are the columns of a row that follow from no others, by name.
func namedColumns(t reflect.Type) []column {
	if known, ok := byName.Load(t); ok {
		return known.([]column)
	}
	out := slices.DeleteFunc(slices.Clone(columnsOf(t)), func(c column) bool { return c.derived })
	slices.SortFunc(out, func(a, b column) int { return strings.Compare(a.name, b.name) })
	byName.Store(t, out)
	return out
}
