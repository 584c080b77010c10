// Package credit knows how far a customer is trusted (信用): its grade and limit, what of
// it is drawn, and when deliveries stop (domain.md §7). Amounts are minor units of the
// company's currency.
package credit

import (
	"slices"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/flow"
	"fieldbot/bot/kit/money"
)

// Settings are what a company sets.
type Settings struct {
	Grades         map[string]Grade `yaml:"grades"`
	GraceDays      int              `yaml:"grace_days"`      // overdue for longer stops deliveries
	Threshold      string           `yaml:"threshold"`       // overdue below it stops nothing
	ReleaseDays    int              `yaml:"release_days"`    // for how long a release holds
	AbnormalFactor int              `yaml:"abnormal_factor"` // an order this many times the store's median waits
	Remind         []int            `yaml:"remind"`          // days after the due day on which an open invoice is spoken of
}

// Grade is what a grade allows.
type Grade struct {
	Days int `yaml:"days"`
}

// Grades are the grades, the best first.
var Grades = []string{"A", "B", "C", "D"}

// Default is what stands where a company sets nothing (domain.md §7, §11).
func Default() Settings {
	return Settings{Grades: map[string]Grade{"A": {60}, "B": {45}, "C": {30}, "D": {0}}, GraceDays: 7, Threshold: "1.00", ReleaseDays: 3, AbnormalFactor: 3, Remind: []int{-7, 0, 1, 3, 5, 7, 15, 30}}
}

// Check says what a company has set wrong.
func (s Settings) Check(bad func(key, cure string, args ...any)) {
	for grade, g := range s.Grades {
		if !slices.Contains(Grades, grade) || g.Days < 0 || g.Days > 365 {
			bad("grades", "write the days of A, B, C and D, from 0 to 365, not %s: %d", grade, g.Days)
		}
	}
	if _, err := money.Parse(s.Threshold, "EUR"); err != nil {
		bad("threshold", "write an amount such as \"1.00\"")
	}
	for key, n := range map[string]int{"grace_days": s.GraceDays, "release_days": s.ReleaseDays, "abnormal_factor": s.AbnormalFactor} {
		if n < 1 || n > 90 {
			bad(key, "write a number from 1 to 90")
		}
	}
	for _, n := range s.Remind {
		if n < -60 || n > 365 {
			bad("remind", "write days from -60 to 365")
		}
	}
}

// Credit is how far one debtor is trusted.
type Credit struct {
	ID           string       `db:"id"`
	Version      int64        `db:"version"`
	AccountID    string       `db:"account_id"`
	Grade        string       `db:"grade"`        // empty: nobody graded it, so nothing is limited
	Limit        int64        `db:"credit_limit"` // a set amount; 0: what the grade computes
	Days         int64        `db:"days"`         // of the account's own; 0: the grade's
	Hold         bool         `db:"hold"`
	HoldSince    calendar.Day `db:"hold_since"`
	Reason       string       `db:"reason"` // of the hold: over, overdue
	ReleaseUntil calendar.Day `db:"release_until"`
	SparedUntil  calendar.Day `db:"spared_until"` // who was asked on D+7 said not to stop yet
	AskedGrade   string       `db:"asked_grade"`  // of a change that waits for its yes
	Facts        string       `db:"facts"`        // of the request
	OwnerID      string       `db:"owner_id"`     // who asked
	Status       string       `db:"status"`
	CreatedAt    time.Time    `db:"created_at"`
	UpdatedAt    time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (c Credit) Table() string { return "credits" }

// Key implements store.Row.
func (c Credit) Key() (string, int64) { return c.ID, c.Version }

// Catalogue is what is known of credit.
var Catalogue = field.Catalogue{Noun: "credits", Fields: []field.Field{
	{Key: "account_code", Kind: field.Account, Use: field.File, Required: true, Column: "account_id"},
	{Key: "grade", Kind: field.Choice, Use: field.All, Options: Grades},
	{Key: "limit", Kind: field.Money, Use: field.All, Column: "credit_limit"},
	{Key: "days", Kind: field.Number, Use: field.All, Lo: 0, Hi: 365},
	{Key: "facts", Kind: field.Long, Use: field.Ask, Required: true, Max: 2000},
	{Key: "exposure", Kind: field.Money, Use: field.Export},
	{Key: "overdue", Kind: field.Money, Use: field.Export},
	{Key: "hold", Kind: field.YesNo, Use: field.Export},
	{Key: "hold_since", Kind: field.Date, Use: field.Export},
	{Key: "reason", Kind: field.Choice, Use: field.Export, Options: []string{Over, Overdue}},
	{Key: "release_until", Kind: field.Date, Use: field.Export},
}}

// The states of a credit.
const (
	Settled  = "settled"
	Asked    = "asked"    // another grade waits for the manager and finance
	Pleading = "pleading" // a release for a time does
	Undone   = "undone"
)

// Life is what becomes of a grade: it changes by the yes of the manager and of finance.
var Life = flow.Flow[Credit]{
	First: Settled, Last: nil,
	State: func(c *Credit) *string { return &c.Status },
	Moves: []flow.Move[Credit]{
		{Name: "ask", From: []string{Settled}, To: Asked, Who: []flow.Actor{flow.Owner}, Ask: askFields,
			Set: func(c *Credit, v map[string]string, _ string, _ time.Time) error {
				if v["grade"] == c.Grade {
					return fault.At("grade", "credit_same", "grade", c.Grade)
				}
				c.AskedGrade, c.Facts = v["grade"], v["facts"]
				return nil
			}},
		{Name: "grant", From: []string{Asked}, To: Settled, Answer: true, Need: []flow.Actor{flow.Leader, flow.Finance}, Else: Settled, Silence: Settled,
			Set: func(c *Credit, _ map[string]string, _ string, _ time.Time) error {
				c.Grade, c.AskedGrade = c.AskedGrade, ""
				return nil
			}},
		{Name: "plead", From: []string{Settled}, To: Pleading, Who: []flow.Actor{flow.Owner}, Guard: held, Ask: []field.Field{{Key: "facts", Kind: field.Text, Required: true, Max: 300, Noun: "credits"}},
			Set: func(c *Credit, v map[string]string, _ string, _ time.Time) error { c.Facts = v["facts"]; return nil }},
		{Name: "release", From: []string{Pleading}, To: Settled, Answer: true, Need: []flow.Actor{flow.Leader, flow.Finance}, Else: Settled, Silence: Settled},
	},
}

// askFields are what another grade is asked for with (domain.md §7: legal person, capital,
// ownership, floor area, state of business, funds, potential, cost).
var askFields = []field.Field{{Key: "grade", Kind: field.Choice, Required: true, Options: Grades, Noun: "credits"}, {Key: "facts", Kind: field.Long, Required: true, Max: 2000, Noun: "credits"}}

func held(c Credit, _ time.Time) error {
	if !c.Hold {
		return fault.New(fault.Conflict, "credit_no_hold")
	}
	return nil
}

// The reasons of a hold.
const (
	Over    = "over"
	Overdue = "overdue"
)

// Facts are what a hold follows from.
type Facts struct {
	Credit    Credit
	Known     bool         // the account has a grade; without one nothing is limited
	Limit     int64        // see LimitOf
	Exposure  int64        // open invoices, what was delivered and not invoiced, open orders: each amount once
	OldestDue calendar.Day // of what is overdue and not disputed; "" is none
	Overdue   int64        // all of it
	Stopping  int64        // of it what is past the grace: paying it lifts the hold
	Today     calendar.Day
}

// LimitOf is the limit of a grade: average monthly credit sales of the last six full
// months × (days ÷ 30 + 0.5), D: 0; or the amount that was set.
func LimitOf(c Credit, s Settings, sales6 int64) int64 {
	switch {
	case c.Limit > 0:
		return c.Limit
	case c.Grade == "D":
		return 0
	}
	days := c.Days
	if days == 0 {
		days = int64(s.Grades[c.Grade].Days)
	}
	return sales6 * (2*days + 30) / 360
}

// Decision is whether deliveries stop, why, and what lifts it.
type Decision struct {
	Hold bool
	Why  string // Over or Overdue
	Lift int64  // the amount that has to come
	Late int    // days, of the oldest
}

// until reports whether today lies before the end of a day that may not be set.
func (f Facts) until(day calendar.Day) bool { return day != "" && day >= f.Today }

// Decide says whether new orders and deliveries stop: what is drawn is above the limit, or
// something is overdue past the grace, and nobody has released it for a time. Exactly at
// the limit passes, and what is below the threshold stops nothing. More is what an order
// would draw anew.
func (f Facts) Decide(s Settings, more int64) Decision {
	released, spared := f.until(f.Credit.ReleaseUntil), f.until(f.Credit.SparedUntil)
	threshold, err := money.Parse(s.Threshold, "EUR")
	late := 0
	if f.OldestDue != "" {
		late = f.Today.Sub(f.OldestDue)
	}
	d := Decision{Late: late}
	switch {
	case released:
	case late > s.GraceDays && f.Stopping >= threshold.Minor && err == nil && !spared:
		d.Hold, d.Why, d.Lift = true, Overdue, f.Stopping
	case f.Known && f.Exposure+more > f.Limit:
		d.Hold, d.Why, d.Lift = true, Over, f.Exposure+more-f.Limit
	}
	return d
}

// Breach is what speaks against a customer's good faith (诚信档案).
type Breach struct {
	ID         string       `db:"id"`
	Version    int64        `db:"version"`
	AccountID  string       `db:"account_id"`
	Kind       string       `db:"breach"`
	HappenedOn calendar.Day `db:"happened_on"`
	Note       string       `db:"note"`
	PersonID   string       `db:"person_id"`
	Status     string       `db:"status"`
	CreatedAt  time.Time    `db:"created_at"`
	UpdatedAt  time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (b Breach) Table() string { return "credit_breaches" }

// Key implements store.Row.
func (b Breach) Key() (string, int64) { return b.ID, b.Version }

// BreachCatalogue is what is known of breaches.
var BreachCatalogue = field.Catalogue{Noun: "credit_breaches", Fields: []field.Field{
	{Key: "account_code", Kind: field.Account, Use: field.Export, Column: "account_id"},
	{Key: "breach", Kind: field.Choice, Use: field.Ask | field.Export, Required: true, Options: []string{"broken_promise", "diversion", "price_cut", "unfounded_deduction"}},
	{Key: "happened_on", Kind: field.Date, Use: field.Ask | field.Export, Past: true},
	{Key: "note", Kind: field.Text, Use: field.Ask | field.Export, Max: 200},
}}

// breachDays is how long a breach is held against a customer's orders.
const breachDays = 365

// BreachesFrom is the first day of the breaches that count at a day.
func BreachesFrom(today calendar.Day) calendar.Day { return today.Add(1 - breachDays) }

// Caps reports whether an order is more than a customer may have whose good faith is in
// doubt: at grades C and D, with a breach of the last year, at most what is usual. Without
// a usual order, 0, nothing is capped.
func Caps(grade string, breaches int, usual, amount int64) bool {
	return (grade == "C" || grade == "D") && breaches > 0 && usual > 0 && amount > usual
}

// Ladder is how far it has come with a debtor whose deliveries are stopped: 1 控制发货
// deliveries are controlled, 2 缩减账期 a shorter term is proposed, 3 中止合作 the end of the
// business is; 0 where nothing is stopped. The business names the steps and no days: a
// month each.
func Ladder(since, today calendar.Day) int {
	if since == "" {
		return 0
	}
	return min(3, 1+today.Sub(since)/30)
}

// Proposed is the grade that a customer's record speaks for: late by more than 15 days on
// average over six months is one down; never late for twelve, one up may be asked for.
// It is the grade itself where nothing speaks against it.
func Proposed(grade string, averageLate int, invoices int, neverLateForAYear bool) string {
	at := slices.Index(Grades, grade)
	switch {
	case at < 0:
	case invoices > 0 && averageLate > lateForDown && at < len(Grades)-1:
		return Grades[at+1]
	case invoices > 0 && neverLateForAYear && at > 0:
		return Grades[at-1]
	}
	return grade
}

const lateForDown = 15
