package store

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// conn is one connection to SQLite with its prepared statements, which a
// connection keeps for its life. It is used by one transaction at a time.
type conn struct {
	pool  *sql.DB
	raw   *sql.Conn
	stmts *simplelru.LRU[string, *sql.Stmt]
	// impatient: it hears at once that another process writes, and waits by itself.
	impatient bool
}

// maxStmts is how many statements a connection keeps; the one that was used
// longest ago goes first.
const maxStmts = 4096

// begin starts a transaction, on a new connection if there is none.
func (c *conn) begin(ctx context.Context, how string) error {
	if c.raw == nil {
		raw, err := c.pool.Conn(ctx)
		if err != nil {
			return err
		}
		c.raw, c.stmts = raw, newStmts()
		if c.impatient {
			if _, err := c.raw.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil {
				c.drop()
				return err
			}
		}
	}
	_, err := c.raw.ExecContext(ctx, how)
	if err != nil && !busy(err) {
		c.drop()
	}
	return err
}

// end commits or rolls back. A connection that fails to is given up, which
// rolls back too.
func (c *conn) end(how string) error {
	if c.raw == nil {
		return sql.ErrConnDone
	}
	_, err := c.raw.ExecContext(context.Background(), how)
	if err != nil {
		c.drop()
	}
	return err
}

// drop closes the connection for good, so that the pool opens a new one.
func (c *conn) drop() {
	if c.raw == nil {
		return
	}
	c.stmts.Purge()
	_ = c.raw.Raw(func(any) error { return driver.ErrBadConn }) // ErrBadConn takes it out of the pool
	_ = c.raw.Close()                                           // already out of the pool
	c.raw = nil
}

func newStmts() *simplelru.LRU[string, *sql.Stmt] {
	stmts, err := simplelru.NewLRU(maxStmts, func(_ string, s *sql.Stmt) { _ = s.Close() }) // nobody uses it
	if err != nil {
		panic(err) // the size is above 0
	}
	return stmts
}

func (c *conn) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := c.stmts.Get(query); ok {
		return s, nil
	}
	s, err := c.raw.PrepareContext(ctx, query)
	if err == nil {
		c.stmts.Add(query, s)
	}
	return s, err
}

// ExecContext implements querier.
func (c *conn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// QueryContext implements querier.
func (c *conn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}
