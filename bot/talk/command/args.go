package command

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"fieldbot/bot/config"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/lang"
)

// Args are the words behind a family: [verb] [object] key=value ….
type Args struct {
	Verb   string            // as the person said it, if it was one
	Object string            // the words without a key
	Pairs  map[string]string // by the key as it was typed, lower case
	Order  []string          // keys in the order they were typed
	Values map[string]string // by the key of the field, for verbs that say what they take
}

// Full-width and curly marks read as ASCII ones.
var narrow = strings.NewReplacer("＝", "=", "“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "「", `"`, "」", `"`, "『", `"`, "』", `"`, "　", " ")

// A key stands at the beginning or after a space and before "=".
var reKey = regexp.MustCompile(`(?:^|[\s，,])([\p{L}_][\p{L}\p{N}_]*)\s*=\s*`)

// maxWords bounds what a command line may hold.
const maxWords = 8000

// Parse splits the words behind a family. isVerb tells verbs from objects; a
// quoted first word is never a verb. A value reaches to the next key, so that
// nothing needs quotes but a value that holds "key=" itself; the last of a
// repeated key wins.
func Parse(text string, isVerb func(string) bool) (Args, error) {
	text = chat.Clean(narrow.Replace(text))
	if len([]rune(text)) > maxWords {
		return Args{}, fault.Wrong("long", "max", maxWords)
	}
	a := Args{Pairs: map[string]string{}}
	masked := mask(text)
	var keys [][]int
	if strings.Contains(masked, "=") { // most words are no pairs: the words of a button, above all
		keys = reKey.FindAllStringSubmatchIndex(masked, -1)
	}
	head := text
	if len(keys) > 0 {
		head = text[:keys[0][0]]
	}
	for i, k := range keys {
		end := len(text)
		if i+1 < len(keys) {
			end = keys[i+1][0]
		}
		name := strings.ToLower(text[k[2]:k[3]])
		a.Pairs[name] = unquote(strings.Trim(text[k[1]:end], " ，,"))
		a.Order = append(a.Order, name)
	}
	head = strings.TrimSpace(head)
	first, rest := chat.FirstWord(head)
	if lower := strings.ToLower(first); first != "" && isVerb(lower) {
		a.Verb, head = lower, rest
	}
	a.Object = unquote(head)
	return a, nil
}

// mask blanks what stands in quotes, byte for byte, so that keys inside a
// value are not seen. An apostrophe quotes nothing: it is in too many names.
func mask(s string) string {
	b := []byte(s)
	for i := 0; i < len(b); i++ {
		if b[i] != '"' {
			continue
		}
		end := strings.IndexByte(s[i+1:], '"')
		if end < 0 {
			break
		}
		for j := i + 1; j <= i+end; j++ {
			b[j] = '_'
		}
		i += end + 1
	}
	return string(b)
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' && strings.Count(s, `"`) == 2 {
		return s[1 : len(s)-1]
	}
	return s
}

// Fields names the pairs by the keys of a form; beside a fault for one that is
// unknown it returns the others. A key may be the field's own
// or its name in either language; an unknown one is named with the nearest.
func (a Args) Fields(fields []field.Field) (map[string]string, error) {
	out := map[string]string{}
	var strange error
	each := "" // a pair behind a field of several values belongs to it: "price=P201=4.99,P202=5"
	for _, typed := range a.Order {
		i := slices.IndexFunc(fields, func(f field.Field) bool {
			return slices.Contains(lang.FieldNames(f), typed)
		})
		if i < 0 && len(fields) == 0 {
			return out, fault.Wrong("key_nowhere", "key", chat.Cut(typed, 30))
		}
		if i < 0 && each != "" {
			out[each] += ", " + typed + "=" + a.Pairs[typed]
			continue
		}
		if i < 0 {
			names := keyNames(typed, fields)
			if near := config.Nearest(typed, names); config.Edits(typed, near) <= max(2, len([]rune(typed))/2) && !han(typed) || han(typed) && strings.ContainsAny(near, typed) {
				strange = fault.Wrong("key_unknown", "key", typed, "nearest", near)
			} else {
				strange = fault.Wrong("key_list", "key", typed, "keys", strings.Join(names, " "))
			}
			continue
		}
		out[fields[i].Key] = a.Pairs[typed]
		if each = ""; fields[i].Kind == field.Each {
			each = fields[i].Key
		}
	}
	return out, strange
}

// keyNames are the names that a key could have been meant as, in the script it is
// typed in.
func keyNames(typed string, fields []field.Field) []string {
	code := "en"
	if han(typed) {
		code = "zh"
	}
	var names []string
	for _, f := range fields {
		names = append(names, lang.Typed(code, f))
	}
	return names
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// Named returns the command that a word names, among codes.
func Named(prefix, word string, codes []string) (string, bool) {
	return among(word, codes, func(code string) []string { return lang.Names(prefix, code) })
}

// VerbNamed returns the verb of a family that a word names.
func VerbNamed(f Family, word string) (string, bool) {
	var codes []string
	for _, v := range f.Verbs {
		if v.Name != "" {
			codes = append(codes, v.Name)
		}
	}
	return among(word, codes, func(code string) []string { return VerbNames(f.Name, code) })
}

func among(word string, codes []string, names func(code string) []string) (string, bool) {
	word = strings.ToLower(word)
	if slices.Contains(codes, word) {
		return word, true // its own code means nothing else
	}
	for _, c := range codes {
		if slices.Contains(names(c), word) {
			return c, true
		}
	}
	return "", false
}

// verbNames are those that were asked for: every word of a message is held against them.
var verbNames sync.Map // family.verb -> []string

// VerbNames are the names of a family's verb, those of its own family too.
func VerbNames(family, verb string) []string {
	key := family + "." + verb
	if known, ok := verbNames.Load(key); ok {
		return known.([]string)
	}
	own := lang.Names("verb."+family, verb)
	out := append(slices.Clone(lang.Names("verb", verb)), own[1:]...) // both begin with the code
	verbNames.Store(key, out)
	return out
}
