package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"fieldbot/bot"
	"fieldbot/bot/config"
	"fieldbot/bot/daemon"
	"fieldbot/bot/files"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/wire/outbox"
	"fieldbot/store"
)

func newApp(e *env, db *store.DB, c *config.Config) *bot.App {
	return bot.New(db, c, e.logger(c), prometheus.NewRegistry())
}

type checkVerb struct{}

// Help implements kong's detailed help.
func (checkVerb) Help() string { return "Example:\n  fieldbot check" }

// report prints a line a finding.
type report struct {
	e   *env
	bad bool
}

func (r *report) line(what string, err error, good, cure string) error {
	if err == nil {
		return r.e.printf("ok   %-9s %s\n", what, good)
	}
	r.bad = true
	return r.e.printf("BAD  %-9s %v → %s\n", what, err, cure)
}

// Run checks everything that serve needs.
func (checkVerb) Run(e *env) error {
	r := &report{e: e}
	c, err := e.config()
	if err != nil {
		return err
	}
	if err := r.line("config", nil, "every key is known and usable", ""); err != nil {
		return err
	}
	err = e.exists()
	var db *store.DB
	if err == nil {
		if db, _, err = e.openRaw(); err == nil {
			err = db.Ping(e.ctx)
		}
	}
	if err := r.line("database", err, "answers", "see database.url"); err != nil {
		return err
	}
	if err == nil {
		if err := r.database(e.ctx, db, c); err != nil {
			return err
		}
		if err := r.media(e.ctx, db, c); err != nil {
			return err
		}
	}
	if err := r.platforms(e.ctx, c); err != nil {
		return err
	}
	if r.bad {
		return errBad
	}
	return nil
}

func (r *report) database(ctx context.Context, db *store.DB, c *config.Config) error {
	pending, err := db.Pending(ctx)
	if err == nil && len(pending) > 0 {
		err = fmt.Errorf("%d migrations are pending", len(pending))
	}
	if err := r.line("schema", err, "current", "run fieldbot migrate"); err != nil || len(pending) > 0 {
		return err
	}
	if err := r.line("settings", command.Fits(ctx, bot.Modules(), db, c), "fit what is kept", "correct them in the config file"); err != nil {
		return err
	}
	var unseen []string
	if err := db.Read(ctx, func(tx *store.Tx) (err error) { unseen, err = files.Unseen(tx); return err }); err != nil {
		return err
	}
	for _, text := range unseen {
		if err := r.e.printf("note %-9s %s\n", "sight", text); err != nil {
			return err
		}
	}
	if err := r.e.printf("note %-9s %s\n", "backup", lastBackup(ctx, db)); err != nil {
		return err
	}
	note, err := outbox.Moving(ctx, db)
	if err == nil && note != "" {
		err = errors.New(note)
	}
	if err := r.line("queue", err, "messages leave", "is \"fieldbot serve\" running, and do the platforms answer? see its log"); err != nil {
		return err
	}
	var dead []store.Out
	var counts store.OutboxCounts
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		if counts, err = tx.CountOutbox(); err != nil {
			return err
		}
		dead, err = tx.DeadOutbox(5)
		return err
	})
	if err == nil && len(dead) > 0 {
		err = fmt.Errorf("%d messages can never be delivered; the last: %s, %s", counts.Dead, dead[0].Platform, dead[0].Error)
	}
	if err := r.line("outbox", err, fmt.Sprintf("%d waiting, none dead", counts.Queued), "see \"fieldbot export outbox\"; people may have to link their chat again"); err != nil {
		return err
	}
	if err := r.kept(ctx, db, c); err != nil {
		return err
	}
	if err := r.trail(ctx, db); err != nil {
		return err
	}
	return r.clock(ctx, db)
}

// kept says how much of what is done is still kept, and for how long.
func (r *report) kept(ctx context.Context, db *store.DB, c *config.Config) error {
	var kept []store.Kept
	err := db.Read(ctx, func(tx *store.Tx) (err error) { kept, err = tx.Kept(store.Retention(c.Retention)); return err })
	var parts []string
	for _, k := range kept {
		parts = append(parts, fmt.Sprintf("%s %d (%d kB, %d days)", k.Name, k.Rows, k.Bytes/1000, k.Days))
	}
	return r.line("kept", err, strings.Join(parts, ", "), "see the database's log")
}

// trail says whether the audit trail is as it was written.
func (r *report) trail(ctx context.Context, db *store.DB) error {
	var found store.Chains
	err := db.Read(ctx, func(tx *store.Tx) (err error) { found, err = store.VerifyTrail(tx); return err })
	if err == nil && len(found.Broken) > 0 {
		var named []string
		for _, b := range found.Broken {
			named = append(named, fmt.Sprintf("%s:%s: %s", b.Kind, b.ID, b.Why))
		}
		err = errors.New("it is not as it was written: " + strings.Join(named, "; "))
	}
	good := fmt.Sprintf("%d lines, as they were written", found.Lines)
	if found.Erased > 0 {
		good += fmt.Sprintf("; %d erased on request", found.Erased)
	}
	if found.Before > 0 {
		good += fmt.Sprintf("; %d from before it was chained", found.Before)
	}
	return r.line("trail", err, good, "compare \"fieldbot history KIND:ID\" with a backup, and find out who can write to the database")
}

// clock compares this machine's clock with the newest row: entries from the
// future mean that a clock is wrong.
func (r *report) clock(ctx context.Context, db *store.DB) error {
	var newest time.Time
	err := db.Read(ctx, func(tx *store.Tx) (err error) {
		newest, _, err = store.One[time.Time](tx, `SELECT at FROM audit_trail ORDER BY at DESC LIMIT 1`)
		return err
	})
	if ahead := time.Until(newest); err == nil && ahead > time.Minute {
		err = fmt.Errorf("the newest entry is %s in the future", ahead.Round(time.Second))
	}
	return r.line("clock", err, now().Format(time.RFC3339), "set this machine's clock (NTP)")
}

func (r *report) media(ctx context.Context, db *store.DB, c *config.Config) error {
	m := outbox.Media{Dir: c.Media.Dir}
	_, err := os.Stat(filepath.Join(m.Dir, outbox.Marker))
	if os.IsNotExist(err) {
		var some []store.Photo
		err = db.Read(ctx, func(tx *store.Tx) (err error) { some, err = tx.Photos("stored", 1); return err })
		if err == nil && len(some) == 0 {
			return r.line("media", nil, "no photos yet; serve makes the folder", "")
		}
		return r.line("media", fmt.Errorf("%s is not the media folder: its marker file %s is missing", m.Dir, outbox.Marker), "", "mount the disk that holds it, or set media.dir")
	}
	missing := 0
	if err == nil {
		err = db.Read(ctx, func(tx *store.Tx) error {
			photos, err := tx.Photos("stored", 100_000)
			for _, p := range photos {
				if _, err := os.Stat(m.Path(p.Hash)); err != nil {
					missing++
				}
			}
			return err
		})
	}
	if err == nil && missing > 0 {
		err = fmt.Errorf("%d photos are missing", missing)
	}
	return r.line("media", err, m.Dir, "restore them from a backup of media.dir")
}

func (r *report) platforms(ctx context.Context, c *config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if c.Slack.Mode == "off" {
		if err := r.line("slack", nil, "off", ""); err != nil {
			return err
		}
	} else {
		team, err := daemon.NewSlack(c, r.e.logger(c)).Check(ctx)
		if err := r.line("slack", err, "the token belongs to "+team, "paste the token of the installed app into slack.bot_token; install it again after changing scopes"); err != nil {
			return err
		}
	}
	if c.Telegram.Mode == "off" {
		return r.line("telegram", nil, "off", "")
	}
	t := daemon.NewTelegram(c, r.e.logger(c))
	name, err := t.Check(ctx)
	if err == nil && c.Telegram.Mode == "polling" {
		hook, failed := t.Webhook(ctx)
		if failed == nil && hook != "" {
			failed = errors.New("a webhook is set, so that polling brings nothing: another program reads this bot")
		}
		if failed != nil {
			return r.line("telegram", failed, "", "stop the other program; \"fieldbot serve\" removes the webhook when it starts")
		}
	}
	return r.line("telegram", err, "the token belongs to @"+name, "paste the token that @BotFather gave into telegram.token")
}

type versionVerb struct{}

// Help implements kong's detailed help.
func (versionVerb) Help() string { return "Example:\n  fieldbot version" }

// version is set by the release build.
var version = "dev"

// Run prints what runs. A database that does not answer is no failure here.
func (versionVerb) Run(e *env) error {
	commit := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	if err := e.printf("fieldbot %s\ncommit %s\n", version, commit); err != nil {
		return err
	}
	err := e.exists()
	if err != nil {
		return e.printf("database: %v\n", err)
	}
	db, _, err := e.openRaw()
	if err != nil {
		return e.printf("database: %v\n", err)
	}
	engine, err := db.Version(e.ctx)
	if err != nil {
		return err
	}
	return e.printf("%s %s\n", db.Engine(), engine)
}
