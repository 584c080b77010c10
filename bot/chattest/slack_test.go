package chattest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
)

func slack(t *testing.T, mode string) (*chattest.World, *chattest.SlackUser) {
	t.Helper()
	w := chattest.Start(t, chattest.Options{Slack: mode})
	return w, w.Slack.User(chattest.AnnaSlack)
}

// TestModalOutlivesRestart: a modal opened before a restart is submitted
// after it.
func TestModalOutlivesRestart(t *testing.T) {
	t.Parallel()
	w, anna := slack(t, "http")
	anna.Command("/visit", "Kiosk 14")
	if m := anna.Modal(); m.Title != "Log visit" {
		t.Fatalf("modal %q", m.Title)
	}
	w.Stop()
	chattest.Start(t, chattest.Options{Slack: "http", Keep: w})
	if errs := anna.Submit(map[string]string{"intent": "strong", "needs": "a cooler"}); len(errs) > 0 {
		t.Fatalf("refused: %v", errs)
	}
	has(t, anna.Read(), "Visit logged: Kiosk 14", "Needs: a cooler", "Intent: strong")
}

// TestErrorsBesideFields: what is wrong stands beside its field and the modal
// stays open.
func TestErrorsBesideFields(t *testing.T) {
	t.Parallel()
	_, anna := slack(t, "http")
	anna.Command("/visit", "")
	errs := anna.Submit(map[string]string{"satisfaction": "9", "next_due": "2026-11-01"})
	if !strings.Contains(errs["place"], "needed") || !strings.Contains(errs["satisfaction"], "1 to 5") {
		t.Fatalf("errors %v", errs)
	}
	errs = anna.Submit(map[string]string{"place": "Kiosk 14", "satisfaction": "5", "next_due": "2026-11-01"})
	if !strings.Contains(errs["next_due"], "before the visit") {
		t.Fatalf("errors %v", errs)
	}
	if errs := anna.Submit(map[string]string{"place": "Kiosk 14", "satisfaction": "5", "next_due": "2026-12-01"}); len(errs) > 0 {
		t.Fatalf("errors %v", errs)
	}
	has(t, anna.Read(), "Visit logged: Kiosk 14", "Satisfaction: 5")
}

// TestLookup: the options endpoint answers from the first character, and
// before it with the likely ones.
func TestLookup(t *testing.T) {
	t.Parallel()
	_, anna := slack(t, "socket")
	anna.Command("/visit", "")
	m := anna.Modal()
	if o := anna.Options(m, "place", ""); len(o) == 0 || !strings.HasPrefix(o[0].Label, "Nordmarkt Pankow") {
		t.Errorf("nothing typed offers %v", o)
	}
	if o := anna.Options(m, "place", "K"); len(o) == 0 {
		t.Error("one character offers nothing")
	}
	if o := anna.Options(m, "place", "大润发"); len(o) != 0 {
		t.Errorf("another territory's stores: %v", o)
	}
	if o := anna.Options(m, "next_owner", "mart"); len(o) != 1 || !strings.HasPrefix(o[0].Label, "Martin Vogel") {
		t.Errorf("people: %v", o)
	}
	if errs := anna.Submit(map[string]string{"place": "kisok 22", "next_owner": "anna", "next_step": "call"}); len(errs) > 0 {
		t.Fatal(errs)
	}
	has(t, anna.Read(), "Visit logged: Kiosk 22", "Step owner: Anna Schmidt")
}

// TestAmbiguous: words that fit several become a choice among them.
func TestAmbiguous(t *testing.T) {
	t.Parallel()
	_, anna := slack(t, "http")
	anna.Command("/ka", "visit log Nordmarkt M intent=weak")
	if errs := anna.Submit(map[string]string{"place": "Nordmarkt Mitte · M0012 · Berlin"}); len(errs) > 0 {
		t.Fatal(errs)
	}
	has(t, anna.Read(), "Visit logged: Nordmarkt Mitte", "Intent: weak")
}

// TestChannel: in a channel only the person sees the answer; what carries
// undo goes to the direct message.
func TestChannel(t *testing.T) {
	t.Parallel()
	_, anna := slack(t, "http")
	anna.CommandIn("C1", "/ka", "today")
	has(t, anna.Read(), "Today, Mon 23 Nov")
	anna.CommandIn("C1", "/visit", "log \"Kiosk 14\" intent=weak")
	first, second := anna.Read(), anna.Read()
	if len(first.Buttons) > 0 == (len(second.Buttons) > 0) {
		t.Errorf("undo stands in both or neither:\n%+v\n%+v", first, second)
	}
}

// TestHome shows the day, with buttons that open the form.
func TestHome(t *testing.T) {
	t.Parallel()
	_, anna := slack(t, "http")
	has(t, anna.Home(), "Today, Mon 23 Nov", "Nordmarkt Pankow")
	anna.Press("Log Nordmarkt Pankow")
	if errs := anna.Submit(map[string]string{"intent": "none"}); len(errs) > 0 {
		t.Fatal(errs)
	}
	has(t, anna.Read(), "Visit logged: Nordmarkt Pankow", "Intent: none")
}

// TestWords: in direct messages the words work without a slash; where no
// modal can be opened a button does. A photo begins a visit.
func TestWords(t *testing.T) {
	t.Parallel()
	w, anna := slack(t, "http")
	w.Slack.AddFile("F1", []byte("jpeg"))
	anna.DM("visit log Kiosk 22 needs=a &amp; b", "")
	has(t, anna.Read(), "Visit logged: Kiosk 22", "Needs: a & b")
	anna.DM("visit Kiosk 14", "")
	has(t, anna.Read(), "Open the form: Log visit")
	anna.Press("Open form")
	if errs := anna.Submit(nil); len(errs) > 0 {
		t.Fatal(errs)
	}
	has(t, anna.Read(), "Visit logged: Kiosk 14")
	w.Pass(11 * time.Minute) // else it would belong to that visit
	anna.DM("", "", "F1")
	has(t, anna.Read(), "Open the form")
	anna.Press("Open form")
	if errs := anna.Submit(map[string]string{"place": "Kiosk 22"}); len(errs) > 0 {
		t.Fatal(errs)
	}
	has(t, anna.Read(), "Visit logged: Kiosk 22")
	waitFor(t, func() bool { return w.Count(`SELECT count(*) FROM photos WHERE state = 'stored'`) == 1 })
}

// TestMention: a thread, where commands do not exist, takes @bot.
func TestMention(t *testing.T) {
	t.Parallel()
	w, anna := slack(t, "http")
	anna.Event(map[string]any{"type": "app_mention", "user": chattest.AnnaSlack, "channel": "C1", "text": "<@UBOT> visit log \"Kiosk 14\" intent=weak", "ts": "17.1", "thread_ts": "16.1"}, "")
	has(t, anna.Read(), "Visit logged: Kiosk 14", "Intent: weak")
	room := w.Slack.User("C1")
	if m := has(t, room.Read(), "Done; the answer is in your private chat"); m.Thread != "16.1" {
		t.Errorf("answered in thread %q", m.Thread)
	}
}

// TestRetry: a retried event and a replayed request change nothing.
func TestRetry(t *testing.T) {
	t.Parallel()
	w, anna := slack(t, "http")
	before := w.Count(doneVisits)
	for range 3 {
		if status := anna.DM(`visit log "Kiosk 14" intent=weak`, "Ev77"); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
	}
	has(t, anna.Read(), "Visit logged: Kiosk 14")
	body := url.Values{"command": {"/visit"}, "text": {`log "Kiosk 22" intent=weak`}, "user_id": {chattest.AnnaSlack}, "channel_id": {"DANNA"}, "trigger_id": {"t.1"}}.Encode()
	for range 3 {
		if status, _ := w.Slack.Post("/slack/commands", body, "application/x-www-form-urlencoded"); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
	}
	has(t, anna.Read(), "Visit logged: Kiosk 22")
	if n := w.Count(doneVisits); n != before+2 {
		t.Errorf("%d visits, want %d", n, before+2)
	}
}

// TestModalTooLate: where the modal cannot be opened in time, a button that
// opens it comes instead.
func TestModalTooLate(t *testing.T) {
	t.Parallel()
	w, anna := slack(t, "http")
	w.Slack.SetTrouble(func(method, _ string) (a chattest.Answer) {
		if method == "views.open" {
			a.Status = http.StatusInternalServerError
		}
		return a
	})
	anna.Command("/visit", "Kiosk 14")
	has(t, anna.Read(), "Open the form")
	w.Slack.SetTrouble(nil)
	anna.Press("Open form")
	if errs := anna.Submit(nil); len(errs) > 0 {
		t.Fatal(errs)
	}
	has(t, anna.Read(), "Visit logged: Kiosk 14")
}

// TestDoors: what is not proven, too old, too large or no request is refused
// with nothing more said.
func TestDoors(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Slack: "http", Telegram: "webhook"})
	form := url.Values{"command": {"/visit"}, "text": {"log"}, "user_id": {chattest.AnnaSlack}, "trigger_id": {"t.9"}}.Encode()
	post := func(path, body string, header http.Header) int {
		request, err := http.NewRequest(http.MethodPost, w.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header = header
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		if response.ContentLength > 0 {
			t.Errorf("%s said %d bytes", path, response.ContentLength)
		}
		return response.StatusCode
	}
	signed := func(body string, shift time.Duration) http.Header {
		return chattest.Sign(chattest.SlackSecret, time.Now().Add(shift), body)
	}
	secret := http.Header{"X-Telegram-Bot-Api-Secret-Token": {chattest.TelegramSecret}}
	large := strings.Repeat("x", 1<<20+1)
	for _, c := range []struct {
		name, path, body string
		header           http.Header
		want             int
	}{
		{"unsigned", "/slack/commands", form, http.Header{}, 401},
		{"another secret", "/slack/commands", form, chattest.Sign("other", time.Now(), form), 401},
		{"old", "/slack/commands", form, signed(form, -6*time.Minute), 401},
		{"from the future", "/slack/commands", form, signed(form, 6*time.Minute), 401},
		{"another body", "/slack/commands", form + "x", signed(form, 0), 401},
		{"large", "/slack/commands", large, signed(large, 0), 413},
		{"no form", "/slack/commands", "%zz", signed("%zz", 0), 400},
		{"no command", "/slack/commands", "a=b", signed("a=b", 0), 400},
		{"no payload", "/slack/interactions", "payload=%7B", signed("payload=%7B", 0), 400},
		{"no event", "/slack/events", "{", signed("{", 0), 400},
		{"no secret", "/telegram/webhook", "{}", http.Header{}, 401},
		{"large update", "/telegram/webhook", large, secret, 413},
		{"no update", "/telegram/webhook", "[]", secret, 400},
	} {
		if got := post(c.path, c.body, c.header); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	challenge := `{"type":"url_verification","challenge":"abc"}`
	if status, body := w.Slack.Post("/slack/events", challenge, "application/json"); status != 200 || string(body) != "abc" {
		t.Errorf("challenge: %d %s", status, body)
	}
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ok", "/metrics": "fieldbot_outbox_dead 0"} {
		response, err := http.Get(w.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		text := read(t, response)
		if response.StatusCode != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", path, response.StatusCode, text)
		}
	}
}

// TestLinkOnSlack: a code links the user; Slack tells the time zone.
func TestLinkOnSlack(t *testing.T) {
	t.Parallel()
	w, _ := slack(t, "http")
	tom := w.Slack.User("UTOM")
	code := newcomer(t, w)
	tom.Command("/ka", "today")
	has(t, tom.Read(), "Ask your admin for a code")
	tom.Command("/ka", "link "+code)
	has(t, tom.Read(), "Linked, Tom Becker")
	waitFor(t, func() bool {
		return w.Count(`SELECT count(*) FROM people WHERE handle = 'tom' AND timezone = 'Europe/Berlin' AND zone_known = TRUE`) == 1
	})
}

// TestHomePress: a press on the Home tab has no response address; the answer
// comes as a message.
func TestHomePress(t *testing.T) {
	t.Parallel()
	_, anna := slack(t, "http")
	anna.Home()
	anna.PressOnHome("💤 Later")
	has(t, anna.Read(), "When shall I remind you of")
}

// TestHomeRedrawn: what a press on the Home tab has changed is seen there at once.
func TestHomeRedrawn(t *testing.T) {
	t.Parallel()
	w, anna := slack(t, "http")
	drawn := w.Slack.Called("views.publish")
	anna.Home()
	anna.PressOnHome("✅")
	has(t, anna.Read(), "Done")
	waitFor(t, func() bool { return w.Slack.Called("views.publish") == drawn+2 })
}

// TestAllFaultsAtOnce: a modal names every fault in one round: those of a field, and those
// that only the command sees.
func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	w, anna := slack(t, "http")
	before := w.Count(doneVisits)
	anna.Command("/visit", "Kiosk 14")
	wrong := anna.Submit(map[string]string{"satisfaction": "9", "next_visit_on": "2026-10-01", "next_due": "2026-10-02", "next_step": "call"})
	for _, key := range []string{"satisfaction", "next_visit_on", "next_due"} {
		if wrong[key] == "" {
			t.Errorf("%s is not named: %v", key, wrong)
		}
	}
	if n := w.Count(doneVisits); n != before {
		t.Errorf("%d visits", n-before)
	}
}
