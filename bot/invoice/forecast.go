package invoice

import (
	"cmp"
	"slices"

	"fieldbot/bot/kit/calendar"
)

// Payer is what one customer owes and has promised, and how it has paid so far.
type Payer struct {
	Due            []Part // what is open, by the day it is due; disputed parts are left out
	Promised       []Part // open promises, by the day that was named
	Paid, OnTime   int64  // invoices that came due lately; those paid by then
	Kept, AllKnown int64  // promises that were kept; those of which the day is over
}

// Week is what is expected to come in one week.
type Week struct {
	From          calendar.Day // a Monday
	Due, Promised int64        // what is due without a promise; what was promised
	Expected      int64        // both, weighted by each payer's record
}

// Forecast is what customers are expected to pay in each of some weeks from today's on
// (domain.md §7). A promise stands in place of as much of what is due, the oldest first.
// What is due is weighted by the share of invoices that the payer paid in time, a promise
// by the share of promises it kept, the next one counted as good: a short record says
// little, and without one it counts whole. What is overdue and not promised is expected in
// no week.
//
// By hand (TestForecast): a customer paid 3 of 4 invoices in time and kept 1 of 2 promises.
// It owes 100.00 due in the first week and 40.00 overdue, and promised 60.00 for the second
// week. The promise takes 40.00 of what is overdue and 20.00 of the 100.00: the first week
// expects 80.00 × 4/5 = 64.00, the second 60.00 × 2/3 = 40.00, and nothing is left overdue.
func Forecast(payers []Payer, today calendar.Day, weeks int) (out []Week, overdue int64) {
	monday := today.Monday()
	for i := range weeks {
		out = append(out, Week{From: monday.Add(7 * i)})
	}
	at := func(day calendar.Day) *Week {
		if i := max(day, today).Sub(monday) / 7; i < weeks {
			return &out[i]
		}
		return &Week{} // beyond what is asked for
	}
	for _, p := range payers {
		covered := int64(0)
		for _, x := range p.Promised {
			w := at(x.DueOn)
			w.Promised += x.Amount
			w.Expected += share(x.Amount, p.Kept, p.AllKnown)
			covered += x.Amount
		}
		due := slices.SortedStableFunc(slices.Values(p.Due), func(a, b Part) int { return cmp.Compare(a.DueOn, b.DueOn) })
		for _, x := range due {
			take := min(covered, x.Amount)
			covered -= take
			left := x.Amount - take
			if x.DueOn < today {
				overdue += left
				continue
			}
			w := at(x.DueOn)
			w.Due += left
			w.Expected += share(left, p.OnTime, p.Paid)
		}
	}
	return out, overdue
}

func share(amount, good, all int64) int64 {
	return (amount*(good+1) + (all+1)/2) / (all + 1)
}

// Month is what was sold on credit in a month, or in its days up to the one asked about.
type Month struct{ Days, Sales int64 }

// CountBack is for how many days sales stay unpaid, by the count-back method, in tenths of
// a day: the balance is laid over the sales of the last months, the latest first; a month
// that it covers counts with all its days, the last one with its share. It is false where
// the sales of all months do not reach.
//
// By hand (TestCountBack): 250.00 are owed on 20 March; sales were 100.00 in March until
// then, 120.00 in February, 90.00 in January: 20 + 28 + 30.00/90.00 × 31 = 58.3 days.
func CountBack(balance int64, months []Month) (tenths int64, ok bool) {
	for _, m := range months {
		if m.Sales > balance {
			return tenths + (balance*m.Days*10+m.Sales/2)/m.Sales, true
		}
		balance -= max(0, m.Sales)
		tenths += m.Days * 10
	}
	return tenths, balance <= 0
}
