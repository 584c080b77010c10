package visit

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/field"
)

// Step (拜访步骤) is one thing that a visit of a kind goes through.
type Step struct {
	Code  string            `yaml:"code"`
	Names map[string]string `yaml:"name"` // by language
}

// StepSettings are the steps that a company asks of its visits; without any, visits have none.
type StepSettings struct {
	Store      []Step            `yaml:"store"`
	HeadOffice []Step            `yaml:"head_office"`
	Format     map[string][]Step `yaml:"format"` // of stores of a format, in place of Store
}

// Of are the steps of a visit to a kind of place, in their order.
func (s StepSettings) Of(kind, format string) []Step {
	if kind == account.KindAccount {
		return s.HeadOffice
	}
	if own, set := s.Format[format]; set {
		return own
	}
	return s.Store
}

// Has reports whether a visit of some kind has a step.
func (s StepSettings) Has(code string) bool {
	is := func(x Step) bool { return x.Code == code }
	return slices.ContainsFunc(s.Store, is) || slices.ContainsFunc(s.HeadOffice, is) || slices.ContainsFunc(slices.Concat(slices.Collect(maps.Values(s.Format))...), is)
}

// None reports whether visits have no steps at all.
func (s StepSettings) None() bool { return len(s.Store)+len(s.HeadOffice)+len(s.Format) == 0 }

var stepCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// mostSteps is how many a phone shows as buttons.
const mostSteps = 10

// Check names what is wrong, by the key of the setting, and what to write.
func (s StepSettings) Check(fault func(key, cure string, args ...any)) {
	check := func(key string, steps []Step) {
		if len(steps) > mostSteps {
			fault(key, "write at most %d steps", mostSteps)
		}
		seen := map[string]bool{}
		for i, x := range steps {
			at := fmt.Sprintf("%s[%d]", key, i)
			switch {
			case !stepCode.MatchString(x.Code):
				fault(at, "write a code of small letters, digits and _")
			case seen[x.Code]:
				fault(at, "%q stands twice; every step has a code of its own", x.Code)
			case x.Names["zh"] == "" || x.Names["en"] == "":
				fault(at, "give the step %q a name in both languages: name: {zh: …, en: …}", x.Code)
			}
			seen[x.Code] = true
		}
	}
	check("store", s.Store)
	check("head_office", s.HeadOffice)
	for format, steps := range s.Format {
		if !slices.Contains(account.Formats, format) {
			fault("format", "%q is no format of stores; they are %s", format, strings.Join(account.Formats, ", "))
		}
		check("format."+format, steps)
	}
}

// StepTaken is a step of a visit that was ticked, or left out for a reason.
type StepTaken struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	VisitID   string    `db:"visit_id"`
	Code      string    `db:"step"`
	State     string    `db:"state"`
	Reason    string    `db:"reason"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (s StepTaken) Table() string { return "visit_steps" }

// Key implements store.Row.
func (s StepTaken) Key() (string, int64) { return s.ID, s.Version }

// The states of a step; one that was never touched has no row.
const (
	StepOpen    = "open"
	StepDone    = "done"
	StepSkipped = "skipped"
)

// StepCatalogue is what is known of the steps of visits.
var StepCatalogue = field.Catalogue{Noun: "visit_steps", Fields: append(slices.Clone(naming),
	field.Field{Key: "step", Kind: field.Named, Use: field.All, Required: true},
	field.Field{Key: "state", Kind: field.Choice, Use: field.File, Required: true, Options: []string{StepDone, StepSkipped, StepOpen}},
	field.Field{Key: "reason", Kind: field.Text, Use: field.All, Max: 200},
)}

// Taken is what was done of the steps of a visit.
func Taken(steps []Step, taken []StepTaken) (done, skipped int, open []Step) {
	for _, s := range steps {
		i := slices.IndexFunc(taken, func(t StepTaken) bool { return t.Code == s.Code })
		switch {
		case i >= 0 && taken[i].State == StepDone:
			done++
		case i >= 0 && taken[i].State == StepSkipped:
			skipped++
		default:
			open = append(open, s)
		}
	}
	return done, skipped, open
}
