package flow_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/flow"
)

type paper struct{ state, by string }

var life = flow.Flow[paper]{
	First: "draft", Last: []string{"done", "refused"},
	State: func(p *paper) *string { return &p.state },
	Moves: []flow.Move[paper]{
		{Name: "submit", From: []string{"draft"}, To: "asked", Who: []flow.Actor{flow.Owner},
			Set: func(p *paper, v map[string]string, by string, _ time.Time) error { p.by = by + v["note"]; return nil }},
		{Name: "approve", From: []string{"asked"}, To: "done", Answer: true, Need: []flow.Actor{flow.Leader}, Else: "refused", Silence: "draft"},
	},
}

func TestMoves(t *testing.T) {
	if err := life.Check(); err != nil {
		t.Fatal(err)
	}
	submit, _ := life.Get("submit")
	approve, _ := life.Get("approve")
	p := paper{state: "draft"}
	if _, err := life.Make(p, approve, nil, "x", time.Time{}); !fault.Is(err, fault.Conflict) {
		t.Error("a draft was approved", err)
	}
	p, err := life.Make(p, submit, map[string]string{"note": "!"}, "me", time.Time{})
	if err != nil || p.state != "asked" || p.by != "me!" {
		t.Fatal(p, err)
	}
	if q, waits := life.Question(p); !waits || q.Name != "approve" {
		t.Error("nothing is asked")
	}
	if got := life.Refuse(p, approve, false).state; got != "refused" {
		t.Error(got)
	}
	if got := life.Refuse(p, approve, true).state; got != "draft" {
		t.Error(got)
	}
	if got := strings.Join(life.States(), " "); got != "draft asked done refused" {
		t.Error(got)
	}
}

func TestCheck(t *testing.T) {
	for want, moves := range map[string][]flow.Move[paper]{
		"nothing leads out of x": {{Name: "a", From: []string{"draft"}, To: "x", Who: []flow.Actor{flow.Owner}}},
		"nothing leads to y":     {{Name: "a", From: []string{"draft", "y"}, To: "done", Who: []flow.Actor{flow.Owner}}},
		"an answer needs":        {{Name: "a", From: []string{"draft"}, To: "done", Answer: true}},
		"somebody makes it":      {{Name: "a", From: []string{"draft"}, To: "done"}},
		"what was undone":        {{Name: "a", From: []string{"draft"}, To: flow.Undone, Who: []flow.Actor{flow.Owner}}},
	} {
		f := flow.Flow[paper]{First: "draft", Last: []string{"done"}, State: life.State, Moves: moves}
		if err := f.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestClock: the time left is the limit less the time in states that run, however
// the stays are cut; a pause takes nothing.
func TestClock(t *testing.T) {
	start := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	clock := flow.Clock{Runs: []string{"open", "solving"}, Pauses: []string{"waiting"}, Within: 8 * time.Hour}
	rapid.Check(t, func(t *rapid.T) {
		at := start
		var stays []flow.Stay
		ran := time.Duration(0)
		last := "new"
		for range rapid.IntRange(0, 8).Draw(t, "stays") {
			last = rapid.SampledFrom([]string{"open", "solving", "waiting"}).Draw(t, "state")
			took := time.Duration(rapid.IntRange(0, 300).Draw(t, "minutes")) * time.Minute
			stays = append(stays, flow.Stay{State: last, From: at, Until: at.Add(took)})
			if at = at.Add(took); last != "waiting" {
				ran += took
			}
		}
		left, running := clock.Left(stays, at)
		if left != clock.Within-ran || running != (last == "open" || last == "solving") {
			t.Fatalf("%v left, running %v, after %v in %s", left, running, ran, last)
		}
		if len(stays) == 0 {
			return
		}
		stays = append(stays, flow.Stay{State: "solved", From: at}, flow.Stay{State: "open", From: at.Add(time.Hour)})
		if again, running := clock.Left(stays, at.Add(9*time.Hour)); ran > 0 && (again != left || running) {
			t.Fatalf("the clock went on after the end: %v, then %v", left, again)
		}
	})
}
