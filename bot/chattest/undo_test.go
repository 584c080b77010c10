package chattest_test

import (
	"strings"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/bot/deal"
)

// TestUndoChain: undo goes back step by step; what follows from a row follows.
func TestUndoChain(t *testing.T) {
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		anna, tom := w.Speaker("terminal", "anna"), w.Speaker("terminal", "tom")
		for _, x := range []struct {
			who       chattest.Speaker
			say, want string
		}{
			{anna, "/visit log Kiosk 14 intent=weak", "Visit logged"},
			{anna, "/visit edit intent=strong", "Corrected"},
			{anna, "/undo", "as it was before"},
			{anna, "/visit list Kiosk 14", "Intent weak"},
			{anna, "/undo", "the new visit · Kiosk 14"},
			{anna, "/visit list Kiosk 14", "No visits yet"},
			{anna, "/account edit Kiosk 14 name=\"Zebra shop\"", "Updated"},
			{anna, "/undo", "as it was before"},
			{anna, "/account zebra", "found nothing"},
			{anna, "/account Kiosk 14", "Kiosk 14"},
			{tom, "/account edit K011 territory=Europe/Asia", "Updated"},
			{tom, "/undo", "as it was before"},
		} {
			x.who.Say(x.say)
			has(t, x.who.Read(), x.want)
		}
		if n := w.Count(`SELECT count(*) FROM stores WHERE in_territory = 'Europe/Asia'`); n != 0 {
			t.Errorf("%d stores stayed in the undone territory", n)
		}
	})
}

// TestUndoNamed: with words behind it, undo takes what they name, or asks; never another.
func TestUndoNamed(t *testing.T) {
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		anna := w.Speaker("terminal", "anna")
		say(t, anna, "/visit log Kiosk 14 needs=first", "Visit logged", "/visit log Spree Kiosk needs=second", "Visit logged",
			"/follow add task=\"call them\" place=M0015", "call them",
			"/undo the thing with the red car", "Which entry is to be taken back?",
			"/undo visit", "Which entry", // there are two
			"/undo Kiosk 14 visit", "Undone: the new visit · Kiosk 14",
			"/follow add task=\"order the fridge\"", "order the fridge", "/undo fridge", "Undone: the new follow-up · order the fridge")
		for query, want := range map[string]int64{
			`SELECT count(*) FROM visits WHERE needs = 'first' AND status = 'cancelled'`:   1,
			`SELECT count(*) FROM visits WHERE needs = 'second' AND status = 'done'`:       1,
			`SELECT count(*) FROM follow_ups WHERE text = 'call them' AND status = 'open'`: 1,
		} {
			if n := w.Count(query); n != want {
				t.Errorf("%s: %d", query, n)
			}
		}
	})
}

// TestUndoneIsUndone: what was taken back was never held, counts in no figure,
// and leaves the days in stage as they were; a deal whose making was undone is
// no more.
func TestUndoneIsUndone(t *testing.T) {
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		before := w.Export("funnel")
		for _, line := range []string{"/deal stall D-1014 reason=x wake=+9d", "/deal lost D-1013 why=price", `/deal back D-1012 target reason=x`, "/deal override D-1010 stage=closing reason=oops"} {
			who := "tom"
			if strings.Contains(line, "override") {
				who = "martin"
			}
			talk(w, who, line)
			if m := talk(w, who, "/undo"); !strings.Contains(m.Text, "Undone") {
				t.Errorf("%s: %s", line, m.Text)
			}
		}
		if after := w.Export("funnel"); after != before {
			t.Errorf("figures changed:\n%s\n%s", before, after)
		}
		dialogue{
			{"tom", "/deal edit D-1014 title=Quux products=Zzz", "Saved"},
			{"tom", "/undo", "Undone"},
			{"tom", "/deal Quux", "No deal called"},
			{"tom", "/deal Second shelf", "Negotiation, 23 days"},
			{"tom", "/funnel product=Zzz", "No deals here"},
			{"tom", "/funnel product=Chips 150 g", "Capacity now: 3 deals"},
			{"tom", "/deal lost D-1010 why=other to=nobody", "Lost: D-1010"},
			{"tom", "/deal restore D-1010 stage=closing reason=hm", "found nothing"},
			{"tom", "/cancel", ""},
			{"tom", "/deal new Nordmarkt title=Temp value=500 closes=+30d", "New deal D-1017"},
			{"tom", "/undo", "Undone"},
			{"tom", "/deal D-1017", "No deal called"},
			{"tom", "/deal criteria D-1016 criterion=tender note=x", "is lost. Open it again first"},
			{"tom", "/deal back D-1013 target reason=x", "Endorsed → Target"},
			{"tom", "/deal stall D-1013 reason=x wake=+9d", "Put aside"},
			{"tom", "/deal restore D-1013 stage=endorsed reason=x", ""}, // it was put aside in target
		}.play(t, w)
		if s := column(t, w, `SELECT stage FROM deals WHERE number = 'D-1013'`); s != "target" {
			t.Errorf("woken in %s", s)
		}
		if err := agree(w, deal.Default()); err != nil {
			t.Error(err)
		}
	})
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
	say(t, anna, "#Undo", "Undone: the new visit", "/visit start Kiosk 22", "Checked in")
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

// TestChanges: a card tells who changed what of it, before and after, and what was undone.
func TestChanges(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	anna := w.Speaker("terminal", "anna")
	say(t, anna, "/visit log Kiosk 14 intent=weak", "Visit logged", "/visit edit intent=strong needs=\"a cooler\"", "Corrected", "/undo", "Undone",
		"/visit list Kiosk 14", "Kiosk 14", "#Mon 23 Nov", "Intent: weak", "#🕘 Changes", "Anna Schmidt · Intent: weak → strong · Needs: – → a cooler · undone since",
		"/account Kiosk 14", "Kiosk 14", "#🕘 Changes", "by itself · made")
}
