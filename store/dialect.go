package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
	lite3 "zombiezen.com/go/sqlite"
)

// dialect is the whole difference between the engines.
type dialect struct {
	name    string
	version string // a query
	skip    string // suffix of a claim, so that no row is claimed twice
	lock    string // a statement that serializes the units of one key, or none
	size    string // a query of the bytes a table takes on the disk
}

var (
	sqliteDialect = &dialect{
		name:    "sqlite",
		version: "SELECT sqlite_version()",
		size:    "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = $1)",
	}
	postgresDialect = &dialect{
		name:    "postgres",
		version: "SHOW server_version",
		skip:    " FOR UPDATE SKIP LOCKED",
		lock:    "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
		size:    "SELECT pg_total_relation_size($1::regclass)",
	}
)

// hide keeps addresses and passwords, which the driver's connection errors
// print, out of every error.
func (d *dialect) hide(err error) error {
	var refused *pgconn.ConnectError
	if errors.As(err, &refused) {
		text := err.Error()
		if i := strings.LastIndex(text, "failed to connect to"); i >= 0 {
			if _, reason, ok := strings.Cut(text[i:], ": "); ok && !strings.Contains(reason, "password=") {
				return fmt.Errorf("%w: %s", errAway, lastReason(reason))
			}
		}
		return errAway
	}
	return err
}

// lastReason is the cause at the end of a chain of causes.
func lastReason(text string) string {
	parts := strings.Split(strings.TrimSpace(text), ": ")
	return parts[len(parts)-1]
}

// retryable reports whether the engine asks to repeat the transaction:
// PostgreSQL's class 40 (serialization failure, deadlock).
func retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && strings.HasPrefix(pg.Code, "40")
}

// liteCode is SQLite's primary result code of an error, past database/sql or through it;
// 0 is no error of SQLite.
func liteCode(err error) int {
	var driver *sqlite.Error
	if errors.As(err, &driver) {
		return driver.Code() & 0xff
	}
	if code := lite3.ErrCode(err); code != lite3.ResultError {
		return int(code.ToPrimary())
	}
	return 0
}

// busy reports whether another process is writing to the file of SQLite.
func busy(err error) bool { return liteCode(err) == sqlite3.SQLITE_BUSY }

// Unavailable reports whether an error means that the database itself is in
// trouble (away, locked, full, damaged), rather than that a statement was
// wrong: what was said can be said again later.
func Unavailable(err error) bool {
	var pg *pgconn.PgError
	var network net.Error
	var refused *pgconn.ConnectError
	switch {
	case errors.Is(err, ErrBusy), errors.Is(err, errMoved), errors.Is(err, errClosed), errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone), errors.Is(err, context.DeadlineExceeded), errors.As(err, &network), errors.As(err, &refused), errors.Is(err, errAway), errors.Is(err, io.ErrUnexpectedEOF):
		return true
	case errors.As(err, &pg):
		// 08 connection, 53 resources, 57 operator intervention, 58 system.
		return slices.Contains([]string{"08", "53", "57", "58", "40"}, pg.Code[:2])
	default:
		// BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB.
		return slices.Contains([]int{5, 6, 8, 10, 11, 13, 14, 26}, liteCode(err))
	}
}

// duplicate reports whether an error says that a unique value is there already.
func duplicate(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505" || liteCode(err) == sqlite3.SQLITE_CONSTRAINT
}

// damaged reports whether an error says that a file is not, or no longer, a
// SQLite database.
func damaged(err error) bool {
	return slices.Contains([]int{sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}, liteCode(err))
}

var errAway = errors.New("the PostgreSQL server cannot be reached")

func stack() string { return string(debug.Stack()) }
