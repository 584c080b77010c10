package shelf

import (
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
)

// Diversion (窜货) is goods found in a store that they were not sold to, by the lot or case
// code on them: without one it is hearsay.
type Diversion struct {
	ID        string       `db:"id"`
	Version   int64        `db:"version"`
	StoreID   string       `db:"store_id"`
	AccountID string       `db:"account_id,derived"` // of the store
	ProductID string       `db:"product_id"`
	Lot       string       `db:"lot"`
	SoldTo    string       `db:"sold_to"` // the account that the lot went to, where it is known
	Note      string       `db:"note"`
	Photos    []string     `db:"photos"`
	PersonID  string       `db:"person_id"`
	FoundOn   calendar.Day `db:"found_on"`
	Status    string       `db:"status"`
	CreatedAt time.Time    `db:"created_at"`
	UpdatedAt time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (d Diversion) Table() string { return "diversions" }

// Key implements store.Row.
func (d Diversion) Key() (string, int64) { return d.ID, d.Version }

// DiversionCatalogue is what is known of diverted goods.
var DiversionCatalogue = field.Catalogue{Noun: "diversions", Fields: []field.Field{
	{Key: "store_code", Kind: field.Place, Use: field.All, Required: true, Column: "store_id"},
	{Key: "product_code", Kind: field.Product, Use: field.All, Required: true, Column: "product_id"},
	{Key: "lot", Kind: field.Text, Use: field.All, Required: true, Max: 60},
	{Key: "sold_to", Kind: field.Account, Use: field.All},
	{Key: "note", Kind: field.Text, Use: field.All, Max: 300},
	{Key: "photos", Kind: field.Photos, Use: field.All, Max: MaxPhotos},
	{Key: "found_on", Kind: field.Date, Use: field.File, Past: true},
	{Key: "person", Kind: field.Person, Use: field.File, Column: "person_id"},
}}
