package account_test

import (
	"testing"

	"pgregory.net/rapid"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
)

var rules = account.TierRules{Revenue: 40, Margin: 20, Potential: 25, Relation: 15, A: 75, B: 50}

const today = calendar.Day("2026-11-23")

// TestTiersByHand: three accounts, computed by hand. The best of three is
// better than all others (100), the middle one than half (50), the last than
// none (0).
func TestTiersByHand(t *testing.T) {
	got := account.ProposeTiers([]account.Standing{
		{ID: "big", Revenue: 800, Margin: 80, Potential: 900, Since: "2016-11-23", SteadyMonth: 12},
		{ID: "mid", Revenue: 150, Margin: 30, Potential: 950, Since: "2021-11-23", SteadyMonth: 6},
		{ID: "new", Revenue: 50, Margin: 10, Potential: 100, Since: "2026-11-01", SteadyMonth: 1},
	}, rules, today)
	for i, want := range []struct {
		score, share int
		grade        string
	}{
		{88, 80, "A"}, // 40 + 20 + 25/2 + 15 = 87.5
		{63, 95, "B"}, // 20 + 10 + 25 + 7.5 = 62.5
		{0, 100, "C"}, // none
	} {
		p := got[i]
		if p.Score != want.score || p.Grade != want.grade || p.Share != want.share {
			t.Errorf("%s: %d points, %s, %d%% of sales; want %+v", p.ID, p.Score, p.Grade, p.Share, want)
		}
	}
}

// TestTiers: scores lie between 0 and 100, equals rank equally, more is never
// worth less, and the last account completes the sales.
func TestTiers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		standing := rapid.Custom(func(t *rapid.T) account.Standing {
			n := rapid.Int64Range(0, 5)
			return account.Standing{Revenue: n.Draw(t, "revenue"), Margin: n.Draw(t, "margin"), Potential: n.Draw(t, "potential"),
				Since: today.Add(-rapid.IntRange(0, 3).Draw(t, "days")), SteadyMonth: n.Draw(t, "months")}
		})
		all := rapid.SliceOfN(standing, 1, 12).Draw(t, "all")
		got := account.ProposeTiers(all, rules, today)
		most := 0
		for i, p := range got {
			most = max(most, p.Share)
			if p.Score < 0 || p.Score > 100 {
				t.Fatalf("score %d", p.Score)
			}
			for f, n := range p.Factors {
				if n < 0 || n > 100 {
					t.Fatalf("factor %d is %d", f, n)
				}
			}
			for j, q := range got {
				if all[i] == all[j] && p.Score != q.Score {
					t.Fatalf("equals rank %d and %d", p.Score, q.Score)
				}
				if p.Revenue > q.Revenue && p.Factors[0] <= q.Factors[0] {
					t.Fatalf("%d in revenue ranks below %d", p.Revenue, q.Revenue)
				}
			}
		}
		total := int64(0)
		for _, s := range all {
			total += s.Revenue
		}
		if total > 0 && most != 100 {
			t.Fatalf("all together sell %d%%", most)
		}
	})
}
