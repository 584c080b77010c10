package files

import (
	"errors"

	"fieldbot/bot/kit/sheet"
	"fieldbot/store"
)

// Rows is how an import finds, fills and keeps rows of one type.
type Rows[T store.Row] struct {
	// Key is what a record is matched by with the rows that are kept, and with the
	// other records.
	Key func(values map[string]string) string
	// Find looks the kept row of a record up.
	Find func(tx *store.Tx, values map[string]string) (T, bool, error)
	// FindAll looks up those of many records in one question, by Key; nil asks for each.
	FindAll func(tx *store.Tx, all []map[string]string) (map[string]T, error)
	ID      func(row *T) *string
	// Fill puts a record into its row; false if it refused the record. Rows are written
	// meanwhile: what Fill keeps for Add and After is safe for both.
	Fill func(row *T, r *Record) bool
	Same func(before, after T) bool
	// Add and Change write a row; After, if there is one, what stands beside it.
	Add    func(tx *store.Tx, row *T) error
	Change func(tx *store.Tx, before, after T) error
	After  func(tx *store.Tx, row T, r *Record) error
	// Line are the fields of which each record of a paper has its own: records with the
	// same key are lines of one paper, if they are equal but for these.
	Line []string
	// Order puts first what must be written first; nil is the file's order. Such a file is
	// held in memory, and its rows may name one another.
	Order func(planned []*Planned[T]) []*Planned[T]
}

// Planned is a record with the row it becomes.
type Planned[T store.Row] struct {
	Record        *Record
	before, After T
	isNew         bool
}

// Importing makes the import of a kind.
func Importing[T store.Row](of func(*Job) Rows[T]) func(*Job) error {
	return func(j *Job) error {
		k := of(j)
		if k.Order != nil {
			return importOrdered(j, k)
		}
		return importStream(j, k)
	}
}

// atOnce is how many records are in memory while a file streams by.
const atOnce = 500

// read calls fn with each record of the file. While records are looked at, or written, those
// behind them are read.
func (j *Job) read(fn func(*Record) error) error {
	ahead, ended, stop := make(chan []*Record, 1), make(chan error, 1), make(chan struct{})
	defer close(stop)
	go func() {
		var some []*Record
		hand := func() error {
			select {
			case ahead <- some:
				some = nil
				return nil
			case <-stop:
				return errStopped
			}
		}
		err := j.source.Each(func(row sheet.Row) error {
			if some = append(some, j.record(row)); len(some) < atOnce {
				return nil
			}
			return hand()
		})
		if err == nil && len(some) > 0 {
			err = hand()
		}
		ended <- err
		close(ahead)
	}()
	for some := range ahead {
		for _, r := range some {
			j.arrived(r)
			if err := fn(r); err != nil {
				return err
			}
		}
	}
	return <-ended
}

// errStopped ends the reading of a file that nobody wants any more.
var errStopped = errors.New("stopped")

// importStream checks all records, then writes those that are new or changed, a part of
// the file at a time.
func importStream[T store.Row](j *Job, k Rows[T]) error {
	var scattered map[uint64]bool
	if k.Line != nil {
		var err error
		if scattered, err = scatteredIn(j, k); err != nil {
			return err
		}
	}
	all := 0
	var same, fresh lines
	check := func(batch []*Record) error {
		j.lookAll(func(tx *store.Tx) error {
			found, err := findAll(tx, k, batch)
			if err != nil {
				return err
			}
			for _, r := range batch {
				p, err := found(r)
				if err != nil {
					return err
				}
				if !k.Fill(&p.After, r) {
					continue
				}
				switch {
				case p.isNew:
					fresh.put(r.Line)
				case k.After == nil && k.Same(p.before, p.After):
					same.put(r.Line)
				}
			}
			return nil
		})
		all += len(batch)
		j.options.Progress(Checking, all, all)
		return j.failed
	}
	if err := batches(j, k, scattered, check); err != nil {
		return err
	}
	if j.settled = true; len(j.result.Bad) > 0 && !j.options.SkipBad {
		return nil
	}
	if err := writeBehind(j, k, all, func(stage func([]*Planned[T], int) error) error {
		return batches(j, k, scattered, func(batch []*Record) error {
			some, err := ready(j, k, batch, same, fresh)
			if err != nil {
				return err
			}
			return stage(some, len(batch)-len(some))
		})
	}); err != nil {
		return err
	}
	return writeAgain(j, k)
}

// ready are the rows that some records become, but for those that are the same.
func ready[T store.Row](j *Job, k Rows[T], batch []*Record, same, fresh lines) (out []*Planned[T], err error) {
	j.lookAll(func(tx *store.Tx) error {
		for _, r := range batch {
			if same.has(r.Line) {
				continue
			}
			p, err := planned(tx, k, r, fresh.has(r.Line))
			if err != nil {
				return err
			}
			if k.Fill(&p.After, p.Record) {
				out = append(out, p)
			}
		}
		return nil
	})
	return out, j.failed
}

// batches calls fn with some records after the other.
func batches[T store.Row](j *Job, k Rows[T], scattered map[uint64]bool, fn func([]*Record) error) error {
	var batch []*Record
	err := each(j, k, scattered, func(r *Record) error {
		if batch = append(batch, r); len(batch) < atOnce {
			return nil
		}
		err := fn(batch)
		batch = batch[:0]
		return err
	})
	if err == nil && len(batch) > 0 {
		err = fn(batch)
	}
	return err
}

// lines are lines of a file, a bit each.
type lines []uint64

func (l *lines) put(line int) {
	for len(*l) <= line/64 {
		*l = append(*l, 0)
	}
	(*l)[line/64] |= 1 << (line % 64)
}

func (l lines) has(line int) bool { return line/64 < len(l) && l[line/64]&(1<<(line%64)) != 0 }

// plan finds the row that a record becomes.
func plan[T store.Row](tx *store.Tx, k Rows[T], r *Record) (*Planned[T], error) {
	return planned(tx, k, r, false)
}

// findAll finds the rows that some records become: in one question, where the kind can ask
// for many.
func findAll[T store.Row](tx *store.Tx, k Rows[T], batch []*Record) (func(*Record) (*Planned[T], error), error) {
	if k.FindAll == nil {
		return func(r *Record) (*Planned[T], error) { return plan(tx, k, r) }, nil
	}
	all := make([]map[string]string, len(batch))
	for i, r := range batch {
		all[i] = r.Fields
	}
	kept, err := k.FindAll(tx, all)
	return func(r *Record) (*Planned[T], error) {
		row, known := kept[k.Key(r.Fields)]
		return become(k, r, row, known), nil
	}, err
}

// become is a record with the row that it becomes: the one that is kept, or a new one.
func become[T store.Row](k Rows[T], r *Record, kept T, known bool) *Planned[T] {
	p := &Planned[T]{Record: r, before: kept}
	if !known {
		p.isNew = true
		*k.ID(&p.before) = store.NewID()
	}
	p.After = p.before
	return p
}

// planned is plan for a record whose row was looked for a moment ago, and was not there.
func planned[T store.Row](tx *store.Tx, k Rows[T], r *Record, fresh bool) (*Planned[T], error) {
	var kept T
	known := false
	if !fresh {
		var err error
		if kept, known, err = k.Find(tx, r.Fields); err != nil {
			return nil, err
		}
	}
	return become(k, r, kept, known), nil
}

// importOrdered does the same of a file whose rows name one another: all of them are held,
// and have their ids before the first is filled.
func importOrdered[T store.Row](j *Job, k Rows[T]) error {
	var all []*Planned[T]
	ids := map[string]string{}
	if err := batches(j, k, nil, func(batch []*Record) error {
		j.Look(func(tx *store.Tx) error {
			for _, r := range batch {
				p, err := plan(tx, k, r)
				if err != nil {
					return err
				}
				ids[k.Key(r.Fields)] = *k.ID(&p.After)
				j.refs.meet(j.kind.Name, r.Fields)
				all = append(all, p)
			}
			return nil
		})
		return j.failed
	}); err != nil {
		return err
	}
	j.refs.add(ids)
	var good []*Planned[T]
	for i, p := range all {
		if k.Fill(&p.After, p.Record) {
			good = append(good, p)
		}
		if i%atOnce == 0 {
			j.options.Progress(Checking, i, len(all))
		}
	}
	good = k.Order(good)
	if j.settled = true; j.failed != nil || len(j.result.Bad) > 0 && !j.options.SkipBad {
		return j.failed
	}
	done := 0
	if err := writeBatch(j, k, good, func(n int) { done += n; j.options.Progress(Writing, done, len(good)) }); err != nil {
		return err
	}
	return writeAgain(j, k)
}
