// Package today is what waits for a person: /today, the home screen and the
// digests. What waits is each family's to say; here it becomes one message.
package today

import (
	"strings"

	"fieldbot/bot/clock/remind"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// Module is /today and what can be put off.
var Module = command.Module{Name: "today", Words: words, Families: []command.Family{family}}

var family = command.Family{
	Name:  "today",
	Verbs: []command.Verb{{Read: func(r *command.Request, _ command.Args) (chat.Reply, error) { return Show(r) }, Bare: true}},
	Buttons: []command.Button{
		{Name: "snooze", Read: true, Run: askSnooze},
		{Name: "snooze_set", Run: setSnooze},
		{Name: "snooze_day", Read: true, Run: askDay},
		{Name: "snooze_never", Run: never},
		{Name: "not_mine", Run: notMine},
	},
}

// How much one message shows.
const (
	worst    = 5 // items of a section
	mostRows = 8 // rows of buttons that act
)

// Show is the answer to /today.
func Show(r *command.Request) (chat.Reply, error) {
	sections, err := r.Waiting(remind.Morning)
	if err != nil {
		return chat.Reply{}, err
	}
	done, err := r.DoneToday()
	if err != nil {
		return chat.Reply{}, err
	}
	reply := render(r, sections)
	reply.Title = r.Say("today.title", "day", r.Words.Today(r.Tx.Now))
	reply.Text = strings.TrimSpace(strings.Join(done, "\n") + "\n" + reply.Text)
	if len(sections) == 0 {
		reply.Text = strings.TrimSpace(reply.Text + "\n" + r.Say("today.nothing"))
	}
	if r.Who.Visits() {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.log_any"), "visit", ""), command.SayButton(r.Say("button.week"), "visit", "plan")})
	}
	return reply, nil
}

// Digest is the message of a digest; it is empty if nothing waits.
func Digest(r *command.Request, d remind.Digest) (chat.Reply, error) {
	sections, err := r.Waiting(d)
	if err != nil || len(sections) == 0 {
		return chat.Reply{}, err
	}
	reply := render(r, sections)
	reply.Title = r.Say("today."+string(d), "day", r.Words.Today(r.Tx.Now))
	return reply, nil
}

// render says what waits, the most urgent first, with buttons to act on each
// and to put it off.
func render(r *command.Request, sections []command.Section) chat.Reply {
	var reply chat.Reply
	var text []string
	var more []chat.Button
	for _, s := range sections {
		text = append(text, s.Title)
		for i, item := range s.Items[:min(worst, len(s.Items))] {
			text = append(text, item.Line)
			if len(reply.Buttons) < mostRows && (len(item.Act) > 0 || item.Subject != "") && i < share(len(sections)) {
				reply.Buttons = append(reply.Buttons, row(r, item))
			}
		}
		if n := len(s.Items) + s.Rest - worst; n > 0 {
			text = append(text, r.Say("list.more_things", "n", n))
		}
		if len(s.Items) > worst && s.More.Label != "" {
			more = append(more, s.More)
		}
	}
	reply.Text = strings.Join(text, "\n")
	if len(more) > 0 {
		reply.Buttons = append(reply.Buttons, more)
	}
	return reply
}

// share is how many items of each section have buttons, so that no section
// takes them all.
func share(sections int) int { return max(2, min(worst, mostRows/sections)) }

func row(r *command.Request, item command.Item) []chat.Button {
	out := append([]chat.Button{}, item.Act...)
	if item.Subject != "" {
		out = append(out, chat.Button{Label: r.Say("button.snooze"), Do: &chat.Do{Action: "snooze", Args: []string{item.Subject, item.Label}}})
	}
	return out
}

// Single is the reminder of one thing, after its snooze has run out. It is
// empty if the thing no longer waits.
func Single(r *command.Request, subject string) (chat.Reply, error) {
	for _, d := range remind.Digests {
		if !d.For(r.Who) {
			continue
		}
		sections, err := r.Waiting(d)
		if err != nil {
			return chat.Reply{}, err
		}
		for _, s := range sections {
			for _, item := range s.Items {
				if item.Subject == subject {
					return chat.Reply{Title: r.Say("snooze.title"), Text: item.Line, Buttons: [][]chat.Button{row(r, item)}}, nil
				}
			}
		}
	}
	return chat.Reply{}, nil
}
