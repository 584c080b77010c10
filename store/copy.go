package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
)

// Copied is a table with how many rows it has, and a sum of what they hold that does not
// depend on their order.
type Copied struct {
	Table string
	Rows  int64
	Sum   uint64
}

// table is a table of the schema as both engines have it.
type table struct {
	name    string
	columns []string
	flags   []bool // columns that are true or false, which SQLite keeps as numbers
	needs   []string
}

// versionTable is goose's own.
const versionTable = "goose_db_version"

// tablesOf are the tables of a database of SQLite, those that others point to first.
func tablesOf(ctx context.Context, on *sql.Conn) ([]table, error) {
	called, err := names(ctx, on, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '`+versionTable+`' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	var all []table
	for _, name := range called {
		t := table{name: name}
		if t.columns, err = names(ctx, on, `SELECT name FROM pragma_table_info('`+name+`') ORDER BY cid`); err != nil {
			return nil, err
		}
		types, err := names(ctx, on, `SELECT type FROM pragma_table_info('`+name+`') ORDER BY cid`)
		if err != nil {
			return nil, err
		}
		of := map[string]string{}
		for i, kind := range types {
			of[t.columns[i]] = kind
		}
		slices.Sort(t.columns) // as every look at the table has them
		for _, c := range t.columns {
			t.flags = append(t.flags, of[c] == "BOOLEAN")
		}
		if t.needs, err = names(ctx, on, `SELECT DISTINCT "table" FROM pragma_foreign_key_list('`+name+`')`); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	var out []table
	for len(out) < len(all) {
		before := len(out)
		for _, t := range all {
			there := func(name string) bool {
				return name == t.name || slices.ContainsFunc(out, func(o table) bool { return o.name == name })
			}
			if !slices.ContainsFunc(out, func(o table) bool { return o.name == t.name }) && !slices.ContainsFunc(t.needs, func(n string) bool { return !there(n) }) {
				out = append(out, t)
			}
		}
		if len(out) == before {
			return nil, errors.New("store: tables point to one another in a circle")
		}
	}
	return out, nil
}

func names(ctx context.Context, on *sql.Conn, query string) (out []string, err error) {
	rows, err := on.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// ErrNotEmpty says that a database holds a company already.
var ErrNotEmpty = errors.New("the database to write into is not empty")

// copyParams bounds the values of one statement; SQLite takes 32,766 of them.
const copyParams = 8_000

// Copy moves everything from one database into another, as it stands at one instant, and
// compares both at the end: nothing stays where they differ. What the other held is lost,
// if over says so; else it has to be empty. One of the two is SQLite; both have the schema
// of this program.
func Copy(ctx context.Context, from, to *DB, over bool, progress func(table string, rows int64)) (out []Copied, err error) {
	for _, db := range []*DB{from, to} {
		if pending, err := db.Pending(ctx); err != nil || len(pending) > 0 {
			return nil, errors.Join(err, errors.New("the schema of a database is not this program's; run fieldbot migrate on it first"))
		}
	}
	if empty, err := to.Empty(ctx); err != nil || !empty && !over {
		return nil, errors.Join(err, ErrNotEmpty)
	}
	source, err := from.snapshot(ctx, true)
	if err != nil {
		return nil, err
	}
	defer source.end(&err, false)
	target, err := to.snapshot(ctx, false)
	if err != nil {
		return nil, err
	}
	kept := false
	defer func() { target.end(&err, kept) }()
	lite := source
	if from.group == nil {
		lite = target
	}
	tables, err := tablesOf(ctx, lite.on)
	if err != nil {
		return nil, err
	}
	for _, t := range slices.Backward(tables) { // settings and the like that a new database has
		if _, err := target.on.ExecContext(ctx, `DELETE FROM `+t.name); err != nil {
			return nil, err
		}
	}
	for _, t := range tables {
		c, err := source.copyTable(ctx, t, target, progress)
		if err != nil {
			return nil, fmt.Errorf("copying %s: %w", t.name, to.dialect.hide(err))
		}
		there, err := target.sum(ctx, t)
		if err != nil {
			return nil, err
		}
		if there != c {
			return nil, fmt.Errorf("%s has %d rows, of which %d came over as they were: nothing was kept", t.name, c.Rows, there.Rows)
		}
		out = append(out, c)
	}
	kept = true
	return out, nil
}

// Sums are the tables of a database at one instant, to compare it with another.
func Sums(ctx context.Context, db *DB, tables []Copied) (out []Copied, err error) {
	s, err := db.snapshot(ctx, true)
	if err != nil {
		return nil, err
	}
	defer s.end(&err, false)
	for _, t := range tables {
		columns, err := s.columnsOf(ctx, t.Table)
		if err != nil {
			return nil, err
		}
		c, err := s.sum(ctx, columns)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// snapshot is a connection in one transaction.
type snapshot struct {
	on   *sql.Conn
	pool *sql.DB
	lite bool
}

// snapshot begins one on a connection of its own, that nothing waits for.
func (db *DB) snapshot(ctx context.Context, reads bool) (*snapshot, error) {
	pool, err := sql.Open(db.driver, db.dsn)
	if err != nil {
		return nil, err
	}
	on, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(db.dialect.hide(err), pool.Close())
	}
	s := &snapshot{on: on, pool: pool, lite: db.group != nil}
	begin := "BEGIN IMMEDIATE"
	switch {
	case s.lite && reads:
		begin = "BEGIN"
	case !s.lite && reads:
		begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	case !s.lite:
		begin = "BEGIN"
	}
	if _, err := on.ExecContext(ctx, begin); err != nil {
		s.close()
		return nil, db.dialect.hide(err)
	}
	return s, nil
}

func (s *snapshot) close() {
	_ = s.on.Close()   // what matters was committed before
	_ = s.pool.Close() // the same
}

// end commits or takes back.
func (s *snapshot) end(err *error, keep bool) {
	how := "ROLLBACK"
	if keep && *err == nil {
		how = "COMMIT"
	}
	if _, e := s.on.ExecContext(context.Background(), how); e != nil && *err == nil {
		*err = e
	}
	s.close()
}

// columnsOf are those of a table of either engine.
func (s *snapshot) columnsOf(ctx context.Context, name string) (table, error) {
	query := `SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '` + name + `'`
	if s.lite {
		query = `SELECT name FROM pragma_table_info('` + name + `')`
	}
	columns, err := names(ctx, s.on, query)
	slices.Sort(columns) // engines sort words otherwise
	return table{name: name, columns: columns}, err
}

// each reads the rows of a table.
func (s *snapshot) each(ctx context.Context, t table, fn func(values []any) error) (err error) {
	rows, err := s.on.QueryContext(ctx, `SELECT `+quoted(t.columns)+` FROM `+t.name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		values := make([]any, len(t.columns))
		into := make([]any, len(t.columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := fn(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

func quoted(columns []string) string { return `"` + strings.Join(columns, `", "`) + `"` }

// copyTable brings the rows of a table over.
func (s *snapshot) copyTable(ctx context.Context, t table, to *snapshot, progress func(string, int64)) (Copied, error) {
	out := Copied{Table: t.name}
	var some []any
	put := func() error {
		if len(some) == 0 {
			return nil
		}
		var rows []string
		for at := 0; at < len(some); at += len(t.columns) {
			marks := make([]string, len(t.columns))
			for i := range marks {
				marks[i] = "$" + strconv.Itoa(at+i+1)
			}
			rows = append(rows, `(`+strings.Join(marks, `, `)+`)`)
		}
		_, err := to.on.ExecContext(ctx, `INSERT INTO `+t.name+` (`+quoted(t.columns)+`) VALUES `+strings.Join(rows, `, `), some...)
		some = some[:0]
		progress(t.name, out.Rows)
		return err
	}
	err := s.each(ctx, t, func(values []any) error {
		out.Rows++
		out.Sum += sumOf(t.columns, values)
		for i, v := range values {
			some = append(some, carried(v, t.flags[i], to.lite))
		}
		if len(some)+len(t.columns) > copyParams {
			return put()
		}
		return nil
	})
	if err == nil {
		err = put()
	}
	return out, err
}

// carried is a value as an engine takes it.
func carried(v any, flag, lite bool) any {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	if n, ok := v.(int64); ok && flag && !lite {
		return n != 0
	}
	return v
}

// sum reads a table whole.
func (s *snapshot) sum(ctx context.Context, t table) (Copied, error) {
	out := Copied{Table: t.name}
	err := s.each(ctx, t, func(values []any) error {
		out.Rows++
		out.Sum += sumOf(t.columns, values)
		return nil
	})
	return out, err
}

// sumOf is a number for a row that is the same on both engines.
func sumOf(columns []string, values []any) (sum uint64) {
	for i, v := range values {
		var text string
		switch x := v.(type) {
		case nil:
			text = "\x00"
		case bool:
			text = map[bool]string{true: "1", false: "0"}[x]
		case []byte:
			text = string(x)
		case float64:
			text = strconv.FormatFloat(x, 'g', -1, 64)
		default:
			text = fmt.Sprint(x)
		}
		h := fnv.New64a()
		_, _ = h.Write([]byte(columns[i] + "\x00" + text)) // never fails
		sum = sum*31 + h.Sum64()
	}
	return sum
}
