// Package store keeps the state, in SQLite or PostgreSQL, with one SQL text.
//
// Everything happens in a Tx: Read runs on many readers at once, Write on one
// writer. On SQLite the writer takes all waiting units of work into one
// durable transaction, a savepoint each where there are several, so that many
// waiting commands cost one fsync; a unit that fails is rolled back alone, and each caller is
// answered after the commit. On PostgreSQL each unit is a transaction of its
// own on the pool, repeated when the engine asks for it.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// DB is an open database. Close it when done.
type DB struct {
	// Now is the clock; a transaction reads it once.
	Now func() time.Time
	// Observe, if set, sees every statement: a test prepares each on both
	// engines and looks at how it finds its rows.
	Observe func(query string)

	rules   sync.Map // see SetRules
	dialect *dialect
	readers *sql.DB
	writer  *sql.DB
	group   *group     // nil on PostgreSQL
	idle    chan *lite // readers of SQLite at rest
	driver  string
	dsn     string // never printed: it may hold a password
	uri     string // of the file of SQLite
	path    string // of the same
	file    os.FileInfo
	closing sync.Once
	closed  error // how that ended
}

// Open opens the database that url names: sqlite:FILE or postgres://….
// The error never holds the url, which may carry a password.
func Open(ctx context.Context, url string) (*DB, error) {
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		return openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"))
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		return openPostgres(url)
	}
	return nil, errors.New("database.url: want sqlite:FILE or postgres://…")
}

// pragmas are what each connection to SQLite is set to. busy_timeout comes first, so that
// switching to WAL waits too. FULL, because an acknowledged visit must outlive a pulled plug.
var pragmas = []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "cache_size(-16000)", "temp_store(2)", "wal_autocheckpoint(8000)"}

const maxReaders = 4

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return nil, errors.New("database.url: want sqlite:FILE; a database in memory would lose what was acknowledged")
	}
	if dir := filepath.Dir(path); dir != "." {
		if _, err := os.Stat(dir); err != nil {
			return nil, fmt.Errorf("database.url: the folder of %s does not exist; make it first", filepath.Base(path))
		}
	}
	uri := "file:" + (&url.URL{Path: path}).EscapedPath()
	file := uri + "?_txlock=immediate&_dqs=0&_pragma=" + strings.Join(pragmas, "&_pragma=")
	writer, err := sql.Open("sqlite", file)
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	if err := writer.PingContext(ctx); err != nil {
		return nil, errors.Join(unsound(fmt.Errorf("opening the SQLite database: %w", err)), writer.Close())
	}
	readers, err := sql.Open("sqlite", file+"&mode=ro&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	readers.SetMaxOpenConns(1) // for Ping; transactions have connections of their own
	db := &DB{Now: time.Now, dialect: sqliteDialect, readers: readers, writer: writer, idle: make(chan *lite, maxReaders), driver: "sqlite", dsn: file, uri: uri, path: path}
	if db.file, err = os.Stat(path); err != nil {
		return nil, errors.Join(err, readers.Close(), writer.Close())
	}
	for range maxReaders {
		db.idle <- &lite{file: uri, reads: true}
	}
	db.group = newGroup(db)
	return db, nil
}

// poolSize is how many connections a daemon holds to PostgreSQL.
const poolSize = 16

// openPostgres connects when it is first used: a server that is away for a
// while keeps nobody from starting.
func openPostgres(dsn string) (*DB, error) {
	if _, err := pgx.ParseConfig(dsn); err != nil {
		return nil, errors.New("database.url: not a PostgreSQL address; want postgres://user:password@host/database")
	}
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(poolSize)
	pool.SetMaxIdleConns(poolSize)
	return &DB{Now: time.Now, dialect: postgresDialect, readers: pool, writer: pool, driver: "pgx", dsn: dsn}, nil
}

// SetRules tells what a company has set that columns follow from, such as the days
// between visits. There is one rule of each type.
func (db *DB) SetRules(rules []any) {
	for _, r := range rules {
		db.rules.Store(reflect.TypeOf(r), r)
	}
}

// Rule returns the company's rule of a type, or its zero value.
func Rule[T any](tx *Tx) T {
	rule, _ := tx.db.rules.Load(reflect.TypeFor[T]())
	out, _ := rule.(T) // nothing is set: zero
	return out
}

// Engine names the engine: sqlite or postgres.
func (db *DB) Engine() string { return db.dialect.name }

// Single reports whether one daemon alone can run on the engine: SQLite.
func (db *DB) Single() bool { return db.group != nil }

// Version asks the engine for its version.
func (db *DB) Version(ctx context.Context) (string, error) {
	var v string
	err := db.readers.QueryRowContext(ctx, db.dialect.version).Scan(&v)
	return v, err
}

// Ping reports whether the database answers. The error names no secret.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.readers.PingContext(ctx); err != nil {
		return db.dialect.hide(err)
	}
	return nil
}

// errMoved says that the file that is open is not the one at its path any more: what is
// written there is found by nobody.
var errMoved = errors.New("the database file was moved, removed or replaced while it was open; stop, put it back, start again")

// there reports whether the file of SQLite is still where it was opened.
func (db *DB) there() error {
	if db.file == nil {
		return nil
	}
	if now, err := os.Stat(db.path); err != nil || !os.SameFile(now, db.file) {
		return errMoved
	}
	return nil
}

// Writable reports whether a change can be kept.
func (db *DB) Writable(ctx context.Context) error {
	return db.Write(ctx, func(tx *Tx) error { return tx.SetSetting("written", tx.Now.UTC().Format(time.RFC3339)) })
}

// Sound reports whether the database can be read and was not damaged, as far
// as a look at its first pages tells. It is asked once, at the start; PostgreSQL
// looks after itself.
// Ungated: whether there is anything to read.
func (db *DB) Sound(ctx context.Context) error {
	if db.group == nil {
		return nil
	}
	for _, query := range []string{`SELECT count(*) FROM sqlite_master`, `SELECT count(*) FROM (SELECT 1 FROM visits LIMIT 1)`, `SELECT count(*) FROM (SELECT 1 FROM people LIMIT 1)`} {
		var n int64
		err := db.readers.QueryRowContext(ctx, query).Scan(&n)
		if damaged(err) {
			return unsound(err)
		}
	}
	return nil // a table that is not there yet is made by the migration
}

// unsound says what to do about a file that is damaged; any other error is
// returned as it is.
func unsound(err error) error {
	if damaged(err) {
		return fmt.Errorf("the database file is damaged; restore a backup, nothing was changed: %w", err)
	}
	return err
}

// Close waits for the unit at work and closes the database; closing it again does nothing.
func (db *DB) Close() error {
	db.closing.Do(func() { db.closed = db.close() })
	return db.closed
}

func (db *DB) close() error {
	if db.group != nil {
		for range maxReaders {
			(<-db.idle).drop()
		}
		err := db.readers.Close()
		db.group.close()
		// The log moves into the file, so that a copy of the file is whole. A
		// connection that never looked at the log waits for itself when it is
		// told to truncate it, all of the busy timeout: it looks first.
		for _, how := range []string{"PASSIVE", "TRUNCATE"} {
			_, moved := db.writer.ExecContext(context.Background(), "PRAGMA wal_checkpoint("+how+")")
			err = errors.Join(err, moved)
		}
		return errors.Join(err, db.writer.Close())
	}
	return db.writer.Close()
}

// Read runs fn on a snapshot. It may be called many times at once.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	if db.group == nil {
		return db.readPostgres(ctx, fn)
	}
	select {
	case c := <-db.idle:
		defer func() { db.idle <- c }()
		if err := c.begin(ctx, "BEGIN"); err != nil {
			return err
		}
		defer func() { _ = c.end("ROLLBACK") }() // a read has nothing to commit
		return run(fn, &Tx{ctx: ctx, Now: db.Now(), db: db, on: c})
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ErrBusy says that a unit was withdrawn before it was taken up: nothing of
// it is saved.
var ErrBusy = errors.New("the database did not take the change in time; nothing was saved")

// Write runs fn as one durable unit of work. fn may run more than once and
// must change nothing but its Tx and values it sets anew. If ctx ends before
// the unit is taken up, it is withdrawn and the error is ErrBusy; once taken
// up, Write waits for its end.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if db.group != nil {
		return db.group.do(ctx, fn)
	}
	return db.writePostgres(ctx, fn)
}

// Later saves what may be lost in a crash, such as the buttons of a list. On
// SQLite it joins the next group without waiting.
func (db *DB) Later(ctx context.Context, fn func(*Tx) error) error {
	if db.group != nil {
		return db.group.later(fn)
	}
	return db.writePostgres(ctx, fn)
}

// run turns a panic of one unit into its error, so that the units beside it
// go on.
func run(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a unit of work: %v\n%s", p, stack())
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if tx.failed != nil {
		return tx.failed
	}
	return tx.keepTrail()
}
