package visitstore

import (
	"fieldbot/bot/kit/access"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

// Joints are the visits that two of ours made together. What was told stays between them.
var Joints = store.Declare(store.Noun[visit.Joint]{
	About: store.About{Alias: "j", Join: "JOIN visits v ON v.id = j.visit_id", Lives: "j.status <> '" + visit.Undone + "'", Gate: between, May: told, Catalogue: visit.JointCatalogue, Inner: []string{"visit_id", "person_id", "status"},
		NoOwner: "goes with its visit", NoMove: "goes with its visit"},
	Unmake: func(j *visit.Joint) { j.Status = visit.Undone },
})

func between(a *store.Args, s access.Scope) string {
	if s.All() {
		return "TRUE"
	}
	me := a.Add(s.Person)
	return "(j.person_id = " + me + " OR j.with_id = " + me + ")"
}

// told keeps joint visits to those of who was there beside the colleague.
func told(a *store.Args, s access.Scope) string {
	if s.All() {
		return "TRUE"
	}
	return "j.with_id = " + a.Add(s.Person)
}

// JointsOf lists who was at a visit beside its visitor.
func JointsOf(tx *store.Tx, scope access.Scope, visitID string) ([]visit.Joint, error) {
	return Joints.In(scope).And("j.visit_id = ?", visitID).Order("j.id").Limit(20).Rows(tx)
}

// JointWith returns that somebody was at a visit.
func JointWith(tx *store.Tx, scope access.Scope, visitID, with string) (visit.Joint, bool, error) {
	return Joints.In(scope).And("j.visit_id = ? AND j.with_id = ?", visitID, with).Order("j.id").Limit(1).One(tx)
}

// Untold returns the last visit that the person of a scope was at and has told nothing of.
func Untold(tx *store.Tx, scope access.Scope) (visit.Joint, bool, error) {
	return Joints.In(scope).Mine().And("j.coaching = '' AND NOT EXISTS (SELECT 1 FROM joint_visits o WHERE o.visit_id = j.visit_id AND o.with_id = j.with_id AND o.coaching <> '' AND o.status = 'made')").Order("j.id DESC").Limit(1).One(tx)
}

// Coach keeps what was told of a visit, in place of what was told before. It is a row of its
// own, so that the visitor can still take the visit back.
func Coach(tx *store.Tx, scope access.Scope, told visit.Joint) error {
	before, known, err := Joints.In(scope).Mine().And("j.visit_id = ? AND j.coaching <> ''", told.VisitID).Order("j.id").Limit(1).One(tx)
	if err != nil {
		return err
	}
	if !known {
		return Joints.Add(tx, &told)
	}
	after := before
	after.Coaching = told.Coaching
	return Joints.Change(tx, before, after)
}

// BothThere reports whether somebody has a visit of their own to the place of a visit on
// its day.
func BothThere(tx *store.Tx, scope access.Scope, v visit.Visit, with string) (bool, error) {
	n, err := Visits.In(scope).And("v.visited_on = ? AND v.person_id = ? AND v.store_id = ? AND v.account_id = ? AND v.status IN ('done', 'checked_in')", v.VisitedOn, with, v.StoreID, v.AccountID).Count(tx)
	return n > 0, err
}
