// Package search finds names as people type them: a part of a name in either
// script, pinyin or its initials, with slips of the finger.
package search

import (
	"regexp"
	"slices"
	"sort"
	"strings"
)

// Rules tell Text apart from what it was in other programs: raise them when it makes
// something else of the same names, and rows that were kept are searched by the new text.
const Rules = "2"

// Kept reports whether a column holds what Text makes.
func Kept(column string) bool { return column == "search" || column == "searched" }

// Text is what is kept beside a row to be searched: its codes and names folded, a line
// each, with the other ways to write and to say them.
func Text(names ...string) string {
	var out []string
	for _, n := range names {
		if n == "" {
			continue
		}
		out = append(out, Fold(n))
		if other := Fold(umlauts.Replace(n)); other != out[len(out)-1] {
			out = append(out, other)
		}
		out = append(out, spoken(n)...)
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
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.HasPrefix(line, said): // Sounds reads the name itself
		case line == whole:
			return exact
		case strings.HasPrefix(line, whole):
			best = max(best, beginning-min(100, len(line)-len(whole)))
		case containsAll(line, words):
			best = max(best, part-min(100, len(line)-len(whole)))
		default:
			best = max(best, sounds(line, words), covered(line, whole))
			if best == exact {
				return exact
			}
		}
	}
	if best == 0 && across(text, words) {
		best = part - 100
	}
	return best
}

// covered tells whether a Chinese query without spaces is made of parts of a name in any
// order: 永辉长宁 of 永辉超市长宁店. One part may be a single character.
func covered(line, query string) int {
	q := []rune(query)
	if len(q) < 3 || len(q) > 16 || !isHan(q[0]) {
		return 0
	}
	parts, single := 0, false
	for rest := q; len(rest) > 0; parts++ {
		n := len(rest)
		for n > 0 && !strings.Contains(line, string(rest[:n])) {
			n--
		}
		if n == 0 || n == 1 && single {
			return 0
		}
		single = single || n == 1
		line = strings.Replace(line, string(rest[:n]), " ", 1)
		rest = rest[n:]
	}
	if parts > mostParts {
		return 0
	}
	return part - 20*parts
}

// mostParts is of how many parts of a name a query may be made.
const mostParts = 3

// Parts are patterns for LIKE of a Chinese query without spaces that no name holds as a
// whole: its characters with anything between, and its halves in any order. Rows that fit
// one of them hold all that covered looks for, but for odd orders.
func Parts(query string) (patterns [][]string) {
	q := []rune(Fold(query))
	if len(q) < 3 || len(q) > 16 || slices.ContainsFunc(q, func(r rune) bool { return !isHan(r) }) {
		return nil
	}
	var between strings.Builder
	for _, r := range q {
		between.WriteString("%" + string(r))
	}
	patterns = append(patterns, []string{between.String() + "%"})
	for at := 2; at <= len(q)-2; at++ {
		patterns = append(patterns, []string{"%" + string(q[:at]) + "%", "%" + string(q[at:]) + "%"})
	}
	return patterns
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
				best = max(best, dice(f, strings.TrimPrefix(line, said)))
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
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(line, said) {
			lines = append(lines, line)
		}
	}
	tokens := strings.Fields(strings.Join(lines, "\n"))
	for _, w := range words {
		in := func(line string) bool { return strings.Contains(line, w) || sounds(line, []string{w}) > 0 }
		if !slices.ContainsFunc(lines, in) || figures.MatchString(w) && !slices.Contains(tokens, w) {
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

// strays reports whether one of several words is like nothing in a text: it was meant for
// something else, and is not to be dropped in silence.
func strays(words []string, text string) bool {
	if len(words) < 2 {
		return false
	}
	return slices.ContainsFunc(words, func(w string) bool {
		p := pairs(w)
		return len(p) > 2 && !slices.ContainsFunc(strings.Fields(text), func(t string) bool { return dice(p, t) >= likeEnough })
	})
}

// Nearest are the texts most like a query, however little that is, by their ids.
func Nearest(query string, hits []Hit, n int) []string {
	p := pairs(Fold(query))
	sort.SliceStable(hits, func(i, j int) bool { return dice(p, hits[i].Text) > dice(p, hits[j].Text) })
	var out []string
	for _, h := range hits[:min(n, len(hits))] {
		out = append(out, h.ID)
	}
	return out
}

func pairs(s string) map[uint64]int {
	m := map[uint64]int{}
	eachPair(s, func(p uint64) { m[p]++ })
	return m
}

// Rank orders candidates by how well they fit and drops those that do not.
// Where nothing fits it falls back to likeness.
func Rank(query string, hits []Hit, limit int) []Hit {
	words := Words(query)
	for pass, score := range []func(string) int{func(text string) int { return Score(query, text) }, likeness(query)} {
		type scored struct {
			Hit
			score int
		}
		var found []scored
		for _, h := range hits {
			if s := score(h.Text); s > 0 {
				h.Guess = s < int(sure*200) || pass == 1 && strays(words, h.Text)
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
