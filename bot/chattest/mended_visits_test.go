package chattest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/store"
)

// talker says words, presses buttons and reads what comes.
type talker interface {
	Say(words string)
	Press(label string)
	Read() chattest.Message
}

// say says lines one after the other; each answer must hold its text.
func say(t *testing.T, u talker, lines ...string) {
	t.Helper()
	for i := 0; i+1 < len(lines); i += 2 {
		if press, ok := strings.CutPrefix(lines[i], "#"); ok {
			u.Press(press)
		} else {
			u.Say(lines[i])
		}
		has(t, u.Read(), lines[i+1])
	}
}

// TestUndoneAndAgain: what was undone may be logged again at once, and what
// the clock and the phone did is in nobody's way to undo.
func TestUndoneAndAgain(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	say(t, anna,
		"/visit log Kiosk 14 needs=shelf", "Visit logged",
		"#Undo", "Undone",
		"/visit log Kiosk 14 needs=shelf", "Visit logged: Kiosk 14",
		"/visit start Nordmarkt Wedding", "Checked in")
	anna.Moves(52.54885, 13.35915)
	waitFor(t, func() bool {
		return w.Count(`SELECT count(*) FROM visits WHERE presence = 'verified' AND status = 'checked_in'`) == 1
	})
	say(t, anna, "#Undo", "Undone: the new visit is taken back", "/visit start Kiosk 22", "Checked in")
	if n := w.Count(`SELECT count(*) FROM visits WHERE needs = 'shelf' AND status = 'done'`); n != 1 {
		t.Errorf("%d visits stand", n)
	}
}

// TestUndoWithApproval: a visit that asked for its store's coordinates can be
// undone, and takes the question back.
func TestUndoWithApproval(t *testing.T) {
	t.Parallel()
	w, anna, _, martin := office(t)
	say(t, anna, "/account store name=Kiosk 99 account_code=K011 store_class=C", "Store added")
	anna.Send(live(52.51, 13.41))
	anna.Read()
	say(t, anna, "Kiosk 99", "Kiosk 99", "#Save", "Visit logged")
	has(t, martin.Read(), "no coordinates")
	say(t, anna, "#Undo", "Undone")
	martin.Press("Approve")
	has(t, martin.Read(), "answered already")
	if n := w.Count(`SELECT count(*) FROM visits v JOIN stores s ON s.id = v.store_id WHERE s.name = 'Kiosk 99' AND v.status = 'done'`); n != 0 {
		t.Error("the visit stands")
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

// TestSamePhoto: the very same photo with another visit is flagged.
func TestSamePhoto(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	w.Telegram.AddFile("one", []byte("jpeg one"))
	for _, place := range []string{"Kiosk 14", "Kiosk 22"} {
		anna.Send(map[string]any{"caption": "visit log " + place, "photo": []any{map[string]any{"file_id": "one", "width": 100, "height": 100, "file_unique_id": "u"}}})
		has(t, anna.Read(), "Visit logged: "+place)
	}
	waitFor(t, func() bool {
		return w.Count(`SELECT count(*) FROM visits v JOIN stores s ON s.id = v.store_id WHERE s.name = 'Kiosk 22' AND v.flags = 'photo_again'`) == 1
	})
}

// TestOneBadRow: what one person's digest cannot be made of keeps nobody else's
// from leaving.
func TestOneBadRow(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Telegram: "polling", Now: sunday})
	w.Link("martin", "", "1003")
	w.Telegram.IgnoreUnread()
	if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO approvals (id, kind, subject, asked_by, approver_id, asked_at, moved_at) SELECT 'x', 'nobody asks this', 'store:x', id, id, $1, $1 FROM people WHERE handle = 'martin'`, tx.Now)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	anna := w.Telegram.User(chattest.AnnaTelegram)
	anna.At = w.Now
	w.Set(at(t, "Europe/Berlin", "2026-11-23 08:10"))
	w.Daemon.App.Clock.Tick(context.Background())
	has(t, anna.Read(), "Good morning, Mon 23 Nov")
}

// TestNotTaken: a place that is only somewhat alike is offered, not taken, and
// one wrong word of a line loses none of the others.
func TestNotTaken(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	say(t, anna,
		"visit log Nordmarkt Hamburg intent=strong", "Did you mean one of these?",
		"cancel", "Cancelled",
		"visit log Kiosk 14 mood=good intent=strong", "There is no field \"mood\"")
	if m := column(t, w, `SELECT body FROM drafts WHERE state = 'open'`); !strings.Contains(m, `"intent":"strong"`) {
		t.Errorf("the draft lost what was understood: %s", m)
	}
	say(t, anna, "#Save", "Visit logged: Kiosk 14")
	liwei := w.Telegram.User(chattest.LiWeiTelegram)
	liwei.At = w.Now
	say(t, liwei, "签到 大润发杨浦", "签到：大润发杨浦店", "签退", "可以直接保存", "#保存", "已记拜访：大润发杨浦店")
}

// TestUndoneProvesNothing: a check-in that is undone is a plan again, without
// the presence that a phone had proved.
func TestUndoneProvesNothing(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	say(t, anna, "/visit plan Nordmarkt Wedding day=today", "Planned", "/visit start Nordmarkt Wedding", "Checked in")
	anna.Moves(52.54885, 13.35915)
	waitFor(t, func() bool {
		return w.Count(`SELECT count(*) FROM visits WHERE presence = 'verified' AND status = 'checked_in'`) == 1
	})
	say(t, anna, "#Undo", "Undone")
	if p := column(t, w, `SELECT status || ' ' || presence || location FROM visits WHERE planned_for = '2026-11-23'`); p != "planned unknown" {
		t.Errorf("the plan is %q", p)
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
