package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fieldbot/bot/config"
	"fieldbot/bot/wire/outbox"
	"fieldbot/store"
)

type backupVerb struct {
	File  string `arg:"" help:"New file for the backup: a database of SQLite, whatever the engine."`
	Media string `help:"Folder that the photos are copied to as well; those that are there stay." placeholder:"DIR"`
}

// Help implements kong's detailed help.
func (backupVerb) Help() string {
	return "Example:\n  fieldbot backup fieldbot-2026-11-27.db --media backup-media"
}

// Run makes a backup.
func (v *backupVerb) Run(e *env) error {
	db, c, err := e.openExisting()
	if err != nil {
		return err
	}
	if err := backup(e.ctx, db, v.File, e.tables()); err != nil {
		return err
	}
	if err := e.printf("%s holds everything as it stood at one instant\n", v.File); err != nil {
		return err
	}
	if v.Media == "" {
		return nil
	}
	return e.copyPhotos(c.Media.Dir, v.Media)
}

// copyPhotos copies the photos that a folder does not have yet.
func (e *env) copyPhotos(from, to string) error {
	n, err := outbox.Media{Dir: from}.CopyNew(outbox.Media{Dir: to})
	return errors.Join(e.printf("%s: %d new photos\n", to, n), err)
}

// lastBackupKey is the setting that holds when the last backup was made.
const lastBackupKey = "backup"

func backup(ctx context.Context, db *store.DB, file string, progress func(string, int64)) error {
	if err := store.Backup(ctx, db, file, progress); err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		return tx.SetSetting(lastBackupKey, tx.Now.UTC().Format(time.RFC3339))
	})
}

// lastBackup says how old the last backup is.
func lastBackup(ctx context.Context, db *store.DB) string {
	var at string
	err := db.Read(ctx, func(tx *store.Tx) (err error) { at, err = tx.Setting(lastBackupKey); return err })
	t, bad := time.Parse(time.RFC3339, at)
	if err != nil || bad != nil {
		return "there is none yet → fieldbot serve --backup DIR makes one each night, fieldbot backup FILE one now"
	}
	return fmt.Sprintf("the last one is %d hours old", int(db.Now().Sub(t).Hours()))
}

// tables prints how far a copy is.
func (e *env) tables() func(table string, rows int64) {
	last := time.Now()
	return func(table string, rows int64) {
		if time.Since(last) > 2*time.Second {
			last = time.Now()
			_, _ = fmt.Fprintf(e.err, "%s: %d rows\n", table, rows) // only for the eye
		}
	}
}

type restoreVerb struct {
	File  string `arg:"" help:"A backup." type:"existingfile"`
	Force bool   `help:"Overwrite a database that is in use; stop its daemons first."`
	Media string `help:"Folder that the backup's photos are taken from; those that are there stay." placeholder:"DIR" type:"existingdir"`
}

// Help implements kong's detailed help.
func (restoreVerb) Help() string {
	return "Example:\n  fieldbot restore fieldbot-2026-11-27.db --force --media backup-media"
}

// Run restores a backup, and compares what came of it table by table.
func (v *restoreVerb) Run(e *env) (err error) {
	c, err := e.config()
	if err != nil {
		return err
	}
	path, lite := strings.CutPrefix(c.Database.URL.Reveal(), "sqlite:")
	folder := os.TempDir()
	if lite {
		folder = filepath.Dir(path) // a file moves within its disk
	}
	dir, err := os.MkdirTemp(folder, ".fieldbot-restore-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	from, err := store.OpenBackup(e.ctx, v.File, dir)
	if err != nil {
		return err
	}
	into := v.intoServer
	if lite {
		into = func(e *env, from *store.DB) ([]store.Copied, error) { return v.intoFile(e, from, path) }
	}
	held, err := into(e, from)
	if errors.Is(err, store.ErrNotEmpty) {
		err = fmt.Errorf("%w; add --force to overwrite it", err)
	}
	if err != nil {
		return errors.Join(err, from.Close())
	}
	db, _, err := e.openRaw()
	if err != nil {
		return err
	}
	there, err := store.Sums(e.ctx, db, held)
	if err == nil && !slices.Equal(held, there) {
		err = errors.New("what was written is not what the backup holds; restore it again")
	}
	if err != nil {
		return err
	}
	if err := e.printf("restored and compared: %s\n", counts(held)); err != nil || v.Media == "" {
		return err
	}
	return e.copyPhotos(v.Media, c.Media.Dir)
}

// counts says how much came over.
func counts(tables []store.Copied) string {
	rows := int64(0)
	for _, t := range tables {
		rows += t.Rows
	}
	return fmt.Sprintf("%d rows in %d tables", rows, len(tables))
}

// intoFile puts the backup in the place of a file of SQLite.
func (v *restoreVerb) intoFile(e *env, from *store.DB, path string) ([]store.Copied, error) {
	if _, err := os.Stat(path); err == nil {
		old, err := store.Open(e.ctx, "sqlite:"+path)
		if err != nil && !v.Force {
			return nil, fmt.Errorf("%w; add --force to overwrite it", err)
		}
		if err == nil {
			empty, err := old.Empty(e.ctx)
			release, taken := old.Alone(e.ctx)
			if taken == nil {
				defer release()
			}
			if err := errors.Join(taken, old.Close()); err != nil {
				return nil, err
			}
			if (err != nil || !empty) && !v.Force {
				return nil, store.ErrNotEmpty
			}
		}
	}
	return store.Replace(e.ctx, from, path)
}

// intoServer copies the backup into PostgreSQL.
func (v *restoreVerb) intoServer(e *env, from *store.DB) ([]store.Copied, error) {
	to, _, err := e.open()
	if err != nil {
		return nil, err
	}
	held, err := store.Copy(e.ctx, from, to, v.Force, e.tables())
	return held, errors.Join(err, from.Close())
}

type moveVerb struct {
	To string `required:"" help:"Database to move to: postgres://… or sqlite:FILE, empty." placeholder:"URL"`
}

// Help implements kong's detailed help.
func (moveVerb) Help() string {
	return "Example:\n  fieldbot move --to postgres://fieldbot@db.example/fieldbot"
}

// Run moves everything; daemons are stopped before.
func (v *moveVerb) Run(e *env) (err error) {
	from, _, err := e.openExisting()
	if err != nil {
		return err
	}
	release, err := from.Alone(e.ctx)
	if err != nil {
		return err
	}
	defer release()
	to, err := store.Open(e.ctx, v.To)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if from.Engine() == to.Engine() {
		return usageError{errors.New("--to: move goes to the other engine; for the same one use backup and restore")}
	}
	if _, err := to.Migrate(e.ctx); err != nil {
		return err
	}
	moved, err := store.Copy(e.ctx, from, to, false, e.tables())
	if err != nil {
		return err
	}
	return e.printf("moved and compared: %s; set database.url to the new database, the old one is as it was\n", counts(moved))
}

// nightly is where backups are made each night, and how many of them stay.
type nightly struct {
	dir  string
	keep int
}

// nightHour is the hour, by the company's clock, from which a night's backup is made: when
// nobody works.
const nightHour = 2

// make makes the backup of a day, if it is time and there is none.
func (n nightly) make(ctx context.Context, db *store.DB, zone *time.Location) (string, error) {
	local := db.Now().In(zone)
	file := filepath.Join(n.dir, "fieldbot-"+local.Format(time.DateOnly)+".db")
	if _, err := os.Stat(file); err == nil || local.Hour() < nightHour {
		return "", nil
	}
	if err := backup(ctx, db, file, func(string, int64) {}); err != nil {
		return "", err
	}
	return file, n.prune()
}

// prune takes the oldest away, beyond those that stay.
func (n nightly) prune() error {
	made, err := filepath.Glob(filepath.Join(n.dir, "fieldbot-????-??-??.db"))
	slices.Sort(made)
	for len(made) > n.keep && err == nil {
		err, made = os.Remove(made[0]), made[1:]
	}
	return err
}

// nights makes the backups until the daemon stops. Of several daemons on PostgreSQL each
// looks into its own folder.
func nights(e *env, db *store.DB, c *config.Config, n nightly) {
	log := e.logger(c)
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if file, err := n.make(e.ctx, db, c.Company.Zone()); err != nil && e.ctx.Err() == nil {
			log.Error("the night's backup failed", "err", err)
		} else if file != "" {
			log.Info("backup made", "file", filepath.Base(file))
		}
		select {
		case <-e.ctx.Done():
			return
		case <-tick.C:
		}
	}
}
