package outbox

import (
	"image"
	_ "image/gif" // what phones and platforms send
	_ "image/jpeg"
	_ "image/png"
	"os"

	"github.com/corona10/goimagehash"
	_ "golang.org/x/image/webp" // as above

	"fieldbot/store"
)

// maxPixels bounds a picture that is looked at: a small file can unpack into
// gigabytes. Of a larger one the hash of its bytes alone is known.
const maxPixels = 25_000_000

// lookOf is the perceptual hash of a picture: 64 bits that stay alike when it
// is cut smaller or saved again.
func lookOf(path string) store.Look {
	size, err := decoded(path, func(f *os.File) (image.Config, error) { c, _, err := image.DecodeConfig(f); return c, err })
	if err != nil || size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return store.Look{None: true}
	}
	img, err := decoded(path, func(f *os.File) (image.Image, error) { i, _, err := image.Decode(f); return i, err })
	if err != nil {
		return store.Look{None: true}
	}
	hash, err := goimagehash.PerceptionHash(img)
	if err != nil {
		return store.Look{None: true}
	}
	return store.Look{Bits: hash.GetHash()}
}

func decoded[T any](path string, decode func(*os.File) (T, error)) (T, error) {
	f, err := os.Open(path) // #nosec G304 -- named by its hash
	if err != nil {
		var none T
		return none, err
	}
	defer func() { _ = f.Close() }() // only read
	return decode(f)
}
