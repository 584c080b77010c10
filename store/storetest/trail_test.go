package storetest_test

import (
	"strings"
	"testing"

	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// TestTampered: whatever is done to the trail behind the program's back, the subject that it
// was done to is named, and no other.
func TestTampered(t *testing.T) {
	for name, tampering := range map[string]struct{ does, why string }{
		"content":      {`UPDATE audit_trail SET after = '{"name":"Z"}' WHERE subject_id = $1 AND place = 2`, "what line 2 says was changed"},
		"author":       {`UPDATE audit_trail SET person_id = 'z' WHERE subject_id = $1 AND place = 2`, "who, when or what of line 2"},
		"time":         {`UPDATE audit_trail SET at = at - 60000 WHERE subject_id = $1 AND place = 1`, "who, when or what of line 1"},
		"first":        {`DELETE FROM audit_trail WHERE subject_id = $1 AND place = 1`, "line 2 follows line 0"},
		"between":      {`DELETE FROM audit_trail WHERE subject_id = $1 AND place = 2`, "line 3 follows line 1"},
		"last":         {`DELETE FROM audit_trail WHERE subject_id = $1 AND place = 3`, "its last lines are missing"},
		"all":          {`DELETE FROM audit_trail WHERE subject_id = $1`, "its last lines are missing"},
		"head":         {`DELETE FROM trail_heads WHERE subject_id = $1`, "lines that its head does not know"},
		"out of chain": {`UPDATE audit_trail SET place = 0, link = '', digest = '' WHERE subject_id = $1`, "its last lines are missing"},
		"added": {`INSERT INTO audit_trail (id, unit, at, person_id, source, action, kind, subject_id, version, before, after, place, salt, digest, link)
			SELECT 'x', unit, at, person_id, source, action, kind, subject_id, version, before, after, 4, salt, digest, link FROM audit_trail WHERE subject_id = $1 AND place = 3`, "who, when or what of line 4"},
		"hidden": {`UPDATE audit_trail SET after = '{"name":"Z"}', erased_at = 1 WHERE subject_id = $1 AND place = 2`, "what line 2 says was changed"},
		"moved":  {`UPDATE audit_trail SET subject_id = 'x' WHERE subject_id = $1`, "who, when or what of line 1"},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				anna, other := trailed(t, db, "a"), trailed(t, db, "b")
				if found := storetest.Trail(t, db); found.Lines != 6 || found.Before+found.Erased != 0 {
					t.Errorf("%+v", found)
				}
				write(t, db, func(tx *store.Tx) error { _, err := tx.Exec(tampering.does, anna.ID); return err })
				if found := storetest.Verified(t, db); len(found.Broken) == 0 || !strings.Contains(found.Broken[0].Why, tampering.why) {
					t.Errorf("%+v", found)
				} else if found.Broken[0].ID == other.ID {
					t.Errorf("another is named: %+v", found)
				}
			})
		})
	}
}

// TestErasedHolds: what is erased on request leaves the chain as it was, and is counted.
func TestErasedHolds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := trailed(t, db, "a")
		write(t, db, func(tx *store.Tx) error {
			_, err := store.Run(tx, store.Trail(tx, "people", p.ID, p.Name), true)
			return err
		})
		if found := storetest.Trail(t, db); found.Erased != 3 {
			t.Errorf("%+v", found)
		}
	})
}

// TestChainOfAUnit: several changes of a row in one unit, one of them taken back, are a
// chain, too.
func TestChainOfAUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := trailed(t, db, "a")
		write(t, db, func(tx *store.Tx) error {
			if err := rename(tx, p.ID, "D"); err != nil {
				return err
			}
			_ = tx.Try(func() error { // taken back
				if err := rename(tx, p.ID, "E"); err != nil {
					t.Error(err)
				}
				return store.ErrBusy
			})
			return rename(tx, p.ID, "F")
		})
		if found := storetest.Trail(t, db); found.Lines != 5 {
			t.Errorf("%+v", found)
		}
	})
}

// trailed is a person with three lines.
func trailed(t *testing.T, db *store.DB, handle string) person.Person {
	t.Helper()
	p := addPerson(t, db, handle, person.Rep)
	for _, name := range []string{"B", "C"} {
		write(t, db, func(tx *store.Tx) error { return rename(tx, p.ID, name) })
	}
	return p
}

func rename(tx *store.Tx, id, name string) error {
	now, _, err := personstore.ByID(tx, id)
	if err != nil {
		return err
	}
	after := now
	after.Name = name
	return personstore.People.Change(tx, now, after)
}
