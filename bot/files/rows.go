package files

import (
	"maps"
	"time"

	"fieldbot/store"
)

// kind is how rows of one type are found, filled and kept.
type kind[T store.Row] struct {
	key      func(values map[string]string) string // what rows are matched by
	existing map[string]T                          // rows by key
	fill     func(row *T, r *record) bool          // false: the record was refused
	id       func(row *T) *string
	same     func(before, after T) bool
	add      func(tx *store.Tx, row *T) error
	change   func(tx *store.Tx, before, after T) error
	after    func(tx *store.Tx, row T, r *record) error // beside the row; may be nil
	order    func(planned []*planned[T]) []*planned[T]  // parents first; may be nil
}

// planned is a record with the row it becomes.
type planned[T store.Row] struct {
	record        *record
	key           string
	before, after T
	isNew         bool
}

// chunk is the longest that one unit of an import holds the writer; the
// contract allows 200 ms.
const chunk = 120 * time.Millisecond

// importRows plans all records, then writes those that are new or changed.
func importRows[T store.Row](j *job, k kind[T], records []*record) error {
	var plan []*planned[T]
	seen := map[string]*record{}
	// First every row gets its id, so that rows may name later ones.
	for _, r := range records {
		if j.bad[r] {
			continue
		}
		p := &planned[T]{record: r, key: k.key(r.values)}
		if first := seen[p.key]; first != nil {
			if !maps.Equal(first.values, r.values) {
				j.refuse(r, "row", "names the same as an earlier row, with other values")
			}
			continue
		}
		seen[p.key] = r
		var found bool
		if p.before, found = k.existing[p.key]; !found {
			p.isNew = true
			*k.id(&p.before) = store.NewID()
		}
		p.after = p.before
		plan = append(plan, p)
	}
	j.refs.add(plan2ids(plan, k))
	var good []*planned[T]
	for _, p := range plan {
		if k.fill(&p.after, p.record) {
			good = append(good, p)
		}
	}
	if k.order != nil {
		good = k.order(good)
	}
	if j.failed != nil || len(j.result.Bad) > 0 && !j.options.SkipBad {
		return j.failed
	}
	return writeRows(j, k, good)
}

func plan2ids[T store.Row](plan []*planned[T], k kind[T]) map[string]string {
	ids := make(map[string]string, len(plan))
	for _, p := range plan {
		ids[p.key] = *k.id(&p.after)
	}
	return ids
}

func writeRows[T store.Row](j *job, k kind[T], plan []*planned[T]) error {
	for done := 0; done < len(plan); {
		count, next := j.result, done
		err := j.db.Write(j.ctx, func(tx *store.Tx) error {
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
		j.options.Progress(done, len(plan))
	}
	return nil
}

func writeRow[T store.Row](j *job, tx *store.Tx, k kind[T], p *planned[T], count *Result) error {
	same := !p.isNew && k.same(p.before, p.after)
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
	row := p.after
	switch {
	case same:
	case p.isNew:
		err = k.add(tx, &row)
	default:
		err = k.change(tx, p.before, row)
	}
	if err == nil && k.after != nil {
		err = k.after(tx, row, p.record)
	}
	return err
}
