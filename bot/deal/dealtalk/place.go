package dealtalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// How many deals a card and a brief name.
const (
	mostOnCard  = 3
	mostInBrief = 2
)

// onCard names the open deals of an account.
func onCard(r *command.Request, p account.Place) ([]command.Part, error) {
	if p.Kind != account.KindAccount {
		return nil, nil
	}
	lines, err := standing(r, p.AccountID, mostOnCard)
	return []command.Part{{Rank: command.RankDeals, Line: chat.Line{Label: r.Say("account.deals"), Value: strings.Join(lines, "\n")}}}, err
}

// before names them before the door.
func before(r *command.Request, p account.Place) ([]command.Point, error) {
	lines, err := standing(r, p.AccountID, mostInBrief)
	var out []command.Point
	for _, text := range lines {
		out = append(out, command.Point{Rank: command.RankDeals, Text: r.Say("brief.deal", "text", chat.Cut(chat.OneLine(text), 120))})
	}
	return out, err
}

// standing says where the deals of an account stand, a line each.
func standing(r *command.Request, accountID string, most int) ([]string, error) {
	found, err := dealstore.List(r.Tx, r.Scope, dealstore.Filter{Account: accountID, Status: deal.Open, Limit: most})
	var out []string
	for _, c := range found {
		x, err := byID(r, c.ID)
		if err != nil {
			return nil, err
		}
		text := r.Say("deal.brief", "deal", x.name(), "stage", stageName(r, x.funnel, x.Stage), "value", r.Money(x.Value))
		if next, ok := x.funnel.Next(x.Stage); ok {
			g := x.funnel.Gate(next.Code, x.size(), x.met())
			var missing []string
			for _, m := range g.Missing[:min(3, len(g.Missing))] {
				missing = append(missing, criterionName(r, m))
			}
			text += r.Say("deal.brief_gate", "stage", stageName(r, x.funnel, next.Code), "n", g.Need(), "missing", r.Words.List(missing))
		}
		out = append(out, text)
	}
	return out, err
}

// steps says how an account's deals moved since a visit.
func steps(r *command.Request, p command.Past) ([]string, error) {
	entries, err := dealstore.Entered(r.Tx, r.Scope, p.Place.AccountID, p.On.At(0, r.Words.Zone), p.Until.Add(1).At(0, r.Words.Zone))
	f := funnelOf(r)
	var parts []string
	for _, e := range entries {
		parts = append(parts, stageName(r, f, e.From)+" → "+stageName(r, f, e.To))
	}
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	return []string{r.Say("visit.effect_deals", "steps", r.Words.List(parts))}, nil
}
