package outbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
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

// Keep writes a photo, whole or not at all, and returns its hash.
func (m Media) Keep(data []byte) (string, error) {
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	path := m.Path(hash)
	if _, err := os.Stat(path); err == nil {
		return hash, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return hash, nil
}

func (r runner) fetchPhoto(ctx context.Context, ref string) error {
	_, name, _ := strings.Cut(ref, ":")
	data, err := r.sender.Fetch(ctx, name)
	var f *chat.Failure
	if errors.As(err, &f) && f.Permanent {
		return errors.Join(r.db.Write(ctx, func(tx *store.Tx) error { return tx.LosePhoto(ref) }), err)
	}
	if err != nil {
		return err
	}
	hash, err := r.media.Keep(data)
	if err != nil {
		return fmt.Errorf("keeping a photo: %w", err)
	}
	look := lookOf(data)
	return r.db.Write(ctx, func(tx *store.Tx) error {
		subject, same, err := tx.KeepPhoto(ref, hash, len(data), look)
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
