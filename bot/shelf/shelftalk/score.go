package shelftalk

import (
	"slices"
	"strconv"
	"strings"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

var scoreOptions = []field.Field{{Key: "period", Kind: field.Text}, {Key: "by", Kind: field.Choice, Options: shelf.Groups, Noun: "audits"}, {Key: "below", Kind: field.Percent, Noun: "audits"}}

// mostGroups is how many groups a message shows, the worst first.
const mostGroups = 8

// asked is what scores are about; it travels to the maker of the picture as text.
type asked struct {
	span  calendar.Span
	among shelfstore.Among
	title string
	by    string
	below int // the score that groups are shown under; 0 shows all
}

func (q asked) args() []string {
	return []string{string(q.span.From), string(q.span.To), q.among.Person, q.among.Account, q.among.Territory, q.title}
}

// understand reads whose scores are asked for: a colleague's, an account's or a
// territory's; a manager's own team unless told, a key-account manager's and an analyst's
// everything in sight, anybody else's own.
func understand(r *command.Request, a command.Args) (asked, *chat.Reply, error) {
	q := asked{among: shelfstore.Among{Person: r.Who.ID}, title: r.Say("shelf.mine")}
	var err error
	if q.span, _, err = r.Span(a.Values, &a); err != nil {
		return q, nil, err
	}
	if q.by, err = r.Option(a, scoreOptions[1], "store"); err != nil {
		return q, nil, err
	}
	below, err := r.Option(a, scoreOptions[2], "0")
	if err != nil {
		return q, nil, err
	}
	if q.below, err = strconv.Atoi(below); err != nil {
		return q, nil, err
	}
	switch {
	case a.Object != "":
		w, choose, err := r.WhoseOf("shelf", "score", a)
		q.among, q.title = shelfstore.Among{Person: w.Person, Account: w.Account, Territory: w.Territory}, w.Title
		return q, choose, err
	case r.Who.Is(person.Manager):
		q.among, q.title = shelfstore.Among{Territory: r.Who.Territory}, r.Say("shelf.team")
	case r.Who.Is(person.KAM, person.Analyst):
		q.among, q.title = shelfstore.Among{}, r.Say("shelf.all")
	}
	return q, nil, nil
}

// scores are the measures of a span: the score and what cost the points, then where it
// is worst, and the picture.
func scores(r *command.Request, a command.Args) (chat.Reply, error) {
	q, choose, err := understand(r, a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	board, err := measured(r, q.among, q.span, q.by)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("shelf.scores", "who", q.title, "from", q.span.From, "to", q.span.To)}
	if board.All.Audits == 0 {
		reply.Text = r.Say("shelf.none_in", "from", q.span.From, "to", q.span.To)
		return reply, nil
	}
	text := []string{scoreLine(r, board.All)}
	for _, p := range board.All.Parts(settings(r).Score) {
		reply.Fields = append(reply.Fields, chat.Line{Label: partName(r, p.Name), Value: r.Say("shelf.percent", "percent", int(p.Percent+0.5))})
	}
	groups := board.Worst(settings(r).Score)
	if q.by == "week" {
		groups = board.ByKey()
	}
	if q.below > 0 {
		all := len(groups)
		groups = slices.DeleteFunc(groups, func(g shelf.Group) bool { return !g.Under(q.below, settings(r).Score) })
		text = append(text, r.Say("shelf.below", "n", len(groups), "all", all, "below", q.below))
	}
	text = append(text, command.Listed(r, groups, mostGroups, len(groups), func(g shelf.Group) string { return groupLine(r, q.by, g) })...)
	reply.Text = strings.Join(text, "\n")
	reply.File = &chat.File{Name: "shelf.png", Make: "shelf", Args: q.args()}
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
		board.Add(productOf(r, id).Label(), m)
	}
	return board, err
}
