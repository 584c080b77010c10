package invoicetalk

import (
	"fmt"

	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/terms"
	"fieldbot/bot/terms/termsstore"
)

// demoTerms are what the demo's chains have agreed.
var demoTerms = []terms.Terms{
	{AccountID: "K001", Rule: terms.MonthEnd, Days: 45, StatementDay: 25, InvoiceByDay: 5, PaymentDay: 15, Procedure: []string{"对账单盖章", "发票签收", "系统录入"}},
	{AccountID: "K004", Rule: terms.DaysGoods, Days: 30},
	{AccountID: "K010", Rule: terms.DaysInvoice, Days: 45, StatementDay: 28},
	{AccountID: "K011", Rule: terms.Cash, InvoiceMode: terms.WithGoods},
}

// demoInvoices are what they owe: a small chain is eight days late with two invoices,
// another one has paid for most and kept something back.
var demoInvoices = []struct {
	account     string
	issued, due int // days from today
	amount      int64
	paid        int64
	kept        string
}{
	{account: "K001", issued: -70, due: -10, amount: 268_400_00, paid: 260_400_00, kept: "8000 堆头费"},
	{account: "K001", issued: -35, due: 40, amount: 312_650_00},
	{account: "K001", issued: -8, due: 70, amount: 187_200_00},
	{account: "K002", issued: -50, due: -5, amount: 96_300_00, paid: 40_000_00},
	{account: "K002", issued: -20, due: 25, amount: 74_820_00},
	{account: "K003", issued: -30, due: 15, amount: 58_600_00},
	{account: "K004", issued: -38, due: -8, amount: 104_000_00},
	{account: "K004", issued: -39, due: -8, amount: 82_000_00},
	{account: "K010", issued: -60, due: -15, amount: 48_250_00, paid: 48_250_00},
	{account: "K010", issued: -48, due: -3, amount: 36_420_00},
	{account: "K010", issued: -21, due: 24, amount: 51_900_00},
	{account: "K011", issued: -12, due: -12, amount: 640_00},
}

// fillDemo gives the demo's chains terms, invoices and what came of them.
func fillDemo(demo *command.Demo) error {
	for _, t := range demoTerms {
		base := terms.Default()
		base.AccountID, base.Rule, base.Days, base.StatementDay, base.InvoiceByDay, base.PaymentDay, base.Procedure = demo.Accounts[t.AccountID].ID, t.Rule, t.Days, t.StatementDay, t.InvoiceByDay, t.PaymentDay, t.Procedure
		if t.InvoiceMode != "" {
			base.InvoiceMode = t.InvoiceMode
		}
		if err := termsstore.Terms.Add(demo.Tx, &base); err != nil {
			return err
		}
	}
	for n, x := range demoInvoices {
		a := demo.Accounts[x.account]
		today := command.WordsFor(demo.Person(a.OwnerID), demo.Config).Today(demo.Tx.Now)
		i := invoice.Invoice{Number: fmt.Sprintf("2631%06d", 4021+37*n), AccountID: a.ID, OwnerID: a.OwnerID, Kind: invoice.Plain, IssuedOn: today.Add(x.issued), DueOn: today.Add(x.due), Amount: x.amount}
		if err := invoicestore.Issue(demo.Tx, &i); err != nil {
			return err
		}
		if x.paid == 0 {
			continue
		}
		p := invoice.Payment{AccountID: a.ID, PaidOn: today.Add(-2), Amount: x.paid, Method: "transfer"}
		if err := p.Allocate([]invoice.Share{{Number: i.Number, Amount: x.paid}}, demo.Config.Company.Currency); err != nil {
			return err
		}
		if err := invoicestore.Pay(demo.Tx, &p); err != nil {
			return err
		}
		kept, err := invoice.KeptBacks(split(x.kept), demo.Config.Company.Currency)
		if err != nil {
			return err
		}
		for _, k := range kept {
			d := invoice.Deduction{AccountID: a.ID, PaymentID: p.ID, InvoiceID: i.ID, OwnerID: a.OwnerID, DeductedOn: p.PaidOn, Amount: k.Amount, Reason: k.Reason}
			if err := invoicestore.Deduct(demo.Tx, &d); err != nil {
				return err
			}
		}
	}
	return nil
}
