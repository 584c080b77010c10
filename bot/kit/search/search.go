// Package search finds names as people type them: a part of a name in either
// script, pinyin or its initials, with slips of the finger.
package search

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Fold makes text comparable: narrow, lower case, without accents.
func Fold(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		ascii = ascii && s[i] < 0x80
	}
	if !ascii {
		fold := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC, width.Fold)
		if out, _, err := transform.String(fold, s); err == nil {
			s = out
		}
	}
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}

// Names in which a character is read otherwise than go-pinyin's most frequent
// reading, written with characters that sound right.
var homophones = strings.NewReplacer("重庆", "冲庆", "厦门", "下门", "长沙", "常沙", "长春", "常春", "乐购", "勒购", "大厦", "大沙", "银行", "银航", "朝阳", "潮阳")

var args = pinyin.NewArgs()

// Pinyin returns the reading of a name without tones, and its initials; both
// empty for a name without Chinese.
func Pinyin(s string) (full, initials string) {
	var f, i strings.Builder
	han := false
	for _, r := range homophones.Replace(s) {
		if !unicode.Is(unicode.Han, r) {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				f.WriteRune(unicode.ToLower(r))
				i.WriteRune(unicode.ToLower(r))
			}
			continue
		}
		han = true
		if p := pinyin.SinglePinyin(r, args); len(p) > 0 {
			f.WriteString(p[0])
			i.WriteByte(p[0][0])
		}
	}
	if !han {
		return "", ""
	}
	return f.String(), i.String()
}

// Text is what is kept beside a row to be searched: its codes and names
// folded, with pinyin and initials, a line each.
func Text(names ...string) string {
	var out []string
	for _, n := range names {
		if n == "" {
			continue
		}
		out = append(out, Fold(n))
		if full, initials := Pinyin(n); full != "" {
			out = append(out, full, initials)
		}
	}
	return strings.Join(out, "\n")
}

// Words splits a query into the folded words that all must be found.
func Words(query string) []string {
	return strings.FieldsFunc(Fold(query), func(r rune) bool {
		return r == ' ' || r == '%' || r == '_' || r == '\\'
	})
}

// Hit is a candidate with its searched text.
type Hit struct {
	ID    string
	Text  string
	Guess bool // far from what was asked for: to be offered, never to be taken
}

// Scores of a match: exact beats a beginning, which beats a part, which beats
// likeness.
const (
	exact      = 1000
	beginning  = 500
	part       = 300
	likeEnough = 0.5 // share of common pairs of letters (Dice) that counts as a slip
	sure       = 0.7 // from which a slip is taken without asking
)

// Score tells how well a query fits a searched text; 0 is not at all.
func Score(query, text string) int {
	words := Words(query)
	if len(words) == 0 {
		return 0
	}
	whole := strings.Join(words, " ")
	best := 0
	for _, line := range strings.Split(text, "\n") {
		switch {
		case line == whole:
			return exact
		case strings.HasPrefix(line, whole):
			best = max(best, beginning-min(100, len(line)-len(whole)))
		case containsAll(line, words):
			best = max(best, part-min(100, len(line)-len(whole)))
		}
	}
	if best == 0 && across(text, words) {
		best = part - 100
	}
	return best
}

// Like tells how alike a query and a searched text are when no part fits: a
// slip of the finger, or a character that sounds the same.
//
// Figures are no slips: Kiosk 15 is not Kiosk 14, and K010 not K001.
func Like(query, text string) int { return likeness(query)(text) }

// likeness prepares a query for many texts.
func likeness(query string) func(text string) int {
	want := figures.FindAllString(Fold(query), -1)
	forms := []map[uint64]int{pairs(strings.ReplaceAll(Fold(query), " ", ""))}
	if full, _ := Pinyin(query); full != "" {
		forms = append(forms, pairs(full))
	}
	return func(text string) int {
		for _, figure := range want {
			if !slices.Contains(figures.FindAllString(text, -1), figure) {
				return 0
			}
		}
		best := 0.0
		for _, f := range forms {
			for line := range strings.SplitSeq(text, "\n") {
				best = max(best, dice(f, line))
			}
		}
		if best < likeEnough {
			return 0
		}
		return int(best * 200)
	}
}

// across reports whether the words are found over several lines, as a code and
// a name are. A word with figures must be found whole: 15 is not M0015.
func across(text string, words []string) bool {
	tokens := strings.Fields(text)
	for _, w := range words {
		if !strings.Contains(text, w) || figures.MatchString(w) && !slices.Contains(tokens, w) {
			return false
		}
	}
	return true
}

var figures = regexp.MustCompile(`\d+`)

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// dice is the share of pairs of neighbouring characters that two texts have
// in common. A text much longer than the query is compared by its best part.
func dice(query map[uint64]int, text string) float64 {
	all := 0
	for _, n := range query {
		all += n
	}
	common, others := 0, 0
	var used [64]uint64 // pairs of the query that the text has used up, a few
	n := 0
	eachPair(text, func(p uint64) {
		others++
		have := query[p]
		if have == 0 {
			return
		}
		times := 0
		for _, u := range used[:n] {
			if u == p {
				times++
			}
		}
		if times < have {
			common++
			if n < len(used) {
				used[n], n = p, n+1
			}
		}
	})
	if all == 0 || others == 0 {
		return 0
	}
	return 2 * float64(common) / float64(all+min(others, all*2))
}

// eachPair calls fn with each pair of neighbouring characters; spaces do not
// count.
func eachPair(s string, fn func(uint64)) {
	var last rune
	for _, r := range s {
		if r == ' ' {
			continue
		}
		if last != 0 {
			fn(uint64(last)<<32 | uint64(r)) // #nosec G115 -- a rune is not negative
		}
		last = r
	}
}

func pairs(s string) map[uint64]int {
	m := map[uint64]int{}
	eachPair(s, func(p uint64) { m[p]++ })
	return m
}

// Rank orders candidates by how well they fit and drops those that do not.
// Where nothing fits it falls back to likeness.
func Rank(query string, hits []Hit, limit int) []Hit {
	for _, score := range []func(string) int{func(text string) int { return Score(query, text) }, likeness(query)} {
		type scored struct {
			Hit
			score int
		}
		var found []scored
		for _, h := range hits {
			if s := score(h.Text); s > 0 {
				h.Guess = s < int(sure*200)
				found = append(found, scored{h, s})
			}
		}
		if len(found) == 0 {
			continue
		}
		sort.SliceStable(found, func(i, j int) bool { return found[i].score > found[j].score })
		var out []Hit
		for _, f := range found[:min(limit, len(found))] {
			// An exact name settles it, however many begin the same.
			if len(out) > 0 && found[0].score == exact && f.score < exact {
				break
			}
			out = append(out, f.Hit)
		}
		return out
	}
	return nil
}
