package shelf

import (
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
)

// Sellout (NKA数据) is what a store sold of a product in a week, as the chain tells it.
type Sellout struct {
	ID        string       `db:"id"`
	Version   int64        `db:"version"`
	StoreID   string       `db:"store_id"`
	AccountID string       `db:"account_id"`
	ProductID string       `db:"product_id"`
	WeekOn    calendar.Day `db:"week_on"` // its Monday
	Units     int64        `db:"units"`
	Value     int64        `db:"value"` // minor units
	Stock     int64        `db:"stock"` // at the end of the week; -1 is not told
	CreatedAt time.Time    `db:"created_at"`
	UpdatedAt time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (s Sellout) Table() string { return "sellout" }

// Key implements store.Row.
func (s Sellout) Key() (string, int64) { return s.ID, s.Version }

// NoStock is the stock that a chain did not tell.
const NoStock = -1

// SelloutCatalogue is what is known of what chains sold.
var SelloutCatalogue = field.Catalogue{Noun: "sellout", Fields: []field.Field{
	{Key: "store_code", Kind: field.Place, Use: field.File, Required: true, Column: "store_id"},
	{Key: "account_code", Kind: field.Account, Use: field.Export, Column: "account_id"},
	{Key: "product_code", Kind: field.Product, Use: field.File, Column: "product_id"},
	{Key: "chain_code", Kind: field.Text, Use: field.File, Max: 40},
	{Key: "week_on", Kind: field.Date, Use: field.File, Required: true},
	{Key: "units", Kind: field.Number, Use: field.File},
	{Key: "value", Kind: field.Money, Use: field.File},
	{Key: "stock", Kind: field.Number, Use: field.File},
}}

// The days that a suggested order covers, and those it takes to come.
const (
	CoverDays = 14
	LeadDays  = 3
)

// RateWeeks is how many complete weeks the daily rate is the mean of.
const RateWeeks = 4

// SuggestedOrder (建议订单) is how many units of a product to order: the daily rate over
// the days to cover and to wait, less what is there and on its way, up to whole cases.
//
// 26, 28, 30 and 28 units a week are 4 a day; 17 days need 68; with 10 in the store and
// 12 on their way 46 are missing: 4 cases of 12, 48 units.
func SuggestedOrder(weeks []int64, cover, lead, stock, onOrder, caseSize int64) int64 {
	sum := int64(0)
	for _, w := range weeks {
		sum += w
	}
	per := 7 * int64(len(weeks))
	if per == 0 {
		return 0
	}
	missing := sum*(cover+lead) - (max(0, stock)+onOrder)*per
	if missing <= 0 {
		return 0
	}
	caseSize = max(1, caseSize)
	return (missing + per*caseSize - 1) / (per * caseSize) * caseSize
}

// Overstocked reports whether what is in the store lasts more than twice the days that
// an order covers.
func Overstocked(weeks []int64, cover, lead, stock int64) bool {
	sum := int64(0)
	for _, w := range weeks {
		sum += w
	}
	return len(weeks) > 0 && stock*7*int64(len(weeks)) > 2*(cover+lead)*sum
}

// Check is the fault of figures that no shop has.
func (s Sellout) Check() error {
	switch {
	case s.Units < 0 && s.Value > 0 || s.Units > 0 && s.Value < 0:
		return fault.At("value", "units_against_value")
	case s.Stock < NoStock:
		return fault.At("stock", "below_zero")
	}
	return nil
}
