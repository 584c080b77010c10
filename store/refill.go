package store

import (
	"context"
	"reflect"
	"slices"
	"strconv"
)

// refillAtOnce is how many rows a unit of Refill looks at, so that it stays short.
const refillAtOnce = 500

// Refill computes a column that follows from others anew, in every noun that has it, if it
// was computed by other rules than these when the database was last used: so says what is
// kept under the name.
func (db *DB) Refill(ctx context.Context, name, rules string, of func(column string) bool) error {
	same := false
	if err := db.Read(ctx, func(tx *Tx) error {
		have, err := tx.Setting(name)
		same = have == rules
		return err
	}); err != nil || same {
		return err
	}
	for _, n := range Nouns() {
		for _, c := range n.Columns() {
			for after, more := "", of(c); more; {
				next := after
				if err := db.Write(ctx, func(tx *Tx) (err error) { next, err = n.refill(tx, c, after); return err }); err != nil {
					return err
				}
				more, after = next != after, next
			}
		}
	}
	return db.Write(ctx, func(tx *Tx) error { return tx.SetSetting(name, rules) })
}

// refill computes a column of the rows behind an id anew, and returns the id of the last it
// looked at. It is no change that anybody made: no version, no line of the trail.
func (n *Noun[T]) refill(tx *Tx, name, after string) (last string, err error) {
	columns := columnsOf(reflect.TypeFor[T]())
	i := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
	rows, err := Rows[T](tx, `SELECT `+n.columns+n.from()+` WHERE `+n.Alias+`.id > $1 ORDER BY `+n.Alias+`.id LIMIT `+strconv.Itoa(refillAtOnce), after)
	for _, row := range rows {
		was := reflect.ValueOf(row).Field(columns[i].index).Interface()
		last, _ = row.Key()
		if err = n.fill(tx, &row); err != nil {
			return "", err
		}
		if is := reflect.ValueOf(row).Field(columns[i].index).Interface(); is != was {
			if err = tx.Do(`UPDATE `+n.Table()+` SET `+name+` = $1 WHERE id = $2`, is, last); err != nil {
				return "", err
			}
		}
	}
	if last == "" {
		last = after
	}
	return last, err
}
