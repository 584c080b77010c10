package invoicestore

import (
	"strings"

	"fieldbot/bot/invoice"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/store"
)

// Among narrows figures of money. Empty fields narrow nothing.
type Among struct {
	Account   string // and all below it
	Territory string // and all below it
	Person    string // who answers for the account
}

// where is the SQL of accounts that figures are about, by the column of the account.
func (m Among) where(a *store.Args, column string) string {
	out := ""
	if m.Account != "" {
		out += ` AND ` + column + ` IN (` + a.Below(m.Account) + `)`
	}
	if m.Territory != "" {
		out += ` AND ` + column + ` IN (SELECT id FROM accounts WHERE in_territory IN (` + a.Territory(m.Territory) + `))`
	}
	if m.Person != "" {
		out += ` AND ` + column + ` IN (SELECT id FROM accounts WHERE owner_id = ` + a.Add(m.Person) + `)`
	}
	return out
}

// AgeingOf is the ageing of one account.
type AgeingOf struct {
	AccountID string `db:"account_id"`
	invoice.Ageing
	Sales int64 // on credit, of the last 90 days
}

// ageingRow is what an account owes: all of it, and what is due from a day on.
type ageingRow struct {
	AccountID string `db:"account_id"`
	Total     int64  `db:"total"`
	Due0      int64  `db:"due_0"`
	Due30     int64  `db:"due_30"`
	Due60     int64  `db:"due_60"`
	Due90     int64  `db:"due_90"`
	Disputed  int64  `db:"disputed"`
}

type sumRow struct {
	AccountID string `db:"account_id"`
	Amount    int64  `db:"amount"`
}

// Ageing is what accounts in sight owe at the end of a day, by how long it is overdue.
func Ageing(tx *store.Tx, scope access.Scope, m Among, at calendar.Day) ([]AgeingOf, error) {
	of := map[string]*AgeingOf{}
	var order []string
	get := func(id string) *AgeingOf {
		if of[id] == nil {
			of[id] = &AgeingOf{AccountID: id}
			order = append(order, id)
		}
		return of[id]
	}
	if err := aged(tx, scope, m, at, get); err != nil {
		return nil, err
	}
	if err := instalments(tx, scope, m, at, get); err != nil {
		return nil, err
	}
	for _, sums := range []func(*store.Tx, access.Scope, Among, calendar.Day) ([]sumRow, error){unappliedMoney, unappliedCredit} {
		rows, err := sums(tx, scope, m, at)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r.Amount != 0 {
				get(r.AccountID).Unapplied -= r.Amount
			}
		}
	}
	sales, err := creditSales(tx, scope, m, at)
	if err != nil {
		return nil, err
	}
	for _, r := range sales {
		if r.Amount != 0 {
			get(r.AccountID).Sales += r.Amount
		}
	}
	out := make([]AgeingOf, len(order))
	for i, id := range order {
		out[i] = *of[id]
	}
	return out, nil
}

// unordered is an account by which few rows are sorted: by its own column, SQLite would read
// a million in the order of their accounts and sort none.
const unordered = `i.account_id || ''`

// aged sums what is due as a whole, in three steps, each of which reads its rows once: what
// is open still and was not paid after the day; what was, or was settled after it, with its
// whole amount; and of these what was settled by then.
func aged(tx *store.Tx, s access.Scope, m Among, at calendar.Day, get func(string) *AgeingOf) error {
	for _, step := range []struct {
		amount, from, where string
		by                  string // the account, in the order of the rows' index, or not
		sign                int64
	}{
		{`i.amount - i.settled`, ``, `i.settled_on = '9999-12-31' AND i.last_on <= `, `i.account_id`, 1},
		{`i.amount`, ``, `i.settled_on > {day} AND i.last_on <> '' AND i.last_on > `, unordered, 1},
		{`z.amount`, ` JOIN settlements z ON z.invoice_id = i.id AND z.on_day <= {day}`, `i.settled_on > {day} AND i.last_on <> '' AND i.last_on > `, unordered, -1},
	} {
		var a store.Args
		day := a.Add(at)
		in := func(sql string) string { return strings.ReplaceAll(sql, `{day}`, day) }
		since := func(name string, due calendar.Day) string {
			return `, cast(coalesce(sum(CASE WHEN i.due_on >= ` + a.Add(due) + ` THEN ` + step.amount + ` ELSE 0 END), 0) AS BIGINT) AS ` + name
		}
		rows, err := store.Rows[ageingRow](tx, `SELECT `+step.by+` AS account_id, cast(coalesce(sum(`+step.amount+`), 0) AS BIGINT) AS total`+since("due_0", at)+since("due_30", at.Add(-30))+since("due_60", at.Add(-60))+since("due_90", at.Add(-90))+`,
			cast(coalesce(sum(CASE WHEN i.disputed THEN `+step.amount+` ELSE 0 END), 0) AS BIGINT) AS disputed FROM invoices i`+in(step.from)+`
			WHERE `+in(step.where)+day+` AND i.issued_on <= `+day+` AND i.kind = 'invoice' AND i.instalments = '' AND i.status IN ('issued', 'part_paid', 'paid', 'bad_debt') AND `+Invoices.Gate(&a, s)+m.where(&a, "i.account_id")+` GROUP BY `+step.by+` ORDER BY 1`, a.List...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			of := get(r.AccountID)
			of.Ageing = of.Plus(invoice.Ageing{NotDue: step.sign * r.Due0, D30: step.sign * (r.Due30 - r.Due0), D60: step.sign * (r.Due60 - r.Due30), D90: step.sign * (r.Due90 - r.Due60), Older: step.sign * (r.Total - r.Due90), Disputed: step.sign * r.Disputed})
		}
	}
	return nil
}

// instalments adds the few invoices that are due in parts.
func instalments(tx *store.Tx, s access.Scope, m Among, at calendar.Day, get func(string) *AgeingOf) error {
	q := Invoices.In(s).And("i.settled_on > ? AND i.issued_on <= ? AND i.kind = 'invoice' AND i.instalments <> '' AND i.status IN ('issued', 'part_paid', 'paid', 'bad_debt')", at, at)
	q.And("TRUE" + m.where(q.Args(), "i.account_id"))
	rows, err := q.Order(unordered + ", i.number").Rows(tx)
	if err != nil {
		return err
	}
	for _, i := range rows {
		settled, err := settledAt(tx, i, at)
		if err != nil {
			return err
		}
		of := get(i.AccountID)
		for _, p := range invoice.OpenParts(i.Parts(), settled) {
			of.Ageing = of.Add(p, at)
			if i.Disputed {
				of.Disputed += p.Amount
			}
		}
	}
	return nil
}

// settledAt is what of an invoice was settled by a day.
// Ungated: what follows from papers.
func settledAt(tx *store.Tx, i invoice.Invoice, at calendar.Day) (int64, error) {
	if i.LastOn <= at {
		return i.Settled, nil
	}
	n, _, err := store.One[int64](tx, `SELECT cast(coalesce(sum(amount), 0) AS BIGINT) FROM settlements WHERE invoice_id = $1 AND on_day <= $2`, i.ID, at)
	return n, err
}

// unappliedMoney is what of payments was applied to nothing at a day.
func unappliedMoney(tx *store.Tx, s access.Scope, m Among, at calendar.Day) ([]sumRow, error) {
	var a store.Args
	day := a.Add(at)
	return store.Rows[sumRow](tx, `SELECT pm.account_id, cast(sum(pm.amount - CASE WHEN pm.last_on <= `+day+` THEN pm.used ELSE (SELECT cast(coalesce(sum(z.amount), 0) AS BIGINT) FROM settlements z WHERE z.source_id = pm.id AND z.on_day <= `+day+`) END) AS BIGINT) AS amount
		FROM payments pm WHERE pm.used_up_on > `+day+` AND pm.paid_on <= `+day+` AND pm.status = 'received' AND `+Payments.Gate(&a, s)+m.where(&a, "pm.account_id")+` GROUP BY pm.account_id ORDER BY pm.account_id`, a.List...)
}

// unappliedCredit is the same of red letters.
func unappliedCredit(tx *store.Tx, s access.Scope, m Among, at calendar.Day) ([]sumRow, error) {
	var a store.Args
	day := a.Add(at)
	return store.Rows[sumRow](tx, `SELECT `+unordered+` AS account_id, cast(sum(-i.amount - CASE WHEN i.last_on <= `+day+` THEN i.settled ELSE (SELECT cast(coalesce(sum(z.amount), 0) AS BIGINT) FROM settlements z WHERE z.source_id = i.id AND z.on_day <= `+day+`) END) AS BIGINT) AS amount
		FROM invoices i WHERE i.settled_on > `+day+` AND i.issued_on <= `+day+` AND i.kind = 'red_letter' AND i.status = 'issued' AND `+Invoices.Gate(&a, s)+m.where(&a, "i.account_id")+` GROUP BY `+unordered+` ORDER BY 1`, a.List...)
}

// creditSales is what was invoiced in the last 90 days, less red letters: account by
// account, so that nothing has to be sorted.
func creditSales(tx *store.Tx, s access.Scope, m Among, at calendar.Day) ([]sumRow, error) {
	var a store.Args
	return store.Rows[sumRow](tx, `SELECT x.id AS account_id, cast((SELECT coalesce(sum(i.amount), 0) FROM invoices i WHERE i.account_id = x.id AND i.issued_on BETWEEN `+a.Add(invoice.SalesFrom(at))+` AND `+a.Add(at)+` AND i.status IN ('issued', 'part_paid', 'paid', 'bad_debt') AND `+Invoices.Gate(&a, s)+`) AS BIGINT) AS amount
		FROM accounts x WHERE TRUE`+m.where(&a, "x.id")+` ORDER BY x.id`, a.List...)
}

// Balance is what an account and those below it owe at the end of a day.
func Balance(tx *store.Tx, scope access.Scope, accountID string, at calendar.Day) (invoice.Ageing, error) {
	all, err := Ageing(tx, scope, Among{Account: accountID}, at)
	var sum invoice.Ageing
	for _, x := range all {
		sum = sum.Plus(x.Ageing)
	}
	return sum, err
}
