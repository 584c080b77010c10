package followuptalk

import (
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// waits: the owner hears of a follow-up the day before, the day, and daily
// after; the owner's manager once it is three days late (domain.md §11).
func waits(r *command.Request, d remind.Digest) ([]command.Section, error) {
	switch d {
	case remind.Morning:
		return ownWaiting(r)
	case remind.Team:
		return late(r)
	}
	return nil, nil
}

func ownWaiting(r *command.Request) ([]command.Section, error) {
	today := r.Words.Today(r.Tx.Now)
	due, err := followupstore.Due(r.Tx, r.Scope, r.Who.ID, today.Add(1))
	if err != nil || len(due) == 0 {
		return nil, err
	}
	due = remind.Without(due, func(f followup.FollowUp) bool { return r.PutOff[f.Ref()] })
	s := command.Section{Title: r.Say("follow.waiting", "n", len(due)), More: command.SayButton(r.Say("button.follow_all"), "follow", "")}
	for _, f := range due {
		line, err := Line(r, f)
		if err != nil {
			return nil, err
		}
		act := Buttons(r, f)[:1]
		act[0].Label = chat.Cut(act[0].Label+" "+chat.OneLine(f.Text), 40)
		s.Items = append(s.Items, command.Item{Subject: f.Ref(), Label: chat.Cut(chat.OneLine(f.Text), 40), Line: "· " + line, Act: act})
	}
	return []command.Section{s}, nil
}

func late(r *command.Request) ([]command.Section, error) {
	team, err := r.Escalated()
	if err != nil {
		return nil, err
	}
	before := r.Words.Today(r.Tx.Now).Add(1 - followup.LateForManager)
	s := command.Section{Title: r.Say("follow.team_late", "days", followup.LateForManager)}
	for _, p := range team {
		n, err := followupstore.LateOf(r.Tx, r.Scope, p.ID, before)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			s.Items = append(s.Items, command.Item{Label: p.Name, Line: "· " + r.Say("follow.team_line", "who", p.Name, "n", int(n)),
				Act: []chat.Button{command.SayButton(r.Say("button.follow_of", "who", p.Name), "follow", "list "+p.Handle)}})
		}
	}
	return []command.Section{s}, nil
}
