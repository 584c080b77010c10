package slack

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"fieldbot/bot/talk/chat"
)

// Limits of Block Kit (docs: reference/block-kit).
const (
	maxElement = 2900 // characters of one rich text element; kept below 3000
	maxText    = 9000 // characters of one message
	maxRows    = 40   // blocks of buttons, of 50 blocks in all
	maxRow     = 25
	maxLabel   = 75
)

// message is a reply as the body of an answer: only the person sees it.
func message(r chat.Reply) slack.Msg {
	return slack.Msg{ResponseType: slack.ResponseTypeEphemeral, Text: fallback(r), Blocks: slack.Blocks{BlockSet: blocks(r)}}
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// fallback is the text of notifications and screen readers.
func fallback(r chat.Reply) string {
	return escaper.Replace(chat.Cut(strings.TrimSpace(r.Title+"\n"+r.Text), maxElement))
}

// blocks renders a reply. Text goes into rich text, which has no mark-up that
// a name could turn on.
func blocks(r chat.Reply) []slack.Block {
	var out []slack.Block
	if text := body(r); len(text) > 0 {
		out = append(out, slack.NewRichTextBlock("", slack.NewRichTextSection(text...)))
	}
	for i, row := range r.Buttons[:min(maxRows, len(r.Buttons))] {
		var elements []slack.BlockElement
		for j, b := range row[:min(maxRow, len(row))] {
			elements = append(elements, button(b, i, j))
		}
		out = append(out, slack.NewActionBlock("", elements...))
	}
	return out
}

// body is the title in bold, the fields with bold labels, and the text.
func body(r chat.Reply) []slack.RichTextSectionElement {
	var out []slack.RichTextSectionElement
	bold := &slack.RichTextSectionTextStyle{Bold: true}
	left := maxText
	add := func(text string, style *slack.RichTextSectionTextStyle) {
		text = chat.Cut(text, max(1, left))
		left -= len([]rune(text))
		for runes := []rune(text); len(runes) > 0 && left >= 0; {
			n := min(maxElement, len(runes))
			out = append(out, slack.NewRichTextSectionTextElement(string(runes[:n]), style))
			runes = runes[n:]
		}
	}
	var parts int
	line := func() {
		if parts > 0 {
			add("\n", nil)
		}
		parts++
	}
	if r.Title != "" {
		line()
		add(r.Title, bold)
	}
	for _, f := range r.Fields {
		line()
		add(f.Label+": ", bold)
		add(f.Value, nil)
	}
	if r.Text != "" {
		line()
		add(r.Text, nil)
	}
	return out
}

func button(b chat.Button, i, j int) *slack.ButtonBlockElement {
	id := b.ID
	if id == "" {
		id = fmt.Sprintf("link-%d-%d", i, j)
	}
	x := slack.NewButtonBlockElement(id, b.ID, plain(chat.Cut(b.Label, maxLabel)))
	x.URL = b.URL
	x.Style = map[chat.Style]slack.Style{chat.Primary: slack.StylePrimary, chat.Danger: slack.StyleDanger}[b.Style]
	return x
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

func optionsBody(options []chat.Option) optionsResponse {
	out := optionsResponse{Options: []*slack.OptionBlockObject{}}
	for _, o := range options[:min(mostOptions, len(options))] {
		out.Options = append(out.Options, option(o))
	}
	return out
}

// optionsResponse is that of the library, which leaves an empty list out: Slack takes
// that for a fault.
type optionsResponse struct {
	Options []*slack.OptionBlockObject `json:"options"`
}

func option(o chat.Option) *slack.OptionBlockObject {
	label := o.Label
	if o.Note != "" {
		label += " · " + o.Note
	}
	return slack.NewOptionBlockObject(o.Value, plain(chat.Cut(label, maxLabel)), nil)
}

// submitBody answers a submitted modal: errors beside the fields keep it
// open, with what was typed, and so does what was not saved; anything else
// closes it.
func submitBody(u chat.Update, r chat.Reply) any {
	if len(r.Errors) == 0 && r.Text != "" && len(u.Values) > 0 {
		first := slices.Min(slices.Collect(maps.Keys(u.Values)))
		r.Errors = map[string]string{first: r.Text}
	}
	if len(r.Errors) == 0 {
		return nil
	}
	return slack.NewErrorsViewSubmissionResponse(r.Errors)
}
