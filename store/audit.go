package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
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
	_, err := tx.Exec(`INSERT INTO audit_trail (id, unit, at, person_id, source, action, kind, subject_id, version, before, after)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		NewID(), tx.origin.Unit, tx.Now, tx.origin.Person, tx.origin.Source, l.Action, l.Kind, l.SubjectID, l.Version, l.Before, l.After)
	return err
}

// LastUnit returns the lines of the person's last unit of work since an
// instant that can be undone.
func LastUnit(tx *Tx, person string, since time.Time) ([]AuditLine, error) {
	unit, ok, err := One[string](tx, `SELECT unit FROM audit_trail
		WHERE person_id = $1 AND at >= $2 AND undone_at = 0 AND action <> 'undo' AND source <> 'import'
		ORDER BY at DESC, id DESC LIMIT 1`, person, since)
	if err != nil || !ok {
		return nil, err
	}
	return UnitLines(tx, unit)
}

// UnitLines returns the lines of one unit of work, the last change first.
func UnitLines(tx *Tx, unit string) ([]AuditLine, error) {
	return Rows[AuditLine](tx, `SELECT `+Columns[AuditLine]("t")+` FROM audit_trail t WHERE t.unit = $1 ORDER BY t.id DESC`, unit)
}

// undone says what becomes of a row whose making is undone: the row stays.
var undone = map[string]string{
	"visits":     `{"status": "cancelled", "reason": "undone"}`,
	"accounts":   `{"status": "closed"}`,
	"stores":     `{"status": "closed"}`,
	"contacts":   `{"status": "closed"}`,
	"follow_ups": `{"status": "cancelled"}`,
	"cases":      `{"status": "cancelled"}`,
	"approvals":  `{"status": "expired"}`,

	"deals":         `{"status": "cancelled"}`,
	"deal_ticks":    `{"status": "withdrawn"}`,
	"deal_people":   `{"status": "withdrawn"}`,
	"deal_contacts": `{"status": "withdrawn"}`,
	"deal_rounds":   `{"status": "withdrawn"}`,
	"deal_sheets":   `{"target": "", "floor": "", "trades": "", "deadline": ""}`,
}

// Undo puts the row of a line back to what it was before, if nobody has
// changed it since: else the fault changed (Conflict). Derived columns are
// the caller's to compute anew.
func Undo(tx *Tx, l AuditLine) error {
	back := l.Before
	if l.Action == "create" {
		back = undone[l.Kind]
	}
	if back == "" {
		return fault.Wrong("undo_nothing")
	}
	var was, is map[string]any
	if err := unmarshalExact(back, &was); err != nil {
		return err
	}
	if l.Action == "update" {
		if err := unmarshalExact(l.After, &is); err != nil {
			return err
		}
	}
	sets, args := undoSets(was, is)
	if len(sets) == 0 {
		return fault.Wrong("undo_nothing")
	}
	if err := tx.undoFollowers(l); err != nil {
		return err
	}
	version, err := tx.undoable(l)
	if err != nil {
		return err
	}
	args = append(args, l.SubjectID, version)
	n, err := tx.Exec(fmt.Sprintf(`UPDATE %s SET %s, version = version + 1 WHERE id = $%d AND version = $%d`,
		l.Kind, strings.Join(sets, ", "), len(args)-1, len(args)), args...)
	if duplicate(err) { // such as a second visit that would be open
		return fault.New(fault.Conflict, "changed")
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "changed")
	}
	if _, err := tx.Exec(`UPDATE audit_trail SET undone_at = $1 WHERE id = $2`, tx.Now, l.ID); err != nil {
		return err
	}
	return tx.addAudit(AuditLine{Action: "undo", Kind: l.Kind, SubjectID: l.SubjectID, Version: version + 1, Before: l.After, After: back})
}

// undoFollowers takes back what the clock and phones made of a change before
// the change itself is: a presence that was proved at a check-in says nothing of
// the plan that it becomes again. A row whose making is undone keeps them.
func (tx *Tx) undoFollowers(l AuditLine) error {
	if l.Action != "update" || l.Source == "system" {
		return nil
	}
	followers, err := Rows[AuditLine](tx, `SELECT `+Columns[AuditLine]("t")+` FROM audit_trail t WHERE t.kind = $1 AND t.subject_id = $2 AND t.id > $3 AND t.action = 'update' AND t.source = 'system' AND t.undone_at = 0 ORDER BY t.id DESC`, l.Kind, l.SubjectID, l.ID)
	for _, f := range followers {
		if err := Undo(tx, f); err != nil {
			return err
		}
	}
	return err
}

// undoable returns the version of a line's row, if no later change of it
// stands: later ones that were undone do not count, nor those that nobody made,
// such as a flag or a presence that a point raised.
func (tx *Tx) undoable(l AuditLine) (int64, error) {
	version, ok, err := One[int64](tx, fmt.Sprintf(`SELECT version FROM %s WHERE id = $1`, l.Kind), l.SubjectID)
	if err != nil {
		return 0, err
	}
	_, later, err := One[string](tx, `SELECT id FROM audit_trail WHERE kind = $1 AND subject_id = $2 AND id > $3 AND action <> 'undo' AND source <> 'system' AND undone_at = 0 LIMIT 1`, l.Kind, l.SubjectID, l.ID)
	if err == nil && (!ok || later) {
		err = fault.New(fault.Conflict, "changed")
	}
	return version, err
}

// derived columns follow from others; they are computed anew after an undo.
var derived = map[string]bool{"version": true, "updated_at": true, "search": true, "in_territory": true, "last_visit_on": true, "next_due_on": true}

// undoSets lists the columns that differ. The names come from our own audit
// lines, never from a person.
func undoSets(was, is map[string]any) (sets []string, args []any) {
	set := func(name string, value any) {
		args = append(args, value)
		sets = append(sets, name+" = $"+strconv.Itoa(len(args)))
	}
	for name, value := range was {
		if is[name] != value && !derived[name] {
			set(name, plain(value))
		}
	}
	for name, value := range is {
		if _, kept := was[name]; kept || derived[name] {
			continue
		}
		switch value.(type) {
		case string:
			set(name, "")
		case bool:
			set(name, false)
		default:
			set(name, int64(0))
		}
	}
	return sets, args
}

func plain(value any) any {
	if n, ok := value.(json.Number); ok {
		if i, err := n.Int64(); err == nil {
			return i
		}
		f, _ := n.Float64()
		return f
	}
	return value
}

func unmarshalExact(text string, into *map[string]any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}
