package outbox

import (
	"bytes"
	"image"
	_ "image/gif" // what phones and platforms send
	_ "image/jpeg"
	_ "image/png"

	"github.com/corona10/goimagehash"
	_ "golang.org/x/image/webp" // as above

	"fieldbot/store"
)

// maxPixels bounds a picture that is looked at: a small file can unpack into
// gigabytes.
const maxPixels = 60_000_000

// lookOf is the perceptual hash of a picture: 64 bits that stay alike when it
// is cut smaller or saved again.
func lookOf(data []byte) store.Look {
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return store.Look{None: true}
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return store.Look{None: true}
	}
	hash, err := goimagehash.PerceptionHash(img)
	if err != nil {
		return store.Look{None: true}
	}
	return store.Look{Bits: hash.GetHash()}
}
