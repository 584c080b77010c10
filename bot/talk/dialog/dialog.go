// Package dialog leads forms: it keeps what a person has filled, asks for what is
// missing, parks and resumes, and lets the command save. A form is a row, so that
// a restart goes on at the same question.
package dialog

import (
	"slices"
	"strings"

	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/hear"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

// Forms is the session of open forms in a house.
type Forms struct {
	*command.House
	Ear *hear.Ear
}

// Current is the form that is open in a place.
type Current struct {
	Row   store.DraftRow
	Draft form.Draft
}

// Current returns the form that is open in the place of a request, if one is.
func (fs *Forms) Current(r *command.Request) (Current, bool, error) {
	row, open, err := r.Tx.OpenDraft(r.Who.ID, r.Place)
	if err != nil || !open || !row.Fresh(r.Tx.Now) {
		return Current{}, false, err
	}
	d, err := row.Draft()
	return Current{row, d}, err == nil, err
}

// Meaning is what words that name a command are while a question is open.
type Meaning int

// What words mean.
const (
	Answer Meaning = iota
	Command
	Either // the field would take them, and they are a whole command: it is asked
)

// Meant tells what words are, although a question is open. Words with fields are a command,
// and so are a verb that has no meaning in the answer of a choice, and the plain name of a
// command; an answer that the field takes, and a short name that is a word of its own, stay
// answers.
func (fs *Forms) Meant(r *command.Request, words string, i hear.Intent, c Current) Meaning {
	switch {
	case !i.Command():
		return Answer
	case c.Draft.Asking == "" || r.Place.Platform == chat.Slack:
		return Command // nothing was asked in words
	case fs.command(r, words, i, c):
		return Command
	case i.Err == nil && i.Said.Args.Verb != "" && fs.Free(c):
		return Either
	}
	return Answer
}

// Free reports whether the open question takes any words.
func (fs *Forms) Free(c Current) bool {
	x := fs.asked(c)
	return x.Kind == field.Text || x.Kind == field.Long
}

// asked is the field whose question is open.
func (fs *Forms) asked(c Current) field.Field {
	v, _ := fs.Ear.Verb(c.Row.Form)
	x, _ := v.Form.Field(c.Draft.Asking)
	return x
}

// Ask asks which of the two was meant; both are one press away, and nothing is lost.
func (fs *Forms) Ask(r *command.Request, words, family, rest string, c Current) chat.Reply {
	x := fs.asked(c)
	words = chat.OneLine(words)
	answer := c.Draft.AnswerButton(r.Say("button.as_answer", "field", r.Words.Field(x)), words)
	answer.Do.Version = c.Row.Version
	return chat.Reply{Text: r.Say("form.either", "words", chat.Cut(words, 60), "field", r.Words.Field(x)),
		Buttons: [][]chat.Button{{command.SayButton(r.Say("button.as_command", "words", chat.Cut(words, 30)), family, rest)}, {answer}}}
}

func (fs *Forms) command(r *command.Request, words string, i hear.Intent, c Current) bool {
	x := fs.asked(c)
	if x.Kind != field.Text && x.Kind != field.Long && !x.Kind.LookUp() {
		if _, wrong := form.Check(x, words, r.Env()); wrong == nil {
			return false
		}
	}
	switch {
	case slices.Contains(hear.Controls, i.Name):
		return i.Rest == ""
	case i.Err == nil && (len(i.Said.Args.Order) > 0 || i.Said.Args.Verb != "" && x.Kind != field.Text && x.Kind != field.Long):
		return true
	// "deal D-1013" is no reason for moving a deal back; in a form of another
	// family it may be the answer.
	case i.Err == nil && i.Said.Args.Object != "" && strings.HasPrefix(c.Row.Form, i.Name+".") && !fs.offers(i.Name):
		return true
	}
	word := chat.OneLine(words)
	return word == i.Name || word == lang.In("zh", nil).Say("cmd."+i.Name)
}

// offers reports whether a family's form takes what comes without words: its name
// begins too many sentences to be a command in the middle of its own form.
func (fs *Forms) offers(family string) bool {
	return slices.ContainsFunc(fs.Modules, func(m command.Module) bool { return m.Offers == family })
}
