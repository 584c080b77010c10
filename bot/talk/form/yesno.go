package form

import (
	"regexp"
	"slices"
	"strings"
)

// The words that decide a yes or no. A Chinese one of a single character decides only
// where it is all that a clause says: 中午再说 is no 中.
var (
	yesEn = []string{"yes", "yeah", "yep", "yup", "y", "ok", "okay", "sure", "agree", "agreed", "fine", "right", "👌", "👍", "✓", "✅"}
	noEn  = []string{"no", "nope", "not", "n", "don't", "disagree", "❌", "✗"}
	yesZh = []string{"没有问题", "没问题", "是的", "可以", "可行", "同意", "对的", "是", "好", "行", "中", "对", "要", "有"}
	noZh  = []string{"不可以", "不同意", "不行", "不是", "不好", "不要", "不用", "不对", "不中", "没有", "拒绝", "否定", "不", "否", "没", "无"}
	// idioms say neither.
	idioms = regexp.MustCompile(`no problem|not sure|don't know|no idea|why not|not yet sure|不好意思|不知道|不清楚|不一定`)
	denied = regexp.MustCompile(`[不没未别]`)

	reClause   = regexp.MustCompile(`[,，。.!！?？;；"“”、\s]+`)
	reWord     = regexp.MustCompile(`[a-z']+|👌|👍|✓|✅|❌|✗`)
	reParticle = regexp.MustCompile(`^(嗯|哦|那|所以|我)+|(的|了|吧|啊|呀|哇|嘞|哦|呢)+$`)
)

// yesNo reads an answer to a yes-or-no question: the first word that decides.
func yesNo(raw string) (code string, ok bool) {
	raw = strings.ToLower(strings.ReplaceAll(raw, "’", "'"))
	if idioms.MatchString(raw) {
		return "", false
	}
	for _, w := range reWord.FindAllString(raw, -1) {
		switch {
		case slices.Contains(yesEn, w):
			return "yes", true
		case slices.Contains(noEn, w):
			return "no", true
		}
	}
	for _, clause := range reClause.Split(raw, -1) {
		bare := reParticle.ReplaceAllString(clause, "")
		switch {
		case slices.ContainsFunc(yesZh, func(w string) bool { return bare == w || len(w) > len("是") && strings.HasPrefix(bare, w) }):
			return "yes", true
		case slices.ContainsFunc(noZh, func(w string) bool { return decides(bare, w) }):
			return "no", true
		case slices.ContainsFunc(yesZh, func(w string) bool { return decides(bare, w) }):
			if denied.MatchString(bare) { // 还没同意
				return "no", true
			}
			return "yes", true
		}
	}
	return "", false
}

// decides reports whether a clause is a word, or begins or ends with one of more than a
// character.
func decides(clause, word string) bool {
	return clause == word || len(word) > len("是") && (strings.HasPrefix(clause, word) || strings.HasSuffix(clause, word))
}
