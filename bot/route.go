package bot

import (
	"cmp"
	"slices"
	"strings"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/dialog"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/hear"
	"fieldbot/store"
)

// route decides what an update of a known person means.
func (a *App) route(r *command.Request, u chat.Update, i hear.Intent) (chat.Reply, error) {
	if taken, err := a.inRoom(r, u); err != nil || taken {
		return chat.Reply{}, err
	}
	switch u.Kind {
	case chat.Command:
		return a.command(r, u, i)
	case chat.Text:
		return a.text(r, u, i)
	case chat.Press:
		return a.press(r, u)
	case chat.Submit:
		return a.forms.Submit(r, u)
	case chat.Closed:
		return chat.Reply{}, a.forms.Closed(r, u.Name)
	case chat.Unread:
		return chat.Reply{Text: r.Say(strings.TrimSuffix("unread."+u.Name, "."))}, nil
	case chat.Track:
		return chat.Reply{}, a.follow(r, *u.Location)
	}
	return chat.Reply{}, nil
}

// command runs what was said with a slash, or words that mean the same.
func (a *App) command(r *command.Request, u chat.Update, i hear.Intent) (chat.Reply, error) {
	switch {
	case i.Control != "":
		return a.forms.Control(r, u, i.Control)
	case slices.Contains(hear.Controls, i.Name):
		return a.forms.Control(r, u, i.Name)
	case i.Start:
		return a.start(r, u, i.Rest)
	case i.Err != nil:
		return chat.Reply{}, i.Err
	}
	return a.run(r, u, i.Said)
}

// run does a command.
func (a *App) run(r *command.Request, u chat.Update, s hear.Said) (chat.Reply, error) {
	if s.Verb.Save == nil {
		return s.Verb.Answer(r, s.Args)
	}
	return a.forms.Open(r, u, s)
}

// say does what a button or a link says: it opens a form, and saves nothing.
func (a *App) say(r *command.Request, u chat.Update, family, words string) (chat.Reply, error) {
	s, err := a.ear.Understand(family, words)
	if err != nil {
		return chat.Reply{}, err
	}
	s.Express = false
	return a.run(r, u, s)
}

// text is what was said without a command: an answer to the open question,
// words that mean a command, or something to make the best of.
func (a *App) text(r *command.Request, u chat.Update, i hear.Intent) (chat.Reply, error) {
	c, open, err := a.forms.Current(r)
	if err != nil {
		return chat.Reply{}, err
	}
	if open {
		if i.Control != "" {
			return a.forms.Control(r, u, i.Control)
		}
		switch a.forms.Meant(r, u.Text, i, c) {
		case dialog.Answer:
			if c.Draft.Asking == "" { // words to a card may be a sentence
				if reply, meant, err := a.guess(r, u, i); err != nil || meant {
					return reply, err
				}
			}
			if g, named, err := named(r, i); err != nil || named && a.forms.Free(c) {
				return a.forms.Ask(r, u.Text, g.Family.Name, g.Words(), c), err
			}
			return a.forms.Fill(r, u, c.Row, c.Draft)
		case dialog.Either:
			return a.forms.Ask(r, u.Text, i.Name, i.Rest, c), nil
		}
	}
	if r.Place.Private || u.Mentioned {
		if reply, meant, err := a.guess(r, u, i); err != nil || meant {
			return reply, err
		}
	}
	if i.Command() {
		return a.command(r, u, i)
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
	for _, m := range a.Modules {
		if m.Remark == nil {
			continue
		}
		if reply, taken, err := m.Remark(r, u.Text); err != nil || taken {
			return reply, err
		}
	}
	return chat.Reply{}, a.notUnderstood(r, u.Text)
}

// followed reports whether some module wants to know where a phone is now.
func (a *App) followed(r *command.Request) (bool, error) {
	for _, m := range a.Modules {
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
	for _, m := range a.Modules {
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
	for _, m := range a.Modules {
		offers = cmp.Or(offers, m.Offers)
		if m.Heard == nil {
			continue
		}
		if reply, taken, err := m.Heard(r, u); err != nil || taken {
			return reply, err
		}
	}
	s, err := a.ear.Understand(offers, "")
	if err != nil {
		return chat.Reply{}, err
	}
	return a.forms.Open(r, u, s)
}

// start is what a deep link says: the token of a draft to go on with, or words of
// a module.
func (a *App) start(r *command.Request, u chat.Update, token string) (chat.Reply, error) {
	for _, m := range a.Modules {
		if m.Starts == nil {
			continue
		}
		if family, words, ok := m.Starts(token); ok {
			return a.say(r, u, family, words)
		}
	}
	if token != "" {
		row, ok, err := r.Tx.DraftByID(r.Who.ID, token)
		if err != nil {
			return chat.Reply{}, err
		}
		if ok {
			return a.forms.Resume(r, u, row)
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
		if !first && c.Do.Anyone {
			return chat.Reply{}, fault.New(fault.Conflict, "pressed_by_one")
		}
		if !first {
			return chat.Reply{}, fault.New(fault.Conflict, "pressed")
		}
	}
	switch c.Do.Action {
	case "form":
		return a.forms.Press(r, u, c)
	case "resume":
		row, ok, err := r.Tx.DraftByID(r.Who.ID, c.Do.Args[0])
		if err != nil || !ok {
			return chat.Reply{}, command.OrGone(err)
		}
		return a.forms.Resume(r, u, row)
	case "say":
		return a.say(r, u, c.Do.Args[0], c.Do.Args[1])
	}
	x, ok := a.ear.Button(c.Do.Action)
	if !ok {
		return chat.Reply{}, fault.New(fault.Conflict, "button_old")
	}
	if err := x.Enter(r); err != nil {
		return chat.Reply{}, err
	}
	return x.Run(r, c.Do.Args)
}
