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

	"fieldbot/bot/kit/hanzi"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
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
