package bot

import (
	"slices"
	"strings"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

// said is a command that was understood.
type said struct {
	family command.Family
	verb   command.Verb
	args   command.Args
	// whether the verb or fields were said, so that a complete form is saved
	// at once; a button only opens it
	express bool
}

// understand finds the family and verb of words.
func (a *App) understand(name, text string) (said, error) {
	code, ok := command.Named("cmd", name, familyNames(a.families))
	if !ok {
		return said{}, fault.Wrong("command_unknown", "name", chat.Cut(chat.OneLine(name), 30))
	}
	f, _ := a.family(code)
	args, err := command.Parse(text, func(w string) bool { _, ok := command.VerbNamed(f, w); return ok })
	if err != nil {
		return said{}, err
	}
	verb := f.Default
	if args.Verb != "" {
		verb, _ = command.VerbNamed(f, args.Verb)
	}
	v, _ := verbOf(f, verb)
	return said{family: f, verb: v, args: args, express: len(args.Order) > 0 || args.Verb != "" && v.Quick && args.Object != ""}, nil
}

// named splits words said without a slash into a family and the rest. Chinese
// words need no space behind them: 拜访大润发.
func (a *App) named(text string) (name, rest string, ok bool) {
	text = chat.OneLine(text)
	first, rest, _ := strings.Cut(text, " ")
	names := append(familyNames(a.families), controls...)
	if code, ok := command.Named("cmd", first, names); ok {
		if name, words, phrase := a.phrase(text); phrase && slices.Contains(controls, code) && rest != "" {
			return name, words, true // "cancel visit Kiosk 14" is no word to the form
		}
		return code, rest, true
	}
	if name, rest, ok := a.phrase(text); ok {
		return name, rest, true
	}
	for _, f := range a.families {
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
func (a *App) phrase(text string) (name, rest string, ok bool) {
	longest, lower := 0, strings.ToLower(text)
	for _, f := range a.families {
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

// The words that steer the open form.
var controls = []string{"cancel", "back", "skip", "save"}

func mayDo(r *command.Request, v command.Verb) error {
	if len(v.Roles) > 0 && !r.Who.Is(v.Roles...) {
		return fault.New(fault.Denied, "role")
	}
	return nil
}

// route decides what an update of a known person means.
func (a *App) route(r *command.Request, u chat.Update) (chat.Reply, error) {
	switch u.Kind {
	case chat.Command:
		return a.command(r, u, u.Name, u.Text)
	case chat.Text:
		return a.text(r, u)
	case chat.Press:
		return a.press(r, u)
	case chat.Submit:
		return a.submit(r, u)
	case chat.Closed:
		return chat.Reply{}, a.closed(r, u.Name)
	case chat.Unread:
		return chat.Reply{Text: r.Say("unread")}, nil
	case chat.Track:
		return chat.Reply{}, a.follow(r, *u.Location)
	}
	return chat.Reply{}, nil
}

// command runs what was said with a slash, or words that mean the same.
func (a *App) command(r *command.Request, u chat.Update, name, text string) (chat.Reply, error) {
	if c, ok := command.Named("cmd", name, controls); ok {
		return a.control(r, u, c)
	}
	if _, ok := command.Named("cmd", name, []string{"start"}); ok {
		return a.start(r, u, strings.TrimSpace(text))
	}
	s, err := a.understand(name, text)
	if err != nil {
		return chat.Reply{}, err
	}
	return a.run(r, u, s)
}

// run does a command.
func (a *App) run(r *command.Request, u chat.Update, s said) (chat.Reply, error) {
	if err := mayDo(r, s.verb); err != nil {
		return chat.Reply{}, err
	}
	switch {
	case s.verb.Read != nil:
		return s.verb.Read(r, s.args)
	case s.verb.Do != nil:
		return s.verb.Do(r, s.args)
	}
	return a.open(r, u, s)
}

// text is what was said without a command: an answer to the open question,
// words that mean a command, or something to make the best of.
func (a *App) text(r *command.Request, u chat.Update) (chat.Reply, error) {
	row, open, err := r.Tx.OpenDraft(r.Who.ID, r.Place)
	if err != nil {
		return chat.Reply{}, err
	}
	name, rest, isCommand := a.named(u.Text)
	if open && row.Fresh(r.Tx.Now) {
		d, err := row.Draft()
		if err != nil {
			return chat.Reply{}, err
		}
		if c, ok := command.Named("cmd", u.Text, controls); ok {
			return a.control(r, u, c)
		}
		if !isCommand || d.Asking != "" && !a.meant(r, u.Text, row, d) {
			return a.fill(r, u, row, d)
		}
	}
	if isCommand {
		return a.command(r, u, name, rest)
	}
	if l, ok := form.ParseLocation(u.Text); ok && u.Location == nil {
		l.Live = false // typed, it proves nothing
		u.Location = &l
	}
	if len(u.Photos) > 0 || u.Location != nil {
		return a.offer(r, u)
	}
	if !u.Place.Private && !u.Mentioned {
		return chat.Reply{}, nil
	}
	return chat.Reply{}, fault.Wrong("not_understood")
}

// meant reports whether words that name a command are one, although a question
// is open. Words with fields are, and so are a verb that has no meaning in the
// answer of a choice, and the plain name of a command; an answer that the field
// takes, and a short name that is a word of its own, stay answers.
func (a *App) meant(r *command.Request, words string, row store.DraftRow, d form.Draft) bool {
	v, _ := a.verbOfForm(row.Form)
	x, _ := v.Form.Field(d.Asking)
	if x.Kind != field.Text && x.Kind != field.Long && !x.Kind.LookUp() {
		if _, wrong := form.Check(x, words, r.Env()); wrong == nil {
			return false
		}
	}
	name, rest, ok := a.named(words)
	if !ok {
		return false
	}
	if slices.Contains(controls, name) {
		return rest == ""
	}
	s, err := a.understand(name, rest)
	if err == nil && (len(s.args.Order) > 0 || s.args.Verb != "" && x.Kind != field.Text && x.Kind != field.Long) {
		return true
	}
	// "deal D-1013" is no reason for moving a deal back; in a form of another
	// family it may be the answer.
	if err == nil && s.args.Object != "" && strings.HasPrefix(row.Form, name+".") && name != "visit" {
		return true
	}
	word := chat.OneLine(words)
	return word == name || word == lang.In("zh", nil).Say("cmd."+name)
}

// followed reports whether some module wants to know where a phone is now.
func (a *App) followed(r *command.Request) (bool, error) {
	for _, m := range a.modules {
		if m.Follows == nil {
			continue
		}
		if wanted, err := m.Follows.Wanted(r); err != nil || wanted {
			return wanted, err
		}
	}
	return false, nil
}

func (a *App) follow(r *command.Request, point chat.Location) error {
	for _, m := range a.modules {
		if m.Follows == nil {
			continue
		}
		if err := m.Follows.Take(r, point); err != nil {
			return err
		}
	}
	return nil
}

// offer takes a photo or a place that came without a command, so that it is
// not lost: into what a module has open for it, else into a new form.
func (a *App) offer(r *command.Request, u chat.Update) (chat.Reply, error) {
	if !r.Who.Visits() {
		return chat.Reply{}, fault.Wrong("not_understood")
	}
	offers := ""
	for _, m := range a.modules {
		offers = firstOf(offers, m.Offers)
		if m.Heard == nil {
			continue
		}
		if reply, taken, err := m.Heard(r, u.Photos, u.Location); err != nil || taken {
			return reply, err
		}
	}
	s, err := a.understand(offers, "")
	if err != nil {
		return chat.Reply{}, err
	}
	d := form.NewDraft(store.NewID(), s.verb.Form.Name, nil)
	s.verb.Form.Answer(&d, u, r.Env())
	d.Album = u.Album
	return a.begin(r, u, s.verb, d)
}

// start is what a deep link says: the token of a draft to go on with, or words of
// a module.
func (a *App) start(r *command.Request, u chat.Update, token string) (chat.Reply, error) {
	for _, m := range a.modules {
		if m.Starts == nil {
			continue
		}
		if family, words, ok := m.Starts(token); ok {
			s, err := a.understand(family, words)
			if err != nil {
				return chat.Reply{}, err
			}
			s.express = false
			return a.run(r, u, s)
		}
	}
	if token != "" {
		row, ok, err := r.Tx.DraftByID(r.Who.ID, token)
		if err != nil {
			return chat.Reply{}, err
		}
		if ok {
			return a.resume(r, u, row)
		}
	}
	return helpAll(r), nil
}

func mayPress(r *command.Request, c store.Callback) error {
	switch {
	case c.PersonID != r.Who.ID && !c.Do.Anyone:
		return fault.New(fault.Denied, "not_for_you")
	case c.Until.Before(r.Tx.Now):
		return fault.New(fault.Conflict, "button_old")
	}
	return nil
}

// press does what a button says. A button that acts works once.
func (a *App) press(r *command.Request, u chat.Update) (chat.Reply, error) {
	c, ok, err := r.Tx.CallbackByID(u.Name)
	if err != nil {
		return chat.Reply{}, err
	}
	if !ok {
		return chat.Reply{}, fault.New(fault.Conflict, "button_old")
	}
	if err := mayPress(r, c); err != nil {
		return chat.Reply{}, err
	}
	if c.Do.Acts {
		first, err := r.Tx.UseCallback(c.ID)
		if err != nil {
			return chat.Reply{}, err
		}
		if !first {
			return chat.Reply{}, fault.New(fault.Conflict, "pressed")
		}
	}
	switch c.Do.Action {
	case "form":
		return a.pressForm(r, u, c)
	case "resume":
		row, ok, err := r.Tx.DraftByID(r.Who.ID, c.Do.Args[0])
		if err != nil || !ok {
			return chat.Reply{}, command.OrGone(err)
		}
		return a.resume(r, u, row)
	case "say":
		s, err := a.understand(c.Do.Args[0], c.Do.Args[1])
		if err != nil {
			return chat.Reply{}, err
		}
		s.express = false
		return a.run(r, u, s)
	}
	x, ok := a.action(c.Do.Action)
	if !ok {
		return chat.Reply{}, fault.New(fault.Conflict, "button_old")
	}
	return x.Run(r, c.Do.Args)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
