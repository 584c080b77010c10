package account

import (
	"cmp"
	"slices"
)

// Effort is what one of ours spent on an account.
type Effort struct {
	AccountID string
	PersonID  string // empty: of fees
	Minutes   int64  // of visits
	Fees      int64  // minor units
}

// Share is an account as the effort report sees it.
type Share struct {
	ID      string
	Name    string
	Tier    string // the one in force: its own, else that of an account above
	OwnerID string
	Sales   int64 // of the last 12 months, minor units
	Minutes int64
	Fees    int64
}

// TierEffort is what a tier takes and gives.
type TierEffort struct {
	Tier     string // empty: none
	Accounts int
	Minutes  int64
	Fees     int64
	People   float64 // each of ours split by their hours
	Sales    int64
}

// EffortReport (投入产出, 80/20) lays what customers take beside what they give
// (domain.md §2).
type EffortReport struct {
	Tiers  []TierEffort // A, B, C, none; without those that have no account
	All    TierEffort
	Beyond []Beyond // those that take more than they give, the worst first
}

// Beyond is an account whose share of the hours is above its share of the sales.
type Beyond struct {
	Share
	Hours, Sold float64 // shares, 0–1
}

// tiersInOrder are the tiers as the report lists them.
var tiersInOrder = []string{"A", "B", "C", ""}

// MeasureEffort sums up efforts by tier and finds the accounts that take more than they
// give. Efforts at accounts that are not among those given are left out.
//
// Of one person it is what customers take of that person: their accounts, and those where
// they spent something.
//
// An example by hand: Nord (A) sells 800 and Süd (C) 200. Anna was 60 minutes at Nord and
// 60 at Süd, Ben 120 at Süd. Of 240 minutes A took 60, 25 %, and C 180, 75 %. Anna is half a
// person for each, Ben a whole one for C: A has 0.5 of 2 people, C 1.5. A brings 80 % of the
// sales. Süd is beyond its share: 75 % of the hours for 20 % of the sales.
func MeasureEffort(accounts []Share, efforts []Effort) EffortReport {
	at := map[string]int{}
	for i, a := range accounts {
		at[a.ID] = i
	}
	tiers, byPerson := map[string]*TierEffort{}, map[string]map[string]int64{}
	for _, t := range tiersInOrder {
		tiers[t] = &TierEffort{Tier: t}
	}
	accounts = slices.Clone(accounts)
	for _, e := range efforts {
		i, known := at[e.AccountID]
		if !known {
			continue
		}
		accounts[i].Minutes += e.Minutes
		accounts[i].Fees += e.Fees
		if e.Minutes > 0 {
			if byPerson[e.PersonID] == nil {
				byPerson[e.PersonID] = map[string]int64{}
			}
			byPerson[e.PersonID][accounts[i].Tier] += e.Minutes
		}
	}
	var out EffortReport
	for _, a := range accounts {
		for _, t := range []*TierEffort{tiers[a.Tier], &out.All} {
			t.Accounts++
			t.Minutes, t.Fees, t.Sales = t.Minutes+a.Minutes, t.Fees+a.Fees, t.Sales+a.Sales
		}
	}
	for _, of := range byPerson {
		all := int64(0)
		for _, minutes := range of {
			all += minutes
		}
		for t, minutes := range of {
			tiers[t].People += float64(minutes) / float64(all)
		}
		out.All.People++
	}
	for _, t := range tiersInOrder {
		if tiers[t].Accounts > 0 {
			out.Tiers = append(out.Tiers, *tiers[t])
		}
	}
	for _, a := range accounts {
		b := Beyond{Share: a, Hours: ratio(a.Minutes, out.All.Minutes), Sold: ratio(a.Sales, out.All.Sales)}
		if b.Hours > b.Sold {
			out.Beyond = append(out.Beyond, b)
		}
	}
	slices.SortStableFunc(out.Beyond, func(a, b Beyond) int { return cmp.Compare(b.Hours-b.Sold, a.Hours-a.Sold) })
	return out
}

// Of keeps efforts to those of a person, and accounts to the person's own and those where
// they spent something.
func Of(person string, accounts []Share, efforts []Effort) ([]Share, []Effort) {
	efforts = slices.DeleteFunc(slices.Clone(efforts), func(e Effort) bool { return e.PersonID != person })
	spent := map[string]bool{}
	for _, e := range efforts {
		spent[e.AccountID] = true
	}
	return slices.DeleteFunc(slices.Clone(accounts), func(a Share) bool { return a.OwnerID != person && !spent[a.ID] }), efforts
}

func ratio(part, all int64) float64 {
	if all == 0 {
		return 0
	}
	return float64(part) / float64(all)
}

// Of are a tier's shares of all, 0–1: hours, fees, people, sales.
func (t TierEffort) Of(all TierEffort) (hours, fees, people, sales float64) {
	if all.People > 0 {
		people = t.People / all.People
	}
	return ratio(t.Minutes, all.Minutes), ratio(t.Fees, all.Fees), people, ratio(t.Sales, all.Sales)
}
