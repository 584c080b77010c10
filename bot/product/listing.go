package product

import (
	"slices"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/flow"
	"fieldbot/bot/person"
)

// Listing (上架) is an account's word to carry a product. Empty Format, StoreClass and
// StoreCodes mean all stores of the account.
type Listing struct {
	ID             string       `db:"id"`
	Version        int64        `db:"version"`
	AccountID      string       `db:"account_id"`
	ProductID      string       `db:"product_id"`
	OwnerID        string       `db:"owner_id"`   // who proposed it, and whose leader approves it
	ChainCode      string       `db:"chain_code"` // the account's own item code
	Format         string       `db:"format"`
	StoreClass     string       `db:"store_class"`
	StoreCodes     []string     `db:"store_codes"`
	FromOn         calendar.Day `db:"from_on"`
	ToOn           calendar.Day `db:"to_on"`
	Status         string       `db:"status"`
	SuggestedPrice int64        `db:"suggested_price"` // on the shelf, of a unit
	SupplyPrice    int64        `db:"supply_price"`    // what the account pays for a unit
	ReplacementID  string       `db:"replacement_id"`
	Reason         string       `db:"reason"` // of its end
	DealNumber     string       `db:"deal_number"`
	CreatedAt      time.Time    `db:"created_at"`
	UpdatedAt      time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (l Listing) Table() string { return "listings" }

// Key implements store.Row.
func (l Listing) Key() (string, int64) { return l.ID, l.Version }

// Listers propose listings and answer for them.
var Listers = []person.Role{person.KAM, person.Manager}

// The states of a listing.
const (
	Proposed  = "proposed" // waits for the manager's yes
	Listed    = "listed"
	Delisting = "delisting" // sells out
	Delisted  = "delisted"
)

// Life is what becomes of a listing (domain.md §5).
var Life = flow.Flow[Listing]{
	First: Proposed, Last: []string{Delisted},
	State: func(l *Listing) *string { return &l.Status },
	Moves: []flow.Move[Listing]{
		{Name: "list", From: []string{Proposed}, To: Listed, Answer: true, Need: []flow.Actor{flow.Leader}, Else: Delisted, Silence: Delisted},
		{Name: "withdraw", From: []string{Proposed}, To: Delisted, Who: []flow.Actor{flow.Owner}},
		{Name: "delist", From: []string{Listed}, To: Delisting, Who: []flow.Actor{flow.Owner, flow.Leader},
			Ask: why(ListingCatalogue.Pick("reason", "to_on", "replacement_code")), Set: delist},
		{Name: "end", From: []string{Delisting}, To: Delisted, Who: []flow.Actor{flow.Owner, flow.Leader},
			Set: func(l *Listing, _ map[string]string, _ string, now time.Time) error {
				l.ToOn = calendar.On(now)
				return nil
			}},
		{Name: "propose", From: []string{Delisting, Delisted}, To: Proposed, Who: []flow.Actor{flow.Owner},
			Set: func(l *Listing, _ map[string]string, _ string, _ time.Time) error {
				l.ToOn, l.Reason, l.ReplacementID = "", "", ""
				return nil
			}},
	},
}

// why asks for the reason, which is no need of a listing that goes on.
func why(fields []field.Field) []field.Field {
	fields[0].Required = true
	return fields
}

func delist(l *Listing, values map[string]string, _ string, _ time.Time) error {
	if err := ListingCatalogue.Set(l, values); err != nil {
		return err
	}
	if l.ReplacementID == l.ProductID {
		return fault.At("replacement_code", "replaces_itself")
	}
	return l.Check()
}

// ListingCatalogue is what is known of listings.
var ListingCatalogue = field.Catalogue{Noun: "listings", Fields: []field.Field{
	{Key: "account_code", Kind: field.Account, Use: field.All, Required: true, Column: "account_id"},
	{Key: "product_code", Kind: field.Product, Use: field.All, Required: true, Column: "product_id"},
	{Key: "chain_code", Kind: field.Text, Use: field.All, Max: 40},
	{Key: "format", Kind: field.Choice, Use: field.All, Options: account.Formats},
	{Key: "store_class", Kind: field.Choice, Use: field.All, Options: account.Classes},
	{Key: "store_codes", Kind: field.Names, Use: field.All, Max: 500},
	{Key: "from_on", Kind: field.Date, Use: field.All},
	{Key: "to_on", Kind: field.Date, Use: field.All},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: []string{Proposed, Listed, Delisting, Delisted}},
	{Key: "suggested_price", Kind: field.Money, Use: field.All},
	{Key: "supply_price", Kind: field.Money, Use: field.All},
	{Key: "replacement_code", Kind: field.Product, Use: field.All, Column: "replacement_id"},
	{Key: "reason", Kind: field.Text, Use: field.All, Max: 200},
	{Key: "deal_number", Kind: field.Text, Use: field.File, Max: 40},
}}

// Check is the fault of a listing whose days cross or whose prices are below zero.
func (l Listing) Check() error {
	switch {
	case l.SuggestedPrice < 0:
		return fault.At("suggested_price", "price_below_zero")
	case l.SupplyPrice < 0:
		return fault.At("supply_price", "price_below_zero")
	case l.FromOn != "" && l.ToOn != "" && l.ToOn < l.FromOn:
		return fault.At("to_on", "before_from", "from", l.FromOn)
	}
	return nil
}

// Carries reports whether a listing is for a store.
func (l Listing) Carries(s account.Store) bool {
	if l.Status != Listed && l.Status != Delisting || l.Format != "" && l.Format != s.Format || l.StoreClass != "" && l.StoreClass != s.Class {
		return false
	}
	return len(l.StoreCodes) == 0 || slices.Contains(l.StoreCodes, s.Code)
}
