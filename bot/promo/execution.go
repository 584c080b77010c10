package promo

import (
	"slices"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/person"
)

// Execution is what a store is to do, agreed to and did of a promo.
type Execution struct {
	ID         string       `db:"id"`
	Version    int64        `db:"version"`
	PromoID    string       `db:"promo_id"`
	StoreID    string       `db:"store_id"`
	AccountID  string       `db:"account_id"`
	LocalID    string       `db:"local_id"`    // who sees to it on the spot (促销专人)
	AgreedWith string       `db:"agreed_with"` // who in the store agreed, "" nobody yet
	AgreedBy   string       `db:"agreed_by"`   // who of us says so
	Status     string       `db:"status"`
	Met        []string     `db:"points_met"`
	Missed     []string     `db:"points_missed"`
	Reason     string       `db:"reason"`
	Photos     []string     `db:"photos"`
	Again      bool         `db:"again"` // a photo was used before: proves nothing until a manager takes it
	ReportedBy string       `db:"reported_by"`
	ReportedOn calendar.Day `db:"reported_on"`
	ReportedAt time.Time    `db:"reported_at"`
	Late       bool         `db:"late"` // after the end
	CheckedBy  string       `db:"checked_by"`
	Fee        int64        `db:"fee"`
	CreatedAt  time.Time    `db:"created_at"`
	UpdatedAt  time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (e Execution) Table() string { return "promo_executions" }

// Key implements store.Row.
func (e Execution) Key() (string, int64) { return e.ID, e.Version }

// The states of an execution.
const (
	Planned     = "planned" // nobody has reported yet
	Executed    = "executed"
	Partly      = "partly"
	NotExecuted = "not_executed"
	Unverified  = "unverified" // 待核查: nobody reported by the end; the fee is frozen
	Dropped     = "dropped"    // its promo was undone
)

// Reporters report what a store did.
var Reporters = []person.Role{person.Rep, person.Promoter, person.KAM, person.Manager}

// ExecutionCatalogue is what is known of executions.
var ExecutionCatalogue = field.Catalogue{Noun: "promo_executions", Fields: []field.Field{
	{Key: "promo", Kind: field.Text, Use: field.File, Required: true, Max: 40},
	{Key: "store_code", Kind: field.Place, Use: field.File, Required: true, Column: "store_id"},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: []string{Planned, Executed, Partly, NotExecuted, Unverified}},
	{Key: "agreed_with", Kind: field.Text, Use: field.All, Max: 80},
	{Key: "points_met", Kind: field.Choices, Use: field.File, Options: AllPoints},
	{Key: "points_missed", Kind: field.Choices, Use: field.All, Options: AllPoints},
	{Key: "reason", Kind: field.Text, Use: field.All, Max: 300},
	{Key: "photos", Kind: field.Photos, Use: field.All, Max: 10},
	{Key: "reported_by", Kind: field.Person, Use: field.File},
	{Key: "reported_at", Kind: field.Text, Use: field.File},
	{Key: "late", Kind: field.YesNo, Use: field.File},
	{Key: "fee", Kind: field.Money, Use: field.File},
	{Key: "claw_back", Kind: field.Money, Use: field.Export},
}}

// Report writes what somebody saw: the points that were missed, and why. Points that the
// promo does not ask for are a fault; one that missed something needs its reason.
func (e Execution) Report(p Promo, missed []string, reason string, photos []string, by string, day calendar.Day, now time.Time) (Execution, error) {
	demanded := p.Points()
	for _, m := range missed {
		if !slices.Contains(demanded, m) {
			return e, fault.At("points_missed", "promo_not_demanded")
		}
	}
	if len(missed) > 0 && reason == "" {
		return e, fault.At("reason", "promo_reason")
	}
	e.Met, e.Missed = nil, nil
	for _, d := range demanded {
		if slices.Contains(missed, d) {
			e.Missed = append(e.Missed, d)
		} else {
			e.Met = append(e.Met, d)
		}
	}
	switch {
	case len(e.Missed) == 0:
		e.Status = Executed
	case len(e.Met) == 0:
		e.Status = NotExecuted
	default:
		e.Status = Partly
	}
	e.Reason, e.Photos, e.Again = reason, photos, false
	e.ReportedBy, e.ReportedOn, e.ReportedAt, e.CheckedBy = by, day, now.Truncate(time.Second), "" // as files carry it
	e.Late = day > p.EndsOn
	return e, nil
}

// Open reports whether a store's execution is not decided: nobody reported it by the end, or
// its photo was used before. A manager's look decides it.
func (e Execution) Open() bool {
	return e.Status == Planned || e.Status == Unverified || (e.Again || e.Late) && e.CheckedBy == ""
}

// ClawBack (费用扣回) is what is taken back of a store's fee, on evidence only: all of it
// where nothing was done, fee × points missed ÷ points demanded where a part was, half up
// to the cent. What is open takes nothing back; its fee is frozen.
//
// A fee of 1,500.00 with one of four points missed: 375.00.
func (e Execution) ClawBack() int64 {
	demanded := int64(len(e.Met) + len(e.Missed))
	switch {
	case e.Open() || demanded == 0:
		return 0
	case e.Status == NotExecuted:
		return e.Fee
	}
	return money.Part(e.Fee, int64(len(e.Missed)), demanded)
}

// CheckBy is the day by which a store is looked at: a class A store on the first, others
// some days after.
func CheckBy(p Promo, s account.Store, days map[string]int) calendar.Day {
	n, own := days[s.Class]
	if !own {
		n = days["other"]
	}
	return min(p.StartsOn.Add(n), p.EndsOn)
}
