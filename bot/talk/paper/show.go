package paper

import (
	"slices"
	"strings"

	"fieldbot/bot/approval"
	"fieldbot/bot/approval/approvalstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// Buttons are the moves that the person can make of a paper now.
func (p *Paper[T]) Buttons(r *command.Request, row T) ([]chat.Button, error) {
	var out []chat.Button
	for _, m := range p.Flow.From(row) {
		if m.Answer {
			continue
		}
		switch err := p.may(r, row, m); {
		case fault.Is(err, fault.Denied):
		case err != nil && !isFault(err):
			return nil, err
		default: // what a guard refuses is said when it is pressed
			out = append(out, command.SayButton(r.Say("button."+p.Family+"."+m.Name), p.Family, m.Name+" "+p.RefOf(row)))
		}
	}
	return out, nil
}

func isFault(err error) bool { _, ok := fault.As(err); return ok }

// Trail is the line of a card that says who was asked about a paper and what they said,
// the first first; none where nobody was.
func (p *Paper[T]) Trail(r *command.Request, row T) ([]chat.Line, error) {
	var all []approval.Approval
	for _, m := range p.Flow.Moves {
		if !m.Answer {
			continue
		}
		some, err := approvalstore.About(r.Tx, p.kind(m.Name), p.RefOf(row))
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b approval.Approval) int { return a.AskedAt.Compare(b.AskedAt) })
	var out []string
	for _, a := range all {
		id, at := a.ApproverID, a.AskedAt
		if a.DecidedBy != "" {
			id, at = a.DecidedBy, a.DecidedAt
		}
		line := r.Say("paper.trail", "status", r.Words.Choice("approval", a.Status), "who", r.Name(id), "day", calendar.On(at.In(r.Words.Zone)))
		if a.Reason != "" {
			line += ": " + chat.Cut(chat.OneLine(a.Reason), 120)
		}
		out = append(out, line)
	}
	if len(out) == 0 {
		return nil, nil
	}
	return []chat.Line{{Label: r.Say("paper.asked_whom"), Value: strings.Join(out, "\n")}}, nil
}
