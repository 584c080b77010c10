package visit

import (
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
)

// Activity is a contact with the customer that is no visit: a call, messages, a meeting
// elsewhere. It is a sign of life for account and deals, and counts in no figure of visits
// (domain.md §3).
type Activity struct {
	ID        string       `db:"id"`
	Version   int64        `db:"version"`
	Kind      string       `db:"kind"`
	AccountID string       `db:"account_id"`
	StoreID   string       `db:"store_id"` // empty: the head office
	PersonID  string       `db:"person_id"`
	Met       string       `db:"met"`
	Note      string       `db:"note"`
	OnDay     calendar.Day `db:"on_day"`
	Status    string       `db:"status"` // made, undone
	CreatedAt time.Time    `db:"created_at"`
	UpdatedAt time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (a Activity) Table() string { return "activities" }

// Key implements store.Row.
func (a Activity) Key() (string, int64) { return a.ID, a.Version }

// Made is the state of an activity that stands.
const Made = "made"

// Activities are the kinds of contact that are no visit.
var Activities = []string{"call", "message", "meeting"}

// ActivityCatalogue is what is known of them.
var ActivityCatalogue = field.Catalogue{Noun: "activities", Fields: []field.Field{
	{Key: "activity", Kind: field.Choice, Use: field.File, Options: Activities, Required: true, Column: "kind"},
	{Key: "account_code", Kind: field.Account, Use: field.File, Column: "account_id"},
	{Key: "store_code", Kind: field.Place, Use: field.File, Column: "store_id"},
	{Key: "place", Kind: field.Place, Use: field.Ask, Required: true},
	{Key: "note", Kind: field.Long, Use: field.All, Max: 2000},
	{Key: "met", Kind: field.Text, Use: field.All, Max: 200},
	{Key: "on", Kind: field.Date, Use: field.All, Past: true, Column: "on_day"},
	{Key: "person", Kind: field.Person, Use: field.File, Column: "person_id"},
}}
