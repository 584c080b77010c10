package store

import (
	"context"
	"errors"
)

// MigrateTo brings an empty database to the schema of an older program.
func (db *DB) MigrateTo(ctx context.Context, version int64) error {
	p, own, err := db.goose()
	if err != nil {
		return err
	}
	_, err = p.UpTo(ctx, version)
	return errors.Join(err, own.Close())
}
