// Package daemon puts the parts together: the bot, its platforms, the outbox,
// the schedule and HTTP on one database. Only the program and its tests use
// it, so it may know everything.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"fieldbot/bot"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/config"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/wire/outbox"
	"fieldbot/bot/wire/slack"
	"fieldbot/bot/wire/telegram"
	"fieldbot/bot/wire/web"
	"fieldbot/store"
)

// Daemon is the program that runs all day.
type Daemon struct {
	App      *bot.App
	Outbox   *outbox.Outbox
	Slack    *slack.Slack       // nil when off
	Telegram *telegram.Telegram // nil when off

	db     *store.DB
	config *config.Config
	log    *slog.Logger
	reg    *prometheus.Registry
}

// New makes a daemon on an open database with a current schema.
func New(db *store.DB, c *config.Config, log *slog.Logger) *Daemon {
	d := &Daemon{db: db, config: c, log: log, reg: prometheus.NewRegistry()}
	d.reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	var senders []chat.Sender
	if c.Slack.Mode != "off" {
		d.Slack = NewSlack(c, log)
		senders = append(senders, d.Slack)
	}
	if c.Telegram.Mode != "off" {
		d.Telegram = NewTelegram(c, log)
		senders = append(senders, d.Telegram)
	}
	d.App = bot.New(db, c, log, d.reg, senders...)
	d.Outbox = outbox.New(db, log, outbox.Media{Dir: c.Media.Dir}, d.App.MakeFile, d.App.PhotoSeen, d.reg, senders...)
	d.App.Wake = d.Outbox.Wake
	d.App.Close() // until Run finds the schema current
	if d.Slack != nil {
		d.Slack.SetDeliver(d.App.Deliver)
	}
	if d.Telegram != nil {
		d.Telegram.SetDeliver(d.App.Deliver)
	}
	return d
}

// NewSlack makes the connection to Slack that a config describes.
func NewSlack(c *config.Config, log *slog.Logger) *slack.Slack {
	return slack.New(slack.Options{BotToken: c.Slack.BotToken.Reveal(), AppToken: c.Slack.AppToken.Reveal(), SigningSecret: c.Slack.SigningSecret.Reveal(), APIURL: c.Slack.APIURL, Prefix: c.Slack.CommandPrefix, Log: log})
}

// NewTelegram makes the connection to Telegram that a config describes.
func NewTelegram(c *config.Config, log *slog.Logger) *telegram.Telegram {
	return telegram.New(telegram.Options{Token: c.Telegram.Token.Reveal(), WebhookSecret: c.Telegram.WebhookSecret.Reveal(), PublicURL: c.HTTP.PublicURL, APIURL: c.Telegram.APIURL, Log: log})
}

// Handler is everything that the daemon serves over HTTP: the paths of the
// platforms that call it, and its own.
func (d *Daemon) Handler() http.Handler {
	var called []web.Routes
	if d.config.Slack.Mode == "http" {
		called = append(called, d.Slack)
	}
	if d.config.Telegram.Mode == "webhook" {
		called = append(called, d.Telegram)
	}
	return web.Handler(d.Ready, d.reg, called...)
}

// Ready reports whether the database answers, its schema is current, changes are kept,
// and updates are taken. A queue of messages that does not move is a note: starting
// anew would not move it.
func (d *Daemon) Ready(ctx context.Context) (note string, err error) {
	if err := d.db.Ping(ctx); err != nil {
		return "", err
	}
	pending, err := d.db.Pending(ctx)
	switch {
	case err != nil:
		return "", err
	case len(pending) > 0:
		return "", fmt.Errorf("%d migrations are pending", len(pending))
	case !d.App.Taking():
		return "", errors.New("starting")
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if err := d.db.Writable(ctx); err != nil {
		return "", fmt.Errorf("nothing can be saved: %w", err)
	}
	return outbox.Moving(ctx, d.db)
}

// prepare brings the database up to date, trying until it answers: what comes
// in meanwhile is told that it was not saved.
func (d *Daemon) prepare(ctx context.Context) error {
	if err := d.db.Sound(ctx); err != nil {
		return err
	}
	for {
		_, err := d.db.Migrate(ctx)
		if err == nil {
			err = accountstore.Recadence(ctx, d.db, d.config.Visits.Cadence)
		}
		if err == nil {
			err = d.db.Refill(ctx, "search", search.Rules, search.Kept)
		}
		if err == nil {
			err = command.Fits(ctx, d.App.Modules, d.db, d.config)
		}
		if !store.Unavailable(err) || ctx.Err() != nil {
			return err
		}
		d.log.Warn("the database is away; trying again", "in", retry, "err", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(retry):
		}
	}
}

// retry is how long the daemon waits for a database that is away.
const retry = 2 * time.Second

// Run serves on a listener until ctx ends, then ends what is at work. The
// database and the platforms may be away: they are tried until they answer.
func (d *Daemon) Run(ctx context.Context, l net.Listener) error {
	if err := (outbox.Media{Dir: d.config.Media.Dir}).Prepare(); err != nil {
		return fmt.Errorf("media.dir: %w", err)
	}
	release, err := d.db.Alone(ctx)
	if err != nil {
		return err
	}
	defer release()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var parts sync.WaitGroup
	var failed error
	part := func(run func() error) {
		parts.Go(func() {
			if err := run(); err != nil && ctx.Err() == nil {
				failed = err
				stop()
			}
		})
	}
	quiet := func(run func(context.Context)) func() error { return func() error { run(ctx); return nil } }
	part(func() error { return web.Serve(ctx, l, d.Handler()) })
	if err := d.prepare(ctx); err != nil || ctx.Err() != nil {
		if ctx.Err() != nil {
			err = nil // told to stop before it was up
		}
		stop()
		parts.Wait()
		return errors.Join(failed, err)
	}
	d.App.Open()
	part(func() error { return d.App.Clock.Run(ctx) })
	part(quiet(d.Outbox.Run))
	if d.Slack != nil {
		part(quiet(d.Slack.Team))
	}
	if d.config.Slack.Mode == "socket" {
		part(quiet(d.Slack.Listen))
	}
	switch d.config.Telegram.Mode {
	case "polling":
		part(func() error { d.Telegram.Poll(ctx, d.App.Clock.Lease("telegram polling")); return nil })
	case "webhook":
		part(quiet(d.Telegram.SetWebhook))
	}
	d.log.Info("fieldbot is up", "http", l.Addr().String(), "slack", d.config.Slack.Mode, "telegram", d.config.Telegram.Mode, "database", d.db.Engine())
	parts.Wait()
	return failed
}
