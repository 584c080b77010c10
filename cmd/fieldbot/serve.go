package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"time"

	"fieldbot/bot/clock"
	"fieldbot/bot/config"
	"fieldbot/bot/daemon"
	"fieldbot/store"
)

type serveVerb struct {
	Backup string `help:"Folder for a backup each night." placeholder:"DIR"`
	Keep   int    `help:"How many of them stay." default:"7" placeholder:"N"`
}

// Help implements kong's detailed help.
func (serveVerb) Help() string {
	return "Example:\n  fieldbot serve --config config.yaml --backup /var/backups/fieldbot --keep 7"
}

// Run runs the daemon.
func (v *serveVerb) Run(e *env) error {
	if v.Keep < 1 {
		return usageError{errors.New("--keep: write a number from 1 on")}
	}
	db, c, err := e.openRaw()
	if err != nil {
		return err
	}
	if v.Backup != "" {
		if info, err := os.Stat(v.Backup); err != nil || !info.IsDir() {
			return fmt.Errorf("--backup %s is no folder; make it first", v.Backup)
		}
		go nights(e, db, c, nightly{v.Backup, v.Keep})
	}
	return serve(e, db, c)
}

func serve(e *env, db *store.DB, c *config.Config) error {
	calmCollector()
	l, err := (&net.ListenConfig{}).Listen(e.ctx, "tcp", c.HTTP.Listen)
	if err != nil {
		return fmt.Errorf("http.listen: %w; is another fieldbot running?", err)
	}
	return daemon.New(db, c, e.logger(c)).Run(e.ctx, l)
}

// calmCollector lets garbage grow to four times what lives, as long as all of it is little:
// a visit costs a fifth less for some 10 MB more. GOGC and GOMEMLIMIT win where they are
// set.
func calmCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(256 << 20)
	}
}

type migrateVerb struct {
	DryRun bool `help:"Print what would run, and run nothing."`
}

// Help implements kong's detailed help.
func (migrateVerb) Help() string { return "Example:\n  fieldbot migrate --dry-run" }

// Run brings the schema up.
func (v *migrateVerb) Run(e *env) error {
	if v.DryRun {
		if err := e.exists(); err != nil {
			return err
		}
	}
	db, _, err := e.openRaw()
	if err != nil {
		return err
	}
	list, verb := db.Migrate, "ran"
	if v.DryRun {
		list, verb = db.Pending, "would run"
	}
	names, err := list(e.ctx)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return e.printf("the schema is current\n")
	}
	for _, n := range names {
		if err := e.printf("%s %s\n", verb, n); err != nil {
			return err
		}
	}
	return nil
}

type remindVerb struct {
	At     string `help:"As of this time (RFC 3339); now if left out." placeholder:"TIME"`
	DryRun bool   `help:"Print who would get what, when and why; queue nothing."`
}

// Help implements kong's detailed help.
func (remindVerb) Help() string {
	return "Example:\n  fieldbot remind --at 2026-11-23T08:10:00+08:00 --dry-run"
}

// Run queues or prints the reminders that are due.
func (v *remindVerb) Run(e *env) error {
	db, c, err := e.openExisting()
	if err != nil {
		return err
	}
	if v.At != "" {
		at, err := time.Parse(time.RFC3339, v.At)
		if err != nil {
			return usageError{fmt.Errorf("--at %q: write a time such as 2026-11-23T08:10:00+08:00", v.At)}
		}
		db.Now = func() time.Time { return at }
	}
	app := newApp(e, db, c)
	if !v.DryRun {
		queued, unreachable, err := app.Clock.Remind(e.ctx)
		if err != nil {
			return err
		}
		return e.printf("%d queued; the daemon sends them. %d people have no chat linked\n", queued, unreachable)
	}
	due, err := app.Clock.Due(e.ctx)
	if err != nil {
		return err
	}
	shown := 0
	for _, r := range due {
		if r.Reply.Title == "" {
			continue
		}
		shown++
		if err := e.printf("%s · %s · %s digest, %s%s\n%s\n%s\n\n", r.Day, r.Person.Handle, r.Digest, c.Reminders.Clock(r.Digest), late(r), r.Reply.Title, r.Reply.Text); err != nil {
			return err
		}
	}
	if shown == 0 {
		return e.printf("nothing is due for anybody at that time\n")
	}
	return nil
}

func late(r clock.Reminder) string {
	if r.Late {
		return " (late)"
	}
	return ""
}

var errBad = errors.New("something is bad; see the lines marked BAD")
