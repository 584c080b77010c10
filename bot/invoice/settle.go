package invoice

import (
	"slices"

	"fieldbot/bot/kit/calendar"
)

// Settle lets claims settle an amount, each as far as the amount still reaches, in the
// order of Claim.Before. It says what was paid, deducted and settled in all, the day of
// the last of these, and the day from which nothing is open.
func Settle(amount int64, claims []Claim) (after []Claim, i Invoice) {
	after = slices.Clone(claims)
	slices.SortFunc(after, func(a, b Claim) int {
		if a.Before(b) {
			return -1
		}
		return 1
	})
	i.SettledOn = Never
	for k := range after {
		c := &after[k]
		c.Amount = min(c.Told, amount-i.Settled)
		if c.Amount <= 0 {
			c.Amount = 0
			continue
		}
		i.Settled += c.Amount
		i.LastOn = max(i.LastOn, c.On)
		switch c.Source {
		case ByPayment:
			i.Paid += c.Amount
		case ByDeduction:
			i.Deducted += c.Amount
		}
	}
	if i.Settled == amount {
		i.SettledOn = i.LastOn
	}
	return after, i
}

// At is what of some claims was settled by a day.
func At(claims []Claim, day calendar.Day) (settled int64) {
	for _, c := range claims {
		if c.On <= day {
			settled += c.Amount
		}
	}
	return settled
}
