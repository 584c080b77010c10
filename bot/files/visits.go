package files

import (
	"errors"
	"fmt"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

func visitsKind(j *job) kind[visit.Visit] {
	k := kind[visit.Visit]{existing: map[string]visit.Visit{}, id: func(v *visit.Visit) *string { return &v.ID }}
	natural := func(person, store, account string, at int64, planned string) string {
		if at > 0 {
			planned = "" // a plan that was made is known by when it began
		}
		return fmt.Sprintf("visits:%s:%s:%s:%d:%s", person, store, account, at, planned)
	}
	k.key = func(v map[string]string) string {
		if v["ref"] != "" {
			key := "visits:" + v["ref"]
			j.findVisit(key, visit.Visit{Ref: v["ref"]}, k.existing)
			return key
		}
		at, _ := j.instant(v["started_at"])
		who := j.refs.people[v["person"]]
		s := j.refs.stores[v["store_code"]]
		a := j.refs.accounts[v["account_code"]].ID
		if s.ID != "" {
			a = s.AccountID
		}
		key := natural(who, s.ID, a, max(0, at.UnixMilli()), v["planned_for"])
		j.findVisit(key, visit.Visit{PersonID: who, StoreID: s.ID, AccountID: a, StartedAt: at, PlannedFor: calendar.Day(v["planned_for"])}, k.existing)
		return key
	}
	k.fill = func(v *visit.Visit, r *record) bool { return j.fillVisit(v, r) }
	k.same = func(a, b visit.Visit) bool {
		return equal[visit.Visit](visit.Catalogue)(a, b) && a.StartedAt.Equal(b.StartedAt) && a.FinishedAt.Equal(b.FinishedAt) && a.PersonID == b.PersonID && a.StoreID == b.StoreID && a.AccountID == b.AccountID
	}
	k.add = func(tx *store.Tx, v *visit.Visit) error {
		v.RecordedAt, v.Source = tx.Now, "import"
		return visitstore.Visits.Add(tx, v)
	}
	k.change = visitstore.Visits.Change
	return k
}

// findVisit looks up one visit; a million of them would not fit memory.
func (j *job) findVisit(key string, like visit.Visit, existing map[string]visit.Visit) {
	j.failed = errors.Join(j.failed, j.db.Read(j.ctx, func(tx *store.Tx) error {
		v, ok, err := visitstore.ByRef(tx, system, like.Ref)
		if like.Ref == "" {
			v, ok, err = visitstore.Started(tx, system, like)
		}
		if ok {
			existing[key] = v
		}
		return err
	}))
}

func (j *job) fillVisit(v *visit.Visit, r *record) bool {
	s, ok := j.storeOf(r, "store_code")
	if !ok {
		return false
	}
	a, ok := j.accountOf(r, "account_code")
	if !ok {
		return false
	}
	who, ok := j.person(r, "person")
	if !ok {
		return false
	}
	owner, ok := j.person(r, "next_owner")
	if !ok {
		return false
	}
	switch {
	case s.ID == "" && a == "":
		j.refuse(r, "store_code", "give a store_code or an account_code")
		return false
	case s.ID != "":
		a = s.AccountID
	}
	started, ok := j.instant(r.values["started_at"])
	if !ok && r.values["planned_for"] == "" {
		j.refuse(r, "started_at", "write a time such as 2026-11-21T10:02:00+08:00 or 2026-11-21 10:02")
		return false
	}
	finished, ok := j.instant(r.values["finished_at"])
	if !ok {
		finished = started
	}
	switch {
	case started.After(j.db.Now()):
		j.refuse(r, "started_at", "is still to come; give planned_for for a visit to come")
		return false
	case finished.Before(started):
		j.refuse(r, "finished_at", "is before started_at")
		return false
	}
	rest := map[string]string{}
	for key, value := range r.values {
		f, _ := visit.Catalogue.Get(key)
		if f.Kind != field.Person && f.Kind != field.Place && f.Kind != field.Account && key != "started_at" && key != "finished_at" {
			rest[key] = value
		}
	}
	if err := visit.Catalogue.Set(v, rest); err != nil {
		j.refuse(r, "row", err.Error())
		return false
	}
	v.StoreID, v.AccountID, v.PersonID, v.NextOwner = s.ID, a, who, owner
	v.StartedAt, v.FinishedAt = started, finished
	if v.Status == "" || v.Status == visit.CheckedIn && v.Version == 0 {
		v.Status = visit.Done // whoever is in there now is in there elsewhere
	}
	if v.Presence == "" {
		v.Presence = "unknown"
	}
	if !started.IsZero() {
		v.VisitedOn = command.WordsFor(j.refs.byID[who], j.config).Today(started)
	}
	return true
}
