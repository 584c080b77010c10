package chattest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/store/storetest"
)

// TestAccessReview: each quarter everybody's access is asked about, of who leads them; what
// nobody answers goes up the line, what should change is told to the admins, and nobody
// answers for another.
func TestAccessReview(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{Telegram: "polling", Now: time.Date(2027, 1, 4, 6, 0, 0, 0, time.UTC)}, func(t *testing.T, w *chattest.World) {
		w.IgnoreUnread()
		w.Daemon.App.Clock.Tick(context.Background())
		but := w.Count(`SELECT count(*) FROM people`) - 1 // all but the one admin, who has nobody above
		if n := w.Count(`SELECT count(*) FROM access_reviews WHERE quarter = '2027Q1' AND answer = 'open'`); n != but {
			t.Errorf("%d are asked about, not %d", n, but)
		}
		dialogue{
			{"martin", "/access", "0 of 2 answered"},
			{"martin", "/access keep anna", "Anna Schmidt keeps it"},
			{"martin", "/access keep anna", "Nobody of that name waits"},
			{"tom", "/access keep anna", "Nobody of that name waits"},
			{"li.wei", "/access", "已答0/1"}, // of the promoter whom he leads
			{"sun.hao", "/access", "李伟还有1人没复核"},
		}.play(t, w)
		// Two weeks later the next up is asked: of the promoter her rep's manager.
		w.Pass(14*24*time.Hour + 3*time.Hour)
		w.Daemon.App.Clock.Tick(context.Background())
		dialogue{
			{"li.wei", "/access", "没有人待你复核"},
			{"wang.fang", "/access keep 林梅", "林梅：保留"},
		}.play(t, w)
		w.Daemon.App.Clock.Tick(context.Background())
		if n := w.Count(`SELECT count(*) FROM access_reviews`); n != but {
			t.Errorf("asked twice in a quarter: %d", n)
		}
	})
}

// TestDottedCopies: a manager with a dotted line to somebody hears of their escalations.
func TestDottedCopies(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	dialogue{{"martin", "/today", "Anna Schmidt"}}.play(t, w)
	write(t, w, `UPDATE people SET dotted_to = (SELECT id FROM people WHERE handle = 'wang.fang') WHERE handle = 'anna'`)
	dialogue{{"wang.fang", "/today", "Anna Schmidt"}}.play(t, w)
	// What she asked, and its approver left lying, too.
	write(t, w, `UPDATE people SET dotted_to = (SELECT id FROM people WHERE handle = 'martin') WHERE handle = 'chen.jing'`)
	dialogue{{"chen.jing", "商机 赢单 D-1006 原因=客情", "已请王芳确认赢单"}}.play(t, w)
	if m := talk(w, "martin", "/today"); strings.Contains(m.Text, "D-1006") {
		t.Errorf("a copy before anybody let it lie: %s", m.Text)
	}
	w.Pass(49 * time.Hour)
	w.Daemon.App.Clock.Tick(context.Background())
	dialogue{
		{"martin", "/today", "1 request of your dotted-line people waits higher up"},
		{"martin", "/today", "D-1006"},
		{"martin", "/approve", "Nothing waits"},
	}.play(t, w)
}
