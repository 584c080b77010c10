package outbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/store"
)

// Media is the folder of photos, each named by the hash of its bytes.
type Media struct{ Dir string }

// Marker is the file that tells the media folder from an empty disk that was
// not mounted.
const Marker = ".fieldbot-media"

// Prepare makes the folder and its marker.
func (m Media) Prepare() error {
	if err := os.MkdirAll(m.Dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(m.Dir, Marker), []byte("photos of fieldbot, named by their SHA-256\n"), 0o600)
}

// Path is where the photo of a hash is.
func (m Media) Path(hash string) string { return filepath.Join(m.Dir, hash[:2], hash) }

// Kept is a photo in the folder.
type Kept struct {
	Hash string // SHA-256 of its bytes
	Size int
}

// Keep writes a photo as it comes, whole or not at all. One that is empty is none.
func (m Media) Keep(write func(io.Writer) error) (k Kept, err error) {
	f, err := os.CreateTemp(m.Dir, ".new-*")
	if err != nil {
		return k, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	sum, size := sha256.New(), counter(0)
	err = write(io.MultiWriter(f, sum, &size))
	if err == nil && size == 0 {
		err = &chat.Failure{Reason: "the photo is empty", Permanent: true}
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return k, err
	}
	k = Kept{hex.EncodeToString(sum.Sum(nil)), int(size)}
	path := m.Path(k.Hash)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return k, err
	}
	return k, os.Rename(f.Name(), path)
}

// counter counts what is written.
type counter int

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

func (r runner) fetchPhoto(ctx context.Context, ref string) error {
	_, name, _ := strings.Cut(ref, ":")
	kept, err := r.media.Keep(func(w io.Writer) error { return r.sender.Fetch(ctx, name, w) })
	var f *chat.Failure
	if errors.As(err, &f) && f.Permanent {
		return errors.Join(r.db.Write(ctx, func(tx *store.Tx) error { return tx.LosePhoto(ref) }), err)
	}
	if err != nil {
		return fmt.Errorf("keeping a photo: %w", err)
	}
	look := lookOf(r.media.Path(kept.Hash))
	return r.db.Write(ctx, func(tx *store.Tx) error {
		subject, same, err := tx.KeepPhoto(ref, kept.Hash, kept.Size, look)
		if err != nil || len(same) == 0 {
			return err
		}
		return r.photoSeen(tx, subject, same)
	})
}

// learnZone takes a person's time zone from the platform, unless the person
// has told it meanwhile.
func (r runner) learnZone(ctx context.Context, row store.Out) error {
	zone, err := r.sender.Zone(ctx, row.Body)
	if err != nil {
		return err
	}
	loc, ok := calendar.Zone(zone)
	if !ok {
		return nil
	}
	return r.db.Write(ctx, func(tx *store.Tx) error {
		p, found, err := personstore.ByID(tx, row.PersonID)
		if err != nil || !found || p.ZoneKnown {
			return err
		}
		tx.By(store.Origin{Person: p.ID, Source: row.Platform})
		after := p
		after.Timezone, after.ZoneKnown = loc.String(), true
		return personstore.People.Change(tx, p, after)
	})
}
