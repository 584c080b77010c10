package store

import (
	"fmt"
	"math/bits"
	"strconv"
	"time"
)

// Photo is a picture that a row brings; it waits to be fetched.
type Photo struct {
	Ref       string    `db:"ref"`
	Hash      string    `db:"hash"`    // SHA-256 of its bytes, the name of its file
	Subject   string    `db:"subject"` // table:id of the row
	PersonID  string    `db:"person_id"`
	Size      int64     `db:"size"`
	State     string    `db:"state"`
	CreatedAt time.Time `db:"created_at"`
}

var _ = Machinery("pictures that rows name by reference", "photos")

// AddPhoto notes a photo that is to be fetched. It is false if the photo was
// noted before.
func (tx *Tx) AddPhoto(p Photo) (bool, error) {
	n, err := tx.Exec(`INSERT INTO photos (ref, subject, person_id, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, p.Ref, p.Subject, p.PersonID, tx.Now)
	return n == 1, err
}

// Look is what a picture looks like: its perceptual hash. None is a file that is
// no picture.
type Look struct {
	Bits uint64
	None bool
}

// KeepPhoto notes where a photo's bytes are now and what it looks like. It
// returns whose it is and the subjects of the photos that are the same: by their
// bytes, or by a look that differs in at most three bits.
func (tx *Tx) KeepPhoto(ref, hash string, size int, look Look) (subject string, same []string, err error) {
	bands := [4]int64{-1, -1, -1, -1}
	if !look.None {
		bands = look.bands()
	}
	if err := tx.Do(`UPDATE photos SET hash = $1, size = $2, state = 'stored', look = $3, band1 = $4, band2 = $5, band3 = $6, band4 = $7 WHERE ref = $8`,
		hash, size, int64(look.Bits), bands[0], bands[1], bands[2], bands[3], ref); err != nil { // #nosec G115 -- the bits are kept, the sign means nothing
		return "", nil, err
	}
	subject, found, err := One[string](tx, `SELECT subject FROM photos WHERE ref = $1`, ref)
	if err != nil || !found {
		return "", nil, err
	}
	if same, err = Rows[string](tx, `SELECT subject FROM photos WHERE hash = $1 AND ref <> $2 LIMIT 100`, hash, ref); err != nil {
		return "", nil, err
	}
	near, err := tx.nearPhotos(ref, look, bands)
	return subject, append(same, near...), err
}

func (tx *Tx) nearPhotos(ref string, look Look, bands [4]int64) ([]string, error) {
	type looked struct {
		Subject string `db:"subject"`
		Look    int64  `db:"look"`
	}
	var out []string
	for i, band := range bands {
		if band < 0 {
			break
		}
		near, err := Rows[looked](tx, fmt.Sprintf(`SELECT subject, look FROM photos WHERE band%d = $1 AND band%d >= 0 AND ref <> $2 LIMIT 2000`, i+1, i+1), band, ref)
		if err != nil {
			return nil, err
		}
		for _, p := range near {
			if look.near(Look{Bits: uint64(p.Look)}) { // #nosec G115 -- the bits are kept, the sign means nothing
				out = append(out, p.Subject)
			}
		}
	}
	return out, nil
}

// bands cuts a look into four numbers of 16 bits. Two that differ in at most
// three bits share one of them, so that a look-up by band finds every look-alike
// by index.
func (l Look) bands() [4]int64 {
	var out [4]int64
	for i := range out {
		out[i] = int64(l.Bits >> (16 * i) & 0xffff) // #nosec G115 -- 16 bits
	}
	return out
}

// alikeBits is how many bits of two photos' looks may differ (domain.md §3).
const alikeBits = 3

func (l Look) near(other Look) bool { return bits.OnesCount64(l.Bits^other.Bits) <= alikeBits }

// PhotoOf returns the subjects that a photo was noted for.
func (tx *Tx) PhotoOf(ref string) ([]string, error) {
	return Rows[string](tx, `SELECT subject FROM photos WHERE ref = $1`, ref)
}

// LosePhoto notes that the platform no longer has a photo.
func (tx *Tx) LosePhoto(ref string) error {
	return tx.Do(`UPDATE photos SET state = 'lost' WHERE ref = $1`, ref)
}

// Photos lists photos by state.
func (tx *Tx) Photos(state string, limit int) ([]Photo, error) {
	return Rows[Photo](tx, `SELECT ref, hash, subject, person_id, size, state, created_at FROM photos WHERE state = $1 ORDER BY created_at LIMIT `+strconv.Itoa(limit), state)
}
