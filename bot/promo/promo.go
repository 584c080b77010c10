// Package promo knows promotions (促销活动): what was agreed with a chain for a time slot
// (档期), who confirms it, what each store did of it, and what the fee bought
// (domain.md §6). Money is minor units of the company's currency; days are local.
package promo

import (
	"slices"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/flow"
	"fieldbot/bot/person"
)

// Promo is one promotion of a chain in a slot.
type Promo struct {
	ID            string       `db:"id"`
	Version       int64        `db:"version"`
	Code          string       `db:"code"`
	Seq           int64        `db:"seq"` // of a code that the house gave; 0 for a file's own
	Name          string       `db:"name"`
	AccountID     string       `db:"account_id"`
	OwnerID       string       `db:"owner_id"` // the key-account manager
	ProductCodes  []string     `db:"product_codes"`
	Mechanics     []string     `db:"mechanics"`
	StartsOn      calendar.Day `db:"starts_on"`
	EndsOn        calendar.Day `db:"ends_on"`
	PromoPrice    int64        `db:"promo_price"` // of a unit, 0 is none
	Display       []string     `db:"display"`     // each one of account.Displays
	GiftsPerStore int64        `db:"gifts_per_store"`
	Fee           int64        `db:"fee"` // of a store
	FeePayer      string       `db:"fee_payer"`
	ForecastUnits int64        `db:"forecast_units"`
	UpliftFactor  string       `db:"uplift_factor"` // decimal text that a person set; "" is by the mechanics
	LocalOwners   []string     `db:"local_owners"`  // city=handle
	Status        string       `db:"status"`
	Reason        string       `db:"reason"` // of its cancelling, or of running without all three parties
	// The three parties (三方确认): ours, the branch or dealer; the stores' stand in their
	// executions.
	AgreedByOwner string    `db:"agreed_by_owner"` // who said so for us, "" nobody yet
	AgreedByLocal string    `db:"agreed_by_local"`
	Unagreed      int64     `db:"unagreed,derived"` // stores that have not confirmed
	Unreported    int64     `db:"unreported,derived"`
	Stores        int64     `db:"stores,derived"`
	OpenClaims    int64     `db:"open_claims,derived"` // of customers, that nobody has decided
	CreatedAt     time.Time `db:"created_at"`
	UpdatedAt     time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (p Promo) Table() string { return "promos" }

// Key implements store.Row.
func (p Promo) Key() (string, int64) { return p.ID, p.Version }

// The states of a promo; a flow leads from one to the next.
const (
	Draft     = "draft"
	Submitted = "submitted"
	Approved  = "approved"
	Rejected  = "rejected"
	Confirmed = "confirmed"
	Running   = "running"
	Verified  = "verified"
	Settled   = "settled"
	Cancelled = "cancelled"
)

// Makers make promos and answer for them.
var Makers = []person.Role{person.KAM, person.Manager}

// Mechanics are how a promo draws shoppers: 特价, multi-buy, 赠品, 特陈, DM海报, 试吃, 场外活动.
var Mechanics = []string{"price_off", "multi_buy", "gift", "display", "dm", "sampling", "roadshow"}

// Payers bear a fee.
var Payers = []string{"us", "chain", "dealer", "shared"}

// Catalogue is what is known of promos.
var Catalogue = field.Catalogue{Noun: "promos", Fields: []field.Field{
	{Key: "code", Kind: field.Text, Use: field.File, Required: true, Max: 40},
	{Key: "name", Kind: field.Text, Use: field.All, Required: true, Max: 80},
	{Key: "account_codes", Kind: field.Account, Use: field.All, Required: true, Column: "account_id"},
	{Key: "store_codes", Kind: field.Names, Use: field.All, Max: 500},
	{Key: "product_codes", Kind: field.Names, Use: field.All, Max: 100},
	{Key: "mechanics", Kind: field.Choices, Use: field.All, Options: Mechanics},
	{Key: "starts_on", Kind: field.Date, Use: field.All, Required: true, Ahead: true},
	{Key: "ends_on", Kind: field.Date, Use: field.All, Required: true, Ahead: true},
	{Key: "promo_price", Kind: field.Money, Use: field.All},
	{Key: "display", Kind: field.Choices, Use: field.All, Options: account.Displays},
	{Key: "gifts_per_store", Kind: field.Number, Use: field.All, Hi: 100_000},
	{Key: "fee", Kind: field.Money, Use: field.All},
	{Key: "fee_payer", Kind: field.Choice, Use: field.All, Options: Payers},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: Life.States()},
	{Key: "forecast_units", Kind: field.Number, Use: field.File},
	{Key: "uplift_factor", Kind: field.Text, Use: field.All, Max: 10},
	{Key: "local_owners", Kind: field.Names, Use: field.All, Max: 100},
	{Key: "kam", Kind: field.Person, Use: field.File, Column: "owner_id"},
}}

// Life is what becomes of a promo (domain.md §6). What time alone makes of it, its clock
// does: it runs, and it is verified.
var Life = flow.Flow[Promo]{
	First: Draft, Last: []string{Rejected, Settled, Cancelled},
	State: func(p *Promo) *string { return &p.Status },
	Moves: []flow.Move[Promo]{
		{Name: "submit", From: []string{Draft, Rejected}, To: Submitted, Who: []flow.Actor{flow.Owner}, Guard: whole},
		{Name: "approve", From: []string{Submitted}, To: Approved, Answer: true, Need: []flow.Actor{flow.Leader}, Else: Rejected, Silence: Rejected},
		{Name: "override", From: []string{Approved}, To: Confirmed, Who: []flow.Actor{flow.Owner}, Ask: why, Set: setReason},
		{Name: "agreed", From: []string{Approved}, To: Confirmed, Who: []flow.Actor{flow.Nobody}, Guard: threeParties},
		{Name: "run", From: []string{Confirmed}, To: Running, Who: []flow.Actor{flow.Nobody}, Guard: begun},
		{Name: "verify", From: []string{Running}, To: Verified, Who: []flow.Actor{flow.Nobody}, Guard: reported},
		{Name: "settle", From: []string{Verified}, To: Settled, Who: []flow.Actor{flow.Finance}, Guard: decided},
		{Name: "cancel", From: []string{Draft, Submitted, Approved, Confirmed}, To: Cancelled, Who: []flow.Actor{flow.Owner, flow.Leader}, Ask: why, Set: setReason},
	},
}

var why = []field.Field{{Key: "reason", Kind: field.Text, Required: true, Max: 200}}

func setReason(p *Promo, values map[string]string, _ string, _ time.Time) error {
	p.Reason = values["reason"]
	return nil
}

// whole is the fault of a promo that cannot be asked for yet.
func whole(p Promo, now time.Time) error {
	switch {
	case p.Stores == 0:
		return fault.New(fault.Conflict, "promo_no_stores")
	case p.EndsOn < calendar.On(now):
		return fault.New(fault.Conflict, "promo_past", "day", p.EndsOn)
	}
	return nil
}

func threeParties(p Promo, _ time.Time) error {
	if p.AgreedByOwner == "" || p.AgreedByLocal == "" || p.Unagreed > 0 {
		return fault.New(fault.Conflict, "promo_unagreed", "n", p.Unagreed)
	}
	return nil
}

func begun(p Promo, now time.Time) error {
	if calendar.On(now) < p.StartsOn {
		return fault.New(fault.Conflict, "promo_not_begun", "day", p.StartsOn)
	}
	return nil
}

func reported(p Promo, now time.Time) error {
	if calendar.On(now) <= p.EndsOn || p.Unreported > 0 {
		return fault.New(fault.Conflict, "promo_unreported", "n", p.Unreported)
	}
	return nil
}

func decided(p Promo, _ time.Time) error {
	if p.OpenClaims > 0 {
		return fault.New(fault.Conflict, "promo_claims_open", "n", p.OpenClaims)
	}
	return nil
}

// Check is the fault of a promo that cannot be: its days cross, a price or fee is below
// zero, a fee has no payer.
func (p Promo) Check() error {
	switch {
	case p.EndsOn < p.StartsOn:
		return fault.At("ends_on", "before_from", "from", p.StartsOn)
	case p.EndsOn.Sub(p.StartsOn) > mostDays:
		return fault.At("ends_on", "promo_long", "max", mostDays)
	case p.PromoPrice < 0:
		return fault.At("promo_price", "price_below_zero")
	case p.Fee < 0:
		return fault.At("fee", "price_below_zero")
	case p.Fee > 0 && p.FeePayer == "":
		return fault.At("fee_payer", "promo_payer")
	case slices.Contains(p.Mechanics, "price_off") && p.PromoPrice == 0:
		return fault.At("promo_price", "promo_price_missing")
	case p.UpliftFactor != "":
		if _, ok := Factor(p.UpliftFactor); !ok {
			return fault.At("uplift_factor", "promo_factor")
		}
	}
	return nil
}

// mostDays is how long a slot may be.
const mostDays = 366

// Days is how many days a promo runs.
func (p Promo) Days() int { return p.EndsOn.Sub(p.StartsOn) + 1 }

// On reports whether a promo runs on a day.
func (p Promo) On(day calendar.Day) bool {
	return p.Status == Running && p.StartsOn <= day && day <= p.EndsOn
}

// Points are what a store has to do, each worth the same: price, display, material, gifts,
// stock, promoter.
func (p Promo) Points() []string {
	out := []string{}
	add := func(point string, demanded bool) {
		if demanded {
			out = append(out, point)
		}
	}
	has := func(m ...string) bool {
		return slices.ContainsFunc(m, func(x string) bool { return slices.Contains(p.Mechanics, x) })
	}
	add("price", p.PromoPrice > 0)
	add("display", len(p.Display) > 0)
	add("material", true)
	add("gifts", p.GiftsPerStore > 0)
	add("stock", true)
	add("promoter", has("sampling", "roadshow"))
	return out
}

// AllPoints are all points that there are.
var AllPoints = []string{"price", "display", "material", "gifts", "stock", "promoter"}
