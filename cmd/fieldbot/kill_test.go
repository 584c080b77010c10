package main

import (
	"bytes"
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

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/chattest"
	"fieldbot/bot/config"
	"fieldbot/bot/demo"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
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
	db.Now = func() time.Time { return sundayNoon }
	c := config.Default()
	if _, err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := demo.Fill(ctx, db, &c); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(ctx, func(tx *store.Tx) error {
		tx.By(store.Origin{Source: "test"})
		anna, _, err := personstore.ByHandle(tx, "anna")
		if err != nil {
			return err
		}
		db.SetRules(c.Rules())
		a := account.Account{Code: "B", Name: "Big"}
		if err := accountstore.Add(tx, &a); err != nil {
			return err
		}
		for i := range senders {
			if err := addSender(tx, a, i); err != nil {
				return err
			}
		}
		return personstore.Link(tx, person.Identity{Platform: "telegram", ExternalID: "1001", PersonID: anna.ID, Room: "1001"})
	}); err != nil {
		t.Fatal(err)
	}
}

// addSender adds a rep with a store, on Slack or on Telegram.
func addSender(tx *store.Tx, a account.Account, i int) error {
	p := person.Person{Handle: fmt.Sprintf("rep%d", i), Name: fmt.Sprintf("Rep %d", i), Roles: []person.Role{person.Rep}, Language: "en", Timezone: "UTC", Status: "active", ZoneKnown: true}
	if err := personstore.People.Add(tx, &p); err != nil {
		return err
	}
	for _, class := range []string{"A", "B"} { // one is visited, one stays due
		s := account.Store{Code: fmt.Sprintf("%s%d", map[string]string{"A": "B", "B": "C"}[class], i), Name: fmt.Sprintf("Store %s %d", class, i), AccountID: a.ID, RepID: p.ID, Class: class}
		if err := accountstore.AddStore(tx, &s); err != nil {
			return err
		}
	}
	identity := person.Identity{Platform: "slack", ExternalID: fmt.Sprintf("U%d", i), PersonID: p.ID, Room: fmt.Sprintf("U%d", i)}
	if i%2 == 1 {
		identity.Platform, identity.ExternalID, identity.Room = "telegram", fmt.Sprint(2000+i), fmt.Sprint(2000+i)
	}
	return personstore.Link(tx, identity)
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

// TestKill: the daemon is killed at random moments while senders log visits
// over both platforms: each acknowledged visit is there exactly once, no
// reminder is lost, and what is sent twice was sent when the plug was pulled.
func TestKill(t *testing.T) {
	t.Parallel()
	const senders = 32 // half of them on each platform
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			databaseURL := storetest.URL(t, engine)
			company(t, databaseURL, senders)
			slack, telegram := chattest.NewSlack(t), chattest.NewTelegram(t)
			slack.IgnoreUnread()
			telegram.IgnoreUnread()
			d := serveProcess(t, "FIELDBOT_DATABASE_URL="+databaseURL, "FIELDBOT_SLACK_MODE=http", "FIELDBOT_SLACK_BOT_TOKEN="+chattest.SlackBotToken,
				"FIELDBOT_SLACK_SIGNING_SECRET="+chattest.SlackSecret, "FIELDBOT_SLACK_API_URL="+slack.APIURL(),
				"FIELDBOT_TELEGRAM_MODE=webhook", "FIELDBOT_TELEGRAM_TOKEN="+chattest.TelegramToken, "FIELDBOT_TELEGRAM_WEBHOOK_SECRET="+chattest.TelegramSecret, "FIELDBOT_TELEGRAM_API_URL="+telegram.APIURL(),
				// The morning of a day worked has come, wherever the clock stands.
				"FIELDBOT_COMPANY_WORKDAYS=[mon, tue, wed, thu, fri, sat, sun]", "FIELDBOT_REMINDERS_QUIET=00:00-00:01", "FIELDBOT_REMINDERS_MORNING=00:01")
			var mu sync.Mutex
			acknowledged, more := map[string]bool{}, make(chan bool, 1)
			var stop atomic.Bool
			var all sync.WaitGroup
			for i := range senders {
				all.Go(func() {
					log := logVisit
					if i%2 == 1 {
						log = sendVisit
					}
					for n := 0; !stop.Load(); n++ {
						mark := fmt.Sprintf("mark-%d-%d", i, n)
						if !log(d.url, i, mark, stop.Load) {
							<-time.After(between)
							continue
						}
						mu.Lock()
						acknowledged[mark] = true
						mu.Unlock()
						select {
						case more <- true:
						default: // somebody has said so
						}
					}
				})
			}
			for n := range kills(t) {
				if n%2 == 0 { // on a slow machine, too, some are killed at work and not only on the way up
					<-more
				}
				<-time.After(time.Duration(20+rand.IntN(120)) * time.Millisecond)
				d.kill()
				d.start()
			}
			stop.Store(true)
			all.Wait()
			awaitDigests(t, databaseURL, senders)
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
			sent, again := repeated(append(slack.Sent(), telegram.Sent()...))
			if again > kills(t)*onTheWay {
				t.Errorf("%d messages were repeated", again)
			}
			t.Logf("%d kills, %d acknowledged, %d kept; of %d messages %d were repeated", kills(t), len(acknowledged), len(found), sent, again)
		})
	}
}

// between is how long a sender waits after what was not taken: those who hammer at a daemon on
// its way up keep it from coming up.
const between = 20 * time.Millisecond

// onTheWay is how many messages of each platform may be on their way when the
// plug is pulled: sent, and not marked yet.
const onTheWay = 2 * 32

// awaitDigests waits until every sender's morning digest is in the outbox, and
// is there once. It leaves behind what was said before it, a message a second.
func awaitDigests(t *testing.T, databaseURL string, senders int) {
	t.Helper()
	db, err := store.Open(context.Background(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only read
	for deadline := time.Now().Add(chattest.Patience); ; {
		digests := map[string]int{}
		if err := db.Read(context.Background(), func(tx *store.Tx) error {
			rooms, err := store.Rows[string](tx, `SELECT lane FROM outbox WHERE body LIKE '%"title":"Good morning%'`)
			for _, r := range rooms {
				digests[r]++
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for room, n := range digests {
			if n > 1 {
				t.Errorf("%s has %d digests", room, n)
			}
		}
		if len(digests) >= senders {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("only %d of %d have a digest", len(digests), senders)
			return
		}
		<-time.After(100 * time.Millisecond)
	}
}

// repeated counts messages, and those that came twice: each visit has words of
// its own.
func repeated(messages []chattest.Message) (sent, again int) {
	seen := map[string]bool{}
	for _, m := range messages {
		key := m.Room + m.Text
		if seen[key] {
			again++
		}
		seen[key] = true
	}
	return len(messages), again
}

// logVisit posts a signed /visit log and reports whether it was acknowledged.
func logVisit(app string, sender int, mark string, _ func() bool) bool {
	user := fmt.Sprintf("U%d", sender)
	body := url.Values{"command": {"/visit"}, "text": {fmt.Sprintf("log B%d needs=%s", sender, mark)}, "user_id": {user}, "channel_id": {"C1"}, "trigger_id": {mark}}.Encode()
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

// updates numbers the updates of the fake Telegram.
var updates atomic.Int64

// sendVisit sends a message as Telegram's webhook does: again and again until
// it is taken, and reports whether it was.
func sendVisit(app string, sender int, mark string, stopped func() bool) bool {
	id := 2000 + sender
	body, err := json.Marshal(map[string]any{"update_id": updates.Add(1), "message": map[string]any{"message_id": updates.Load(), "date": time.Now().Unix(), "text": fmt.Sprintf("visit log B%d needs=%s", sender, mark),
		"chat": map[string]any{"id": id, "type": "private"}, "from": map[string]any{"id": id, "is_bot": false, "first_name": "X"}}})
	if err != nil {
		return false
	}
	for !stopped() {
		request, err := http.NewRequest(http.MethodPost, app+"/telegram/webhook", bytes.NewReader(body))
		if err != nil {
			return false
		}
		request.Header.Set("X-Telegram-Bot-Api-Secret-Token", chattest.TelegramSecret)
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close() // only the status counts
			if response.StatusCode/100 == 2 {
				return true
			}
		}
		<-time.After(between)
	}
	return false
}

// marks counts the visits of a database by what was noted in them.
func marks(t *testing.T, databaseURL string) map[string]int {
	t.Helper()
	db, err := store.Open(context.Background(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only read
	storetest.Trail(t, db)
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
	t.Parallel()
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
	d.logs.await(t, "the database is away")
	d.kill()
	if logs := d.logs.String(); strings.Contains(logs, "very-secret") {
		t.Errorf("logs:\n%s", logs)
	}
}
