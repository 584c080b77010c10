package chattest_test

import (
	"strings"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/store/storetest"
)

// TestBadTies: what cannot be taken of accounts, contacts, contacts with them and deals is
// answered with what is wrong, and nothing of it is kept.
func TestBadTies(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	before := w.Count(`SELECT (SELECT count(*) FROM contacts) + (SELECT count(*) FROM activities) + (SELECT count(*) FROM competitors) + (SELECT count(*) FROM verifications)`)
	for _, x := range []struct{ who, line, want string }{
		{"tom", "/account edit K010 loyalty=sometimes", "There is no such choice. Choose: loyal"},
		{"tom", "/account contact K010 name=\"New One\" motives=" + strings.Repeat("money,", 50), "There is no such choice"},
		{"tom", "/account contact K010 name=\"New One\" opposite=nobody", "⚠️"},
		{"anna", "/visit call Nordmarkt Wedding on=tomorrow", "⚠️"},
		{"tom", "/deal competitor Chips price=much", "There is no such choice"},
		{"tom", "/deal competitor " + strings.Repeat("long ", 30) + "strengths=x", "⚠️"},
		{"tom", "/account verify K010 fact=moon", "⚠️"},
		{"tom", "/funnel situation=moon", "There is no such choice"},
		{"martin", "/report effort period=never", "⚠️"},
		{"anna", "/report effort", "Your role cannot"},
		{"anna", "/account coverage K001", "⚠️"},
	} {
		if m := talk(w, x.who, x.line); !strings.Contains(m.Text, x.want) {
			t.Errorf("%s %s: %s", x.who, x.line[:min(60, len(x.line))], m.Text)
		}
		talk(w, x.who, "/cancel")
	}
	if now := w.Count(`SELECT (SELECT count(*) FROM contacts) + (SELECT count(*) FROM activities) + (SELECT count(*) FROM competitors) + (SELECT count(*) FROM verifications)`); now != before {
		t.Errorf("%d rows were kept", now-before)
	}
}
