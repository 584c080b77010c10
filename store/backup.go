package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Backup writes a database into a new file of SQLite, as it stands at one instant, while
// daemons work on it. The file is there whole or not at all.
func Backup(ctx context.Context, db *DB, path string, progress func(table string, rows int64)) (err error) {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s is there already; name a new file", filepath.Base(path))
	}
	part := path + ".part"
	if err := removeLite(part); err != nil {
		return err
	}
	if db.group != nil {
		err = db.vacuumInto(ctx, part)
	} else {
		err = copyInto(ctx, db, part, progress)
	}
	if err != nil {
		return errors.Join(err, removeLite(part))
	}
	if err := syncFile(part); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// vacuumInto writes a copy of the file of SQLite, through a connection of its own.
func (db *DB) vacuumInto(ctx context.Context, path string) error {
	s, err := db.snapshot(ctx, true)
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := s.on.ExecContext(ctx, "ROLLBACK"); err != nil { // it begins its own
		return err
	}
	_, err = s.on.ExecContext(ctx, `VACUUM INTO ?`, path)
	return err
}

// copyInto makes a file of SQLite of another engine's database.
func copyInto(ctx context.Context, db *DB, path string, progress func(string, int64)) (err error) {
	file, err := Open(ctx, "sqlite:"+path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Migrate(ctx); err != nil {
		return err
	}
	_, err = Copy(ctx, db, file, false, progress)
	return err
}

// removeLite takes a file of SQLite away, with what stands beside it.
func removeLite(path string) error {
	var err error
	for _, end := range []string{"", "-wal", "-shm"} {
		if e := os.Remove(path + end); e != nil && !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// OpenBackup opens a backup to restore from: a copy of it in a folder of its own, brought up
// to this program's schema. What is no backup, damaged or newer is refused.
func OpenBackup(ctx context.Context, path, dir string) (db *DB, err error) {
	head := make([]byte, 16)
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if _, e := io.ReadFull(in, head); e != nil || !bytes.Equal(head, []byte("SQLite format 3\x00")) {
		return nil, fmt.Errorf("%s is no backup of fieldbot", filepath.Base(path))
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	work := filepath.Join(dir, "restore.db")
	out, err := os.OpenFile(work, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(out, in); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	if err := out.Close(); err != nil {
		return nil, err
	}
	if db, err = Open(ctx, "sqlite:"+work); err != nil {
		return nil, fmt.Errorf("%s cannot be restored: it is damaged (%w)", filepath.Base(path), errors.Unwrap(err))
	}
	if err := db.whole(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s cannot be restored: %w", filepath.Base(path), err), db.Close())
	}
	if _, err := db.Migrate(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// whole reports what is wrong with a file of SQLite that should be a database of fieldbot.
// Ungated: whether there is anything to read.
func (db *DB) whole(ctx context.Context) error {
	var sound string
	if err := db.readers.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&sound); err != nil || sound != "ok" {
		return errors.Join(errors.New("it is damaged"), err)
	}
	var n int64
	if err := db.readers.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE name IN ('people', 'visits', 'outbox', '`+versionTable+`')`).Scan(&n); err != nil || n < 4 {
		return errors.Join(errors.New("it is no database of fieldbot"), err)
	}
	_, err := db.Pending(ctx) // ErrNewer
	return err
}

// Replace puts a backup, opened by OpenBackup, in the place of a database of SQLite that no
// daemon runs on; the file that was there stays beside it as FILE.before. It returns what
// the backup held; the caller opens the database anew and compares.
func Replace(ctx context.Context, backup *DB, path string) ([]Copied, error) {
	tables, err := Held(ctx, backup)
	if err != nil {
		return nil, err
	}
	if err := backup.Close(); err != nil { // its log moves into the file
		return nil, err
	}
	if err := syncFile(backup.path); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err == nil {
		if err := errors.Join(removeLite(path+".before"), os.Rename(path, path+".before")); err != nil {
			return nil, err
		}
	}
	if err := removeLite(path); err != nil { // the log of the file that was there
		return nil, err
	}
	return tables, os.Rename(backup.path, path)
}

// Held are the tables of a database of SQLite, with what they hold.
func Held(ctx context.Context, db *DB) ([]Copied, error) {
	s, err := db.snapshot(ctx, true)
	if err != nil {
		return nil, err
	}
	tables, err := tablesOf(ctx, s.on)
	s.end(&err, false)
	if err != nil {
		return nil, err
	}
	var out []Copied
	for _, t := range tables {
		out = append(out, Copied{Table: t.name})
	}
	return Sums(ctx, db, out)
}
