package invoicetalk

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"fieldbot/bot/files"
	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/terms"
	"fieldbot/bot/terms/termsstore"
	"fieldbot/store"
)

var fileKinds = []files.Kind{
	{Name: "invoices", Catalogue: invoice.Catalogue, Export: exportInvoices, Import: files.Importing(importInvoices)},
	{Name: "payments", Catalogue: invoice.PaymentCatalogue, Export: exportPayments, Import: files.Importing(importPayments)},
	{Name: "deductions", Catalogue: invoice.DeductionCatalogue, Export: exportDeductions, Import: files.Importing(importDeductions)},
	{Name: "promises", Catalogue: invoice.PromiseCatalogue, Export: exportPromises, Import: files.Importing(importPromises)},
	{Name: "ageing", Catalogue: ageingCatalogue, Export: exportAgeing},
	{Name: "statements", Catalogue: statementCatalogue, Export: exportStatement},
}

var byFile = access.System("files of money")

func exportInvoices(e *files.Exporter) error {
	today, _ := e.Days(1)
	return files.Lined(e, invoice.Catalogue, func(add func(invoice.Invoice) error) error {
		return invoicestore.Invoices.In(byFile).Since("i.created_at", e.Span.Since, e.Span.Until).Order("i.issued_on, i.number").Each(e.Tx, add)
	}, func(i invoice.Invoice) goods.Lines { return i.Lines }, func(i invoice.Invoice, _ int, v map[string]string) {
		currency := e.Config.Company.Currency
		v["currency"], v["open"] = currency, strconv.FormatInt(i.Open(), 10)
		if i.NextDueOn != "" {
			v["days_overdue"], v["bucket"] = strconv.Itoa(max(0, today.Sub(i.NextDueOn))), invoice.Bucket(i.NextDueOn, today)
		}
		var parts []string
		for _, p := range i.Parts() {
			if len(i.Instalments) > 0 {
				parts = append(parts, string(p.DueOn)+"="+money.Amount{Minor: p.Amount, Currency: currency}.Decimal())
			}
		}
		v["instalments"] = strings.Join(parts, ";")
	})
}

// importInvoices takes invoices as facts. One that a file says was settled on a day gets a
// payment of that day.
func importInvoices(j *files.Job) files.Rows[invoice.Invoice] {
	agreed := map[string]terms.Terms{}
	return files.Rows[invoice.Invoice]{
		Key: func(v map[string]string) string { return v["number"] },
		Find: func(tx *store.Tx, v map[string]string) (invoice.Invoice, bool, error) {
			return invoicestore.ByNumber(tx, byFile, v["number"])
		},
		FindAll: func(tx *store.Tx, all []map[string]string) (map[string]invoice.Invoice, error) {
			number := func(v map[string]string) []any { return []any{v["number"]} }
			return files.FindAll(tx, invoicestore.Invoices.In(byFile), "i.number", all, func(v map[string]string) string { return v["number"] }, number, func(i invoice.Invoice) []any { return []any{i.Number} })
		},
		Line: invoice.LineKeys,
		ID:   func(i *invoice.Invoice) *string { return &i.ID },
		Fill: func(i *invoice.Invoice, r *files.Record) bool {
			if !j.SameCurrency(r) || !j.Set(invoice.Catalogue.Without("instalments", "store_code", "product_code"), i, r) {
				return false
			}
			if s, ok := j.StoreOf(r, "store_code"); ok {
				i.StoreID = s.ID
			}
			if lines, ok := j.Goods(r, "quantity"); ok && len(lines) > 0 {
				i.Lines = lines
			}
			i.Kind, i.Status = cmp.Or(i.Kind, invoice.Plain), cmp.Or(i.Status, invoice.Issued)
			if i.Amount == 0 {
				i.Amount = i.Lines.Value()
			}
			if i.Kind == invoice.RedLetter && i.Amount > 0 {
				i.Amount = -i.Amount
			}
			i.IssuedOn = cmp.Or(i.IssuedOn, j.Today)
			if i.DueOn == "" {
				i.DueOn = termsOf(j, agreed, i.AccountID).Due("", i.IssuedOn)
			}
			i.OwnerID = j.AccountByCode(r.Fields["account_code"]).OwnerID
			return j.Accepts(r, i.Check(j.Today)) && j.Accepts(r, i.Instal(split(r.Fields["instalments"]), j.Config.Company.Currency))
		},
		Same: func(a, b invoice.Invoice) bool {
			return files.Equal[invoice.Invoice](invoice.Catalogue)(a, b) && slices.Equal(a.Lines, b.Lines)
		},
		Add:    invoicestore.Add,
		Change: invoicestore.Invoices.Change,
		After: func(tx *store.Tx, i invoice.Invoice, r *files.Record) error {
			on := calendar.Day(r.Fields["settled_on"])
			if on == "" || i.Kind != invoice.Plain {
				return nil
			}
			number := "PAY-" + i.Number
			if _, known, err := invoicestore.PaymentByNumber(tx, byFile, i.AccountID, number); err != nil || known {
				return err
			}
			p := invoice.Payment{Number: number, AccountID: i.AccountID, PaidOn: on, Amount: i.Amount}
			if err := p.Allocate([]invoice.Share{{Number: i.Number, Amount: i.Amount}}, j.Config.Company.Currency); err != nil {
				return err
			}
			return invoicestore.Pay(tx, &p)
		},
	}
}

func termsOf(j *files.Job, known map[string]terms.Terms, accountID string) terms.Terms {
	t, ok := known[accountID]
	if !ok {
		j.Look(func(tx *store.Tx) (err error) { t, err = termsstore.Of(tx, accountID); return err })
		known[accountID] = t
	}
	return t
}

func exportPayments(e *files.Exporter) error {
	currency := e.Config.Company.Currency
	return files.Table(e, invoice.PaymentCatalogue, func(add func(invoice.Payment) error) error {
		return invoicestore.Payments.In(byFile).And("pm.status = 'received'").Since("pm.created_at", e.Span.Since, e.Span.Until).Order("pm.paid_on, pm.number").Each(e.Tx, add)
	}, func(p invoice.Payment, v map[string]string) {
		var shares []string
		for _, s := range p.Shares() {
			shares = append(shares, s.Written(currency))
		}
		v["allocations"], v["unallocated"], v["currency"] = strings.Join(shares, ";"), strconv.FormatInt(p.Unallocated(), 10), currency
	})
}

// importPayments takes payments; what is told to no invoice stays unapplied.
func importPayments(j *files.Job) files.Rows[invoice.Payment] {
	return files.Rows[invoice.Payment]{
		Key: func(v map[string]string) string {
			return v["account_code"] + " " + cmp.Or(v["number"], v["reference"]+" "+v["paid_on"]+" "+v["amount"])
		},
		Find: func(tx *store.Tx, v map[string]string) (invoice.Payment, bool, error) {
			return invoicestore.PaymentByNumber(tx, byFile, j.AccountByCode(v["account_code"]).ID, v["number"])
		},
		ID: func(p *invoice.Payment) *string { return &p.ID },
		Fill: func(p *invoice.Payment, r *files.Record) bool {
			if !j.SameCurrency(r) || !j.Set(invoice.PaymentCatalogue.Without("allocations"), p, r) {
				return false
			}
			if p.Amount <= 0 {
				j.Refuse(r, "amount", "write an amount above 0")
				return false
			}
			p.PaidOn, p.Status = cmp.Or(p.PaidOn, j.Today), cmp.Or(p.Status, invoice.Received)
			shares, err := invoice.ReadShares(split(r.Fields["allocations"]), j.Config.Company.Currency)
			if err != nil || len(shares) == 0 {
				return j.Accepts(r, err)
			}
			left := p.Amount
			for k := range shares {
				var i invoice.Invoice
				known := false
				j.Look(func(tx *store.Tx) (err error) {
					i, known, err = invoicestore.ByNumber(tx, byFile, shares[k].Number)
					return err
				})
				if !known {
					j.Refuse(r, "allocations", "there is no invoice "+shares[k].Number+"; import invoices first")
					return false
				}
				shares[k].Amount = cmp.Or(shares[k].Amount, min(left, i.Amount))
				left -= shares[k].Amount
			}
			return j.Accepts(r, p.Allocate(shares, j.Config.Company.Currency))
		},
		Same: func(a, b invoice.Payment) bool {
			return files.Equal[invoice.Payment](invoice.PaymentCatalogue)(a, b) && slices.Equal(a.Allocations, b.Allocations)
		},
		Add:    invoicestore.Pay,
		Change: invoicestore.Payments.Change,
	}
}

func invoiceNumbers(e *files.Exporter) func(id string) string {
	return files.Numbers(e, invoicestore.Invoices, byFile, func(i invoice.Invoice) string { return i.Number })
}

func exportDeductions(e *files.Exporter) error {
	invoiceOf, paymentOf := invoiceNumbers(e), files.Numbers(e, invoicestore.Payments, byFile, func(p invoice.Payment) string { return p.Number })
	all, err := invoicestore.Deductions.In(byFile).Since("dd.created_at", e.Span.Since, e.Span.Until).Order("dd.number").Rows(e.Tx)
	if err != nil {
		return err
	}
	return files.Table(e, invoice.DeductionCatalogue, files.From(all), func(d invoice.Deduction, v map[string]string) {
		v["payment_number"], v["invoice_number"] = paymentOf(d.PaymentID), invoiceOf(d.InvoiceID)
	})
}

func importDeductions(j *files.Job) files.Rows[invoice.Deduction] {
	return files.Rows[invoice.Deduction]{
		Key: func(v map[string]string) string {
			return cmp.Or(v["number"], v["payment_number"]+" "+v["invoice_number"]+" "+v["amount"]+" "+v["reason"])
		},
		Find: func(tx *store.Tx, v map[string]string) (invoice.Deduction, bool, error) {
			return invoicestore.DeductionByNumber(tx, byFile, v["number"])
		},
		ID: func(d *invoice.Deduction) *string { return &d.ID },
		Fill: func(d *invoice.Deduction, r *files.Record) bool {
			if !j.Set(invoice.DeductionCatalogue, d, r) {
				return false
			}
			var i invoice.Invoice
			var p invoice.Payment
			var known, paid bool
			j.Look(func(tx *store.Tx) (err error) {
				if i, known, err = invoicestore.ByNumber(tx, byFile, r.Fields["invoice_number"]); err == nil && known {
					p, paid, err = invoicestore.PaymentByNumber(tx, byFile, i.AccountID, r.Fields["payment_number"])
				}
				return err
			})
			switch {
			case !known:
				j.Refuse(r, "invoice_number", "there is no such invoice; import invoices first")
			case !paid:
				j.Refuse(r, "payment_number", "its account has no such payment; import payments first")
			case d.Amount <= 0:
				j.Refuse(r, "amount", "write an amount above 0")
			default:
				d.InvoiceID, d.PaymentID, d.AccountID, d.DeductedOn, d.OwnerID = i.ID, p.ID, i.AccountID, max(p.PaidOn, i.IssuedOn), i.OwnerID
				d.Status = cmp.Or(d.Status, invoice.DeductionOpen)
				return true
			}
			return false
		},
		Same:   files.Equal[invoice.Deduction](invoice.DeductionCatalogue),
		Add:    invoicestore.Deduct,
		Change: invoicestore.Deductions.Change,
	}
}

func exportPromises(e *files.Exporter) error {
	invoiceOf := invoiceNumbers(e)
	all, err := invoicestore.Promises.In(byFile).Since("pr.created_at", e.Span.Since, e.Span.Until).Order("pr.promised_on, pr.id").Rows(e.Tx)
	if err != nil {
		return err
	}
	return files.Table(e, invoice.PromiseCatalogue, files.From(all),
		func(p invoice.Promise, v map[string]string) { v["invoice_number"] = invoiceOf(p.InvoiceID) })
}

func importPromises(j *files.Job) files.Rows[invoice.Promise] {
	return files.Rows[invoice.Promise]{
		Key: func(v map[string]string) string {
			return v["account_code"] + " " + v["promised_on"] + " " + v["amount"]
		},
		Find: func(tx *store.Tx, v map[string]string) (invoice.Promise, bool, error) {
			amount, _ := strconv.ParseInt(v["amount"], 10, 64) // what is no amount is refused
			return invoicestore.Promises.In(byFile).And("pr.account_id = ? AND pr.promised_on = ? AND pr.amount = ?", j.AccountByCode(v["account_code"]).ID, v["promised_on"], amount).One(tx)
		},
		ID: func(p *invoice.Promise) *string { return &p.ID },
		Fill: func(p *invoice.Promise, r *files.Record) bool {
			if !j.Set(invoice.PromiseCatalogue, p, r) {
				return false
			}
			p.Status, p.MadeOn = cmp.Or(p.Status, invoice.Promised), cmp.Or(p.MadeOn, min(j.Today, p.PromisedOn))
			if p.PersonID = cmp.Or(p.PersonID, j.AccountByCode(r.Fields["account_code"]).OwnerID); p.PersonID == "" {
				j.Refuse(r, "account_code", "the account has no owner, who would have heard the promise")
				return false
			}
			if number := r.Fields["invoice_number"]; number != "" {
				j.Look(func(tx *store.Tx) error {
					i, _, err := invoicestore.ByNumber(tx, byFile, number)
					p.InvoiceID = i.ID
					return err
				})
			}
			return true
		},
		Same:   files.Equal[invoice.Promise](invoice.PromiseCatalogue),
		Add:    invoicestore.Promises.Add,
		Change: invoicestore.Promises.Change,
	}
}
