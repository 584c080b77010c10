package chattest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// places are logged one after the other, and must be answered so.
var places = []string{"Kiosk 14", "Kiosk 22", "Nordmarkt Mitte"}

// TestPlatformTrouble: 429, 500, 502 and resets delay what is said, in order,
// and lose nothing, on both platforms.
func TestPlatformTrouble(t *testing.T) {
	t.Parallel()
	for _, surface := range []string{"slack http", "telegram polling"} {
		t.Run(surface, func(t *testing.T) {
			t.Parallel()
			w, anna := chattest.On(t, surface, "anna", chattest.Options{Running: true})
			answers := []int{http.StatusTooManyRequests, http.StatusInternalServerError, chattest.HangUp, http.StatusBadGateway, http.StatusTooManyRequests}
			troubles := make(chan int, len(answers))
			for _, a := range answers {
				troubles <- a
			}
			trouble(w, func(method, _ string) (a chattest.Answer) {
				if method == "sendMessage" || method == "chat.postMessage" {
					select {
					case a.Status = <-troubles:
						a.RetryAfter = 1
					default:
					}
				}
				return a
			})
			for _, place := range places {
				anna.Say("/visit log \"" + place + "\" intent=weak")
			}
			for _, place := range places {
				readUntil(t, anna, "Visit logged: "+place)
			}
		})
	}
}

// readUntil reads up to the message that holds a text; on Slack an answer on
// the request itself comes beside the kept message.
func readUntil(t *testing.T, s interface{ Read() chattest.Message }, text string) {
	t.Helper()
	for range 10 {
		if strings.Contains(s.Read().Text, text) {
			return
		}
	}
	t.Fatalf("no %q", text)
}

func trouble(w *chattest.World, t chattest.Trouble) {
	if w.Slack != nil {
		w.Slack.SetTrouble(t)
		w.Slack.IgnoreUnread()
	}
	if w.Telegram != nil {
		w.Telegram.SetTrouble(t)
	}
}

// TestLimitOfOneRoom: what a platform asks for one room holds up that room alone, for
// ten minutes at most, whatever it asks for.
func TestLimitOfOneRoom(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Slack: "http", Telegram: "polling"})
	limited := map[string]bool{chattest.AnnaSlack: true, fmt.Sprint(chattest.AnnaTelegram): true}
	trouble(w, func(_, room string) (a chattest.Answer) {
		if limited[room] {
			a.Status, a.RetryAfter = http.StatusTooManyRequests, 31_536_000
		}
		return a
	})
	anna, wei := w.Slack.User(chattest.AnnaSlack), w.Slack.User(chattest.LiWeiSlack)
	anna.Command("/visit", "log Kiosk 14 intent=weak")
	w.Telegram.User(chattest.AnnaTelegram).Say("/visit log Kiosk 22 intent=weak")
	waitFor(t, func() bool { return w.Count(`SELECT count(*) FROM outbox WHERE state = 'queued' AND error <> ''`) == 2 })
	wei.Command("/visit", "log 大润发杨浦 intent=strong")
	readUntil(t, wei, "大润发杨浦")
	w.Telegram.User(chattest.LiWeiTelegram).Say("/whoami")
	readUntil(t, w.Telegram.User(chattest.LiWeiTelegram), "李伟")
	if n := w.Count(`SELECT count(*) FROM outbox WHERE due_at > $1`, w.Now().Add(10*time.Minute)); n != 0 {
		t.Errorf("%d messages are put off for longer than ten minutes", n)
	}
	trouble(w, nil)
	w.Pass(10 * time.Minute)
	readUntil(t, anna, "Visit logged: Kiosk 14")
	readUntil(t, w.Telegram.User(chattest.AnnaTelegram), "Visit logged: Kiosk 22")
}

// TestUnknownErrors: an error that nobody has heard of kills no message; one that is
// about the message does, and one about the person finds the next handle.
func TestUnknownErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code string
		dead int64
	}{"unknown": {"weird_new_error", 0}, "about the message": {"invalid_blocks", 1}, "about the person": {"user_disabled", 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := chattest.Start(t, chattest.Options{Slack: "http", Telegram: "polling"})
			trouble(w, func(method, room string) (a chattest.Answer) {
				if method == "chat.postMessage" && room == chattest.AnnaSlack {
					a.Error = c.code
				}
				return a
			})
			w.Slack.User(chattest.AnnaSlack).Command("/visit", "log Kiosk 14 intent=weak")
			waitFor(t, func() bool { return w.Count(`SELECT count(*) FROM outbox WHERE error <> ''`) > 0 })
			if n := w.Count(`SELECT count(*) FROM outbox WHERE state = 'dead'`); n != c.dead {
				t.Errorf("%d messages are dead", n)
			}
			if c.code == "user_disabled" {
				readUntil(t, w.Telegram.User(chattest.AnnaTelegram), "Visit logged: Kiosk 14")
			}
		})
	}
}

// TestWordsBeforeFile: what hangs on words never holds them up: they arrive with their
// buttons, and the file after them, or not at all.
func TestWordsBeforeFile(t *testing.T) {
	t.Parallel()
	for _, surface := range []string{"slack http", "telegram polling"} {
		t.Run(surface, func(t *testing.T) {
			t.Parallel()
			w, martin := chattest.On(t, surface, "martin", chattest.Options{})
			trouble(w, func(method, _ string) (a chattest.Answer) {
				switch method {
				case "files.getUploadURLExternal":
					a.Error = "storage_limit_reached"
				case "sendPhoto":
					a.Status, a.Error = http.StatusRequestEntityTooLarge, "Request Entity Too Large"
				}
				return a
			})
			martin.Say("/funnel")
			if m := has(t, martin.Read(), "Funnel"); len(m.Buttons) == 0 {
				t.Error("the words have no buttons")
			}
			waitFor(t, func() bool { return w.Count(`SELECT count(*) FROM outbox WHERE state = 'dead'`) == 1 })
		})
	}
}

// TestQueueStands: that messages do not leave is said where the daemon is watched.
func TestQueueStands(t *testing.T) {
	t.Parallel()
	w, anna := chattest.On(t, "slack http", "anna", chattest.Options{})
	trouble(w, func(method, _ string) (a chattest.Answer) {
		if method == "chat.postMessage" {
			a.Status, a.RetryAfter = http.StatusTooManyRequests, 600
		}
		return a
	})
	anna.Say("/visit log \"Kiosk 14\" intent=weak")
	w.Pass(20 * time.Minute)
	if note, err := w.Daemon.Ready(context.Background()); err != nil || !strings.Contains(note, "the outbox does not move") {
		t.Errorf("%q, %v", note, err)
	}
}

// TestFileGone: nothing is said to be saved in a database whose file was moved away.
func TestFileGone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bot.db")
	db := storetest.OpenAt(t, "sqlite:"+path)
	if _, err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path, path+".moved"); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(context.Background(), func(tx *store.Tx) error { return tx.SetSetting("x", "y") }); !store.Unavailable(err) {
		t.Errorf("it was saved: %v", err)
	}
	if err := db.Writable(context.Background()); err == nil {
		t.Error("changes are kept")
	}
}

// TestAlone: one daemon at a time has a file of SQLite.
func TestAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bot.db")
	first, second := storetest.OpenAt(t, "sqlite:"+path), storetest.OpenAt(t, "sqlite:"+path)
	release, err := first.Alone(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	soon, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if _, err := second.Alone(soon); !errors.Is(err, store.ErrTaken) {
		t.Errorf("the second got it: %v", err)
	}
	release()
	release, err = second.Alone(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	release()
}

// TestHourOfSilence: a platform that is away for an hour gets everything
// afterwards, in order, at the speed it allows.
func TestHourOfSilence(t *testing.T) {
	t.Parallel()
	for _, surface := range []string{"slack http", "telegram polling"} {
		t.Run(surface, func(t *testing.T) {
			t.Parallel()
			w, anna := chattest.On(t, surface, "anna", chattest.Options{})
			trouble(w, func(method, _ string) (a chattest.Answer) {
				if method == "sendMessage" || method == "chat.postMessage" {
					a.Status = http.StatusServiceUnavailable
				}
				return a
			})
			for _, place := range places {
				anna.Say("/visit log \"" + place + "\" intent=weak")
			}
			for range 6 {
				waitFor(t, func() bool {
					return w.Count(`SELECT count(*) FROM outbox WHERE state = 'queued' AND due_at > $1`, w.Now()) > 0 // it was tried
				})
				w.Pass(10 * time.Minute)
			}
			trouble(w, nil)
			w.Pass(10 * time.Minute)
			for _, place := range places {
				readUntil(t, anna, "Visit logged: "+place)
			}
			if n := w.Count(`SELECT count(*) FROM outbox WHERE state = 'dead'`); n != 0 {
				t.Errorf("%d messages are dead", n)
			}
		})
	}
}

// TestDiskFull: what finds no room is said to be not saved, nothing of it is
// half written, and with room again it goes on.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Slack: "http"})
	pages := func(more int64) {
		if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
			n, _, err := store.One[int64](tx, `PRAGMA page_count`)
			if err != nil {
				return err
			}
			_, err = tx.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, n+more))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	pages(1)
	anna := w.Slack.User(chattest.AnnaSlack)
	w.Slack.IgnoreUnread()
	logged, refused := 0, ""
	for n := 0; n < 200 && refused == ""; n++ {
		anna.Command("/visit", fmt.Sprintf("log Kiosk 14 needs=n%d %s", n, strings.Repeat("x", 1500)))
		for {
			m := anna.Read()
			if strings.Contains(m.Text, "not saved") {
				refused = m.Text
				break
			}
			if strings.Contains(m.Text, "Visit logged") {
				logged++
				break
			}
		}
	}
	if !strings.Contains(refused, "This was not saved. Please send it again") {
		t.Fatalf("the disk was never full: %q after %d", refused, logged)
	}
	if n := w.Count(`SELECT count(*) FROM visits WHERE needs LIKE 'n%'`); n != int64(logged) {
		t.Errorf("%d visits for %d answers", n, logged)
	}
	if n := w.Count(`SELECT count(*) FROM visits v WHERE v.needs LIKE 'n%' AND NOT EXISTS (SELECT 1 FROM audit_trail t WHERE t.subject_id = v.id)`); n != 0 {
		t.Errorf("%d visits are half written", n)
	}
	pages(100_000)
	anna.Command("/visit", "log Kiosk 22 needs=room again")
	readUntil(t, anna, "Visit logged: Kiosk 22")
}

// TestLocked: while another process holds the database, what is said is said
// to be not saved within Slack's three seconds; afterwards it goes on.
func TestLocked(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Slack: "http", Running: true, Prompt: true})
	w.Slack.IgnoreUnread()
	other, err := sql.Open("sqlite", column(t, w, `SELECT file FROM pragma_database_list WHERE name = 'main'`))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }() // nothing to lose
	conn, err := other.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(context.Background(), "PRAGMA busy_timeout = 10000"); err != nil { // the daemon may be writing
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(context.Background(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	anna := w.Slack.User(chattest.AnnaSlack)
	anna.Command("/visit", "log Kiosk 14 needs=first")
	if m := anna.Read(); !strings.Contains(m.Text, "Still working on it") && !strings.Contains(m.Text, "not saved") {
		t.Errorf("while locked: %s", m.Text)
	}
	if _, err := conn.ExecContext(context.Background(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	anna.Command("/visit", "log Kiosk 22 needs=second")
	readUntil(t, anna, "Visit logged: Kiosk 22")
	if n := w.Count(`SELECT count(*) FROM visits WHERE needs = 'first'`); n > 1 {
		t.Errorf("the first is there %d times", n)
	}
}

// TestServerRestarts: PostgreSQL ends in the middle and comes back: what was
// said meanwhile was told to be not saved, and what came after is saved, with
// the same daemon.
func TestServerRestarts(t *testing.T) {
	t.Parallel()
	server := storetest.Own(t)
	w := chattest.Start(t, chattest.Options{Slack: "http", Running: true, Prompt: true, DB: storetest.OpenAt(t, server.URL)})
	w.Slack.IgnoreUnread()
	anna := w.Slack.User(chattest.AnnaSlack)
	anna.Command("/visit", "log Kiosk 14 needs=before")
	readUntil(t, anna, "Visit logged: Kiosk 14")
	server.Stop()
	anna.Command("/visit", "log Kiosk 14 needs=meanwhile")
	readUntil(t, anna, "This was not saved")
	server.Start()
	anna.Command("/visit", "log Kiosk 22 needs=after")
	readUntil(t, anna, "Visit logged: Kiosk 22")
	if n := w.Count(`SELECT count(*) FROM visits WHERE needs IN ('before', 'after')`); n != 2 {
		t.Errorf("%d visits", n)
	}
	if n := w.Count(`SELECT count(*) FROM visits WHERE needs = 'meanwhile'`); n != 0 {
		t.Errorf("what was not saved is there")
	}
}

// TestDamagedFile: a database that is damaged is refused or says so; nothing is
// answered as saved.
func TestDamagedFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(data); i++ { // all but the first page
		data[i] = 0xaa
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err = store.Open(ctx, "sqlite:"+path)
	if err == nil {
		err = db.Sound(ctx)
		if errClose := db.Close(); errClose != nil {
			t.Error(errClose)
		}
	}
	if err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged file: %v", err)
	}
}

// TestUnitThatBegan: on PostgreSQL too the deadline is for being taken up;
// what has begun is finished.
func TestUnitThatBegan(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "postgres")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err := db.Write(ctx, func(tx *store.Tx) error {
		<-ctx.Done()
		_, err := tx.Receive("late")
		return err
	})
	if err != nil {
		t.Errorf("a unit that had begun: %v", err)
	}
	if errors.Is(err, store.ErrBusy) {
		t.Error("it was withdrawn")
	}
}
