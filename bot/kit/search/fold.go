package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

var (
	// letters are those that Unicode does not take apart, and the marks that people leave
	// out or type in one of many ways.
	letters = strings.NewReplacer("ł", "l", "Ł", "l", "ß", "ss", "ẞ", "ss", "æ", "ae", "Æ", "ae", "œ", "oe", "Œ", "oe", "ø", "o", "Ø", "o", "đ", "d", "Đ", "d", "ð", "d", "Ð", "d", "þ", "th", "Þ", "th", "ı", "i", "İ", "i",
		"'", "", "’", "", "‘", "", "ʼ", "", "`", "", "´", "")
	// umlauts are the letters that people write as two where their keyboard lacks them.
	umlauts = strings.NewReplacer("ä", "ae", "Ä", "ae", "ö", "oe", "Ö", "oe", "ü", "ue", "Ü", "ue", "å", "aa", "Å", "aa", "ø", "oe", "Ø", "oe")
)

// Fold makes text comparable: narrow, lower case, without accents and apostrophes.
func Fold(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		plain = plain && s[i] < 0x80 && s[i] != '\'' && s[i] != '`'
	}
	if !plain {
		fold := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC, width.Fold)
		if out, _, err := transform.String(fold, letters.Replace(s)); err == nil {
			s = letters.Replace(out)
		}
	}
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}
