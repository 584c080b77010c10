package dealtalk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "fieldbot/bot" // registers the section
	"fieldbot/bot/config"
	"fieldbot/bot/deal"
)

func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const funnel = `deals:
  stages:
    - code: lead
      name: {zh: 线索, en: Lead}
      was: [target]
      weight: 10
      holders: [account_owner]
      criteria: [{code: first_contact}, {code: budget_named, name: {zh: 有预算, en: budget named}}]
      at_least: 1
    - code: negotiation
      weight: 50
      holders: [deal_owner, manager]
      criteria: [{code: our_draft}, {code: core_need}]
      all_of: {small: [our_draft], mid: [our_draft], large: [our_draft, core_need], public: [our_draft, core_need]}
      approval: true
`

// TestFunnel: a company's own stages are taken with what the built-in ones know,
// and what a deal could be stuck in is refused with line and cure.
func TestFunnel(t *testing.T) {
	c, err := config.Load(written(t, funnel), nil)
	if err != nil {
		t.Fatal(err)
	}
	f := config.Of[deal.Settings](&c).Funnel()
	if i, ok := f.Index("target"); !ok || i != 0 || f[0].Names["zh"] != "线索" || f[0].Criteria[0].Proof != deal.ByVisit || !f[1].Approval || f.Gate("negotiation", "large", func(c string) bool { return c == "our_draft" }).Open {
		t.Errorf("%+v", f)
	}
	for _, x := range []struct{ from, to, want string }{
		{"weight: 10", "wieght: 10", ":6: deals.stages[0].wieght: no such key; did you mean \"weight\"?"},
		{"weight: 50", "weight: 5", ":10: deals.stages[1]: write a weight from 10"},
		{"at_least: 1", "at_least: 3", ":3: deals.stages[0]: write at_least from 1 to 2"},
		{"[deal_owner, manager]", "[boss]", "deals.stages[1]: write one of account_owner, deal_owner"},
		{"code: our_draft}, {code: core_need}", "code: first_contact}, {code: core_need}", "\"first_contact\" stands twice"},
		{", name: {zh: 有预算, en: budget named}", "", "give the criterion \"budget_named\" a name in both languages"},
		{"code: lead", "code: lost", "that is none of open, won, lost"},
		{", public: [our_draft, core_need]", "", "all_of lacks customers of size public"},
		{"small: [our_draft]", "small: [handshake]", "write one of our_draft, core_need"},
		{"      name: {zh: 线索, en: Lead}\n", "", "give the stage \"lead\" a name in both languages"},
	} {
		if _, err := config.Load(written(t, strings.Replace(funnel, x.from, x.to, 1)), nil); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v", x.to, err)
		}
	}
}
