package store

import (
	"fmt"
	"strconv"
	"time"

	"fieldbot/bot/kit/fault"
)

// AuditLine is one change of one row: who, when, from where, before → after.
type AuditLine struct {
	ID        string    `db:"id"`
	Unit      string    `db:"unit"`
	At        time.Time `db:"at"`
	Person    string    `db:"person_id"`
	Source    string    `db:"source"`
	Action    string    `db:"action"` // create, update, undo
	Kind      string    `db:"kind"`   // table of the row
	SubjectID string    `db:"subject_id"`
	Version   int64     `db:"version"` // of the row after the change
	Before    string    `db:"before"`  // JSON by column, empty for create
	After     string    `db:"after"`
	UndoneAt  time.Time `db:"undone_at"`
	Place     int64     `db:"place"` // in the chain of its subject, from 1
	Salt      string    `db:"salt"`
	Digest    string    `db:"digest"` // of salt, before and after
	Link      string    `db:"link"`
	ErasedAt  time.Time `db:"erased_at"`
}

func (tx *Tx) audit(action string, row, before, after Row) error {
	id, version := row.Key()
	if before != nil {
		version++
	}
	was, err1 := encodeRow(before)
	is, err2 := encodeRow(after)
	if err1 != nil || err2 != nil {
		return fmt.Errorf("encoding an audit line of %s: %w", row.Table(), fault.Wrong("changed"))
	}
	return tx.addAudit(AuditLine{Action: action, Kind: row.Table(), SubjectID: id, Version: version, Before: was, After: is})
}

func (tx *Tx) addAudit(l AuditLine) error {
	if tx.origin.Unit == "" {
		return fmt.Errorf("store: %s of %s without Tx.By", l.Action, l.Kind)
	}
	l.ID, l.Unit, l.At, l.Person, l.Source = NewID(), tx.origin.Unit, tx.Now, tx.origin.Person, tx.origin.Source
	if err := tx.chain(&l); err != nil {
		return err
	}
	tx.lines = append(tx.lines, l)
	return nil
}

// keepLines writes the lines of the trail that wait: the unit ends, or somebody reads them.
func (tx *Tx) keepLines() error {
	lines := tx.lines
	tx.lines = nil // first: writing asks for it
	return inBlocks(tx, lines, `INSERT INTO audit_trail (id, unit, at, person_id, source, action, kind, subject_id, version, before, after, place, salt, digest, link) VALUES `, ``, func(l AuditLine) []any {
		return []any{l.ID, l.Unit, l.At, l.Person, l.Source, l.Action, l.Kind, l.SubjectID, l.Version, l.Before, l.After, l.Place, l.Salt, l.Digest, l.Link}
	})
}

// LastUnits returns the person's last units of work since an instant that can be undone,
// the last first.
func LastUnits(tx *Tx, person string, since time.Time, limit int) ([]string, error) {
	return Rows[string](tx, `SELECT unit FROM audit_trail
		WHERE person_id = $1 AND at >= $2 AND undone_at = 0 AND action <> 'undo' AND source <> 'import'
		GROUP BY unit ORDER BY max(at) DESC, max(id) DESC LIMIT `+strconv.Itoa(limit), person, since)
}

// Row is what a line says of its row, by column.
func (l AuditLine) Row() (map[string]string, error) {
	var columns map[string]any
	if err := unmarshalExact(l.After, &columns); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for name, value := range columns {
		out[name] = fmt.Sprint(value)
	}
	return out, nil
}

// UnitLines returns the lines of one unit of work, the last change first.
func UnitLines(tx *Tx, unit string) ([]AuditLine, error) {
	return Rows[AuditLine](tx, `SELECT `+Columns[AuditLine]("t")+` FROM audit_trail t WHERE t.unit = $1 ORDER BY t.id DESC`, unit)
}
