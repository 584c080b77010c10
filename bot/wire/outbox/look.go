package outbox

import (
	"bytes"
	"image"
	_ "image/gif" // what phones and platforms send
	_ "image/jpeg"
	_ "image/png"

	"github.com/corona10/goimagehash"
	_ "golang.org/x/image/webp" // as above
)

// maxPixels bounds a picture that is looked at: a small file can unpack into
// gigabytes.
const maxPixels = 60_000_000

// lookOf is the perceptual hash of a picture: 64 bits that stay alike when it
// is cut smaller or saved again. It is false for what is no picture.
func lookOf(data []byte) (look uint64, ok bool) {
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return 0, false
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return 0, false
	}
	hash, err := goimagehash.PerceptionHash(img)
	if err != nil {
		return 0, false
	}
	return hash.GetHash(), true
}
