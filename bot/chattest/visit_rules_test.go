package chattest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/store"
)

// TestSlipsAndClosed: figures are no slips, back saves nothing, a closed store
// takes no visit, a command is one while a question is open.
func TestSlipsAndClosed(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	anna, tom := w.Speaker("terminal", "anna"), w.Speaker("terminal", "tom")
	for _, x := range []struct {
		who       chattest.Speaker
		say, want string
	}{
		{anna, "/visit log Kiosk 15 intent=weak", `found nothing for "Kiosk 15"`},
		{anna, "visit log Kiosk 14 satisfaction=9", "from 1 to 5"},
		{anna, "back", "Save it as it is"},
		{anna, "save", "Visit logged: Kiosk 14"},
		{anna, "visit Kiosk 22", "Save it as it is"},
		{anna, "#5", "What does the customer need?"},
		{anna, "visit log Kiosk 14 intent=clear", "Visit logged: Kiosk 14"},
		{anna, "account contact Mr Li asked for it", "a command, or the answer"},
		{anna, "#2", "Needs: account contact Mr Li asked for it"},
		{anna, "cancel", "Cancelled"},
		{tom, "/account close M0015", "Close an account or store · Kiosk 14"},
		{tom, "save", "Closed: Kiosk 14"},
		{anna, "/visit log M0015 intent=weak", "Kiosk 14 is closed or merged"},
		{anna, "/cancel", "Cancelled"},
		{tom, "/account merge M0015 merge_into=M0016", "Both must be active"},
		{tom, "/account edit K010 owner=li.wei", "found nothing"},
		{tom, "/cancel", "Cancelled"},
		{tom, "/account edit K010 territory=/华东", "outside your territory"},
		{tom, "/cancel", "Cancelled"},
		{tom, "/account edit M0016", "Edit store · Kiosk 22"},
		{tom, "#6", "Save it as it is"},
		{tom, "#6", "Store class?"},
		{tom, "C", "Store class: C"},
		{tom, "/cancel", "Cancelled"},
		{anna, "/link ABCDEFGHIJ", "linked already"},
	} {
		x.who.Say(x.say)
		if m := x.who.Read(); !strings.Contains(m.Text, x.want) {
			t.Errorf("%s: no %q in:\n%s", x.say, x.want, m.Text)
		}
	}
}

// TestLogWhileIn: logging the place that one is in checks out of it; another
// place is another visit.
func TestLogWhileIn(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	say(t, anna,
		"/visit start Nordmarkt Wedding", "Checked in",
		"/today", "You are checked in:",
		"52.5488,13.3591", "Added to your visit at Nordmarkt Wedding")
	w.Pass(40 * time.Minute)
	say(t, anna,
		"/visit log Nordmarkt Wedding intent=strong", "40 min in the store",
		"#Add or change", "Change visit · Nordmarkt Wedding",
		"cancel", "Cancelled")
	if n := w.Count(`SELECT count(*) FROM visits v JOIN stores s ON s.id = v.store_id WHERE s.name = 'Nordmarkt Wedding' AND v.visited_on = '2026-11-23' AND v.status IN ('done', 'checked_in')`); n != 1 {
		t.Errorf("%d visits", n)
	}
}

// TestPlansKept: a visit keeps the plan of its own day, not one that was missed
// before; an old proposal plans nothing that is over.
func TestPlansKept(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	say(t, anna,
		"/visit plan Kiosk 14 day=today", "Planned",
		"/visit plan Kiosk 14 day=wed", "Planned",
		"/visit plan", "Week of Anna")
	anna.Say("/visit plan")
	proposal := anna.Read()
	take, _ := proposal.Button("Take the proposal")
	w.Pass(48 * time.Hour) // Wednesday
	say(t, anna, "/visit log Kiosk 14 intent=weak", "Visit logged")
	if day := column(t, w, `SELECT planned_for FROM visits WHERE status = 'done' AND source = 'telegram' ORDER BY id DESC LIMIT 1`); day != "2026-11-25" {
		t.Errorf("the visit kept the plan of %q", day)
	}
	anna.PressID(take.ID, proposal.ID)
	anna.Read()
	if n := w.Count(`SELECT count(*) FROM visits WHERE status = 'planned' AND planned_for = '2026-11-24'`); n != 0 {
		t.Errorf("%d visits are planned for yesterday", n)
	}
}

// TestStepStays: correcting a visit leaves a step alone that was passed on.
func TestStepStays(t *testing.T) {
	t.Parallel()
	w, anna, _, _ := office(t)
	w.Telegram.IgnoreUnread()
	say(t, anna,
		"/visit log Kiosk 14 next_step=call them next_due=fri", "Visit logged",
		"/follow pass call them to=tom", "Tom Becker has it now",
		"/visit edit Kiosk 14 intent=strong", "Corrected")
	if n := w.Count(`SELECT count(*) FROM follow_ups f JOIN people p ON p.id = f.owner_id WHERE f.text = 'call them' AND p.handle = 'tom'`); n != 1 {
		t.Errorf("%d steps are Tom's", n)
	}
	if n := w.Count(`SELECT count(*) FROM follow_ups WHERE text = 'call them'`); n != 1 {
		t.Errorf("%d steps", n)
	}
}

// TestWrittenMeanwhile: what was written during a visit stays when it ends, and
// a visit that was forgotten yesterday is not today's.
func TestWrittenMeanwhile(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	say(t, anna, "/visit start Kiosk 14", "Checked in", "/visit edit needs=shelf", "Corrected", "/visit done intent=strong", "Needs: shelf",
		"/visit start Kiosk 22", "Checked in")
	w.Pass(24 * time.Hour) // the clock has not ticked
	say(t, anna, "/visit log Kiosk 22 intent=weak", "Visit logged: Kiosk 22")
	if n := w.Count(`SELECT count(*) FROM visits v JOIN stores s ON s.id = v.store_id WHERE s.name = 'Kiosk 22' AND v.visited_on >= '2026-11-23' AND v.status = 'done'`); n != 2 {
		t.Errorf("%d visits", n)
	}
	say(t, anna, "/visit plan Kiosk 14 day=fri", "Planned", "cancel visit Kiosk 14", "Cancel visit · Kiosk 14", "#Save", "Cancelled: Kiosk 14")
}

// TestKeepsItsPlace: a rep who corrects a phone moves no store.
func TestKeepsItsPlace(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE stores SET latitude = 52.5488123, longitude = 13.3591234 WHERE name = 'Nordmarkt Wedding'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	say(t, anna, "/account edit Nordmarkt Wedding phone=030 5550", "Updated", "/account edit Nordmarkt Wedding fence_metres=5000", "Fence (m) of a store is for")
	if n := w.Count(`SELECT count(*) FROM stores WHERE latitude = 52.5488123 AND phone = '030 5550'`); n != 1 {
		t.Error("the store has moved")
	}
}

// TestClearedStep: a step that a correction takes back is no follow-up any more.
func TestClearedStep(t *testing.T) {
	t.Parallel()
	w, anna, _, _ := office(t)
	w.Telegram.IgnoreUnread()
	say(t, anna, "/visit log Kiosk 14 next_step=call next_owner=tom next_due=fri", "Visit logged", "/visit edit Kiosk 14 next_step=\"\"", "Corrected")
	if n := w.Count(`SELECT count(*) FROM follow_ups WHERE kind = 'step' AND status = 'open'`); n != 0 {
		t.Errorf("%d steps are open", n)
	}
}
