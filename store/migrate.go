package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer says that a newer program has written the database.
var ErrNewer = errors.New("the database was written by a newer fieldbot; update the program, or point it at another database")

func (db *DB) goose() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{goose.WithLogger(goose.NopLogger())}
	dialect := goose.DialectSQLite3
	if db.group == nil {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(dialect, db.writer, files, options...)
}

// Pending lists the migrations that Migrate would run. It is ErrNewer if the
// database is ahead of the program.
func (db *DB) Pending(ctx context.Context) ([]string, error) {
	p, err := db.goose()
	if err != nil {
		return nil, err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return nil, db.dialect.hide(err)
	}
	if current > target {
		return nil, ErrNewer
	}
	var out []string
	for _, s := range p.ListSources() {
		if s.Version > current {
			out = append(out, s.Path)
		}
	}
	return out, nil
}

// Migrate brings the schema up and returns what it ran.
func (db *DB) Migrate(ctx context.Context) ([]string, error) {
	pending, err := db.Pending(ctx)
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	if db.group != nil {
		// The schema is changed on the writer's only connection.
		db.group.conn.drop()
	}
	p, err := db.goose()
	if err != nil {
		return nil, err
	}
	if _, err := p.Up(ctx); err != nil {
		return nil, fmt.Errorf("bringing the schema up: %w", err)
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
