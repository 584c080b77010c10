// Package roomtalk binds groups to the stores whose people answer there.
package roomtalk

import (
	"embed"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/room"
	"fieldbot/bot/room/roomstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

//go:embed words
var words embed.FS

// Module is /link store and /unlink store.
var Module = command.Module{Name: "room", Words: words, Families: []command.Family{
	{Name: "link", Verbs: []command.Verb{{Name: "store", Roles: binders, Do: bind}}},
	{Name: "unlink", Verbs: []command.Verb{{Name: "store", Roles: binders, Do: unbind}}},
}}

var binders = []person.Role{person.Rep, person.KAM, person.Manager}

// bind lets the people of a group answer for a store. Groups of Telegram alone: there a
// bot hears what is said in reply to it.
func bind(r *command.Request, a command.Args) (chat.Reply, error) {
	if r.Place.Private || r.Place.Platform != chat.Telegram {
		return chat.Reply{}, fault.Wrong("room_group")
	}
	s, choose, err := r.OneStore("link", "store", a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	here, bound, err := roomstore.Here(r.Tx, string(r.Place.Platform), r.Place.Room)
	switch {
	case err != nil:
		return chat.Reply{}, err
	case bound && here.StoreID == s.ID:
		return chat.Reply{Text: opened(r, s.Name), Open: true}, nil
	case bound:
		return chat.Reply{}, fault.New(fault.Conflict, "room_other", "store", r.StoreOf(here.StoreID).Name)
	}
	if others, err := roomstore.OfStore(r.Tx, s.ID); err != nil || len(others) > 0 {
		if err == nil {
			err = fault.New(fault.Conflict, "room_taken", "store", s.Name)
		}
		return chat.Reply{}, err
	}
	x := room.Room{Platform: string(r.Place.Platform), Room: r.Place.Room, Thread: r.Place.Thread, StoreID: s.ID, Status: room.Bound}
	if err := roomstore.Rooms.Add(r.Tx, &x); err != nil {
		return chat.Reply{}, err
	}
	if err := mayBind(r, x); err != nil {
		return chat.Reply{}, err
	}
	if err := command.SendTo(r.Tx, "", r.Place, chat.Reply{Text: opened(r, s.Name)}, ""); err != nil {
		return chat.Reply{}, err
	}
	if err := r.Happened(room.Opened{Room: x}); err != nil {
		return chat.Reply{}, err
	}
	return chat.Reply{}, nil
}

func opened(r *command.Request, store string) string {
	return r.Say("room.opened", "store", store)
}

// unbind ends that: in the group itself, or anywhere by the store.
func unbind(r *command.Request, a command.Args) (chat.Reply, error) {
	x, ok, err := roomstore.Here(r.Tx, string(r.Place.Platform), r.Place.Room)
	if err != nil {
		return chat.Reply{}, err
	}
	if a.Object != "" || !ok {
		s, choose, err := r.OneStore("unlink", "store", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		all, err := roomstore.OfStore(r.Tx, s.ID)
		if err != nil {
			return chat.Reply{}, err
		}
		if len(all) == 0 {
			return chat.Reply{}, fault.New(fault.NotFound, "room_none", "store", s.Name)
		}
		x = all[0]
	}
	return end(r, x)
}

// mayBind: who serves the store, or leads who does.
func mayBind(r *command.Request, x room.Room) error {
	return command.Guard(r, roomstore.Rooms, r.Scope, x.ID, fault.New(fault.Denied, "read_only"))
}

// end ends what binds a group.
func end(r *command.Request, x room.Room) (chat.Reply, error) {
	if err := mayBind(r, x); err != nil {
		return chat.Reply{}, err
	}
	after := x
	after.Status = room.Unbound
	if err := roomstore.Rooms.Change(r.Tx, x, after); err != nil {
		return chat.Reply{}, err
	}
	return r.Done(r.Say("room.closed", "store", r.StoreOf(x.StoreID).Name)), nil
}
