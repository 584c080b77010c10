package dealtalk

import (
	"slices"
	"strings"

	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// mostBoard is how many deals a board knows; shown how many of a stage it
// names.
const (
	mostBoard = 300
	shown     = 4
	listed    = 15
)

// board is a person's open deals by stage; a manager can name a colleague.
func board(r *command.Request, a command.Args) (chat.Reply, error) {
	who := r.Who
	if word := strings.ToLower(a.Object); slices.Contains(teamWords, word) && r.Who.Is(person.Manager) {
		return teamBoard(r)
	} else if a.Object != "" {
		p, ok, err := r.OneColleague(a.Object)
		switch {
		case err != nil:
			return chat.Reply{}, err
		case !ok:
			return chat.Reply{}, fault.New(fault.NotFound, "person_none", "query", chat.Cut(a.Object, 60))
		}
		who = p
	}
	mine, err := dealstore.List(r.Tx, r.Scope, dealstore.Filter{Owner: who.ID, Status: deal.Open, Limit: mostBoard})
	if err != nil {
		return chat.Reply{}, err
	}
	if len(mine) == 0 && a.Object == "" && r.Who.Is(person.Manager) {
		return teamBoard(r)
	}
	team, err := dealstore.OnTeam(r.Tx, r.Scope, who.ID, listed)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(mine)+len(team) == 0 {
		return chat.Reply{Text: r.Say("deal.board_none", "who", who.Name), Buttons: [][]chat.Button{boardButtons(r)}}, nil
	}
	f := funnelOf(r)
	pace, err := dealstore.Paces(r.Tx, f)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{}
	var text []string
	value, weighted := int64(0), int64(0)
	for _, s := range f {
		var here []dealstore.Card
		sum, heavy := int64(0), int64(0)
		for _, c := range mine {
			if st := f.Stage(c.Stage); st.Code == s.Code {
				here = append(here, c)
				sum, heavy = sum+c.Value, heavy+deal.Weighted(c.Value, s.Weight)
			}
		}
		if len(here) == 0 {
			continue
		}
		value, weighted = value+sum, weighted+heavy
		text = append(text, r.Say("deal.board_stage", "stage", stageName(r, f, s.Code), "n", len(here), "value", amount(r, sum), "weighted", amount(r, heavy)))
		text = append(text, lines(r, f, pace, here, shown)...)
	}
	if len(team) > 0 {
		text = append(text, r.Say("deal.board_team", "n", len(team)))
		text = append(text, lines(r, f, pace, team, shown)...)
	}
	reply.Title = r.Say("deal.board_title", "who", who.Name, "n", len(mine), "value", amount(r, value), "weighted", amount(r, weighted))
	reply.Text = strings.Join(text, "\n")
	reply.Buttons = append(openButtons(slices.Concat(mine, team)), boardButtons(r))
	return reply, nil
}

// teamWords mean everybody who reports to the person.
var teamWords = []string{"team", "团队"}

// teamBoard is a line for each of a manager's team who has open deals.
func teamBoard(r *command.Request) (chat.Reply, error) {
	people, err := r.Team()
	if err != nil {
		return chat.Reply{}, err
	}
	f := funnelOf(r)
	reply := chat.Reply{Title: r.Say("deal.board_of_team", "who", r.Who.Name)}
	var text []string
	for _, p := range people {
		theirs, err := dealstore.List(r.Tx, r.Scope, dealstore.Filter{Owner: p.ID, Status: deal.Open, Limit: mostBoard})
		if err != nil {
			return reply, err
		}
		if len(theirs) == 0 {
			continue
		}
		needy, err := attention(r, p)
		if err != nil {
			return reply, err
		}
		value, weighted := int64(0), int64(0)
		for _, c := range theirs {
			value, weighted = value+c.Value, weighted+deal.Weighted(c.Value, f.Stage(c.Stage).Weight)
		}
		text = append(text, "· "+r.Say("deal.board_person", "who", p.Name, "n", len(theirs), "value", amount(r, value), "weighted", amount(r, weighted), "waits", len(needy)))
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.deals_of", "who", p.Name), "deal", "board "+p.Handle)})
	}
	reply.Text = strings.Join(text, "\n")
	if len(text) == 0 {
		reply.Text = r.Say("deal.board_none", "who", sightOf(r))
	}
	reply.Buttons = append(reply.Buttons, boardButtons(r))
	return reply, nil
}

// boardButtons stand below every board.
func boardButtons(r *command.Request) []chat.Button {
	return []chat.Button{command.SayButton(r.Say("button.deal_new"), "deal", "new"), command.SayButton(r.Say("button.funnel"), "funnel", "")}
}

// openButtons open the first deals of a list.
func openButtons(cards []dealstore.Card) [][]chat.Button {
	var out [][]chat.Button
	for _, c := range cards[:min(5, len(cards))] {
		out = append(out, []chat.Button{command.SayButton(c.Number+" "+c.Title, "deal", "show deal:"+c.ID)})
	}
	return out
}

// lines are deals, a line each, with what is wrong with them.
func lines(r *command.Request, f deal.Funnel, pace map[string]int, cards []dealstore.Card, most int) []string {
	return command.Listed(r, cards, most, len(cards), func(c dealstore.Card) string { return line(r, f, pace, c) })
}

func line(r *command.Request, f deal.Funnel, pace map[string]int, c dealstore.Card) string {
	d := deal.Deal{Stage: c.Stage, Status: c.Status, ExpectedCloseOn: c.ExpectedCloseOn, EnteredStageAt: c.EnteredStageAt}
	parts := []string{c.Number + " " + chat.Cut(c.Title, 40), c.Account}
	if c.Value > 0 {
		parts = append(parts, amount(r, c.Value))
	}
	if c.Status != deal.Open {
		return strings.Join(append(parts, r.Words.Choice("status", c.Status)), " · ")
	}
	parts = append(parts, r.Say("deal.days", "n", d.Days(r.Tx.Now)))
	median, usual := pace[f.Stage(c.Stage).Code]
	if d.Stuck(r.Tx.Now, median, usual) {
		parts = append(parts, "⏳ "+r.Say("deal.stuck"))
	}
	if today := r.Words.Today(r.Said); d.Slipped(today) {
		parts = append(parts, "⚠️ "+r.Say("deal.slipped", "n", today.Sub(c.ExpectedCloseOn)))
	}
	return strings.Join(parts, " · ")
}

var listFields = []field.Field{{Key: "status", Kind: field.Choice, Options: []string{deal.Open, deal.Stalled, deal.Won, deal.Lost}}}

// list shows deals of a state, the open ones unless told: the person's own,
// those of an account, or, for a manager, everybody's in sight.
func list(r *command.Request, a command.Args) (chat.Reply, error) {
	status := a.Values["status"]
	if code, wrong := form.Check(listFields[0], a.Object, r.Env()); wrong == nil && a.Object != "" { // "deal list lost"
		status, a.Object = code, ""
	}
	filter := dealstore.Filter{Status: deal.Open, Limit: listed + 1}
	if status != "" {
		code, wrong := form.Check(listFields[0], status, r.Env())
		if wrong != nil {
			return chat.Reply{}, wrong
		}
		filter.Status = code
	}
	title := r.Who.Name
	switch {
	case a.Object != "":
		place, choose, err := r.OneAccount("deal", "list", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		filter.Account, title = place.AccountID, place.AccountName
	case !r.Who.Is(person.Manager):
		filter.Owner = r.Who.ID
	default:
		title = sightOf(r)
	}
	found, err := dealstore.List(r.Tx, r.Scope, filter)
	if err != nil {
		return chat.Reply{}, err
	}
	status = r.Words.Choice("status", filter.Status)
	if len(found) == 0 {
		return chat.Reply{Text: r.Say("deal.list_none", "who", title, "status", status)}, nil
	}
	return cards(r, r.Say("deal.list_title", "who", title, "status", status), found, int64(len(found)))
}

// cards is a list of deals with buttons that open the first.
func cards(r *command.Request, title string, found []dealstore.Card, all int64) (chat.Reply, error) {
	f := funnelOf(r)
	pace, err := dealstore.Paces(r.Tx, f)
	if err != nil {
		return chat.Reply{}, err
	}
	text := command.Listed(r, found, listed, int(all), func(c dealstore.Card) string {
		if c.OwnerID == r.Who.ID {
			return line(r, f, pace, c)
		}
		return line(r, f, pace, c) + " · " + r.Name(c.OwnerID)
	})
	return chat.Reply{Title: title, Text: strings.Join(text, "\n"), Buttons: openButtons(found)}, nil
}
