// Package hear is what words mean: text in, one intent out, found out once for each
// update.
package hear

import (
	"slices"
	"strings"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/lang"
)

// Said is a command that was understood.
type Said struct {
	Family command.Family
	Verb   command.Verb
	Args   command.Args
	// Card: the form is shown, whatever is complete: nobody said "save".
	Card bool
	// Express: the verb or fields were said, so that a complete form is saved at
	// once; a button only opens it.
	Express bool
}

// Intent is what words mean, found out once.
type Intent struct {
	Control string // a word that steers the open form
	Start   bool   // the words are the token of a deep link
	Name    string // the family that the words name, if they name one
	Rest    string
	Said    Said
	Err     error // of words that name a family and are no command of it
	// Guesses are what the words may mean as a sentence, the likely first.
	Guesses []Guess
}

// Command reports whether the words are a command.
func (i Intent) Command() bool { return i.Name != "" }

// Ear understands words.
type Ear struct {
	families  []command.Family
	names     []string // of the families
	sentences []*Sentence
}

// New makes the ear of some modules. A sentence that cannot be read is a fault of the
// program.
func New(modules []command.Module) *Ear {
	e := &Ear{families: command.Families(modules)}
	for _, f := range e.families {
		e.names = append(e.names, f.Name)
	}
	var err error
	if e.sentences, err = e.sentencesOf(modules); err != nil {
		panic(err)
	}
	return e
}

// Hear finds out what an update means.
func (e *Ear) Hear(u chat.Update) Intent {
	switch u.Kind {
	case chat.Command:
		if c, ok := command.Named("cmd", u.Name, Controls); ok {
			return Intent{Control: c}
		}
		if _, ok := command.Named("cmd", u.Name, []string{"start"}); ok {
			return Intent{Start: true, Rest: strings.TrimSpace(u.Text)}
		}
		return e.intent(u.Name, u.Text)
	case chat.Text:
		name, rest, ok := e.Named(u.Text)
		if !ok {
			return Intent{Guesses: e.guesses(u.Text)}
		}
		i := Intent{Name: name, Rest: rest}
		if slices.Contains(Controls, name) {
			if rest == "" { // more words are an answer to the form
				i.Control = name
			}
			return i
		}
		i = e.intent(name, rest)
		if i.loose(u.Text) {
			i.Guesses = e.guesses(u.Text)
		}
		return i
	}
	return Intent{}
}

// loose reports whether words that begin with the name of a command, or with a phrase for
// one, may as well go on as a sentence: 今天大润发缺货了. Where a verb or a field was said
// they may not.
func (i Intent) loose(text string) bool {
	if i.Err != nil || i.Said.Args.Object == "" || len(i.Said.Args.Order) > 0 {
		return false
	}
	first, _ := chat.FirstWord(text)
	_, named := command.Named("cmd", first, []string{i.Name})
	return i.Said.Args.Verb == "" || !named
}

func (e *Ear) intent(name, text string) Intent {
	said, err := e.Understand(name, text)
	return Intent{Name: name, Rest: text, Said: said, Err: err}
}

// Verb returns the verb whose form has a name.
func (e *Ear) Verb(form string) (command.Verb, bool) {
	for _, f := range e.families {
		for _, v := range f.Verbs {
			if v.Form.Name == form && v.Save != nil {
				return v, true
			}
		}
	}
	return command.Verb{}, false
}

// Button returns what a button's action does.
func (e *Ear) Button(name string) (command.Button, bool) {
	for _, f := range e.families {
		for _, x := range f.Buttons {
			if x.Name == name {
				return x, true
			}
		}
	}
	return command.Button{}, false
}

// Shown reports whether a button is of use to somebody: one that the person's roles
// would be refused is not shown.
func (e *Ear) Shown(r *command.Request, b chat.Button) bool {
	if b.Do == nil {
		return true
	}
	if b.Do.Action == "say" {
		s, err := e.Understand(b.Do.Args[0], b.Do.Args[1])
		return err != nil || r.May(s.Verb.Roles)
	}
	x, ok := e.Button(b.Do.Action)
	return !ok || r.May(x.Roles)
}

func (e *Ear) family(name string) (command.Family, bool) {
	for _, f := range e.families {
		if f.Name == name {
			return f, true
		}
	}
	return command.Family{}, false
}

func verbOf(f command.Family, name string) (command.Verb, bool) {
	for _, v := range f.Verbs {
		if v.Name == name {
			return v, true
		}
	}
	return command.Verb{}, false
}

// Understand finds the family and verb of words.
func (e *Ear) Understand(name, text string) (Said, error) {
	code, ok := command.Named("cmd", name, e.names)
	if !ok {
		return Said{}, fault.Wrong("command_unknown", "name", chat.Cut(chat.OneLine(name), 30))
	}
	f, _ := e.family(code)
	args, err := command.Parse(text, func(w string) bool { _, ok := command.VerbNamed(f, w); return ok })
	if err != nil {
		return Said{}, err
	}
	verb := f.Default
	if args.Verb != "" {
		verb, _ = command.VerbNamed(f, args.Verb)
	}
	v, _ := verbOf(f, verb)
	return Said{Family: f, Verb: v, Args: args, Express: len(args.Order) > 0 || args.Verb != "" && v.Quick && args.Object != ""}, nil
}

// Named splits words said without a slash into a family and the rest. Chinese
// words need no space behind them: 拜访大润发.
func (e *Ear) Named(text string) (name, rest string, ok bool) {
	text = chat.OneLine(text)
	first, rest, _ := strings.Cut(text, " ")
	names := slices.Concat(e.names, Controls)
	if code, ok := command.Named("cmd", first, names); ok {
		if name, words, phrase := e.phrase(text); phrase && slices.Contains(Controls, code) && rest != "" {
			return name, words, true // "cancel visit Kiosk 14" is no word to the form
		}
		return code, rest, true
	}
	if name, rest, ok := e.phrase(text); ok {
		return name, rest, true
	}
	for _, f := range e.families {
		if f.Means != nil && f.Means(text) {
			return f.Name, text, true
		}
	}
	for _, code := range names {
		for _, alias := range lang.Names("cmd", code) {
			if rest, ok := strings.CutPrefix(text, alias); ok && alias[0] >= 0x80 && rest != "" {
				return code, rest, true
			}
		}
	}
	return "", "", false
}

// phrase finds words that mean a verb of a family by themselves: 签到, check in.
// The longest that fits is meant.
func (e *Ear) phrase(text string) (name, rest string, ok bool) {
	longest, lower := 0, strings.ToLower(text)
	for _, f := range e.families {
		for _, v := range f.Verbs {
			for _, alias := range lang.Names("say", f.Name+"."+v.Name)[1:] { // the first is its own code
				after, fits := strings.CutPrefix(lower, alias)
				if fits && len(alias) > longest && (after == "" || after[0] == ' ' || alias[0] >= 0x80) {
					longest, name, rest = len(alias), f.Name, strings.TrimSpace(v.Name+" "+strings.Trim(text[len(alias):], " ，,。.了啦"))
				}
			}
		}
	}
	return name, rest, longest > 0
}

// Controls are the words that steer the open form.
var Controls = []string{"cancel", "back", "skip", "save"}
