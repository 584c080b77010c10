package chattest

import (
	"fmt"
	"html"
	"regexp"
	"strings"
)

var (
	reTag     = regexp.MustCompile(`<(/?)([a-z-]+)[^>]*>`)
	goodTag   = map[string]bool{"b": true, "i": true, "u": true, "s": true, "a": true, "code": true, "pre": true}
	reNotHTML = regexp.MustCompile(`&(?:[^a-z#]|$)|&[a-z]+(?:[^a-z;]|$)`)
)

// visible parses HTML as Telegram does and returns the text that is read.
func visible(s string) (string, error) {
	var open []string
	for _, m := range reTag.FindAllStringSubmatch(s, -1) {
		switch {
		case !goodTag[m[2]]:
			return "", fmt.Errorf("can't parse entities: unsupported start tag %q", m[2])
		case m[1] == "":
			open = append(open, m[2])
		case len(open) == 0 || open[len(open)-1] != m[2]:
			return "", fmt.Errorf("can't parse entities: unmatched end tag %q", m[2])
		default:
			open = open[:len(open)-1]
		}
	}
	rest := reTag.ReplaceAllString(s, "")
	if len(open) > 0 || strings.Contains(rest, "<") || reNotHTML.MatchString(rest) {
		return "", fmt.Errorf("can't parse entities in %q", s)
	}
	return html.UnescapeString(rest), nil
}

// dress puts buttons on a message that took a keyboard away, and shows it.
func (g *Telegram) dress(id string, markup any) {
	g.mu.Lock()
	m, waits := g.bare[id]
	delete(g.bare, id)
	g.mu.Unlock()
	if waits {
		g.readKeyboard(&m, markup, false)
		g.in.put(m)
	}
}

func (g *Telegram) readKeyboard(m *Message, markup any, group bool) {
	tree, _ := markup.(map[string]any)
	rows, _ := tree["inline_keyboard"].([]any)
	for _, r := range rows {
		row, _ := r.([]any)
		if len(row) > 8 {
			g.t.Errorf("telegram: %d buttons in a row", len(row))
		}
		for _, x := range row {
			b, _ := x.(map[string]any)
			data := text(b["callback_data"])
			if text(b["url"]) == "" && (data == "" || len(data) > 64) {
				g.t.Errorf("telegram: callback_data of %d bytes behind %q", len(data), b["text"])
			}
			m.Buttons = append(m.Buttons, Button{Label: text(b["text"]), ID: data, URL: text(b["url"])})
		}
	}
	if len(m.Buttons) > 50 {
		g.t.Errorf("telegram: %d buttons", len(m.Buttons))
	}
	keys, _ := tree["keyboard"].([]any)
	for _, r := range keys {
		row, _ := r.([]any)
		for _, x := range row {
			b, _ := x.(map[string]any)
			if b["request_location"] == true && group {
				g.t.Errorf("telegram: request_location in a group")
			}
			m.Keyboard = append(m.Keyboard, text(b["text"]))
		}
	}
}
