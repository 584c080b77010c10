package telegram

import (
	"encoding/json"
	"html"
	"strings"

	"fieldbot/bot/talk/chat"
)

// Limits of a message (docs: sendMessage) and of a keyboard (known by
// experience only).
const (
	maxText    = 3900 // characters after entities; Telegram allows 4096
	maxButtons = 50
	perRow     = 8
)

// escape: HTML knows four entities; quotes stand in text as they are.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// text is a reply as HTML: the title and labels bold, everything a person
// wrote escaped. Cutting counts what is read, never a tag.
func text(r chat.Reply) string {
	left := maxText
	cut := func(s string) string {
		s = chat.Cut(s, max(1, left))
		left -= len([]rune(s))
		return escape.Replace(s)
	}
	var lines []string
	if r.Title != "" {
		lines = append(lines, "<b>"+cut(r.Title)+"</b>")
	}
	for _, f := range r.Fields {
		if left > 20 {
			lines = append(lines, "<b>"+cut(f.Label)+"</b>: "+cut(f.Value))
		}
	}
	if r.Text != "" && left > 1 {
		lines = append(lines, cut(r.Text))
	}
	out := strings.Join(lines, "\n")
	if strings.TrimSpace(html.UnescapeString(out)) == "" {
		return "…"
	}
	return out
}

type inlineButton struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

type replyButton struct {
	Text     string `json:"text"`
	Location bool   `json:"request_location,omitempty"`
}

// keyboard renders the buttons below a message. A location can only be asked
// for by a keyboard in place of the letters, in a private chat; it holds the
// words that may be said instead.
func keyboard(r chat.Reply, private bool) (markup string, inline bool) {
	if r.Ask != nil && private {
		rows := [][]replyButton{{{Text: r.Ask.Location, Location: true}}}
		var words []replyButton
		for _, w := range r.Ask.Words {
			words = append(words, replyButton{Text: w})
		}
		return encode(map[string]any{"keyboard": append(rows, words), "one_time_keyboard": true, "resize_keyboard": true}), false
	}
	var rows [][]inlineButton
	n := 0
	for _, row := range r.Buttons {
		var out []inlineButton
		for _, b := range row[:min(perRow, len(row))] {
			if n == maxButtons {
				break
			}
			n++
			out = append(out, inlineButton{Text: b.Label, Data: b.ID, URL: b.URL})
		}
		if len(out) > 0 {
			rows = append(rows, out)
		}
	}
	if len(rows) == 0 {
		return "", true
	}
	return encode(map[string]any{"inline_keyboard": rows}), true
}

func encode(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain maps and strings always marshal
	}
	return string(data)
}
