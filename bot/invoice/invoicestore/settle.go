package invoicestore

import (
	"cmp"
	"slices"
	"time"

	"fieldbot/bot/invoice"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/order/orderstore"
	"fieldbot/store"
)

// kept writes what follows from an invoice: what a red letter claims, and what is open.
// Ungated: what follows from papers.
func kept(tx *store.Tx, before, i invoice.Invoice) error {
	touched, claimed := map[string]bool{i.ID: true}, false
	if i.Kind == invoice.RedLetter || before.Kind == invoice.RedLetter {
		if err := claimRed(tx, i, touched); err != nil {
			return err
		}
	}
	if before.Number != i.Number || before.ID == "" { // a red letter may be there before what it corrects
		reds, err := store.Rows[invoice.Invoice](tx, `SELECT `+store.Columns[invoice.Invoice]("i")+` FROM invoices i WHERE i.corrects = $1 AND i.corrects <> '' AND i.kind = 'red_letter'`, i.Number)
		if err != nil {
			return err
		}
		claimed = len(reds) > 0
		for _, red := range reds {
			if err := claimRed(tx, red, touched); err != nil {
				return err
			}
		}
	}
	if i.Status == invoice.BadDebt {
		if err := claim(tx, invoice.Claim{Source: invoice.ByLoss, SourceID: i.ID, Name: i.Number, On: i.LostOn, Told: i.Amount}, i.ID, touched); err != nil {
			return err
		}
	} else if before.Status == invoice.BadDebt {
		if err := unclaim(tx, i.ID, touched); err != nil {
			return err
		}
	}
	reckoned := before.ID == "" && !claimed && i.Kind != invoice.RedLetter && i.Status != invoice.BadDebt // by fill
	if !reckoned {
		if err := settleAll(tx, touched); err != nil {
			return err
		}
	}
	for _, x := range []invoice.Invoice{before, i} {
		if err := invoiced(tx, x); err != nil {
			return err
		}
	}
	return nil
}

// invoiced tells an order what of it stands in invoices, less red letters: an order that is
// invoiced again draws no more than its invoice. What was invoiced for goods that came back
// stays invoiced.
// Ungated: what follows from papers.
func invoiced(tx *store.Tx, i invoice.Invoice) error {
	if i.OrderNumber == "" {
		return nil
	}
	n, _, err := store.One[int64](tx, `SELECT cast(coalesce(sum(amount), 0) AS BIGINT) FROM invoices WHERE order_number = $1 AND account_id = $2 AND status IN ('issued', 'part_paid', 'paid', 'bad_debt') AND NOT goods_back`, i.OrderNumber, i.AccountID)
	if err != nil {
		return err
	}
	return orderstore.Invoiced(tx, i.AccountID, i.OrderNumber, n)
}

// claimRed writes what a red letter claims of the invoice that it corrects.
// Ungated: what follows from papers.
func claimRed(tx *store.Tx, red invoice.Invoice, touched map[string]bool) error {
	if err := unclaim(tx, red.ID, touched); err != nil {
		return err
	}
	corrected, ok, err := store.One[invoice.Invoice](tx, `SELECT `+store.Columns[invoice.Invoice]("i")+` FROM invoices i WHERE i.number = $1 AND i.number <> '' AND i.status <> 'undone' AND i.kind = 'invoice'`, red.Corrects)
	if err != nil || !ok || !red.Stands() {
		return err
	}
	return claim(tx, invoice.Claim{Source: invoice.ByRedLetter, SourceID: red.ID, Name: red.Number, On: max(red.IssuedOn, corrected.IssuedOn), Told: -red.Amount}, corrected.ID, touched)
}

// unclaim takes back what a source claims; touched gets the invoices that it claimed.
func unclaim(tx *store.Tx, sourceID string, touched map[string]bool) error {
	of, err := store.Rows[string](tx, `SELECT DISTINCT invoice_id FROM settlements WHERE source_id = $1`, sourceID)
	if err != nil {
		return err
	}
	for _, id := range of {
		touched[id] = true
	}
	if len(of) > 0 {
		err = tx.Do(`DELETE FROM settlements WHERE source_id = $1`, sourceID)
	}
	return err
}

func claim(tx *store.Tx, c invoice.Claim, invoiceID string, touched map[string]bool) error {
	touched[invoiceID] = true
	return tx.Do(`INSERT INTO settlements (id, source, source_id, name, invoice_id, on_day, told) VALUES ($1, $2, $3, $4, $5, $6, $7)`, store.NewID(), c.Source, c.SourceID, c.Name, invoiceID, c.On, c.Told)
}

// settleAll works out what is open of invoices after their claims have changed, and what
// of the claims' sources is used.
func settleAll(tx *store.Tx, touched map[string]bool) error {
	for id := range touched {
		if err := settle(tx, id); err != nil {
			return err
		}
	}
	return nil
}

// claimsOn are the claims on an invoice.
// Ungated: what follows from papers.
func claimsOn(tx *store.Tx, invoiceID string) ([]invoice.Claim, error) {
	return store.Rows[invoice.Claim](tx, `SELECT `+store.Columns[invoice.Claim]("z")+` FROM settlements z WHERE z.invoice_id = $1`, invoiceID)
}

// ClaimsOn are what settles an invoice in sight, the first first.
func ClaimsOn(tx *store.Tx, i invoice.Invoice) ([]invoice.Claim, error) {
	claims, err := claimsOn(tx, i.ID)
	out := slices.DeleteFunc(claims, func(c invoice.Claim) bool { return c.Amount == 0 })
	slices.SortFunc(out, func(a, b invoice.Claim) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Name, b.Name)) })
	return out, err
}

// settle is settleAll for one.
// Ungated: derived columns.
func settle(tx *store.Tx, id string) error {
	i, ok, err := store.Known[invoice.Invoice](tx, id)
	if err != nil || !ok {
		return err
	}
	if i.Kind == invoice.RedLetter {
		return used(tx, "invoices", "settled", "settled_on", id, -i.Amount)
	}
	claims, err := claimsOn(tx, id)
	if err != nil {
		return err
	}
	after := reckon(&i, claims, tx.Now)
	if err := tx.Do(`UPDATE invoices SET paid = $1, deducted = $2, settled = $3, last_on = $4, settled_on = $5, next_due_on = $6, status = $7 WHERE id = $8`, i.Paid, i.Deducted, i.Settled, i.LastOn, i.SettledOn, i.NextDueOn, i.Status, id); err != nil {
		return err
	}
	for _, c := range after {
		if err := tx.Do(`UPDATE settlements SET amount = $1 WHERE id = $2 AND amount <> $1`, c.Amount, c.ID); err != nil {
			return err
		}
		switch c.Source {
		case invoice.ByPayment:
			err = usePayment(tx, c.SourceID)
		case invoice.ByRedLetter:
			err = settle(tx, c.SourceID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reckon works out what claims settle of an invoice, and returns them with what each settles.
func reckon(i *invoice.Invoice, claims []invoice.Claim, now time.Time) []invoice.Claim {
	amount := i.Amount
	if !i.Stands() {
		amount = 0
	}
	after, sum := invoice.Settle(amount, claims)
	i.Paid, i.Deducted, i.Settled, i.LastOn, i.SettledOn = sum.Paid, sum.Deducted, sum.Settled, sum.LastOn, sum.SettledOn
	if !i.Stands() {
		i.SettledOn = "0001-01-01" // nothing was ever owed
	}
	if move, due := invoice.Life.Due(*i, now); due {
		i.Status = move.To
	}
	i.NextDueOn = nextDue(*i)
	return after
}

// nextDue is the day on which the next open part of an invoice is due; "" where nothing
// is owed.
func nextDue(i invoice.Invoice) calendar.Day {
	if i.Open() <= 0 {
		return ""
	}
	return invoice.OpenParts(i.Parts(), i.Settled)[0].DueOn
}

// usePayment works out what of a payment is applied.
func usePayment(tx *store.Tx, id string) error {
	p, ok, err := store.Known[invoice.Payment](tx, id)
	if err != nil || !ok {
		return err
	}
	return used(tx, "payments", "used", "used_up_on", id, p.Amount)
}

// used writes how far a source of so much is applied.
// Ungated: derived columns.
func used(tx *store.Tx, table, sum, until, id string, amount int64) error {
	type total struct {
		Used int64        `db:"used"`
		Last calendar.Day `db:"last"`
	}
	t, _, err := store.One[total](tx, `SELECT cast(coalesce(sum(amount), 0) AS BIGINT) AS used, coalesce(max(on_day), '') AS last FROM settlements WHERE source_id = $1 AND amount > 0`, id)
	if err != nil {
		return err
	}
	on := invoice.Never
	if t.Used == amount {
		on = t.Last
	}
	return tx.Do(`UPDATE `+table+` SET `+sum+` = $1, last_on = $2, `+until+` = $3 WHERE id = $4`, t.Used, t.Last, on, id)
}
