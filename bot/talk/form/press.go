package form

import (
	"slices"
	"strings"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
)

// The presses of a form's buttons: the first argument of a "form" callback.
const (
	PressSave   = "save"
	PressCancel = "cancel"
	PressBack   = "back"
	PressSkip   = "skip"
	PressAsk    = "ask"    // key
	PressPick   = "pick"   // key, value, shown
	PressToggle = "toggle" // key, code
	PressDone   = "done"   // key
	PressWeek   = "week"   // weeks to turn the calendar
	PressShow   = "show"   // nothing changes
	PressAnswer = "answer" // key, words
	PressAll    = "all"    // the card shows every field
)

// Press does what a button of the form says. Save and cancel are the bot's.
func (f Form) Press(d *Draft, args []string, env Env) {
	key := ""
	if len(args) > 1 {
		key = args[1]
	}
	x, known := f.Field(key)
	switch {
	case args[0] == PressBack:
		f.back(d)
	case args[0] == PressSkip:
		f.skip(d)
	case args[0] == PressAll:
		d.All = true
	case args[0] == PressWeek && len(args) > 1:
		d.Week = max(-8, min(26, d.Week+map[string]int{"+": 3, "-": -3}[key]))
	case !known:
	case args[0] == PressAsk:
		d.Asking = key
	case args[0] == PressPick && len(args) > 3:
		f.Pick(d, key, args[2], args[3])
	case args[0] == PressToggle && len(args) > 2 && x.Suggest:
		d.Values[key] = toggleName(d.Values[key], args[2])
	case args[0] == PressToggle && len(args) > 3 && x.Kind == field.Some:
		d.mark(x, args[2], args[3], !slices.Contains(Codes(d.Values[key]), args[2]))
	case args[0] == PressToggle && len(args) > 2:
		d.Values[key] = toggle(d.Values[key], args[2], x.Options)
	case args[0] == PressDone:
		f.settled(d, key)
	case args[0] == PressAnswer && len(args) > 2 && d.Asking == key:
		f.Answer(d, chat.Update{Text: args[2]}, env)
	}
	f.pressGrid(d, x, args, env)
}

func toggle(list, code string, order []string) string {
	set := strings.Split(list, ";")
	var out []string
	for _, o := range order {
		if slices.Contains(set, o) != (o == code) {
			out = append(out, o)
		}
	}
	return strings.Join(out, ";")
}

// toggleName puts a name into a list of names, or takes it out.
func toggleName(list, name string) string {
	names := splitNames(list)
	if i := slices.Index(names, name); i >= 0 {
		return strings.Join(slices.Delete(names, i, i+1), ", ")
	}
	return strings.Join(append(names, name), ", ")
}

func splitNames(list string) []string {
	var out []string
	for _, n := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(",、，;", r) }) {
		if n = strings.TrimSpace(n); n != "" {
			out = append(out, n)
		}
	}
	return out
}

func (f Form) drop(d *Draft, key string) {
	delete(d.Wrong, key)
	delete(d.Query, key)
	delete(d.Typed, key)
}

// back goes to the question before: from an optional one to the card, from
// the card to the last one answered.
func (f Form) back(d *Draft) {
	x, asked := f.Field(d.Asking)
	f.drop(d, d.Asking)
	d.Week, d.Grid.Of, d.Grid.Keyed, d.Express = 0, "", "", false // whoever goes back wants to look again
	if asked && x.Asked && d.Values[x.Key] == "" && len(d.Trail) == 0 {
		d.Trail = append(d.Trail, x.Key) // nothing before it: on to the card
	}
	if asked && (!x.Required && !x.Asked || d.Values[x.Key] != "" || slices.Contains(d.Trail, x.Key)) {
		d.Asking = ""
		return
	}
	if n := len(d.Trail); n > 0 {
		d.Asking, d.Trail = d.Trail[n-1], d.Trail[:n-1]
	}
}

func (f Form) skip(d *Draft) {
	x, asked := f.Field(d.Asking)
	if !asked {
		return
	}
	f.drop(d, x.Key)
	d.Express = false
	if x.Required && d.Values[x.Key] == "" {
		d.Wrong[x.Key] = fault.At(x.Key, "required")
		return
	}
	f.settled(d, x.Key)
}
