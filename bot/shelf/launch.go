package shelf

import (
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
)

// Launch (新品推广) is a new product on its way to the shelves of an account.
type Launch struct {
	ID           string       `db:"id"`
	Version      int64        `db:"version"`
	Code         string       `db:"code"` // the product's, where no file gave one
	ProductID    string       `db:"product_id"`
	AccountID    string       `db:"account_id"`
	OwnerID      string       `db:"owner_id"`
	ListedOn     calendar.Day `db:"listed_on"`
	TargetStores []string     `db:"target_stores"` // codes; none is all that the account has
	Status       string       `db:"status"`
	CreatedAt    time.Time    `db:"created_at"`
	UpdatedAt    time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (l Launch) Table() string { return "launches" }

// Key implements store.Row.
func (l Launch) Key() (string, int64) { return l.ID, l.Version }

// Launchers bring new products to shelves.
var Launchers = []person.Role{person.KAM, person.Manager}

// LaunchCatalogue is what is known of launches.
var LaunchCatalogue = field.Catalogue{Noun: "launches", Fields: []field.Field{
	{Key: "code", Kind: field.Text, Use: field.File, Required: true, Max: 40},
	{Key: "product_code", Kind: field.Product, Use: field.All, Required: true, Column: "product_id"},
	{Key: "account_codes", Kind: field.Account, Use: field.All, Required: true, Column: "account_id"},
	{Key: "listed_on", Kind: field.Date, Use: field.All},
	{Key: "target_stores", Kind: field.Names, Use: field.All, Max: 2000},
	{Key: "owner", Kind: field.Person, Use: field.File, Column: "owner_id"},
}}

// SpreadDays are the days after the listing on which a launch is measured.
var SpreadDays = []int{7, 14, 30}

// Spread (铺货进度) is how many target stores had a product on the shelf by a day: first is
// when each store was first seen with it.
//
// Four stores; found on days 3, 9 and 20: by day 7 one of four (25 %), by day 14 two (50 %),
// by day 30 three (75 %).
func Spread(first map[string]calendar.Day, by calendar.Day) int {
	n := 0
	for _, day := range first {
		if day <= by {
			n++
		}
	}
	return n
}
