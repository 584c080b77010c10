package outbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"fieldbot/bot/talk/chat"
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

// CopyNew copies the photos that another folder does not have yet, and returns how many. One
// that is not what its name says is damaged: it is left out and told of, behind the others.
func (m Media) CopyNew(to Media) (n int, err error) {
	if err := to.Prepare(); err != nil {
		return 0, err
	}
	photos, err := filepath.Glob(filepath.Join(m.Dir, "??", "*"))
	for _, path := range photos {
		hash := filepath.Base(path)
		if len(hash) != hex.EncodedLen(sha256.Size) {
			continue
		}
		if _, missing := os.Stat(to.Path(hash)); missing == nil {
			continue
		}
		failed := to.copy(path, hash)
		if failed == nil {
			n++
		}
		err = errors.Join(err, failed)
	}
	return n, err
}

func (m Media) copy(path, hash string) error {
	f, err := os.Open(path) // #nosec G304 -- a photo of the folder
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	_, err = m.Keep(func(w io.Writer) error {
		sum := sha256.New()
		if _, err := io.Copy(io.MultiWriter(w, sum), f); err != nil {
			return err
		}
		if hex.EncodeToString(sum.Sum(nil)) != hash {
			return fmt.Errorf("the photo %s is damaged", path)
		}
		return nil
	})
	return err
}
