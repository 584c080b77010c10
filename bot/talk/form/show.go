package form

import (
	"slices"
	"strconv"
	"strings"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/lang"
)

// Title is what the form is called.
func (f Form) Title(w lang.Words) string { return w.Say("form." + f.Name) }

// title names what the form is about, once it is known.
func (f Form) title(d Draft, w lang.Words) string {
	about := d.About
	for _, x := range f.Fields {
		if about == "" && x.Kind.LookUp() && x.Required && x.Key != d.Asking {
			about = d.Shown[x.Key]
		}
	}
	if about == "" {
		return f.Title(w)
	}
	return f.Title(w) + " · " + about
}

// Show renders a step as a message of the dialogue.
func (f Form) Show(d Draft, s Step, env Env) chat.Reply {
	switch {
	case s.What == Card && d.onGrid(f) != "":
		return f.grid(d, s, env)
	case s.What == Card:
		return f.card(d, env)
	case d.Grid.Of != "":
		return f.keypad(d, s, env)
	}
	return f.question(d, s, env)
}

// AnswerButton answers the open question with words that could also be a command.
func (d Draft) AnswerButton(label, words string) chat.Button {
	return d.button(label, PressAnswer, d.Asking, words)
}

// button makes a button of this draft.
func (d Draft) button(label string, args ...string) chat.Button {
	return chat.Button{Label: chat.Cut(label, 60), Do: &chat.Do{Action: "form", Args: args, Subject: "draft:" + d.ID}}
}

func (f Form) question(d Draft, s Step, env Env) chat.Reply {
	w, x := env.Words, s.Field
	var text []string
	if s.Problem != nil {
		text = append(text, "⚠️ "+w.Fault(s.Problem))
	}
	text = append(text, f.ask(x, s, w))
	r := chat.Reply{Title: f.title(d, w), Text: strings.Join(text, "\n")}
	if x.Kind.LookUp() && !x.Kind.Several() {
		for _, o := range s.Choices {
			label := o.Label
			if o.Note != "" {
				label += " · " + o.Note
			}
			r.Buttons = append(r.Buttons, []chat.Button{d.button(label, PressPick, x.Key, o.Value, o.Label)})
		}
	}
	switch x.Kind {
	case field.Choice, field.YesNo:
		var row []chat.Button
		for _, code := range options(x) {
			row = append(row, d.button(w.Option(x, code), PressPick, x.Key, code, ""))
		}
		r.Buttons = grid(row, 2)
	case field.Choices:
		var row []chat.Button
		for _, code := range x.Options {
			mark := ""
			if slices.Contains(strings.Split(d.Values[x.Key], ";"), code) {
				mark = "✓ "
			}
			row = append(row, d.button(mark+w.Option(x, code), PressToggle, x.Key, code))
		}
		r.Buttons = append(grid(row, 2), []chat.Button{d.button(w.Say("button.done"), PressDone, x.Key)})
	case field.Some:
		for _, o := range s.Choices {
			mark := ""
			if slices.Contains(Codes(d.Values[x.Key]), o.Value) {
				mark = "✓ "
			}
			r.Buttons = append(r.Buttons, []chat.Button{d.button(mark+o.Label, PressToggle, x.Key, o.Value, o.Label)})
		}
		r.Buttons = append(r.Buttons, []chat.Button{d.button(w.Say("button.done"), PressDone, x.Key)})
	case field.Date:
		r.Buttons = d.days(x, env)
	case field.Text:
		var row []chat.Button
		for _, o := range s.Choices {
			mark := ""
			if slices.Contains(splitNames(d.Values[x.Key]), o.Value) {
				mark = "✓ "
			}
			row = append(row, d.button(mark+o.Label, PressToggle, x.Key, o.Value))
		}
		r.Buttons = grid(row, 2)
		if d.Values[x.Key] != "" && len(row) > 0 {
			r.Buttons = append(r.Buttons, []chat.Button{d.button(w.Say("button.done"), PressDone, x.Key)})
		}
	case field.Number:
		r.Digits = true
		if x.Hi > x.Lo && x.Hi-x.Lo < 10 {
			var row []chat.Button
			for n := x.Lo; n <= x.Hi; n++ {
				text := strconv.FormatInt(n, 10)
				row = append(row, d.button(text, PressPick, x.Key, text, ""))
			}
			r.Buttons = [][]chat.Button{row}
		}
	case field.Money, field.Percent:
		r.Digits = true
	case field.Photos:
		if n := len(strings.Fields(d.Values[x.Key])); n > 0 {
			r.Text = w.Say("form.photos_received", "n", n)
			done := d.button(w.Say("button.done"), PressDone, x.Key)
			done.Style = chat.Primary
			r.Buttons = [][]chat.Button{{done, d.button(w.Say("button.back"), PressBack)}}
			return r
		}
	case field.Location:
		r.Ask = &chat.Wish{Location: w.Say("button.send_location"), Words: []string{w.Say("cmd.skip"), w.Say("cmd.cancel")}}
	}
	r.Buttons = append(r.Buttons, f.controls(d, x, w))
	return r
}

// ask is the question of a field: its own if it has one, else by its kind.
func (f Form) ask(x field.Field, s Step, w lang.Words) string {
	if len(s.Choices) > 0 && s.Query != "" && !x.Kind.Several() {
		if s.Choices[0].Guess {
			return w.Say("ask.meant", "query", s.Query)
		}
		return w.Say("ask.which", "query", s.Query)
	}
	if own, ok := w.Question(x); ok {
		return own
	}
	return w.Say("ask.kind."+string(x.Kind), "label", w.Field(x), "lo", x.Lo, "hi", x.Hi)
}

func (f Form) controls(d Draft, x field.Field, w lang.Words) []chat.Button {
	var row []chat.Button
	if len(d.Trail) > 0 || !x.Required {
		row = append(row, d.button(w.Say("button.back"), PressBack))
	}
	if !x.Required {
		row = append(row, d.button(w.Say("button.skip"), PressSkip))
	}
	return append(row, d.button(w.Say("button.cancel"), PressCancel))
}

func grid(buttons []chat.Button, perRow int) [][]chat.Button {
	return slices.Collect(slices.Chunk(buttons, perRow))
}

// days offers the likely days, and a grid of three weeks where the platform
// can show one.
func (d Draft) days(x field.Field, env Env) [][]chat.Button {
	w := env.Words
	pick := func(label string, day calendar.Day) chat.Button {
		return d.button(label, PressPick, x.Key, string(day), "")
	}
	if some := calendar.Read(d.Typed[x.Key], env.Today, env.Words.Order()); len(some) > 1 {
		var rows [][]chat.Button // what was typed can be each of them
		for _, day := range some {
			rows = append(rows, []chat.Button{pick(w.Day(day), day)})
		}
		return rows
	}
	rows := [][]chat.Button{{
		pick(w.Say("day.today"), env.Today), pick(w.Say("day.tomorrow"), env.Today.Add(1)), pick(w.Say("day.next_week"), env.Today.Monday().Add(7)),
	}}
	first := 0
	if x.Far {
		_, monthEnd := env.Today.Month(0)
		_, quarterEnd := env.Today.Quarter(0)
		rows = [][]chat.Button{{
			pick(w.Say("day.in_30"), env.Today.Add(30)), pick(w.Say("day.month_end"), monthEnd), pick(w.Say("day.quarter_end"), quarterEnd),
		}}
	}
	if x.Past {
		rows = [][]chat.Button{{pick(w.Say("day.today"), env.Today), pick(w.Say("day.yesterday"), env.Today.Add(-1))}}
		first = -2
	}
	if !env.Caps.Grid {
		return rows
	}
	start := env.Today.Monday().Add(7 * (d.Week + first))
	for week := range 3 {
		var row []chat.Button
		for i := range 7 {
			day := start.Add(7*week + i)
			if x.Past && day > env.Today || x.Ahead && day < env.Today {
				continue // the field would refuse it
			}
			_, month, n := day.Parts()
			label := strconv.Itoa(n)
			switch {
			case day == env.Today:
				label = "•" + label
			case n == 1 || week == 0 && i == 0:
				label = strconv.Itoa(int(month)) + "/" + label
			}
			row = append(row, pick(label, day))
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	return append(rows, []chat.Button{d.button("‹", PressWeek, "-"), d.button("›", PressWeek, "+")})
}

// onCard is how many fields a card offers on a phone: with Save, Cancel and More there are
// six buttons. A form with one more field shows all.
const onCard = 3

// card shows what is filled, Save first, then a button for the fields that are likely to be
// added, and the others behind More.
func (f Form) card(d Draft, env Env) chat.Reply {
	w := env.Words
	r := chat.Reply{Title: f.title(d, w), Text: w.Say("form.card")}
	var more, open, filled []chat.Button
	for _, x := range f.Fields {
		mark, to := "＋ ", &open
		if d.Values[x.Key] != "" {
			r.Fields = append(r.Fields, chat.Line{Label: w.Field(x), Value: d.print(x, env)})
			mark, to = "✎ ", &filled
		}
		if slices.Contains(f.Grid, x.Key) {
			continue
		}
		b := d.button(mark+w.Field(x), PressAsk, x.Key)
		more, *to = append(more, b), append(*to, b)
	}
	if !d.All && len(f.Grid) == 0 && len(more) > onCard+1 { // what stands behind a grid is more already
		more = slices.Concat(open, filled)[:onCard]
		more = append(more, d.button(w.Say("button.more_fields"), PressAll))
	}
	save := d.button(w.Say("button.save"), PressSave)
	save.Style = chat.Primary
	first := []chat.Button{save, d.button(w.Say("button.cancel"), PressCancel)}
	if len(f.Grid) > 0 {
		first = slices.Insert(first, 1, d.button(w.Say("button.grid"), PressColumn, f.Grid[0]))
	}
	r.Buttons = append([][]chat.Button{first}, grid(more, 3)...)
	return r
}

// print is what a field of the draft holds, as people read it.
func (d Draft) print(x field.Field, env Env) string {
	if x.Kind.Several() {
		return d.several(x, env)
	}
	return Print(x, d.Values[x.Key], d.Shown[x.Key], env)
}

// Print is a canonical value as people read it.
func Print(x field.Field, value, shown string, env Env) string {
	w := env.Words
	switch {
	case x.Kind.Several():
		return Draft{Values: map[string]string{x.Key: value}}.several(x, env)
	case x.Kind.LookUp():
		return shown
	}
	switch x.Kind {
	case field.Choice, field.YesNo:
		return w.Option(x, value)
	case field.Choices:
		var out []string
		for _, code := range strings.Split(value, ";") {
			out = append(out, w.Option(x, code))
		}
		return w.List(out)
	case field.Names:
		return w.List(strings.Split(value, ";"))
	case field.Date:
		return w.Day(calendar.Day(value))
	case field.Photos:
		return w.Say("form.photos", "n", len(strings.Fields(value)))
	case field.Location:
		return strings.TrimSuffix(value, ",live")
	case field.Money:
		return w.Money(amount(value, env))
	}
	return value
}

// amount is a canonical value of money.
func amount(value string, env Env) money.Amount {
	minor, _ := strconv.ParseInt(value, 10, 64) // checked
	return money.Amount{Minor: minor, Currency: env.Currency}
}

// Modal renders the whole form at once, with what is filled and what was
// refused, word for word, so that nothing has to be typed again.
func (f Form) Modal(d Draft, env Env) *chat.Modal {
	w := env.Words
	m := &chat.Modal{Draft: d.ID, Title: f.Title(w), Intro: d.About, Submit: w.Say("button.save"), Close: w.Say("button.cancel")}
	for _, x := range f.Fields {
		mf := chat.ModalField{Key: x.Key, Kind: x.Kind, Label: w.Field(x), Required: x.Required, Value: d.Values[x.Key], Shown: d.Shown[x.Key], Max: x.Max}
		if typed := d.Typed[x.Key]; typed != "" && (x.Kind == field.Text || x.Kind == field.Long || x.Kind == field.Money || x.Kind == field.Location || x.Kind == field.Each) {
			mf.Value = typed
		}
		if x.Kind == field.Each && mf.Value == d.Values[x.Key] {
			mf.Value = typedAgain(x, mf.Value, env)
		}
		if x.Kind == field.Money && mf.Value == d.Values[x.Key] && mf.Value != "" {
			mf.Value = amount(mf.Value, env).Decimal()
		}
		if hint := "hint." + string(x.Kind); lang.Has(hint) {
			mf.Hint = w.Say(hint)
		}
		if p := d.Wrong[x.Key]; p != nil {
			mf.Error = w.Fault(p)
		}
		if x.Kind == field.Choice || x.Kind == field.Choices || x.Kind == field.YesNo {
			for _, code := range options(x) {
				mf.Options = append(mf.Options, chat.Option{Value: code, Label: w.Option(x, code)})
			}
		}
		m.Fields = append(m.Fields, mf)
	}
	return m
}
