package chattest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

const doneVisits = `SELECT count(*) FROM visits WHERE status = 'done' AND source <> 'x'`

// TestThumb: from /visit a thumb logs a visit in at most six presses.
func TestThumb(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	before := w.Count(doneVisits)
	anna.Say("/visit")
	first := anna.Read()
	anna.Press(first.Buttons[0].Label)
	has(t, anna.Read(), "Save it as it is")
	anna.Press("Save")
	has(t, anna.Read(), "Visit logged")
	if n := w.Count(doneVisits); n != before+1 {
		t.Errorf("%d visits, want %d", n, before+1)
	}
}

// TestFormOutlivesRestart: the daemon stops in the middle of a form and asks
// the same question after it.
func TestFormOutlivesRestart(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			w := chattest.Start(t, chattest.Options{Engine: engine, Telegram: "polling"})
			anna := w.Telegram.User(chattest.AnnaTelegram)
			anna.At = w.Now
			anna.Say("visit Kiosk 14")
			has(t, anna.Read(), "Kiosk 14")
			anna.Press("Needs")
			has(t, anna.Read(), "What does the customer need?")
			w.Stop()
			again := chattest.Start(t, chattest.Options{Engine: engine, Telegram: "polling", Keep: w})
			anna.At = again.Now
			anna.Say("a second cooler")
			has(t, anna.Read(), "Needs: a second cooler")
			anna.Press("Save")
			has(t, anna.Read(), "Visit logged: Kiosk 14", "a second cooler")
		})
	}
}

// TestRedelivery: an update that comes again, or a second press, changes
// nothing.
func TestRedelivery(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "webhook")
	before := w.Count(doneVisits)
	update := map[string]any{"update_id": int64(900), "message": map[string]any{"message_id": 1, "date": w.Now().Unix(), "text": "/visit log Kiosk 14 intent=weak",
		"chat": map[string]any{"id": chattest.AnnaTelegram, "type": "private"}, "from": map[string]any{"id": chattest.AnnaTelegram}}}
	w.Telegram.Push(update)
	w.Telegram.Push(update)
	logged := has(t, anna.Read(), "Visit logged: Kiosk 14")
	if n := w.Count(doneVisits); n != before+1 {
		t.Fatalf("%d visits, want %d", n, before+1)
	}
	undo, _ := logged.Button("Undo")
	anna.PressID(undo.ID, logged.ID)
	has(t, anna.Read(), "Undone")
	anna.PressID(undo.ID, logged.ID)
	has(t, anna.Read(), "pressed this already")
	if n := w.Count(doneVisits); n != before {
		t.Errorf("%d visits after undo, want %d", n, before)
	}
}

// TestDoubleEntry: the same outcome within two minutes is one entry, later it
// is another.
func TestDoubleEntry(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	before := w.Count(doneVisits)
	for _, want := range []string{"Visit logged", "nothing was entered twice"} {
		anna.Say("/visit log Kiosk 14 intent=weak")
		has(t, anna.Read(), want)
	}
	w.Pass(3 * time.Minute)
	anna.Say("/visit log Kiosk 14 intent=weak")
	has(t, anna.Read(), "Visit logged")
	if n := w.Count(doneVisits); n != before+2 {
		t.Errorf("%d visits, want %d", n, before+2)
	}
}

// TestNearbyFirst: a point that is shared offers a check-in at the stores around it; far
// from all of them a form opens, where the nearest is offered first. A live location at a
// store's door checks in.
func TestNearbyFirst(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	anna.Send(map[string]any{"location": map[string]any{"latitude": 52.4878, "longitude": 13.4249}})
	if m := has(t, anna.Read(), "Where are you?"); !strings.HasPrefix(m.Buttons[0].Label, "📍 Kiosk 22") {
		t.Errorf("first comes %q", m.Buttons[0].Label)
	}
	anna.Send(map[string]any{"location": map[string]any{"latitude": 52.4920, "longitude": 13.4249}})
	if m := has(t, anna.Read(), "Which store"); !strings.HasPrefix(m.Buttons[0].Label, "Kiosk 22") || !strings.HasSuffix(m.Buttons[0].Label, " m") {
		t.Errorf("first comes %q", m.Buttons[0].Label)
	}
	anna.Press("Cancel")
	has(t, anna.Read(), "Cancelled")
	anna.Send(live(52.4878, 13.4249))
	has(t, anna.Read(), "Kiosk 22 · verified")
	if n := w.Count(`SELECT count(*) FROM visits WHERE status = 'checked_in' AND presence = 'verified'`); n != 1 {
		t.Errorf("%d check-ins", n)
	}
}

// TestPhotoAfterwards: photos that come within ten minutes after a visit was saved are its
// own; later ones begin another.
func TestPhotoAfterwards(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	say(t, anna, "/visit log Kiosk 14 intent=weak", "Visit logged")
	anna.Send(map[string]any{"photo": []any{map[string]any{"file_id": "P1", "file_unique_id": "p1", "width": 90, "height": 90}}})
	has(t, anna.Read(), "Added to your visit at Kiosk 14")
	w.Pass(11 * time.Minute)
	anna.Send(map[string]any{"photo": []any{map[string]any{"file_id": "P2", "file_unique_id": "p2", "width": 90, "height": 90}}})
	has(t, anna.Read(), "Which store")
}

// TestUnreadable: what the bot cannot read gets one sentence.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	_, anna := telegram(t, "polling")
	anna.Send(map[string]any{"voice": map[string]any{"file_id": "v", "duration": 3}})
	has(t, anna.Read(), "cannot read voice notes")
	anna.Send(map[string]any{"sticker": map[string]any{"file_id": "s"}})
	has(t, anna.Read(), "cannot read voice notes")
	anna.Say("what is the weather")
	has(t, anna.Read(), "I did not understand")
}

// TestCalendar: a day can be pressed, typed in either language, and is echoed
// with its weekday.
func TestCalendar(t *testing.T) {
	t.Parallel()
	_, anna := telegram(t, "polling")
	anna.Say("/visit Kiosk 14")
	anna.Read()
	anna.Press("More")
	anna.Read()
	anna.Press("Next visit")
	grid := anna.Read()
	if len(grid.Buttons) < 3+21+2 {
		t.Fatalf("only %d buttons", len(grid.Buttons))
	}
	anna.Press("›")
	anna.Read()
	for typed, shown := range map[string]string{"明天": "Tue 24 Nov", "下周三": "Wed 2 Dec", "fri": "Fri 27 Nov", "+3d": "Thu 26 Nov", "2026-12-01": "Tue 1 Dec"} {
		anna.Say(typed)
		has(t, anna.Read(), "Next visit: "+shown)
		anna.Press("More")
		anna.Read()
		anna.Press("Next visit")
		anna.Read()
	}
	anna.Say("someday")
	has(t, anna.Read(), "I did not understand the day")
	anna.Say("/back")
	has(t, anna.Read(), "Save it as it is")
	anna.Say("/cancel")
	has(t, anna.Read(), "Cancelled")
}

// TestParked: another form parks the first, a button brings it back.
func TestParked(t *testing.T) {
	t.Parallel()
	_, anna := telegram(t, "polling")
	anna.Say("/visit Kiosk 14")
	anna.Read()
	anna.Say("intent=strong")
	has(t, anna.Read(), "Intent: strong")
	anna.Say("/account contact K011")
	m := anna.Read()
	if _, ok := m.Button("Go on: Log visit"); !ok {
		t.Fatalf("no resume button in %+v", m)
	}
	anna.Press("Go on: Log visit")
	has(t, anna.Read(), "Kiosk 14", "Intent: strong")
	anna.Press("Save")
	has(t, anna.Read(), "Visit logged: Kiosk 14")
}

// TestAnotherSurface: the same command elsewhere offers to go on from the
// values that the server saw.
func TestAnotherSurface(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Telegram: "polling", Slack: "http"})
	anna := w.Telegram.User(chattest.AnnaTelegram)
	anna.At = w.Now
	slack := w.Slack.User(chattest.AnnaSlack)
	slack.Command("/visit", "Kiosk 14 needs=\"a cooler\" intent=strog")
	slack.Modal()
	anna.Say("/visit")
	has(t, anna.Read(), "Which store")
	anna.Press("Go on: Log visit")
	has(t, anna.Read(), "There is no such choice")
	anna.Press("strong")
	has(t, anna.Read(), "Visit logged: Kiosk 14", "a cooler", "Intent: strong")
	if errs := slack.Submit(nil); len(errs) > 0 {
		t.Errorf("errors %v", errs)
	}
	has(t, slack.Read(), "saved already")
}

// TestGroup: in a group the bot hears what is said to it; what only the person
// should see goes to the private chat; the topic is kept.
func TestGroup(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	group := anna.In(-1001, 7)
	before := w.Count(doneVisits)
	group.Say("lunch anyone?")
	group.Say("/today@another_bot")
	group.Say("/visit@" + chattest.TelegramBot + " log Kiosk 14 intent=weak")
	m := has(t, group.Read(), "Done; the answer is in your private chat")
	if m.Thread != "7" {
		t.Errorf("answered in topic %q", m.Thread)
	}
	has(t, anna.Read(), "Visit logged: Kiosk 14", "Intent: weak")
	group.Say("/today")
	has(t, group.Read(), "Sent to your private chat")
	has(t, anna.Read(), "Today, Mon 23 Nov")
	group.Say("/visit")
	form := has(t, group.Read(), "please fill it in our private chat")
	_, token, _ := strings.Cut(form.Buttons[0].URL, "?start=")
	anna.Say("/start " + token)
	has(t, anna.Read(), "Which store")
	anna.Press("Cancel")
	has(t, anna.Read(), "Cancelled")
	if n := w.Count(doneVisits); n != before+1 {
		t.Errorf("%d visits", n-before)
	}
}

// TestPressOfAnother: a button in a group works only for whom it was made.
func TestPressOfAnother(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	anna.Say("/visit log Kiosk 14 intent=weak")
	logged := anna.Read()
	liwei := w.Telegram.User(chattest.LiWeiTelegram)
	liwei.At = w.Now
	undo, _ := logged.Button("Undo")
	liwei.PressID(undo.ID, "1")
	has(t, liwei.Read(), "这个按钮是给别人的")
	liwei.PressID("forged", "1")
	has(t, liwei.Read(), "按钮已经过期")
	if n := w.Count(`SELECT count(*) FROM visits WHERE status = 'cancelled'`); n != 0 {
		t.Errorf("%d visits cancelled", n)
	}
}

// TestMigration: a group that becomes a supergroup is followed.
func TestMigration(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	group := anna.In(-55, 0)
	w.Telegram.Move("-55", "-10055")
	group.Say("/help@" + chattest.TelegramBot)
	moved := anna.In(-10055, 0)
	has(t, moved.Read(), "Sent to your private chat")
	has(t, anna.Read(), "What I can do")
}

// TestBlocked: what cannot reach the person on one platform goes to the next.
func TestBlocked(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Telegram: "polling", Slack: "http"})
	w.Telegram.Block("1001")
	anna := w.Telegram.User(chattest.AnnaTelegram)
	anna.At = w.Now
	anna.Say("/whoami")
	slack := w.Slack.User(chattest.AnnaSlack)
	has(t, slack.Read(), "Anna Schmidt")
	waitFor(t, func() bool { return w.Count(`SELECT count(*) FROM outbox WHERE state = 'dead'`) == 1 })
}

// newcomer makes Tom somebody whose time zone nobody knows yet, with a code to
// link a chat.
func newcomer(t *testing.T, w *chattest.World) (code string) {
	t.Helper()
	if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
		tom, _, err := personstore.ByHandle(tx, "tom")
		if err != nil {
			return err
		}
		tx.By(store.Origin{Source: "test"})
		after := tom
		after.ZoneKnown, after.Timezone = false, ""
		if err := personstore.People.Change(tx, tom, after); err != nil {
			return err
		}
		code, err = personstore.NewCode(tx, tom.ID, personstore.LinkCodeLife)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return code
}

// TestStranger: one sentence a day; the only words obeyed are a code's, once.
func TestStranger(t *testing.T) {
	t.Parallel()
	w, _ := telegram(t, "polling")
	who := w.Telegram.User(4711)
	who.At = w.Now
	who.In(-9, 0).Say("/today@" + chattest.TelegramBot)
	who.Say("/today")
	has(t, who.Read(), "Ask your admin for a code", "4711")
	who.Say("/visit log Kiosk 14 intent=weak")
	who.Say("/link WRONGCODE1")
	has(t, who.Read(), "wrong or has expired")
	code := newcomer(t, w)
	who.Say("/start " + code)
	has(t, who.Read(), "Which time zone")
	has(t, who.Read(), "Linked, Tom Becker")
	other := w.Telegram.User(4712)
	other.At = w.Now
	other.Say("/link " + code)
	has(t, other.Read(), "Ask your admin for a code")
	who.Say("whoami")
	has(t, who.Read(), "KAM")
	if n := w.Count(`SELECT count(*) FROM identities WHERE person_id = (SELECT id FROM people WHERE handle = 'tom')`); n != 1 {
		t.Errorf("%d identities", n)
	}
}

// TestZoneAsked: Telegram does not know the zone, so the person is asked once.
func TestZoneAsked(t *testing.T) {
	t.Parallel()
	w, _ := telegram(t, "polling")
	code := newcomer(t, w)
	tom := w.Telegram.User(4713)
	tom.At = w.Now
	tom.Say("/link " + code)
	has(t, tom.Read(), "Which time zone")
	has(t, tom.Read(), "Linked, Tom Becker")
	tom.Say("/tz Europe/Nowhere")
	has(t, tom.Read(), "There is no time zone")
	tom.Say("/tz Europe/London")
	has(t, tom.Read(), "Europe/London; it is 02:02 now")
}

// TestLate: a message that took long keeps both times.
func TestLate(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	said := w.Now()
	anna.At = func() time.Time { return said }
	w.Pass(30 * time.Minute)
	anna.Say("/visit log Kiosk 14 intent=weak")
	has(t, anna.Read(), "Mon 23 Nov 03:02", "received 03:32")
	if n := w.Count(`SELECT count(*) FROM visits WHERE late = TRUE AND recorded_at - started_at = 1800000`); n != 1 {
		t.Errorf("%d late visits", n)
	}
}

// TestHostile: whatever is typed is answered with a sentence, shown as typed,
// and leaves the form as it was.
func TestHostile(t *testing.T) {
	t.Parallel()
	_, anna := telegram(t, "polling")
	anna.Say("/visit Kiosk 14")
	anna.Read()
	anna.Press("Met")
	anna.Read()
	anna.Say("<b>x</b> *y* _z_ & <script> [a](http://b)")
	has(t, anna.Read(), "Met: <b>x</b> *y* _z_ & <script> [a](http://b)")
	anna.Press("More")
	anna.Read()
	anna.Press("Met")
	anna.Read()
	anna.Say(strings.Repeat("x", 4000))
	has(t, anna.Read(), "Too long: 200 characters at most")
	anna.Say("a\u200bb\u202ec")
	has(t, anna.Read(), "Met: abc")
	anna.Press("Cancel")
	has(t, anna.Read(), "Cancelled")
	anna.Say("/visit log Kiosk 14 inten=weak")
	has(t, anna.Read(), `no field "inten"`, `"intent"`)
	anna.Say("/visit log ☃☃☃☃ intent=weak")
	has(t, anna.Read(), `found nothing for "☃☃☃☃"`)
}
