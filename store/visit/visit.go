// Package visit keeps visits.
package visit

import (
	"time"

	"fieldbot/bot/access"
	"fieldbot/bot/account"
	"fieldbot/bot/calendar"
	"fieldbot/bot/visit"
	"fieldbot/store"
	storeaccount "fieldbot/store/account"
)

var columns = store.Columns[visit.Visit]("v")

// ByID returns a visit, if the scope may see it.
func ByID(tx *store.Tx, scope access.Scope, id string) (visit.Visit, bool, error) {
	var a store.Args
	return store.One[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.id = `+a.Add(id)+` AND `+a.Visits(scope, "v"), a.List...)
}

// ByRef returns the visit that an importer calls so.
func ByRef(tx *store.Tx, scope access.Scope, ref string) (visit.Visit, bool, error) {
	var a store.Args
	return store.One[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.ref = `+a.Add(ref)+` AND v.ref <> '' AND `+a.Visits(scope, "v"), a.List...)
}

// Started returns the visit of a person to a place that began at an instant.
func Started(tx *store.Tx, scope access.Scope, v visit.Visit) (visit.Visit, bool, error) {
	var a store.Args
	return store.One[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.started_at = `+a.Add(v.StartedAt)+` AND v.person_id = `+a.Add(v.PersonID)+
		` AND v.store_id = `+a.Add(v.StoreID)+` AND v.account_id = `+a.Add(v.AccountID)+` AND `+a.Visits(scope, "v"), a.List...)
}

// Filter narrows a list of visits.
type Filter struct {
	Person  string
	StoreID string
	Account string
	Limit   int
}

// List returns visits in sight, the one recorded last first. Undone ones are
// left out.
func List(tx *store.Tx, scope access.Scope, f Filter) ([]visit.Visit, error) {
	var a store.Args
	where := `v.reason <> '` + visit.Undone + `'`
	order := `v.visited_on DESC, v.recorded_at DESC`
	if f.StoreID != "" {
		where += ` AND v.store_id = ` + a.Add(f.StoreID) + ` AND v.status IN ('done', 'checked_in', 'missed', 'cancelled')`
	}
	if f.Account != "" {
		where += ` AND v.account_id = ` + a.Add(f.Account)
	}
	if f.Person != "" {
		where += ` AND v.person_id = ` + a.Add(f.Person)
		order = `v.recorded_at DESC`
	}
	return store.Rows[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE `+where+` AND `+a.Visits(scope, "v")+` ORDER BY `+order+` LIMIT `+a.Add(f.Limit), a.List...)
}

// Since calls fn with every visit in sight that began in a span; a zero end is
// open.
func Since(tx *store.Tx, scope access.Scope, from, until time.Time, fn func(visit.Visit) error) error {
	var a store.Args
	where := `v.started_at >= ` + a.Add(from)
	if !until.IsZero() {
		where += ` AND v.started_at < ` + a.Add(until)
	}
	return store.Each(tx, fn, `SELECT `+columns+` FROM visits v WHERE `+where+` AND `+a.Visits(scope, "v")+` ORDER BY v.started_at, v.id`, a.List...)
}

// Last returns what a person recorded after an instant, the last first.
func Last(tx *store.Tx, scope access.Scope, person string, since time.Time) ([]visit.Visit, error) {
	var a store.Args
	return store.Rows[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.person_id = `+a.Add(person)+` AND v.recorded_at >= `+a.Add(since)+` AND `+a.Visits(scope, "v")+` ORDER BY v.recorded_at DESC LIMIT 100`, a.List...)
}

// Twins returns a person's own visits to the place of one, recorded after an
// instant.
func Twins(tx *store.Tx, scope access.Scope, v visit.Visit, since time.Time) ([]visit.Visit, error) {
	var a store.Args
	return store.Rows[visit.Visit](tx, `SELECT `+columns+` FROM visits v WHERE v.person_id = `+a.Add(v.PersonID)+` AND v.recorded_at >= `+a.Add(since)+
		` AND v.store_id = `+a.Add(v.StoreID)+` AND v.account_id = `+a.Add(v.AccountID)+` AND v.needs = `+a.Add(v.Needs)+` AND v.status = `+a.Add(v.Status)+` AND `+a.Visits(scope, "v")+` LIMIT 20`, a.List...)
}

// Add keeps a new visit.
func Add(tx *store.Tx, v *visit.Visit) error {
	if v.ID == "" {
		v.ID = store.NewID()
	}
	v.Version, v.CreatedAt, v.UpdatedAt = 1, tx.Now, tx.Now
	return store.Insert(tx, *v)
}

// Change writes a visit over the one that was read.
func Change(tx *store.Tx, before, after visit.Visit) error {
	after.UpdatedAt = tx.Now
	return store.Update(tx, before, after)
}

// Photo is a picture that belongs to a visit; it waits to be fetched.
type Photo struct {
	Ref       string    `db:"ref"`
	Hash      string    `db:"hash"` // SHA-256 of its bytes, the name of its file
	Subject   string    `db:"subject"`
	PersonID  string    `db:"person_id"`
	Size      int64     `db:"size"`
	State     string    `db:"state"`
	CreatedAt time.Time `db:"created_at"`
}

// AddPhoto notes a photo that is to be fetched. It is false if the photo was
// noted before.
func AddPhoto(tx *store.Tx, p Photo) (bool, error) {
	n, err := tx.Exec(`INSERT INTO photos (ref, subject, person_id, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, p.Ref, p.Subject, p.PersonID, tx.Now)
	return n == 1, err
}

// StoredPhoto notes where a photo's bytes are now.
func StoredPhoto(tx *store.Tx, ref, hash string, size int) error {
	_, err := tx.Exec(`UPDATE photos SET hash = $1, size = $2, state = 'stored' WHERE ref = $3`, hash, size, ref)
	return err
}

// LostPhoto notes that the platform no longer has a photo.
func LostPhoto(tx *store.Tx, ref string) error {
	_, err := tx.Exec(`UPDATE photos SET state = 'lost' WHERE ref = $1`, ref)
	return err
}

// Photos lists photos by state.
func Photos(tx *store.Tx, state string, limit int) ([]Photo, error) {
	return store.Rows[Photo](tx, `SELECT ref, hash, subject, person_id, size, state, created_at FROM photos WHERE state = $1 ORDER BY created_at LIMIT $2`, state, limit)
}

// Agreed lists the places that a person said they would visit by a day, in the
// two weeks up to it, and has not visited since.
func Agreed(tx *store.Tx, scope access.Scope, person string, by calendar.Day) ([]account.Place, error) {
	var a store.Args
	refs, err := store.Rows[string](tx, `SELECT DISTINCT CASE WHEN v.store_id <> '' THEN 'store:' || v.store_id ELSE 'account:' || v.account_id END AS ref
		FROM visits v WHERE v.person_id = `+a.Add(person)+` AND v.next_visit_on BETWEEN `+a.Add(by.Add(-14))+` AND `+a.Add(by)+` AND v.status = 'done' AND v.visited_on < `+a.Add(by)+`
		AND NOT EXISTS (SELECT 1 FROM visits l WHERE l.account_id = v.account_id AND l.store_id = v.store_id AND l.status = 'done' AND l.visited_on > v.visited_on)
		AND `+a.Visits(scope, "v")+` ORDER BY ref LIMIT 20`, a.List...)
	var out []account.Place
	for _, ref := range refs {
		p, ok, err := storeaccount.PlaceByRef(tx, scope, ref)
		if err != nil {
			return nil, err
		}
		if ok && p.Active() {
			out = append(out, p)
		}
	}
	return out, err
}
