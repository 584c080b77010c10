// Package account knows customers: accounts, their stores and contacts, where
// a customer stands and what to do next (domain.md §2).
package account

import (
	"regexp"
	"strings"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
)

// Account is a chain, a region of it, or a single customer.
type Account struct {
	ID          string `db:"id"`
	Version     int64  `db:"version"`
	Code        string `db:"code"`
	Name        string `db:"name"`
	ParentID    string `db:"parent_id"`
	Kind        string `db:"kind"`
	Reach       string `db:"reach"`
	Tier        string `db:"tier"`
	Size        string `db:"size"`
	Relation    string `db:"relation"`
	Position    string `db:"position"`
	Settlement  string `db:"settlement"`
	Loyalty     string `db:"loyalty"`
	Territory   string `db:"territory"`            // its own; empty is its parent's
	InTerritory string `db:"in_territory,derived"` // the one in force
	OwnerID     string `db:"owner_id"`             // a KAM
	Phone       string `db:"phone"`
	Address     string `db:"address"`
	City        string `db:"city"`
	CadenceDays int64  `db:"cadence_days"` // 0: by tier
	// What a tier follows from, of the last 12 months; money in minor units.
	Revenue       int64             `db:"revenue"`
	Margin        int64             `db:"margin"`
	Potential     int64             `db:"potential"` // what the customer could buy in a year, as a person judges
	CustomerSince calendar.Day      `db:"customer_since"`
	Profile       map[string]string `db:"profile"`
	Status        string            `db:"status"` // active, closed, merged
	MergedInto    string            `db:"merged_into"`
	Search        string            `db:"search,derived"`
	LastVisitOn   calendar.Day      `db:"last_visit_on,elsewhere"` // derived from visits
	NextDueOn     calendar.Day      `db:"next_due_on,elsewhere"`   // derived; empty: no cadence
	CreatedAt     time.Time         `db:"created_at"`
	UpdatedAt     time.Time         `db:"updated_at"`
}

// Table implements store.Row.
func (a Account) Table() string { return "accounts" }

// Key implements store.Row.
func (a Account) Key() (string, int64) { return a.ID, a.Version }

// Store is a shop of an account.
type Store struct {
	ID           string       `db:"id"`
	Version      int64        `db:"version"`
	Code         string       `db:"code"`
	Name         string       `db:"name"`
	AccountID    string       `db:"account_id"`
	Format       string       `db:"format"`
	Class        string       `db:"store_class"`
	Territory    string       `db:"territory"`
	InTerritory  string       `db:"in_territory,derived"`
	RepID        string       `db:"rep_id"`
	Promoters    []string     `db:"promoters"` // handles of those who work there
	Address      string       `db:"address"`
	City         string       `db:"city"`
	Latitude     float64      `db:"latitude"` // with longitude 0 too: unknown
	Longitude    float64      `db:"longitude"`
	Phone        string       `db:"phone"`
	CadenceDays  int64        `db:"cadence_days"` // 0: the account's own, else by class
	FenceMetres  int64        `db:"fence_metres"` // 0: the company's
	DeliveryMode string       `db:"delivery_mode"`
	Status       string       `db:"status"`
	MergedInto   string       `db:"merged_into"`
	Search       string       `db:"search,derived"`
	LastVisitOn  calendar.Day `db:"last_visit_on,elsewhere"`
	NextDueOn    calendar.Day `db:"next_due_on,elsewhere"`
	CreatedAt    time.Time    `db:"created_at"`
	UpdatedAt    time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (s Store) Table() string { return "stores" }

// Key implements store.Row.
func (s Store) Key() (string, int64) { return s.ID, s.Version }

// Located reports whether the store's coordinates are known. 0,0 lies in the
// sea, so it can mean none.
func (s Store) Located() bool { return s.Latitude != 0 || s.Longitude != 0 }

// Named returns the store of some that words name: by its code, else by a part of its name
// that only one has.
func Named(stores []Store, words string) (found Store, ok bool) {
	words = strings.ToLower(strings.TrimSpace(words))
	n := 0
	for _, s := range stores {
		if strings.ToLower(s.Code) == words {
			return s, true
		}
		if words != "" && strings.Contains(strings.ToLower(s.Name), words) {
			found = s
			n++
		}
	}
	return found, n == 1
}

// Contact is somebody who works for the customer.
type Contact struct {
	ID          string       `db:"id"`
	Version     int64        `db:"version"`
	AccountID   string       `db:"account_id"`
	StoreID     string       `db:"store_id"`
	Name        string       `db:"name"`
	Title       string       `db:"title"`
	Department  string       `db:"department"`
	Phone       string       `db:"phone"`
	Email       string       `db:"email"`
	Category    string       `db:"category"`     // bought by them, in the customer's words
	BuyingGroup bool         `db:"buying_group"` // a member of it (采购小组)
	Motives     []string     `db:"motives"`
	OppositeID  string       `db:"opposite_id"` // who of ours keeps the tie
	BuyingRole  string       `db:"buying_role"`
	Attitude    string       `db:"attitude"`
	Weight      int64        `db:"weight"`  // 0–100
	Rapport     int64        `db:"rapport"` // 客情阶段 1–6, 0 unknown
	RapportOn   calendar.Day `db:"rapport_on"`
	Birthday    calendar.Day `db:"birthday"`
	Preferences string       `db:"preferences"`
	ReportsTo   string       `db:"reports_to"` // name of another contact
	Status      string       `db:"status"`
	MergedInto  string       `db:"merged_into"`
	CreatedAt   time.Time    `db:"created_at"`
	UpdatedAt   time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (c Contact) Table() string { return "contacts" }

// Key implements store.Row.
func (c Contact) Key() (string, int64) { return c.ID, c.Version }

// The states of accounts, stores and contacts; a merged one points to another.
const (
	Active = "active"
	Closed = "closed"
	Merged = "merged"
)

var active = []string{Active, Closed}

// Catalogue is what is known of accounts.
var Catalogue = field.Catalogue{Noun: "accounts", Fields: []field.Field{
	{Key: "code", Kind: field.Text, Use: field.All, Max: 64},
	{Key: "name", Kind: field.Text, Use: field.All, Required: true, Max: 120},
	{Key: "parent_code", Kind: field.Account, Use: field.All, Column: "parent_id"},
	{Key: "kind", Kind: field.Choice, Use: field.All, Options: []string{"key", "ordinary", "candidate", "prospect"}},
	{Key: "reach", Kind: field.Choice, Use: field.All, Options: []string{"global", "national", "regional", "local"}},
	{Key: "tier", Kind: field.Choice, Use: field.All, Options: []string{"A", "B", "C"}},
	{Key: "size", Kind: field.Choice, Use: field.All, Options: []string{"small", "mid", "large", "public"}},
	{Key: "relation", Kind: field.Choice, Use: field.All, Options: []string{"vendor", "preferred", "partner", "alliance"}},
	{Key: "position", Kind: field.Choice, Use: field.All, Options: Positions()},
	{Key: "settlement", Kind: field.Choice, Use: field.All, Options: []string{"store_store", "store_hq", "hq_hq"}},
	{Key: "territory", Kind: field.Text, Use: field.All, Max: 120},
	{Key: "owner", Kind: field.Person, Use: field.All, Column: "owner_id"},
	{Key: "phone", Kind: field.Text, Use: field.All, Max: 40},
	{Key: "address", Kind: field.Text, Use: field.All, Max: 200},
	{Key: "city", Kind: field.Text, Use: field.All, Max: 60},
	{Key: "revenue", Kind: field.Money, Use: field.All},
	{Key: "margin", Kind: field.Money, Use: field.All},
	{Key: "potential", Kind: field.Money, Use: field.All},
	{Key: "customer_since", Kind: field.Date, Use: field.All, Past: true},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: active},
	{Key: "loyalty", Kind: field.Choice, Use: field.All, Options: []string{"loyal", "shifting", "none"}},
}}

// Formats are the kinds of store.
var Formats = []string{"hypermarket", "supermarket", "convenience", "club", "discount", "wholesale", "quick_commerce", "online"}

// Classes are the classes of stores, by what they sell (A店, B店, C店).
var Classes = []string{"A", "B", "C"}

// Displays (陈列) are the places beside the shelf that a store has for goods.
var Displays = []string{"stack", "end_cap", "pillar", "clip_strip", "cut_case", "cooler", "checkout"}

// StoreCatalogue is what is known of stores.
var StoreCatalogue = field.Catalogue{Noun: "stores", Fields: []field.Field{
	{Key: "code", Kind: field.Text, Use: field.All, Max: 64},
	{Key: "name", Kind: field.Text, Use: field.All, Required: true, Max: 120},
	{Key: "account_code", Kind: field.Account, Use: field.All, Required: true, Column: "account_id"},
	{Key: "format", Kind: field.Choice, Use: field.All, Options: Formats},
	{Key: "store_class", Kind: field.Choice, Use: field.All, Options: Classes},
	{Key: "territory", Kind: field.Text, Use: field.All, Max: 120},
	{Key: "rep", Kind: field.Person, Use: field.All, Column: "rep_id"},
	{Key: "address", Kind: field.Text, Use: field.All, Max: 200},
	{Key: "city", Kind: field.Text, Use: field.All, Max: 60},
	{Key: "latitude", Kind: field.Text, Use: field.File, Max: 20, Decimal: true},
	{Key: "longitude", Kind: field.Text, Use: field.File, Max: 20, Decimal: true},
	{Key: "phone", Kind: field.Text, Use: field.All, Max: 40},
	{Key: "cadence_days", Kind: field.Number, Use: field.All, Hi: 365},
	{Key: "fence_metres", Kind: field.Number, Use: field.All, Hi: 5000},
	{Key: "delivery_mode", Kind: field.Choice, Use: field.All, Options: []string{"central", "store", "mixed"}},
	{Key: "promoters", Kind: field.Names, Use: field.All, Max: 50},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: active},
	{Key: "location", Kind: field.Location, Use: field.Ask},
	{Key: "last_visit_on", Kind: field.Date, Use: field.Export},
	{Key: "next_due_on", Kind: field.Date, Use: field.Export},
}}

// MailShape is what an e-mail address looks like, roughly: whether it is one only a message
// to it tells.
var MailShape = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)

// Departments of a customer, and what its people have to do with buying (domain.md §2).
var (
	Departments = []string{"buying", "operations", "logistics", "finance", "marketing", "space", "product_data", "price_check", "owner"}
	BuyingRoles = []string{"decides", "pays", "supervises", "evaluates", "influences", "uses", "gatekeeper"}
)

// Motives are what moves somebody: of the business first, then of their own.
var Motives = []string{"volume", "profit", "security", "status", "recognition", "achievement"}

// ContactCatalogue is what is known of contacts.
var ContactCatalogue = field.Catalogue{Noun: "contacts", Fields: []field.Field{
	{Key: "account_code", Kind: field.Account, Use: field.All, Required: true, Column: "account_id"},
	{Key: "store_code", Kind: field.Place, Use: field.File, Column: "store_id"},
	{Key: "name", Kind: field.Text, Use: field.All, Required: true, Max: 80},
	{Key: "title", Kind: field.Text, Use: field.All, Max: 80},
	{Key: "department", Kind: field.Choice, Use: field.All, Options: Departments},
	{Key: "phone", Kind: field.Text, Use: field.All, Max: 40},
	{Key: "email", Kind: field.Text, Use: field.All, Max: 120},
	{Key: "buying_role", Kind: field.Choice, Use: field.All, Options: BuyingRoles},
	{Key: "attitude", Kind: field.Choice, Use: field.All, Options: []string{"champion", "supporter", "neutral", "sceptic", "opponent"}},
	{Key: "weight", Kind: field.Number, Use: field.All, Hi: 100},
	{Key: "rapport", Kind: field.Number, Use: field.All, Lo: 1, Hi: 6},
	{Key: "birthday", Kind: field.Date, Use: field.All},
	{Key: "preferences", Kind: field.Long, Use: field.All, Max: 500},
	{Key: "reports_to", Kind: field.Text, Use: field.File, Max: 80},
	{Key: "category", Kind: field.Text, Use: field.All, Max: 60},
	{Key: "buying_group", Kind: field.YesNo, Use: field.All},
	{Key: "motives", Kind: field.Choices, Use: field.All, Options: Motives},
	{Key: "opposite", Kind: field.Person, Use: field.All, Column: "opposite_id"},
}}
