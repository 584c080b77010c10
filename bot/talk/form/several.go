package form

import (
	"regexp"
	"slices"
	"strings"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
)

// Entry is one of several things that words name: what it may mean, the likely first,
// and the value that a field of kind Each holds of it.
type Entry struct {
	Name, Value string
	Hits        []chat.Option
}

// Entries splits the words of a field of several things: "P201, P202", or, of kind
// Each, "P201=4.99; P202 5", 海盐12包和番茄8袋, "12 bags of sea salt".
func Entries(x field.Field, words string) []Entry {
	var out []Entry
	for _, part := range splitEntries(x, words) {
		e := Entry{Name: part}
		if x.Kind == field.Each {
			e.Name, e.Value = cutValue(part)
		}
		out = append(out, e)
	}
	return out
}

var (
	reEntries = regexp.MustCompile(`[;；、\n]`)
	reDigits  = regexp.MustCompile(`^\d+$`)
)

// splitEntries splits at marks and commas; a comma inside a number is its decimal mark.
func splitEntries(x field.Field, words string) []string {
	var out []string
	for _, part := range reEntries.Split(words, -1) {
		for i, piece := range strings.FieldsFunc(part, func(r rune) bool { return r == ',' || r == '，' }) {
			if x.Kind == field.Each && i > 0 && reDigits.MatchString(piece) {
				out[len(out)-1] += "." + piece
				continue
			}
			out = append(out, valued(x, piece)...)
		}
	}
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// valued splits a piece at "and" where a value stands in each half: names hold the word, too.
func valued(x field.Field, piece string) []string {
	halves := reAnd.Split(piece, -1)
	if x.Kind != field.Each || slices.ContainsFunc(halves, func(h string) bool { name, value := cutCounted(strings.TrimSpace(h)); return name == "" || value == "" }) {
		return []string{piece}
	}
	return halves
}

const (
	count = `(\d{1,6}(?:\.\d{1,2})?|[零一二两三四五六七八九十百千]{1,8})`
	// Units of one piece: a case of them is something else, and is asked about.
	unit = `(?:包|袋|件|盒|瓶|罐|条|个|份|支|bags?|packs?|packets?|pieces?|pcs|bottles?|cans?|bars?)`
)

var (
	reAnd     = regexp.MustCompile(` and |和|及|跟`)
	reCounted = regexp.MustCompile(`(?i)^(?:(.*?\S) ?` + count + ` ?` + unit + `|` + count + ` ?` + unit + ` ?(?:of )?(.+))$`)
)

// cutCounted cuts what says how many pieces of something: 海盐12包, "12 bags of sea salt".
func cutCounted(part string) (name, value string) {
	m := reCounted.FindStringSubmatch(part)
	if m == nil {
		return "", ""
	}
	return m[1] + m[4], m[2] + m[3]
}

// cutValue cuts "P201=4.99", "P201: 5", "P201 5" or 海盐12包.
func cutValue(part string) (name, value string) {
	if name, value := cutCounted(part); name != "" && !strings.ContainsAny(part, "=:：") {
		return name, value
	}
	for _, mark := range []string{"=", ":", "：", " "} {
		if i := strings.LastIndex(part, mark); i > 0 {
			return strings.TrimSpace(part[:i]), strings.TrimSpace(part[i+len(mark):])
		}
	}
	return part, ""
}

// FoundSeveral takes what the words of a field of several things mean. A name that
// means nothing or several things is a fault beside the field, with what is near.
func (f Form) FoundSeveral(d *Draft, key, query string, entries []Entry, env Env) {
	x, _ := f.Field(key)
	delete(d.Query, key)
	next := *d
	next.Values = map[string]string{}
	for _, e := range entries {
		var near []string
		for _, h := range e.Hits {
			near = append(near, h.Label)
		}
		switch {
		case len(e.Hits) == 0:
			f.refuse(d, x, query, fault.At(key, "none_found", "query", e.Name))
			return
		case len(e.Hits) > 1 || e.Hits[0].Guess:
			f.refuse(d, x, query, fault.At(key, "which_of", "query", e.Name, "near", env.Words.List(near)))
			return
		case x.Kind == field.Each:
			value, problem := Check(x.Each(), e.Value, env)
			if e.Value == "" {
				problem = fault.At(key, "no_value", "name", e.Hits[0].Label)
			}
			if problem != nil {
				f.refuse(d, x, query, problem)
				return
			}
			next.put(x, e.Hits[0].Value, e.Hits[0].Label, value)
		default:
			next.mark(x, e.Hits[0].Value, e.Hits[0].Label, true)
		}
	}
	f.Pick(d, key, next.Values[key], "")
}

// Codes are the things that a value of several names.
func Codes(value string) []string {
	var out []string
	for _, pair := range strings.Split(value, ";") {
		if code, _, _ := strings.Cut(pair, "="); code != "" {
			out = append(out, code)
		}
	}
	return out
}

// ValueOf is what a canonical value of kind Each holds of a thing, "" for nothing.
func ValueOf(each, code string) string {
	for _, pair := range strings.Split(each, ";") {
		if name, value, _ := strings.Cut(pair, "="); name == code {
			return value
		}
	}
	return ""
}

// mark puts a thing into a field of some, or takes it out.
func (d *Draft) mark(x field.Field, code, label string, in bool) {
	list := slices.DeleteFunc(Codes(d.Values[x.Key]), func(c string) bool { return c == code })
	if in {
		list = append(list, code)
	}
	d.keep(x, code, label, strings.Join(list, ";"))
}

// put sets the value of a thing in a field of each; "" takes it out.
func (d *Draft) put(x field.Field, code, label, value string) {
	var pairs []string
	for _, pair := range strings.Split(d.Values[x.Key], ";") {
		if name, _, _ := strings.Cut(pair, "="); name != "" && name != code {
			pairs = append(pairs, pair)
		}
	}
	if value != "" {
		pairs = append(pairs, code+"="+value)
	}
	d.keep(x, code, label, strings.Join(pairs, ";"))
}

func (d *Draft) keep(x field.Field, code, label, value string) {
	d.Doubted = false
	d.Shown[called(code)] = label
	if d.Values[x.Key] = value; value == "" {
		delete(d.Values, x.Key)
	}
}

// called is the key of what one of several things is called.
func called(code string) string { return "=" + code }

// several is what a field of several things holds, as people read it.
func (d Draft) several(x field.Field, env Env) string {
	var out []string
	for _, code := range Codes(d.Values[x.Key]) {
		text := d.Shown[called(code)]
		if text == "" {
			text = code
		}
		if value := ValueOf(d.Values[x.Key], code); value != "" {
			text += " " + Print(x.Each(), value, "", env)
		}
		out = append(out, text)
	}
	return env.Words.List(out)
}

// typedAgain is a canonical value of kind Each as it could be typed, a line for each.
func typedAgain(x field.Field, value string, env Env) string {
	var lines []string
	for _, code := range Codes(value) {
		v := ValueOf(value, code)
		if x.Of == field.Money {
			v = amount(v, env).Decimal()
		}
		lines = append(lines, code+"="+v)
	}
	return strings.Join(lines, "\n")
}
