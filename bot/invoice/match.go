package invoice

import (
	"slices"

	"fieldbot/bot/kit/goods"
)

// Papers are what an invoice has to agree with.
type Papers struct {
	Invoice   goods.Lines
	Ordered   goods.Lines // at the agreed prices
	Sent      goods.Lines
	Accepted  goods.Lines // of the receipts that it names
	Used      goods.Lines // of these, what other invoices have used
	Receipts  int         // how many it names
	Needs     bool        // a receipt before the invoice (验收后开票)
	Unsigned  bool        // a receipt differs from its delivery, and no note was signed
	HasOrder  bool
	Duplicate string // the number of another invoice with the same lines of the same receipts
}

// Mismatch is one thing in which the papers do not agree, and who clears it.
type Mismatch struct {
	Kind    string // of MismatchKinds
	Product string
	Units   int64
	Value   int64
	Owner   string // kam, finance, rep
	Stops   bool   // the request for the invoice
}

// MismatchKinds are the kinds, in the order people read them. Short stops nothing: what
// was not accepted is not invoiced.
var MismatchKinds = []string{"no_order", "missing_receipt", "duplicate", "over", "price", "received_more", "unsigned", "short"}

// Match names what does not agree: by product, each unit of a receipt used once. Equal
// totals are no match (domain.md §7).
func (p Papers) Match() []Mismatch {
	var out []Mismatch
	add := func(m Mismatch) {
		m.Stops = m.Kind != "short"
		out = append(out, m)
	}
	if !p.HasOrder {
		add(Mismatch{Kind: "no_order", Owner: "kam"})
	}
	if p.Needs && p.Receipts == 0 {
		add(Mismatch{Kind: "missing_receipt", Owner: "rep"})
	}
	if p.Duplicate != "" {
		add(Mismatch{Kind: "duplicate", Product: p.Duplicate, Owner: "finance"})
	}
	if p.Unsigned {
		add(Mismatch{Kind: "unsigned", Owner: "rep"})
	}
	invoiced, ordered, accepted, used := p.Invoice.Units(), p.Ordered.Units(), p.Accepted.Units(), p.Used.Units()
	if p.Receipts == 0 && !p.Needs { // with the goods: what was sent is what may be invoiced
		accepted, used = p.Sent.Units(), p.Used.Units()
	}
	for _, code := range goods.Merged(p.Ordered, p.Invoice).Products() {
		price := p.Invoice.PriceOf(code)
		if invoiced[code] > 0 && ordered[code] > 0 && price != p.Ordered.PriceOf(code) {
			add(Mismatch{Kind: "price", Product: code, Units: invoiced[code], Value: invoiced[code] * (price - p.Ordered.PriceOf(code)), Owner: "kam"})
		}
		if over := invoiced[code] - (accepted[code] - used[code]); over > 0 && (p.Receipts > 0 || !p.Needs) {
			add(Mismatch{Kind: "over", Product: code, Units: over, Value: over * price, Owner: "finance"})
		}
		if more := accepted[code] - ordered[code]; more > 0 && p.HasOrder {
			add(Mismatch{Kind: "received_more", Product: code, Units: more, Value: more * p.Ordered.PriceOf(code), Owner: "kam"})
		}
		if short := ordered[code] - accepted[code]; short > 0 && p.Receipts > 0 {
			add(Mismatch{Kind: "short", Product: code, Units: short, Value: short * p.Ordered.PriceOf(code), Owner: "rep"})
		}
	}
	slices.SortStableFunc(out, func(a, b Mismatch) int {
		return slices.Index(MismatchKinds, a.Kind) - slices.Index(MismatchKinds, b.Kind)
	})
	return out
}

// Stopped reports whether one of some mismatches stops a request.
func Stopped(all []Mismatch) bool {
	return slices.ContainsFunc(all, func(m Mismatch) bool { return m.Stops })
}
