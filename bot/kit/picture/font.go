// Package picture draws what is sent as a picture or printed. It is pure: text
// and figures come in, bytes of a file go out.
package picture

import (
	_ "embed"
	"strings"
	"unicode"
)

// Font is Noto Sans SC Regular, cut to the two-byte characters of GB 18030 (all of GBK), the
// 8,105 of the list of standard characters (通用规范汉字表) that lie in the basic plane, and
// Latin: 22,800 characters in 7.6 MB instead of 10.6, so that names such as 堃, 喆 and 镕 and
// the traditional signs of shops can be read (SIL Open Font License 1.1, see
// NotoSansSC-LICENSE.txt; from the npm package @expo-google-fonts/noto-sans-sc 0.4.3, cut
// with fonttools).
//
//go:embed NotoSansSC.ttf
var Font []byte

// printable replaces what fpdf panics at: characters beyond U+FFFF, as emoji, and bytes
// that are no UTF-8 (strings.Map makes them U+FFFD). What has no shape goes.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Cf, unicode.Variation_Selector):
			return -1
		case r > 0xFFFF:
			return '□'
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, text)
}
