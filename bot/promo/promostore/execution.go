package promostore

import (
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/promo"
	"fieldbot/store"
)

// Executions are what stores are to do, agreed to and did.
// Ungated: joins the promo that it is of.
var Executions = store.Declare(store.Noun[promo.Execution]{
	About: store.About{Alias: "x", Join: "JOIN promos o ON o.id = x.promo_id", Lives: "x.status <> 'dropped' AND o.status <> 'undone'", Gate: executionsSeen, May: mayReport, Account: "account_id", Store: "store_id", Rank: 27, Catalogue: promo.ExecutionCatalogue,
		Owners: []store.Owner{{Column: "local_id", Held: "x.local_id <> '' AND o.status IN ('draft', 'submitted', 'approved', 'confirmed', 'running')"}},
		Inner:  []string{"promo_id", "account_id", "local_id", "agreed_by", "again", "reported_on", "checked_by"}},
	Unmake: func(e *promo.Execution) { e.Status = promo.Dropped },
	Kept:   func(tx *store.Tx, _, e promo.Execution) error { return recount(tx, e.PromoID) },
})

// executionsSeen keeps executions to those of stores in sight, those that a person sees to
// on the spot, and those of accounts whose card a person sees as more than a rep.
func executionsSeen(a *store.Args, s access.Scope) string {
	if accountstore.Everything(s) {
		return "TRUE"
	}
	return `(` + a.Own("x.local_id", s) + ` OR x.store_id IN (SELECT s.id FROM stores s WHERE ` + accountstore.Stores.Gate(a, s) + `))`
}

// mayReport keeps executions to those of stores that a person serves or leads, and those
// that a person sees to on the spot.
func mayReport(a *store.Args, s access.Scope) string {
	s = s.Acting(promo.Reporters...)
	if s.All() || s.WholeCompany() {
		return "TRUE"
	}
	or := `x.local_id = ` + a.Add(s.Person) + ` OR x.store_id IN (SELECT s.id FROM stores s WHERE ` + accountstore.Stores.May(a, s) + `)`
	if s.Is(person.Promoter) {
		or += ` OR x.store_id IN (SELECT store_id FROM store_people WHERE person_id = ` + a.Add(s.Person) + `)`
	}
	return "(" + or + ")"
}

// Of lists the executions of a promo, by store.
func Of(tx *store.Tx, scope access.Scope, promoID string) ([]promo.Execution, error) {
	return Executions.In(scope).And("x.promo_id = ?", promoID).Order("(SELECT code FROM stores WHERE id = x.store_id)").Limit(mostStores).Rows(tx)
}

// OfStore returns the execution of a promo in a store.
func OfStore(tx *store.Tx, scope access.Scope, promoID, storeID string) (promo.Execution, bool, error) {
	return Executions.In(scope).And("x.promo_id = ? AND x.store_id = ?", promoID, storeID).One(tx)
}

// ToReport lists the executions that a person may report, of promos that run or have run,
// and of which nobody has yet.
func ToReport(tx *store.Tx, scope access.Scope) ([]promo.Execution, error) {
	return Executions.In(scope).Mine().And("o.status = 'running' AND x.status IN ('planned', 'unverified')").Order("o.ends_on, x.id").Limit(200).Rows(tx)
}

// ToAgree lists the executions whose stores have not confirmed, of promos that wait for it.
func ToAgree(tx *store.Tx, scope access.Scope) ([]promo.Execution, error) {
	return Executions.In(scope).Mine().And("o.status = 'approved' AND x.agreed_with = ''").Order("o.starts_on, x.id").Limit(200).Rows(tx)
}

// ToCheck lists the executions that nobody reported by the end, or whose photo was used
// before: a manager looks again.
func ToCheck(tx *store.Tx, scope access.Scope) ([]promo.Execution, error) {
	return Executions.In(scope).Mine().And("o.status = 'running' AND (x.status = 'unverified' OR (x.again OR x.late) AND x.checked_by = '')").Order("o.ends_on, x.id").Limit(200).Rows(tx)
}

// NotCleared (已执行未核销) lists what was done, fully or in part, of promos that are verified
// and not settled.
func NotCleared(tx *store.Tx, scope access.Scope, limit int) ([]promo.Execution, error) {
	return Executions.In(scope).And("o.status = 'verified' AND x.status IN ('executed', 'partly') AND x.fee > 0").Order("o.ends_on, x.id").Limit(limit).Rows(tx)
}

// Freeze marks what nobody reported of a promo whose slot is over.
func Freeze(tx *store.Tx, p promo.Promo, today calendar.Day) (int, error) {
	if today <= p.EndsOn {
		return 0, nil
	}
	open, err := Executions.In(access.System("a promo's slot is over")).And("x.promo_id = ? AND x.status = 'planned'", p.ID).Order("x.id").Limit(mostStores).Rows(tx)
	if err != nil {
		return 0, err
	}
	for _, e := range open {
		after := e
		after.Status = promo.Unverified
		if err := Executions.Change(tx, e, after); err != nil {
			return 0, err
		}
	}
	return len(open), nil
}

// ofExecution is the subject of an execution's photos, before its id.
const ofExecution = "promo_executions:"

// Subject is an execution as its photos name it.
func Subject(e promo.Execution) string { return ofExecution + e.ID }

// OfSubject is the id of the execution that a subject of photos names; it is false for
// others.
func OfSubject(subject string) (id string, ok bool) { return strings.CutPrefix(subject, ofExecution) }

// PhotoSeen marks an execution whose picture was used before: it proves nothing until a
// manager takes it. It returns the execution, and where the picture was used, if it is one.
func PhotoSeen(tx *store.Tx, subject string, others []string) (promo.Execution, string, error) {
	id, is := OfSubject(subject)
	if !is || len(others) == 0 {
		return promo.Execution{}, "", nil
	}
	for _, other := range others {
		if other == subject {
			continue
		}
		before, ok, err := store.Known[promo.Execution](tx, id)
		if err != nil || !ok || before.Again || before.CheckedBy != "" {
			return promo.Execution{}, "", err
		}
		after := before
		after.Again = true
		if err := tx.Unasked(func() error { return Executions.Change(tx, before, after) }); err != nil {
			return promo.Execution{}, "", err
		}
		after.Version++
		return after, other, nil
	}
	return promo.Execution{}, "", nil
}
