package chattest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"fieldbot/bot"
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/config"
	"fieldbot/bot/daemon"
	"fieldbot/bot/demo"
	"fieldbot/bot/files"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/command"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// Monday is the clock that worlds begin at: a Monday, 10:02 in Shanghai and
// 03:02 in Berlin.
var Monday = time.Date(2026, 11, 23, 2, 2, 0, 0, time.UTC)

// World is a daemon with its platforms and a clock that moves when told.
type World struct {
	T        testing.TB
	DB       *store.DB
	Config   *config.Config
	Daemon   *daemon.Daemon
	Slack    *Slack
	Telegram *Telegram
	URL      string // of the daemon's HTTP

	mu   sync.Mutex
	now  time.Time
	from time.Time // a running clock was set at this instant

	prompt  bool
	surface string // of a transcript's people
	stop    func()
}

// Options say what kind of world it is.
type Options struct {
	Engine   string // sqlite unless told
	Slack    string // mode: off unless told
	Telegram string
	Now      time.Time // Monday unless told
	Config   func(*config.Config)
	Empty    bool               // no demo company
	Running  bool               // the clock runs by itself
	Prompt   bool               // answers come when the platforms want them; else on a slow machine too
	Observe  func(query string) // sees every statement; see store.DB
	Keep     *World             // take over its database and platforms: a restart
	DB       *store.DB          // on this database of its own server, which is filled first
}

// OnEngines runs a test in a world on each engine.
func OnEngines(t *testing.T, o Options, test func(t *testing.T, w *World)) {
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			own := o // both run at once
			own.Engine = engine
			test(t, Start(t, own))
		})
	}
}

// Handles of the demo's people on the platforms.
const (
	AnnaSlack     = "UANNA"
	AnnaTelegram  = 1001
	LiWeiSlack    = "ULIWEI"
	LiWeiTelegram = 1002
)

// Start starts a world with the demo company in it; Anna and 李伟 are linked
// on both platforms.
func Start(t testing.TB, o Options) *World {
	t.Helper()
	if o.Engine == "" {
		o.Engine = "sqlite"
	}
	if o.Now.IsZero() {
		o.Now = Monday
	}
	w := &World{T: t, now: o.Now, prompt: o.Prompt}
	if o.Running {
		w.from = time.Now()
	}
	c := config.Default()
	c.Company.Language = "en"
	c.Media.Dir = filepath.Join(t.TempDir(), "media")
	w.Config = &c
	if o.Keep != nil {
		w.DB, w.Slack, w.Telegram, w.Config.Media.Dir = o.Keep.DB, o.Keep.Slack, o.Keep.Telegram, o.Keep.Config.Media.Dir
	} else if w.DB = o.DB; w.DB == nil {
		w.DB = w.open(o)
	} else if err := demo.Fill(context.Background(), w.DB, w.Config); err != nil {
		t.Fatal(err)
	}
	w.DB.Now, w.DB.Observe = w.Now, o.Observe
	if o.Keep == nil && !o.Empty {
		w.link(o)
	}
	w.connect(o)
	if o.Config != nil {
		o.Config(&c)
	}
	w.run()
	return w
}

// open opens a database with the demo company in it, a copy of one that was filled once
// for an instant.
func (w *World) open(o Options) *store.DB {
	if o.Empty {
		return storetest.Open(w.T, o.Engine)
	}
	return storetest.OpenFilled(w.T, o.Engine, "demo of "+o.Now.UTC().String(), func(db *store.DB) error {
		db.Now = func() time.Time { return o.Now }
		return demo.Fill(context.Background(), db, w.Config)
	})
}

// link gives the people of the demo who are spoken with their handles.
func (w *World) link(o Options) {
	for _, handle := range linked {
		slack, telegram := players[handle].ids()
		// People have handles on the platforms that are there.
		if o.Slack == "" && o.Telegram != "" {
			slack = ""
		}
		if o.Telegram == "" && o.Slack != "" {
			telegram = ""
		}
		w.Link(handle, slack, telegram)
	}
	w.rested(w.Now())
}

// rested notes that everybody has had the digests of the day that an instant
// lies in, so that a dialogue is not interrupted by them.
func (w *World) rested(at time.Time) {
	err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
		people, err := personstore.Active(tx)
		if err != nil {
			return err
		}
		for _, p := range people {
			day := command.WordsFor(p, w.Config).Today(at)
			for _, d := range remind.Digests {
				if _, err := tx.MarkOnce(string(d), p.ID, string(day)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

// Link links a person's handles on both platforms.
func (w *World) Link(handle, slack, telegram string) {
	w.T.Helper()
	err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
		p, ok, err := personstore.ByHandle(tx, handle)
		if err != nil || !ok {
			w.T.Fatalf("no person %s: %v", handle, err)
		}
		for platform, id := range map[string]string{"slack": slack, "telegram": telegram} {
			if id == "" {
				continue
			}
			if err := personstore.Link(tx, person.Identity{Platform: platform, ExternalID: id, PersonID: p.ID, Room: id, SeenAt: tx.Now}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

func (w *World) connect(o Options) {
	c := w.Config
	if o.Slack != "" {
		if w.Slack == nil {
			w.Slack = NewSlack(w.T)
			w.Slack.prompt = o.Prompt
		}
		c.Slack = config.Slack{Mode: o.Slack, BotToken: SlackBotToken, AppToken: SlackAppToken, SigningSecret: SlackSecret, APIURL: w.Slack.APIURL()}
	}
	if o.Telegram != "" {
		if w.Telegram == nil {
			w.Telegram = NewTelegram(w.T)
		}
		c.Telegram = config.Telegram{Mode: o.Telegram, Token: TelegramToken, WebhookSecret: TelegramSecret, APIURL: w.Telegram.APIURL()}
	}
}

// logs are the daemon's, shown when the test fails.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.b.Write(p) }

func (w *World) run() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.T.Fatal(err)
	}
	w.URL = "http://" + l.Addr().String()
	w.Config.HTTP.PublicURL = w.URL
	out := &logs{}
	w.Daemon = daemon.New(w.DB, w.Config, slog.New(slog.NewTextHandler(out, nil)))
	if !w.prompt {
		w.Daemon.App.Waits = bot.Waits{TakeUp: Patience, Finish: Patience}
		if w.Daemon.Slack != nil {
			w.Daemon.Slack.Opens = Patience
		}
	}
	w.Daemon.App.Clock.Every = 24 * time.Hour // but for the one at the start, a test calls for ticks
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Daemon.Run(ctx, l) }()
	var once sync.Once
	w.stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				w.T.Errorf("the daemon ended: %v", err)
			}
		})
	}
	w.T.Cleanup(func() {
		w.stop()
		if w.T.Failed() {
			out.mu.Lock()
			_, _ = io.Copy(os.Stderr, &out.b) // only for the eye
			out.mu.Unlock()
		}
	})
	for deadline := time.Now().Add(Patience); !w.ready(ctx); {
		if time.Now().After(deadline) {
			w.T.Fatal("the daemon is not ready")
		}
		<-time.After(time.Millisecond)
	}
	if w.Config.Slack.Mode == "http" {
		w.Slack.Calls(w.URL)
	}
	if w.Config.Slack.Mode == "socket" {
		w.Slack.WaitSockets(2)
	}
	if w.Config.Telegram.Mode == "webhook" {
		w.Telegram.WaitWebhook()
	}
}

// Stop stops the daemon; its database and platforms stay for Options.Keep.
func (w *World) Stop() { w.stop() }

// Now is the world's clock.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.from.IsZero() {
		return w.now.Add(time.Since(w.from))
	}
	return w.now
}

// Pass lets time pass.
func (w *World) Pass(d time.Duration) { w.Set(w.Now().Add(d)) }

// Set sets the clock, once what is on its way to a platform is marked sent: a
// jump would end its lease, and it would be sent again.
func (w *World) Set(t time.Time) {
	for deadline := time.Now().Add(Patience); w.Count(`SELECT count(*) FROM outbox WHERE state = 'queued' AND lease_until > $1`, w.Now()) > 0; {
		if time.Now().After(deadline) {
			w.T.Fatal("a message is stuck on its way")
		}
		<-time.After(time.Millisecond)
	}
	w.mu.Lock()
	w.now = t
	w.mu.Unlock()
}

// ready asks the database last: each world waits a while for what needs none.
func (w *World) ready(ctx context.Context) bool {
	if !w.Daemon.App.Taking() {
		return false
	}
	_, err := w.Daemon.Ready(ctx)
	return err == nil
}

// Export returns the rows of a kind as JSON lines.
func (w *World) Export(kinds ...string) string {
	w.T.Helper()
	var out bytes.Buffer
	if err := files.ExportAll(context.Background(), w.DB, w.Config, kinds, "json", files.Span{Since: w.Now().Add(-48 * time.Hour)}, func(_ string, write func(io.Writer) error) error { return write(&out) }); err != nil {
		w.T.Fatal(err)
	}
	return out.String()
}

// Count returns the number that a query counts.
func (w *World) Count(query string, args ...any) int64 {
	w.T.Helper()
	var n int64
	if err := w.DB.Read(context.Background(), func(tx *store.Tx) (err error) {
		n, _, err = store.One[int64](tx, query, args...)
		return err
	}); err != nil {
		w.T.Fatal(err)
	}
	return n
}
