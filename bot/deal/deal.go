// Package deal knows deals (商机): the funnel with its gates, how a deal moves
// through it, and the people in it (domain.md §4). Rules return values; nothing
// is read or written here.
package deal

import (
	"cmp"
	"slices"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
)

// Deal is a chance to sell.
type Deal struct {
	ID              string       `db:"id"`
	Version         int64        `db:"version"`
	Number          string       `db:"number"` // D-1042
	Seq             int64        `db:"seq"`    // the figures of a number of ours; 0 for an imported one
	Title           string       `db:"title"`
	AccountID       string       `db:"account_id"`
	Size            string       `db:"size"`        // of the customer, as CustomerSize tells
	Stage           string       `db:"stage"`       // the one held, or held last
	Status          string       `db:"status"`      // Open or an end
	Value           int64        `db:"value"`       // minor units of the company's currency
	ValueKnown      bool         `db:"value_known"` // a value of nothing is one
	ExpectedCloseOn calendar.Day `db:"expected_close_on"`
	OwnerID         string       `db:"owner_id"`
	HolderID        string       `db:"holder_id"` // who holds it in this stage
	Source          string       `db:"source"`
	BuyingSituation string       `db:"buying_situation"`
	TheirNeed       string       `db:"their_need"`
	OurAnswer       string       `db:"our_answer"`
	RivalAnswer     string       `db:"rival_answer"`
	Products        []string     `db:"products"`
	Competitors     []string     `db:"competitors"`
	NextStep        string       `db:"next_step"`
	NextDue         calendar.Day `db:"next_due"`
	EnteredStageAt  time.Time    `db:"entered_stage_at"` // of an end: when it ended
	Overridden      bool         `db:"overridden"`       // a gate was overridden once
	EndReason       string       `db:"end_reason"`       // why won or lost, a code
	LostTo          string       `db:"lost_to"`
	EndNote         string       `db:"end_note"`
	WakeOn          calendar.Day `db:"wake_on"` // of a stalled deal
	RepeatOf        string       `db:"repeat_of"`
	Contacts        int64        `db:"contacts,elsewhere"` // of the customer's people in it
	Search          string       `db:"search,derived"`
	CreatedAt       time.Time    `db:"created_at"`
	ClosedAt        time.Time    `db:"closed_at"` // when won or lost
	UpdatedAt       time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (d Deal) Table() string { return "deals" }

// Key implements store.Row.
func (d Deal) Key() (string, int64) { return d.ID, d.Version }

// Ref is the deal as buttons and snoozes name it.
func (d Deal) Ref() string { return "deal:" + d.ID }

// CustomerSize is how large the customer is, which gates go by. A deal's own
// size counts only where nobody has said it of the account: it opens gates.
func (d Deal) CustomerSize(account string) string { return cmp.Or(account, d.Size) }

// The states of a deal.
const (
	Open      = "open"
	Won       = "won"
	Lost      = "lost"
	Stalled   = "stalled"
	Cancelled = "cancelled" // its making was undone
)

// Ends are the states that a deal is not open in.
var Ends = []string{Won, Lost, Stalled, Cancelled}

// Tick is a criterion that a person says is true, with what shows it.
type Tick struct {
	ID        string       `db:"id"`
	Version   int64        `db:"version"`
	DealID    string       `db:"deal_id"`
	Criterion string       `db:"criterion"`
	Note      string       `db:"note"`
	Proof     string       `db:"proof"` // a link, or kind:id of a row that shows it
	Photos    []string     `db:"photos"`
	On        calendar.Day `db:"on_day"`
	ByID      string       `db:"by_id"`
	Status    string       `db:"status"` // active, withdrawn
	CreatedAt time.Time    `db:"created_at"`
	UpdatedAt time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (t Tick) Table() string { return "deal_ticks" }

// Key implements store.Row.
func (t Tick) Key() (string, int64) { return t.ID, t.Version }

// The states of a tick and of a place in the team.
const (
	Active    = "active"
	Withdrawn = "withdrawn"
)

// Met tells which criteria are ticked.
func Met(ticks []Tick) func(criterion string) bool {
	return func(code string) bool {
		return slices.ContainsFunc(ticks, func(t Tick) bool { return t.Criterion == code && t.Status == Active })
	}
}

// Member is a person of ours on the deal's team.
type Member struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	DealID    string    `db:"deal_id"`
	PersonID  string    `db:"person_id"`
	Status    string    `db:"status"` // active, withdrawn
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (m Member) Table() string { return "deal_people" }

// Key implements store.Row.
func (m Member) Key() (string, int64) { return m.ID, m.Version }

// Reasons of a lost and of a won deal.
var (
	LostReasons = []string{"price", "terms", "product", "relation", "rival", "budget", "timing", "no_need", "no_answer", "other"}
	WonReasons  = []string{"price", "terms", "product", "relation", "service", "promo", "other"}
)

// What people are asked about a deal, as approvals name it. A question ends when
// what it was asked on changes.
const (
	AskStage = "deal_stage" // may it enter a stage; args: from, to
	AskWon   = "deal_won"   // is it won; note: why
	AskHold  = "deal_hold"  // do you hold it in a stage; args: stage
	AskOwner = "deal_owner" // do you take it over; note: what the giver says
)

// Asks are all of them.
var Asks = []string{AskStage, AskWon, AskHold, AskOwner}

// Sources of a deal (线索来源).
var Sources = []string{"referral", "event", "supply_chain", "partner", "cold"}

// BuyingSituations of a deal: what the customer has not bought before, buys again, or buys
// again otherwise.
var BuyingSituations = []string{"new_task", "straight_rebuy", "modified_rebuy"}

// MostNames bounds the products and the competitors of a deal.
const MostNames = 20

// Catalogue is what is known of deals.
var Catalogue = field.Catalogue{Noun: "deals", Fields: []field.Field{
	{Key: "number", Kind: field.Text, Use: field.File, Max: 64, Required: true},
	{Key: "title", Kind: field.Text, Use: field.All, Max: 120, Required: true},
	{Key: "account_code", Kind: field.Account, Use: field.All, Column: "account_id"},
	{Key: "size", Kind: field.Choice, Use: field.All, Options: Sizes},
	{Key: "stage", Kind: field.Text, Use: field.File, Max: 80},
	{Key: "status", Kind: field.Choice, Use: field.File, Options: []string{Open, Won, Lost, Stalled}},
	{Key: "value", Kind: field.Money, Use: field.All},
	{Key: "currency", Kind: field.Text, Use: field.File, Max: 10},
	{Key: "weight", Kind: field.Number, Use: field.Export},
	{Key: "weighted_value", Kind: field.Money, Use: field.Export},
	{Key: "expected_close_on", Kind: field.Date, Ahead: true, Far: true, Use: field.All},
	{Key: "owner", Kind: field.Person, Use: field.All, Column: "owner_id"},
	{Key: "team", Kind: field.Names, Use: field.File, Max: 100},
	// Chat asks for one of ours; a file may say what its own company's says.
	{Key: "lead_source", Kind: field.Choice, Use: field.Ask, Options: Sources, Column: "source"},
	{Key: "source", Kind: field.Text, Use: field.File, Max: 40},
	{Key: "products", Kind: field.Names, Use: field.All, Max: MostNames},
	{Key: "competitors", Kind: field.Names, Use: field.All, Max: MostNames},
	{Key: "next_step", Kind: field.Text, Use: field.All, Max: 500},
	{Key: "next_due", Kind: field.Date, Ahead: true, Use: field.All},
	{Key: "entered_stage_at", Kind: field.Text, Use: field.File},
	{Key: "criteria_met", Kind: field.Names, Use: field.File, Max: 100},
	{Key: "parties", Kind: field.Names, Use: field.File, Max: 100},
	{Key: "criteria_missing", Kind: field.Names, Use: field.Export},
	{Key: "overridden", Kind: field.YesNo, Use: field.File},
	{Key: "created_at", Kind: field.Text, Use: field.File},
	{Key: "closed_at", Kind: field.Text, Use: field.File},
	{Key: "lost_reason", Kind: field.Text, Use: field.File, Max: 40, Column: "end_reason"},
	{Key: "lost_to", Kind: field.Text, Use: field.All, Max: 120},
	{Key: "wake_on", Kind: field.Date, Ahead: true, Use: field.All},
	{Key: "buying_situation", Kind: field.Choice, Use: field.All, Options: BuyingSituations},
	{Key: "their_need", Kind: field.Long, Use: field.All, Max: 500},
	{Key: "our_answer", Kind: field.Long, Use: field.All, Max: 500},
	{Key: "rival_answer", Kind: field.Long, Use: field.All, Max: 500},
}}

// TickCatalogue is what is known of a criterion that was ticked. The number is its deal's.
var TickCatalogue = field.Catalogue{Noun: "deal_ticks", Fields: []field.Field{
	{Key: "number", Kind: field.Text, Use: field.File, Max: 64, Required: true},
	{Key: "criterion", Kind: field.Named, Use: field.All, Required: true},
	{Key: "note", Kind: field.Long, Use: field.All, Max: 1000, Asked: true},
	{Key: "proof_photos", Kind: field.Photos, Use: field.All, Max: 10, Column: "photos"},
	{Key: "proof_link", Kind: field.Text, Use: field.All, Max: 500, Column: "proof"},
	{Key: "ticked_on", Kind: field.Date, Use: field.All, Past: true, Column: "on_day"},
	{Key: "by", Kind: field.Person, Use: field.File, Column: "by_id"},
}}

// HistoryCatalogue is what is known of a line of history.
var HistoryCatalogue = field.Catalogue{Noun: "deal_history", Fields: []field.Field{
	{Key: "number", Kind: field.Text, Use: field.File, Max: 64, Required: true},
	{Key: "at", Kind: field.Text, Use: field.File, Required: true},
	{Key: "from_stage", Kind: field.Text, Use: field.File, Max: 40},
	{Key: "to_stage", Kind: field.Text, Use: field.File, Max: 40, Required: true},
	{Key: "how", Kind: field.Choice, Use: field.File, Options: []string{string(ByGate), string(ByOverride), string(ByStart), string(ByRestore), string(ByBack), string(ByImport), string(ByEnd)}},
	{Key: "by", Kind: field.Person, Use: field.File, Column: "by_id"},
	{Key: "reason", Kind: field.Text, Use: field.File, Max: 500},
	{Key: "undone", Kind: field.YesNo, Use: field.File},
}}

// Touched is the day of the last sign of life: a change of the deal, a visit to its
// account's head office, or a call, message or meeting with the account.
func (d Deal) Touched(lastVisit calendar.Day, zone *time.Location) calendar.Day {
	return max(calendar.On(d.UpdatedAt.In(zone)), lastVisit)
}

// Quiet is how many days a deal may lie without a sign of life before its
// owner is reminded (domain.md §11).
func Quiet(tier string) int {
	if tier == "A" {
		return 7
	}
	return 14
}

// Slipped reports whether the closing date has passed.
func (d Deal) Slipped(today calendar.Day) bool {
	return d.Status == Open && d.ExpectedCloseOn != "" && d.ExpectedCloseOn < today
}

// Days is for how many days of the calendar a deal has stood in its stage; they are
// those of the zone of now.
func (d Deal) Days(now time.Time) int {
	return calendar.On(now).Sub(calendar.On(d.EnteredStageAt.In(now.Location())))
}

// Stuck reports whether a deal stands in its stage for more than twice as long
// as deals usually do.
func (d Deal) Stuck(now time.Time, median int, known bool) bool {
	return d.Status == Open && known && d.Days(now) > 2*median
}
