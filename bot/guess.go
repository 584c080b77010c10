package bot

import (
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/hear"
)

// guess does what a sentence means, if everything in it is known: what changes something
// ends in a card that is saved with a press, what reads is answered. It is false for a
// sentence that means nothing.
func (a *App) guess(r *command.Request, u chat.Update, i hear.Intent) (chat.Reply, bool, error) {
	var meant []hear.Guess
	refused := false
	for _, g := range i.Guesses {
		if len(meant) > 0 && (g.Letters < meant[0].Letters || len(g.Names()) < len(meant[0].Names())) {
			break
		}
		known, err := known(r, g)
		if err != nil {
			return chat.Reply{}, false, err
		}
		if !known {
			continue
		}
		if !r.May(g.Verb.Roles) {
			refused = true
			continue
		}
		if g.Verb.Save == nil {
			reply, err := g.Verb.Answer(r, g.Args)
			if fault.Is(err, fault.NotFound) {
				continue
			}
			return reply, true, err
		}
		meant = append(meant, g)
	}
	switch len(meant) {
	case 0:
		if refused {
			return chat.Reply{}, false, fault.New(fault.Denied, "role")
		}
		return chat.Reply{}, false, nil
	case 1:
		reply, err := a.run(r, u, meant[0].Said)
		if fault.Is(err, fault.NotFound) {
			return chat.Reply{}, false, nil
		}
		return reply, true, err
	}
	reply := chat.Reply{Text: r.Say("guess.which")}
	for _, g := range meant {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(g.Verb.Form.Title(r.Words), g.Family.Name, g.Words())})
	}
	return reply, true, nil
}

// named reports whether a sentence names somebody or something in sight: it may be meant
// although a question is open that takes any words.
func named(r *command.Request, i hear.Intent) (hear.Guess, bool, error) {
	if len(i.Guesses) == 0 {
		return hear.Guess{}, false, nil
	}
	g := i.Guesses[0]
	for _, kind := range g.Names() {
		if kind == field.Place || kind == field.Account {
			ok, err := known(r, g)
			return g, ok && r.May(g.Verb.Roles), err
		}
	}
	return g, false, nil
}

// known reports whether the names in a guess are those of people and things in sight.
func known(r *command.Request, g hear.Guess) (bool, error) {
	d := form.NewDraft("", g.Verb.Form.Name, nil)
	for name, kind := range g.Names() {
		hits, err := r.Lookup(d, field.Field{Key: name, Kind: kind}, g.Slots[name])
		if err != nil || len(hits) == 0 || hits[0].Guess {
			return false, err
		}
	}
	for _, name := range g.Counted() {
		hits, err := r.Lookup(d, field.Field{Key: "product", Kind: field.Product}, name)
		if err != nil || len(hits) == 0 || hits[0].Guess {
			return false, err
		}
	}
	return true, nil
}

// notUnderstood offers the two things nearest to what was said that the person may say.
func (a *App) notUnderstood(r *command.Request, text string) error {
	examples := a.ear.Nearest(text, r.Words.Code, func(v command.Verb) bool { return r.May(v.Roles) })
	if len(examples) < 2 {
		return fault.Wrong("not_understood")
	}
	return fault.Wrong("not_heard", "one", examples[0], "other", examples[1])
}
