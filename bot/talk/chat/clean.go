package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean makes text from a stranger safe to keep and print: valid UTF-8 in
// composed form, without control characters, invisible characters and those
// that turn the direction of writing. Line breaks stay.
func Clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "")
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	last := rune(0)
	return strings.TrimSpace(norm.NFC.String(strings.Map(func(r rune) rune {
		joins := r == '\u200d' && (last == '\ufe0f' || unicode.In(last, unicode.So, unicode.Sk)) // between the parts of an emoji
		last = r
		switch {
		case joins:
			return r
		case r == '\n':
			return r
		case r == '\t' || r == '\u00a0' || r == '\u3000':
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == '\u2028', r == '\u2029':
			return -1
		}
		return r
	}, s)))
}

// OneLine is Clean without line breaks.
func OneLine(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }

// FirstWord cuts a text behind its first word; any white space divides words, such as the
// full-width space of a Chinese keyboard or a line break.
func FirstWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	at := strings.IndexFunc(s, unicode.IsSpace)
	if at < 0 {
		return s, ""
	}
	return s[:at], strings.TrimSpace(s[at:])
}

// Cut shortens text to at most n characters, with an ellipsis.
func Cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
