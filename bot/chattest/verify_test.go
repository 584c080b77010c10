package chattest_test

import (
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/store/storetest"
)

// TestVerified: a fact that somebody made sure of carries the day until it is changed, and
// is asked about again after a visit when that was long ago.
func TestVerified(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		dialogue{
			{"tom", "/account verify K010 fact=phone verified_how=\"by phone\"", "Verified: Phone of Nordmarkt"},
			{"tom", "/account verify K010 fact=Petra", "Verified: Petra Lange"},
			{"tom", "/account K010", "030 555 0110 ✓"},
			{"tom", "/account K010", "Petra Lange ✓"},
			{"tom", "/account edit K010 phone=030-1", "Nordmarkt"},
		}.play(t, w)
		if m := talk(w, "tom", "/account K010"); strings.Contains(m.Text, "030-1 ✓") {
			t.Errorf("what was changed is not made sure of: %s", m.Text)
		}
		// Everything is known, and one thing was made sure of long ago.
		write(t, w, `UPDATE accounts SET profile = '{"budgets":"a","plans":"a","decision_process":"a","decision_rights":"a","opening_plan":"a","equipment_policy":"a","footfall":"a","basket":"a","sales_mix":"a","suppliers":"a","rivals":"a","affiliates":"a","price_policy":"a","profit_view":"a","deciders_background":"a","deciders_relations":"a","rival_ties":"a"}' WHERE code = 'K010'`)
		dialogue{{"tom", "/account verify K010 fact=address verified_how=\"seen on site\"", "Verified: Address"}}.play(t, w)
		w.Pass(181 * 24 * time.Hour)
		anna := w.Speaker("terminal", "anna")
		say(t, anna,
			"/visit log Nordmarkt Wedding", "Does this still hold? Petra Lange of Nordmarkt: Category buyer",
			"#Still right", "Verified: Petra Lange of Nordmarkt")
		w.Pass(24 * time.Hour)
		say(t, anna, "/visit log Nordmarkt Mitte", "Does this still hold? Address of Nordmarkt: Seestraße 21")
		talk(w, "tom", "/account edit K010 address=\"Seestraße 22\"")
		say(t, anna, "#Still right", "changed in between")
		if m := talk(w, "anna", "/visit log Nordmarkt Wedding intent=weak"); strings.Contains(m.Text, "still hold") {
			t.Errorf("asked twice: %s", m.Text)
		}
	})
}

// TestHandedAlone: one store is handed over with what belongs to it alone, a prospect with
// what is known of it; a rep says which.
func TestHandedAlone(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{Telegram: "polling"}, func(t *testing.T, w *chattest.World) {
		w.IgnoreUnread()
		martin := w.Speaker("telegram polling", "martin")
		w.Link("martin", "", "1003")
		say(t, martin, "/whoami", "Martin Vogel") // who has begun no chat hears nothing
		before := w.Count(`SELECT count(*) FROM stores s JOIN people p ON p.id = s.rep_id WHERE p.handle = 'anna'`)
		anna := w.Speaker("terminal", "anna")
		say(t, anna,
			"/account handover tom", "Hand over",
			"#Save", "Say which account or store",
			"/cancel", "ancel",
			"/account handover tom store=Kiosk 14", "1 store",
			"#Hand over", "From Anna Schmidt to Tom Becker: 1 store")
		if n := w.Count(`SELECT count(*) FROM stores s JOIN people p ON p.id = s.rep_id WHERE p.handle = 'anna'`); n != before-1 {
			t.Errorf("%d stores of %d", n, before)
		}
		dialogue{
			{"tom", "/account add name=Bergmann kind=prospect", "Bergmann"},
			{"tom", "/account contact Bergmann name=\"Ilse Berg\" buying_role=decides", "Ilse Berg"},
			{"tom", "/account profile Bergmann budgets=\"from March\"", "known"},
			{"tom", "/account handover martin account=Bergmann", "1 account"},
		}.play(t, w)
		tom := w.Speaker("terminal", "tom")
		tom.Say("/account handover martin account=Bergmann")
		tom.Read()
		tom.Press("Hand over")
		has(t, tom.Read(), "From Tom Becker to Martin Vogel: 1 account")
		m := martin.Read()
		for !strings.Contains(m.Text, "Ilse Berg · decides") {
			m = martin.Read()
		}
		has(t, m, "Budgets: from March")
	})
}
