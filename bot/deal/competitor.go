package deal

import (
	"time"

	"fieldbot/bot/kit/field"
)

// Competitor is the card of a rival (竞争对手卡): what is known of them, for every deal that
// names them (domain.md §4).
type Competitor struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	Name       string    `db:"name"`
	Search     string    `db:"search,derived"` // the name as it is compared: one card a name
	Strengths  string    `db:"strengths"`
	Weaknesses string    `db:"weaknesses"`
	PriceLevel string    `db:"price_level"` // beside ours
	Status     string    `db:"status"`      // active, withdrawn
	CreatedAt  time.Time `db:"created_at"`
	UpdatedAt  time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (c Competitor) Table() string { return "competitors" }

// Key implements store.Row.
func (c Competitor) Key() (string, int64) { return c.ID, c.Version }

// CompetitorCatalogue is what is known of competitors.
var CompetitorCatalogue = field.Catalogue{Noun: "competitors", Fields: []field.Field{
	{Key: "name", Kind: field.Text, Use: field.All, Required: true, Max: 120},
	{Key: "strengths", Kind: field.Long, Use: field.All, Max: 500},
	{Key: "weaknesses", Kind: field.Long, Use: field.All, Max: 500},
	{Key: "price_level", Kind: field.Choice, Use: field.All, Options: []string{"lower", "same", "higher"}},
}}
