package hear

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A template is a way to say something, in the notation that smart-home assistants use:
//
//	(a|b)   one of them            [a]     may be left out
//	(a;b)   all, in any order      <rule>  a template of the language's rules
//	{slot}  what somebody says: a place, a day, an amount; its kind follows from its name
//	,       a pause: a comma or the like
//
// Between its parts people may put fillers (请 一下 了 please). A slot that takes any words
// stands at the end only.

// part is a piece of a template.
type part struct {
	kind partKind
	text string // of words; the name of a slot
	kids []part
}

type partKind int

const (
	words partKind = iota
	slot
	pause
	all    // one after the other
	choice // one of them
	maybe
	mixed // in any order
)

// parser reads a template; rules are those of its language.
type parser struct {
	rest  string
	rules map[string]string
	depth int
}

func parseTemplate(text string, rules map[string]string) (part, error) {
	p := parser{rest: text, rules: rules}
	out, err := p.list(0)
	if err == nil && p.rest != "" {
		err = fmt.Errorf("%q is left over", p.rest)
	}
	return out, err
}

// list reads until the bracket that closes it, or to the end.
func (p *parser) list(end rune) (part, error) {
	if p.depth++; p.depth > 20 {
		return part{}, fmt.Errorf("brackets or rules are nested too deeply")
	}
	defer func() { p.depth-- }()
	var options, mixes []part
	now := part{kind: all}
	flush := func() {
		mixes = append(mixes, now)
		now = part{kind: all}
	}
	for p.rest != "" {
		r := []rune(p.rest)[0]
		switch r {
		case end:
			flush()
			return folded(append(options, mixOf(mixes))), nil
		case '|':
			p.skip(r)
			flush()
			options, mixes = append(options, mixOf(mixes)), nil
		case ';':
			p.skip(r)
			flush()
		default:
			x, err := p.one(r)
			if err != nil {
				return part{}, err
			}
			now.kids = append(now.kids, x)
		}
	}
	if end != 0 {
		return part{}, fmt.Errorf("%q is missing", end)
	}
	flush()
	return folded(append(options, mixOf(mixes))), nil
}

func (p *parser) skip(r rune) { p.rest = p.rest[len(string(r)):] }

// one reads one part that begins with a rune.
func (p *parser) one(r rune) (part, error) {
	p.skip(r)
	switch r {
	case '(':
		x, err := p.list(')')
		return x, p.closed(err, ")")
	case '[':
		x, err := p.list(']')
		return part{kind: maybe, kids: []part{x}}, p.closed(err, "]")
	case '{', '<':
		name, rest, ok := strings.Cut(p.rest, map[rune]string{'{': "}", '<': ">"}[r])
		if !ok {
			return part{}, fmt.Errorf("%q is not closed", string(r)+p.rest)
		}
		p.rest = rest
		if r == '{' {
			return part{kind: slot, text: name}, nil
		}
		rule, ok := p.rules[name]
		if !ok {
			return part{}, fmt.Errorf("there is no rule %q", name)
		}
		inner := parser{rest: rule, rules: p.rules, depth: p.depth}
		return inner.list(0)
	case ',', '，':
		p.rest = strings.TrimLeft(p.rest, " ")
		return part{kind: pause}, nil
	}
	text := string(r)
	for p.rest != "" && !strings.ContainsRune("()[]{}<>|;,，", []rune(p.rest)[0]) {
		text += string([]rune(p.rest)[0])
		p.skip([]rune(p.rest)[0])
	}
	return part{kind: words, text: text}, nil
}

// closed takes the bracket that list stopped at.
func (p *parser) closed(err error, bracket string) error {
	p.rest = strings.TrimPrefix(p.rest, bracket)
	return err
}

func mixOf(parts []part) part {
	if len(parts) == 1 {
		return parts[0]
	}
	return part{kind: mixed, kids: parts}
}

func folded(options []part) part {
	if len(options) == 1 {
		return options[0]
	}
	return part{kind: choice, kids: options}
}

const (
	fillers  = `(?:请|麻烦|帮我|一下|了|吧|吗|啊|呀|哦|呢|嘛|please|just|pls)*`
	gap      = `\s*`
	breath   = `\s*[,，。;；、.!！:：]\s*`
	ending   = `[\s.。!！?？~～]*`
	anything = `[^，。！？,;；!?=\n]+?`
	several  = `[^，。！？;；!?=\n]+?`
	counted  = `[^。！？;；!?=\n]+?`
	figures  = `[\d零〇一二两三四五六七八九十百千万亿点半.,kKwW块元毛角 ]+?`
	share    = `[\d零〇一二两三四五六七八九十百半成分之.% ]+?(?:percent|pct)?`
	text     = `.+?`
	// A day that a visit is told of stands beside its place.
	pastDay = `今天|昨天|前天|大前天|上个?(?:周|星期)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号]|\d{1,2}号|today|yesterday|(?:last |on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:two|three|\d) days ago`
	// A period often stands beside a name: it is known by its own words.
	period = `今天|昨天|[本这上]个?(?:周|星期|月|季度?)|今年|去年|[上下]半年|第?[一二三四]季度?|(?:最近|近|过去)[\d一二三四五六七八九十两]{1,3}个?(?:天|周|星期|月)|(?:20\d\d年)?[\d一二三四五六七八九十]{1,2}月|today|yesterday|(?:last|this|past) (?:week|month|quarter|year|\d{1,3} days)|q[1-4](?: 20\d\d)?|20\d\d(?:-\d\d)?`
)

// compiler writes the regular expression of a template.
type compiler struct {
	pattern func(slot string) string
	slots   []string // by the number of their groups
}

func (c *compiler) expression(p part) string {
	switch p.kind {
	case slot:
		c.slots = append(c.slots, p.text)
		return `(` + c.pattern(p.text) + `)`
	case pause:
		return breath
	case maybe:
		return `(?:` + c.expression(p.kids[0]) + `)?`
	case choice: // of 到 and 到达 the longer is meant
		kids := slices.Clone(p.kids)
		slices.SortStableFunc(kids, func(a, b part) int { return cmp.Compare(said(b), said(a)) })
		return c.either(kids)
	case mixed:
		var ways []part
		for _, order := range orders(p.kids) {
			ways = append(ways, part{kind: all, kids: order})
		}
		return c.either(ways)
	case all:
		var out strings.Builder
		for i, kid := range p.kids {
			if i > 0 {
				out.WriteString(gap + fillers + gap)
			}
			out.WriteString(c.expression(kid))
		}
		return out.String()
	}
	return literal(p.text)
}

func (c *compiler) either(kids []part) string {
	out := make([]string, len(kids))
	for i, kid := range kids {
		if out[i] = c.expression(kid); out[i] == gap { // a space that is one of several pauses
			out[i] = `\s+`
		}
	}
	return `(?:` + strings.Join(out, `|`) + `)`
}

// orders are all the orders of some parts.
func orders(parts []part) [][]part {
	if len(parts) <= 1 {
		return [][]part{parts}
	}
	var out [][]part
	for i, first := range parts {
		rest := append(append([]part{}, parts[:i]...), parts[i+1:]...)
		for _, order := range orders(rest) {
			out = append(out, append([]part{first}, order...))
		}
	}
	return out
}

// literal is the expression of words; a space between letters must be one.
func literal(s string) string {
	var out strings.Builder
	for i, r := range s {
		if unicode.IsSpace(r) {
			before, after := rune(0), rune(0)
			if i > 0 {
				before = []rune(s[:i])[len([]rune(s[:i]))-1]
			}
			if i+1 < len(s) {
				after = []rune(s[i+1:])[0]
			}
			if before < 0x80 && after < 0x80 && before != 0 && after != 0 {
				out.WriteString(`\s+` + fillers + gap)
			} else {
				out.WriteString(gap)
			}
			continue
		}
		out.WriteString(regexp.QuoteMeta(string(r)))
	}
	return out.String()
}

// said is how much a part says in its own words, in bytes.
func said(p part) int {
	n := len(p.text)
	if p.kind == slot {
		n = 0
	}
	for _, kid := range p.kids {
		n += said(kid)
	}
	return n
}

// oneOf are words of which a saying must hold one, lower case.
type oneOf []string

func (w oneOf) in(text string) bool {
	return slices.ContainsFunc(w, func(word string) bool { return strings.Contains(text, word) })
}

// needed are the words that every saying of a template holds: a text without one of each is
// not looked at any further.
func needed(p part) (out []oneOf) {
	switch p.kind {
	case words:
		for _, w := range strings.Fields(strings.ToLower(p.text)) {
			out = append(out, oneOf{w})
		}
	case all, mixed:
		for _, kid := range p.kids {
			out = append(out, needed(kid)...)
		}
	case choice:
		var some oneOf
		for _, kid := range p.kids {
			of := needed(kid)
			if len(of) == 0 {
				return nil // this one needs nothing
			}
			some = append(some, slices.MinFunc(of, rarer)...)
		}
		out = append(out, some)
	}
	return out
}

// rarer orders words by how seldom a text holds one of them: few and long ones first.
func rarer(a, b oneOf) int {
	shortest := func(w oneOf) int { return len(slices.MinFunc(w, func(a, b string) int { return len(a) - len(b) })) }
	return cmp.Or(len(a)-len(b), shortest(b)-shortest(a))
}
