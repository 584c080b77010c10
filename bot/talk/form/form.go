// Package form fills forms. A form is data; one set of checks serves the one
// line with key=value, the modal, the dialogue of a chat and the terminal's
// prompts. A draft is a value that the store keeps: after a restart the form
// goes on at the same question.
//
// The package is pure. Where a field names a person, an account or a store,
// Next returns a step Look and the command answers it with Found.
package form

import (
	"maps"
	"slices"
	"strings"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/lang"
)

// Form is the questions of one command.
type Form struct {
	Name   string // family.verb; its title in bot/talk/lang is form.NAME
	Fields []field.Field
	// Grid are the keys of fields of several things that are filled on one keyboard of
	// these things: see Grid.
	Grid []string
	// Walk asks the values of a thing one after the other, before it goes back to the grid.
	Walk bool
}

// Field returns the field of a key.
func (f Form) Field(key string) (field.Field, bool) {
	return field.Catalogue{Fields: f.Fields}.Get(key)
}

// Env is what checks depend on beside the text.
type Env struct {
	Words    lang.Words
	Today    calendar.Day
	Company  func() calendar.Company // its days off
	Currency string
	Caps     chat.Caps
}

// Draft is a form while it is filled.
type Draft struct {
	ID      string                  `json:"-"`
	Form    string                  `json:"-"`
	Subject string                  `json:"subject,omitempty"` // id of the row that is edited
	Version int64                   `json:"version,omitempty"` // of that row when the form was opened
	Values  map[string]string       `json:"values"`            // canonical text by key
	Shown   map[string]string       `json:"shown,omitempty"`   // what a look-up's value is called
	Query   map[string]string       `json:"query,omitempty"`   // look-ups that are still words
	Wrong   map[string]*fault.Fault `json:"wrong,omitempty"`   // what was refused
	Typed   map[string]string       `json:"typed,omitempty"`   // the words that were refused
	Asking  string                  `json:"asking,omitempty"`  // key of the question that is open
	Trail   []string                `json:"trail,omitempty"`   // keys answered, for Back
	Week    int                     `json:"week,omitempty"`    // the calendar is turned so many weeks
	Express bool                    `json:"express,omitempty"` // saved as soon as nothing is missing
	About   string                  `json:"about,omitempty"`   // what is edited, for the title
	Album   string                  `json:"album,omitempty"`   // the album that photos came from last
	Doubted bool                    `json:"doubted,omitempty"` // a likely mistake was shown; saving again means it
	Grid    Grid                    `json:"grid,omitzero"`
	All     bool                    `json:"all,omitempty"` // the card shows every field
}

// NewDraft starts a draft of a form with canonical values.
func NewDraft(id, form string, values map[string]string) Draft {
	d := Draft{ID: id, Form: form, Values: map[string]string{}, Shown: map[string]string{}, Query: map[string]string{}, Wrong: map[string]*fault.Fault{}, Typed: map[string]string{}}
	maps.Copy(d.Values, values)
	return d
}

// Hold puts what a row holds of some fields into the draft.
func (d *Draft) Hold(fields []field.Field, row map[string]string) {
	for _, x := range fields {
		if v := row[x.Key]; v != "" {
			d.Values[x.Key] = v
		}
	}
}

// Whole are the values of all the fields that a form asks for: one that was emptied is
// emptied in the row, too.
func Whole(fields []field.Field, values map[string]string) map[string]string {
	out := map[string]string{}
	for _, x := range fields {
		out[x.Key] = values[x.Key]
	}
	return out
}

// What a step is.
type What string

// The steps.
const (
	Ask  What = "ask"  // put the question of Field
	Look What = "look" // find Query among what Field names
	Card What = "card" // show what is filled, with Save
	Save What = "save" // everything is there and right
)

// Step is what comes next.
type Step struct {
	What    What
	Field   field.Field
	Problem *fault.Fault
	Query   string
	Choices []chat.Option // what a look-up offers
}

// Next returns what the draft needs now.
func (f Form) Next(d *Draft) Step {
	for _, x := range f.Fields {
		if q, ok := d.Query[x.Key]; ok {
			return Step{What: Look, Field: x, Query: q}
		}
	}
	for _, x := range f.Fields {
		if p := d.Wrong[x.Key]; p != nil {
			d.Asking = x.Key
			return Step{What: Ask, Field: x, Problem: p}
		}
	}
	if x, ok := f.Field(d.Asking); ok {
		return Step{What: Ask, Field: x}
	}
	for _, x := range f.Fields {
		if x.Required && d.Values[x.Key] == "" {
			d.Asking = x.Key
			return Step{What: Ask, Field: x}
		}
	}
	if d.Express {
		return Step{What: Save}
	}
	for _, x := range f.Fields {
		if x.Asked && d.Values[x.Key] == "" && !slices.Contains(d.Trail, x.Key) {
			d.Asking = x.Key
			return Step{What: Ask, Field: x}
		}
	}
	return Step{What: Card}
}

// Type fills fields from words, as one line carries them. What is wrong is
// kept beside its field, what names something is left for a look-up.
func (f Form) Type(d *Draft, words map[string]string, env Env) {
	for _, x := range f.Fields {
		if raw, ok := words[x.Key]; ok {
			f.fill(d, x, raw, env)
		}
	}
}

// fill takes the words for one field and reports whether it is settled.
func (f Form) fill(d *Draft, x field.Field, raw string, env Env) bool {
	delete(d.Wrong, x.Key)
	delete(d.Query, x.Key)
	delete(d.Typed, x.Key)
	raw = chat.Clean(raw)
	if raw == "" {
		delete(d.Values, x.Key)
		return true
	}
	if x.Kind.LookUp() {
		query, most := chat.OneLine(raw), maxQuery
		if x.Kind.Several() { // a line for each
			query, most = raw, maxQueries
		}
		if len(query) > most {
			return f.refuse(d, x, raw, fault.At(x.Key, "long", "max", most))
		}
		d.Query[x.Key] = query
		return false
	}
	value, problem := Check(x, raw, env)
	if problem != nil {
		return f.refuse(d, x, raw, problem)
	}
	if d.Values[x.Key] != value {
		d.Doubted = false // what was doubted is another thing now
	}
	d.Values[x.Key] = value
	return true
}

func (f Form) refuse(d *Draft, x field.Field, raw string, problem *fault.Fault) bool {
	problem.Field = x.Key
	d.Wrong[x.Key], d.Typed[x.Key] = problem, chat.Cut(raw, 3000)
	return false
}

const (
	maxQuery   = 200  // bytes; no name is longer
	maxQueries = 4000 // bytes of several
)

// Found answers a look-up: one hit is taken, several are offered, none is a
// fault beside the field. It returns the step to show, or nil to go on.
func (f Form) Found(d *Draft, key, query string, hits []chat.Option) *Step {
	x, _ := f.Field(key)
	switch len(hits) {
	case 0:
		delete(d.Query, key)
		f.refuse(d, x, query, fault.At(key, "none_found", "query", query))
		return nil
	case 1:
		if !hits[0].Guess {
			f.Pick(d, key, hits[0].Value, hits[0].Label)
			return nil
		}
	}
	d.Asking = key
	return &Step{What: Ask, Field: x, Query: query, Choices: hits}
}

// Pick takes a canonical value for a field, as buttons carry it.
func (f Form) Pick(d *Draft, key, value, shown string) {
	delete(d.Query, key)
	delete(d.Wrong, key)
	delete(d.Typed, key)
	if d.Values[key] != value {
		d.Doubted = false
	}
	d.Values[key] = value
	if shown != "" {
		d.Shown[key] = shown
	}
	f.settled(d, key)
}

// settled closes a question.
func (f Form) settled(d *Draft, key string) {
	if d.Asking == key {
		d.Asking = ""
	}
	d.Week, d.Grid.Of, d.Grid.Keyed, d.All = 0, "", "", false
	d.Trail = append(slices.DeleteFunc(d.Trail, func(k string) bool { return k == key }), key)
}

// Answer takes what a person said while the form was open. Photos and a
// location go to the field that holds them, wherever the form stands. It
// reports whether there was anything to take.
func (f Form) Answer(d *Draft, u chat.Update, env Env) bool {
	taken := false
	for _, x := range f.Fields {
		switch {
		case x.Kind == field.Photos && len(u.Photos) > 0:
			f.addPhotos(d, x, u.Photos)
			taken = true
		case x.Kind == field.Location && u.Location != nil:
			f.Pick(d, x.Key, FormatLocation(*u.Location), "")
			taken = true
		}
	}
	x, asked := f.Field(d.Asking)
	text := chat.Clean(u.Text)
	if asked && x.Asked && len(u.Photos) > 0 && taken && text == "" {
		f.settled(d, x.Key) // a photo says it; more of an album may follow
		d.Express = false
	}
	if !asked || text == "" {
		return taken
	}
	if d.Grid.Of != "" {
		f.value(d, x, text, env)
		return true
	}
	if f.fill(d, x, text, env) {
		f.settled(d, x.Key)
	}
	return true
}

func (f Form) addPhotos(d *Draft, x field.Field, photos []chat.Photo) {
	refs := strings.Fields(d.Values[x.Key])
	for _, p := range photos {
		if !slices.Contains(refs, p.Ref) && len(refs) < x.Max {
			refs = append(refs, p.Ref)
		}
	}
	d.Values[x.Key] = strings.Join(refs, " ")
	delete(d.Wrong, x.Key)
}

// Submit takes all fields of a modal at once: canonical values, an empty one
// clears. It returns what is wrong, by field.
func (f Form) Submit(d *Draft, values map[string]string, env Env) fault.Fields {
	wrong := fault.Fields{}
	for _, x := range f.Fields {
		raw, shown := values[x.Key]
		if !shown {
			continue
		}
		switch {
		case x.Kind.LookUp() && x.Kind != field.Each && raw != "":
			f.Pick(d, x.Key, raw, d.Shown[x.Key])
		case x.Kind == field.Photos && raw == "":
			// A modal cannot show photos that came before it; none chosen
			// leaves them.
		default:
			f.fill(d, x, raw, env)
		}
		if p := d.Wrong[x.Key]; p != nil {
			wrong[x.Key] = p
		} else if x.Required && d.Values[x.Key] == "" {
			wrong[x.Key] = fault.At(x.Key, "required")
		}
	}
	return wrong
}
