package shelftalk

import (
	"strings"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

var scoreOptions = []field.Field{{Key: "period", Kind: field.Text}, {Key: "by", Kind: field.Choice, Options: shelf.Groups, Noun: "audits"}}

// mostGroups is how many groups a message shows, the worst first.
const mostGroups = 8

// scores are the measures of a span: the score and what cost the points, then where it
// is worst.
func scores(r *command.Request, a command.Args) (chat.Reply, error) {
	among, title := shelfstore.Among{Person: r.Who.ID}, r.Say("shelf.mine")
	span, _, err := r.Span(a.Values, &a)
	if err != nil {
		return chat.Reply{}, err
	}
	by := "store"
	if word := a.Values["by"]; word != "" {
		code, wrong := form.Check(scoreOptions[1], word, r.Env())
		if wrong != nil {
			return chat.Reply{}, wrong
		}
		by = code
	}
	switch {
	case a.Object != "":
		w, choose, err := r.WhoseOf("shelf", "score", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		among, title = shelfstore.Among{Person: w.Person, Account: w.Account, Territory: w.Territory}, w.Title
	case r.Who.Is(person.Manager):
		among, title = shelfstore.Among{Territory: r.Who.Territory}, r.Say("shelf.team")
	case r.Who.Is(person.KAM, person.Analyst):
		among, title = shelfstore.Among{}, r.Say("shelf.all")
	}
	board, err := measured(r, among, span, by)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("shelf.scores", "who", title, "from", span.From, "to", span.To)}
	if board.All.Audits == 0 {
		reply.Text = r.Say("shelf.none_in", "from", span.From, "to", span.To)
		return reply, nil
	}
	text := []string{scoreLine(r, board.All)}
	for _, p := range board.All.Parts(settings(r).Score) {
		reply.Fields = append(reply.Fields, chat.Line{Label: partName(r, p.Name), Value: r.Say("shelf.percent", "percent", int(p.Percent+0.5))})
	}
	groups := board.Worst(settings(r).Score)
	if by == "week" {
		groups = board.ByKey()
	}
	text = append(text, command.Listed(r, groups, mostGroups, len(groups), func(g shelf.Group) string { return groupLine(r, by, g) })...)
	reply.Text = strings.Join(text, "\n")
	return reply, nil
}

func groupLine(r *command.Request, by string, g shelf.Group) string {
	score, _ := g.Score(settings(r).Score)
	name := g.Key
	switch {
	case by == "week":
		name = r.Say("shelf.week", "day", calendar.Day(g.Key))
	case name == "":
		name = r.Say("shelf.nowhere")
	}
	return r.Say("shelf.group", "name", name, "score", score, "there", g.Found, "listed", g.Listed, "audits", g.Audits)
}

// measured adds up the audits of a span by group.
func measured(r *command.Request, among shelfstore.Among, span calendar.Span, by string) (*shelf.Board, error) {
	board, s := &shelf.Board{}, settings(r)
	byPerson, byProduct := map[string]shelf.Measures{}, map[string]shelf.Measures{}
	err := shelfstore.InSpan(r.Tx, r.Scope, among, span, func(a shelf.Audit, at shelfstore.Place, lines []shelf.Line) {
		m := a.Measure(lines, s)
		board.All = board.All.Plus(m)
		switch by {
		case "store":
			board.Add(at.Store, m)
		case "chain":
			board.Add(at.Chain, m)
		case "territory":
			board.Add(at.Territory, m)
		case "week":
			board.Add(string(a.AuditedOn.Monday()), m)
		case "person":
			byPerson[a.PersonID] = byPerson[a.PersonID].Plus(m)
		case "product":
			for _, l := range lines {
				byProduct[l.ProductID] = byProduct[l.ProductID].Plus(shelf.Audit{}.Measure([]shelf.Line{l}, s))
			}
		}
	})
	for id, m := range byPerson {
		board.Add(r.Name(id), m)
	}
	for id, m := range byProduct {
		p, _, err := productstore.ByID(r.Tx, id)
		if err != nil {
			return board, err
		}
		board.Add(productName(p), m)
	}
	return board, err
}
