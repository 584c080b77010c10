package visitstore

import (
	"fieldbot/bot/kit/access"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

// Joints are the visits that two of ours made together. What was told stays between them.
var Joints = store.Declare(store.Noun[visit.Joint]{
	About: store.About{Alias: "j", Join: "JOIN visits v ON v.id = j.visit_id", Lives: "j.status <> '" + visit.Undone + "'", Gate: between, May: told, Catalogue: visit.JointCatalogue, Inner: []string{"status"},
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

// JointWith returns that somebody was at a visit, undone or not.
func JointWith(tx *store.Tx, scope access.Scope, visitID, with string) (visit.Joint, bool, error) {
	return Joints.In(scope).Every().And("j.visit_id = ? AND j.with_id = ?", visitID, with).Limit(1).One(tx)
}

// BothThere reports whether somebody has a visit of their own to the place of a visit on
// its day.
func BothThere(tx *store.Tx, scope access.Scope, v visit.Visit, with string) (bool, error) {
	n, err := Visits.In(scope).And("v.visited_on = ? AND v.person_id = ? AND v.store_id = ? AND v.account_id = ? AND v.status IN ('done', 'checked_in')", v.VisitedOn, with, v.StoreID, v.AccountID).Count(tx)
	return n > 0, err
}
