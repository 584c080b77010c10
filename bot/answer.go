package bot

import (
	"slices"

	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// answer sends a reply to where it belongs and returns the part that goes
// back on the request:
//
//   - what stays, or carries undo, goes to the private chat;
//   - what only the person should see never goes to a shared room;
//   - where the request carries no answer, everything goes by outbox, so that
//     the messages of a room keep their order and the platform's limits.
func (a *App) answer(r *command.Request, u chat.Update, identity person.Identity, reply chat.Reply) (chat.Reply, error) {
	if reply.Empty() {
		return chat.Reply{}, nil
	}
	reply.Buttons = a.shown(r, reply.Buttons)
	if reply.Modal != nil && reply.Modal.Instead != nil {
		if err := command.KeepButtons(r.Tx, r.Who.ID, reply.Modal.Instead); err != nil {
			return chat.Reply{}, err
		}
	}
	if reply.Modal != nil || len(reply.Errors) > 0 || reply.Home || u.Place.Platform == chat.Terminal { // the terminal is handed its file, too
		err := command.KeepButtons(r.Tx, r.Who.ID, &reply)
		return reply, err
	}
	private := chat.Place{Platform: u.Place.Platform, Room: identity.Room, Private: true}
	if reply.File != nil {
		reply.Keep = true // a file travels by message alone
	}
	switch {
	case u.Answered && !reply.Keep:
		err := command.KeepButtons(r.Tx, r.Who.ID, &reply)
		return reply, err
	case u.Answered:
		if err := command.SendTo(r.Tx, r.Who.ID, private, reply, ""); err != nil {
			return chat.Reply{}, err
		}
		if u.Place.Private || u.Kind == chat.Submit {
			return chat.Reply{}, nil
		}
		return chat.Reply{Text: r.Say("room.done")}, nil
	case u.Place.Private:
		return chat.Reply{}, command.SendTo(r.Tx, r.Who.ID, u.Place, reply, replaced(u, reply))
	case reply.Open:
		return chat.Reply{}, command.SendTo(r.Tx, r.Who.ID, u.Place, reply, replaced(u, reply))
	}
	return chat.Reply{}, a.answerRoom(r, u, identity, private, reply)
}

// answerRoom answers something said in a shared room: the reply goes to the
// private chat, the room sees that it did; where that chat was never started,
// the room gets a button that starts it.
func (a *App) answerRoom(r *command.Request, u chat.Update, identity person.Identity, private chat.Place, reply chat.Reply) error {
	room := chat.Reply{Text: r.Say("room.private")}
	if reply.Keep {
		room.Text = r.Say("room.done")
	}
	if private.Room == "" {
		room.Text = r.Say("room.start")
	} else if err := command.SendTo(r.Tx, r.Who.ID, private, reply, ""); err != nil {
		return err
	}
	if url := a.Link(u.Place.Platform, "hello"); url != "" && !identity.Begun {
		room.Buttons = [][]chat.Button{{{Label: r.Say("button.open_private"), URL: url}}}
	}
	return command.SendTo(r.Tx, r.Who.ID, u.Place, room, "")
}

// shown are the buttons that the person's roles would not be refused.
func (a *App) shown(r *command.Request, rows [][]chat.Button) [][]chat.Button {
	var out [][]chat.Button
	for _, row := range rows {
		if kept := slices.DeleteFunc(slices.Clone(row), func(b chat.Button) bool { return !a.ear.Shown(r, b) }); len(kept) > 0 {
			out = append(out, kept)
		}
	}
	return out
}

func replaced(u chat.Update, reply chat.Reply) string {
	if reply.Replace {
		return u.Message
	}
	return ""
}
