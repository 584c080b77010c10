package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgres is a transaction on one connection to PostgreSQL. Statements whose answer
// nobody needs wait, and go to the server in one batch with the next that is asked for: a
// unit of work takes a few round trips, not one a statement.
type postgres struct {
	raw     *pgx.Conn
	waiting []wait
	begun   bool // the server has answered
}

// wait is a statement that has not gone to the server yet.
type wait struct {
	query   string
	args    []any
	touched func(rows int64) error
}

// inPostgres runs fn on a connection of the pool.
func (db *DB) inPostgres(ctx context.Context, fn func(p *postgres) error) error {
	c, err := db.writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }() // back into the pool
	return c.Raw(func(driver any) error { return fn(&postgres{raw: driver.(*stdlib.Conn).Conn()}) })
}

func (p *postgres) later(_ context.Context, query string, args []any, touched func(rows int64) error) error {
	p.waiting = append(p.waiting, wait{query, args, touched})
	return nil
}

func (p *postgres) exec(ctx context.Context, query string, args []any) (touched int64, err error) {
	found, err := p.send(ctx, query, args)
	if err != nil {
		return 0, err
	}
	for more := true; more && err == nil; {
		more, err = found.next()
	}
	err = errors.Join(err, found.close())
	return found.rows.CommandTag().RowsAffected(), err
}

func (p *postgres) query(ctx context.Context, query string, args []any) (result, error) {
	return p.send(ctx, query, args)
}

// send sends what waits, and behind it a statement whose answer is returned.
func (p *postgres) send(ctx context.Context, query string, args []any) (*answer, error) {
	batch := &pgx.Batch{}
	waiting := p.waiting
	p.waiting = nil
	for _, w := range waiting {
		batch.Queue(w.query, w.args...)
	}
	batch.Queue(query, args...)
	all := p.raw.SendBatch(ctx, batch)
	for _, w := range waiting {
		tag, err := all.Exec()
		p.begun = p.begun || err == nil
		if err == nil {
			err = w.touched(tag.RowsAffected())
		}
		if err != nil {
			_ = all.Close() // the first error is the one to tell
			return nil, fmt.Errorf("%w in %s", err, head(w.query))
		}
	}
	rows, err := all.Query()
	if err != nil {
		_ = all.Close() // the same
		return nil, err
	}
	return &answer{all: all, rows: rows}, nil
}

// settle sends what waits.
func (p *postgres) settle(ctx context.Context) error {
	if len(p.waiting) == 0 {
		return nil
	}
	last := p.waiting[len(p.waiting)-1]
	p.waiting = p.waiting[:len(p.waiting)-1]
	touched, err := p.exec(ctx, last.query, last.args)
	if err == nil {
		err = last.touched(touched)
	}
	return err
}

func (p *postgres) back(ctx context.Context, how string) error {
	p.waiting = nil
	_, err := p.exec(ctx, how, nil)
	return err
}

// answer is what a query found.
type answer struct {
	all    pgx.BatchResults
	rows   pgx.Rows
	values []value
	into   []any // the part of each value that its column goes to
}

func (a *answer) plan(row reflect.Type) (plan, error) {
	var columns []string
	for _, f := range a.rows.FieldDescriptions() {
		columns = append(columns, f.Name)
	}
	p, err := planOf(row, columns)
	a.values, a.into = make([]value, len(p)), make([]any, len(p))
	for i, part := range p {
		v := &a.values[i]
		a.into[i] = [...]any{asText: &v.text, asWhole: &v.whole, asReal: &v.real, asTruth: &v.truth}[part.as]
	}
	return p, err
}

func (a *answer) next() (bool, error) {
	more := a.rows.Next()
	return more, a.rows.Err()
}

func (a *answer) read(p plan, row reflect.Value) error {
	if err := a.rows.Scan(a.into...); err != nil {
		return err
	}
	for i, part := range p {
		if err := part.put(part.in(row), &a.values[i]); err != nil {
			return err
		}
	}
	return nil
}

func (a *answer) close() error {
	a.rows.Close()
	return a.all.Close()
}

// readPostgres runs fn on a snapshot. Dead connections of the pool are passed by.
func (db *DB) readPostgres(ctx context.Context, fn func(*Tx) error) error {
	for try := 0; ; try++ {
		begun := false
		err := db.inPostgres(ctx, func(p *postgres) error {
			if _, err := p.exec(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", nil); err != nil {
				return err
			}
			begun = true
			defer func() { _, _ = p.exec(context.WithoutCancel(ctx), "ROLLBACK", nil) }() // a read has nothing to commit
			return run(fn, &Tx{ctx: ctx, Now: db.Now(), db: db, on: p})
		})
		if err == nil || begun || try == poolSize || !Unavailable(err) || ctx.Err() != nil {
			return db.dialect.hide(err)
		}
	}
}

func (db *DB) writePostgres(ctx context.Context, fn func(*Tx) error) error {
	for try := 0; ; try++ {
		begun, err := db.tryPostgres(ctx, fn)
		switch {
		case err == nil, begun && (try >= 9 || !retryable(err)), !begun && !Unavailable(err):
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ErrBusy, err)
		case <-time.After(time.Duration(1<<min(try, 8)) * time.Millisecond):
		}
	}
}

// unitTime bounds a unit of work on PostgreSQL.
const unitTime = 30 * time.Second

// tryPostgres runs a unit once. Begun is false where no transaction could be
// begun: after a restart of the server the pool is full of dead connections,
// and each of them has to be found out.
func (db *DB) tryPostgres(ctx context.Context, fn func(*Tx) error) (begun bool, err error) {
	taken := false
	err = db.inPostgres(ctx, func(p *postgres) (err error) {
		taken = true
		// The deadline is for being taken up: what has begun is finished.
		work, stop := context.WithTimeout(context.WithoutCancel(ctx), unitTime)
		defer stop()
		defer func() {
			begun = p.begun
			if err != nil && begun {
				_ = p.back(work, "ROLLBACK") // the first error is the one to tell
			}
		}()
		if err := p.later(work, "BEGIN", nil, whatever); err != nil {
			return err
		}
		if err := run(fn, &Tx{ctx: work, Now: db.Now(), db: db, on: p}); err != nil {
			return err
		}
		return p.commit(work)
	})
	if err != nil && !taken && ctx.Err() != nil {
		return true, ErrBusy
	}
	if err != nil && !begun {
		err = db.dialect.hide(err)
	}
	return begun, err
}

// commit ends the unit; the server turns a commit behind a failed statement into a
// rollback without a word.
func (p *postgres) commit(ctx context.Context) error {
	found, err := p.send(ctx, "COMMIT", nil)
	if err != nil {
		return err
	}
	if err := found.close(); err != nil {
		return err
	}
	if tag := found.rows.CommandTag().String(); tag != "COMMIT" {
		return fmt.Errorf("%w: the server answered %s", sql.ErrTxDone, tag)
	}
	return nil
}

// whatever is for statements of which nobody asks how many rows they touched.
func whatever(int64) error { return nil }
