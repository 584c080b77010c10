package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/bot/config"
	"fieldbot/bot/demo"
	"fieldbot/bot/person"
	"fieldbot/store"
	storeperson "fieldbot/store/person"
	"fieldbot/store/storetest"
)

// company fills a database with the demo and links some senders.
func company(t *testing.T, databaseURL string, senders int) {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	c := config.Default()
	if _, err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := demo.Fill(ctx, db, &c); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(ctx, func(tx *store.Tx) error {
		anna, _, err := storeperson.ByHandle(tx, "anna")
		if err != nil {
			return err
		}
		for i := range senders {
			if err := storeperson.Link(tx, person.Identity{Platform: "slack", ExternalID: fmt.Sprintf("U%d", i), PersonID: anna.ID, Room: fmt.Sprintf("U%d", i)}); err != nil {
				return err
			}
		}
		if _, err := tx.Fire("morning", anna.ID, time.Now().In(time.UTC).Format(time.DateOnly)); err != nil {
			return err
		}
		return storeperson.Link(tx, person.Identity{Platform: "telegram", ExternalID: "1001", PersonID: anna.ID, Room: "1001"})
	}); err != nil {
		t.Fatal(err)
	}
}

// kills is how often the daemon is killed: 50, or TEST_KILLS.
func kills(t *testing.T) int {
	if s := os.Getenv("TEST_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 50
}

// TestKill: the daemon is killed at random moments under load; each
// acknowledged visit is there exactly once.
func TestKill(t *testing.T) {
	const senders = 8
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			databaseURL := storetest.URL(t, engine)
			company(t, databaseURL, senders)
			slack := chattest.NewSlack(t)
			slack.IgnoreUnread()
			d := serveProcess(t, "FIELDBOT_DATABASE_URL="+databaseURL, "FIELDBOT_SLACK_MODE=http", "FIELDBOT_SLACK_BOT_TOKEN="+chattest.SlackBotToken,
				"FIELDBOT_SLACK_SIGNING_SECRET="+chattest.SlackSecret, "FIELDBOT_SLACK_API_URL="+slack.APIURL())
			var mu sync.Mutex
			acknowledged := map[string]bool{}
			var stop atomic.Bool
			var all sync.WaitGroup
			for i := range senders {
				all.Go(func() {
					for n := 0; !stop.Load(); n++ {
						mark := fmt.Sprintf("mark-%d-%d", i, n)
						if logVisit(d.url, i, mark) {
							mu.Lock()
							acknowledged[mark] = true
							mu.Unlock()
						}
					}
				})
			}
			for range kills(t) {
				<-time.After(time.Duration(20+rand.IntN(120)) * time.Millisecond)
				d.kill()
				d.start()
			}
			stop.Store(true)
			all.Wait()
			d.kill()
			found := marks(t, databaseURL)
			for mark := range acknowledged {
				if found[mark] != 1 {
					t.Errorf("acknowledged %s is there %d times", mark, found[mark])
				}
			}
			for mark, n := range found {
				if n > 1 {
					t.Errorf("%s is there %d times", mark, n)
				}
			}
			if len(acknowledged) < 50 {
				t.Errorf("only %d visits were acknowledged", len(acknowledged))
			}
			t.Logf("%d kills, %d acknowledged, %d kept", kills(t), len(acknowledged), len(found))
		})
	}
}

// logVisit posts a signed /visit log and reports whether it was acknowledged.
func logVisit(app string, sender int, mark string) bool {
	user := fmt.Sprintf("U%d", sender)
	body := url.Values{"command": {"/visit"}, "text": {`log "Kiosk 14" needs=` + mark}, "user_id": {user}, "channel_id": {"C1"}, "trigger_id": {mark}}.Encode()
	request, err := http.NewRequest(http.MethodPost, app+"/slack/commands", strings.NewReader(body))
	if err != nil {
		return false
	}
	request.Header = chattest.Sign(chattest.SlackSecret, time.Now(), body)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer func() { _ = response.Body.Close() }() // only read
	var answer struct{ Text string }
	if response.StatusCode != http.StatusOK || json.NewDecoder(response.Body).Decode(&answer) != nil {
		return false
	}
	return strings.Contains(answer.Text, "Visit logged")
}

// marks counts the visits of a database by what was noted in them.
func marks(t *testing.T, databaseURL string) map[string]int {
	t.Helper()
	db, err := store.Open(context.Background(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only read
	found := map[string]int{}
	if err := db.Read(context.Background(), func(tx *store.Tx) error {
		needs, err := store.Rows[string](tx, `SELECT needs FROM visits WHERE status = 'done' AND needs LIKE 'mark-%'`)
		for _, n := range needs {
			found[n]++
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

// TestKillInAForm: killed in the middle of a Telegram form, the daemon goes on
// at the same question.
func TestKillInAForm(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			databaseURL := storetest.URL(t, engine)
			company(t, databaseURL, 0)
			telegram := chattest.NewTelegram(t)
			d := serveProcess(t, "FIELDBOT_DATABASE_URL="+databaseURL, "FIELDBOT_TELEGRAM_MODE=polling", "FIELDBOT_TELEGRAM_TOKEN="+chattest.TelegramToken, "FIELDBOT_TELEGRAM_API_URL="+telegram.APIURL())
			anna := telegram.User(1001)
			anna.Say("/visit Kiosk 14")
			if m := anna.Read(); !strings.Contains(m.Text, "Kiosk 14") {
				t.Fatal(m.Text)
			}
			anna.Press("Needs")
			if m := anna.Read(); !strings.Contains(m.Text, "What does the customer need?") {
				t.Fatal(m.Text)
			}
			d.kill()
			anna.Say("a second cooler")
			d.start()
			m := anna.Read()
			if strings.Contains(m.Text, "What does the customer need?") {
				m = anna.Read() // sent, and killed before it was marked: at least once
			}
			if !strings.Contains(m.Text, "Needs: a second cooler") {
				t.Fatal(m.Text)
			}
			anna.Press("Save")
			if m := anna.Read(); !strings.Contains(m.Text, "Visit logged: Kiosk 14") {
				t.Fatal(m.Text)
			}
		})
	}
}

// TestServeWhileAway: the daemon starts while the platforms and PostgreSQL are
// away, says so, and what comes in is told that it was not saved.
func TestServeWhileAway(t *testing.T) {
	t.Parallel()
	d := newProcess(t, "FIELDBOT_DATABASE_URL=postgres://u:very-secret@127.0.0.1:1/x", "FIELDBOT_SLACK_MODE=http", "FIELDBOT_SLACK_BOT_TOKEN=xoxb-1",
		"FIELDBOT_SLACK_SIGNING_SECRET="+chattest.SlackSecret, "FIELDBOT_SLACK_API_URL=http://127.0.0.1:1/api/", "FIELDBOT_TELEGRAM_MODE=polling", "FIELDBOT_TELEGRAM_TOKEN=1:very-secret", "FIELDBOT_TELEGRAM_API_URL=http://127.0.0.1:1")
	d.startUntil("/healthz")
	if response, err := http.Get(d.url + "/readyz"); err != nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("readyz: %v %v", response, err)
	}
	body := url.Values{"command": {"/visit"}, "text": {"log x"}, "user_id": {"U1"}, "trigger_id": {"t1"}, "channel_id": {"D1"}}.Encode()
	request, err := http.NewRequest(http.MethodPost, d.url+"/slack/commands", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = chattest.Sign(chattest.SlackSecret, time.Now(), body)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct{ Text string }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || !strings.Contains(answer.Text, "This was not saved") {
		t.Errorf("%v %q", err, answer.Text)
	}
	d.kill()
	if logs := d.logs.String(); !strings.Contains(logs, "the database is away") || strings.Contains(logs, "very-secret") {
		t.Errorf("logs:\n%s", logs)
	}
}
