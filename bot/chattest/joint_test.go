package chattest_test

import (
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/bot/config"
	"fieldbot/bot/visit"
	"fieldbot/store/storetest"
)

// TestJointVisit: who was at a colleague's visit hears of it and tells what they saw; only
// the two of them read it, whoever else sees the visit.
func TestJointVisit(t *testing.T) {
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{Telegram: "polling"}, func(t *testing.T, w *chattest.World) {
		anna, martin := w.Speaker("telegram polling", "anna"), w.Speaker("telegram polling", "martin")
		w.IgnoreUnread()
		w.Link("martin", "", "1003")
		say(t, martin, "/whoami", "Martin Vogel") // who has begun no chat hears nothing
		say(t, anna,
			"/visit log Nordmarkt Wedding joint_with=anna", "That is you",
			"/cancel", "ancel",
			"/visit log Nordmarkt Wedding joint_with=tom intent=weak", "Visit logged",
			"/undo", "Undone",
			"/visit log Nordmarkt Wedding joint_with=martin intent=clear", "Visit logged")
		has(t, martin.Read(), "Anna Schmidt visited Nordmarkt Wedding", "Only the two of you read it")
		martin.Press("Write coaching note")
		has(t, martin.Read(), "Coaching note")
		martin.Say("ask for the back room first")
		has(t, martin.Read(), "ask for the back room first")
		martin.Press("Save")
		has(t, martin.Read(), "Anna Schmidt reads: ask for the back room first")
		has(t, anna.Read(), "Martin Vogel about your visit to Nordmarkt Wedding", "ask for the back room first")
		dialogue{
			{"anna", "/visit show Nordmarkt Wedding", "ask for the back room first"},
			{"martin", "/visit show Nordmarkt Wedding", "ask for the back room first"},
			{"martin", "/visit coach Nordmarkt Mitte coaching=x", "does not say that you were there"},
			{"anna", "/visit coach Nordmarkt Wedding coaching=x", "⚠️"},
		}.play(t, w)
		if m := talk(w, "tom", "/visit show Nordmarkt Wedding"); !strings.Contains(m.Text, "Intent: clear") || strings.Contains(m.Text, "back room") || strings.Contains(m.Text, "Martin") {
			t.Errorf("told to a third: %s", m.Text)
		}
		// Both called on the same place that day: nobody has to say so.
		talk(w, "anna", "/visit log Nordmarkt Pankow")
		talk(w, "martin", "/visit log Nordmarkt Pankow")
		dialogue{
			{"martin", "/visit coach Nordmarkt Pankow coaching=\"the shelf first\"", "Anna Schmidt reads"},
			// What was told does not keep the visitor from taking the visit back.
			{"anna", "/visit log Nordmarkt Mitte joint_with=martin", "Visit logged"},
			{"martin", "/visit coach coaching=\"next time the order first\"", "Anna Schmidt reads"},
			{"anna", "/undo", "Undone"},
		}.play(t, w)
	})
}

// withSteps asks three steps of each visit to a store.
func withSteps(c *config.Config) {
	step := func(code string) visit.Step {
		return visit.Step{Code: code, Names: map[string]string{"zh": code, "en": "Step " + code}}
	}
	c.Sections["visit_steps"] = &visit.StepSettings{Store: []visit.Step{step("greet"), step("shelf"), step("order")}}
}

// TestVisitSteps: the steps of a kind of visit are ticked or left out with a reason while
// the visit goes on, named at its end where nothing was said of them, and counted.
func TestVisitSteps(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{Config: withSteps}, func(t *testing.T, w *chattest.World) {
		anna := w.Speaker("terminal", "anna")
		say(t, anna,
			"/visit start Nordmarkt Wedding", "Checked in",
			"#3 steps", "Steps at Nordmarkt Wedding: 0 of 3",
			"#Step greet", "1 of 3",
			"/visit skip step=shelf reason=\"being rebuilt\"", "⏭ Step shelf · being rebuilt",
			"/visit skip step=moon reason=x", "⚠️",
			"/cancel", "ancel")
		w.Pass(10 * time.Minute)
		say(t, anna,
			"/visit done intent=clear", "Not ticked: Step order",
			"/report visits", "steps 50%")
		dialogue{
			{"martin", "/visit steps Nordmarkt Wedding", "Steps at Nordmarkt Wedding: 2 of 3"},
			{"martin", "/visit skip Nordmarkt Wedding step=order reason=x", "⚠️"},
		}.play(t, w)
	})
}
