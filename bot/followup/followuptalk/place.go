package followuptalk

import (
	"cmp"
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// How many open points a card and a brief show.
const (
	onCard  = 3
	inBrief = 5
)

// card is what stands open at a place: follow-ups and our commitments.
func card(r *command.Request, p account.Place) ([]command.Part, error) {
	found, err := followupstore.OfPlace(r.Tx, r.Scope, p.AccountID, p.StoreID())
	var lines []string
	for _, f := range found[:min(onCard, len(found))] {
		line, err := Line(r, f)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	if more := len(found) - onCard; more > 0 {
		lines = append(lines, r.Say("list.more_things", "n", more))
	}
	return []command.Part{{Rank: command.RankOpen, Line: chat.Line{Label: r.Say("account.open"), Value: strings.Join(lines, "\n")}}}, err
}

// brief is the same before the door: our own broken word first, then what is
// late.
func brief(r *command.Request, p account.Place) ([]command.Point, error) {
	open, err := followupstore.OfPlace(r.Tx, r.Scope, p.AccountID, p.StoreID())
	today := r.Words.Today(r.Said)
	slices.SortStableFunc(open, func(a, b followup.FollowUp) int {
		return cmp.Or(cmp.Compare(urgency(a, today), urgency(b, today)), strings.Compare(string(a.DueOn), string(b.DueOn)))
	})
	var out []command.Point
	for _, x := range open[:min(inBrief, len(open))] {
		key := "brief.open"
		if x.Kind == followup.Commitment {
			key = "brief.commitment"
		}
		out = append(out, command.Point{Rank: command.RankOpen, Says: x.Text, Text: r.Say(key, "text", chat.Cut(chat.OneLine(x.Text), 120), "day", x.DueOn, "late", max(0, x.Late(today)))})
	}
	if more := len(open) - inBrief; more > 0 {
		out = append(out, command.Point{Rank: command.RankOpen, Text: r.Say("brief.more_open", "n", more)})
	}
	return out, err
}

// urgency puts our own broken word first, then what is late, then the rest.
func urgency(x followup.FollowUp, today calendar.Day) int {
	late := x.Late(today) > 0
	switch {
	case late && x.Kind == followup.Commitment:
		return 0
	case late:
		return 1
	case x.Kind == followup.Commitment:
		return 2
	}
	return 3
}

// effect is how much of what a visit opened is done.
func effect(r *command.Request, p command.Past) ([]string, error) {
	made, err := followupstore.FromVisit(r.Tx, r.Scope, p.Visit)
	if err != nil || len(made) == 0 {
		return nil, err
	}
	done := 0
	for _, f := range made {
		if f.Status == followup.Done {
			done++
		}
	}
	return []string{r.Say("visit.effect_follow", "done", done, "all", len(made))}, nil
}
