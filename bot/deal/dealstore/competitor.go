package dealstore

import (
	"fieldbot/bot/deal"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/search"
	"fieldbot/store"
)

// Competitors are the cards of rivals.
var Competitors = store.Declare(store.Noun[deal.Competitor]{
	About: store.About{Alias: "x", Lives: "x.status = 'active'", NoGate: "what is known of a rival is every seller's, by the verb", Catalogue: deal.CompetitorCatalogue, Inner: []string{"status"},
		NoOwner: "what is known of a rival is everybody's", NoMove: "belongs to no customer"},
	Unmake: func(c *deal.Competitor) { c.Status = deal.Withdrawn },
	Fill: func(_ *store.Tx, c *deal.Competitor) error {
		c.Search = search.Fold(c.Name)
		return nil
	},
})

// CompetitorNamed returns the card of a rival.
func CompetitorNamed(tx *store.Tx, scope access.Scope, name string) (deal.Competitor, bool, error) {
	return Competitors.In(scope).And("x.search = ?", search.Fold(name)).Order("x.id").Limit(1).One(tx)
}

// mostCompetitors bounds a list of cards.
const mostCompetitors = 200

// CompetitorsNamed are the cards whose name holds some words; all, without.
func CompetitorsNamed(tx *store.Tx, scope access.Scope, words string) ([]deal.Competitor, error) {
	q := Competitors.In(scope).Order("x.search, x.id").Limit(mostCompetitors)
	if words = search.Fold(words); words != "" {
		q.And("x.search LIKE '%' || ? || '%'", words)
	}
	return q.Rows(tx)
}

// Against counts the open deals in sight that name a rival.
func Against(tx *store.Tx, scope access.Scope, c deal.Competitor) (int, error) {
	n := 0
	err := Deals.In(scope).And("d.status = 'open' AND d.competitors <> ''").Each(tx, func(d deal.Deal) error {
		for _, name := range d.Competitors {
			if search.Fold(name) == c.Search {
				n++
			}
		}
		return nil
	})
	return n, err
}
