// Package shelf knows what stands in a store: audits of the shelf, the measures and the
// score that follow from them, and what to do about what is missing (domain.md §5).
// Prices are minor units of the company's currency.
package shelf

import (
	"cmp"
	"slices"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
)

// Audit (巡店) is one look at the shelf of a store.
type Audit struct {
	ID        string       `db:"id"`
	Version   int64        `db:"version"`
	Ref       string       `db:"ref"` // how files name it; its id where no file brought it
	StoreID   string       `db:"store_id"`
	AccountID string       `db:"account_id"`
	PersonID  string       `db:"person_id"`
	AuditedOn calendar.Day `db:"audited_on"` // the person's day
	AuditedAt time.Time    `db:"audited_at"`
	Mode      string       `db:"mode"`
	// CategoryFacings are all facings of a category, ours and others': category=facings.
	CategoryFacings []string `db:"category_facings"`
	Displays        []string `db:"displays"` // that stand, each one of account.Displays
	POP             string   `db:"pop"`      // what hangs and lies there: posters, leaflets
	CompetitorNews  string   `db:"competitor_news"`
	Photos          []string `db:"photos"`
	Source          string   `db:"source"`
	Status          string   `db:"status"`
	// What promos asked of the store then, and how much of it was there.
	DisplaysAgreed   int64     `db:"displays_agreed"`
	DisplaysStanding int64     `db:"displays_standing"`
	PromoDemanded    int64     `db:"promo_demanded"`
	PromoMet         int64     `db:"promo_met"`
	CreatedAt        time.Time `db:"created_at"`
	UpdatedAt        time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (a Audit) Table() string { return "audits" }

// Key implements store.Row.
func (a Audit) Key() (string, int64) { return a.ID, a.Version }

// Line is what an audit says of one product. Answers are yes, no or "" for not looked
// at, counts and prices of 0 are not known.
type Line struct {
	ID            string       `db:"id"`
	Version       int64        `db:"version"`
	AuditID       string       `db:"audit_id"`
	ProductID     string       `db:"product_id"`
	StoreID       string       `db:"store_id,derived"`
	AuditedOn     calendar.Day `db:"audited_on,derived"`
	Category      string       `db:"category,derived"`
	OnShelf       string       `db:"on_shelf"`
	Facings       int64        `db:"facings"`
	ShelfPrice    int64        `db:"shelf_price"`
	DuePrice      int64        `db:"due_price"` // what the tag should have said: the suggested price, or a promo's
	TagRight      string       `db:"tag_right"`
	ShelfUnits    int64        `db:"shelf_units"`
	BackroomUnits int64        `db:"backroom_units"`
	NearestExpiry calendar.Day `db:"nearest_expiry"`
	Position      string       `db:"position"`
	Counted       []string     `db:"counted"` // keys of what somebody looked at; the rest is assumed
	CreatedAt     time.Time    `db:"created_at"`
	UpdatedAt     time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (l Line) Table() string { return "audit_lines" }

// Key implements store.Row.
func (l Line) Key() (string, int64) { return l.ID, l.Version }

// The answers of a line.
const (
	Yes = "yes"
	No  = "no"
)

// The modes of an audit.
const (
	Quick = "quick" // all is fine but what was named
	Full  = "full"  // every product was looked at
)

// The states of an audit.
const (
	Made   = "made"
	Undone = "undone"
)

// Auditors look at shelves.
var Auditors = []person.Role{person.Rep, person.Promoter}

// MaxPhotos is how many photos an audit takes.
const MaxPhotos = 10

// Positions are where a product can stand: on the shelf, and on the displays beside it.
var Positions = append([]string{"eye_level"}, account.Displays...)

// Catalogue is what is known of audits. The measures follow from the lines.
var Catalogue = field.Catalogue{Noun: "audits", Fields: []field.Field{
	{Key: "ref", Kind: field.Text, Use: field.File, Max: 60},
	{Key: "id", Kind: field.Text, Use: field.Export},
	{Key: "store_code", Kind: field.Place, Use: field.File, Required: true, Column: "store_id"},
	{Key: "account_code", Kind: field.Account, Use: field.Export, Column: "account_id"},
	{Key: "person", Kind: field.Person, Use: field.File, Column: "person_id"},
	{Key: "audited_at", Kind: field.Text, Use: field.File, Required: true},
	{Key: "mode", Kind: field.Choice, Use: field.File, Options: []string{Quick, Full}},
	{Key: "category_facings", Kind: field.Each, Of: field.Number, Lo: 1, Hi: 9_999, Use: field.All},
	{Key: "displays", Kind: field.Choices, Use: field.All, Options: account.Displays},
	{Key: "pop", Kind: field.Text, Use: field.All, Max: 200},
	{Key: "competitor_news", Kind: field.Long, Use: field.All, Max: 1000},
	{Key: "photos", Kind: field.Photos, Use: field.All, Max: MaxPhotos},
	// What was asked of the store then is no more known from its rows later.
	{Key: "displays_agreed", Kind: field.Number, Use: field.File, Hi: 1000},
	{Key: "displays_standing", Kind: field.Number, Use: field.File, Hi: 1000},
	{Key: "promo_demanded", Kind: field.Number, Use: field.File, Hi: 1000},
	{Key: "promo_met", Kind: field.Number, Use: field.File, Hi: 1000},
	{Key: "score", Kind: field.Number, Use: field.Export},
	{Key: "availability", Kind: field.Number, Use: field.Export},
	{Key: "share", Kind: field.Number, Use: field.Export},
	{Key: "price_compliance", Kind: field.Number, Use: field.Export},
	{Key: "display", Kind: field.Number, Use: field.Export},
	{Key: "promo", Kind: field.Number, Use: field.Export},
	{Key: "source", Kind: field.Text, Use: field.File, Max: 20},
}}

// LineCatalogue is what is known of the lines of audits. An answer is a choice, since
// one that nobody gave is neither yes nor no.
var LineCatalogue = field.Catalogue{Noun: "audit_lines", Fields: []field.Field{
	{Key: "ref", Kind: field.Text, Use: field.File, Required: true, Max: 60},
	{Key: "product_code", Kind: field.Product, Use: field.File, Required: true, Column: "product_id"},
	{Key: "on_shelf", Kind: field.Choice, Use: field.File, Options: []string{Yes, No}},
	{Key: "facings", Kind: field.Number, Use: field.File, Hi: 9_999},
	{Key: "shelf_price", Kind: field.Money, Use: field.File},
	{Key: "due_price", Kind: field.Money, Use: field.File},
	{Key: "tag_right", Kind: field.Choice, Use: field.File, Options: []string{Yes, No}},
	{Key: "shelf_units", Kind: field.Number, Use: field.File, Hi: 99_999},
	{Key: "backroom_units", Kind: field.Number, Use: field.File, Hi: 99_999},
	{Key: "nearest_expiry", Kind: field.Date, Use: field.File},
	{Key: "position", Kind: field.Choice, Use: field.File, Options: Positions},
	{Key: "counted", Kind: field.Choices, Use: field.File, Options: Countable},
}}

// Countable are the keys of a line that somebody can look at.
var Countable = []string{"on_shelf", "facings", "shelf_price", "tag_right", "shelf_units", "backroom_units", "nearest_expiry", "position"}

// Count notes that somebody looked at a key.
func (l *Line) Count(keys ...string) {
	for _, key := range keys {
		if !slices.Contains(l.Counted, key) {
			l.Counted = append(slices.Clone(l.Counted), key)
		}
	}
}

// Has reports whether somebody looked at a key.
func (l Line) Has(key string) bool { return slices.Contains(l.Counted, key) }

// Over is a line over the one of an earlier look on the same day: what stands there is as
// seen last, and what was counted then and not now stays. Nothing is left on the shelf of
// what is out.
func (l Line) Over(old Line) Line {
	keep := func(key string, gone bool, take func()) {
		if old.Has(key) && !l.Has(key) && !gone {
			take()
			l.Count(key)
		}
	}
	out := l.OnShelf == No
	keep("facings", out, func() { l.Facings = old.Facings })
	keep("shelf_price", out, func() { l.ShelfPrice = old.ShelfPrice })
	keep("tag_right", out, func() { l.TagRight = old.TagRight })
	keep("shelf_units", out, func() { l.ShelfUnits = old.ShelfUnits })
	keep("nearest_expiry", out, func() { l.NearestExpiry = old.NearestExpiry })
	keep("position", out, func() { l.Position = old.Position })
	keep("backroom_units", false, func() { l.BackroomUnits = old.BackroomUnits })
	return l
}

// Over is an audit over an earlier one of the same day: what was said then of the shelf as
// a whole, and not now, stays, and the photos of both.
func (a Audit) Over(old Audit) Audit {
	if len(a.CategoryFacings) == 0 {
		a.CategoryFacings = old.CategoryFacings
	}
	if len(a.Displays) == 0 && len(old.Displays) > 0 {
		a.Displays, a.DisplaysStanding = old.Displays, min(old.DisplaysStanding, a.DisplaysAgreed)
	}
	a.POP, a.CompetitorNews = cmp.Or(a.POP, old.POP), cmp.Or(a.CompetitorNews, old.CompetitorNews)
	for _, p := range old.Photos {
		if !slices.Contains(a.Photos, p) && len(a.Photos) < MaxPhotos {
			a.Photos = append(slices.Clone(a.Photos), p)
		}
	}
	return a
}

// Check is the fault of a line that holds what cannot be.
func (l Line) Check() error {
	switch {
	case l.Facings < 0:
		return fault.At("facings", "below_zero")
	case l.Has("shelf_price") && l.ShelfPrice == 0:
		return fault.At("shelf_price", "price_zero")
	case l.ShelfPrice < 0:
		return fault.At("shelf_price", "price_below_zero")
	case l.ShelfUnits < 0:
		return fault.At("shelf_units", "below_zero")
	case l.BackroomUnits < 0:
		return fault.At("backroom_units", "below_zero")
	case l.OnShelf == No && l.ShelfUnits > 0:
		return fault.At("shelf_units", "out_and_there")
	case l.OnShelf == No && l.Facings > 0:
		return fault.At("facings", "out_and_there")
	}
	return nil
}
