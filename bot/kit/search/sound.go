package search

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// said stands before the lines of a searched text that say how a name is read. They are
// for LIKE; what fits is decided by the characters of the name, so that ludi is not found
// across the syllables of 北路店.
const said = "'"

// Characters that names of places, chains and people read in more than one way, the more
// frequent reading first. go-pinyin knows more, of which nobody thinks in a shop.
var readings = map[rune][]string{
	'长': {"chang", "zhang"}, '都': {"du", "dou"}, '乐': {"le", "yue"}, '会': {"hui", "kuai"}, '重': {"chong", "zhong"}, '行': {"xing", "hang"},
	'六': {"liu", "lu"}, '番': {"fan", "pan"}, '莘': {"xin", "shen"}, '厦': {"sha", "xia"}, '朝': {"chao", "zhao"}, '调': {"tiao", "diao"},
	'单': {"dan", "shan"}, '仇': {"chou", "qiu"}, '解': {"jie", "xie"}, '曾': {"zeng", "ceng"}, '盛': {"sheng", "cheng"}, '铅': {"qian", "yan"},
	'蚌': {"bang", "beng"}, '涡': {"wo", "guo"}, '尉': {"wei", "yu"}, '蔚': {"wei", "yu"}, '牟': {"mou", "mu"}, '洗': {"xi", "xian"},
	'朴': {"pu", "piao"}, '种': {"zhong", "chong"}, '宿': {"su", "xiu"}, '弄': {"nong", "long"}, '车': {"che", "ju"}, '传': {"chuan", "zhuan"},
	'藏': {"cang", "zang"}, '薄': {"bo", "bao"}, '贾': {"jia", "gu"}, '给': {"gei", "ji"}, '屏': {"ping", "bing"}, '巷': {"xiang", "hang"},
	'柏': {"bai", "bo"}, '堡': {"bao", "pu", "bu"}, '埔': {"pu", "bu"}, '角': {"jiao", "jue"}, '折': {"zhe", "she"}, '圈': {"quan", "juan"},
	'翟': {"zhai", "di"}, '区': {"qu", "ou"}, '查': {"cha", "zha"}, '覃': {"qin", "tan"}, '盖': {"gai", "ge"}, '泊': {"bo", "po"},
	'秘': {"mi", "bi"}, '繁': {"fan", "po"}, '万': {"wan", "mo"}, '石': {"shi", "dan"}, '参': {"can", "shen"}, '省': {"sheng", "xing"},
	'降': {"jiang", "xiang"}, '率': {"lv", "shuai"}, '校': {"xiao", "jiao"}, '便': {"bian", "pian"}, '合': {"he", "ge"}, '大': {"da", "dai"},
	'还': {"huan", "hai"}, '干': {"gan", "qian"}, '强': {"qiang", "jiang"}, '女': {"nv", "nu"}, '绿': {"lv", "lu"}, '吕': {"lv", "lu"},
	'旅': {"lv", "lu"}, '侣': {"lv", "lu"}, '略': {"lve", "lue"},
}

// Names in which one of the readings is the only one that is said.
var phrases = map[string][]string{
	"重庆": {"chong", "qing"}, "厦门": {"xia", "men"}, "长沙": {"chang", "sha"}, "长春": {"chang", "chun"}, "长城": {"chang", "cheng"}, "长宁": {"chang", "ning"},
	"乐购": {"le", "gou"}, "大厦": {"da", "sha"}, "银行": {"yin", "hang"}, "朝阳": {"chao", "yang"}, "成都": {"cheng", "du"}, "音乐": {"yin", "yue"},
	"会计": {"kuai", "ji"}, "番禺": {"pan", "yu"}, "莘庄": {"xin", "zhuang"}, "六安": {"lu", "an"}, "便宜": {"pian", "yi"}, "便利": {"bian", "li"},
}

var (
	toneless = pinyin.NewArgs()
	known    sync.Map // rune -> []string
)

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// readingsOf are the ways to say a character, without tones; none for one that is not
// Chinese.
func readingsOf(r rune) []string {
	if rs, ok := readings[r]; ok {
		return rs
	}
	if rs, ok := known.Load(r); ok {
		return rs.([]string)
	}
	if !isHan(r) {
		return nil
	}
	rs := pinyin.SinglePinyin(r, toneless)
	known.Store(r, rs)
	return rs
}

// mostWays is how many readings of one name are kept for LIKE.
const mostWays = 8

// ways are the readings of a name, the likely first, each as its syllables; letters and
// figures stand for themselves.
func ways(name string) [][]string {
	runes := []rune(name)
	runes = runes[:min(len(runes), mostSpoken)]
	if !slices.ContainsFunc(runes, isHan) {
		return nil
	}
	out := [][]string{nil}
	for i := 0; i < len(runes); i++ {
		if i+1 < len(runes) {
			if p, ok := phrases[string(runes[i:i+2])]; ok {
				for k := range out {
					out[k] = append(out[k], p...)
				}
				i++
				continue
			}
		}
		syllables := readingsOf(runes[i])
		if !isHan(runes[i]) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i])) {
			syllables = []string{string(unicode.ToLower(runes[i]))}
		}
		out = spread(out, syllables)
	}
	return out
}

func spread(all [][]string, syllables []string) (out [][]string) {
	if len(syllables) == 0 {
		return all
	}
	if len(all)*len(syllables) > mostWays {
		syllables = syllables[:1]
	}
	for _, s := range syllables {
		for _, w := range all {
			out = append(out, append(slices.Clone(w), s))
		}
	}
	return out
}

// Pinyin returns the likely reading of a name without tones, and its initials; both empty
// for a name without Chinese.
func Pinyin(name string) (full, initials string) {
	all := ways(name)
	if len(all) == 0 {
		return "", ""
	}
	return strings.Join(all[0], ""), initialsOf(all[0])
}

func initialsOf(syllables []string) string {
	var out strings.Builder
	for _, s := range syllables {
		r := []rune(s)[0]
		out.WriteRune(r)
	}
	return out.String()
}

// spoken are the lines of a searched text that say how a name is read.
func spoken(name string) (out []string) {
	for _, w := range ways(name) {
		for _, line := range []string{said + strings.Join(w, ""), said + initialsOf(w)} {
			if !slices.Contains(out, line) {
				out = append(out, line)
			}
		}
	}
	return out
}

// sounds scores words that say a name, or its initials, from the beginning of a character
// to the end of one.
func sounds(line string, words []string) int {
	name := []rune(line)
	if !slices.ContainsFunc(name, isHan) {
		return 0
	}
	best := exact
	for _, w := range words {
		if strings.Contains(line, w) {
			best = min(best, part-min(100, len(line)-len(w)))
			continue
		}
		from, to, ok := heard(name, w)
		switch {
		case !ok:
			return 0
		case from == 0 && to == len(name) && len(words) == 1:
		case from == 0:
			best = min(best, beginning-min(100, 3*(len(name)-to)))
		default:
			best = min(best, part-min(100, 3*(len(name)-to+from)))
		}
	}
	return best
}

// mostHeard bounds a word that is compared by its sound, mostSpoken the characters of a
// name whose readings are kept.
const (
	mostHeard  = 60
	mostSpoken = 60
)

// heard finds the characters of a name that a word says.
func heard(name []rune, word string) (from, to int, ok bool) {
	if len(word) > mostHeard || strings.IndexFunc(word, func(r rune) bool { return r >= 0x80 }) >= 0 {
		return 0, 0, false
	}
	for _, initials := range []bool{false, true} {
		if initials && len(word) < 2 {
			break
		}
		for from := range name {
			if to, ok := hear(name, from, word, initials); ok {
				return from, to, true
			}
		}
	}
	return 0, 0, false
}

// hear follows a word through the characters from one on.
func hear(name []rune, at int, word string, initials bool) (to int, ok bool) {
	if word == "" {
		return at, true
	}
	if at == len(name) {
		return 0, false
	}
	if name[at] == ' ' {
		return hear(name, at+1, word, initials)
	}
	if !isHan(name[at]) {
		if rest, ok := strings.CutPrefix(word, string(name[at])); ok {
			return hear(name, at+1, rest, initials)
		}
		return 0, false
	}
	tried := ""
	for _, s := range readingsOf(name[at]) {
		if initials {
			s = s[:1]
		}
		if initials && strings.Contains(tried, s) { // 大 is da and dai: one letter
			continue
		}
		tried += s
		if rest, ok := strings.CutPrefix(word, s); ok {
			if to, ok := hear(name, at+1, rest, initials); ok {
				return to, true
			}
		}
	}
	return 0, false
}
