// Package person knows people: their roles, their hours, and what is known of
// them (domain.md §1).
package person

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
)

// Role is what a person does in the company.
type Role string

// The roles.
const (
	Rep      Role = "rep"
	Promoter Role = "promoter"
	KAM      Role = "kam"
	Manager  Role = "manager"
	Finance  Role = "finance"
	Admin    Role = "admin"
	Analyst  Role = "analyst"
)

// Roles are the codes of the roles, in the order people read them.
var Roles = []string{"rep", "promoter", "kam", "manager", "finance", "admin", "analyst"}

// Owners are the roles that answer for accounts, stores and deals.
var Owners = []Role{Rep, KAM, Manager}

// Person is somebody who works for the company.
type Person struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	Handle    string    `db:"handle"` // unique short name, lower case
	Code      string    `db:"code"`   // number in the personnel file
	Name      string    `db:"name"`
	Roles     []Role    `db:"roles"`
	Territory string    `db:"territory"`  // path a/b/c; a manager leads what is below it
	ReportsTo string    `db:"reports_to"` // id, 直线
	DottedTo  string    `db:"dotted_to"`  // id, 虚线: sight and a copy
	Language  string    `db:"language"`   // zh or en; empty is the company's
	Timezone  string    `db:"timezone"`   // IANA name; empty is the company's
	ZoneKnown bool      `db:"zone_known"` // told by the person or the platform
	Quiet     string    `db:"quiet"`      // window without messages; empty is the company's
	Notify    string    `db:"notify"`     // platform that reminders go to; empty is the one used last
	Status    string    `db:"status"`     // active, off
	Search    string    `db:"search,derived"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (p Person) Table() string { return "people" }

// Key implements store.Row.
func (p Person) Key() (string, int64) { return p.ID, p.Version }

// Is reports whether the person holds one of the roles.
func (p Person) Is(roles ...Role) bool {
	return slices.ContainsFunc(p.Roles, func(r Role) bool { return slices.Contains(roles, r) })
}

// Active reports whether the person still works here.
func (p Person) Active() bool { return p.Status == "active" }

// Knows reports whether two people can find each other: those of one top
// territory, and those who stand above territories.
func (p Person) Knows(other Person) bool {
	mine, _, _ := strings.Cut(p.Territory, "/")
	theirs, _, _ := strings.Cut(other.Territory, "/")
	return mine == "" || theirs == "" || mine == theirs
}

// Circle reports whether a line of people above one another, by id, leads back to where
// it began.
func Circle(id string, above map[string]string) bool {
	for up, n := above[id], 0; up != "" && n <= len(above); up, n = above[up], n+1 {
		if up == id {
			return true
		}
	}
	return false
}

// Visits reports whether the person calls on stores or head offices.
func (p Person) Visits() bool { return p.Is(Rep, KAM, Promoter, Manager) }

// HandleShape is what a handle looks like.
var HandleShape = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)

// Catalogue is what is known of people; it is their import and export file.
var Catalogue = field.Catalogue{Noun: "people", Fields: []field.Field{
	{Key: "handle", Kind: field.Text, Use: field.File, Max: 32},
	{Key: "code", Kind: field.Text, Use: field.File, Max: 64},
	{Key: "name", Kind: field.Text, Use: field.File, Required: true, Max: 80},
	{Key: "roles", Kind: field.Choices, Use: field.File, Options: Roles},
	{Key: "territory", Kind: field.Text, Use: field.File, Max: 120},
	{Key: "reports_to", Kind: field.Person, Use: field.File},
	{Key: "dotted_to", Kind: field.Person, Use: field.File},
	{Key: "language", Kind: field.Choice, Use: field.File, Options: []string{"zh", "en"}},
	{Key: "timezone", Kind: field.Text, Use: field.File, Max: 64},
	{Key: "slack", Kind: field.Text, Use: field.File, Max: 40},
	{Key: "telegram", Kind: field.Text, Use: field.File, Max: 40},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: []string{"active", "off"}},
}}

// Absence is a span of days away; the deputy answers meanwhile.
type Absence struct {
	PersonID string       `db:"person_id"`
	From     calendar.Day `db:"from_day"`
	To       calendar.Day `db:"to_day"`
	Deputy   string       `db:"deputy_id"`
}

// Identity is a handle of a person on a platform.
type Identity struct {
	Platform   string    `db:"platform"`
	ExternalID string    `db:"external_id"`
	PersonID   string    `db:"person_id"`
	Room       string    `db:"room"`  // the private chat; empty until one is known
	Begun      bool      `db:"begun"` // something was said there: a bot may not begin a chat on Telegram
	SeenAt     time.Time `db:"seen_at"`
	Blocked    bool      `db:"blocked"` // the person blocked the bot there
	LinkedAt   time.Time `db:"linked_at"`
}

// Hours are when a person may be reached.
type Hours struct {
	Zone    *time.Location
	Quiet   calendar.Window
	Company calendar.Company
	Away    []Absence
}

// Free reports whether the person works on a day.
func (h Hours) Free(d calendar.Day) bool {
	for _, a := range h.Away {
		if a.From <= d && d <= a.To {
			return false
		}
	}
	return h.Company.Working(d)
}

// Reachable reports whether a reminder may be sent at an instant: on a day
// worked, outside the quiet hours of the person's own zone.
func (h Hours) Reachable(at time.Time) bool {
	local := at.In(h.Zone)
	return h.Free(calendar.On(local)) && !h.Quiet.Has(calendar.ClockOf(local))
}
