package command

import "fieldbot/bot/talk/chat"

// Done is the answer to what was saved: it stays where its author finds it, with
// buttons of which the last takes it back.
func (r *Request) Done(text string, buttons ...chat.Button) chat.Reply {
	return chat.Reply{Text: text, Keep: true, Buttons: [][]chat.Button{append(buttons, r.UndoButton())}}
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
