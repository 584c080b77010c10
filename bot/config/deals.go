package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"fieldbot/bot/deal"
)

// Deals are the stages of the funnel; none means the table of domain.md §4.
type Deals struct {
	Stages []Stage `yaml:"stages"`
}

// Stage is a stage of a company's own funnel.
type Stage struct {
	Code      string              `yaml:"code"`
	Name      Name                `yaml:"name"`
	Weight    int                 `yaml:"weight"`  // percent
	Holders   []string            `yaml:"holders"` // the lead first
	Criteria  []Criterion         `yaml:"criteria"`
	AtLeast   int                 `yaml:"at_least"`
	AllOf     map[string][]string `yaml:"all_of"` // by size of the customer, instead of at_least
	Checklist []Criterion         `yaml:"checklist"`
	Approval  bool                `yaml:"approval"` // entering needs the yes of the owner's manager
	Was       []string            `yaml:"was"`      // codes of stages whose deals stand here now
}

// Criterion is one thing that must be true to be in a stage.
type Criterion struct {
	Code  string `yaml:"code"`
	Name  Name   `yaml:"name"`
	Proof string `yaml:"proof"` // what the bot can know of it: visit, support, rivals
}

// Name is what something is called in each language.
type Name struct {
	Zh string `yaml:"zh"`
	En string `yaml:"en"`
}

func (n Name) byLanguage() map[string]string {
	if n == (Name{}) {
		return nil
	}
	return map[string]string{"zh": n.Zh, "en": n.En}
}

// Funnel is the company's funnel, as the rules take it.
func (d Deals) Funnel() deal.Funnel {
	if len(d.Stages) == 0 {
		return deal.Default()
	}
	list := func(criteria []Criterion) []deal.Criterion {
		var out []deal.Criterion
		for _, c := range criteria {
			proof := deal.Proof(c.Proof)
			if _, known, ok := deal.Default().Owner(c.Code); ok && proof == "" {
				proof = known.Proof
			}
			out = append(out, deal.Criterion{Code: c.Code, Names: c.Name.byLanguage(), Proof: proof})
		}
		return out
	}
	var out deal.Funnel
	for _, s := range d.Stages {
		stage := deal.Stage{Code: s.Code, Names: s.Name.byLanguage(), Weight: int64(s.Weight), Criteria: list(s.Criteria), AtLeast: s.AtLeast, AllOf: s.AllOf, Checklist: list(s.Checklist), Approval: s.Approval, Was: s.Was}
		for _, h := range s.Holders {
			stage.Holders = append(stage.Holders, deal.Holder(h))
		}
		out = append(out, stage)
	}
	return out
}

var stageCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// validateDeals refuses a funnel that a deal could be stuck in or lost from.
func (l *loader) validateDeals(d Deals) {
	if n := len(d.Stages); n == 1 {
		l.fault("deals.stages", "write at least two stages, or none for the built-in funnel")
	}
	seen := map[string]bool{}
	once := func(key, code string) {
		switch {
		case !stageCode.MatchString(code) || slices.Contains(deal.Ends, code):
			l.fault(key, "write a code of small letters, digits and _ that is none of open, %s", strings.Join(deal.Ends, ", "))
		case seen[code]:
			l.fault(key, "%q stands twice; every stage and criterion has a code of its own", code)
		}
		seen[code] = true
	}
	last := 0
	for i, s := range d.Stages {
		at := fmt.Sprintf("deals.stages[%d]", i)
		once(at, s.Code)
		for _, w := range s.Was {
			once(at, w)
		}
		builtIn := slices.ContainsFunc(deal.Default(), func(x deal.Stage) bool { return x.Code == s.Code })
		if !builtIn && (s.Name.Zh == "" || s.Name.En == "") {
			l.fault(at, "give the stage %q a name in both languages: name: {zh: …, en: …}", s.Code)
		}
		if s.Weight < last || s.Weight > 100 {
			l.fault(at, "write a weight from %d (that of the stage before) to 100", last)
		}
		last = max(last, s.Weight)
		if len(s.Holders) == 0 {
			l.fault(at, "write holders: one or more of %s", joined(deal.Holders))
		}
		for _, h := range s.Holders {
			l.oneOf(at, h, texts(deal.Holders)...)
		}
		l.validateGate(at, s, once)
	}
}

func (l *loader) validateGate(at string, s Stage, once func(key, code string)) {
	codes := []string{}
	for _, c := range slices.Concat(s.Criteria, s.Checklist) {
		once(at, c.Code)
		if _, _, known := deal.Default().Owner(c.Code); !known && (c.Name.Zh == "" || c.Name.En == "") {
			l.fault(at, "give the criterion %q a name in both languages: name: {zh: …, en: …}", c.Code)
		}
		if c.Proof != "" {
			l.oneOf(at, c.Proof, texts(deal.Proofs)...)
		}
	}
	for _, c := range s.Criteria {
		codes = append(codes, c.Code)
	}
	switch {
	case len(s.AllOf) > 0 && s.AtLeast > 0:
		l.fault(at, "write at_least or all_of, not both")
	case len(s.AllOf) == 0 && (s.AtLeast < 1 || s.AtLeast > len(codes)):
		l.fault(at, "write at_least from 1 to %d, the number of criteria", len(codes))
	}
	for size, set := range s.AllOf {
		l.oneOf(at, size, deal.Sizes...)
		for _, c := range set {
			l.oneOf(at, c, codes...)
		}
	}
	for _, size := range deal.Sizes {
		if len(s.AllOf) > 0 && len(s.AllOf[size]) == 0 {
			l.fault(at, "all_of lacks customers of size %s", size)
		}
	}
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return out
}

func joined[T ~string](list []T) string { return strings.Join(texts(list), ", ") }
