package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/config"
	"fieldbot/bot/files"
	"fieldbot/bot/wire/outbox"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// exported is everything that a database exports, kind by kind.
func exported(t *testing.T, url string) map[string]string {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	out := map[string]string{}
	for _, kind := range append(files.Imports(), "audit_trail", "outbox") {
		var b strings.Builder
		if err := files.Export(t.Context(), db, &c, kind, "csv", files.Span{}, &b); err != nil {
			t.Fatal(err)
		}
		out[kind] = b.String()
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

func same(t *testing.T, what string, a, b map[string]string) {
	t.Helper()
	for kind := range a {
		if a[kind] != b[kind] {
			t.Errorf("%s: %s is not the same", what, kind)
		}
	}
}

// TestBackup: a backup holds everything of its instant, of either engine, and comes back into
// either; what is in use is overwritten only if that is said, and the file that was there
// stays beside it.
func TestBackup(t *testing.T) {
	storetest.Walk(t)
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			url, file := storetest.URL(t, engine), filepath.Join(t.TempDir(), "backup.db")
			program(t, "/visit log \"Kiosk 14\" intent=strong\n", "--db", url, "demo").has(t, exitDone)
			media := filepath.Join(t.TempDir(), "media")
			programWith(t, []string{"FIELDBOT_MEDIA_DIR=" + filepath.Join(t.TempDir(), "none")}, "", "--db", url, "backup", file, "--media", media).has(t, exitDone, "as it stood at one instant", "0 new photos")
			was := exported(t, url)
			program(t, "", "--db", url, "backup", file).has(t, exitFailed, "is there already")
			program(t, "", "--db", url, "check").has(t, exitDone, "the last one is 0 hours old")

			program(t, "/visit log \"Kiosk 22\" intent=weak\n", "--db", url, "chat", "--as", "anna").has(t, exitDone, "Visit logged")
			program(t, "", "--db", url, "restore", file).has(t, exitFailed, "add --force to overwrite it")
			program(t, "", "--db", url, "restore", file, "--force").has(t, exitDone, "restored and compared")
			same(t, "restored", was, exported(t, url))
			for _, other := range storetest.Engines {
				into := storetest.URL(t, other)
				program(t, "", "--db", into, "restore", file).has(t, exitDone, "restored and compared")
				same(t, "into an empty "+other, was, exported(t, into))
			}
		})
	}
}

// TestPhotosBackedUp: photos go into a backup's folder and come back, the new ones each time;
// one that is damaged is told of, and keeps no other from coming.
func TestPhotosBackedUp(t *testing.T) {
	t.Parallel()
	url, backups, media, again := storetest.URL(t, "sqlite"), t.TempDir(), outbox.Media{Dir: filepath.Join(t.TempDir(), "m")}, filepath.Join(t.TempDir(), "n")
	keep := func(bytes string) outbox.Kept {
		k, err := media.Keep(func(w io.Writer) error { _, err := io.WriteString(w, bytes); return err })
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	if err := media.Prepare(); err != nil {
		t.Fatal(err)
	}
	first := keep("a shelf")
	here := func(dir string, args ...string) result {
		return programWith(t, []string{"FIELDBOT_MEDIA_DIR=" + dir}, "", append([]string{"--db", url}, args...)...)
	}
	here(media.Dir, "demo").has(t, exitDone)
	copies := filepath.Join(backups, "media")
	here(media.Dir, "backup", filepath.Join(backups, "1.db"), "--media", copies).has(t, exitDone, "1 new photos")
	second := keep("a display")
	here(media.Dir, "backup", filepath.Join(backups, "2.db"), "--media", copies).has(t, exitDone, "1 new photos")
	if err := os.WriteFile(outbox.Media{Dir: copies}.Path(first.Hash), []byte("a shelx"), 0o600); err != nil {
		t.Fatal(err)
	}
	here(again, "restore", filepath.Join(backups, "2.db"), "--force", "--media", copies).has(t, exitFailed, "restored and compared", "1 new photos", first.Hash+" is damaged")
	if data, err := os.ReadFile(outbox.Media{Dir: again}.Path(second.Hash)); err != nil || string(data) != "a display" {
		t.Errorf("%q %v", data, err)
	}
	here(media.Dir, "restore", filepath.Join(backups, "2.db"), "--force", "--media", copies).has(t, exitDone, "0 new photos")
}

// TestRestoreRefused: what is no backup, damaged, or from a newer program changes nothing.
func TestRestoreRefused(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	url := storetest.URL(t, "sqlite")
	program(t, "", "--db", url, "demo").has(t, exitDone)
	whole := filepath.Join(t.TempDir(), "whole.db")
	program(t, "", "--db", url, "backup", whole).has(t, exitDone)
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	damaged := slices.Clone(data)
	copy(damaged[len(damaged)/2:], bytes.Repeat([]byte{0xff}, 8192))
	newer := file(t, "newer.db", string(data))
	if db, err := store.Open(context.Background(), "sqlite:"+newer); err != nil {
		t.Fatal(err)
	} else if err := errors.Join(db.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)`)
		return err
	}), db.Close()); err != nil {
		t.Fatal(err)
	}
	foreign := file(t, "foreign.db", "SQLite format 3\x00"+strings.Repeat("\x00", 4096))
	was := exported(t, url)
	for path, want := range map[string]string{
		file(t, "text.db", "code,name\n"): "is no backup", file(t, "cut.db", string(data[:len(data)/3])): "cannot be restored",
		file(t, "damaged.db", string(damaged)): "cannot be restored", newer: "newer fieldbot", foreign: "",
	} {
		program(t, "", "--db", url, "restore", path, "--force").has(t, exitFailed, want)
	}
	same(t, "after what was refused", was, exported(t, url))
}

// TestMove: everything moves to the other engine and back, as it was.
func TestMove(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	if !slices.Contains(storetest.Engines, "postgres") {
		t.Skip("PostgreSQL is not there")
	}
	from, server, back := storetest.URL(t, "sqlite"), storetest.URL(t, "postgres"), storetest.URL(t, "sqlite")
	program(t, "/visit log \"Kiosk 14\" intent=strong\n", "--db", from, "demo").has(t, exitDone)
	was := exported(t, from)
	program(t, "", "--db", from, "move", "--to", server).has(t, exitDone, "moved and compared")
	same(t, "moved", was, exported(t, server))
	program(t, "", "--db", from, "move", "--to", server).has(t, exitFailed, "not empty")
	program(t, "", "--db", server, "move", "--to", back).has(t, exitDone, "moved and compared")
	same(t, "moved back", was, exported(t, back))
	program(t, "", "--db", from, "move", "--to", tempDB(t)).has(t, exitUsage, "the other engine")
}

// TestBackupOfOneInstant: while units of work go on, a backup holds whole ones, and so does
// the other engine after a move.
func TestBackupOfOneInstant(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, stop := context.WithCancel(t.Context())
		busy, ended := make(chan struct{}, 1), make(chan error, 1)
		go func() {
			for n := 0; ; n++ {
				at := time.UnixMilli(int64(n)).UTC().Format(time.RFC3339Nano)
				err := db.Write(ctx, func(tx *store.Tx) error { return errors.Join(tx.SetSetting("one", at), tx.SetSetting("two", at)) })
				if err != nil {
					ended <- nil // stopped
					return
				}
				select {
				case busy <- struct{}{}:
				default:
				}
			}
		}()
		instants := 5
		if testing.Short() {
			instants = 2
		}
		for i := range instants {
			<-busy
			path := filepath.Join(t.TempDir(), "b.db")
			if err := store.Backup(ctx, db, path, func(string, int64) {}); err != nil {
				t.Fatal(i, err)
			}
			copied, err := store.Open(ctx, "sqlite:"+path)
			if err != nil {
				t.Fatal(err)
			}
			whole(t, copied)
			if err := copied.Close(); err != nil {
				t.Fatal(err)
			}
		}
		<-busy
		moved := storetest.Open(t, storetest.Engines[len(storetest.Engines)-1-slices.Index(storetest.Engines, db.Engine())])
		if _, err := store.Copy(ctx, db, moved, true, func(string, int64) {}); err != nil {
			t.Fatal(err)
		}
		whole(t, moved)
		stop()
		<-ended
	})
}

// whole reads what a unit of work wrote, all of it.
func whole(t *testing.T, db *store.DB) {
	t.Helper()
	var one, two string
	if err := db.Read(t.Context(), func(tx *store.Tx) (err error) {
		if one, err = tx.Setting("one"); err == nil {
			two, err = tx.Setting("two")
		}
		return err
	}); err != nil || one != two || one == "" {
		t.Errorf("half a unit: %q %q %v", one, two, err)
	}
}

// TestNightly: one backup a night, from two in the morning on; the oldest go.
func TestNightly(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "sqlite")
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	n := nightly{t.TempDir(), 1}
	made := func(at string) string {
		t.Helper()
		now, err := time.ParseInLocation("2006-01-02 15:04", at, berlin)
		if err != nil {
			t.Fatal(err)
		}
		db.Now = func() time.Time { return now }
		file, err := n.make(t.Context(), db, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return filepath.Base(file)
	}
	for _, x := range []struct{ at, want string }{
		{"2026-11-23 01:59", "."}, {"2026-11-23 02:00", "fieldbot-2026-11-23.db"}, {"2026-11-23 02:01", "."}, {"2026-11-24 09:00", "fieldbot-2026-11-24.db"},
	} {
		if got := made(x.at); got != x.want {
			t.Errorf("at %s: %q, want %q", x.at, got, x.want)
		}
	}
	left, err := os.ReadDir(n.dir)
	if err != nil || len(left) != 1 || left[0].Name() != "fieldbot-2026-11-24.db" {
		t.Errorf("left: %v %v", left, err)
	}
}

// TestHistory: who changed a thing is told, with what it was and is.
func TestHistory(t *testing.T) {
	storetest.Walk(t)
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t, engine)
			program(t, "/deal edit D-1012 value=5000\n/undo\n", "--db", url, "demo", "--as", "tom").has(t, exitDone)
			program(t, "", "--db", url, "history", "D-1012").has(t, exitDone, "update  terminal by tom, undone", "value: ", " → 500000", "undo  terminal by tom")
			program(t, "", "--db", url, "history", "people:anna").has(t, exitDone, "handle: anna")
			program(t, "", "--db", url, "history", "nothing").has(t, exitFailed, "nothing is called")
		})
	}
}
