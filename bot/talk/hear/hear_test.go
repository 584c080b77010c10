package hear_test

import (
	"slices"
	"testing"

	"fieldbot/bot"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/hear"
)

var ear = hear.New(bot.Modules())

// TestHear: the same thing said in two languages, with a slash or without, in words
// that mean a command by themselves; and words that mean none.
func TestHear(t *testing.T) {
	type want struct{ control, family, verb, object string }
	for _, c := range []struct {
		kind chat.Kind
		name string
		text string
		want want
	}{
		{chat.Command, "visit", "log Kiosk 14", want{family: "visit", verb: "log", object: "Kiosk 14"}},
		{chat.Command, "VISIT", "Kiosk 14", want{family: "visit", verb: "log", object: "Kiosk 14"}},
		{chat.Text, "", "visit log Kiosk 14", want{family: "visit", verb: "log", object: "Kiosk 14"}},
		{chat.Text, "", "拜访大润发杨浦", want{family: "visit", verb: "log", object: "大润发杨浦"}},
		{chat.Text, "", "拜访 计划", want{family: "visit", verb: "plan"}},
		{chat.Text, "", "拜访 记录", want{family: "visit", verb: "list"}},
		{chat.Text, "", "check in Nordmarkt", want{family: "visit", verb: "start", object: "Nordmarkt"}},
		{chat.Text, "", "签退了", want{family: "visit", verb: "done"}},
		{chat.Text, "", "deal D-1011", want{family: "deal", verb: "show", object: "D-1011"}},
		{chat.Text, "", "漏斗", want{family: "funnel", verb: "show"}},
		{chat.Text, "", "cancel", want{control: "cancel"}},
		{chat.Text, "", "取消", want{control: "cancel"}},
		{chat.Text, "", " Cancel\x92 ", want{control: "cancel"}},
		{chat.Text, "", "cancel visit Kiosk 14", want{family: "visit", verb: "cancel", object: "Kiosk 14"}},
		{chat.Command, "back", "", want{control: "back"}},
		{chat.Text, "", "the shelf is empty", want{}},
		{chat.Text, "", "", want{}},
		{chat.Press, "", "visit", want{}},
	} {
		i := ear.Hear(chat.Update{Kind: c.kind, Name: c.name, Text: c.text})
		if i.Err != nil {
			t.Errorf("%q %q: %v", c.name, c.text, i.Err)
		}
		got := want{control: i.Control, family: i.Said.Family.Name, verb: i.Said.Verb.Name, object: i.Said.Args.Object}
		if got != c.want {
			t.Errorf("%s %q %q is %+v, want %+v", c.kind, c.name, c.text, got, c.want)
		}
	}
}

// FuzzHear: whatever strangers write, it is heard the same twice, and is a control, a
// command with a verb, a fault with a sentence, or nothing.
func FuzzHear(f *testing.F) {
	for _, seed := range []string{"拜访大润发", "visit log x a=\"b", "check in", "取消", "deal D-1 =", "/", "＝", "undo undo", "\x00visit"} {
		f.Add("visit", seed)
		f.Add("", seed)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		for _, u := range []chat.Update{{Kind: chat.Command, Name: name, Text: text}, {Kind: chat.Text, Text: text}} {
			i, again := ear.Hear(u), ear.Hear(u)
			if i.Control != again.Control || i.Name != again.Name || i.Rest != again.Rest {
				t.Errorf("%q %q is heard as %q %q, then as %q %q", name, text, i.Name, i.Rest, again.Name, again.Rest)
			}
			if slices.Contains(hear.Controls, i.Name) {
				if (i.Control == i.Name) != (i.Rest == "") {
					t.Errorf("%q %q is the control %q with %q behind it", name, text, i.Name, i.Rest)
				}
				continue
			}
			if i.Command() && i.Control == "" && i.Err == nil && i.Said.Verb.Read == nil && i.Said.Verb.Do == nil && i.Said.Verb.Save == nil {
				t.Errorf("%q %q is %q and does nothing", name, text, i.Name)
			}
		}
	})
}
