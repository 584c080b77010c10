package store

import (
	"context"
	"reflect"
	"slices"
	"strconv"
)

// AtOnce is how many rows a step looks at, so that its unit of work stays short.
const AtOnce = 500

// Anew does what has to be done again because the rules of something are others than when
// the database was last used: so says what is kept under its name.
func (db *DB) Anew(ctx context.Context, name, rules string, do func() error) error {
	same := false
	if err := db.Read(ctx, func(tx *Tx) error {
		have, err := tx.Setting(name)
		same = have == rules
		return err
	}); err != nil || same {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return db.Write(ctx, func(tx *Tx) error { return tx.SetSetting(name, rules) })
}

// Steps walks a table, a unit of work for each step: it looks at AtOnce rows behind an id and
// returns the last, or the same id where there are no more.
func (db *DB) Steps(ctx context.Context, step func(tx *Tx, after string) (last string, err error)) error {
	for after := ""; ; {
		last := after
		if err := db.Write(ctx, func(tx *Tx) (err error) { last, err = step(tx, after); return err }); err != nil {
			return err
		}
		if last == after {
			return nil
		}
		after = last
	}
}

// Refill computes a column that follows from others anew, in every noun that has it, if its
// rules have changed; see Anew.
func (db *DB) Refill(ctx context.Context, name, rules string, of func(column string) bool) error {
	return db.Anew(ctx, name, rules, func() error {
		for _, n := range Nouns() {
			for _, c := range n.Columns() {
				if !of(c) {
					continue
				}
				if err := db.Steps(ctx, func(tx *Tx, after string) (string, error) { return n.refill(tx, c, after) }); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// refill computes a column of the rows behind an id anew, and returns the id of the last it
// looked at. It is no change that anybody made: no version, no line of the trail.
func (n *Noun[T]) refill(tx *Tx, name, after string) (last string, err error) {
	columns := columnsOf(reflect.TypeFor[T]())
	i := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
	rows, err := Rows[T](tx, `SELECT `+n.columns+n.from()+` WHERE `+n.Alias+`.id > $1 ORDER BY `+n.Alias+`.id LIMIT `+strconv.Itoa(AtOnce), after)
	last = after
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
	return last, err
}
