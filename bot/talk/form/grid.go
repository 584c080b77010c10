package form

import (
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
)

// Grid is where a form stands that is filled on a keyboard of things: each thing is a
// button, a press does to it what the column says. The keyboard is one message, edited
// in place.
type Grid struct {
	Column string `json:"column,omitempty"` // key of the field that a press fills; "" is the first
	Page   int    `json:"page,omitempty"`
	Of     string `json:"of,omitempty"`    // code of the thing whose value is asked
	Keyed  string `json:"keyed,omitempty"` // what was keyed of it so far
}

// The presses of a grid.
const (
	PressColumn = "column" // key: presses fill this field; "" leaves the grid for the card
	PressMark   = "mark"   // key, code, label, "in" or "out"
	PressValue  = "value"  // key, code, label: asks for the value
	PressKeyed  = "keyed"  // key, code, the figure that is keyed, or "" to take the last back
	PressTake   = "take"   // key, code: what was keyed is the value
	PressTurn   = "turn"   // page
)

// perPage is how many things stand on a page: a phone shows ten rows and the controls.
const perPage = 10

// offGrid is the column of the card with the other fields.
const offGrid = "card"

// onGrid is the key of the column that presses fill, "" off the grid.
func (d Draft) onGrid(f Form) string {
	switch {
	case len(f.Grid) == 0 || d.Grid.Column == offGrid:
		return ""
	case d.Grid.Column != "":
		return d.Grid.Column
	case f.Walk:
		return f.after(f.Grid[0])
	}
	return f.Grid[0]
}

// after is the column of values behind another one, "" behind the last.
func (f Form) after(column string) string {
	for _, key := range f.Grid[slices.Index(f.Grid, column)+1:] {
		if x, _ := f.Field(key); x.Kind == field.Each {
			return key
		}
	}
	return ""
}

// grid shows the things of a form, a button each.
func (f Form) grid(d Draft, s Step, env Env) chat.Reply {
	w, column := env.Words, d.onGrid(f)
	x, _ := f.Field(column)
	r := chat.Reply{Title: f.title(d, w), Text: w.Say("grid."+string(x.Kind), "label", w.Field(x))}
	pages := (len(s.Choices) + perPage - 1) / perPage
	page := max(0, min(d.Grid.Page, pages-1))
	for _, o := range s.Choices[min(page*perPage, len(s.Choices)):min((page+1)*perPage, len(s.Choices))] {
		r.Buttons = append(r.Buttons, []chat.Button{f.thing(d, x, o, env)})
	}
	if pages > 1 {
		r.Buttons = append(r.Buttons, []chat.Button{
			d.button("‹", PressTurn, fmt.Sprint((page+pages-1)%pages)), d.button(fmt.Sprintf("%d/%d", page+1, pages), PressShow), d.button("›", PressTurn, fmt.Sprint((page+1)%pages)),
		})
	}
	var columns []chat.Button
	for _, key := range f.Grid {
		if len(f.Grid) == 1 {
			break // there is nothing to choose
		}
		y, _ := f.Field(key)
		mark := ""
		if key == column {
			mark = "● "
		}
		columns = append(columns, d.button(mark+w.Field(y), PressColumn, key))
	}
	for _, y := range f.Fields {
		if d.Values[y.Key] != "" && !slices.Contains(f.Grid, y.Key) {
			r.Fields = append(r.Fields, chat.Line{Label: w.Field(y), Value: d.print(y, env)})
		}
	}
	save := d.button(w.Say("button.save"), PressSave)
	save.Style = chat.Primary
	if len(columns) > 0 {
		r.Buttons = append(r.Buttons, columns)
	}
	r.Buttons = append(r.Buttons, []chat.Button{save, d.button(w.Say("button.more_fields"), PressColumn, offGrid), d.button(w.Say("button.cancel"), PressCancel)})
	return r
}

// thing is the button of a thing: what is known of it, and what a press does.
func (f Form) thing(d Draft, column field.Field, o chat.Option, env Env) chat.Button {
	label, touched, out := o.Label, !f.Walk, false
	var values []string
	for _, key := range f.Grid {
		x, _ := f.Field(key)
		switch in := slices.Contains(Codes(d.Values[key]), o.Value); {
		case in && x.Kind == field.Some:
			out = true
		case in:
			touched = true
			values = append(values, Print(x.Each(), ValueOf(d.Values[key], o.Value), "", env))
		}
	}
	switch {
	case out:
		label = "✗ " + label
	case touched:
		label = "✓ " + label
	default:
		label = "▫️ " + label // nobody has looked at it yet
	}
	label = strings.Join(append([]string{label}, values...), " · ")
	if column.Kind == field.Each {
		return d.button(label, PressValue, column.Key, o.Value, o.Label)
	}
	to := "in"
	if slices.Contains(Codes(d.Values[column.Key]), o.Value) {
		to = "out"
	}
	return d.button(label, PressMark, column.Key, o.Value, o.Label, to)
}

// keypad asks for the value of one thing, with figures to press where the platform has
// room for them.
func (f Form) keypad(d Draft, s Step, env Env) chat.Reply {
	w, x := env.Words, s.Field
	r := chat.Reply{Title: f.title(d, w), Digits: true}
	if s.Problem != nil {
		r.Text = "⚠️ " + w.Fault(s.Problem) + "\n"
	}
	keyed := d.Grid.Keyed
	r.Text += w.Say("grid.value", "label", w.Field(x), "thing", d.Shown[called(d.Grid.Of)], "keyed", keyed)
	if env.Caps.Grid && (x.Of == field.Money || x.Of == field.Number) {
		key := func(label, then string) chat.Button {
			return d.button(label, PressKeyed, x.Key, d.Grid.Of, then)
		}
		for _, row := range []string{"789", "456", "123"} {
			var keys []chat.Button
			for _, c := range row {
				keys = append(keys, key(string(c), string(c)))
			}
			r.Buttons = append(r.Buttons, keys)
		}
		last := []chat.Button{key("0", "0"), key("⌫", "")}
		if x.Of == field.Money {
			last = slices.Insert(last, 0, key(".", "."))
		}
		if keyed != "" {
			take := d.button("OK", PressTake, x.Key, d.Grid.Of)
			take.Style = chat.Primary
			last = append(last, take)
		}
		r.Buttons = append(r.Buttons, last)
	}
	r.Buttons = append(r.Buttons, []chat.Button{d.button(w.Say("button.back"), PressBack), d.button(w.Say("button.cancel"), PressCancel)})
	return r
}

// mostKeyed bounds what is keyed: no price or count is longer.
const mostKeyed = 12

// pressGrid does what a button of the grid says to a field.
func (f Form) pressGrid(d *Draft, x field.Field, args []string, env Env) {
	switch {
	case args[0] == PressColumn && len(args) > 1:
		d.Grid.Column, d.Asking = args[1], ""
	case args[0] == PressTurn && len(args) > 1:
		_, _ = fmt.Sscan(args[1], &d.Grid.Page)
	case args[0] == PressTake && d.Grid.Of != "":
		f.value(d, x, d.Grid.Keyed, env)
	case len(args) < 4:
	case args[0] == PressMark && len(args) > 4:
		d.mark(x, args[2], args[3], args[4] == "in")
	case args[0] == PressValue:
		d.Asking, d.Grid.Of, d.Grid.Keyed = x.Key, args[2], ""
		d.Shown[called(args[2])] = args[3]
	case args[0] == PressKeyed && args[3] == "":
		d.Grid.Keyed = d.Grid.Keyed[:max(0, len(d.Grid.Keyed)-1)]
	case args[0] == PressKeyed && len(d.Grid.Keyed) < mostKeyed:
		d.Grid.Keyed += args[3]
	}
}

// value takes the value of the thing that is asked.
func (f Form) value(d *Draft, x field.Field, raw string, env Env) {
	code := d.Grid.Of
	value, problem := Check(x.Each(), raw, env)
	if problem != nil {
		f.refuse(d, x, raw, problem)
		d.Grid.Keyed = ""
		return
	}
	delete(d.Wrong, x.Key)
	d.put(x, code, d.Shown[called(code)], value)
	f.settled(d, x.Key)
	if next := f.after(x.Key); f.Walk && next != "" {
		d.Asking, d.Grid.Of = next, code
	}
}

// TypeOnGrid takes words that name things of the grid, for its column. It is false off
// the grid.
func (f Form) TypeOnGrid(d *Draft, words string, env Env) bool {
	x, on := f.Field(d.onGrid(f))
	if on {
		f.fill(d, x, words, env)
	}
	return on
}

// StillMeant reports whether a press of an older view of the grid means the same now:
// presses come faster than the keyboard is drawn.
func (d Draft) StillMeant(f Form, args []string) bool {
	if len(args) < 3 {
		return false
	}
	switch args[0] {
	case PressMark, PressValue:
		return d.Asking == "" && d.onGrid(f) == args[1]
	case PressKeyed, PressTake:
		return d.Asking == args[1] && d.Grid.Of == args[2]
	}
	return false
}
