// Package picture draws what is sent as a picture or printed. It is pure: text
// and figures come in, bytes of a file go out.
package picture

import _ "embed"

// Font is Noto Sans SC Regular, cut to the characters of GB 2312 and Latin:
// 7,700 characters in 2.2 MB instead of 10.6 (SIL Open Font License 1.1, see
// NotoSansSC-LICENSE.txt; from the npm package @expo-google-fonts/noto-sans-sc
// 0.4.3, cut with fonttools).
//
//go:embed NotoSansSC-GB2312.ttf
var Font []byte
