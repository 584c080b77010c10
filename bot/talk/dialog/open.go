package dialog

import (
	"slices"
	"strings"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/hear"
	"fieldbot/store"
)

// Open begins the form of a command with what was typed.
func (fs *Forms) Open(r *command.Request, u chat.Update, s hear.Said) (chat.Reply, error) {
	if err := r.Enter(s.Verb); err != nil {
		return chat.Reply{}, err
	}
	d := form.NewDraft(store.NewID(), s.Verb.Form.Name, nil)
	if s.Verb.Open != nil {
		opened, instead, err := s.Verb.Open(r, s.Args)
		if fault.Is(err, fault.NotFound) {
			err = unlessReadable(r, s, err)
		}
		if err != nil {
			return chat.Reply{}, err
		}
		if instead != nil {
			return *instead, nil
		}
		d = opened
	}
	v, ok := fs.Ear.Verb(d.Form)
	if !ok {
		return chat.Reply{}, command.OrGone(nil)
	}
	words, err := s.Args.Fields(v.Form.Fields)
	strange, isFault := fault.As(err)
	if err != nil && (!isFault || len(words) == 0 && s.Args.Object == "") {
		return chat.Reply{}, err
	}
	if v.Object != "" && s.Args.Object != "" && words[v.Object] != "" && d.Subject == "" {
		return chat.Reply{}, fault.Wrong("object_twice", "object", chat.Cut(s.Args.Object, 60), "key", r.Words.Label(v.Object))
	}
	if v.Object != "" && s.Args.Object != "" && words[v.Object] == "" && d.Subject == "" { // else Open has read it
		words[v.Object] = s.Args.Object
		if err := behind(r, v, &d, words); err != nil {
			return chat.Reply{}, err
		}
	}
	v.Form.Type(&d, words, r.Env())
	v.Form.Answer(&d, chat.Update{Photos: u.Photos, Location: u.Location}, r.Env())
	d.Express, d.Album = (d.Express || s.Express) && strange == nil && !s.Card, u.Album
	reply, err := fs.Begin(r, u, v, d)
	if strange != nil && err == nil {
		// One word was not understood: the others are kept, and nothing is saved.
		reply = withWarning(reply, r.Words.Fault(strange))
	}
	return reply, err
}

// behind takes words from the end of an object that names nothing as a whole into the
// fields that they fill by themselves: "/pay Nordmarkt 8000". What was said so is complete.
func behind(r *command.Request, v command.Verb, d *form.Draft, words map[string]string) error {
	x, _ := v.Form.Field(v.Object)
	if len(v.Behind) == 0 {
		return nil
	}
	if hits, err := r.Lookup(*d, x, words[v.Object]); err != nil || len(hits) > 0 {
		return err
	}
	rest, taken := words[v.Object], map[string]string{}
	for _, key := range slices.Backward(v.Behind) {
		f, _ := v.Form.Field(key)
		at := strings.LastIndex(rest, " ")
		if at < 0 {
			break
		}
		if _, wrong := form.Check(f, rest[at+1:], r.Env()); wrong == nil && words[key] == "" {
			taken[key], rest = rest[at+1:], strings.TrimSpace(rest[:at])
		}
	}
	if len(taken) == 0 {
		return nil
	}
	words[v.Object], d.Express = rest, true
	for key, word := range taken {
		words[key] = word
	}
	return nil
}

// unlessReadable says of what a person's other roles show that it can be read, and who
// changes it, in place of "not found".
func unlessReadable(r *command.Request, s hear.Said, unseen error) error {
	all := *r
	all.Scope = access.Of(r.Who)
	switch _, _, err := s.Verb.Open(&all, s.Args); {
	case err == nil:
		return fault.New(fault.Denied, "read_only")
	case fault.Is(err, fault.Denied):
		return err
	}
	return unseen
}

func withWarning(reply chat.Reply, text string) chat.Reply {
	if m := reply.Modal; m != nil {
		m.Intro = strings.TrimSpace(m.Intro + "\n⚠️ " + text)
		return reply
	}
	reply.Text = "⚠️ " + text + "\n" + reply.Text
	return reply
}
