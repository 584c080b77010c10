package files

import (
	"time"

	"fieldbot/bot/kit/fault"
	"fieldbot/store"
)

// How an import shares the file of SQLite with the daemon, if one works on it: units are
// short, and between them the daemon's writer, which tries each millisecond, gets in. A visit
// beside an import waits some 30 ms, and the import takes a third longer.
const (
	chunk  = 100 * time.Millisecond
	shared = 20 * time.Millisecond
	rest   = 3 * time.Millisecond
)

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
			if failed = writeBatch(j, k, s.rows, func(n int) { done += n; j.options.Progress(Writing, done, all) }); failed != nil {
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
		if err := writeBatch(j, k, some, func(int) {}); err != nil {
			return err
		}
	}
	return fault.New(fault.Conflict, "changed")
}

// rounds is how often a record is written anew before somebody who changes its row all the
// time is left to it.
const rounds = 5

// writeBatch writes rows in units of a moment each; wrote is told of each unit.
func writeBatch[T store.Row](j *Job, k Rows[T], rows []*Planned[T], wrote func(n int)) error {
	for done := 0; done < len(rows); {
		count, next, span := j.result, done, chunk
		waiting := j.DB.Shared()
		if waiting {
			span = shared
		}
		err := j.DB.Write(j.ctx, func(tx *store.Tx) error {
			count, next = j.result, done
			tx.By(store.Origin{Unit: UnitOf(j.ref) + store.NewID(), Source: "import"})
			for start := time.Now(); next < len(rows) && time.Since(start) < span; next++ {
				if err := writeRow(j, tx, k, rows[next], &count); err != nil {
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
