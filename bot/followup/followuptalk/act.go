package followuptalk

import (
	"slices"
	"strings"

	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

var record = command.Record[followup.FollowUp]{
	Family: "follow", Ref: "follow", None: "follow_none",
	Load: command.InSight(followupstore.FollowUps),
	Find: func(r *command.Request, words string) ([]followup.FollowUp, error) {
		mine, err := followupstore.Owned(r.Tx, r.Scope, r.Who.ID)
		return slices.DeleteFunc(mine, func(f followup.FollowUp) bool {
			return words != "" && (len([]rune(words)) < 2 || !strings.Contains(strings.ToLower(f.Text), strings.ToLower(words)))
		}), err
	},
	Name: func(_ *command.Request, f followup.FollowUp) string { return chat.Cut(chat.OneLine(f.Text), 40) },
}

// stillOpen refuses what is closed.
func stillOpen(_ *command.Request, f followup.FollowUp) error {
	if f.Status != followup.Open {
		return fault.New(fault.Conflict, "follow_closed")
	}
	return nil
}

// mayEnd: its owner, who opened it, and managers who lead them, while it is open.
func mayEnd(r *command.Request, f followup.FollowUp) error {
	if err := stillOpen(r, f); err != nil {
		return err
	}
	return command.Guard(r, followupstore.FollowUps, r.Scope, f.ID, fault.New(fault.Denied, "not_yours"))
}

// end closes a follow-up; who opened it hears of the end.
func end(r *command.Request, before followup.FollowUp, comment string) (chat.Reply, error) {
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
	return r.Done(r.Say("follow.done", "text", chat.Cut(chat.OneLine(after.Text), 200))), nil
}

// others are those who opened or own a follow-up and did not do this.
func others(r *command.Request, f followup.FollowUp) []string {
	out := slices.Compact([]string{f.OpenedBy, f.OwnerID})
	return slices.DeleteFunc(out, func(id string) bool { return id == "" || id == r.Who.ID })
}

// said adds what a form says beside the change.
func said(r *command.Request, f *followup.FollowUp, d form.Draft) {
	if text := d.Values["comment"]; text != "" {
		f.Comment(r.Words.Today(r.Said), r.Who.Name, text)
	}
}

func pass(r *command.Request, before followup.FollowUp, d form.Draft) (command.Saved, error) {
	f := before
	f.OwnerID = d.Values["pass_to"]
	said(r, &f, d)
	if err := followupstore.FollowUps.Change(r.Tx, before, f); err != nil {
		return command.Saved{}, err
	}
	f.Version++
	if err := Hand(r, f, "follow.passed_to_you"); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: f.ID, Reply: r.Done(r.Say("follow.passed", "who", r.Name(f.OwnerID), "text", chat.Cut(chat.OneLine(f.Text), 200)))}, nil
}

func comment(r *command.Request, before followup.FollowUp, d form.Draft) (command.Saved, error) {
	f := before
	said(r, &f, d)
	if err := followupstore.FollowUps.Change(r.Tx, before, f); err != nil {
		return command.Saved{}, err
	}
	for _, id := range others(r, f) {
		if err := r.Tell(id, func(as *command.Request) chat.Reply {
			return chat.Reply{Text: as.Say("follow.commented", "who", r.Who.Name, "text", chat.Cut(chat.OneLine(f.Text), 100), "comment", d.Values["comment"])}
		}); err != nil {
			return command.Saved{}, err
		}
	}
	return command.Saved{ID: f.ID, Reply: r.Done(r.Say("follow.comment_saved"))}, nil
}
