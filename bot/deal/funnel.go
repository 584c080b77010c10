package deal

import (
	"slices"
	"strings"
)

// Funnel is a company's stages, the first first.
type Funnel []Stage

// Stage is a step of the funnel. What its gate asks for must be true to be
// there.
type Stage struct {
	Code      string              `yaml:"code"`
	Names     map[string]string   `yaml:"name"`    // by language; nil: bot/talk/lang knows the code
	Weight    int64               `yaml:"weight"`  // percent of a deal's value that counts here
	Holders   []Holder            `yaml:"holders"` // who holds a deal here, the lead first
	Criteria  []Criterion         `yaml:"criteria"`
	AtLeast   int                 `yaml:"at_least"`  // so many of Criteria open the gate
	AllOf     map[string][]string `yaml:"all_of"`    // by size of the customer: all of these do, instead
	Checklist []Criterion         `yaml:"checklist"` // shown beside the stage, not a part of its gate
	Approval  bool                `yaml:"approval"`  // entering needs the yes of the owner's manager
	Was       []string            `yaml:"was"`       // codes of stages that this one stands for now
}

// Criterion is one thing that must be true.
type Criterion struct {
	Code  string            `yaml:"code"`
	Names map[string]string `yaml:"name"`
	Proof Proof             `yaml:"proof"` // what the bot can know of it
}

// Proof is what the bot can know by itself of a criterion.
type Proof string

// The proofs.
const (
	ByVisit   Proof = "visit"   // a visit to the account since the deal began
	BySupport Proof = "support" // who decides is for us, see ForUs
	ByRivals  Proof = "rivals"  // the competitors are named
)

// Proofs are all of them.
var Proofs = []Proof{ByVisit, BySupport, ByRivals}

// Holder is who holds a deal in a stage.
type Holder string

// The holders.
const (
	AccountOwner Holder = "account_owner"
	DealOwner    Holder = "deal_owner"
	DealTeam     Holder = "deal_team" // the deal's owner leads it
	OwnersBoss   Holder = "manager"   // the owner's manager
	Finance      Holder = "finance"
)

// Holders are all of them.
var Holders = []Holder{AccountOwner, DealOwner, DealTeam, OwnersBoss, Finance}

// Sizes of a customer, the smallest first.
var Sizes = []string{"small", "mid", "large", "public"}

func criteria(codes ...string) []Criterion {
	out := make([]Criterion, len(codes))
	for i, c := range codes {
		out[i] = Criterion{Code: c, Proof: proofs[c]}
	}
	return out
}

var proofs = map[string]Proof{"first_contact": ByVisit, "visit_done": ByVisit, "rivals_known": ByRivals, "decider_for_us": BySupport}

// Default is the funnel of domain.md §4.
func Default() Funnel {
	basics := []string{"way_of_deciding", "core_need"}
	all := []string{"way_of_deciding", "timetable", "budget_range", "core_need"}
	return Funnel{
		{Code: "target", Weight: 10, Holders: []Holder{AccountOwner}, AtLeast: 2, Criteria: criteria("accepts_material", "first_contact", "visit_agreed")},
		{Code: "intent", Weight: 20, Holders: []Holder{DealOwner}, AtLeast: 2, Criteria: criteria("visit_done", "comparing", "clear_need", "sponsor")},
		{Code: "project", Weight: 30, Holders: []Holder{DealTeam}, Criteria: criteria("way_of_deciding", "timetable", "budget_range", "core_need", "rivals_known"),
			AllOf: map[string][]string{"small": basics, "mid": basics, "large": all, "public": all}},
		{Code: "endorsed", Weight: 40, Holders: []Holder{DealTeam}, AtLeast: 1, Criteria: criteria("tender_won", "payer_for_us", "decider_for_us")},
		{Code: "negotiation", Weight: 50, Holders: []Holder{DealOwner, OwnersBoss}, AtLeast: 1, Criteria: criteria("their_draft", "our_draft", "talks_dated", "price_objection", "terms_tabled"),
			Checklist: criteria("deciders_agree", "start_finish_fixed", "negotiation_way")},
		{Code: "closing", Weight: 80, Holders: []Holder{DealOwner, Finance}, AtLeast: 1, Criteria: criteria("contract_signed", "first_payment")},
	}
}

// Codes are those of the stages, in their order.
func (f Funnel) Codes() []string {
	var out []string
	for _, s := range f {
		out = append(out, s.Code)
	}
	return out
}

// Index returns where a stage stands; a code that a stage was known by counts.
func (f Funnel) Index(code string) (int, bool) {
	i := slices.IndexFunc(f, func(s Stage) bool { return s.Code == code || slices.Contains(s.Was, code) })
	return i, i >= 0
}

// Named is Index for what people call a stage, in any language, too.
func (f Funnel) Named(name string, called func(code string) []string) (int, bool) {
	if i, ok := f.Index(name); ok {
		return i, true
	}
	name = strings.ToLower(strings.TrimSpace(name))
	i := slices.IndexFunc(f, func(s Stage) bool {
		for _, own := range s.Names {
			if strings.ToLower(own) == name {
				return true
			}
		}
		return slices.Contains(called(s.Code), name)
	})
	return i, i >= 0
}

// Stage returns the stage of a code, or one without a gate for a code that the
// funnel does not know.
func (f Funnel) Stage(code string) Stage {
	if i, ok := f.Index(code); ok {
		return f[i]
	}
	return Stage{Code: code}
}

// Codes are those that a stage is or was known by.
func (s Stage) Codes() []string { return append([]string{s.Code}, s.Was...) }

// Next returns the stage behind one; false for the last.
func (f Funnel) Next(code string) (Stage, bool) {
	i, ok := f.Index(code)
	if !ok || i+1 >= len(f) {
		return Stage{}, false
	}
	return f[i+1], true
}

// Owner returns the stage that a criterion belongs to, in its gate or beside
// it.
func (f Funnel) Owner(criterion string) (Stage, Criterion, bool) {
	for _, s := range f {
		for _, c := range slices.Concat(s.Criteria, s.Checklist) {
			if c.Code == criterion {
				return s, c, true
			}
		}
	}
	return Stage{}, Criterion{}, false
}

// Gate is how far what a stage asks for is met.
type Gate struct {
	Stage   Stage
	All     bool        // every one of Asked; else AtLeast of them
	Asked   []Criterion // those that count for this customer
	Met     []Criterion
	Missing []Criterion
	Open    bool
}

// Need is how many of the missing ones would open the gate.
func (g Gate) Need() int {
	if g.Open {
		return 0
	}
	if g.All {
		return len(g.Missing)
	}
	return g.Stage.AtLeast - len(g.Met)
}

// Gate looks at the gate of a stage for a customer of some size. A size that
// nobody knows is taken for the largest, which asks for most.
func (f Funnel) Gate(stage, size string, met func(criterion string) bool) Gate {
	s := f.Stage(stage)
	g := Gate{Stage: s, Asked: s.Criteria}
	if len(s.AllOf) > 0 {
		if size == "" {
			size = Sizes[len(Sizes)-1]
		}
		g.All = true
		g.Asked = slices.DeleteFunc(slices.Clone(s.Criteria), func(c Criterion) bool { return !slices.Contains(s.AllOf[size], c.Code) })
	}
	for _, c := range g.Asked {
		if met(c.Code) {
			g.Met = append(g.Met, c)
		} else {
			g.Missing = append(g.Missing, c)
		}
	}
	if g.All {
		g.Open = len(g.Missing) == 0
	} else {
		g.Open = len(g.Met) >= s.AtLeast
	}
	return g
}

// Way looks at the gates from behind one stage up to another. It returns them
// up to the first that is closed.
func (f Funnel) Way(from, to, size string, met func(criterion string) bool) (gates []Gate, open bool) {
	i, ok1 := f.Index(from)
	j, ok2 := f.Index(to)
	if !ok1 || !ok2 || j <= i {
		return nil, false
	}
	for _, s := range f[i+1 : j+1] {
		g := f.Gate(s.Code, size, met)
		gates = append(gates, g)
		if !g.Open {
			return gates, false
		}
	}
	return gates, true
}

// WeightOf is the weight of a deal as it stands: its stage's while it is open,
// all of a won one's value, nothing of the others'.
func (f Funnel) WeightOf(d Deal) int64 {
	switch d.Status {
	case Open:
		return f.Stage(d.Stage).Weight
	case Won:
		return 100
	}
	return 0
}

// Weighted is the part of a value that counts at a weight, rounded half up to
// a minor unit. Every sum adds these, so that sums agree to the cent.
func Weighted(value, weight int64) int64 { return (value*weight + 50) / 100 }
