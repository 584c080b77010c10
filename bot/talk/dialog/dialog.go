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

// Meant reports whether words that name a command are one, although a question
// is open. Words with fields are, and so are a verb that has no meaning in the
// answer of a choice, and the plain name of a command; an answer that the field
// takes, and a short name that is a word of its own, stay answers.
func (fs *Forms) Meant(r *command.Request, words string, i hear.Intent, c Current) bool {
	if r.Place.Platform == chat.Slack {
		return i.Command() // the form is a modal: nothing was asked in words
	}
	v, _ := fs.Ear.Verb(c.Row.Form)
	x, _ := v.Form.Field(c.Draft.Asking)
	if x.Kind != field.Text && x.Kind != field.Long && !x.Kind.LookUp() {
		if _, wrong := form.Check(x, words, r.Env()); wrong == nil {
			return false
		}
	}
	switch {
	case !i.Command():
		return false
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
