package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Tx is a transaction. Now is its one reading of the clock.
type Tx struct {
	Now time.Time

	ctx    context.Context
	db     *DB
	on     querier
	origin Origin

	undoing bool // see Undoing
	noted   map[any]any
	failed  error // see Fail

	heads   map[Subject]chainHead // see chain
	changed []Subject             // those with a head, in the order of their first change
	lines   []AuditLine           // of the trail, that wait
}

// Fail ends the unit with an error, whatever its function returns. It is for what
// reads beside the way, such as a name in a sentence.
func (tx *Tx) Fail(err error) {
	if tx.failed == nil {
		tx.failed = err
	}
}

// Note keeps what the transaction found out, such as a derived value, for who
// asks for it in the same transaction.
func (tx *Tx) Note(key, value any) {
	if tx.noted == nil {
		tx.noted = map[any]any{}
	}
	tx.noted[key] = value
}

// Noted returns what was kept under a key.
func (tx *Tx) Noted(key any) (any, bool) { v, ok := tx.noted[key]; return v, ok }

// Origin is who changes something, and from where; it goes into every line of
// the audit trail.
type Origin struct {
	Unit   string // groups the lines of one unit of work, for undo
	Person string
	Source string // slack, telegram, terminal, import, system
}

// By sets who the following changes are by.
func (tx *Tx) By(o Origin) {
	if o.Unit == "" {
		o.Unit = NewID()
	}
	tx.origin = o
}

// Unasked does what nobody asked for and what is in nobody's way to undo: its changes
// are the system's.
func (tx *Tx) Unasked(do func() error) error {
	asked := tx.origin
	tx.By(Origin{Source: "system"})
	err := do()
	tx.origin = asked
	return err
}

// Origin returns who the changes are by.
func (tx *Tx) Origin() Origin { return tx.origin }

// Lock serializes the units of work of one key until their end. On SQLite all
// units are serial anyway.
func (tx *Tx) Lock(key string) error {
	if tx.db.dialect.lock == "" {
		return nil
	}
	return tx.on.later(tx.ctx, tx.db.dialect.lock, []any{key}, whatever)
}

// Try runs fn under a savepoint: if it fails, what it wrote is taken back and
// the transaction can go on.
func (tx *Tx) Try(fn func() error) error {
	if err := tx.keepLines(); err != nil {
		return err
	}
	if _, err := tx.on.exec(tx.ctx, "SAVEPOINT try", nil); err != nil {
		return err
	}
	heads, changed := maps.Clone(tx.heads), tx.changed
	err := fn()
	if err == nil {
		err = tx.on.settle(tx.ctx)
	}
	if err != nil {
		tx.heads, tx.changed, tx.lines = heads, changed, nil
		if back := tx.on.back(tx.ctx, "ROLLBACK TO SAVEPOINT try"); back != nil {
			return errors.Join(err, back)
		}
	}
	return errors.Join(err, tx.on.later(tx.ctx, "RELEASE SAVEPOINT try", nil, whatever))
}

func init() { uuid.EnableRandPool() } // a system call for 256 of them

// NewID makes a key: a uuid v7, so that keys sort by the time they were made.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Do runs a statement; how many rows it touches does not matter.
func (tx *Tx) Do(query string, args ...any) error {
	if err := tx.ready(query); err != nil {
		return err
	}
	if err := tx.on.later(tx.ctx, query, encodeAll(args), whatever); err != nil {
		return fmt.Errorf("%w in %s", err, head(query))
	}
	return nil
}

// Exec runs a statement and returns how many rows it touched.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	if err := tx.ready(query); err != nil {
		return 0, err
	}
	touched, err := tx.on.exec(tx.ctx, query, encodeAll(args))
	if err != nil {
		return 0, fmt.Errorf("%w in %s", err, head(query))
	}
	return touched, nil
}

// ready writes first what a statement on the trail is to find there.
func (tx *Tx) ready(query string) error {
	if len(tx.lines) > 0 && strings.Contains(query, "audit_trail") {
		if err := tx.keepLines(); err != nil {
			return err
		}
	}
	if tx.db.Observe != nil {
		tx.db.Observe(query)
	}
	return nil
}

// head is the first words of a statement, for errors.
func head(query string) string {
	words := strings.Fields(query)
	return strings.Join(words[:min(6, len(words))], " ")
}

// Rows runs a query and returns all its rows: structs by their db tags, or
// single columns. A result must fit memory; big exports use Each.
func Rows[T any](tx *Tx, query string, args ...any) ([]T, error) {
	var out []T
	err := Each(tx, func(v T) error { out = append(out, v); return nil }, query, args...)
	return out, err
}

// One returns the first row of a query, and whether there is one.
func One[T any](tx *Tx, query string, args ...any) (T, bool, error) {
	rows, err := Rows[T](tx, query, args...)
	if err != nil || len(rows) == 0 {
		var zero T
		return zero, false, err
	}
	return rows[0], true, nil
}

// Each calls fn with each row of a query. fn must not use the transaction:
// PostgreSQL carries one result at a time.
func Each[T any](tx *Tx, fn func(T) error, query string, args ...any) (err error) {
	if err := tx.ready(query); err != nil {
		return err
	}
	found, err := tx.on.query(tx.ctx, query, encodeAll(args))
	if err != nil {
		return fmt.Errorf("%w in %s", err, head(query))
	}
	defer func() { err = errors.Join(err, found.close()) }()
	plan, err := found.plan(reflect.TypeFor[T]())
	if err != nil {
		return fmt.Errorf("%w in %s", err, head(query))
	}
	var v T
	row := reflect.ValueOf(&v).Elem()
	for {
		more, err := found.next()
		if err != nil {
			return fmt.Errorf("%w in %s", err, head(query))
		}
		if !more {
			return nil
		}
		row.SetZero()
		if err := found.read(plan, row); err != nil {
			return fmt.Errorf("%w in %s", err, head(query))
		}
		if err := fn(v); err != nil {
			return err
		}
	}
}
