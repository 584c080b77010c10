package visittalk

import (
	"strings"
	"time"

	"fieldbot/bot/files"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

// atVisit is a row that stands beside a visit, as files hold it: what names the visit, and
// what is said of it.
type atVisit struct {
	StoreID   string    `db:"store_code"`
	AccountID string    `db:"account_code"`
	PersonID  string    `db:"person"`
	StartedAt time.Time `db:"started_at"`
	WithID    string    `db:"with_id"`
	Code      string    `db:"step"`
	State     string    `db:"state"`
	Reason    string    `db:"reason"`
}

// exportBeside writes what stands beside the visits of a span; the visits are v.
func exportBeside[T store.Row](e *files.Exporter, c field.Catalogue, q *store.Query[T], columns string) error {
	q.Since("v.started_at", e.Span.Since, e.Span.Until).Order("v.started_at, v.id, " + columns)
	return files.Table(e, c, func(add func(atVisit) error) error {
		return store.EachOf(e.Tx, q, "v.store_id AS store_code, v.account_id AS account_code, v.person_id AS person, v.started_at, "+columns, add)
	}, func(row atVisit, values map[string]string) { values["started_at"] = e.Time(row.StartedAt) })
}

// importBeside is the import of what stands beside visits, one of a name each: find looks it up at
// its visit, fill makes sure of the rest.
func importBeside[T store.Row](j *files.Job, c field.Catalogue, name string, find func(*store.Tx, visit.Visit, map[string]string) (T, bool, error), fill func(*T, visit.Visit, *files.Record) bool) files.Rows[T] {
	return files.Rows[T]{
		Key: func(v map[string]string) string {
			at := natural(j, v)
			return strings.Join([]string{at.StoreID, at.AccountID, at.PersonID, v["started_at"], v[name]}, "\x00")
		},
		Find: func(tx *store.Tx, v map[string]string) (row T, known bool, err error) {
			at, made, err := visitstore.Started(tx, byFile, natural(j, v))
			if err != nil || !made {
				return row, false, err
			}
			return find(tx, at, v)
		},
		Fill: func(row *T, r *files.Record) bool {
			if !j.Set(c, row, r) {
				return false
			}
			var at visit.Visit
			made := false
			if _, instant := j.Instant(r.Fields["started_at"]); instant {
				j.Look(func(tx *store.Tx) (err error) {
					at, made, err = visitstore.Started(tx, byFile, natural(j, r.Fields))
					return err
				})
			}
			if !made {
				j.Refuse(r, "started_at", "there is no visit of that person to that place that began then; import visits first")
				return false
			}
			return fill(row, at, r)
		},
		Same: files.Equal[T](c),
	}
}
