package main

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/bot/config"
	"fieldbot/bot/demo"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// TestTwoDaemons: two daemons on one PostgreSQL, one killed while both send
// the morning's reminders: everybody gets one. Only one of them polls Telegram,
// and the other one takes over.
func TestTwoDaemons(t *testing.T) {
	t.Parallel()
	databaseURL := storetest.URL(t, "postgres")
	company(t, databaseURL, 0)
	people := large(t, databaseURL)
	telegram := chattest.NewTelegram(t)
	telegram.IgnoreUnread()
	settings := []string{"FIELDBOT_DATABASE_URL=" + databaseURL, "FIELDBOT_TELEGRAM_MODE=polling", "FIELDBOT_TELEGRAM_TOKEN=" + chattest.TelegramToken, "FIELDBOT_TELEGRAM_API_URL=" + telegram.APIURL(),
		"FIELDBOT_COMPANY_WORKDAYS=[mon, tue, wed, thu, fri, sat, sun]", "FIELDBOT_REMINDERS_QUIET=00:00-00:01", "FIELDBOT_REMINDERS_MORNING=00:01", "FIELDBOT_REMINDERS_EVENING=23:59", "FIELDBOT_REMINDERS_TEAM=23:59"}
	first, second := newProcess(t, settings...), newProcess(t, settings...)
	first.start()
	second.start()
	<-time.After(time.Duration(rand.IntN(1500)) * time.Millisecond)
	first.kill()
	count := func() map[string]int {
		got := map[string]int{}
		for _, m := range telegram.Sent() {
			if strings.Contains(m.Text, "Good morning") {
				got[m.Room]++
			}
		}
		return got
	}
	for deadline := time.Now().Add(chattest.Patience); len(count()) < people; {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d had their digest", len(count()), people)
		}
		<-time.After(50 * time.Millisecond)
	}
	again := 0
	for _, n := range count() {
		again += n - 1
	}
	if again > onTheWay {
		t.Errorf("%d digests came twice", again)
	}
	t.Logf("%d digests, %d of them sent twice by the one that was killed; %d polls met another one", people, again, telegram.Conflicts())
	// The one that is left hears what is said.
	anna := telegram.User(1001)
	anna.Say("/whoami")
	for deadline := time.Now().Add(chattest.Patience); telegram.Unconfirmed() > 0; {
		if time.Now().After(deadline) {
			t.Fatal("nobody polls")
		}
		<-time.After(20 * time.Millisecond)
	}
	second.kill()
}

// large adds a company of 100 reps with their managers, and returns how many people are in it
// and the demo's that Telegram reaches.
func large(t *testing.T, databaseURL string) int {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // all is committed
	db.Now = func() time.Time { return sundayNoon }
	c := config.Default()
	if err := demo.Large(ctx, db, &c, demo.Size{Stores: 2_000, PerRep: 20}); err != nil {
		t.Fatal(err)
	}
	n := int64(0)
	if err := db.Read(ctx, func(tx *store.Tx) (err error) {
		n, _, err = store.One[int64](tx, `SELECT count(*) FROM people p JOIN identities i ON i.person_id = p.id WHERE i.platform = 'telegram' AND p.roles LIKE '%rep%'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return int(n)
}
