package dealtalk

import (
	"slices"
	"strings"

	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
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
	all, err := totals(r, f, who.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{}
	var text []string
	for _, s := range all.Stages {
		if s.Deals == 0 {
			continue
		}
		here := slices.DeleteFunc(slices.Clone(mine), func(c dealstore.Card) bool { return f.Stage(c.Stage).Code != s.Code })
		text = append(text, r.Say("deal.board_stage", "stage", stageName(r, f, s.Code), "n", int(s.Deals), "value", r.Money(s.Value), "weighted", r.Money(s.Weighted)))
		text = append(text, command.Listed(r, here, shown, int(s.Deals), func(c dealstore.Card) string { return line(r, f, pace, c) })...)
	}
	if len(team) > 0 {
		text = append(text, r.Say("deal.board_team", "n", len(team)))
		text = append(text, lines(r, f, pace, team, shown)...)
	}
	reply.Title = r.Say("deal.board_title", "who", who.Name, "n", int(all.Deals), "value", r.Money(all.Value), "weighted", r.Money(all.Weighted))
	reply.Text = strings.Join(text, "\n")
	reply.Buttons = append(openButtons(slices.Concat(mine, team)), boardButtons(r))
	return reply, nil
}

// totals sums up the open deals of an owner: a board names the first of them only.
func totals(r *command.Request, f deal.Funnel, owner string) (deal.Measures, error) {
	open, err := dealstore.Open(r.Tx, r.Scope, dealstore.Asked{Among: dealstore.Among{Person: owner}, Funnel: f, Today: r.Words.Today(r.Said), Now: r.Tx.Now, Zone: r.Config.Company.Zone()})
	return deal.Measure(f, deal.Figures{Open: open}), err
}

// teamWords mean everybody whose deals a manager leads.
var teamWords = []string{"team", "团队"}

// mostOwners is how many of a team a board names.
const mostOwners = 15

// teamBoard is a line for each owner of open deals that a manager leads.
func teamBoard(r *command.Request) (chat.Reply, error) {
	f := funnelOf(r)
	owners, err := dealstore.OpenOwners(r.Tx, r.Scope.Acting(person.Manager))
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("deal.board_of_team", "who", r.Who.Name)}
	var text []string
	for _, id := range owners[:min(mostOwners, len(owners))] {
		p, ok, err := personstore.ByID(r.Tx, id)
		if err != nil {
			return reply, err
		}
		if !ok || id == r.Who.ID {
			continue
		}
		theirs, err := totals(r, f, id)
		if err != nil {
			return reply, err
		}
		needy, err := attention(r, p)
		if err != nil {
			return reply, err
		}
		text = append(text, "· "+r.Say("deal.board_person", "who", p.Name, "n", int(theirs.Deals), "value", r.Money(theirs.Value), "weighted", r.Money(theirs.Weighted), "waits", len(needy)))
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.deals_of", "who", p.Name), "deal", "board "+p.Handle)})
	}
	if more := len(owners) - mostOwners; more > 0 {
		text = append(text, r.Say("list.more_things", "n", more))
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
		parts = append(parts, r.Money(c.Value))
	}
	if c.Status != deal.Open {
		return strings.Join(append(parts, r.Words.Choice("status", c.Status)), " · ")
	}
	now := r.Tx.Now.In(r.Config.Company.Zone()) // figures have the company's days
	parts = append(parts, r.Say("deal.days", "n", d.Days(now)))
	median, usual := pace[f.Stage(c.Stage).Code]
	if d.Stuck(now, median, usual) {
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
	filter := dealstore.Filter{Limit: listed + 1}
	var err error
	if code, wrong := form.Check(listFields[0], a.Object, r.Env()); wrong == nil && a.Object != "" { // "deal list lost"
		filter.Status, a.Object = code, ""
	} else if filter.Status, err = r.Option(a, listFields[0], deal.Open); err != nil {
		return chat.Reply{}, err
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
	status := r.Words.Choice("status", filter.Status)
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
