package store

import (
	"context"
	"reflect"
)

// querier is a transaction of either engine.
type querier interface {
	// exec runs a statement and tells how many rows it touched.
	exec(ctx context.Context, query string, args []any) (touched int64, err error)
	query(ctx context.Context, query string, args []any) (result, error)
	// later is exec for a statement whose answer nobody waits for: it may go to the engine
	// with the next that is asked for. Touched hears how many rows it touched, and may fail
	// the unit.
	later(ctx context.Context, query string, args []any, touched func(rows int64) error) error
	// settle is there for who must know now that nothing went wrong so far.
	settle(ctx context.Context) error
	// back takes back what was done since a savepoint or the beginning.
	back(ctx context.Context, how string) error
}

// result is what a query found, one row after the other. It must be closed.
type result interface {
	plan(row reflect.Type) (plan, error) // how its columns go into a row of a type
	next() (bool, error)
	read(p plan, row reflect.Value) error // the current row
	close() error
}
