package store

import (
	"testing"

	"pgregory.net/rapid"
)

// TestBands: photos that differ in at most three bits share a band, so that the
// look-up by band misses none.
func TestBands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		look := Look{Bits: rapid.Uint64().Draw(t, "look")}
		other := look
		for range rapid.IntRange(0, 3).Draw(t, "flips") {
			other.Bits ^= 1 << rapid.IntRange(0, 63).Draw(t, "bit")
		}
		if !look.near(other) {
			t.Fatal("three bits are alike")
		}
		a, b := look.bands(), other.bands()
		if a[0] != b[0] && a[1] != b[1] && a[2] != b[2] && a[3] != b[3] {
			t.Fatalf("%x and %x share no band", look.Bits, other.Bits)
		}
	})
}
