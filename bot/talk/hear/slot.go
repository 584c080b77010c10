package hear

import (
	"slices"
	"strings"
	"unicode/utf8"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/kit/numeral"
	"fieldbot/bot/talk/form"
)

// kindOf is what a slot takes: what the field of the verb with its name does, or, where it
// has none, what its name says.
func (s *Sentence) kindOf(name string) field.Kind {
	name = s.keyOf(name)
	if f, ok := s.verb.Form.Field(name); ok {
		return f.Kind
	}
	for _, f := range s.verb.Takes {
		if f.Key == name {
			return f.Kind
		}
	}
	if kind, ok := byName[name]; ok {
		return kind
	}
	return field.Text
}

// keyOf is the field that a slot fills.
func (s *Sentence) keyOf(slot string) string {
	slot = strings.TrimSuffix(slot, "+")
	for key, value := range s.args.Pairs {
		if value == "{"+slot+"}" || value == "{"+slot+"+}" {
			return key
		}
	}
	return slot
}

// byName are the kinds of slots that no field of the verb stands for.
var byName = map[string]field.Kind{"day": field.Date, "number": field.Number, "amount": field.Money, "place": field.Place, "account": field.Account, "person": field.Person, "product": field.Product}

// Names are the slots of a guess whose words name a row, which is looked up later, with its
// kind: what names something is meant before what says as much and names nothing.
func (g Guess) Names() map[string]field.Kind {
	out := map[string]field.Kind{}
	for slot := range g.Slots {
		if kind := g.Sentence.kindOf(slot); kind.IsRow() {
			out[slot] = kind
		}
	}
	return out
}

func (s *Sentence) pattern(name string) string {
	switch {
	case strings.HasSuffix(name, "+") && s.kindOf(name) == field.Each:
		return counted
	case strings.HasSuffix(name, "+"):
		return several
	}
	switch name {
	case "period":
		return period
	case "on":
		return pastDay
	}
	switch s.kindOf(name) {
	case field.Percent:
		return share
	case field.Number, field.Money, field.Each:
		return figures
	case field.Long, field.Text:
		if _, ok := s.verb.Form.Field(name); ok && s.last(name) {
			return text
		}
	}
	return anything
}

// last reports whether a slot ends every template that holds it.
func (s *Sentence) last(name string) bool {
	return !slices.ContainsFunc(s.Say, func(t string) bool {
		at := strings.LastIndex(t, "{"+name+"}")
		return at >= 0 && strings.Trim(t[at+len(name)+2:], "])") != ""
	})
}

// fits reports whether words can be what a slot takes. What is looked up is looked up later.
func (s *Sentence) fits(name, v string) bool {
	if s.kindOf(name).IsRow() && utf8.RuneCountInString(v) > longestName {
		return false
	}
	switch s.kindOf(name) {
	case field.Date:
		return s.fitsDay(name, v)
	case field.Money:
		_, err := money.Parse(v, "CNY")
		return err == nil
	case field.Each:
		if strings.HasSuffix(name, "+") {
			return !slices.ContainsFunc(s.entries(name, v), func(e form.Entry) bool { _, ok := numeral.Parse(e.Value); return !ok || e.Name == "" })
		}
		_, ok := numeral.Parse(v)
		return ok
	case field.Number:
		_, ok := numeral.Parse(v)
		return ok
	case field.Percent:
		_, ok := numeral.Percent(v)
		return ok
	}
	if strings.TrimSuffix(name, "+") == "period" {
		from, _ := calendar.Period(v, "2026-01-01", calendar.DayFirst)
		return v != "" && from != ""
	}
	return v != ""
}

// entries are the things that the words of a slot name, each with its value.
func (s *Sentence) entries(slot, words string) []form.Entry {
	f, _ := s.verb.Form.Field(s.keyOf(slot))
	return form.Entries(f, words)
}

// Counted are the names of the products of which a guess says how many.
func (g Guess) Counted() (products []string) {
	for slot, words := range g.Slots {
		if g.Sentence.kindOf(slot) == field.Each && g.Sentence.repeats(slot) {
			for _, e := range g.Sentence.entries(slot, words) {
				products = append(products, e.Name)
			}
		}
	}
	return products
}

// repeats reports whether a slot takes several things.
func (s *Sentence) repeats(slot string) bool {
	return slices.ContainsFunc(s.Say, func(t string) bool { return strings.Contains(t, "{"+slot+"+}") })
}

// reference is a day that days are read from, to see whether they lie ahead.
const reference = calendar.Day("2026-06-17")

// fitsDay reports whether words are a day, and on the side of today where its field looks:
// nobody plans for yesterday. A number alone is one in a form, and no day in a sentence:
// Kiosk 14.
func (s *Sentence) fitsDay(name, v string) bool {
	if _, number := numeral.Parse(v); number {
		return false
	}
	f, _ := s.verb.Form.Field(s.keyOf(name))
	days := calendar.Read(v, reference, calendar.DayFirst)
	if day, ok := calendar.Holiday(v, reference, func() calendar.Company { return calendar.Company{} }); ok {
		days = []calendar.Day{day}
	}
	return len(days) > 0 && !slices.ContainsFunc(days, func(d calendar.Day) bool { return f.Past && d > reference || f.Ahead && d < reference })
}
