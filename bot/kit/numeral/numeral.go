// Package numeral reads numbers as people write and say them: 12,000, 1.5万, 3万5, 一百零五,
// 两千四百五, 12.5k, 五分之一. It is pure and exact.
package numeral

import (
	"math/big"
	"regexp"
	"strings"

	"fieldbot/bot/kit/hanzi"

	"golang.org/x/text/unicode/norm"
)

// plain turns the figures of cheques into those that the grammar knows, and drops the words
// for "and some": 十余万 is read as 十万.
var plain = strings.NewReplacer(
	"壹", "一", "贰", "二", "叁", "三", "肆", "四", "伍", "五", "陆", "六", "柒", "七", "捌", "八", "玖", "九",
	"拾", "十", "佰", "百", "仟", "千", "〇", "零", "两", "二", "俩", "二", "倆", "二", "余", "", "多", "", "几", "", "w", "万", "k", "千", "m", "百万", "廿", "二十", "卅", "三十", "半百", "五十", " ", "")

// longest bounds what is looked at, in bytes.
const longest = 200

var (
	reDecimal  = regexp.MustCompile(`^(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?$`)
	reApart    = regexp.MustCompile(`\d\s+\d`) // two numbers, but for 12 000
	reThousand = regexp.MustCompile(`^\d{1,3}(?: \d{3})+$`)
	reQuotient = regexp.MustCompile(`^(-?)(?:(\d+) )?(\d+)/(\d+)$`)
)

// Parse reads a number; false is none. A number says what it is by itself: no currency, no
// unit beside it.
func Parse(s string) (*big.Rat, bool) {
	s = narrow(s)
	if len(s) > longest || s == "k" || s == "w" || s == "m" {
		return nil, false
	}
	if m := reQuotient.FindStringSubmatch(s); m != nil {
		return quotient(m)
	}
	if reApart.MatchString(s) && !reThousand.MatchString(s) {
		return nil, false
	}
	return signed(plain.Replace(s))
}

// narrow is a text as it is read: composed, in small letters, simplified, with single spaces.
func narrow(s string) string {
	return hanzi.Simplified(strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(s)), " ")))
}

func quotient(m []string) (*big.Rat, bool) {
	n, ok := new(big.Rat).SetString(m[3] + "/" + m[4])
	if !ok {
		return nil, false
	}
	if whole, ok := new(big.Rat).SetString(m[2]); ok {
		n.Add(n, whole)
	}
	if m[1] != "" {
		n.Neg(n)
	}
	return n, true
}

func signed(s string) (*big.Rat, bool) {
	for _, minus := range []string{"-", "负"} {
		if rest, ok := strings.CutPrefix(s, minus); ok && rest != "" {
			n, ok := signed(rest)
			if ok {
				n = n.Neg(n)
			}
			return n, ok
		}
	}
	// 三又五分之一: the whole, the divisor, the dividend.
	if under, over, ok := strings.Cut(s, "分之"); ok {
		whole := new(big.Rat)
		if before, after, and := strings.Cut(under, "又"); and {
			w, ok := signed(before)
			if !ok {
				return nil, false
			}
			whole, under = w, after
		}
		by, ok1 := signed(under)
		n, ok2 := signed(over)
		if !ok1 || !ok2 || by.Sign() == 0 {
			return nil, false
		}
		return whole.Add(whole, n.Quo(n, by)), true
	}
	if rest, ok := strings.CutSuffix(s, "打"); ok { // a dozen
		n, ok := counted(rest)
		if ok {
			n = n.Mul(n, big.NewRat(12, 1))
		}
		return n, ok
	}
	return counted(s)
}

// counted reads what may have a decimal point behind it.
func counted(s string) (*big.Rat, bool) {
	whole, part, found := strings.Cut(s, "点")
	if digits, ok := spelled(whole); ok { // 二零二六; beside units each figure stands alone
		if some(whole) {
			return nil, false
		}
		whole = digits
	}
	n, ok := grouped(whole)
	if !ok || !found {
		return n, ok
	}
	digits, ok := spelled(part)
	if !ok {
		return nil, false
	}
	fraction, ok := new(big.Rat).SetString("0." + digits)
	if !ok {
		return nil, false
	}
	return n.Add(n, fraction), true
}

const figures = "零一二三四五六七八九"

// some reports whether two figures are "two or three": 两三, 三四.
func some(s string) bool {
	r := []rune(s)
	return len(r) == 2 && r[0] >= 0x80 && strings.Contains(figures, s)
}

// spelled reads figures one by one: 二零二六.
func spelled(s string) (string, bool) {
	var out strings.Builder
	for _, r := range s {
		at := strings.IndexRune(figures, r)
		switch {
		case at >= 0:
			out.WriteByte(byte('0' + at/len("零")))
		case r >= '0' && r <= '9':
			out.WriteRune(r)
		default:
			return "", false
		}
	}
	return out.String(), s != ""
}

// groups are the units that multiply all that stands before them.
var groups = []struct {
	unit  string
	zeros int64
}{{"兆", 1e12}, {"亿", 1e8}, {"万", 1e4}}

// grouped splits a number at its greatest group: 一千两百三十四万五, 4.78万亿.
func grouped(s string) (*big.Rat, bool) {
	for _, g := range groups {
		at := strings.LastIndex(s, g.unit)
		if at < 0 {
			continue
		}
		n, ok := grouped(s[:at])
		if !ok || strings.Contains(strings.TrimRight(s[:at], g.unit), g.unit) { // 四万万 is one number, 一万两万 two
			return nil, false
		}
		n = n.Mul(n, big.NewRat(g.zeros, 1))
		return behind(n, s[at+len(g.unit):], g.zeros)
	}
	return hundreds(s)
}

// behind adds what stands behind a unit; a single figure counts tenths of it: 3万5 is 35,000,
// 一万零五 is 10,005.
func behind(n *big.Rat, rest string, unit int64) (*big.Rat, bool) {
	if rest = strings.TrimSuffix(rest, "零"); rest == "" {
		return n, true
	}
	if digit, ok := spelled(rest); ok && len(digit) == 1 && digit != "0" {
		rest, ok := new(big.Rat).SetString(digit)
		return n.Add(n, rest.Mul(rest, big.NewRat(unit/10, 1))), ok
	}
	more, ok := grouped(strings.TrimPrefix(rest, "零"))
	if !ok || more.Cmp(big.NewRat(unit, 1)) >= 0 && unit >= 1e4 {
		return nil, false
	}
	return n.Add(n, more), true
}

// hundreds reads up to 9,999, in figures or words, or figures one by one.
func hundreds(s string) (*big.Rat, bool) {
	for _, u := range []struct {
		unit string
		size int64
	}{{"千", 1000}, {"百", 100}, {"十", 10}} {
		before, after, found := strings.Cut(s, u.unit)
		if !found {
			continue
		}
		n := big.NewRat(1, 1)
		if before = strings.TrimPrefix(before, "零"); before != "" {
			var ok bool
			if n, ok = figure(before); !ok {
				return nil, false
			}
		}
		n = n.Mul(n, big.NewRat(u.size, 1))
		if u.size == 10 {
			if after == "" {
				return n, true
			}
			one, ok := figure(after)
			if !ok || one.Cmp(big.NewRat(10, 1)) >= 0 {
				return nil, false
			}
			return n.Add(n, one), true
		}
		return behind(n, after, u.size)
	}
	return figure(s)
}

// figure reads digits, with separators and a decimal point, or one Chinese figure.
func figure(s string) (*big.Rat, bool) {
	if reDecimal.MatchString(s) && s != "" {
		return new(big.Rat).SetString("0" + strings.ReplaceAll(s, ",", ""))
	}
	digits, ok := spelled(s)
	if !ok || len(digits) > 1 {
		return nil, false
	}
	return new(big.Rat).SetString(digits)
}
