package visit

import "math/bits"

// Bands cuts a perceptual hash into four numbers of 16 bits. Two hashes that
// differ in at most three bits share one of them, so that a look-up by band
// finds every look-alike by index.
func Bands(look uint64) [4]int64 {
	var out [4]int64
	for i := range out {
		out[i] = int64(look >> (16 * i) & 0xffff) // #nosec G115 -- 16 bits
	}
	return out
}

// alikeBits is how many bits of two photos' hashes may differ (domain.md §3).
const alikeBits = 3

// Alike reports whether two photos look the same.
func Alike(a, b uint64) bool { return bits.OnesCount64(a^b) <= alikeBits }
