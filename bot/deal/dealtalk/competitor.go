package dealtalk

import (
	"strings"

	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

var competitorForm = form.Form{Name: "deal.competitor", Fields: deal.CompetitorCatalogue.Pick("name", "strengths", "weaknesses", "price_level")}

var competitors = command.Record[deal.Competitor]{Family: "deal", Ref: "competitor", Load: command.InSight(dealstore.Competitors), Name: func(_ *command.Request, c deal.Competitor) string { return c.Name },
	None: "competitor_none", Find: func(r *command.Request, words string) ([]deal.Competitor, error) {
		if exact, ok, err := dealstore.CompetitorNamed(r.Tx, r.Scope, words); err != nil || ok {
			return []deal.Competitor{exact}, err
		}
		return dealstore.CompetitorsNamed(r.Tx, r.Scope, words)
	}}

// openCompetitor shows the card of a rival, or all; where something is said of the rival, it
// opens the form of the card, a new one where there is none.
func openCompetitor(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	d := form.NewDraft(store.NewID(), competitorForm.Name, nil)
	if len(a.Order) == 0 {
		reply, err := competitorCards(r, a)
		return d, reply, err
	}
	card, known, err := dealstore.CompetitorNamed(r.Tx, r.Scope, a.Object)
	if err != nil || !known {
		return d, nil, err
	}
	d.Subject, d.Version = card.Key()
	d.About, d.Values = card.Name, deal.CompetitorCatalogue.Values(card)
	return d, nil, nil
}

func fillCompetitor(_ *command.Request, c deal.Competitor, _ command.Args, d *form.Draft) error {
	d.Values = deal.CompetitorCatalogue.Values(c)
	return nil
}

// competitorCards is the card that words name, or all of them.
func competitorCards(r *command.Request, a command.Args) (*chat.Reply, error) {
	if a.Object == "" {
		all, err := dealstore.CompetitorsNamed(r.Tx, r.Scope, "")
		reply := chat.Reply{Title: r.Say("competitor.all", "n", len(all)), Text: r.Say("competitor.none")}
		if len(all) > 0 {
			reply.Text = strings.Join(command.Listed(r, all, listed, len(all), func(c deal.Competitor) string { return competitorLine(r, c) }), "\n")
		}
		return &reply, err
	}
	card, choose, err := competitors.One(r, "competitor", a)
	if err != nil || choose != nil {
		return choose, err
	}
	against, err := dealstore.Against(r.Tx, r.Scope, card)
	reply := chat.Reply{Title: card.Name, Fields: r.Lines(deal.CompetitorCatalogue, card, "strengths", "weaknesses", "price_level")}
	reply.Text = r.Say("competitor.against", "n", against)
	reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.edit"), "deal", "competitor_edit "+competitors.RefOf(card)), r.ChangesButton(card.Table(), card.ID)}}
	return &reply, err
}

// competitorLine is a card in a line.
func competitorLine(r *command.Request, c deal.Competitor) string {
	parts := []string{c.Name}
	for _, said := range []struct{ mark, text string }{{"＋", c.Strengths}, {"－", c.Weaknesses}} {
		if said.text != "" {
			parts = append(parts, said.mark+chat.Cut(chat.OneLine(said.text), 80))
		}
	}
	if c.PriceLevel != "" {
		parts = append(parts, r.Words.Choice("price_level", c.PriceLevel))
	}
	return strings.Join(parts, " · ")
}

// mostRivals is how many rivals the card of a deal tells of.
const mostRivals = 3

// rivalLines are the rivals of a deal, each with what its card says.
func rivalLines(r *command.Request, x subject) ([]string, error) {
	var out []string
	for _, name := range x.Competitors[:min(mostRivals, len(x.Competitors))] {
		card, known, err := dealstore.CompetitorNamed(r.Tx, r.Scope, name)
		if err != nil {
			return nil, err
		}
		if known {
			name = competitorLine(r, card)
		}
		out = append(out, name)
	}
	if more := len(x.Competitors) - mostRivals; more > 0 {
		out = append(out, r.Say("list.more", "n", more))
	}
	return out, nil
}

// saveCompetitor keeps a new card, or what was said of a rival that has one.
func saveCompetitor(r *command.Request, d form.Draft) (command.Saved, error) {
	if d.Subject == "" {
		return keepCompetitor(r, deal.Competitor{Status: deal.Active}, d)
	}
	before, err := competitors.Load(r, d.Subject)
	if err == nil && before.Version != d.Version {
		err = fault.New(fault.Conflict, "changed")
	}
	if err != nil {
		return command.Saved{}, err
	}
	return keepCompetitor(r, before, d)
}

func keepCompetitor(r *command.Request, before deal.Competitor, d form.Draft) (command.Saved, error) {
	after := before
	if err := deal.CompetitorCatalogue.Set(&after, form.Whole(competitorForm.Fields, d.Values)); err != nil {
		return command.Saved{}, err
	}
	twin, known, err := dealstore.CompetitorNamed(r.Tx, r.Scope, after.Name)
	switch {
	case err != nil:
		return command.Saved{}, err
	case known && twin.ID != before.ID:
		return command.Saved{}, fault.At("name", "competitor_known", "name", twin.Name)
	case before.ID == "":
		err = dealstore.Competitors.Add(r.Tx, &after)
	default:
		err = dealstore.Competitors.Change(r.Tx, before, after)
	}
	return command.Saved{ID: after.ID, Reply: r.Done(r.Say("competitor.saved", "line", competitorLine(r, after)), command.SayButton(r.Say("button.card"), "deal", "competitor "+competitors.RefOf(after)))}, err
}

func exportCompetitors(e *files.Exporter) error {
	return files.Table(e, deal.CompetitorCatalogue, func(add func(deal.Competitor) error) error {
		return dealstore.Competitors.In(byFile).Since("x.created_at", e.Span.Since, e.Span.Until).Order("x.search, x.id").Each(e.Tx, add)
	}, nil)
}

func importCompetitors(j *files.Job) files.Rows[deal.Competitor] {
	return files.Rows[deal.Competitor]{
		Key: func(v map[string]string) string { return search.Fold(v["name"]) },
		Find: func(tx *store.Tx, v map[string]string) (deal.Competitor, bool, error) {
			return dealstore.CompetitorNamed(tx, byFile, v["name"])
		},
		ID: func(c *deal.Competitor) *string { return &c.ID },
		Fill: func(c *deal.Competitor, r *files.Record) bool {
			c.Status = deal.Active
			return j.Set(deal.CompetitorCatalogue, c, r)
		},
		Same:   files.Equal[deal.Competitor](deal.CompetitorCatalogue),
		Add:    dealstore.Competitors.Add,
		Change: dealstore.Competitors.Change,
	}
}
