package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"fieldbot/bot"
	"fieldbot/bot/config"
	"fieldbot/bot/demo"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/wire/outbox"
	"fieldbot/bot/wire/terminal"
	"fieldbot/store"
)

type demoVerb struct {
	As    string `help:"Speak as this person; li.wei speaks Chinese." default:"anna" placeholder:"HANDLE"`
	Serve bool   `help:"Run the daemon on the demo company instead of the chat."`
	JSON  bool   `name:"json" help:"Print one JSON object a reply."`
	At    string `help:"Set the clock (RFC 3339), for example 2026-11-23T08:10:00+08:00." placeholder:"TIME"`

	Stores int `help:"Add so many stores with their people, to measure a large company." placeholder:"N"`
	Visits int `help:"With --stores: so many visits to them over the last year." placeholder:"N"`
	Deals  int `help:"Deals of that company, with five changes of stage each." placeholder:"N"`
}

// Help implements kong's detailed help.
func (demoVerb) Help() string {
	return "Example:\n  fieldbot demo\n  fieldbot demo --as li.wei\n  fieldbot demo --stores 100000 --visits 1000000 --deals 100000 --as rep3"
}

// Run makes the company and talks.
func (v *demoVerb) Run(e *env) error {
	if e.cli.DB == "" {
		url, err := e.tempDB()
		if err != nil {
			return err
		}
		e.cli.DB = url
	}
	db, c, err := e.open()
	if err != nil {
		return err
	}
	if empty, err := db.Empty(e.ctx); err != nil || !empty {
		if err == nil {
			err = errNotEmpty
		}
		return err
	}
	if err := setClock(db, v.At); err != nil {
		return err
	}
	if err := demo.Fill(e.ctx, db, c); err != nil {
		return err
	}
	if v.Stores > 0 {
		if err := demo.Large(e.ctx, db, c, demo.Size{Stores: v.Stores, Visits: v.Visits, Deals: v.Deals}); err != nil {
			return err
		}
	}
	if v.Serve {
		return serve(e, db, c)
	}
	return talk(e, db, c, v.As, v.JSON)
}

type chatVerb struct {
	As   string `help:"Handle of the person who speaks." required:"" placeholder:"HANDLE"`
	JSON bool   `name:"json" help:"Print one JSON object a reply: text, buttons, fields, files."`
	At   string `help:"Set the clock (RFC 3339); on an empty database only." placeholder:"TIME"`
}

// Help implements kong's detailed help.
func (chatVerb) Help() string {
	return "Example:\n  fieldbot chat --as anna\n  echo today | fieldbot chat --as anna --json"
}

// Run talks.
func (v *chatVerb) Run(e *env) error {
	db, c, err := e.openExisting()
	if err != nil {
		return err
	}
	if v.At != "" {
		// A wrong clock would spoil the entries of a real company.
		if visited, err := lived(e.ctx, db); err != nil || visited {
			if err == nil {
				err = usageError{fmt.Errorf("--at works on a demo or an empty database only")}
			}
			return err
		}
		if err := setClock(db, v.At); err != nil {
			return err
		}
	}
	return talk(e, db, c, v.As, v.JSON)
}

// lived reports whether a database holds what happened, so that its clock may
// not be set: visits, and not those of the demo.
// Ungated: whether there is any.
func lived(ctx context.Context, db *store.DB) (bool, error) {
	some := false
	err := db.Read(ctx, func(tx *store.Tx) error {
		made, err := tx.Setting(demo.Setting)
		if err != nil || made != "" {
			return err
		}
		_, some, err = store.One[string](tx, `SELECT id FROM visits LIMIT 1`)
		return err
	})
	return some, err
}

// setClock makes the database's clock begin at a time and go on from there.
func setClock(db *store.DB, at string) error {
	if at == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return usageError{fmt.Errorf("--at %q: write a time such as 2026-11-23T08:10:00+08:00", at)}
	}
	start := time.Now()
	db.Now = func() time.Time { return t.Add(time.Since(start)) }
	return nil
}

// talk is the terminal chat: the bot and its outbox, with the terminal as the
// only platform.
func talk(e *env, db *store.DB, c *config.Config, handle string, asJSON bool) error {
	known := false
	if err := db.Read(e.ctx, func(tx *store.Tx) error {
		p, ok, err := personstore.ByHandle(tx, handle)
		known = ok && p.Active()
		return err
	}); err != nil {
		return err
	}
	if !known {
		return fmt.Errorf("there is no person with the handle %q; \"fieldbot user list\" shows all, \"fieldbot user add\" makes one", handle)
	}
	t := &terminal.Terminal{Handle: handle, In: e.in, Out: e.out, JSON: asJSON, Files: filepath.Join(os.TempDir(), "fieldbot-files")}
	if e.interactive() {
		t.Prompt = "> "
		if err := e.printf("You are %s. Say \"today\", \"visit\" or \"help\"; press a button by its number; Ctrl-D ends.\n\n", handle); err != nil {
			return err
		}
	}
	log := slog.New(slog.NewTextHandler(e.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	reg := prometheus.NewRegistry()
	app := bot.New(db, c, log, reg, t)
	out := outbox.New(db, log, outbox.Media{Dir: c.Media.Dir}, app.MakeFile, app.PhotoSeen, reg, t)
	app.Wake = out.Wake
	ctx, stop := context.WithCancel(e.ctx)
	done := make(chan struct{})
	go func() { out.Run(ctx); close(done) }()
	err := t.Run(ctx, app.Deliver)
	stop()
	<-done
	return err
}
