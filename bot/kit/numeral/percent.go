package numeral

import (
	"math/big"
	"regexp"
	"strings"
)

// reTenths is 六成, 六成半, 六成五: tenths, and hundredths behind.
var reTenths = regexp.MustCompile(`^([一二三四五六七八九十两1-9])成([一二三四五六七八九1-9半])?$`)

// Percent reads a share of a hundred: 60%, 60 percent, 60分, 百分之六十, 六成, 六成半. A number
// alone counts hundredths: 60 is 60, and 0.5 a half of one.
func Percent(s string) (*big.Rat, bool) {
	s = narrow(s)
	if m := reTenths.FindStringSubmatch(s); m != nil {
		n, _ := Parse(m[1])
		n.Mul(n, big.NewRat(10, 1))
		if m[2] == "半" {
			m[2] = "五"
		}
		if rest, ok := Parse(m[2]); ok {
			n.Add(n, rest)
		}
		return n, true
	}
	if rest, ok := strings.CutPrefix(s, "百分之"); ok {
		return Parse(rest)
	}
	for _, unit := range []string{"%", "percent", "pct", "分"} {
		if rest, ok := strings.CutSuffix(s, unit); ok {
			s = strings.TrimSpace(rest)
			break
		}
	}
	if strings.ContainsAny(s, "/分打") { // parts of one, dozens
		return nil, false
	}
	return Parse(s)
}
