package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"zombiezen.com/go/sqlite"
)

// lite is one connection to a file of SQLite with its prepared statements, past
// database/sql: that copies the names and types of all columns for each query, which cost
// three times what SQLite needs to find a row. It is used by one transaction at a time.
type lite struct {
	file  string // with how to open it, as a URI
	reads bool   // it changes nothing
	raw   *sqlite.Conn
	stmts *simplelru.LRU[string, *prepared]
}

// prepared is a statement that the connection keeps.
type prepared struct {
	stmt    *sqlite.Stmt
	args    []int // the argument of each parameter: SQLite numbers $n by their first mention
	columns []string
	row     reflect.Type // that plan is for
	plan    plan
}

// maxStmts is how many statements a connection keeps; the one that was used longest ago
// goes first.
const maxStmts = 4096

// begin starts a transaction, on a new connection if there is none. What ctx ends, while
// the connection reads, is given up.
func (c *lite) begin(ctx context.Context, how string) error {
	if c.raw == nil {
		if err := c.open(); err != nil {
			return err
		}
	}
	if c.reads {
		c.raw.SetInterrupt(ctx.Done())
	}
	_, err := c.exec(ctx, how, nil)
	if err != nil && !busy(err) {
		c.drop()
	}
	return err
}

func (c *lite) open() (err error) {
	how, last := sqlite.OpenReadWrite, "busy_timeout(0)" // a writer hears at once that another process writes, and waits by itself
	if c.reads {
		how, last = sqlite.OpenReadOnly, "query_only(1)"
	}
	if c.raw, err = sqlite.OpenConn(c.file, sqlite.OpenURI|how); err != nil {
		c.raw = nil
		return err
	}
	c.stmts, err = simplelru.NewLRU(maxStmts, func(_ string, p *prepared) { _ = p.stmt.Finalize() }) // nobody uses it
	if err != nil {
		panic(err) // the size is above 0
	}
	for _, pragma := range append(slices.Clone(pragmas), last) {
		if _, err := c.exec(context.Background(), "PRAGMA "+pragma, nil); err != nil {
			c.drop()
			return err
		}
	}
	return nil
}

// end commits or rolls back. A connection that fails to is given up, which rolls back too.
func (c *lite) end(how string) error {
	if c.raw == nil {
		return errClosed
	}
	if c.reads {
		c.raw.SetInterrupt(nil)
	}
	_, err := c.exec(context.Background(), how, nil)
	if err != nil {
		c.drop()
	}
	return err
}

// drop closes the connection; the next transaction opens a new one.
func (c *lite) drop() {
	if c.raw == nil {
		return
	}
	c.stmts.Purge()
	_ = c.raw.Close() // what matters was committed before
	c.raw = nil
}

// prepare returns a statement with its arguments, ready to step.
func (c *lite) prepare(query string, args []any) (*prepared, error) {
	p, ok := c.stmts.Get(query)
	if !ok {
		raw, _, err := c.raw.PrepareTransient(query)
		if err != nil {
			return nil, err
		}
		if p, err = newPrepared(raw); err != nil {
			return nil, errors.Join(err, raw.Finalize())
		}
		c.stmts.Add(query, p)
	}
	return p, p.bind(args)
}

func newPrepared(raw *sqlite.Stmt) (*prepared, error) {
	p := &prepared{stmt: raw, args: make([]int, raw.BindParamCount()), columns: make([]string, raw.ColumnCount())}
	for i := range p.args {
		name := raw.BindParamName(i + 1)
		n, err := strconv.Atoi(strings.TrimPrefix(name, "$"))
		if err != nil {
			return nil, fmt.Errorf("store: the parameter %q is not $1, $2, …", name)
		}
		p.args[i] = n - 1
	}
	for i := range p.columns {
		p.columns[i] = raw.ColumnName(i)
	}
	return p, nil
}

func (p *prepared) bind(args []any) error {
	for i, n := range p.args {
		if n >= len(args) {
			return fmt.Errorf("store: no argument $%d", n+1)
		}
		switch v := args[n].(type) {
		case string:
			p.stmt.BindText(i+1, v)
		case int64:
			p.stmt.BindInt64(i+1, v)
		case float64:
			p.stmt.BindFloat(i+1, v)
		case bool:
			p.stmt.BindBool(i+1, v)
		default:
			return fmt.Errorf("store: $%d cannot be a %T", n+1, v)
		}
	}
	return nil
}

func (c *lite) exec(ctx context.Context, query string, args []any) (int64, error) {
	p, err := c.prepare(query, args)
	if err != nil {
		return 0, err
	}
	for more := true; more; {
		if more, err = p.step(ctx); err != nil {
			return 0, err
		}
	}
	touched := int64(c.raw.Changes())
	return touched, p.stmt.Reset()
}

// later does it at once: nothing is gained by waiting.
func (c *lite) later(ctx context.Context, query string, args []any, touched func(rows int64) error) error {
	n, err := c.exec(ctx, query, args)
	if err == nil {
		err = touched(n)
	}
	return err
}

func (c *lite) settle(context.Context) error { return nil }

func (c *lite) back(ctx context.Context, how string) error {
	_, err := c.exec(ctx, how, nil)
	return err
}

func (c *lite) query(ctx context.Context, query string, args []any) (result, error) {
	p, err := c.prepare(query, args)
	return &liteResult{ctx, p}, err
}

// step goes on to the next row. What the context ended is its error.
func (p *prepared) step(ctx context.Context) (bool, error) {
	row, err := p.stmt.Step()
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return row, err
}

type liteResult struct {
	ctx context.Context
	*prepared
}

func (r *liteResult) next() (bool, error) { return r.step(r.ctx) }

func (r *liteResult) close() error { return r.stmt.Reset() }

func (r *liteResult) plan(row reflect.Type) (plan, error) {
	if r.row == row {
		return r.prepared.plan, nil
	}
	p, err := planOf(row, r.columns)
	if err == nil {
		r.row, r.prepared.plan = row, p
	}
	return p, err
}

func (r *liteResult) read(p plan, row reflect.Value) error {
	var v value
	for i, part := range p {
		if r.stmt.ColumnIsNull(i) {
			return fmt.Errorf("store: %s is NULL", r.columns[i])
		}
		switch part.as {
		case asText:
			v.text = r.stmt.ColumnText(i)
		case asWhole:
			v.whole = r.stmt.ColumnInt64(i)
		case asReal:
			v.real = r.stmt.ColumnFloat(i)
		case asTruth:
			v.truth = r.stmt.ColumnBool(i)
		}
		if err := part.put(part.in(row), &v); err != nil {
			return err
		}
	}
	return nil
}
