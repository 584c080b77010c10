package deal

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Settings are what a company sets: the stages of its funnel; none means the table of
// domain.md §4.
type Settings struct {
	Stages []Stage `yaml:"stages"`
}

// Funnel is the company's funnel. Of criteria that the built-in funnel has, the bot
// knows what proves them.
func (s Settings) Funnel() Funnel {
	if len(s.Stages) == 0 {
		return Default()
	}
	known := func(criteria []Criterion) []Criterion {
		out := slices.Clone(criteria)
		for i, c := range out {
			if c.Proof == "" {
				out[i].Proof = proofs[c.Code]
			}
		}
		return out
	}
	out := slices.Clone(s.Stages)
	for i := range out {
		out[i].Criteria, out[i].Checklist = known(out[i].Criteria), known(out[i].Checklist)
	}
	return out
}

var codeShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Check names what a deal could be stuck in or lost from, by the key of the
// setting, and what to write.
func (s Settings) Check(fault func(key, cure string, args ...any)) {
	if len(s.Stages) == 1 {
		fault("stages", "write at least two stages, or none for the built-in funnel")
	}
	c := checker{fault: fault, seen: map[string]bool{}}
	last := int64(0)
	for i, x := range s.Stages {
		c.at = fmt.Sprintf("stages[%d]", i)
		c.once(x.Code)
		for _, w := range x.Was {
			c.once(w)
		}
		if !slices.ContainsFunc(Default(), func(d Stage) bool { return d.Code == x.Code }) {
			c.named("stage", x.Code, x.Names)
		}
		if x.Weight < last || x.Weight > 100 {
			fault(c.at, "write a weight from %d (that of the stage before) to 100", last)
		}
		last = max(last, x.Weight)
		if len(x.Holders) == 0 {
			fault(c.at, "write holders: one or more of %s", joined(Holders))
		}
		for _, h := range x.Holders {
			oneOf(c, h, Holders)
		}
		c.gate(x)
	}
}

// checker checks the stage at a key.
type checker struct {
	fault func(key, cure string, args ...any)
	at    string
	seen  map[string]bool // codes
}

func (c checker) once(code string) {
	switch {
	case !codeShape.MatchString(code) || slices.Contains(Ends, code):
		c.fault(c.at, "write a code of small letters, digits and _ that is none of open, %s", strings.Join(Ends, ", "))
	case c.seen[code]:
		c.fault(c.at, "%q stands twice; every stage and criterion has a code of its own", code)
	}
	c.seen[code] = true
}

func (c checker) named(what, code string, names map[string]string) {
	if len(names) != 2 || names["zh"] == "" || names["en"] == "" {
		c.fault(c.at, "give the %s %q a name in both languages: name: {zh: …, en: …}", what, code)
	}
}

func (c checker) gate(s Stage) {
	for _, x := range slices.Concat(s.Criteria, s.Checklist) {
		c.once(x.Code)
		if _, _, known := Default().Owner(x.Code); !known {
			c.named("criterion", x.Code, x.Names)
		}
		if x.Proof != "" {
			oneOf(c, x.Proof, Proofs)
		}
	}
	var codes []string
	for _, x := range s.Criteria {
		codes = append(codes, x.Code)
	}
	switch {
	case len(s.AllOf) > 0 && s.AtLeast > 0:
		c.fault(c.at, "write at_least or all_of, not both")
	case len(codes) == 0 && s.AtLeast == 0: // a gate that is open, as those of every CRM
	case len(s.AllOf) == 0 && (s.AtLeast < 1 || s.AtLeast > len(codes)):
		c.fault(c.at, "write at_least from 1 to %d, the number of criteria", len(codes))
	}
	for size, set := range s.AllOf {
		oneOf(c, size, Sizes)
		for _, x := range set {
			oneOf(c, x, codes)
		}
	}
	for _, size := range Sizes {
		if len(s.AllOf) > 0 && len(s.AllOf[size]) == 0 {
			c.fault(c.at, "all_of lacks customers of size %s", size)
		}
	}
}

func oneOf[T ~string](c checker, value T, allowed []T) {
	if !slices.Contains(allowed, value) {
		c.fault(c.at, "write one of %s", joined(allowed))
	}
}

func joined[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return strings.Join(out, ", ")
}
