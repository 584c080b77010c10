package chattest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"fieldbot/bot/chattest"
)

// Ids are made anew each time.
var newIDs = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|\b[A-Z2-7]{20}\b`)

// background are calls of no message: when they come is theirs to choose.
var background = map[string]bool{"answerCallbackQuery": true, "getUpdates": true, "setWebhook": true, "getMe": true, "setMyCommands": true, "auth.test": true, "users.info": true, "views.publish": true}

// TestWire keeps what goes over the wire for a few messages of each shape, in both
// languages: text with the characters that a platform reads as signs, a form, a
// card, a list of buttons, a question for a location, a picture.
func TestWire(t *testing.T) {
	t.Parallel()
	lines := map[string][]string{
		"anna":   {"/visit log Kiosk 14 intent=strong needs=\"<2> & *more* _cold_ `drinks`\"", "/today", "/visit", "/cancel", "/account Nordmarkt", "/account qr Kiosk 14", "/visit log Kiosk 14 satisfaction=9", "/shelf Wedding", "/cancel", "/shelf Wedding oos=P202"},
		"li.wei": {"/visit 记 大润发杨浦 意向=强 需求=\"<两> & *堆头* _冷_\"", "/today", "/visit", "/cancel", "/account K001", "/巡店 杨浦", "/cancel"},
	}
	modals := []string{"/visit", "/visit log Kiosk 14 satisfaction=9", "/shelf Wedding", "/巡店 杨浦"} // on Slack they open one
	for surface, platform := range map[string]string{"slack http": "slack", "telegram webhook": "telegram"} {
		for handle, said := range lines {
			t.Run(platform+"/"+handle, func(t *testing.T) {
				t.Parallel()
				w, s := chattest.On(t, surface, handle, chattest.Options{})
				var mu sync.Mutex
				var b bytes.Buffer
				overhear := func(what string, body any) {
					if background[what] {
						return
					}
					text, err := indented(body)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					fmt.Fprintf(&b, "%s %s\n", what, text)
				}
				if platform == "slack" {
					w.Slack.Overhear(overhear)
				} else {
					w.Telegram.Overhear(overhear)
				}
				for _, line := range said {
					mu.Lock()
					fmt.Fprintf(&b, "> %s\n", line)
					mu.Unlock()
					s.Say(line)
					if strings.Contains(line, " qr ") {
						s.Read() // the file follows
					}
					if platform == "telegram" || !slices.Contains(modals, line) {
						s.Read()
					}
				}
				mu.Lock()
				defer mu.Unlock()
				golden(t, filepath.Join("wire", platform+"_"+handle+".txt"), b.String())
			})
		}
	}
}

// indented is a body as lines of JSON, with ids that are made anew left out.
func indented(body any) (string, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", " "); err != nil {
		return "", err
	}
	text := newIDs.ReplaceAllString(b.String(), "ID")
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(text), nil
}
