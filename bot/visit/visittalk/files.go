package visittalk

import (
	"cmp"
	"fmt"
	"time"

	"fieldbot/bot/config"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

var fileKinds = []files.Kind{
	{Name: "visits", Catalogue: visit.Catalogue, Export: export, Import: files.Importing(imported)},
	{Name: "activities", Catalogue: visit.ActivityCatalogue, Export: exportActivities, Import: files.Importing(importActivities)},
	{Name: "joint_visits", Catalogue: visit.JointCatalogue, Export: exportJoints, Import: files.Importing(importJoints)},
	{Name: "visit_steps", Catalogue: visit.StepCatalogue, Export: exportSteps, Import: files.Importing(importSteps)},
	{Name: "visit_numbers", Export: exportNumbers},
}

var byFile = access.System("files of visits")

func export(e *files.Exporter) error {
	return files.Table(e, visit.Catalogue, func(add func(visit.Visit) error) error {
		return visitstore.Since(e.Tx, byFile, e.Span.Since, e.Span.Until, add)
	}, func(v visit.Visit, values map[string]string) {
		code := e.Name(v.StoreID)
		values["store_code"], values["store_name"] = code, e.StoreOf(code).Name
		values["account_code"], values["person"] = e.Name(v.AccountID), e.Name(v.PersonID)
		values["started_at"], values["finished_at"], values["recorded_at"] = e.Time(v.StartedAt), e.Time(v.FinishedAt), e.Time(v.RecordedAt)
	})
}

func imported(j *files.Job) files.Rows[visit.Visit] {
	return files.Rows[visit.Visit]{
		Key: func(v map[string]string) string {
			if v["ref"] != "" {
				return v["ref"]
			}
			x := natural(j, v)
			at := max(0, x.StartedAt.UnixMilli())
			if at > 0 {
				x.PlannedFor = "" // a plan that was made is known by when it began
			}
			return fmt.Sprintf("%s:%s:%s:%d:%s", x.PersonID, x.StoreID, x.AccountID, at, x.PlannedFor)
		},
		Find: func(tx *store.Tx, v map[string]string) (visit.Visit, bool, error) {
			if v["ref"] != "" {
				return visitstore.ByRef(tx, byFile, v["ref"])
			}
			return visitstore.Started(tx, byFile, natural(j, v))
		},
		ID:   func(v *visit.Visit) *string { return &v.ID },
		Fill: func(v *visit.Visit, r *files.Record) bool { return fillImported(j, v, r) },
		Same: func(a, b visit.Visit) bool {
			return files.Equal[visit.Visit](visit.Catalogue)(a, b) && a.StartedAt.Equal(b.StartedAt) && a.FinishedAt.Equal(b.FinishedAt) && a.PersonID == b.PersonID && a.StoreID == b.StoreID && a.AccountID == b.AccountID
		},
		Add: func(tx *store.Tx, v *visit.Visit) error {
			v.RecordedAt, v.Source = cmp.Or(v.RecordedAt, tx.Now), cmp.Or(v.Source, "import")
			return visitstore.Visits.Add(tx, v)
		},
		Change: visitstore.Visits.Change,
	}
}

// natural is what a visit without a number of another system is known by: who was
// where, and when.
func natural(j *files.Job, v map[string]string) visit.Visit {
	at, _ := j.Instant(v["started_at"])
	s := j.StoreByCode(v["store_code"])
	x := visit.Visit{PersonID: j.PersonID(v["person"]), StoreID: s.ID, AccountID: s.AccountID, StartedAt: at, PlannedFor: calendar.Day(v["planned_for"])}
	if s.ID == "" {
		x.AccountID = j.AccountByCode(v["account_code"]).ID
	}
	return x
}

func fillImported(j *files.Job, v *visit.Visit, r *files.Record) bool {
	s, ok := j.StoreOf(r, "store_code")
	if !ok {
		return false
	}
	a, ok := j.AccountOf(r, "account_code")
	if !ok {
		return false
	}
	who, ok := j.Person(r, "person")
	if !ok {
		return false
	}
	owner, ok := j.Person(r, "next_owner")
	if !ok {
		return false
	}
	switch {
	case s.ID == "" && a == "":
		j.Refuse(r, "store_code", "give a store_code or an account_code")
		return false
	case s.ID != "":
		a = s.AccountID
	}
	started, ok := j.Instant(r.Fields["started_at"])
	if !ok && r.Fields["planned_for"] == "" {
		j.Refuse(r, "started_at", "write a time such as 2026-11-21T10:02:00+08:00 or 2026-11-21 10:02")
		return false
	}
	finished, ok := j.Instant(r.Fields["finished_at"])
	if !ok {
		finished = started
	}
	switch {
	case started.After(j.DB.Now()):
		j.Refuse(r, "started_at", "is still to come; give planned_for for a visit to come")
		return false
	case finished.Before(started):
		j.Refuse(r, "finished_at", "is before started_at")
		return false
	}
	rest := map[string]string{}
	for key, value := range r.Fields {
		f, _ := visit.Catalogue.Get(key)
		if f.Kind != field.Person && f.Kind != field.Place && f.Kind != field.Account && key != "started_at" && key != "finished_at" && key != "recorded_at" {
			rest[key] = value
		}
	}
	if err := visit.Catalogue.Set(v, rest); err != nil {
		j.Refuse(r, "row", err.Error())
		return false
	}
	v.StoreID, v.AccountID, v.PersonID, v.NextOwner = s.ID, a, who, owner
	v.StartedAt, v.FinishedAt = started, finished
	if recorded, ok := j.Instant(r.Fields["recorded_at"]); ok {
		v.RecordedAt = recorded
	}
	if v.Status == "" || v.Status == visit.CheckedIn && v.Version == 0 {
		v.Status = visit.Done // whoever is in there now is in there elsewhere
	}
	if v.Presence == "" {
		v.Presence = "unknown"
	}
	if !started.IsZero() {
		v.VisitedOn = command.WordsFor(j.PersonByID(who), j.Config).Today(started)
	}
	return true
}

var numberColumns = []string{"by", "key", "from", "to", "visits", "due", "in_time", "compliance", "owned", "visited", "coverage", "with_order", "strike_rate", "median_minutes", "verified", "store_visits", "verified_share", "flagged", "steps", "steps_done"}

// exportNumbers writes the numbers of a span by person, territory and tier; an
// open span is that of the last 30 days.
func exportNumbers(e *files.Exporter) error {
	today, span := e.Days(30)
	w, err := e.Writer(numberColumns)
	if err != nil {
		return err
	}
	places, err := visitstore.Rhythm(e.Tx, byFile, visitstore.Among{}, e.Config.Visits.Cadence, span)
	if err != nil {
		return err
	}
	done, err := visitstore.Done(e.Tx, byFile, visitstore.Among{}, span)
	if err != nil {
		return err
	}
	if err := visitstore.CountSteps(e.Tx, config.Of[visit.StepSettings](e.Config), span, done); err != nil {
		return err
	}
	for _, by := range visit.Groups {
		result := visit.Count(places, done, span, today, visit.Group(by), "")
		for _, key := range result.Keys {
			name := key
			if by == string(visit.ByPerson) {
				name = e.Name(key)
			}
			if err := w.Write(numberRow(by, name, span, *result.Groups[key])); err != nil {
				return err
			}
		}
	}
	return w.Close()
}

func numberRow(by, key string, span calendar.Span, n visit.Numbers) []any {
	percent := func(part, all int) any {
		p, ok := money.Percent(part, all)
		if !ok {
			return ""
		}
		return int64(p)
	}
	count := func(n int) any { return int64(n) }
	return []any{by, key, string(span.From), string(span.To), count(n.Visits), count(n.Due), count(n.InTime), percent(n.InTime, n.Due), count(n.Owned), count(n.Visited), percent(n.Visited, n.Owned),
		count(n.Orders), percent(n.Orders, n.Visits), count(int(n.MedianStay().Round(time.Minute) / time.Minute)), count(n.Verified), count(n.ToStores), percent(n.Verified, n.ToStores), count(n.Flagged), count(n.Steps), count(n.Stepped)}
}
