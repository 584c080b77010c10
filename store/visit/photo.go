package visit

import (
	"fmt"
	"strings"
	"time"

	"fieldbot/bot/access"
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

// seen reports whether another subject has the same photo: the same bytes, or
// a look that differs in at most three bits.
func seen(tx *store.Tx, ref, own, hash string, look uint64, bands [4]int64) (bool, error) {
	_, same, err := store.One[string](tx, `SELECT ref FROM photos WHERE hash = $1 AND ref <> $2 AND subject <> $3 LIMIT 1`, hash, ref, own)
	if err != nil || same || bands[0] < 0 {
		return same, err
	}
	for i, band := range bands {
		looks, err := store.Rows[int64](tx, fmt.Sprintf(`SELECT look FROM photos WHERE band%d = $1 AND band%d >= 0 AND ref <> $2 AND subject <> $3 LIMIT 2000`, i+1, i+1), band, ref, own)
		if err != nil {
			return false, err
		}
		for _, l := range looks {
			if visit.Alike(look, uint64(l)) { // #nosec G115 -- as above
				return true, nil
			}
		}
	}
	return false, nil
}

// flag adds a flag to a visit.
func flag(tx *store.Tx, id, what string) error {
	before, ok, err := ByID(tx, access.System("a flag of the clock"), id)
	if err != nil || !ok {
		return err
	}
	after := before
	after.Flag(what)
	if len(after.Flags) == len(before.Flags) {
		return nil
	}
	tx.By(store.Origin{Source: "system"})
	return Change(tx, before, after)
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
