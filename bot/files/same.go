package files

import (
	"hash/maphash"
	"maps"
	"slices"

	"fieldbot/bot/kit/sheet"
	"fieldbot/store"
)

// seed is this process's: what is kept of a record while a file streams by is never written.
var seed = maphash.MakeSeed()

func hash(text string) uint64 { return maphash.String(seed, text) }

// says is what a record says, but for the fields of its own line.
func says(fields map[string]string, line []string) uint64 {
	var sum uint64
	for k, v := range fields {
		if !slices.Contains(line, k) {
			sum += hash(k + "\x00" + v)
		}
	}
	return sum
}

const differs = "names the same as an earlier row, with other values"

// papers calls fn with each record of the file that begins something, with the lines of
// its paper. Lines that do not stand together are gathered: the file says first which
// papers those are.
func papers[T store.Row](j *Job, k Rows[T], scattered map[uint64]bool, fn func(*Record) error) error {
	var open *Record
	var openKey string
	var apart []*Record
	at := map[string]*Record{}
	flush := func() error {
		if open == nil {
			return nil
		}
		r := open
		open = nil
		return fn(r)
	}
	err := j.read(func(r *Record) error {
		if j.refused[r.Line] {
			return nil
		}
		key := k.Key(r.Fields)
		switch {
		case scattered[hash(key)]:
			if head := at[key]; head != nil {
				head.more = append(head.more, r)
			} else {
				at[key], apart = r, append(apart, r)
			}
			return nil
		case open != nil && openKey == key:
			open.more = append(open.more, r)
			return nil
		}
		if err := flush(); err != nil {
			return err
		}
		open, openKey = r, key
		return nil
	})
	if err == nil {
		err = flush()
	}
	for _, r := range apart {
		if err == nil {
			err = fn(r)
		}
	}
	return err
}

// scatteredIn are the papers of a file whose lines do not stand together. What is wrong in
// them is said when the rows are checked.
func scatteredIn[T store.Row](j *Job, k Rows[T]) (map[uint64]bool, error) {
	out, ended, last := map[uint64]bool{}, map[uint64]bool{}, uint64(0)
	err := j.source.Each(func(row sheet.Row) error {
		j.result.Rows++
		h := hash(k.Key(j.record(row).Fields))
		if h != last {
			if ended[h] {
				out[h] = true
			}
			ended[last] = true
		}
		last = h
		return nil
	})
	return out, err
}

// each calls fn with each record that begins a row, or a paper. It notes what is refused
// while the file is read the first time.
func each[T store.Row](j *Job, k Rows[T], scattered map[uint64]bool, fn func(*Record) error) error {
	if k.Line != nil {
		return papers(j, k, scattered, func(r *Record) error {
			kept := r.more[:0]
			for _, more := range r.more {
				switch {
				case maps.Equal(more.Fields, r.Fields): // the same once more
				case says(more.Fields, k.Line) == says(r.Fields, k.Line):
					kept = append(kept, more)
				default:
					j.Refuse(more, "row", differs)
				}
			}
			r.more = kept
			return fn(r)
		})
	}
	met := map[uint64]uint64{} // what the first record with a key says
	return j.read(func(r *Record) error {
		if !j.settled {
			j.result.Rows++
		}
		if j.refused[r.Line] {
			return nil
		}
		key, what := hash(k.Key(r.Fields)), says(r.Fields, nil)
		before, known := met[key]
		switch {
		case !known:
			met[key] = what
			return fn(r)
		case before != what:
			j.Refuse(r, "row", differs)
		}
		return nil
	})
}
