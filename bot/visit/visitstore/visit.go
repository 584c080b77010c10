// Package visitstore keeps visits.
package visitstore

import (
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

var columns = store.Columns[visit.Visit]("v")

// ByID returns a visit, if the scope may see it.
func ByID(tx *store.Tx, scope access.Scope, id string) (visit.Visit, bool, error) {
	var a store.Args
	return store.One[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.id = `+a.Add(id)+` AND `+a.Visits(scope, "v"), a.List...)
}

// ByRef returns the visit that an importer calls so.
func ByRef(tx *store.Tx, scope access.Scope, ref string) (visit.Visit, bool, error) {
	var a store.Args
	return store.One[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.ref = `+a.Add(ref)+` AND v.ref <> '' AND `+a.Visits(scope, "v"), a.List...)
}

// Started returns the visit of a person to a place that began at an instant.
func Started(tx *store.Tx, scope access.Scope, v visit.Visit) (visit.Visit, bool, error) {
	var a store.Args
	when := `v.started_at = ` + a.Add(v.StartedAt)
	if v.StartedAt.IsZero() {
		when += ` AND v.planned_for = ` + a.Add(v.PlannedFor)
	}
	return store.One[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE `+when+` AND v.person_id = `+a.Add(v.PersonID)+
		` AND v.store_id = `+a.Add(v.StoreID)+` AND v.account_id = `+a.Add(v.AccountID)+` AND `+a.Visits(scope, "v"), a.List...)
}

// Filter narrows a list of visits.
type Filter struct {
	Person  string
	StoreID string
	Account string
	Office  bool   // of an account, only visits to its head office
	Status  string // one only
	Limit   int
}

// List returns visits in sight, the one recorded last first. Undone ones are
// left out.
func List(tx *store.Tx, scope access.Scope, f Filter) ([]visit.Visit, error) {
	var a store.Args
	where := `v.reason <> '` + visit.Undone + `'`
	order := `v.visited_on DESC, v.recorded_at DESC`
	if f.StoreID != "" {
		where += ` AND v.store_id = ` + a.Add(f.StoreID) + ` AND v.status IN ('done', 'checked_in', 'missed', 'cancelled')`
	}
	if f.Account != "" {
		where += ` AND v.account_id = ` + a.Add(f.Account)
	}
	if f.Office {
		where += ` AND v.store_id = ''`
	}
	if f.Status != "" {
		where += ` AND v.status = ` + a.Add(f.Status)
	}
	if f.Person != "" {
		where += ` AND v.person_id = ` + a.Add(f.Person) + ` AND v.status <> 'planned'`
		order = `v.recorded_at DESC`
	}
	return store.Rows[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE `+where+` AND `+a.Visits(scope, "v")+` ORDER BY `+order+` LIMIT `+a.Add(f.Limit), a.List...)
}

// Since calls fn with every visit in sight that began in a span; a zero end is
// open.
func Since(tx *store.Tx, scope access.Scope, from, until time.Time, fn func(visit.Visit) error) error {
	var a store.Args
	where := `v.started_at >= ` + a.Add(from)
	if !until.IsZero() {
		where += ` AND v.started_at < ` + a.Add(until)
	}
	return store.Each(tx, fn, `SELECT `+columns+` FROM visits v WHERE `+where+` AND `+a.Visits(scope, "v")+` ORDER BY v.started_at, v.id`, a.List...)
}

// Twin returns the visit, recorded after an instant, that says the same as one.
// One that was undone says nothing any more: the fingerprint holds the status
// it was made with. The status is not asked for in the statement, which would
// lead SQLite to an index that reads all of the person's visits.
func Twin(tx *store.Tx, scope access.Scope, v visit.Visit, since time.Time) (visit.Visit, bool, error) {
	var a store.Args
	same, err := store.Rows[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.entry = `+a.Add(v.Fingerprint())+` AND v.entry <> '' AND v.recorded_at >= `+a.Add(since)+` AND `+a.Visits(scope, "v")+` LIMIT 5`, a.List...)
	for _, twin := range same {
		if twin.Status == v.Status {
			return twin, true, err
		}
	}
	return visit.Visit{}, false, err
}

// Add keeps a new visit.
func Add(tx *store.Tx, v *visit.Visit) error {
	if v.ID == "" {
		v.ID = store.NewID()
	}
	v.Version, v.CreatedAt, v.UpdatedAt, v.Entry = 1, tx.Now, tx.Now, v.Fingerprint()
	return store.Insert(tx, *v)
}

// Change writes a visit over the one that was read.
func Change(tx *store.Tx, before, after visit.Visit) error {
	after.UpdatedAt, after.Entry = tx.Now, after.Fingerprint()
	return store.Update(tx, before, after)
}

// Open returns the visit that a person is in: at most one.
func Open(tx *store.Tx, scope access.Scope, person string) (visit.Visit, bool, error) {
	var a store.Args
	return store.One[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.person_id = `+a.Add(person)+` AND v.status = 'checked_in' AND `+a.Visits(scope, "v"), a.List...)
}

// LeftOpen lists the visits that began before an instant and were never
// checked out.
func LeftOpen(tx *store.Tx, scope access.Scope, before time.Time) ([]visit.Visit, error) {
	var a store.Args
	return store.Rows[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.status = 'checked_in' AND v.started_at <= `+a.Add(before)+` AND `+a.Visits(scope, "v")+` ORDER BY v.started_at LIMIT 500`, a.List...)
}

// Planned lists the visits that a person plans for some days.
func Planned(tx *store.Tx, scope access.Scope, person string, from, to calendar.Day) ([]visit.Visit, error) {
	var a store.Args
	return store.Rows[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.person_id = `+a.Add(person)+` AND v.status = 'planned' AND v.planned_for BETWEEN `+a.Add(from)+` AND `+a.Add(to)+
		` AND `+a.Visits(scope, "v")+` ORDER BY v.planned_for, v.id LIMIT 300`, a.List...)
}

// Before returns the last visit of a person with a location that began before
// another one.
func Before(tx *store.Tx, scope access.Scope, v visit.Visit) (visit.Visit, bool, error) {
	var a store.Args
	return store.One[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.person_id = `+a.Add(v.PersonID)+` AND v.recorded_at >= `+a.Add(v.StartedAt.Add(-24*time.Hour))+
		` AND v.location <> '' AND v.id <> `+a.Add(v.ID)+` AND v.started_at <= `+a.Add(v.StartedAt)+` AND v.reason <> '`+visit.Undone+`' AND `+a.Visits(scope, "v")+` ORDER BY v.started_at DESC LIMIT 1`, a.List...)
}

// On lists the visits of a person on a day, planned ones too.
func On(tx *store.Tx, scope access.Scope, person string, day calendar.Day) ([]visit.Visit, error) {
	var a store.Args
	return store.Rows[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.visited_on = `+a.Add(day)+` AND v.person_id = `+a.Add(person)+` AND v.reason <> '`+visit.Undone+`' AND `+a.Visits(scope, "v")+` ORDER BY v.started_at LIMIT 200`, a.List...)
}

// PlanFor returns the visit that its person planned for the same place within
// some days: the last of them.
func PlanFor(tx *store.Tx, scope access.Scope, v visit.Visit, from, to calendar.Day) (visit.Visit, bool, error) {
	return planned(tx, scope, v, from, to, "DESC")
}

// NextPlan is the same for the first of them.
func NextPlan(tx *store.Tx, scope access.Scope, v visit.Visit, from, to calendar.Day) (visit.Visit, bool, error) {
	return planned(tx, scope, v, from, to, "ASC")
}

func planned(tx *store.Tx, scope access.Scope, v visit.Visit, from, to calendar.Day, order string) (visit.Visit, bool, error) {
	var a store.Args
	return store.One[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.person_id = `+a.Add(v.PersonID)+` AND v.status = 'planned' AND v.planned_for BETWEEN `+a.Add(from)+` AND `+a.Add(to)+
		` AND v.store_id = `+a.Add(v.StoreID)+` AND v.account_id = `+a.Add(v.AccountID)+` AND `+a.Visits(scope, "v")+` ORDER BY v.planned_for `+order+` LIMIT 1`, a.List...)
}

// Unwritten lists the visits of a person on some days that were begun and of
// which nothing was noted.
func Unwritten(tx *store.Tx, scope access.Scope, person string, from, to calendar.Day) ([]visit.Visit, error) {
	var a store.Args
	return store.Rows[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.visited_on BETWEEN `+a.Add(from)+` AND `+a.Add(to)+` AND v.person_id = `+a.Add(person)+
		` AND v.status = 'done' AND v.finished_at > v.started_at AND v.source <> 'import' AND v.met = '' AND v.needs = '' AND v.problems = '' AND v.intent = '' AND v.competitor_news = '' AND v.next_step = '' AND v.satisfaction = 0 AND v.ordered = FALSE AND `+a.Visits(scope, "v")+` ORDER BY v.started_at LIMIT 50`, a.List...)
}

// Steady counts, for each account, the months since a day in which it was
// visited.
func Steady(tx *store.Tx, scope access.Scope, since calendar.Day) (map[string]int64, error) {
	type row struct {
		Account string `db:"account_id"`
		Months  int64  `db:"months"`
	}
	var a store.Args
	rows, err := store.Rows[row](tx, `SELECT v.account_id, count(DISTINCT substr(v.visited_on, 1, 7)) AS months FROM visits v WHERE v.visited_on >= `+a.Add(since)+` AND v.status = 'done' AND `+a.Visits(scope, "v")+` GROUP BY v.account_id`, a.List...)
	out := make(map[string]int64, len(rows))
	for _, r := range rows {
		out[r.Account] = r.Months
	}
	return out, err
}

// HandOver gives what a person plans from a day on, as far as a scope sees it,
// to another: at all places, or those of one account and below it.
func HandOver(tx *store.Tx, scope access.Scope, from, to, account string, today calendar.Day) (int, error) {
	var a store.Args
	where := `v.person_id = ` + a.Add(from) + ` AND v.status = 'planned' AND v.planned_for >= ` + a.Add(today) + ` AND ` + a.Visits(scope, "v")
	if account != "" {
		where += ` AND v.account_id IN (` + a.Below(account) + `)`
	}
	planned, err := store.Rows[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE `+where, a.List...)
	for _, before := range planned {
		after := before
		after.PersonID = to
		if err := Change(tx, before, after); err != nil {
			return 0, err
		}
	}
	return len(planned), err
}

// Agreed lists the places that a person said they would visit by a day, in the
// two weeks up to it, and has not visited since.
func Agreed(tx *store.Tx, scope access.Scope, person string, by calendar.Day) ([]account.Place, error) {
	var a store.Args
	refs, err := store.Rows[string](tx, `SELECT DISTINCT `+accountstore.RefOfVisit+` AS ref
		FROM visits v WHERE v.person_id = `+a.Add(person)+` AND v.next_visit_on BETWEEN `+a.Add(by.Add(-14))+` AND `+a.Add(by)+` AND v.next_visit_on <> '' AND v.status = 'done' AND v.visited_on < `+a.Add(by)+`
		AND NOT EXISTS (SELECT 1 FROM visits l WHERE l.account_id = v.account_id AND l.store_id = v.store_id AND l.status = 'done' AND l.visited_on > v.visited_on)
		AND `+a.Visits(scope, "v")+` ORDER BY ref LIMIT 20`, a.List...)
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
