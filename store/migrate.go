package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"fieldbot/store/migrations"
)

// ErrNewer says that a newer program has written the database.
var ErrNewer = errors.New("the database was written by a newer fieldbot; update the program, or point it at another database")

// goose returns what runs the migrations, on connections of its own: the
// writer keeps its only one.
func (db *DB) goose() (*goose.Provider, *sql.DB, error) {
	options := []goose.ProviderOption{goose.WithLogger(goose.NopLogger())}
	dialect := goose.DialectSQLite3
	if db.group == nil {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	own, err := sql.Open(db.driver, db.dsn)
	if err != nil {
		return nil, nil, err
	}
	p, err := goose.NewProvider(dialect, own, migrations.Files, options...)
	if err != nil {
		return nil, nil, errors.Join(err, own.Close())
	}
	return p, own, nil
}

// Pending lists the migrations that Migrate would run. It is ErrNewer if the
// database is ahead of the program.
func (db *DB) Pending(ctx context.Context) ([]string, error) {
	current, err := db.schemaVersion(ctx)
	if err != nil {
		return nil, err
	}
	files, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return nil, err
	}
	var out []string
	newest := int64(0)
	for _, f := range files {
		version, err := goose.NumericComponent(f)
		if err != nil {
			return nil, err
		}
		newest = max(newest, version)
		if version > current {
			out = append(out, f)
		}
	}
	if current > newest {
		return nil, ErrNewer
	}
	return out, nil
}

// schemaVersion is the last migration that ran, 0 in an empty database.
func (db *DB) schemaVersion(ctx context.Context) (int64, error) {
	var v int64
	err := db.Read(ctx, func(tx *Tx) (err error) {
		v, _, err = One[int64](tx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`)
		return err
	})
	if err != nil && !Unavailable(err) && ctx.Err() == nil {
		return 0, nil // no such table yet
	}
	return v, err
}

// Migrate brings the schema up and returns what it ran.
func (db *DB) Migrate(ctx context.Context) ([]string, error) {
	pending, err := db.Pending(ctx)
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	p, own, err := db.goose()
	if err != nil {
		return nil, err
	}
	_, err = p.Up(ctx)
	if err := errors.Join(err, own.Close()); err != nil {
		return nil, fmt.Errorf("bringing the schema up: %w", db.dialect.hide(err))
	}
	return pending, nil
}

// Empty reports whether nobody uses the database yet.
func (db *DB) Empty(ctx context.Context) (bool, error) {
	empty := false
	err := db.Read(ctx, func(tx *Tx) error {
		_, some, err := One[string](tx, `SELECT id FROM people LIMIT 1`)
		empty = !some
		return err
	})
	return empty, err
}
