package files

import (
	"errors"
	"time"

	"fieldbot/bot/kit/fault"
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

// How an import shares the file of SQLite with the daemon, if one works on it: units are
// short, and between them the daemon's writer, which tries each millisecond, gets in. A visit
// beside an import waits some 30 ms, and the import takes a third longer.
const (
	chunk  = 100 * time.Millisecond
	shared = 20 * time.Millisecond
	rest   = 3 * time.Millisecond
)

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
		j.Look(func(tx *store.Tx) error {
			j.tx = tx
			defer func() { j.tx = nil }()
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

// writeAgain writes records whose rows somebody has changed while they were written, over
// what the rows are now.
func writeAgain[T store.Row](j *Job, k Rows[T]) error {
	for range rounds {
		again := j.result.again
		if j.result.again = nil; len(again) == 0 {
			return nil
		}
		some, err := ready(j, k, again, nil, nil)
		if err != nil {
			return err
		}
		if err := writeBatch(j, len(some), func(tx *store.Tx, i int, count *Result) error { return writeRow(j, tx, k, some[i], count) }, func(int) {}); err != nil {
			return err
		}
	}
	return fault.New(fault.Conflict, "changed")
}

// rounds is how often a record is written anew before somebody who changes its row all the
// time is left to it.
const rounds = 5

// ready are the rows that some records become, but for those that are the same.
func ready[T store.Row](j *Job, k Rows[T], batch []*Record, same, fresh lines) (out []*Planned[T], err error) {
	j.Look(func(tx *store.Tx) error {
		j.tx = tx
		defer func() { j.tx = nil }()
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

// writeBehind writes what read stages, a batch at a time, while read makes the next one
// ready; each comes with how many records beside it are the same.
func writeBehind[T store.Row](j *Job, k Rows[T], all int, read func(stage func(rows []*Planned[T], same int) error) error) error {
	type staged struct {
		rows []*Planned[T]
		same int
	}
	ahead, over := make(chan staged, 1), make(chan struct{})
	var failed error
	go func() {
		defer close(over)
		done := 0
		for s := range ahead {
			j.result.Same += s.same
			done += s.same
			if failed = writeBatch(j, len(s.rows), func(tx *store.Tx, i int, count *Result) error { return writeRow(j, tx, k, s.rows[i], count) },
				func(n int) { done += n; j.options.Progress(Writing, done, all) }); failed != nil {
				return
			}
		}
	}()
	err := read(func(rows []*Planned[T], same int) error {
		select {
		case ahead <- staged{rows, same}:
			return nil
		case <-over:
			return errStopped
		}
	})
	close(ahead)
	<-over
	if failed != nil {
		return failed
	}
	return err
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
	if err := writeBatch(j, len(good), func(tx *store.Tx, i int, count *Result) error { return writeRow(j, tx, k, good[i], count) },
		func(n int) { done += n; j.options.Progress(Writing, done, len(good)) }); err != nil {
		return err
	}
	return writeAgain(j, k)
}

// writeBatch writes so many rows in units of a moment each; wrote is told of each unit.
func writeBatch(j *Job, rows int, write func(tx *store.Tx, i int, count *Result) error, wrote func(n int)) error {
	for done := 0; done < rows; {
		count, next, span := j.result, done, chunk
		waiting := j.DB.Shared()
		if waiting {
			span = shared
		}
		err := j.DB.Write(j.ctx, func(tx *store.Tx) error {
			count, next = j.result, done
			tx.By(store.Origin{Unit: UnitOf(j.ref) + store.NewID(), Source: "import"})
			for start := time.Now(); next < rows && time.Since(start) < span; next++ {
				if err := write(tx, next, &count); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		wrote(next - done)
		j.result, done = count, next
		if waiting {
			<-time.After(rest)
		}
	}
	return nil
}

// overtaken reports whether somebody has changed a row since it was looked up.
func overtaken[T store.Row](tx *store.Tx, k Rows[T], p *Planned[T]) (bool, error) {
	now, known, err := k.Find(tx, p.Record.Fields)
	if err != nil || !known {
		return false, err
	}
	_, read := p.before.Key()
	_, version := now.Key()
	return version != read, nil
}

// UnitOf begins the units of an import.
func UnitOf(ref string) string { return "import:" + ref + ":" }

func writeRow[T store.Row](j *Job, tx *store.Tx, k Rows[T], p *Planned[T], count *Result) error {
	same := !p.isNew && k.Same(p.before, p.After)
	if !same && !p.isNew {
		if over, err := overtaken(tx, k, p); err != nil || over {
			count.again = append(count.again, p.Record)
			return err
		}
	}
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
