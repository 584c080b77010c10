// Package asktalk is the call for help (求援): one line to the support group, the
// answers kept with the case.
package asktalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/ask"
	"fieldbot/bot/ask/askstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

var askForm = form.Form{Name: "ask.post", Fields: []field.Field{{Key: "question", Kind: field.Long, Required: true, Max: 1000}, {Key: "place", Kind: field.Place}}}

// Module is /ask and the case library.
var Module = command.Module{Name: "ask", Words: words, Families: []command.Family{family}}

var family = command.Family{
	Name:    "ask",
	Default: "post",
	Verbs: []command.Verb{
		{Name: "post", Form: askForm, Object: "question", Save: post, Quick: true},
		record.Verb(command.On[ask.Case]{Name: "answer", Ask: []field.Field{{Key: "answer", Kind: field.Long, Required: true, Max: 1000}}, Do: answer, Loose: true}),
		{Name: "list", Read: list, Bare: true},
		{Name: "here", Roles: []person.Role{person.Admin, person.Manager}, Do: here, Bare: true},
	},
	Buttons: []command.Button{record.Press("ask.solved", nil, mayClose, solved)},
}

// record is a case that people speak of, by its ref. The library is open to everybody:
// an answer may come from whoever knows it.
var record = &command.Record[ask.Case]{
	Family: "ask", Ref: "case", None: "ask_none",
	Load: func(r *command.Request, id string) (ask.Case, error) {
		c, ok, err := askstore.ByID(r.Tx, id)
		if err != nil || !ok {
			err = command.OrGone(err)
		}
		return c, err
	},
	Find: func(r *command.Request, words string) ([]ask.Case, error) { return askstore.Find(r.Tx, words, 5) },
	Name: func(_ *command.Request, c ask.Case) string { return chat.Cut(chat.OneLine(c.Text), 60) },
}

// group is the setting that names the support group's room.
const group = "support_room"

// here makes the room where it is said the support group.
func here(r *command.Request, _ command.Args) (chat.Reply, error) {
	if r.Place.Private {
		return chat.Reply{}, fault.Wrong("ask_here_private")
	}
	return chat.Reply{Text: r.Say("ask.here"), Open: true}, r.Tx.SetSetting(group, string(r.Place.Platform)+":"+r.Place.Room)
}

// post sends a question to the support group; without one, to whoever leads
// the person.
func post(r *command.Request, d form.Draft) (command.Saved, error) {
	c := ask.Case{Text: d.Values["question"], AskedBy: r.Who.ID}
	place := ""
	if ref := d.Values["place"]; ref != "" {
		p, ok, err := accountstore.PlaceByRef(r.Tx, r.Scope, ref)
		if err != nil || !ok {
			return command.Saved{}, command.OrGone(err)
		}
		c.AccountID, place = p.AccountID, p.Name
		if p.Kind == account.KindStore {
			c.StoreID = p.ID
		}
	}
	if err := askstore.Add(r.Tx, &c); err != nil {
		return command.Saved{}, err
	}
	to, err := send(r, c, place)
	if err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: c.ID, Reply: r.Done(r.Say("ask.sent", "to", to))}, nil
}

// send posts a case and returns who is asked.
func send(r *command.Request, c ask.Case, place string) (string, error) {
	message := func(as *command.Request) chat.Reply {
		button := command.SayButton(as.Say("button.answer"), "ask", "answer case:"+c.ID)
		button.Do.Anyone = true
		return chat.Reply{Title: as.Say("ask.title", "who", r.Who.Name, "place", place), Text: c.Text, Open: true, Buttons: [][]chat.Button{{button}}}
	}
	room, err := r.Tx.Setting(group)
	if err != nil {
		return "", err
	}
	if platform, id, ok := strings.Cut(room, ":"); ok {
		return r.Say("ask.group"), command.SendTo(r.Tx, r.Who.ID, chat.Place{Platform: chat.Platform(platform), Room: id}, message(r), "")
	}
	boss, ok, err := r.Boss(r.Who)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fault.Wrong("ask_nobody")
	}
	return boss.Name, r.Tell(boss.ID, message)
}

// answer keeps what a colleague says and brings it to who asked.
func answer(r *command.Request, before ask.Case, d form.Draft) (command.Saved, error) {
	after := before
	after.Answer(r.Who.Name, d.Values["answer"])
	if err := askstore.Cases.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	if after.AskedBy != r.Who.ID {
		if err := r.Tell(after.AskedBy, func(as *command.Request) chat.Reply {
			solved := chat.Button{Label: as.Say("button.solved"), Style: chat.Primary, Do: &chat.Do{Action: "ask.solved", Args: []string{after.ID}, Acts: true}}
			return chat.Reply{Title: as.Say("ask.answered", "who", r.Who.Name), Text: chat.Cut(after.Text, 200) + "\n→ " + d.Values["answer"], Buttons: [][]chat.Button{{solved}}}
		}); err != nil {
			return command.Saved{}, err
		}
	}
	return command.Saved{ID: after.ID, Reply: r.Done(r.Say("ask.answer_saved"))}, nil
}

func mayClose(r *command.Request, c ask.Case) error {
	if c.AskedBy != r.Who.ID {
		return fault.New(fault.Denied, "not_yours")
	}
	return nil
}

// solved closes a case; it stays in the library.
func solved(r *command.Request, before ask.Case, _ []string) (chat.Reply, error) {
	after := before
	after.Status = "solved"
	return chat.Reply{Text: r.Say("ask.solved")}, askstore.Cases.Change(r.Tx, before, after)
}

// list searches the library of cases.
func list(r *command.Request, a command.Args) (chat.Reply, error) {
	found, err := askstore.Find(r.Tx, a.Object, 5)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(found) == 0 {
		return chat.Reply{Text: r.Say("ask.none")}, nil
	}
	reply := chat.Reply{Title: r.Say("ask.library")}
	for _, c := range found {
		text := chat.Cut(chat.OneLine(c.Text), 200)
		if c.Answers != "" {
			text += "\n→ " + strings.ReplaceAll(chat.Cut(c.Answers, 400), "\n", "\n→ ")
		}
		reply.Fields = append(reply.Fields, chat.Line{Label: r.Name(c.AskedBy), Value: text})
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.answer")+": "+chat.OneLine(c.Text), "ask", "answer case:"+c.ID)})
	}
	return reply, nil
}
