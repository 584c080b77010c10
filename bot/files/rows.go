package files

import (
	"maps"
	"time"

	"fieldbot/store"
)

// Rows is how an import finds, fills and keeps rows of one type.
type Rows[T store.Row] struct {
	// Key is what a record is matched by with the rows that are kept, and with the
	// other records.
	Key func(values map[string]string) string
	// Known are the rows that are kept, by key; where they would not fit memory, Find
	// looks one up.
	Known map[string]T
	Find  func(tx *store.Tx, values map[string]string) (T, bool, error)
	ID    func(row *T) *string
	// Fill puts a record into its row; false if it refused the record.
	Fill func(row *T, r *Record) bool
	Same func(before, after T) bool
	// Add and Change write a row; After, if there is one, what stands beside it.
	Add    func(tx *store.Tx, row *T) error
	Change func(tx *store.Tx, before, after T) error
	After  func(tx *store.Tx, row T, r *Record) error
	// Line are the fields of which each record of a paper has its own: records with the
	// same key are lines of one paper, if they are equal but for these.
	Line []string
	// Order puts first what must be written first; nil is the file's order.
	Order func(planned []*Planned[T]) []*Planned[T]
}

// Planned is a record with the row it becomes.
type Planned[T store.Row] struct {
	Record        *Record
	key           string
	before, After T
	isNew         bool
}

// Importing makes the import of a kind.
func Importing[T store.Row](of func(*Job) Rows[T]) func(*Job, []*Record) error {
	return func(j *Job, records []*Record) error { return importRows(j, of(j), records) }
}

// How an import shares the file of SQLite with the daemon: units are short, and
// between them the daemon's writer, which tries each millisecond, gets in. A visit
// beside an import waits some 30 ms, and the import takes a tenth longer.
const (
	chunk = 20 * time.Millisecond
	rest  = 6 * time.Millisecond
)

// importRows plans all records, then writes those that are new or changed.
func importRows[T store.Row](j *Job, k Rows[T], records []*Record) error {
	var plan []*Planned[T]
	// First every row gets its id, so that rows may name later ones.
	first := func(tx *store.Tx) error {
		plan = nil
		seen := map[string]*Record{}
		for _, r := range records {
			if j.bad[r] {
				continue
			}
			p := &Planned[T]{Record: r, key: k.Key(r.Fields)}
			if first := seen[p.key]; first != nil {
				switch {
				case maps.Equal(first.Fields, r.Fields):
				case len(k.Line) > 0 && maps.Equal(without(first.Fields, k.Line), without(r.Fields, k.Line)):
					first.more = append(first.more, r)
				default:
					j.Refuse(r, "row", "names the same as an earlier row, with other values")
				}
				continue
			}
			seen[p.key], r.more = r, nil
			var found bool
			if k.Find == nil {
				p.before, found = k.Known[p.key]
			} else {
				var err error
				if p.before, found, err = k.Find(tx, r.Fields); err != nil {
					return err
				}
			}
			if !found {
				p.isNew = true
				*k.ID(&p.before) = store.NewID()
			}
			p.After = p.before
			plan = append(plan, p)
		}
		return nil
	}
	j.Look(first) // one look at the database for all rows
	j.refs.add(plan2ids(plan, k))
	var good []*Planned[T]
	for _, p := range plan {
		if k.Fill(&p.After, p.Record) {
			good = append(good, p)
		}
	}
	if k.Order != nil {
		good = k.Order(good)
	}
	if j.failed != nil || len(j.result.Bad) > 0 && !j.options.SkipBad {
		return j.failed
	}
	return writeRows(j, k, good)
}

func without(fields map[string]string, keys []string) map[string]string {
	out := maps.Clone(fields)
	for _, k := range keys {
		delete(out, k)
	}
	return out
}

func plan2ids[T store.Row](plan []*Planned[T], k Rows[T]) map[string]string {
	ids := make(map[string]string, len(plan))
	for _, p := range plan {
		ids[p.key] = *k.ID(&p.After)
	}
	return ids
}

func writeRows[T store.Row](j *Job, k Rows[T], plan []*Planned[T]) error {
	for done := 0; done < len(plan); {
		count, next := j.result, done
		err := j.DB.Write(j.ctx, func(tx *store.Tx) error {
			count, next = j.result, done
			tx.By(store.Origin{Source: "import"})
			for start := time.Now(); next < len(plan) && time.Since(start) < chunk; next++ {
				if err := writeRow(j, tx, k, plan[next], &count); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		j.result, done = count, next
		if j.DB.Single() && done < len(plan) {
			<-time.After(rest)
		}
		j.options.Progress(done, len(plan))
	}
	return nil
}

func writeRow[T store.Row](j *Job, tx *store.Tx, k Rows[T], p *Planned[T], count *Result) error {
	same := !p.isNew && k.Same(p.before, p.After)
	switch {
	case same:
		count.Same++
	case p.isNew:
		count.New++
	default:
		count.Changed++
	}
	if j.options.DryRun {
		return nil
	}
	var err error
	row := p.After
	switch {
	case same:
	case p.isNew:
		err = k.Add(tx, &row)
	default:
		err = k.Change(tx, p.before, row)
	}
	if err == nil && k.After != nil {
		err = k.After(tx, row, p.Record)
	}
	return err
}
