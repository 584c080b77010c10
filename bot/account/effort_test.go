package account_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"fieldbot/bot/account"
)

// TestEffortByHand is the example of MeasureEffort's doc.
func TestEffortByHand(t *testing.T) {
	e := account.MeasureEffort([]account.Share{{ID: "n", Name: "Nord", Tier: "A", Sales: 800}, {ID: "s", Name: "Süd", Tier: "C", Sales: 200}, {ID: "b", Tier: "A"}},
		[]account.Effort{{AccountID: "b", PersonID: "anna", Minutes: 60}, {AccountID: "s", PersonID: "anna", Minutes: 60}, {AccountID: "s", PersonID: "ben", Minutes: 120}, {AccountID: "n", Fees: 40}, {AccountID: "elsewhere", Minutes: 999}})
	if len(e.Tiers) != 2 || e.Tiers[0].Accounts != 2 {
		t.Fatalf("%+v", e.Tiers)
	}
	hours, fees, people, sales := e.Tiers[0].Of(e.All)
	if hours != 0.25 || fees != 1 || people != 0.25 || sales != 0.8 {
		t.Errorf("A: %v %v %v %v", hours, fees, people, sales)
	}
	if b := e.Beyond; len(b) != 2 || b[0].Name != "Süd" || b[0].Hours != 0.75 || b[0].Sold != 0.2 {
		t.Errorf("beyond: %+v", b)
	}
}

// TestEffortAddsUp: whatever is spent wherever, tiers add up to the whole, and what is
// above its share somewhere is below it elsewhere.
func TestEffortAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var accounts []account.Share
		for i := range rapid.IntRange(1, 8).Draw(t, "accounts") {
			accounts = append(accounts, account.Share{ID: string(rune('a' + i)), Tier: rapid.SampledFrom([]string{"A", "B", "C", ""}).Draw(t, "tier"), Sales: rapid.Int64Range(0, 1000).Draw(t, "sales")})
		}
		var spent []account.Effort
		people := map[string]bool{}
		for range rapid.IntRange(0, 20).Draw(t, "efforts") {
			e := account.Effort{AccountID: accounts[rapid.IntRange(0, len(accounts)-1).Draw(t, "at")].ID, PersonID: rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "who"), Minutes: rapid.Int64Range(0, 600).Draw(t, "minutes"), Fees: rapid.Int64Range(0, 99).Draw(t, "fees")}
			people[e.PersonID] = people[e.PersonID] || e.Minutes > 0
			spent = append(spent, e)
		}
		e := account.MeasureEffort(accounts, spent)
		var sum account.TierEffort
		for _, x := range e.Tiers {
			sum.Accounts, sum.Minutes, sum.Fees, sum.Sales, sum.People = sum.Accounts+x.Accounts, sum.Minutes+x.Minutes, sum.Fees+x.Fees, sum.Sales+x.Sales, sum.People+x.People
		}
		n := 0
		for _, worked := range people {
			if worked {
				n++
			}
		}
		if sum.Accounts != len(accounts) || sum.Minutes != e.All.Minutes || sum.Fees != e.All.Fees || sum.Sales != e.All.Sales || math.Abs(sum.People-e.All.People) > 1e-9 || int(e.All.People) != n {
			t.Fatalf("%+v do not add up to %+v, %d people", e.Tiers, e.All, n)
		}
		for i, b := range e.Beyond {
			if b.Hours <= b.Sold || i > 0 && b.Hours-b.Sold > e.Beyond[i-1].Hours-e.Beyond[i-1].Sold {
				t.Fatalf("%+v", e.Beyond)
			}
		}
	})
}
