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
			trouble(w, func(method string) (int, int) {
				if method != "sendMessage" && method != "chat.postMessage" {
					return 0, 0
				}
				select {
				case status := <-troubles:
					return status, 1
				default:
					return 0, 0
				}
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

// TestHourOfSilence: a platform that is away for an hour gets everything
// afterwards, in order, at the speed it allows.
func TestHourOfSilence(t *testing.T) {
	t.Parallel()
	for _, surface := range []string{"slack http", "telegram polling"} {
		t.Run(surface, func(t *testing.T) {
			t.Parallel()
			w, anna := chattest.On(t, surface, "anna", chattest.Options{})
			trouble(w, func(method string) (int, int) {
				if method == "sendMessage" || method == "chat.postMessage" {
					return http.StatusServiceUnavailable, 0
				}
				return 0, 0
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
	url := storetest.URL(t, "sqlite")
	w := chattest.Start(t, chattest.Options{Slack: "http", Running: true, Prompt: true, DB: storetest.OpenAt(t, url)})
	w.Slack.IgnoreUnread()
	other, err := sql.Open("sqlite", strings.TrimPrefix(url, "sqlite:"))
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
