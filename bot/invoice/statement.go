package invoice

import (
	"cmp"
	"slices"

	"fieldbot/bot/kit/calendar"
)

// StatementLine is what stood and moved in a month at one store, or with no store in
// particular (对账单). Opening + Invoiced − Paid − Deducted − Credited = Closing.
type StatementLine struct {
	StoreID                                              string
	Opening, Invoiced, Paid, Deducted, Credited, Closing int64
	Unapplied                                            bool // money and credits applied to nothing
}

// Plus is the sum of two lines.
func (l StatementLine) Plus(o StatementLine) StatementLine {
	l.Opening += o.Opening
	l.Invoiced += o.Invoiced
	l.Paid += o.Paid
	l.Deducted += o.Deducted
	l.Credited += o.Credited
	l.Closing += o.Closing
	return l
}

// Statement is a month of an account and those below it, store by store; the lines add up
// to its balance at both ends.
type Statement struct {
	Span  calendar.Span
	Lines []StatementLine
	Open  []Invoice // at its end, what is due first first
}

// Total is the roll-up.
func (s Statement) Total() (sum StatementLine) {
	for _, l := range s.Lines {
		sum = sum.Plus(l)
	}
	return sum
}

// State makes the statement of a span of days from invoices with what settled them, and
// from what was applied to nothing before and at the end of it.
func State(span calendar.Span, invoices []Invoice, claims map[string][]Claim, before, after int64) Statement {
	s := Statement{Span: span}
	at := map[string]int{}
	for _, i := range invoices {
		k, known := at[i.StoreID]
		if !known {
			k = len(s.Lines)
			at[i.StoreID], s.Lines = k, append(s.Lines, StatementLine{StoreID: i.StoreID})
		}
		l := &s.Lines[k]
		open := i.Amount - At(claims[i.ID], span.To)
		l.Closing += open
		if i.IssuedOn < span.From {
			l.Opening += i.Amount - At(claims[i.ID], span.From.Add(-1))
		} else {
			l.Invoiced += i.Amount
		}
		for _, c := range claims[i.ID] {
			if !span.Has(c.On) {
				continue
			}
			switch c.Source {
			case ByPayment:
				l.Paid += c.Amount
			case ByDeduction:
				l.Deducted += c.Amount
			default:
				l.Credited += c.Amount
			}
		}
		if open > 0 {
			i.Settled = i.Amount - open
			s.Open = append(s.Open, i)
		}
	}
	if before != 0 || after != 0 {
		s.Lines = append(s.Lines, StatementLine{Unapplied: true, Opening: before, Paid: before - after, Closing: after})
	}
	slices.SortStableFunc(s.Open, func(a, b Invoice) int {
		return cmp.Or(cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(a.Number, b.Number))
	})
	return s
}
