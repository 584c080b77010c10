package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
)

// The trail of a subject is a chain. A line's digest is taken over its content and a salt,
// and its link over the link before it, everything that says who and when, and the digest.
// So erasing somebody takes content and salt away, the digest stays, and the chain still
// holds; without the salt nobody can guess what it was. A head per subject says how many
// lines there must be. UndoneAt stands outside: the undo is a line of its own.

// chainHead is where the chain of a subject ends.
type chainHead struct {
	Lines int64  `db:"lines"`
	Link  string `db:"link"`
}

// chain puts a line behind the last one of its subject.
func (tx *Tx) chain(l *AuditLine) error {
	s := Subject{l.Kind, l.SubjectID}
	h, open := tx.heads[s]
	if !open {
		if l.Action != "create" { // a new row has no lines
			var err error
			if h, _, err = One[chainHead](tx, `SELECT lines, link FROM trail_heads WHERE kind = $1 AND subject_id = $2`, s.Kind, s.ID); err != nil {
				return err
			}
		}
		tx.changed = append(tx.changed, s)
	}
	var salt [12]byte
	_, _ = rand.Read(salt[:]) // never fails
	l.Place, l.Salt = h.Lines+1, base64.RawStdEncoding.EncodeToString(salt[:])
	l.Digest = l.digest()
	l.Link = l.link(h.Link)
	if tx.heads == nil {
		tx.heads = map[Subject]chainHead{}
	}
	tx.heads[s] = chainHead{l.Place, l.Link}
	return nil
}

// keepTrail writes the lines of a unit, and where the chains end.
func (tx *Tx) keepTrail() error {
	if err := tx.keepLines(); err != nil {
		return err
	}
	return inBlocks(tx, tx.changed, `INSERT INTO trail_heads (kind, subject_id, lines, link) VALUES `,
		` ON CONFLICT (kind, subject_id) DO UPDATE SET lines = excluded.lines, link = excluded.link`, func(s Subject) []any {
			h := tx.heads[s]
			return []any{s.Kind, s.ID, h.Lines, h.Link}
		})
}

// block is how many rows a statement writes: imports write many in a unit.
const block = 32

// inBlocks writes rows, as many as fill a block with one statement and the rest one by one,
// so that there are two statements to prepare.
func inBlocks[T any](tx *Tx, rows []T, insert, conflict string, values func(T) []any) error {
	for len(rows) > 0 {
		n := 1
		if len(rows) >= block {
			n = block
		}
		some := make([][]any, n)
		for i, row := range rows[:n] {
			some[i] = values(row)
		}
		var a Args
		if err := tx.Do(insert+a.Rows(some)+conflict, a.List...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func (l *AuditLine) digest() string { return hashed(l.Salt, l.Before, l.After) }

func (l *AuditLine) link(before string) string {
	return hashed(before, fmt.Sprint(l.Place), l.ID, l.Unit, fmt.Sprint(l.At.UnixMilli()), l.Person, l.Source, l.Action, l.Kind, l.SubjectID, fmt.Sprint(l.Version), l.Digest)
}

// hashed is the SHA-256 of texts, each behind its length so that none runs into the next.
func hashed(texts ...string) string {
	var data []byte
	for _, t := range texts {
		data = append(strconv.AppendInt(data, int64(len(t)), 10), ':')
		data = append(data, t...)
	}
	sum := sha256.Sum256(data)
	return base64.RawStdEncoding.EncodeToString(sum[:])
}

// Chains is what VerifyTrail found.
type Chains struct {
	Lines  int64
	Erased int64 // lines whose content was erased on request
	Before int64 // lines from before there were chains
	Broken []Broken
}

// Broken is a subject whose trail is not as it was written.
type Broken struct {
	Kind string `db:"kind"`
	ID   string `db:"subject_id"`
	Why  string `db:"why"`
}

// brokenShown is how many of a kind of damage are named; more say no more.
const brokenShown = 20

// VerifyTrail reads the whole trail and names the subjects whose lines were changed,
// removed, added or put in another order since they were written.
func VerifyTrail(tx *Tx) (c Chains, err error) {
	walk := walker{found: &c}
	err = Each(tx, func(l AuditLine) error { walk.line(&l); return nil },
		`SELECT `+Columns[AuditLine]("t")+` FROM audit_trail t ORDER BY t.kind, t.subject_id, t.place`)
	if err != nil {
		return c, err
	}
	for _, query := range []string{
		`SELECT h.kind, h.subject_id, 'its last lines are missing, or their head was changed' AS why FROM trail_heads h
			WHERE NOT EXISTS (SELECT 1 FROM audit_trail t WHERE t.kind = h.kind AND t.subject_id = h.subject_id AND t.place = h.lines AND t.link = h.link)`,
		`SELECT DISTINCT t.kind, t.subject_id, 'it has lines that its head does not know' AS why FROM audit_trail t
			WHERE t.place > 0 AND NOT EXISTS (SELECT 1 FROM trail_heads h WHERE h.kind = t.kind AND h.subject_id = t.subject_id AND h.lines >= t.place)`,
	} {
		more, err := Rows[Broken](tx, query+` LIMIT `+strconv.Itoa(brokenShown))
		if err != nil {
			return c, err
		}
		c.Broken = append(c.Broken, more...)
	}
	return c, nil
}

// walker follows the lines of one subject after the other.
type walker struct {
	found *Chains
	at    Subject
	last  chainHead
	wrong bool // it was said of this subject
}

func (w *walker) line(l *AuditLine) {
	w.found.Lines++
	if s := (Subject{l.Kind, l.SubjectID}); s != w.at {
		w.at, w.last, w.wrong = s, chainHead{}, false
	}
	if l.Place == 0 {
		w.found.Before++
		return
	}
	if !l.ErasedAt.IsZero() {
		w.found.Erased++
	}
	switch {
	case l.Place != w.last.Lines+1:
		w.broken("line %d follows line %d", l.Place, w.last.Lines)
	case l.ErasedAt.IsZero() && l.digest() != l.Digest, !l.ErasedAt.IsZero() && l.Before+l.After+l.Salt != erasedContent:
		w.broken("what line %d says was changed", l.Place)
	case l.link(w.last.Link) != l.Link:
		w.broken("who, when or what of line %d was changed", l.Place)
	}
	w.last = chainHead{l.Place, l.Link}
}

func (w *walker) broken(why string, args ...any) {
	if !w.wrong && len(w.found.Broken) < brokenShown {
		w.found.Broken = append(w.found.Broken, Broken{w.at.Kind, w.at.ID, fmt.Sprintf(why, args...)})
	}
	w.wrong = true
}
