// Package visitstore keeps visits.
package visitstore

import (
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

// Visits are calls on stores and head offices. Those that were undone stay there,
// with that reason.
var Visits = store.Declare(store.Noun[visit.Visit]{
	About: store.About{Alias: "v", Gate: seen("v"), May: changed("v"), Account: "account_id", Store: "store_id", Catalogue: visit.Catalogue, Inner: []string{"store_id", "account_id", "person_id", "visited_on"},
		Owners: []store.Owner{{Column: "person_id", Held: "v.status = 'planned' AND v.planned_for >= {today}"}}, Rank: 30},
	Unmake: func(v *visit.Visit) { v.Status, v.Reason = visit.Cancelled, visit.Undone },
	Fill: func(_ *store.Tx, v *visit.Visit) error {
		v.Entry = v.Fingerprint()
		return nil
	},
	Kept: kept,
})

// seen keeps rows to own ones, those of stores in sight, and those of the head offices of
// accounts that the person owns or leads, by the alias of their table.
func seen(alias string) func(a *store.Args, s access.Scope) string {
	return func(a *store.Args, s access.Scope) string {
		s = s.InTheField()
		if s.All() || s.WholeCompany() {
			return "TRUE"
		}
		return `(` + a.Own(alias+".person_id", s) + ` OR ` + alias + `.store_id IN (SELECT s.id FROM stores s WHERE ` + accountstore.Stores.Gate(a, s) +
			`) OR (` + alias + `.store_id = '' AND ` + alias + `.account_id IN (SELECT a.id FROM accounts a WHERE ` + accountstore.Led(a, s) + `)))`
	}
}

// changed keeps rows to own ones, and those that a manager leads.
func changed(alias string) func(a *store.Args, s access.Scope) string {
	return func(a *store.Args, s access.Scope) string {
		s = s.Acting(person.Rep, person.Promoter, person.KAM, person.Manager)
		if s.All() || s.WholeCompany() {
			return "TRUE"
		}
		or := alias + `.person_id = ` + a.Add(s.Person)
		if s.Is(person.Manager) {
			or += ` OR ` + seen(alias)(a, s.As(person.Manager))
		}
		return "(" + or + ")"
	}
}

// kept computes anew when the place of a visit was visited last and is due next,
// where that may have changed.
func kept(tx *store.Tx, before, after visit.Visit) error {
	was, is := callOf(before), callOf(after)
	if was == is {
		return nil
	}
	if is != (call{}) {
		if err := accountstore.Visited(tx, is.store, is.account); err != nil {
			return err
		}
	}
	if was == (call{}) || was.store == is.store && was.account == is.account {
		return nil
	}
	return accountstore.Visited(tx, was.store, was.account)
}

// call is what a place's last visit follows from; a visit that is not done says
// nothing of it.
type call struct {
	store, account string
	on             calendar.Day
}

func callOf(v visit.Visit) call {
	if v.Status != visit.Done {
		return call{}
	}
	return call{v.StoreID, v.AccountID, v.VisitedOn}
}

// ByRef returns the visit that an importer calls so.
func ByRef(tx *store.Tx, scope access.Scope, ref string) (visit.Visit, bool, error) {
	return Visits.In(scope).And("v.ref = ? AND v.ref <> ''", ref).One(tx)
}

// Started returns the visit of a person to a place that began at an instant.
func Started(tx *store.Tx, scope access.Scope, v visit.Visit) (visit.Visit, bool, error) {
	q := Visits.In(scope).And("v.started_at = ?", v.StartedAt)
	if v.StartedAt.IsZero() {
		q.And("v.planned_for = ?", v.PlannedFor)
	}
	return q.And("v.person_id = ? AND v.store_id = ? AND v.account_id = ?", v.PersonID, v.StoreID, v.AccountID).One(tx)
}

// Filter narrows a list of visits.
type Filter struct {
	Person  string
	Others  string // not of this person
	StoreID string
	Account string
	Office  bool   // of an account, only visits to its head office
	Status  string // one only
	Limit   int
}

// List returns visits in sight, the one recorded last first. Undone ones are
// left out.
func List(tx *store.Tx, scope access.Scope, f Filter) ([]visit.Visit, error) {
	q := Visits.In(scope).And(stands).Order("v.visited_on DESC, v.recorded_at DESC, v.id DESC")
	if f.StoreID != "" {
		q.And("v.store_id = ? AND v.status IN ('done', 'checked_in', 'missed', 'cancelled')", f.StoreID)
	}
	if f.Account != "" {
		q.And("v.account_id = ?", f.Account)
	}
	if f.Office {
		q.And("v.store_id = ''")
	}
	if f.Status != "" {
		q.And("v.status = ?", f.Status)
	}
	if f.Others != "" {
		q.And("v.person_id <> ?", f.Others)
	}
	if f.Person != "" {
		q.And("v.person_id = ? AND v.status <> 'planned'", f.Person).Order("v.recorded_at DESC, v.id DESC")
	}
	return q.Limit(f.Limit).Rows(tx)
}

// stands leaves undone visits out.
const stands = `v.reason <> '` + visit.Undone + `'`

// Since calls fn with every visit in sight that began in a span.
func Since(tx *store.Tx, scope access.Scope, from, until time.Time, fn func(visit.Visit) error) error {
	return Visits.In(scope).Since("v.started_at", from, until).Order("v.started_at, v.id").Each(tx, fn)
}

// Twin returns the visit, recorded after an instant, that says the same as one.
// One that was undone says nothing any more: the fingerprint holds the status
// it was made with. The status is not asked for in the statement, which would
// lead SQLite to an index that reads all of the person's visits.
func Twin(tx *store.Tx, scope access.Scope, v visit.Visit, since time.Time) (visit.Visit, bool, error) {
	same, err := Visits.In(scope).And("v.entry = ? AND v.entry <> '' AND v.recorded_at >= ?", v.Fingerprint(), since).Limit(5).Rows(tx)
	for _, twin := range same {
		if twin.Status == v.Status {
			return twin, true, err
		}
	}
	return visit.Visit{}, false, err
}

// Open returns the visit that a person is in: at most one.
func Open(tx *store.Tx, scope access.Scope, person string) (visit.Visit, bool, error) {
	return Visits.In(scope).And("v.person_id = ? AND v.status = 'checked_in'", person).One(tx)
}

// LeftOpen lists the visits that began before an instant and were never
// checked out.
func LeftOpen(tx *store.Tx, scope access.Scope, before time.Time) ([]visit.Visit, error) {
	return Visits.In(scope).And("v.status = 'checked_in' AND v.started_at <= ?", before).Order("v.started_at").Limit(500).Rows(tx)
}

// JustDone returns the visit that a person saved last since an instant.
func JustDone(tx *store.Tx, scope access.Scope, person string, since time.Time) (visit.Visit, bool, error) {
	return Visits.In(scope).And("v.person_id = ? AND v.recorded_at >= ? AND v.status = 'done'", person, since).Order("v.recorded_at DESC, v.id DESC").Limit(1).One(tx)
}

// Planned lists the visits that a person plans for some days.
func Planned(tx *store.Tx, scope access.Scope, person string, from, to calendar.Day) ([]visit.Visit, error) {
	return Visits.In(scope).And("v.person_id = ? AND v.status = 'planned' AND v.planned_for BETWEEN ? AND ?", person, from, to).Order("v.planned_for, v.id").Limit(300).Rows(tx)
}

// Before returns the last visit of a person with a location that began before
// another one.
func Before(tx *store.Tx, scope access.Scope, v visit.Visit) (visit.Visit, bool, error) {
	return Visits.In(scope).And("v.person_id = ? AND v.recorded_at >= ?", v.PersonID, v.StartedAt.Add(-24*time.Hour)).
		And("v.location <> '' AND v.id <> ? AND v.started_at <= ?", v.ID, v.StartedAt).And(stands).Order("v.started_at DESC").Limit(1).One(tx)
}

// On lists the visits of a person on a day, planned ones too.
func On(tx *store.Tx, scope access.Scope, person string, day calendar.Day) ([]visit.Visit, error) {
	return Visits.In(scope).And("v.visited_on = ? AND v.person_id = ?", day, person).And(stands).Order("v.started_at").Limit(200).Rows(tx)
}

// PlanFor returns the visit that its person planned for the same place within
// some days: the last of them.
func PlanFor(tx *store.Tx, scope access.Scope, v visit.Visit, from, to calendar.Day) (visit.Visit, bool, error) {
	return plans(scope, v, from, to).Order("v.planned_for DESC").Limit(1).One(tx)
}

// NextPlan is the same for the first of them.
func NextPlan(tx *store.Tx, scope access.Scope, v visit.Visit, from, to calendar.Day) (visit.Visit, bool, error) {
	return plans(scope, v, from, to).Order("v.planned_for").Limit(1).One(tx)
}

func plans(scope access.Scope, v visit.Visit, from, to calendar.Day) *store.Query[visit.Visit] {
	return Visits.In(scope).And("v.person_id = ? AND v.status = 'planned' AND v.planned_for BETWEEN ? AND ?", v.PersonID, from, to).
		And("v.store_id = ? AND v.account_id = ?", v.StoreID, v.AccountID)
}

// Unwritten lists the visits of a person on some days that were begun and of
// which nothing was noted.
func Unwritten(tx *store.Tx, scope access.Scope, person string, from, to calendar.Day) ([]visit.Visit, error) {
	return Visits.In(scope).And("v.visited_on BETWEEN ? AND ? AND v.person_id = ?", from, to, person).
		And("v.status = 'done' AND v.finished_at > v.started_at AND v.source <> 'import' AND v.met = '' AND v.needs = '' AND v.problems = '' AND v.intent = '' AND v.competitor_news = '' AND v.next_step = '' AND v.satisfaction = 0 AND v.ordered = FALSE").
		Order("v.started_at").Limit(50).Rows(tx)
}

// Agreed lists the places that a person said they would visit by a day, in the
// two weeks up to it, and has not visited since.
func Agreed(tx *store.Tx, scope access.Scope, person string, by calendar.Day) ([]account.Place, error) {
	var a store.Args
	refs, err := store.Rows[string](tx, `SELECT DISTINCT `+accountstore.RefOfVisit+` AS ref
		FROM visits v WHERE v.person_id = `+a.Add(person)+` AND v.next_visit_on BETWEEN `+a.Add(by.Add(-14))+` AND `+a.Add(by)+` AND v.next_visit_on <> '' AND v.status = 'done' AND v.visited_on < `+a.Add(by)+`
		AND NOT EXISTS (SELECT 1 FROM visits l WHERE l.account_id = v.account_id AND l.store_id = v.store_id AND l.status = 'done' AND l.visited_on > v.visited_on)
		AND `+Visits.Gate(&a, scope)+` ORDER BY ref LIMIT 20`, a.List...)
	var out []account.Place
	for _, ref := range refs {
		p, ok, err := accountstore.PlaceByRef(tx, scope, ref)
		if err != nil {
			return nil, err
		}
		if ok && p.Active() {
			out = append(out, p)
		}
	}
	return out, err
}
