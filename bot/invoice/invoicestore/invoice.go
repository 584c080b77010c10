// Package invoicestore keeps invoices, and what settles them.
package invoicestore

import (
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/invoice"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/terms/termsstore"
	"fieldbot/store"
)

// Invoices are what customers owe. Who answers for the account asks for them and disputes
// them, finance does the rest (domain.md §1).
var Invoices = store.Declare(store.Noun[invoice.Invoice]{
	About: store.About{Alias: "i", Lives: "i.status <> 'undone'", Gate: accountstore.OfCard("i.account_id"), May: termsstore.OfMoney("i.account_id", person.KAM, person.Manager),
		Account: "account_id", Store: "store_id", Rank: 30, Catalogue: invoice.Catalogue, Inner: []string{"seq", "owner_id", "lines", "lost_on"},
		Owners: []store.Owner{{Column: "owner_id", Held: "i.status = 'requested'", Roles: []person.Role{person.KAM, person.Manager}},
			{Column: "collector_id", Held: "i.status IN ('issued', 'part_paid')"}}},
	Unmake: func(i *invoice.Invoice) { i.Status = "undone" },
	Fill:   fill,
	Kept:   kept,
})

var _ = store.Machinery("what claims to settle invoices, written anew from payments, deductions and red letters", "settlements")

// fill refuses a number that is used, and works out what is open of an invoice that nothing
// can have settled yet.
func fill(tx *store.Tx, i *invoice.Invoice) error {
	if i.SettledOn == "" && i.Kind != invoice.RedLetter {
		reckon(i, nil, tx.Now)
	}
	return free(tx, *i)
}

// Add keeps an invoice; one without a number gets one of ours.
func Add(tx *store.Tx, i *invoice.Invoice) error {
	if err := tx.Number("invoices", "IR", &i.Seq, &i.Number); err != nil {
		return err
	}
	return Invoices.Add(tx, i)
}

// Request keeps a request for an invoice.
func Request(tx *store.Tx, i *invoice.Invoice) error {
	i.Status = invoice.Requested
	return Add(tx, i)
}

// Issue keeps an issued invoice.
func Issue(tx *store.Tx, i *invoice.Invoice) error {
	i.Status = invoice.Issued
	return Add(tx, i)
}

// free is the fault of a number that another invoice has: one is used once in the company.
// Ungated: whoever has used it.
func free(tx *store.Tx, i invoice.Invoice) error {
	if i.Status == "undone" {
		return nil
	}
	day, taken, err := store.One[calendar.Day](tx, `SELECT issued_on FROM invoices WHERE number = $1 AND id <> $2 AND status <> 'undone'`, i.Number, i.ID)
	if err == nil && taken {
		err = fault.At("number", "invoice_used", "number", i.Number, "day", day)
	}
	return err
}

// ByNumber returns the invoice of a number.
func ByNumber(tx *store.Tx, scope access.Scope, number string) (invoice.Invoice, bool, error) {
	return Invoices.In(scope).And("i.number = ?", number).One(tx)
}

// Find returns the invoices in sight that words name: a number, or its last figures among
// those that are open.
func Find(tx *store.Tx, scope access.Scope, words string, limit int) ([]invoice.Invoice, error) {
	for _, number := range []string{words, strings.ToUpper(words)} {
		if i, ok, err := ByNumber(tx, scope, number); err != nil || ok {
			return []invoice.Invoice{i}, err
		}
	}
	if len(words) < 3 {
		return nil, nil
	}
	return Invoices.In(scope).And("i.number LIKE ? AND i.settled_on = '9999-12-31'", "%"+strings.ToUpper(words)).Order("i.due_on, i.number").Limit(limit).Rows(tx)
}

// OpenOf lists what an account, and those below it, owe at a day, what is due first first.
func OpenOf(tx *store.Tx, scope access.Scope, accountID string, limit int) ([]invoice.Invoice, error) {
	return Invoices.In(scope).Below(accountID).And("i.settled_on = '9999-12-31' AND i.kind = 'invoice' AND i.status IN ('issued', 'part_paid')").Order("i.due_on, i.issued_on, i.number").Limit(limit).Rows(tx)
}

// RequestedBy lists the requests in sight that finance has not issued.
func RequestedBy(tx *store.Tx, scope access.Scope, limit int) ([]invoice.Invoice, error) {
	return Invoices.In(scope).And("i.status = 'requested'").Order("i.created_at").Limit(limit).Rows(tx)
}

// OfOrder lists the invoices of an order.
func OfOrder(tx *store.Tx, scope access.Scope, accountID, number string) ([]invoice.Invoice, error) {
	return Invoices.In(scope).And("i.order_number = ? AND i.account_id = ?", number, accountID).Order("i.number").Limit(200).Rows(tx)
}

// DueOn lists what is open, not disputed, and due in its next part on one of some days.
func DueOn(tx *store.Tx, scope access.Scope, days []calendar.Day, limit int) ([]invoice.Invoice, error) {
	if len(days) == 0 {
		return nil, nil
	}
	q := Invoices.In(scope).And("NOT i.disputed")
	var in []string
	for _, d := range days {
		in = append(in, q.Args().Add(d))
	}
	return q.And("i.next_due_on <> '' AND i.next_due_on IN (" + strings.Join(in, ", ") + ")").Order("i.next_due_on, i.account_id, i.number").Limit(limit).Rows(tx)
}

// Owed is what some accounts owe together, and since when: each part that is due by its
// own day. What is disputed is owed, but not overdue.
type Owed struct {
	Open      int64        `db:"open"`
	Overdue   int64        `db:"overdue"`
	Stopping  int64        `db:"stopping"` // of it what was due before a day
	OldestDue calendar.Day `db:"oldest"`
}

// OwedBy is what some accounts owe today, and how much of it was due before a day.
// Ungated: a sum that decides.
func OwedBy(tx *store.Tx, accounts []string, today, before calendar.Day) (o Owed, err error) {
	for _, id := range accounts {
		whole, _, err := store.One[Owed](tx, `SELECT cast(coalesce(sum(i.amount - i.settled), 0) AS BIGINT) AS open,
			cast(coalesce(sum(CASE WHEN i.due_on < $2 AND NOT i.disputed THEN i.amount - i.settled ELSE 0 END), 0) AS BIGINT) AS overdue,
			cast(coalesce(sum(CASE WHEN i.due_on < $3 AND NOT i.disputed THEN i.amount - i.settled ELSE 0 END), 0) AS BIGINT) AS stopping,
			coalesce(min(CASE WHEN i.due_on < $2 AND NOT i.disputed THEN i.due_on END), '') AS oldest
			FROM invoices i WHERE i.account_id = $1 AND i.settled_on = '9999-12-31' AND i.kind = 'invoice' AND i.instalments = '' AND i.status IN ('issued', 'part_paid')`, id, today, before)
		if err != nil {
			return o, err
		}
		parts, err := store.Rows[invoice.Invoice](tx, `SELECT `+store.Columns[invoice.Invoice]("i")+` FROM invoices i WHERE i.account_id = $1 AND i.settled_on = '9999-12-31' AND i.kind = 'invoice' AND i.instalments <> '' AND i.status IN ('issued', 'part_paid')`, id)
		if err != nil {
			return o, err
		}
		o = o.plus(whole)
		for _, i := range parts {
			o = o.plus(owedInParts(i, today, before))
		}
	}
	return o, nil
}

// owedInParts is the same of an invoice that is due in parts.
func owedInParts(i invoice.Invoice, today, before calendar.Day) Owed {
	o := Owed{Open: i.Open()}
	for _, p := range invoice.OpenParts(i.Parts(), i.Settled) {
		if i.Disputed || p.DueOn >= today {
			continue
		}
		part := Owed{Overdue: p.Amount, OldestDue: p.DueOn}
		if p.DueOn < before {
			part.Stopping = p.Amount
		}
		o = o.plus(part)
	}
	return o
}

func (o Owed) plus(x Owed) Owed {
	o.Open += x.Open
	o.Overdue += x.Overdue
	o.Stopping += x.Stopping
	if o.OldestDue == "" || x.OldestDue != "" && x.OldestDue < o.OldestDue {
		o.OldestDue = x.OldestDue
	}
	return o
}

// SalesOf is what some accounts were invoiced in a span of days.
// Ungated: a sum that decides.
func SalesOf(tx *store.Tx, accounts []string, span calendar.Span) (sum int64, err error) {
	for _, id := range accounts {
		n, _, err := store.One[int64](tx, `SELECT cast(coalesce(sum(amount), 0) AS BIGINT) FROM invoices WHERE account_id = $1 AND issued_on BETWEEN $2 AND $3 AND status IN ('issued', 'part_paid', 'paid', 'bad_debt')`, id, span.From, span.To)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// Record is how a customer has paid: over how many days late on average, in how many
// invoices, and how late at worst.
type Record struct {
	Invoices int64 `db:"invoices"`
	Late     int64 `db:"late"` // days, of all
	Worst    int64 `db:"worst"`
}

// RecordOf is how an account paid what was settled since a day.
func RecordOf(tx *store.Tx, scope access.Scope, accountID string, since calendar.Day) (out Record, err error) {
	err = Invoices.In(scope).And("i.account_id = ? AND i.settled_on >= ? AND i.settled_on < '9999-12-31' AND i.kind = 'invoice' AND i.status = 'paid'", accountID, since).Order("i.id").Each(tx, func(i invoice.Invoice) error {
		out.Invoices++
		late := int64(max(0, i.SettledOn.Sub(i.DueOn)))
		out.Late += late
		out.Worst = max(out.Worst, late)
		return nil
	})
	return out, err
}

// Chased are the accounts that something was due of before a day.
// Ungated: what a clock looks at.
func Chased(tx *store.Tx, before calendar.Day) ([]string, error) {
	return store.Rows[string](tx, `SELECT DISTINCT account_id FROM invoices WHERE next_due_on <> '' AND next_due_on < $1`, before)
}
