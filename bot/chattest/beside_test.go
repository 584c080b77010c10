package chattest_test

import (
	"strings"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/store/storetest"
)

// TestFilesBeside: colleagues at visits, steps of visits and what somebody made sure of leave
// one company for another whole, and what cannot be is refused by its column.
func TestFilesBeside(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			from, into := chattest.Start(t, chattest.Options{Engine: engine, Config: withSteps}), chattest.Start(t, chattest.Options{Engine: engine, Empty: true, Config: withSteps})
			say(t, from.Speaker("terminal", "anna"),
				"/visit start Nordmarkt Wedding", "Checked in",
				"#3 steps", "0 of 3",
				"#Step greet", "1 of 3",
				"/visit skip step=shelf reason=\"being rebuilt\"", "being rebuilt",
				"/visit done intent=clear joint_with=martin", "Visit logged")
			dialogue{
				{"martin", "/visit coach coaching=\"the shelf first\"", "Anna Schmidt reads"},
				{"tom", "/account verify K010 fact=phone verified_how=\"by phone\"", "Verified: Phone of Nordmarkt"},
				{"tom", "/account verify K010 fact=Petra", "Verified: Petra Lange"},
				{"anna", "/account verify Nordmarkt Wedding fact=format", "Verified"},
				{"tom", "/account verify K010 fact=address", "Verified: Address"},
				{"tom", "/account edit K010 address=\"Seestraße 22\"", "Nordmarkt"}, // which nobody made sure of
			}.play(t, from)
			beside := []string{"joint_visits", "visit_steps", "verifications"}
			carry(t, from, into, append([]string{"people", "accounts", "stores", "contacts", "visits"}, beside...)...)
			for i, holds := range []string{",anna,2026-11-23T", ",skipped,being rebuilt", "contact:Petra Lange"} {
				was, _ := exported(t, from, beside[i])
				if is, _ := exported(t, into, beside[i]); was != is || !strings.Contains(was, holds) || strings.Contains(was, "the shelf first") {
					t.Errorf("%s changed on the way:\n%s\n%s", beside[i], was, is)
				}
			}
			if was, _ := exported(t, from, "verifications"); strings.Count(was, "\n") != 4 {
				t.Errorf("what was changed since is not made sure of:\n%s", was)
			}
			line, _ := exported(t, from, "visit_steps")
			at := strings.Split(strings.Split(line, "\n")[1], ",")[3]
			refused(t, into,
				[3]string{"joint_visits", "store_code,person,started_at,joint_with\nM0011,anna,2020-01-01T10:00:00Z,martin\n", "no visit of that person"},
				[3]string{"joint_visits", "store_code,person,started_at,joint_with\nM0011,anna," + at + ",anna\n", "is the visitor"},
				[3]string{"visit_steps", "store_code,person,started_at,step,state\nM0011,anna," + at + ",moon,done\n", "no step of visit_steps"},
				[3]string{"visit_steps", "store_code,person,started_at,step,state\nM0011,anna," + at + ",order,skipped\n", "say why"},
				[3]string{"verifications", "account_code,fact,verified_on,person\nK010,moon,2026-11-20,tom\n", "nothing is known"},
				[3]string{"verifications", "account_code,fact,verified_on,person\nK010,phone,2099-11-20,tom\n", "still to come"},
				[3]string{"verifications", "account_code,fact,verified_on,person\n,phone,2026-11-20,tom\n", "give a store_code"},
			)
		})
	}
}
