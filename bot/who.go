package bot

import (
	"cmp"
	"context"
	"strings"

	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/person/persontalk"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

// who returns the person behind an actor; people who were switched off are
// strangers. On the terminal the shell has proven who it is, by handle.
func (a *App) who(tx *store.Tx, actor chat.Actor) (person.Person, person.Identity, bool, error) {
	var p person.Person
	var i person.Identity
	var ok bool
	var err error
	if actor.Platform == chat.Terminal {
		p, ok, err = personstore.ByHandle(tx, actor.ID)
		i = person.Identity{Platform: string(chat.Terminal), ExternalID: actor.ID, PersonID: p.ID, Room: actor.ID, SeenAt: tx.Now}
	} else {
		p, i, ok, err = personstore.ByActor(tx, string(actor.Platform), actor.ID)
	}
	return p, i, ok && p.Active(), err
}

// maxTries is how many codes a stranger may try in a day.
const maxTries = 5

// stranger answers somebody unknown: one sentence a day, in private chats
// alone. The only words obeyed are a link code and a start token; in a shared room, those
// that answer what was asked of everybody there.
func (a *App) stranger(tx *store.Tx, u chat.Update) (chat.Reply, error) {
	if !u.Place.Private {
		r := a.System(tx)
		r.Place = u.Place
		_, err := a.inRoom(r, u)
		return chat.Reply{}, err
	}
	if u.Kind != chat.Command && u.Kind != chat.Text {
		return chat.Reply{}, nil
	}
	tries, err := personstore.Stranger(tx, string(u.Actor.Platform), u.Actor.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	if code := codeIn(u); code != "" && tries <= maxTries {
		owner, ok, err := personstore.UseCode(tx, code)
		if err != nil {
			return chat.Reply{}, err
		}
		if ok {
			return a.welcome(tx, u, owner)
		}
		if tries > 1 {
			return a.toStranger(tx, u, "stranger.code")
		}
	}
	if tries > 1 {
		return chat.Reply{}, nil
	}
	return a.toStranger(tx, u, "stranger.hello")
}

func (a *App) toStranger(tx *store.Tx, u chat.Update, key string) (chat.Reply, error) {
	w := lang.In(cmp.Or(lang.Match(u.Actor.Language), a.Config.Company.Language), nil)
	reply := chat.Reply{Text: w.Say(key, "id", u.Actor.ID)}
	if u.Answered {
		return reply, nil
	}
	return chat.Reply{}, command.SendTo(tx, "", u.Place, reply, "")
}

// codeIn returns the code that a stranger said: /link CODE, /start TOKEN, or
// the same words without a slash.
func codeIn(u chat.Update) string {
	name, rest := u.Name, u.Text
	if u.Kind == chat.Text {
		name, rest, _ = strings.Cut(strings.TrimSpace(u.Text), " ")
	}
	if _, ok := command.Named("cmd", name, []string{"link", "start"}); !ok {
		return ""
	}
	return strings.TrimSpace(rest)
}

// welcome links a stranger to the person whose code was said.
func (a *App) welcome(tx *store.Tx, u chat.Update, owner string) (chat.Reply, error) {
	p, ok, err := personstore.ByID(tx, owner)
	if err != nil || !ok || !p.Active() {
		return chat.Reply{}, err
	}
	identity := person.Identity{Platform: string(u.Actor.Platform), ExternalID: u.Actor.ID, PersonID: p.ID, Room: privateRoom(u), SeenAt: tx.Now}
	if err := personstore.Link(tx, identity); err != nil {
		return chat.Reply{}, err
	}
	tx.By(store.Origin{Unit: string(u.Place.Platform) + ":" + u.ID, Person: p.ID, Source: string(u.Place.Platform)})
	if hint := lang.Match(u.Actor.Language); p.Language == "" && hint != "" {
		after := p
		after.Language = hint
		if err := personstore.People.Change(tx, p, after); err != nil {
			return chat.Reply{}, err
		}
		p = after
		p.Version++
	}
	r := a.request(tx, p, u)
	reply := chat.Reply{Title: r.Say("welcome.title", "name", p.Name), Text: r.Say("welcome.text"), Buttons: [][]chat.Button{{
		command.SayButton(r.Say("button.log_any"), "visit", ""), command.SayButton(r.Say("button.today"), "today", ""), command.SayButton(r.Say("button.help"), "help", ""),
	}}}
	if !p.ZoneKnown {
		if err := a.askZone(r, u); err != nil {
			return chat.Reply{}, err
		}
	}
	return a.answer(r, u, identity, reply)
}

// askZone learns the person's time zone: Slack knows it, on Telegram the
// person is asked, once.
func (a *App) askZone(r *command.Request, u chat.Update) error {
	if u.Place.Platform == chat.Slack {
		return r.Tx.Put(store.Out{Kind: store.OutZone, Lane: "zone:" + r.Who.ID, Platform: string(chat.Slack), PersonID: r.Who.ID, Body: u.Actor.ID})
	}
	if u.Place.Platform == chat.Telegram {
		return command.SendTo(r.Tx, r.Who.ID, u.Place, persontalk.ZoneQuestion(r), "")
	}
	return nil
}

// named is the text of an update with the names of people in place of their ids. Whoever
// the bot does not know keeps the id.
func (a *App) named(ctx context.Context, u chat.Update) string {
	text := u.Text
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		for _, at := range u.Names {
			p, _, known, err := a.who(tx, chat.Actor{Platform: u.Place.Platform, ID: strings.TrimPrefix(at, "@")})
			if err != nil {
				return err
			}
			if known {
				text = strings.ReplaceAll(text, at, "@"+p.Name)
			}
		}
		return nil
	})
	if err != nil {
		a.Log.Warn("the people that a message names were not looked up", "err", err)
	}
	return text
}
