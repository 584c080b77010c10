package hear

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/hanzi"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/kit/numeral"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// Sentence is a thing that people say in their own words: the ways to say it, and the
// command that it means. A capability keeps a file of each, per language, in its folder
// sentences: NAME.LANGUAGE.yaml.
type Sentence struct {
	Name     string    `yaml:"-"` // of the file, without the language
	Language string    `yaml:"-"`
	Means    string    `yaml:"means"` // /family verb {slot} key={slot}; a pair whose slot was not said is left out, {said} is all that was
	Say      []string  `yaml:"say"`
	Unless   string    `yaml:"unless"` // an expression of texts that say something else
	Tests    []Example `yaml:"tests"`

	family command.Family
	verb   command.Verb
	args   command.Args // with slots in place of words
	ways   []way
	unless *regexp.Regexp // nil is none
}

// Example is a sentence as somebody says it, and the command that it means.
type Example struct {
	Say   string `yaml:"say"`
	Means string `yaml:"means"`
}

// way is one template, ready to be heard.
type way struct {
	part   part
	needed []oneOf
	re     *regexp.Regexp
	slots  []string
}

// Guess is a command that a sentence may mean. Look-ups in it are still words.
type Guess struct {
	Said
	Sentence *Sentence
	Slots    map[string]string // what was said in each
	Letters  int               // how many of its characters the template said itself
}

// sentencesOf reads the sentences of some modules.
func (e *Ear) sentencesOf(modules []command.Module) (out []*Sentence, err error) {
	for _, m := range modules {
		if m.Words == nil {
			continue
		}
		files, err := fs.Glob(m.Words, "sentences/*.yaml")
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			s, err := e.sentence(m.Words, file)
			if err != nil {
				return nil, fmt.Errorf("%s of %s: %w", file, m.Name, err)
			}
			out = append(out, s)
		}
	}
	return out, nil
}

func (e *Ear) sentence(from fs.FS, file string) (*Sentence, error) {
	data, err := fs.ReadFile(from, file)
	if err != nil {
		return nil, err
	}
	s := &Sentence{}
	if err := yaml.Unmarshal(data, s); err != nil {
		return nil, err
	}
	s.Name, s.Language, _ = strings.Cut(strings.TrimSuffix(path.Base(file), ".yaml"), ".")
	family, words := chat.FirstWord(strings.TrimPrefix(s.Means, "/"))
	said, err := e.Understand(family, words)
	if err != nil {
		return nil, err
	}
	s.family, s.verb, s.args = said.Family, said.Verb, said.Args
	if s.Unless != "" {
		if s.unless, err = regexp.Compile(`(?i)` + s.Unless); err != nil {
			return nil, err
		}
	}
	for _, template := range s.Say {
		w, err := s.way(template)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", template, err)
		}
		s.ways = append(s.ways, w)
	}
	return s, nil
}

func (s *Sentence) way(template string) (way, error) {
	p, err := parseTemplate(template, common[s.Language])
	if err != nil {
		return way{}, err
	}
	c := compiler{pattern: s.pattern}
	expression := c.expression(p)
	tail := gap + fillers + ending
	if n := len(c.slots); n > 0 && s.pattern(c.slots[n-1]) == text && strings.HasSuffix(strings.TrimRight(template, "])"), "}") {
		tail = ending // somebody's own words stay as they are
	}
	re, err := regexp.Compile(`(?i)^` + fillers + gap + expression + tail + `$`)
	return way{part: p, needed: needed(p), re: re, slots: c.slots}, err
}

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

// common are the rules that all sentences of a language share.
var common = map[string]map[string]string{
	"zh": {"oos": "(断货|缺货|没货|断档|卖空)", "went": "(去|跑|拜访|走访)", "want": "(要|想要|需要|想加|还要)", "promised": "(答应|同意|承诺|说好)"},
	"en": {"oos": "(out of stock|sold out|oos|empty)", "want": "(wants|want|needs|need|asks for|asked for|would like)", "promised": "(promised|agreed to|agreed on|will give us)", "i am": "(i'm|i am|im|we're|we are)"},
}

// guesses are the commands that a text may mean, what is said in the most words first.
func (e *Ear) guesses(raw string) []Guess {
	said := spoken(raw)
	if said == "" || utf8.RuneCountInString(said) > longest {
		return nil
	}
	lower := strings.ToLower(said)
	var out []Guess
	for _, s := range e.sentences {
		best := Guess{Letters: -1}
		for _, w := range s.ways {
			if slices.ContainsFunc(w.needed, func(n oneOf) bool { return !n.in(lower) }) {
				continue
			}
			if g, ok := s.hear(w, said); ok && g.Letters > best.Letters {
				best = g
			}
		}
		if best.Letters >= 0 && (s.unless == nil || !s.unless.MatchString(said)) {
			out = append(out, best)
		}
	}
	slices.SortStableFunc(out, func(a, b Guess) int {
		return cmp.Or(cmp.Compare(b.Letters, a.Letters), cmp.Compare(len(b.Names()), len(a.Names())))
	})
	return out
}

// Nearest are the two examples most like a text, of a language and of verbs that may be
// said.
func (e *Ear) Nearest(text, language string, may func(command.Verb) bool) []string {
	var hits []search.Hit
	folded := search.Fold(text)
	for _, s := range e.sentences {
		if s.Language != language || len(s.Tests) == 0 || !may(s.verb) || slices.ContainsFunc(s.Tests, func(x Example) bool { return search.Fold(x.Say) == folded }) {
			continue
		}
		hits = append(hits, search.Hit{ID: s.Tests[0].Say, Text: search.Fold(s.Tests[0].Say)})
	}
	return search.Nearest(spoken(text), hits, 2)
}

// Sentences are all that can be heard.
func (e *Ear) Sentences() []*Sentence { return e.sentences }

// longestName bounds a name that is looked up.
const longestName = 48

// longest bounds what is heard as a sentence, in characters.
const longest = 300

// spoken is a text as templates match it: composed, narrow, simplified, one line.
func spoken(raw string) string {
	return hanzi.Simplified(strings.Trim(chat.OneLine(norm.NFKC.String(strings.ReplaceAll(raw, "’", "'"))), " "))
}

func (s *Sentence) hear(w way, said string) (Guess, bool) {
	m := w.re.FindStringSubmatch(said)
	if m == nil {
		return Guess{}, false
	}
	values, letters := map[string]string{"said": said}, utf8.RuneCountInString(said)
	for i, name := range w.slots {
		v := strings.Trim(m[i+1], " ，,、的")
		if m[i+1] == "" {
			continue
		}
		if !s.fits(name, v) || denied.MatchString(v) && !strings.HasSuffix(said, m[i+1]) {
			return Guess{}, false
		}
		values[strings.TrimSuffix(name, "+")] = v
		letters -= utf8.RuneCountInString(m[i+1])
	}
	args, ok := s.filled(values)
	return Guess{Said: Said{Family: s.family, Verb: s.verb, Args: args, Card: true}, Sentence: s, Slots: values, Letters: letters}, ok
}

// denied are words before ours that say the contrary: 没断货, not out of stock.
var denied = regexp.MustCompile(`(没有?|不|未|别|\bnot|n't)$|^(nothing|no|none)\b`)

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

// filled are the words of the command with what was said in its slots.
func (s *Sentence) filled(values map[string]string) (command.Args, bool) {
	a := command.Args{Verb: s.args.Verb, Pairs: map[string]string{}}
	object, ok := fill(s.args.Object, values, true)
	a.Object = strings.Join(strings.Fields(object), " ")
	for _, key := range s.args.Order {
		if v, said := fill(s.args.Pairs[key], values, false); said {
			a.Pairs[key], a.Order = v, append(a.Order, key)
		}
	}
	return a, ok
}

var reSlot = regexp.MustCompile(`\{[^}]+\}`)

// fill puts values into the slots of a text. One that was not said is nothing, or, where
// nothing stands for it, makes the text unsaid.
func fill(text string, values map[string]string, nothing bool) (string, bool) {
	said := true
	out := reSlot.ReplaceAllStringFunc(text, func(name string) string {
		v, ok := values[strings.Trim(name, "{}+")]
		said = said && (ok || nothing)
		return v
	})
	return out, said
}

// Words are the words of a guess as somebody would type them behind the family.
func (g Guess) Words() string {
	out := strings.TrimSpace(g.Verb.Name + " " + g.Args.Object)
	for _, key := range g.Args.Order {
		out += " " + key + "=" + g.Args.Pairs[key]
	}
	return strings.TrimSpace(out)
}
