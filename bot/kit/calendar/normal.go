package calendar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"fieldbot/bot/kit/hanzi"
	"fieldbot/bot/kit/numeral"
)

var (
	shorter    = strings.NewReplacer("的", "", "月份", "月", "下个月", "下月", "上个月", "上月", "下下个月", "下下月")
	reZhNumber = regexp.MustCompile(`[零〇一二三四五六七八九十百千两]+`)
	reLunar    = regexp.MustCompile(`农历|阴历|正月|腊月|初[一二三四五六七八九十]|大年`)
	reFiller   = regexp.MustCompile(`\b(the|of|on)\b`)
	reOrdinal  = regexp.MustCompile(`\b(\d{1,2}) ?(st|nd|rd|th)\b`)
)

// normal is a text as Read's grammar knows it: lower case, narrow, simplified, numbers in
// figures, without the words that say nothing; "" for the days of the moon, which are not
// those of this calendar.
func normal(raw string, today Day) string {
	s := strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(raw)), " "))
	s = strings.Trim(strings.NewReplacer(",", " ", "，", " ", "、", " ").Replace(s), " .。")
	if s = shorter.Replace(hanzi.Simplified(s)); reLunar.MatchString(s) {
		return ""
	}
	s = inFigures(s)
	year, _, _ := today.Parts()
	for word, n := range map[string]int{"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2} {
		if rest, ok := strings.CutPrefix(s, word); ok && rest != "" && rest != "底" && rest != "末" {
			s = strconv.Itoa(year+n) + "年" + rest
		}
	}
	if strings.IndexFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' }) < 0 {
		return zhSpace(strings.Join(strings.Fields(s), " "))
	}
	s = englishNumbers(strings.Fields(strings.ReplaceAll(s, ". ", " ")))
	s = reTheDay.ReplaceAllString(s, "$1 ${2}th")
	article := strings.HasPrefix(s, "the ") && len(s) <= len("the 31st")
	s = reFiller.ReplaceAllString(s, "")
	s = strings.Join(strings.Fields(s), " ")
	if bare := reOrdinal.ReplaceAllString(s, "$1"); bare != s && !reOfMonth.MatchString(s) && !reBesideOrdinal.MatchString(s) {
		s = bare
	}
	if article && !strings.HasPrefix(s, "day ") && !reOfMonth.MatchString(s) {
		s = "the " + s
	}
	return s
}

// reTheDay is "Friday the fifteen".
var reTheDay = regexp.MustCompile(`^(` + enWeekday + `) the (\d{1,2})$`)

var reBesideOrdinal = regexp.MustCompile(`^` + enWeekday + ` \d{1,2}(st|nd|rd|th)$`)

// zhSpace takes out the spaces beside Chinese: 12 月 3 号.
func zhSpace(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x2e80 }) < 0 {
		return s
	}
	return strings.ReplaceAll(s, " ", "")
}

// inFigures writes Chinese numbers in figures, but for those of weekdays.
func inFigures(s string) string {
	var out strings.Builder
	last := 0
	for _, at := range reZhNumber.FindAllStringIndex(s, -1) {
		before := s[:at[0]]
		if strings.HasSuffix(before, "周") || strings.HasSuffix(before, "星期") || strings.HasSuffix(before, "礼拜") {
			continue
		}
		if n, ok := numeral.Parse(s[at[0]:at[1]]); ok && n.IsInt() {
			out.WriteString(s[last:at[0]] + n.Num().String())
			last = at[1]
		}
	}
	return out.String() + s[last:]
}

// The numbers that people say in English.
var (
	units = map[string]int{"zero": 0, "oh": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
		"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
		"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
		"thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30}
	tens = map[string]int{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
)

// below100 reads a number from the beginning of some words, and how many words it took.
func below100(words []string) (n, took int) {
	if len(words) == 0 {
		return 0, 0
	}
	if n, ok := tens[words[0]]; ok {
		if len(words) > 1 && units[words[1]] > 0 && units[words[1]] < 10 {
			return n + units[words[1]], 2
		}
		return n, 1
	}
	n, ok := units[words[0]]
	if !ok {
		return 0, 0
	}
	return n, 1
}

// englishNumbers writes the numbers among words in figures: twenty second is 22, two
// thousand and eighteen 2018, nineteen seventy eight 1978, a month 1 month.
func englishNumbers(words []string) string {
	var split []string
	for _, w := range words {
		if first, second, ok := strings.Cut(w, "-"); ok && tens[first] > 0 && units[second] > 0 {
			split = append(split, first, second)
		} else {
			split = append(split, w)
		}
	}
	words = split
	var out []string
	for len(words) > 0 {
		n, took := below100(words)
		word := words[0]
		switch {
		case (word == "a" || word == "an") && len(words) > 1 && slices.Contains([]string{"day", "week", "month", "year"}, words[1]):
			n, took = 1, 1
		case took == 0:
			if word != "and" {
				out = append(out, word)
			}
			words = words[1:]
			continue
		case len(words) > took && words[took] == "thousand":
			n, took = n*1000, took+1
			if len(words) > took && words[took] == "and" {
				took++
			}
			more, m := below100(words[took:])
			n, took = n+more, took+m
		case len(out) > 0 && byMonth[out[len(out)-1]] > 0: // it is the day
		case n == 19 || n == 20 && took == 1: // nineteen seventy eight, twenty eighteen, nineteen zero one
			more, m := below100(words[took:])
			if m == 1 && more == 0 {
				var one int
				if one, m = below100(words[took+1:]); m > 0 {
					more, m = one, m+1
				}
			}
			if m > 0 {
				n, took = n*100+more, took+m
			}
		}
		text := strconv.Itoa(n)
		if last := words[took-1]; strings.HasSuffix(last, "th") || last == "first" || last == "second" || last == "third" {
			text += "th"
		}
		out = append(out, text)
		words = words[took:]
	}
	return strings.Join(out, " ")
}
