package deal_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fieldbot/bot/deal"
	"fieldbot/bot/kit/fault"
)

// needs is the table of domain.md §4 once more, by hand.
func needs(stage, size string, met map[string]bool) bool {
	count := func(codes ...string) int {
		n := 0
		for _, c := range codes {
			if met[c] {
				n++
			}
		}
		return n
	}
	switch stage {
	case "target":
		return count("accepts_material", "first_contact", "visit_agreed") >= 2
	case "intent":
		return count("visit_done", "comparing", "clear_need", "sponsor") >= 2
	case "project":
		if size == "small" || size == "mid" {
			return met["way_of_deciding"] && met["core_need"]
		}
		return count("way_of_deciding", "timetable", "budget_range", "core_need") == 4
	case "endorsed":
		return count("tender_won", "payer_for_us", "decider_for_us") >= 1
	case "negotiation":
		return count("their_draft", "our_draft", "talks_dated", "price_objection", "terms_tabled") >= 1
	}
	return count("contract_signed", "first_payment") >= 1
}

var order = []string{"target", "intent", "project", "endorsed", "negotiation", "closing"}

// machine is one deal that random people work on.
type machine struct {
	funnel  deal.Funnel
	deal    deal.Deal
	history []deal.Entry
	met     map[string]bool
	size    string
	now     time.Time
}

func (m *machine) keep(t *rapid.T, after deal.Deal, e deal.Entry, err error) {
	if err != nil {
		if _, isFault := fault.As(err); !isFault || after.Standing() != m.deal.Standing() {
			t.Fatalf("refused with %v, and stands at %s", err, after.Standing())
		}
		return
	}
	if e.How == deal.ByGate {
		from, to := slices.Index(order, e.From), slices.Index(order, e.To)
		if to <= from {
			t.Fatalf("by gate from %s to %s", e.From, e.To)
		}
		for _, stage := range order[from+1 : to+1] {
			if !needs(stage, m.size, m.met) {
				t.Fatalf("entered %s by gate over %s, which is closed: %v", e.To, stage, m.met)
			}
		}
	}
	if e.From != m.deal.Standing() || e.To != after.Standing() || !e.At.Equal(after.EnteredStageAt) || e.Stayed != e.At.Sub(m.deal.EnteredStageAt).Milliseconds() {
		t.Fatalf("%+v does not lead from %+v to %+v", e, m.deal, after)
	}
	m.deal, m.history = after, append(m.history, e)
}

// TestNoWayRoundTheGate: whatever people do in whatever order, no stage is
// entered by gate whose gate is closed, an override is marked for ever, a lost
// deal comes back only to a stage that it held, and history tells where the
// deal stands.
func TestNoWayRoundTheGate(t *testing.T) {
	f := deal.Default()
	var codes []string
	for _, s := range f {
		for _, c := range s.Criteria {
			codes = append(codes, c.Code)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		m := machine{funnel: f, met: map[string]bool{}, size: rapid.SampledFrom(append(deal.Sizes, "")).Draw(t, "size"), now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)}
		var first deal.Entry
		m.deal, first = deal.Deal{ID: "d", Number: "D-1"}.Start("target", "a", m.now)
		m.history = []deal.Entry{first}
		met := func(c string) bool { return m.met[c] }
		stage := func() string { return rapid.SampledFrom(append(order, "nowhere")).Draw(t, "stage") }
		overridden := false
		t.Repeat(map[string]func(*rapid.T){
			"tick":   func(t *rapid.T) { m.met[rapid.SampledFrom(codes).Draw(t, "criterion")] = true },
			"untick": func(t *rapid.T) { delete(m.met, rapid.SampledFrom(codes).Draw(t, "criterion")) },
			"wait": func(t *rapid.T) {
				m.now = m.now.Add(time.Duration(rapid.IntRange(0, 50).Draw(t, "hours")) * time.Hour)
			},
			"advance": func(t *rapid.T) {
				after, e, err := f.Advance(m.deal, stage(), m.size, met, "a", m.now)
				m.keep(t, after, e, err)
			},
			"override": func(t *rapid.T) {
				after, e, err := f.Override(m.deal, stage(), "boss", "why", m.now)
				overridden = overridden || err == nil
				m.keep(t, after, e, err)
			},
			"back": func(t *rapid.T) {
				to := stage()
				after, e, err := f.Back(m.deal, to, "a", "why", m.now)
				if err == nil && slices.Index(order, to) >= slices.Index(order, m.deal.Stage) {
					t.Fatalf("back from %s to %s", m.deal.Stage, to)
				}
				m.keep(t, after, e, err)
			},
			"lose": func(t *rapid.T) {
				after, e, err := m.deal.Lose("price", "Rival", "", "a", m.now)
				m.keep(t, after, e, err)
			},
			"stall": func(t *rapid.T) {
				after, e, err := m.deal.Stall("later", "2027-01-01", "a", m.now)
				m.keep(t, after, e, err)
			},
			"win": func(t *rapid.T) {
				after, e, err := f.Win(m.deal, "price", "boss", m.now)
				if err == nil && (m.deal.Stage != "closing" || m.deal.Status != deal.Open) {
					t.Fatalf("won from %s", m.deal.Standing())
				}
				m.keep(t, after, e, err)
			},
			"restore": func(t *rapid.T) {
				to := stage()
				after, e, err := f.Restore(m.deal, m.history, to, "a", "why", m.now)
				if err == nil && !slices.ContainsFunc(m.history, func(x deal.Entry) bool { return x.To == to }) {
					t.Fatalf("restored to %s, which it never held", to)
				}
				m.keep(t, after, e, err)
			},
			"": func(t *rapid.T) {
				at, status := deal.Replay(m.history)
				if at != m.deal.Stage || status != m.deal.Status || m.deal.Overridden != overridden {
					t.Fatalf("history ends at %s %s, the deal stands at %+v", at, status, m.deal)
				}
				for i, e := range m.history {
					if i > 0 && (!e.At.After(m.history[i-1].At) || e.From != m.history[i-1].To) || !slices.Contains(deal.Hows, e.How) {
						t.Fatalf("line %d does not follow: %+v", i, m.history)
					}
				}
			},
		})
	})
}

// TestTakenBack: after an undo the history goes on, and tells how.
func TestTakenBack(t *testing.T) {
	f := deal.Default()
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	yes := func(string) bool { return true }
	at, first := deal.Deal{ID: "d"}.Start("target", "a", now)
	further, e, err := f.Advance(at, "intent", "small", yes, "a", now)
	if err != nil {
		t.Fatal(err)
	}
	lost, end, err := further.Lose("price", "", "", "a", now)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		now     deal.Deal
		history []deal.Entry
		how     deal.How
		to      string
	}{
		{at, []deal.Entry{first, e}, deal.ByBack, "target"},
		{further, []deal.Entry{first, e, end}, deal.ByRestore, "intent"},
		{lost, []deal.Entry{first, e, end, {From: "lost", To: "intent", How: deal.ByRestore, At: now.Add(time.Second)}}, deal.ByEnd, deal.Lost},
	} {
		taken, got, moved := f.TakenBack(c.now, c.history, "a", now)
		if !moved || got.How != c.how || got.To != c.to || !got.Undone || taken != c.history[len(c.history)-1] || !got.At.After(c.history[len(c.history)-1].At) {
			t.Errorf("%+v", got)
		}
	}
	if _, _, moved := f.TakenBack(further, []deal.Entry{first, e}, "a", now); moved {
		t.Error("nothing was taken back")
	}
}

func TestSupport(t *testing.T) {
	people := []deal.Party{{BuyingRole: "decides", Attitude: "neutral", Weight: 60}, {BuyingRole: "pays", Attitude: "champion", Weight: 40}, {BuyingRole: "uses", Attitude: "opponent", Weight: 100}}
	// (60 × 0 + 40 × 1 − 100 × 1) ÷ 200 and (60 × 0 + 40 × 1) ÷ 100
	if all, _ := deal.Support(people); all != -30 {
		t.Errorf("support %d", all)
	}
	if deciders, _ := deal.Support(deal.Deciders(people)); deciders != 40 || deal.ForUs(people) {
		t.Errorf("deciders %d", deciders)
	}
	people[1].Weight = 60 // now a half
	if !deal.ForUs(people) {
		t.Error("a half of the deciders' weight is for us")
	}
	people[1].Attitude, people[0].Attitude = "opponent", "supporter"
	if !deal.ForUs(people) {
		t.Error("the heaviest decider is for us")
	}
	if _, known := deal.Support(nil); known || deal.ForUs(nil) {
		t.Error("nobody is known")
	}
}

// TestWeighted: halves go up, and nothing is lost or made over a hundred deals.
func TestWeighted(t *testing.T) {
	for value, want := range map[int64]int64{0: 0, 1: 0, 2: 1, 3: 1, 12_345: 3704, 100_00: 30_00} {
		if got := deal.Weighted(value, 30); got != want {
			t.Errorf("30 %% of %d is %d", value, got)
		}
	}
}
