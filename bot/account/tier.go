package account

import (
	"cmp"
	"slices"

	"fieldbot/bot/kit/calendar"
)

// TierRules are the weights of the four factors, which make 100, and the
// scores from which a customer is an A or a B (domain.md §2).
type TierRules struct {
	Revenue, Margin, Potential, Relation int
	A, B                                 int
}

// Standing is what a tier follows from, for one account.
type Standing struct {
	ID          string
	Name        string
	Tier        string // the one confirmed
	Revenue     int64  // of 12 months, minor units
	Margin      int64
	Potential   int64
	Since       calendar.Day // customer since
	SteadyMonth int64        // months of the last 12 with a visit done
}

// Proposal is the tier that the figures propose, with its four factors: each
// the percentile rank, 0 to 100, among all active accounts.
type Proposal struct {
	Standing
	Factors [4]int // revenue, margin, potential, relation
	Score   int
	Grade   string
	Share   int // cumulative share of sales in %, the largest first: the 80/20 line
}

// Factors are the names of the four factors, in their order.
var Factors = []string{"revenue", "margin", "potential", "relation"}

// ProposeTiers ranks all active accounts. Equal figures rank equally: the
// percentile of a value is the share of the others below it, half of those
// equal counted; an account alone stands in the middle.
func ProposeTiers(all []Standing, rules TierRules, today calendar.Day) []Proposal {
	length := func(s Standing) int64 {
		if s.Since == "" || s.Since > today {
			return 0
		}
		return int64(today.Sub(s.Since))
	}
	values := [5]func(Standing) int64{
		func(s Standing) int64 { return s.Revenue }, func(s Standing) int64 { return s.Margin }, func(s Standing) int64 { return s.Potential },
		length, func(s Standing) int64 { return s.SteadyMonth },
	}
	var ranks [5]map[int64]int
	for i, value := range values {
		ranks[i] = percentiles(all, value)
	}
	out := make([]Proposal, len(all))
	for i, s := range all {
		p := Proposal{Standing: s}
		for f := range 3 {
			p.Factors[f] = ranks[f][values[f](s)]
		}
		p.Factors[3] = (ranks[3][length(s)] + ranks[4][s.SteadyMonth]) / 2
		p.Score = (p.Factors[0]*rules.Revenue + p.Factors[1]*rules.Margin + p.Factors[2]*rules.Potential + p.Factors[3]*rules.Relation + 50) / 100
		switch {
		case p.Score >= rules.A:
			p.Grade = "A"
		case p.Score >= rules.B:
			p.Grade = "B"
		default:
			p.Grade = "C"
		}
		out[i] = p
	}
	share(out)
	return out
}

// percentiles maps each value to its percentile rank, 0 to 100.
func percentiles(all []Standing, value func(Standing) int64) map[int64]int {
	sorted := make([]int64, len(all))
	for i, s := range all {
		sorted[i] = value(s)
	}
	slices.Sort(sorted)
	out := map[int64]int{}
	n := len(sorted)
	for i := 0; i < n; {
		j := i
		for j < n && sorted[j] == sorted[i] {
			j++
		}
		// below + half of the equal others, of n-1 others
		if n == 1 {
			out[sorted[i]] = 50
		} else {
			out[sorted[i]] = (2*i + (j - i - 1)) * 100 / (2 * (n - 1))
		}
		i = j
	}
	return out
}

// share adds up the sales from the largest account on.
func share(all []Proposal) {
	order := make([]int, len(all))
	total := int64(0)
	for i := range all {
		order[i] = i
		total += all[i].Revenue
	}
	if total <= 0 {
		return
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(all[b].Revenue, all[a].Revenue) })
	sum := int64(0)
	for _, i := range order {
		sum += all[i].Revenue
		all[i].Share = int(sum * 100 / total)
	}
}
