package store

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/kit/fault"
)

// Undo puts the row of a line back to what it was before, if nobody has
// changed it since: else the fault changed (Conflict). A row whose making is
// undone stays, as its noun says.
func Undo(tx *Tx, l AuditLine) error {
	n, ok := nounOf(l.Kind)
	if !ok {
		return fault.Wrong("undo_nothing")
	}
	if err := tx.undoFollowers(l); err != nil {
		return err
	}
	err := n.undo(tx, l)
	if err == nil {
		err = tx.on.settle(tx.ctx)
	}
	if duplicate(err) { // such as a second visit that would be open
		return fault.New(fault.Conflict, "changed")
	}
	return err
}

// Undoing reports whether the row that was just kept was put back: what was
// written of it elsewhere is taken back, too.
func (tx *Tx) Undoing() bool { return tx.undoing }

func (n *Noun[T]) undo(tx *Tx, l AuditLine) error {
	before, ok, err := Known[T](tx, l.SubjectID)
	if err != nil {
		return err
	}
	if later, err := tx.changedSince(l); err != nil || later || !ok {
		if err == nil {
			err = fault.New(fault.Conflict, "changed")
		}
		return err
	}
	if l.Action == "create" && n.Unmake == nil && n.Join != "" {
		return tx.undone(l) // a part without a life of its own goes with its whole
	}
	after := before
	switch {
	case l.Action == "create" && n.Unmake != nil:
		n.Unmake(&after)
	case l.Action == "update":
		if err := overlay(reflect.ValueOf(&after).Elem(), l); err != nil {
			return err
		}
	}
	if same(reflect.ValueOf(before), reflect.ValueOf(after)) {
		return fault.Wrong("undo_nothing")
	}
	if err := n.write(tx, "undo", before, after, l); err != nil {
		return err
	}
	return tx.undone(l)
}

func (tx *Tx) undone(l AuditLine) error {
	return tx.Do(`UPDATE audit_trail SET undone_at = $1 WHERE id = $2`, tx.Now, l.ID)
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

// changedSince reports whether a later change of the row stands: later ones
// that were undone do not count, nor those that nobody made, such as a flag or a
// presence that a point raised.
func (tx *Tx) changedSince(l AuditLine) (bool, error) {
	_, later, err := One[string](tx, `SELECT id FROM audit_trail WHERE kind = $1 AND subject_id = $2 AND id > $3 AND action <> 'undo' AND source <> 'system' AND undone_at = 0 LIMIT 1`, l.Kind, l.SubjectID, l.ID)
	return later, err
}

// overlay puts the columns that a line changed back into a row.
func overlay(row reflect.Value, l AuditLine) error {
	var was, is map[string]any
	if err := unmarshalExact(l.Before, &was); err != nil {
		return err
	}
	if err := unmarshalExact(l.After, &is); err != nil {
		return err
	}
	for _, c := range columnsOf(row.Type()) {
		before, had := was[c.name]
		after, has := is[c.name]
		if c.derived || c.name == "version" || c.name == "updated_at" || !had && !has || before == after {
			continue
		}
		if err := decode(row.Field(c.index), before); err != nil {
			return err
		}
	}
	return nil
}

// decode sets a column to what the trail holds of it; nil is nothing.
func decode(x reflect.Value, value any) error {
	if value == nil {
		x.SetZero()
		return nil
	}
	switch v := value.(type) {
	case bool:
		x.SetBool(v)
	case json.Number:
		if x.CanFloat() {
			f, err := v.Float64()
			x.SetFloat(f)
			return err
		}
		i, err := v.Int64()
		if x.Type() == timeType {
			x.Set(reflect.ValueOf(time.UnixMilli(i).UTC()))
		} else {
			x.SetInt(i)
		}
		return err
	case string:
		switch x.Kind() {
		case reflect.Slice:
			x.SetZero()
			for _, part := range strings.Split(v, ";") {
				x.Set(reflect.Append(x, reflect.ValueOf(part).Convert(x.Type().Elem())))
			}
		case reflect.Map:
			x.SetZero()
			return json.Unmarshal([]byte(v), x.Addr().Interface())
		default:
			x.SetString(v)
		}
	}
	return nil
}

func unmarshalExact(text string, into *map[string]any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

// under is the SQL of the units that begin with a prefix.
func under(a *Args, prefix string) string {
	return `t.unit >= ` + a.Add(prefix) + ` AND t.unit < ` + a.Add(prefix+"\uffff") + ` AND t.undone_at = 0 AND t.action <> 'undo'`
}

// LinesUnder are the changes of the units that begin with a prefix, and that were not taken
// back, the last first.
func LinesUnder(tx *Tx, prefix string, limit int) ([]AuditLine, error) {
	var a Args
	where := under(&a, prefix)
	return Rows[AuditLine](tx, `SELECT `+Columns[AuditLine]("t")+` FROM audit_trail t WHERE `+where+` ORDER BY t.id DESC LIMIT `+strconv.Itoa(limit), a.List...)
}

// ChangedUnder reports whether somebody changed a row of these units since, and whether
// there are any.
func ChangedUnder(tx *Tx, prefix string) (changed, there bool, err error) {
	var a Args
	where := under(&a, prefix)
	if _, there, err = One[string](tx, `SELECT t.id FROM audit_trail t WHERE `+where+` LIMIT 1`, a.List...); err != nil || !there {
		return false, there, err
	}
	a = Args{}
	where = under(&a, prefix)
	own := a.Add(prefix)
	end := a.Add(prefix + "\uffff")
	_, changed, err = One[string](tx, `SELECT t.id FROM audit_trail t JOIN audit_trail l ON l.kind = t.kind AND l.subject_id = t.subject_id AND l.id > t.id
		WHERE `+where+` AND l.action <> 'undo' AND l.source <> 'system' AND l.undone_at = 0 AND NOT (l.unit >= `+own+` AND l.unit < `+end+`) LIMIT 1`, a.List...)
	return changed, true, err
}

// PassBy notes that a change has nothing to take back.
func PassBy(tx *Tx, l AuditLine) error { return tx.undone(l) }
