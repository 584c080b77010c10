package files

import (
	"fmt"

	"fieldbot/store"
)

// FindAll looks up the rows of many records by some columns, in one question, for
// Rows.FindAll: at are the values of a record, of those of a row.
func FindAll[T store.Row](tx *store.Tx, q *store.Query[T], columns string, all []map[string]string, key func(map[string]string) string, at func(map[string]string) []any, of func(T) []any) (map[string]T, error) {
	keys, values := map[string][]string{}, [][]any{}
	for _, v := range all {
		named := fmt.Sprintln(at(v)...)
		if keys[named] == nil {
			values = append(values, at(v))
		}
		keys[named] = append(keys[named], key(v))
	}
	out := map[string]T{}
	err := q.Among(columns, values).Each(tx, func(row T) error {
		for _, k := range keys[fmt.Sprintln(of(row)...)] {
			out[k] = row
		}
		return nil
	})
	return out, err
}
