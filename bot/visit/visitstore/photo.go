package visitstore

import (
	"fmt"
	"strings"
	"time"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

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

// StoredPhoto notes where a photo's bytes are now and what it looks like; ok
// is false for a file that is no picture. A visit whose photo was seen with
// another visit is flagged.
func StoredPhoto(tx *store.Tx, ref, hash string, size int, look uint64, ok bool) error {
	bands := [4]int64{-1, -1, -1, -1}
	if ok {
		bands = visit.Bands(look)
	}
	if _, err := tx.Exec(`UPDATE photos SET hash = $1, size = $2, state = 'stored', look = $3, band1 = $4, band2 = $5, band3 = $6, band4 = $7 WHERE ref = $8`,
		hash, size, int64(look), bands[0], bands[1], bands[2], bands[3], ref); err != nil { // #nosec G115 -- the bits are kept, the sign means nothing
		return err
	}
	own, found, err := store.One[string](tx, `SELECT subject FROM photos WHERE ref = $1`, ref)
	if err != nil || !found {
		return err
	}
	again, err := seen(tx, ref, own, hash, look, bands)
	if err != nil || !again {
		return err
	}
	return flag(tx, strings.TrimPrefix(own, "visits:"), visit.PhotoAgain)
}

// PhotoSentAgain flags a visit that brings a photo by the very id that another
// visit brought it by.
func PhotoSentAgain(tx *store.Tx, ref, id string) error {
	subjects, err := store.Rows[string](tx, `SELECT subject FROM photos WHERE ref = $1`, ref)
	if err != nil {
		return err
	}
	again, err := others(tx, subjects, "visits:"+id)
	if err != nil || !again {
		return err
	}
	return flag(tx, id, visit.PhotoAgain)
}

// seen reports whether another visit has the same photo: the same bytes, or a
// look that differs in at most three bits.
func seen(tx *store.Tx, ref, own, hash string, look uint64, bands [4]int64) (bool, error) {
	subjects, err := store.Rows[string](tx, `SELECT subject FROM photos WHERE hash = $1 AND ref <> $2 LIMIT 100`, hash, ref)
	if err != nil {
		return false, err
	}
	type looked struct {
		Subject string `db:"subject"`
		Look    int64  `db:"look"`
	}
	for i, band := range bands {
		if band < 0 {
			break
		}
		near, err := store.Rows[looked](tx, fmt.Sprintf(`SELECT subject, look FROM photos WHERE band%d = $1 AND band%d >= 0 AND ref <> $2 LIMIT 2000`, i+1, i+1), band, ref)
		if err != nil {
			return false, err
		}
		for _, p := range near {
			if visit.Alike(look, uint64(p.Look)) { // #nosec G115 -- the bits are kept, the sign means nothing
				subjects = append(subjects, p.Subject)
			}
		}
	}
	return others(tx, subjects, own)
}

// others reports whether one of some subjects is a visit that stands and is
// not the own one.
func others(tx *store.Tx, subjects []string, own string) (bool, error) {
	for _, s := range subjects {
		if s == own {
			continue
		}
		v, ok, err := Visits.In(access.System("whose photo was seen before")).ByID(tx, strings.TrimPrefix(s, "visits:"))
		if err != nil || ok && v.Reason != visit.Undone {
			return err == nil, err
		}
	}
	return false, nil
}

// flag adds a flag to a visit.
func flag(tx *store.Tx, id, what string) error {
	before, ok, err := Visits.In(access.System("a flag of the clock")).ByID(tx, id)
	if err != nil || !ok {
		return err
	}
	after := before
	after.Flag(what)
	if len(after.Flags) == len(before.Flags) {
		return nil
	}
	said := tx.Origin()
	tx.By(store.Origin{Source: "system"}) // nobody's doing: it is in nobody's way to undo
	err = Visits.Change(tx, before, after)
	if said.Unit != "" {
		tx.By(said)
	}
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
