package chattest_test

import (
	"strings"
	"testing"

	"fieldbot/bot"
	"fieldbot/bot/chattest"
	"fieldbot/bot/talk/command"
	"fieldbot/store/storetest"
)

// TestNothingDropped: whatever stands behind a command is used, named or refused, and a verb
// that takes no words does nothing because of them.
func TestNothingDropped(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	for _, f := range command.Families(bot.Modules()) {
		for _, v := range f.Verbs {
			if v.Save != nil { // forms keep them as words of a field
				continue
			}
			line := strings.Join(strings.Fields("/"+f.Name+" "+v.Name+" okapiquagga"), " ")
			for _, handle := range []string{"anna", "tom", "martin", "zhao.lei"} {
				m := talk(w, handle, line)
				if text := m.Text; !strings.Contains(text, "okapiquagga") && !strings.Contains(text, "⚠️") {
					t.Errorf("%s: %s drops the words: %s", handle, line, text)
					break
				}
			}
		}
	}
}
