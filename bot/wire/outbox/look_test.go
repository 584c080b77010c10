package outbox

import (
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math/bits"
	"os"
	"path/filepath"
	"testing"
)

// aisle is a made-up photo of a shelf.
func aisle(t testing.TB, width, height int) string {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetGray(x, y, color.Gray{Y: uint8((x*255/width + (y*8/height)*40) % 256)}) // #nosec G115 -- below 256
		}
	}
	path := filepath.Join(t.TempDir(), "aisle.jpg")
	f, err := os.Create(path) // #nosec G304 -- in the test's own folder
	if err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(f, img, nil); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestLook: the same shelf at half the size looks alike; what is no picture, and what
// would unpack into too much, looks like nothing.
func TestLook(t *testing.T) {
	a, b := lookOf(aisle(t, 1280, 960)), lookOf(aisle(t, 640, 480))
	if a.None || bits.OnesCount64(a.Bits^b.Bits) > 3 {
		t.Errorf("%x and %x", a.Bits, b.Bits)
	}
	if !lookOf(aisle(t, 5100, 5000)).None {
		t.Error("25.5 megapixels were looked at")
	}
	none := filepath.Join(t.TempDir(), "none")
	if err := os.WriteFile(none, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	if !lookOf(none).None || !lookOf(none+"gone").None {
		t.Error("nothing looks like something")
	}
}

// TestKeep: a photo is kept whole or not at all; an empty one is none.
func TestKeep(t *testing.T) {
	m := Media{Dir: t.TempDir()}
	k, err := m.Keep(func(w io.Writer) error { _, err := w.Write([]byte("photo")); return err })
	if err != nil || k.Size != 5 {
		t.Fatal(k, err)
	}
	if data, err := os.ReadFile(m.Path(k.Hash)); err != nil || string(data) != "photo" {
		t.Error(string(data), err)
	}
	for _, write := range []func(io.Writer) error{
		func(io.Writer) error { return nil },
		func(w io.Writer) error { _, _ = w.Write([]byte("half")); return io.ErrUnexpectedEOF },
	} {
		if _, err := m.Keep(write); err == nil {
			t.Error("kept")
		}
	}
	if left, err := filepath.Glob(filepath.Join(m.Dir, ".new-*")); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}

// BenchmarkLook is the perceptual hash of a phone's photo.
func BenchmarkLook(b *testing.B) {
	path := aisle(b, 1280, 960)
	for b.Loop() {
		if lookOf(path).None {
			b.Fatal("no look")
		}
	}
}
