package visitstore

import (
	"errors"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

// Steps are what was done of the steps of visits, seen with the visit.
// Ungated: joins the visit that gates it.
var Steps = store.Declare(store.Noun[visit.StepTaken]{
	About: store.About{Alias: "vs", Join: "JOIN visits v ON v.id = vs.visit_id", Gate: seen("v"), May: changed("v"), Catalogue: visit.StepCatalogue, Inner: []string{"visit_id"},
		NoOwner: "goes with its visit", NoMove: "goes with its visit"},
	Unmake: func(s *visit.StepTaken) { s.State, s.Reason = visit.StepOpen, "" },
})

// StepsOf lists what was done of a visit's steps.
func StepsOf(tx *store.Tx, scope access.Scope, visitID string) ([]visit.StepTaken, error) {
	return Steps.In(scope).And("vs.visit_id = ?", visitID).Order("vs.id").Limit(100).Rows(tx)
}

// StepOf returns what was done of one step of a visit.
func StepOf(tx *store.Tx, scope access.Scope, visitID, code string) (visit.StepTaken, bool, error) {
	return Steps.In(scope).And("vs.visit_id = ? AND vs.step = ?", visitID, code).One(tx)
}

// SetStep writes what became of a step of a visit.
func SetStep(tx *store.Tx, scope access.Scope, s visit.StepTaken) error {
	before, known, err := StepOf(tx, scope, s.VisitID, s.Code)
	if err != nil {
		return err
	}
	if !known {
		return Steps.Add(tx, &s)
	}
	after := before
	after.State, after.Reason = s.State, s.Reason
	if store.Same(before, after) {
		return nil
	}
	return Steps.Change(tx, before, after)
}

// CountSteps notes at the visits of a span how many steps they have and how many were done,
// of those with a check-in and a check-out, from the day on which somebody first ticked one:
// at the check-in they are asked for. Where no visit has any, nothing is read.
// Ungated: of visits that the caller has in sight.
func CountSteps(tx *store.Tx, settings visit.StepSettings, span calendar.Span, visits []visit.Counted) error {
	if settings.None() {
		return nil
	}
	type row struct {
		Visit string `db:"visit_id"`
		Code  string `db:"step"`
		State string `db:"state"`
	}
	taken := map[string][]visit.StepTaken{}
	err := store.Each(tx, func(r row) error {
		taken[r.Visit] = append(taken[r.Visit], visit.StepTaken{Code: r.Code, State: r.State})
		return nil
	}, `SELECT vs.visit_id, vs.step, vs.state FROM visit_steps vs JOIN visits v ON v.id = vs.visit_id WHERE v.visited_on BETWEEN $1 AND $2`, span.From, span.To)
	since, _, first := store.One[calendar.Day](tx, `SELECT v.visited_on FROM visit_steps vs JOIN visits v ON v.id = vs.visit_id ORDER BY vs.id LIMIT 1`)
	if err = errors.Join(err, first); since == "" {
		return err
	}
	for i, v := range visits {
		if v.Stay == 0 || v.Day < since {
			continue
		}
		kind := account.KindAccount
		if v.ToStore {
			kind = account.KindStore
		}
		steps := settings.Of(kind, v.Format)
		done, skipped, _ := visit.Taken(steps, taken[v.ID])
		visits[i].Steps, visits[i].StepsDone = len(steps)-skipped, done
	}
	return err
}
