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

// Payments are the money that came; finance writes them.
var Payments = store.Declare(store.Noun[invoice.Payment]{
	About: store.About{Alias: "pm", Lives: "pm.status <> 'undone'", Gate: accountstore.OfCard("pm.account_id"), May: termsstore.ByFinance,
		Account: "account_id", Catalogue: invoice.PaymentCatalogue, Inner: []string{"seq", "status"}, NoOwner: "finance writes them"},
	Unmake: func(p *invoice.Payment) { p.Status = "undone" },
	Kept:   keptPayment,
})

// Pay keeps a payment, under a number of ours where it has none.
func Pay(tx *store.Tx, p *invoice.Payment) error {
	if err := tx.Number("payments", "PY", &p.Seq, &p.Number); err != nil {
		return err
	}
	p.Status = invoice.Received
	return Payments.Add(tx, p)
}

// keptPayment writes what a payment claims, and what of promises it keeps.
// Ungated: what follows from papers.
func keptPayment(tx *store.Tx, _, p invoice.Payment) error {
	touched := map[string]bool{}
	if err := unclaim(tx, p.ID, touched); err != nil {
		return err
	}
	for _, s := range p.Shares() {
		if p.Status != invoice.Received {
			break
		}
		i, ok, err := store.One[invoice.Invoice](tx, `SELECT `+store.Columns[invoice.Invoice]("i")+` FROM invoices i WHERE i.number = $1 AND i.status <> 'undone'`, s.Number)
		if err != nil {
			return err
		}
		if !ok || i.Kind != invoice.Plain {
			return fault.At("allocations", "invoice_none", "query", s.Number)
		}
		if err := claim(tx, invoice.Claim{Source: invoice.ByPayment, SourceID: p.ID, Name: p.Number, On: max(p.PaidOn, i.IssuedOn), Told: s.Amount}, i.ID, touched); err != nil {
			return err
		}
	}
	if err := settleAll(tx, touched); err != nil {
		return err
	}
	return usePayment(tx, p.ID)
}

// PaymentByNumber returns the payment of a number with an account.
func PaymentByNumber(tx *store.Tx, scope access.Scope, accountID, number string) (invoice.Payment, bool, error) {
	return Payments.In(scope).And("pm.account_id = ? AND pm.number = ?", accountID, number).One(tx)
}

// FindPayments returns the payments in sight of a number: two customers' may have one.
func FindPayments(tx *store.Tx, scope access.Scope, words string, limit int) ([]invoice.Payment, error) {
	return Payments.In(scope).And("pm.number IN (?, ?)", words, strings.ToUpper(words)).Order("pm.paid_on DESC, pm.number").Limit(limit).Rows(tx)
}

// PaymentsOf lists the payments of an account and those below it, the last first.
func PaymentsOf(tx *store.Tx, scope access.Scope, accountID string, limit int) ([]invoice.Payment, error) {
	return Payments.In(scope).Below(accountID).And("pm.status = 'received'").Order("pm.paid_on DESC, pm.number").Limit(limit).Rows(tx)
}

// CameSince is what came of an account and those below it from a day to another.
// Ungated: what follows from papers.
func CameSince(tx *store.Tx, accountID string, from, to calendar.Day) (int64, error) {
	var a store.Args
	n, _, err := store.One[int64](tx, `SELECT cast(coalesce(sum(pm.amount), 0) AS BIGINT) FROM payments pm WHERE pm.account_id IN (`+a.Below(accountID)+`) AND pm.paid_on BETWEEN `+a.Add(from)+` AND `+a.Add(to)+` AND pm.status = 'received'`, a.List...)
	return n, err
}

// Deductions are what customers kept back.
var Deductions = store.Declare(store.Noun[invoice.Deduction]{
	About: store.About{Alias: "dd", Lives: "dd.status <> 'undone'", Gate: accountstore.OfCard("dd.account_id"), May: termsstore.OfMoney("dd.account_id", person.KAM, person.Manager),
		Account: "account_id", Rank: 31, Catalogue: invoice.DeductionCatalogue, Inner: []string{"seq", "account_id", "payment_id", "invoice_id", "owner_id", "deducted_on"},
		Owners: []store.Owner{{Column: "owner_id", Held: "dd.status IN ('open', 'disputed')", Roles: []person.Role{person.KAM, person.Manager}}}},
	Unmake: func(d *invoice.Deduction) { d.Status = "undone" },
	Kept: func(tx *store.Tx, _, d invoice.Deduction) error {
		touched := map[string]bool{}
		err := unclaim(tx, d.ID, touched)
		if err == nil && d.Reduces() {
			err = claim(tx, invoice.Claim{Source: invoice.ByDeduction, SourceID: d.ID, Name: d.Number, On: d.DeductedOn, Told: d.Amount}, d.InvoiceID, touched)
		}
		if err != nil {
			return err
		}
		return settleAll(tx, touched)
	},
})

// Deduct keeps a deduction.
func Deduct(tx *store.Tx, d *invoice.Deduction) error {
	if err := tx.Number("deductions", "DE", &d.Seq, &d.Number); err != nil {
		return err
	}
	if d.Status == "" {
		d.Status = invoice.DeductionOpen
	}
	return Deductions.Add(tx, d)
}

// DeductionsOf lists the deductions of an account and those below it that are not
// explained; without an account, all in sight.
func DeductionsOf(tx *store.Tx, scope access.Scope, accountID string, limit int) ([]invoice.Deduction, error) {
	return Deductions.In(scope).Below(accountID).And("dd.status IN ('open', 'disputed', 'asked')").Order("dd.deducted_on, dd.number").Limit(limit).Rows(tx)
}

// DeductionByNumber returns the deduction of a number.
func DeductionByNumber(tx *store.Tx, scope access.Scope, number string) (invoice.Deduction, bool, error) {
	return Deductions.In(scope).And("dd.number = ?", number).One(tx)
}

// Promises are what customers said they would pay.
var Promises = store.Declare(store.Noun[invoice.Promise]{
	About: store.About{Words: []string{"who"}, Alias: "pr", Lives: "pr.status <> 'undone'", Gate: accountstore.OfCard("pr.account_id"), May: termsstore.OfMoney("pr.account_id", person.KAM, person.Manager),
		Account: "account_id", Rank: 32, Catalogue: invoice.PromiseCatalogue, Inner: []string{"invoice_id", "made_on", "person_id"},
		Owners: []store.Owner{{Column: "person_id", Held: "pr.status = 'open'"}}},
	Unmake: func(p *invoice.Promise) { p.Status = "undone" },
})

// PromisesOf lists the promises of an account and those below it, the last first; a state
// narrows them.
func PromisesOf(tx *store.Tx, scope access.Scope, accountID, status string, limit int) ([]invoice.Promise, error) {
	q := Promises.In(scope).Below(accountID)
	if status != "" {
		q.And("pr.status = ?", status)
	}
	return q.Order("pr.promised_on DESC, pr.id").Limit(limit).Rows(tx)
}

// PromisesDue lists the open promises whose day is over.
func PromisesDue(tx *store.Tx, scope access.Scope, today calendar.Day) ([]invoice.Promise, error) {
	return Promises.In(scope).And("pr.status = 'open' AND pr.promised_on < ?", today).Order("pr.promised_on, pr.id").Limit(500).Rows(tx)
}

// LatelyBroken lists the promises of accounts that a person owns or leads that broke on a
// day or since.
func LatelyBroken(tx *store.Tx, scope access.Scope, since calendar.Day) ([]invoice.Promise, error) {
	return Promises.In(scope).And("pr.status = 'broken' AND pr.promised_on >= ?", since).Order("pr.promised_on, pr.id").Limit(50).Rows(tx)
}
