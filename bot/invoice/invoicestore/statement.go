package invoicestore

import (
	"fieldbot/bot/invoice"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/store"
)

// Statement is what stood and moved in a span of days with an account and those below it.
func Statement(tx *store.Tx, scope access.Scope, accountID string, span calendar.Span) (invoice.Statement, error) {
	rows, err := Invoices.In(scope).Below(accountID).And("i.settled_on >= ? AND i.issued_on <= ? AND i.kind = 'invoice' AND i.status IN ('issued', 'part_paid', 'paid', 'bad_debt')", span.From, span.To).Order("i.store_id, i.issued_on, i.number").Rows(tx)
	if err != nil {
		return invoice.Statement{}, err
	}
	claims := map[string][]invoice.Claim{}
	for _, i := range rows {
		if i.Settled == 0 {
			continue
		}
		if claims[i.ID], err = claimsOn(tx, i.ID); err != nil {
			return invoice.Statement{}, err
		}
	}
	var loose [2]int64
	for k, day := range []calendar.Day{span.From.Add(-1), span.To} {
		b, err := Balance(tx, scope, accountID, day)
		if err != nil {
			return invoice.Statement{}, err
		}
		loose[k] = b.Unapplied
	}
	return invoice.State(span, rows, claims, loose[0], loose[1]), nil
}
