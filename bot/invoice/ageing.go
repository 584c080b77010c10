package invoice

import (
	"fieldbot/bot/kit/calendar"
)

// Ageing is what is owed by how long it is overdue (账龄), in the buckets of Buckets; an
// advance or a credit applied to nothing (未核销) stands apart, inside the total.
type Ageing struct {
	NotDue    int64 `db:"not_due"`
	D30       int64 `db:"d1_30"`
	D60       int64 `db:"d31_60"`
	D90       int64 `db:"d61_90"`
	Older     int64 `db:"d90_plus"`
	Unapplied int64 `db:"unapplied"` // 0 or below
	Disputed  int64 `db:"disputed"`  // of the others: shown, not chased
}

// Buckets names the parts, in order.
var Buckets = []string{"not_due", "d1_30", "d31_60", "d61_90", "d90_plus", "unapplied"}

// Values are the parts, in the order of Buckets.
func (a Ageing) Values() []int64 {
	return []int64{a.NotDue, a.D30, a.D60, a.D90, a.Older, a.Unapplied}
}

// Total is the balance.
func (a Ageing) Total() (sum int64) {
	for _, v := range a.Values() {
		sum += v
	}
	return sum
}

// Overdue is what should have been paid.
func (a Ageing) Overdue() int64 { return a.D30 + a.D60 + a.D90 + a.Older }

// Plus is the sum of two.
func (a Ageing) Plus(b Ageing) Ageing {
	return Ageing{a.NotDue + b.NotDue, a.D30 + b.D30, a.D60 + b.D60, a.D90 + b.D90, a.Older + b.Older, a.Unapplied + b.Unapplied, a.Disputed + b.Disputed}
}

// Bucket is the bucket of what is due on a day, seen from another: on its due day it is
// not overdue.
func Bucket(due, at calendar.Day) string {
	switch late := at.Sub(due); {
	case late <= 0:
		return Buckets[0]
	case late <= 30:
		return Buckets[1]
	case late <= 60:
		return Buckets[2]
	case late <= 90:
		return Buckets[3]
	}
	return Buckets[4]
}

// Add puts an open part into its bucket.
func (a Ageing) Add(p Part, at calendar.Day) Ageing {
	to := map[string]*int64{"not_due": &a.NotDue, "d1_30": &a.D30, "d31_60": &a.D60, "d61_90": &a.D90, "d90_plus": &a.Older}
	*to[Bucket(p.DueOn, at)] += p.Amount
	return a
}

// salesDays is over how many days sales on credit are set against the balance.
const salesDays = 90

// SalesFrom is the first day of the sales that DSO takes, at a day.
func SalesFrom(at calendar.Day) calendar.Day { return at.Add(1 - salesDays) }

// DSO is for how many days sales stay unpaid (应收周转天数), in tenths of a day: balance ÷
// credit sales of the last 90 days × 90, rounded. It is false where nothing was sold.
func DSO(balance, sales int64) (tenths int64, ok bool) {
	if sales <= 0 {
		return 0, false
	}
	return int64(float64(balance)/float64(sales)*salesDays*10 + 0.5), true
}

// Claim is what somebody says settles an invoice: a payment for it, a deduction, a red
// letter, or its loss.
type Claim struct {
	ID       string       `db:"id"`
	Source   string       `db:"source"` // payment, deduction, red_letter, loss
	SourceID string       `db:"source_id"`
	On       calendar.Day `db:"on_day"`
	Told     int64        `db:"told"`
	Name     string       `db:"name"` // of the source, so that the order is not that of its making
	Amount   int64        `db:"amount"`
}

// The sources of claims, those that count first first: what was paid and kept back is
// told, a red letter closes what is left, and what is lost is the rest.
const (
	ByPayment   = "payment"
	ByDeduction = "deduction"
	ByRedLetter = "red_letter"
	ByLoss      = "loss"
)

var ranks = map[string]int{ByPayment: 0, ByDeduction: 1, ByRedLetter: 2, ByLoss: 3}

// Before orders claims: by source, day and name, so that nothing depends on which was
// written first.
func (c Claim) Before(o Claim) bool {
	switch {
	case ranks[c.Source] != ranks[o.Source]:
		return ranks[c.Source] < ranks[o.Source]
	case c.On != o.On:
		return c.On < o.On
	}
	return c.Name < o.Name
}

// Changed is the event of what is owed or paid by an account having changed.
type Changed struct{ AccountID string }
