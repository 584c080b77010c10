package command

import (
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/form"
)

// Done is the answer to what was saved: it stays where its author finds it, with
// buttons of which the last takes it back.
func (r *Request) Done(text string, buttons ...chat.Button) chat.Reply {
	return chat.Reply{Text: text, Keep: true, Buttons: [][]chat.Button{append(buttons, r.UndoButton())}}
}

// Lines are the fields of a row that are filled, as a card shows them.
func (r *Request) Lines(c field.Catalogue, row any, keys ...string) (out []chat.Line) {
	values := c.Values(row)
	for _, f := range c.Pick(keys...) {
		if v := values[f.Key]; v != "" {
			out = append(out, chat.Line{Label: r.Words.Field(f), Value: form.Print(f, v, v, r.Env())})
		}
	}
	return out
}

// Listed are the first rows of all, a line each, at most so many, and how many more
// there are.
func Listed[T any](r *Request, rows []T, most, all int, line func(T) string) []string {
	var lines []string
	for _, row := range rows[:min(most, len(rows))] {
		lines = append(lines, "· "+line(row))
	}
	if more := all - most; more > 0 {
		lines = append(lines, r.Say("list.more_things", "n", more))
	}
	return lines
}
