package product

import (
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/flow"
)

// PriceChange is what a listing is to cost from a day on. A price of 0 stays as it is.
type PriceChange struct {
	ID             string       `db:"id"`
	Version        int64        `db:"version"`
	ListingID      string       `db:"listing_id"`
	AccountID      string       `db:"account_id"`
	OwnerID        string       `db:"owner_id"` // who proposed it, and whose leader approves it
	SuggestedPrice int64        `db:"suggested_price"`
	SupplyPrice    int64        `db:"supply_price"`
	NoticedOn      calendar.Day `db:"noticed_on"` // the day the account is told
	FromOn         calendar.Day `db:"from_on"`
	Status         string       `db:"status"`
	CreatedAt      time.Time    `db:"created_at"`
	UpdatedAt      time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (c PriceChange) Table() string { return "price_changes" }

// Key implements store.Row.
func (c PriceChange) Key() (string, int64) { return c.ID, c.Version }

// The states of a price change; Proposed is the first.
const (
	Agreed    = "agreed" // waits for its day
	Applied   = "applied"
	Refused   = "refused"
	Withdrawn = "withdrawn"
)

// PriceLife is what becomes of a price change (domain.md §5).
var PriceLife = flow.Flow[PriceChange]{
	First: Proposed, Last: []string{Applied, Refused, Withdrawn},
	State: func(c *PriceChange) *string { return &c.Status },
	Moves: []flow.Move[PriceChange]{
		{Name: "agree", From: []string{Proposed}, To: Agreed, Answer: true, Need: []flow.Actor{flow.Leader}, Else: Refused, Silence: Refused},
		{Name: "withdraw", From: []string{Proposed, Agreed}, To: Withdrawn, Who: []flow.Actor{flow.Owner, flow.Leader}},
	},
}

// PriceCatalogue is what is known of price changes.
var PriceCatalogue = field.Catalogue{Noun: "price_changes", Fields: []field.Field{
	{Key: "account_code", Kind: field.Account, Use: field.Export, Column: "account_id"},
	{Key: "supply_price", Kind: field.Money, Use: field.Ask | field.Export, Asked: true},
	{Key: "suggested_price", Kind: field.Money, Use: field.Ask | field.Export, Asked: true},
	{Key: "from_on", Kind: field.Date, Use: field.Ask | field.Export, Required: true, Ahead: true},
	{Key: "noticed_on", Kind: field.Date, Use: field.Ask | field.Export},
	{Key: "status", Kind: field.Choice, Use: field.Export, Options: append(PriceLife.States(), Applied)},
}}

// Check is the fault of a price change that changes nothing, is below zero or begins
// before the account is told.
func (c PriceChange) Check(l Listing) error {
	switch {
	case c.SuggestedPrice < 0:
		return fault.At("suggested_price", "price_below_zero")
	case c.SupplyPrice < 0:
		return fault.At("supply_price", "price_below_zero")
	case c.On(l).SuggestedPrice == l.SuggestedPrice && c.On(l).SupplyPrice == l.SupplyPrice:
		return fault.At("supply_price", "price_same")
	case c.FromOn < c.NoticedOn:
		return fault.At("from_on", "price_before_notice", "day", c.NoticedOn)
	}
	return nil
}

// On is a listing with the new prices.
func (c PriceChange) On(l Listing) Listing {
	if c.SuggestedPrice != 0 {
		l.SuggestedPrice = c.SuggestedPrice
	}
	if c.SupplyPrice != 0 {
		l.SupplyPrice = c.SupplyPrice
	}
	return l
}

// far is from which factor a new price is asked about: a decimal mark slips by ten.
const far = 3

// Slipped reports whether a new price is so far from the old one that a decimal mark
// may have slipped.
func Slipped(old, price int64) bool {
	return old != 0 && price != 0 && (price >= far*old || old >= far*price)
}
