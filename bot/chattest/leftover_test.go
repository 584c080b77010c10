package chattest_test

import (
	"strings"
	"testing"
	"time"

	"fieldbot/bot"
	"fieldbot/bot/chattest"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/lang"
	"fieldbot/store/storetest"
)

// TestNothingDropped: whatever stands behind a command is used, named or refused, and a verb
// that takes no words does nothing because of them.
func TestNothingDropped(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	broken, _, _ := strings.Cut(lang.In("en", time.UTC).Say("broken", "ref", "?"), "?")
	for _, f := range command.Families(bot.Modules()) {
		for _, v := range f.Verbs {
			if v.Save != nil { // forms keep them as words of a field
				continue
			}
			for _, handle := range []string{"anna", "tom", "martin", "zhao.lei"} {
				bare := talk(w, handle, "/"+f.Name+" "+v.Name)
				line := strings.Join(strings.Fields("/"+f.Name+" "+v.Name+" okapiquagga"), " ")
				m := talk(w, handle, line)
				if text := m.Text; !strings.Contains(text, "okapiquagga") && !strings.Contains(text, "⚠️") {
					t.Errorf("%s: %s drops the words: %s", handle, line, text)
					break
				}
				for _, said := range []string{bare.Text, m.Text} {
					if strings.Contains(said, broken) {
						t.Errorf("%s: /%s %s breaks: %s", handle, f.Name, v.Name, said)
					}
				}
			}
		}
	}
}
