// Package visit knows visits: what one is, how presence is graded, and what
// counts as one entry (domain.md §3).
package visit

import (
	"encoding/hex"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
)

// Visit is one call on a store, or on an account's head office.
type Visit struct {
	ID             string       `db:"id"`
	Version        int64        `db:"version"`
	Ref            string       `db:"ref"` // the importer's own key
	StoreID        string       `db:"store_id"`
	AccountID      string       `db:"account_id"`
	PersonID       string       `db:"person_id"`
	PlannedFor     calendar.Day `db:"planned_for"`
	VisitedOn      calendar.Day `db:"visited_on"` // in the visitor's zone
	StartedAt      time.Time    `db:"started_at"`
	FinishedAt     time.Time    `db:"finished_at"`
	RecordedAt     time.Time    `db:"recorded_at"` // when the bot heard of it
	Presence       string       `db:"presence"`
	DistanceM      int64        `db:"distance_m"`
	Location       string       `db:"location"`
	Objectives     []string     `db:"objectives"`
	Appointment    bool         `db:"appointment"` // the customer expects the visit
	Prepared       bool         `db:"prepared"`    // the material is ready
	Met            string       `db:"met"`
	Needs          string       `db:"needs"`
	Problems       string       `db:"problems"`
	Intent         string       `db:"intent"`
	CompetitorNews string       `db:"competitor_news"`
	NextStep       string       `db:"next_step"`
	NextOwner      string       `db:"next_owner"` // id of a person
	NextDue        calendar.Day `db:"next_due"`
	NextVisitOn    calendar.Day `db:"next_visit_on"`
	Satisfaction   int64        `db:"satisfaction"` // 1–5, 0 unknown
	Ordered        bool         `db:"ordered"`      // an order came of it
	Status         string       `db:"status"`
	Reason         string       `db:"reason"`
	Photos         []string     `db:"photos"` // references, see table photos
	Source         string       `db:"source"`
	Late           bool         `db:"late"` // the message took long to arrive
	Flags          []string     `db:"flags"`
	Rating         int64        `db:"rating"`        // the manager's, 1–5
	Entry          string       `db:"entry,derived"` // see Fingerprint
	CreatedAt      time.Time    `db:"created_at"`
	UpdatedAt      time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (v Visit) Table() string { return "visits" }

// Key implements store.Row.
func (v Visit) Key() (string, int64) { return v.ID, v.Version }

// The states of a visit.
const (
	Planned   = "planned"
	CheckedIn = "checked_in"
	Done      = "done"
	Missed    = "missed"
	Cancelled = "cancelled"
)

// Undone is the reason of a visit that was cancelled by undo.
const Undone = "undone"

// The flags of a visit. None refuses it.
const (
	Forgotten  = "forgotten"   // never checked out; closed by the clock
	Travel     = "travel"      // faster than people travel since the check-in before
	PhotoAgain = "photo_again" // a photo was seen with another visit
)

// Flag adds a flag once.
func (v *Visit) Flag(flag string) {
	if !slices.Contains(v.Flags, flag) {
		v.Flags = append(slices.Clone(v.Flags), flag)
	}
}

// Subject is the visit as buttons name it.
func (v Visit) Subject() string { return "visit:" + v.ID }

// Place is the ref of where the visit is.
func (v Visit) Place() string {
	if v.StoreID != "" {
		return account.KindStore + ":" + v.StoreID
	}
	return account.KindAccount + ":" + v.AccountID
}

// Written reports whether anything came of the visit that was noted.
func (v Visit) Written() bool {
	return v.Met != "" || v.Needs != "" || v.Problems != "" || v.Intent != "" || v.CompetitorNews != "" || v.NextStep != "" || v.Satisfaction > 0 || v.Ordered
}

// Stay is the time in the store; zero where nobody checked in and out.
func (v Visit) Stay() time.Duration {
	if slices.Contains(v.Flags, Forgotten) || v.FinishedAt.IsZero() {
		return 0
	}
	return v.FinishedAt.Sub(v.StartedAt)
}

// MaxPhotos is how many photos one visit takes: an album of Telegram and a
// file field of Slack both hold 10.
const MaxPhotos = 10

// naming are the fields that name a visit in the files of what stands beside visits.
var naming = []field.Field{
	{Key: "store_code", Kind: field.Place, Use: field.File},
	{Key: "account_code", Kind: field.Account, Use: field.File},
	{Key: "person", Kind: field.Person, Use: field.File, Required: true},
	{Key: "started_at", Kind: field.Text, Use: field.File, Required: true},
}

// Catalogue is what is known of a visit.
var Catalogue = field.Catalogue{Noun: "visits", Fields: []field.Field{
	{Key: "place", Kind: field.Place, Use: field.Ask, Required: true},
	{Key: "ref", Kind: field.Text, Use: field.File, Max: 80},
	{Key: "id", Kind: field.Text, Use: field.Export},
	{Key: "store_code", Kind: field.Place, Use: field.File},
	{Key: "store_name", Kind: field.Text, Use: field.Export},
	{Key: "account_code", Kind: field.Account, Use: field.File},
	{Key: "person", Kind: field.Person, Use: field.File, Required: true},
	{Key: "planned_for", Kind: field.Date, Ahead: true, Use: field.All},
	{Key: "started_at", Kind: field.Text, Use: field.File},
	{Key: "finished_at", Kind: field.Text, Use: field.File},
	{Key: "recorded_at", Kind: field.Text, Use: field.File},
	{Key: "presence", Kind: field.Choice, Use: field.File, Options: []string{"verified", "claimed", "outside", "unknown"}},
	{Key: "distance_m", Kind: field.Number, Use: field.File},
	{Key: "objectives", Kind: field.Choices, Use: field.All, Options: []string{"needs", "solution", "deal", "shelf_promo", "order", "payment", "training", "relation"}},
	{Key: "appointment", Kind: field.YesNo, Use: field.All},
	{Key: "prepared", Kind: field.YesNo, Use: field.All},
	{Key: "met", Kind: field.Text, Use: field.All, Max: 200, Suggest: true},
	{Key: "needs", Kind: field.Long, Use: field.All, Max: 2000},
	{Key: "problems", Kind: field.Long, Use: field.All, Max: 2000},
	{Key: "intent", Kind: field.Choice, Use: field.All, Options: []string{"none", "weak", "clear", "strong"}},
	{Key: "competitor_news", Kind: field.Long, Use: field.All, Max: 2000},
	{Key: "next_step", Kind: field.Text, Use: field.All, Max: 500},
	{Key: "next_owner", Kind: field.Person, Use: field.All},
	{Key: "next_due", Kind: field.Date, Ahead: true, Use: field.All},
	{Key: "next_visit_on", Kind: field.Date, Ahead: true, Use: field.All},
	{Key: "satisfaction", Kind: field.Number, Use: field.All, Lo: 1, Hi: 5},
	{Key: "ordered", Kind: field.YesNo, Use: field.All},
	{Key: "joint_with", Kind: field.Person, Use: field.Ask},
	{Key: "on", Kind: field.Date, Use: field.Ask, Past: true},
	{Key: "photos", Kind: field.Photos, Use: field.All, Max: MaxPhotos},
	{Key: "location", Kind: field.Location, Use: field.Ask},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: []string{Done, Planned, CheckedIn, Missed, Cancelled}},
	{Key: "reason", Kind: field.Text, Use: field.All, Max: 200},
	{Key: "source", Kind: field.Text, Use: field.File},
	{Key: "late", Kind: field.YesNo, Use: field.Export},
	{Key: "flags", Kind: field.Text, Use: field.Export},
	{Key: "rating", Kind: field.Number, Use: field.All, Lo: 1, Hi: 5},
}}

// Grade is how sure it is that the visitor was there.
type Grade struct {
	Presence string
	Metres   int64
}

// GradePresence compares a point with the store: verified for a live location
// inside the fence, claimed for any other point inside, outside with the
// distance, unknown without a point or without coordinates of the store.
func GradePresence(s account.Store, lat, lon float64, sent, live bool, fence int) Grade {
	if !sent || !s.Located() {
		return Grade{Presence: "unknown"}
	}
	if s.FenceMetres > 0 {
		fence = int(s.FenceMetres)
	}
	g := Grade{Metres: int64(math.Round(account.Metres(s.Latitude, s.Longitude, lat, lon)))}
	switch {
	case g.Metres > int64(fence):
		g.Presence = "outside"
	case live:
		g.Presence = "verified"
	default:
		g.Presence = "claimed"
	}
	return g
}

// Fingerprint is the same for two visits of one person that say the same at
// one place on one day: the double tap or the resend that is one entry.
func (v Visit) Fingerprint() string {
	h := fnv.New128a()
	for _, part := range []string{v.PersonID, v.StoreID, v.AccountID, v.Status, string(v.VisitedOn), v.Met, v.Needs, v.Problems, v.Intent, v.CompetitorNews,
		v.NextStep, v.NextOwner, string(v.NextDue), string(v.NextVisitOn), strconv.FormatInt(v.Satisfaction, 10), strconv.FormatBool(v.Ordered)} {
		_, _ = h.Write([]byte(part)) // a hash never fails
		_, _ = h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// LateAfter is how long a message may take before both times are kept.
const LateAfter = 2 * time.Minute
