package visit_test

import (
	"fmt"
	"strings"
	"testing"

	"fieldbot/bot/visit"
)

// TestStepSettings: what is wrong with the steps of a company is named by its key.
func TestStepSettings(t *testing.T) {
	step := func(code string) visit.Step {
		return visit.Step{Code: code, Names: map[string]string{"zh": code, "en": code}}
	}
	for _, x := range []struct {
		settings visit.StepSettings
		want     string // "": nothing is wrong
	}{
		{visit.StepSettings{}, ""},
		{visit.StepSettings{Store: []visit.Step{step("greet"), step("shelf")}, HeadOffice: []visit.Step{step("greet")}, Format: map[string][]visit.Step{"club": {}}}, ""},
		{visit.StepSettings{Store: []visit.Step{step("Greet")}}, "store[0] write a code"},
		{visit.StepSettings{Store: []visit.Step{step("greet"), step("greet")}}, "store[1] \"greet\" stands twice"},
		{visit.StepSettings{HeadOffice: []visit.Step{{Code: "greet", Names: map[string]string{"en": "Greet"}}}}, "head_office[0] give the step \"greet\" a name in both"},
		{visit.StepSettings{Format: map[string][]visit.Step{"kiosk": nil}}, "format \"kiosk\" is no format"},
		{visit.StepSettings{Store: []visit.Step{step("a"), step("b"), step("c"), step("d"), step("e"), step("f"), step("g"), step("h"), step("i"), step("j"), step("k")}}, "store write at most 10"},
	} {
		var wrong []string
		x.settings.Check(func(key, cure string, args ...any) { wrong = append(wrong, key+" "+fmt.Sprintf(cure, args...)) })
		if got := strings.Join(wrong, "; "); x.want == "" && got != "" || !strings.Contains(got, x.want) {
			t.Errorf("%+v: %q, not %q", x.settings, got, x.want)
		}
	}
	if steps := (visit.StepSettings{Store: []visit.Step{step("greet")}, Format: map[string][]visit.Step{"club": {}}}).Of("store", "club"); len(steps) != 0 {
		t.Errorf("a format's own steps do not stand in place of the store's: %v", steps)
	}
}
