package invoicestore

import (
	"slices"

	"fieldbot/bot/invoice"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/terms"
	"fieldbot/store"
)

// recordDays is how far back a payer's record is read.
const recordDays = 365

// partRow is what of an account is due or promised on a day.
type partRow struct {
	AccountID string       `db:"account_id"`
	DueOn     calendar.Day `db:"due_on"`
	Amount    int64        `db:"amount"`
}

// recordRow is how often an account did what it should.
type recordRow struct {
	AccountID string `db:"account_id"`
	Good      int64  `db:"good"`
	Known     int64  `db:"known"`
}

// Payers are what accounts in sight owe and have promised, with their records.
func Payers(tx *store.Tx, scope access.Scope, m Among, today calendar.Day) ([]invoice.Payer, error) {
	of := map[string]*invoice.Payer{}
	var order []string
	get := func(id string) *invoice.Payer {
		if of[id] == nil {
			of[id] = &invoice.Payer{}
			order = append(order, id)
		}
		return of[id]
	}
	var a store.Args
	due, err := store.Rows[partRow](tx, `SELECT i.account_id, i.next_due_on AS due_on, cast(sum(i.amount - i.settled) AS BIGINT) AS amount FROM invoices i
		WHERE i.next_due_on <> '' AND i.settled_on = '9999-12-31' AND i.kind = 'invoice' AND NOT i.disputed AND i.status IN ('issued', 'part_paid') AND `+Invoices.Gate(&a, scope)+m.where(&a, "i.account_id")+` GROUP BY i.account_id, i.next_due_on ORDER BY i.account_id, i.next_due_on`, a.List...)
	if err != nil {
		return nil, err
	}
	for _, x := range due {
		get(x.AccountID).Due = append(get(x.AccountID).Due, invoice.Part{DueOn: x.DueOn, Amount: x.Amount})
	}
	a = store.Args{}
	promised, err := store.Rows[partRow](tx, `SELECT pr.account_id, pr.promised_on AS due_on, pr.amount FROM promises pr WHERE pr.status = 'open' AND `+Promises.Gate(&a, scope)+m.where(&a, "pr.account_id")+` ORDER BY pr.account_id, pr.promised_on, pr.id`, a.List...)
	if err != nil {
		return nil, err
	}
	for _, x := range promised {
		get(x.AccountID).Promised = append(get(x.AccountID).Promised, invoice.Part{DueOn: x.DueOn, Amount: x.Amount})
	}
	a = store.Args{}
	from, to := a.Add(today.Add(-recordDays)), a.Add(today)
	paid, err := store.Rows[recordRow](tx, `SELECT i.account_id, cast(sum(CASE WHEN i.settled_on <= i.due_on THEN 1 ELSE 0 END) AS BIGINT) AS good, count(*) AS known FROM invoices i
		WHERE i.issued_on >= `+from+` AND i.due_on < `+to+` AND i.kind = 'invoice' AND i.status IN ('issued', 'part_paid', 'paid', 'bad_debt') AND `+Invoices.Gate(&a, scope)+m.where(&a, "i.account_id")+` GROUP BY i.account_id ORDER BY i.account_id`, a.List...)
	if err != nil {
		return nil, err
	}
	for _, x := range paid {
		get(x.AccountID).OnTime, get(x.AccountID).Paid = x.Good, x.Known
	}
	a = store.Args{}
	kept, err := store.Rows[recordRow](tx, `SELECT pr.account_id, cast(sum(CASE WHEN pr.status = 'kept' THEN 1 ELSE 0 END) AS BIGINT) AS good, count(*) AS known FROM promises pr
		WHERE pr.status IN ('kept', 'broken') AND pr.promised_on >= `+a.Add(today.Add(-recordDays))+` AND `+Promises.Gate(&a, scope)+m.where(&a, "pr.account_id")+` GROUP BY pr.account_id ORDER BY pr.account_id`, a.List...)
	for _, x := range kept {
		get(x.AccountID).Kept, get(x.AccountID).AllKnown = x.Good, x.Known
	}
	out := make([]invoice.Payer, len(order))
	for i, id := range order {
		out[i] = *of[id]
	}
	return out, err
}

// backMonths is how many months the count-back method looks at.
const backMonths = 24

// monthRow is what was sold on credit in a month.
type monthRow struct {
	Month  string `db:"month"`
	Amount int64  `db:"amount"`
}

// Months are the sales on credit of the last months up to a day, the latest first.
func Months(tx *store.Tx, scope access.Scope, m Among, at calendar.Day) ([]invoice.Month, error) {
	var a store.Args
	first := terms.InMonth(at, 1)
	var firsts []calendar.Day
	for range backMonths {
		firsts = append(firsts, first)
		first = terms.InMonth(first.Add(-1), 1)
	}
	rows, err := store.Rows[monthRow](tx, `SELECT substr(i.issued_on, 1, 7) AS month, cast(sum(i.amount) AS BIGINT) AS amount FROM invoices i
		WHERE i.issued_on BETWEEN `+a.Add(firsts[len(firsts)-1])+` AND `+a.Add(at)+` AND i.status IN ('issued', 'part_paid', 'paid', 'bad_debt') AND `+Invoices.Gate(&a, scope)+m.where(&a, "i.account_id")+` GROUP BY substr(i.issued_on, 1, 7) ORDER BY 1`, a.List...)
	out := make([]invoice.Month, len(firsts))
	for i, day := range firsts {
		last := min(terms.EndOfMonth(day), at)
		out[i].Days = int64(last.Sub(day) + 1)
		if k := slices.IndexFunc(rows, func(r monthRow) bool { return r.Month == string(day[:7]) }); k >= 0 {
			out[i].Sales = rows[k].Amount
		}
	}
	return out, err
}
