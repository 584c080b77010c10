package followuptalk

import (
	"slices"
	"strings"

	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

// openOne opens a form about one follow-up: follow:ID, or the words of it.
func openOne(f form.Form, verb string) func(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	return func(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
		d := form.NewDraft(store.NewID(), f.Name, nil)
		var found []followup.FollowUp
		if id, isRef := strings.CutPrefix(a.Object, "follow:"); isRef {
			x, ok, err := followupstore.FollowUps.In(r.Scope).ByID(r.Tx, id)
			if err != nil || !ok {
				return d, nil, command.OrGone(err)
			}
			found = []followup.FollowUp{x}
		} else {
			mine, err := followupstore.Owned(r.Tx, r.Scope, r.Who.ID)
			if err != nil {
				return d, nil, err
			}
			for _, x := range mine {
				if a.Object == "" || len([]rune(a.Object)) > 1 && strings.Contains(strings.ToLower(x.Text), strings.ToLower(a.Object)) {
					found = append(found, x)
				}
			}
		}
		switch len(found) {
		case 0:
			return d, nil, fault.New(fault.NotFound, "follow_none")
		case 1:
			x := found[0]
			if x.Status != followup.Open {
				return d, nil, fault.New(fault.Conflict, "follow_closed")
			}
			d.Subject, d.Version, d.About = x.ID, x.Version, chat.Cut(chat.OneLine(x.Text), 40)
			return d, nil, nil
		}
		reply := chat.Reply{Text: r.Say("follow.which")}
		for _, x := range found[:min(shown, len(found))] {
			reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(chat.OneLine(x.Text), "follow", verb+" "+x.Ref())})
		}
		return d, &reply, nil
	}
}

// change writes what a form says of its follow-up, guarded by what the form
// was opened on.
func change(r *command.Request, d form.Draft, edit func(f *followup.FollowUp)) (followup.FollowUp, error) {
	before, ok, err := followupstore.FollowUps.In(r.Scope).ByID(r.Tx, d.Subject)
	switch {
	case err != nil || !ok:
		return before, command.OrGone(err)
	case before.Status != followup.Open:
		return before, fault.New(fault.Conflict, "follow_closed")
	case before.Version != d.Version:
		return before, fault.New(fault.Conflict, "changed")
	}
	after := before
	edit(&after)
	return after, followupstore.FollowUps.Change(r.Tx, before, after)
}

// mayEnd: its owner, who opened it, and managers.
func mayEnd(r *command.Request, f followup.FollowUp) error {
	if f.OwnerID == r.Who.ID || f.OpenedBy == r.Who.ID || r.Who.Is(person.Manager) {
		return nil
	}
	return fault.New(fault.Denied, "not_yours")
}

func closeIt(r *command.Request, d form.Draft) (command.Saved, error) {
	before, ok, err := followupstore.FollowUps.In(r.Scope).ByID(r.Tx, d.Subject)
	if err != nil || !ok {
		return command.Saved{}, command.OrGone(err)
	}
	if before.Version != d.Version {
		return command.Saved{}, fault.New(fault.Conflict, "changed")
	}
	reply, err := end(r, before, d.Values["comment"])
	return command.Saved{Reply: reply, ID: before.ID}, err
}

// press is the Done button.
func press(r *command.Request, args []string) (chat.Reply, error) {
	f, ok, err := followupstore.FollowUps.In(r.Scope).ByID(r.Tx, args[0])
	if err != nil || !ok {
		return chat.Reply{}, command.OrGone(err)
	}
	return end(r, f, "")
}

// end closes a follow-up; who opened it hears of the end.
func end(r *command.Request, before followup.FollowUp, comment string) (chat.Reply, error) {
	if before.Status != followup.Open {
		return chat.Reply{}, fault.New(fault.Conflict, "follow_closed")
	}
	if err := mayEnd(r, before); err != nil {
		return chat.Reply{}, err
	}
	after := before
	after.Status, after.ClosedBy, after.ClosedAt = followup.Done, r.Who.ID, r.Tx.Now
	if comment != "" {
		after.Comment(r.Words.Today(r.Said), r.Who.Name, comment)
	}
	if err := followupstore.FollowUps.Change(r.Tx, before, after); err != nil {
		return chat.Reply{}, err
	}
	for _, id := range others(r, after) {
		if err := r.Tell(id, func(as *command.Request) chat.Reply {
			return chat.Reply{Text: as.Say("follow.ended", "who", r.Who.Name, "text", chat.Cut(chat.OneLine(after.Text), 200), "comment", comment)}
		}); err != nil {
			return chat.Reply{}, err
		}
	}
	return chat.Reply{Text: r.Say("follow.done", "text", chat.Cut(chat.OneLine(after.Text), 200)), Keep: true, Buttons: [][]chat.Button{{r.UndoButton()}}}, nil
}

// others are those who opened or own a follow-up and did not do this.
func others(r *command.Request, f followup.FollowUp) []string {
	out := slices.Compact([]string{f.OpenedBy, f.OwnerID})
	return slices.DeleteFunc(out, func(id string) bool { return id == "" || id == r.Who.ID })
}

func pass(r *command.Request, d form.Draft) (command.Saved, error) {
	if before, ok, err := followupstore.FollowUps.In(r.Scope).ByID(r.Tx, d.Subject); err != nil || !ok {
		return command.Saved{}, command.OrGone(err)
	} else if err := mayEnd(r, before); err != nil {
		return command.Saved{}, err
	}
	f, err := change(r, d, func(f *followup.FollowUp) {
		f.OwnerID = d.Values["pass_to"]
		if d.Values["comment"] != "" {
			f.Comment(r.Words.Today(r.Said), r.Who.Name, d.Values["comment"])
		}
	})
	if err != nil {
		return command.Saved{}, err
	}
	f.Version++
	if err := Hand(r, f, "follow.passed_to_you"); err != nil {
		return command.Saved{}, err
	}
	owner, _, err := personstore.ByID(r.Tx, f.OwnerID)
	return command.Saved{ID: f.ID, Reply: chat.Reply{Text: r.Say("follow.passed", "who", owner.Name, "text", chat.Cut(chat.OneLine(f.Text), 200)), Keep: true, Buttons: [][]chat.Button{{r.UndoButton()}}}}, err
}

func comment(r *command.Request, d form.Draft) (command.Saved, error) {
	f, err := change(r, d, func(f *followup.FollowUp) {
		f.Comment(r.Words.Today(r.Said), r.Who.Name, d.Values["comment"])
	})
	if err != nil {
		return command.Saved{}, err
	}
	for _, id := range others(r, f) {
		if err := r.Tell(id, func(as *command.Request) chat.Reply {
			return chat.Reply{Text: as.Say("follow.commented", "who", r.Who.Name, "text", chat.Cut(chat.OneLine(f.Text), 100), "comment", d.Values["comment"])}
		}); err != nil {
			return command.Saved{}, err
		}
	}
	return command.Saved{ID: f.ID, Reply: chat.Reply{Text: r.Say("follow.comment_saved"), Keep: true, Buttons: [][]chat.Button{{r.UndoButton()}}}}, nil
}
