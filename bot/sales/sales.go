// Package sales knows a promoter's day (促销员日报): what was sold in a store, gifts used,
// stock, what shoppers say and rivals do (domain.md §6).
package sales

import (
	"math/big"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
)

// Day is what a promoter reports of one product in a store on a day.
type Day struct {
	ID        string       `db:"id"`
	Version   int64        `db:"version"`
	PersonID  string       `db:"person_id"`
	StoreID   string       `db:"store_id"`
	AccountID string       `db:"account_id"`
	ProductID string       `db:"product_id"`
	On        calendar.Day `db:"on_day"`
	Units     int64        `db:"units"`
	Gifts     int64        `db:"gifts"`
	Stock     int64        `db:"stock"` // at the end of the day; NoStock is not told
	Remarks   string       `db:"remarks"`
	Rival     string       `db:"rival"`
	Status    string       `db:"status"`
	CreatedAt time.Time    `db:"created_at"`
	UpdatedAt time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (d Day) Table() string { return "promoter_days" }

// Key implements store.Row.
func (d Day) Key() (string, int64) { return d.ID, d.Version }

// NoStock is the stock that nobody told.
const NoStock = -1

// The states of a day.
const (
	Made   = "made"
	Undone = "undone"
)

// Sellers report their day; reps may for a store that has no promoter.
var Sellers = []person.Role{person.Promoter, person.Rep}

// Catalogue is what is known of promoters' days.
var Catalogue = field.Catalogue{Noun: "promoter_days", Fields: []field.Field{
	{Key: "person", Kind: field.Person, Use: field.File, Required: true, Column: "person_id"},
	{Key: "store_code", Kind: field.Place, Use: field.File, Required: true, Column: "store_id"},
	{Key: "on", Kind: field.Date, Use: field.File, Required: true, Column: "on_day"},
	{Key: "product_code", Kind: field.Product, Use: field.File, Required: true, Column: "product_id"},
	{Key: "units", Kind: field.Number, Use: field.File, Hi: most},
	{Key: "gifts", Kind: field.Number, Use: field.File, Hi: most},
	{Key: "stock", Kind: field.Number, Use: field.File, Hi: most},
	{Key: "remarks", Kind: field.Long, Use: field.All, Max: 1000},
	{Key: "rival", Kind: field.Long, Use: field.All, Max: 1000},
}}

// most is how many units a store can sell or hold of a product.
const most = 99_999

// Questions are what a promoter is asked of the day: figures of each product, and what was
// heard and seen.
var Questions = field.Catalogue{Noun: "promoter_days", Fields: append([]field.Field{
	{Key: "units", Kind: field.Each, Of: field.Number, Use: field.Ask, Hi: most},
	{Key: "stock", Kind: field.Each, Of: field.Number, Use: field.Ask, Hi: most},
	{Key: "gifts", Kind: field.Each, Of: field.Number, Use: field.Ask, Hi: most},
	{Key: "on", Kind: field.Date, Use: field.Ask, Past: true},
}, Catalogue.Pick("remarks", "rival")...)}

// Check is the fault of figures that cannot be.
func (d Day) Check() error {
	switch {
	case d.Units < 0:
		return fault.At("units", "below_zero")
	case d.Gifts < 0:
		return fault.At("gifts", "below_zero")
	case d.Stock < NoStock:
		return fault.At("stock", "below_zero")
	}
	return nil
}

// RateDays is of how many reported days what lasts is the mean.
const RateDays = 7

// Lasts is for how many days a stock lasts at the mean of the days that were reported; it
// is false where nothing was sold.
//
// 64 units at 38, 40 and 36 a day last 64 ÷ 38 = 1.7 days.
func Lasts(stock int64, days []int64) (*big.Rat, bool) {
	sum := int64(0)
	for _, n := range days {
		sum += n
	}
	if sum <= 0 || stock < 0 {
		return nil, false
	}
	return big.NewRat(stock*int64(len(days)), sum), true
}

// Short is from how few days of stock the rep is told.
const Short = 2

// Sum is what was sold of a product in some days.
type Sum struct {
	ProductID string `db:"product_id"`
	Units     int64  `db:"units"`
	Gifts     int64  `db:"gifts"`
	Days      int64  `db:"days"`
}
