package invoicetalk

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/files"
	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
)

// ageingCatalogue are the columns of the ageing of accounts.
var ageingCatalogue = field.Catalogue{Noun: "ageing", Fields: []field.Field{
	{Key: "account_code", Kind: field.Text, Use: field.Export}, {Key: "name", Kind: field.Text, Use: field.Export},
	{Key: "not_due", Kind: field.Money, Use: field.Export}, {Key: "d1_30", Kind: field.Money, Use: field.Export}, {Key: "d31_60", Kind: field.Money, Use: field.Export},
	{Key: "d61_90", Kind: field.Money, Use: field.Export}, {Key: "d90_plus", Kind: field.Money, Use: field.Export}, {Key: "unapplied", Kind: field.Money, Use: field.Export},
	{Key: "total", Kind: field.Money, Use: field.Export}, {Key: "overdue", Kind: field.Money, Use: field.Export}, {Key: "dso", Kind: field.Text, Use: field.Export},
}}

// exportAgeing is what accounts owed at the end of a day, of today unless told.
func exportAgeing(e *files.Exporter) error {
	today, _ := e.Days(1)
	rows, err := invoicestore.Ageing(e.Tx, byFile, invoicestore.Among{}, cmp.Or(e.Span.At, today))
	if err != nil {
		return err
	}
	accounts, err := accountstore.Outlines(e.Tx, "")
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b invoicestore.AgeingOf) int {
		return cmp.Compare(accounts[a.AccountID].Code, accounts[b.AccountID].Code)
	})
	return files.Table(e, ageingCatalogue, files.From(slices.DeleteFunc(rows, func(row invoicestore.AgeingOf) bool { return row.Ageing == invoice.Ageing{} })), func(row invoicestore.AgeingOf, v map[string]string) {
		v["account_code"], v["name"] = accounts[row.AccountID].Code, accounts[row.AccountID].Name
		for k, amount := range row.Values() {
			v[invoice.Buckets[k]] = strconv.FormatInt(amount, 10)
		}
		v["total"], v["overdue"] = strconv.FormatInt(row.Total(), 10), strconv.FormatInt(row.Overdue(), 10)
		if tenths, ok := invoice.DSO(row.Total(), row.Sales); ok {
			v["dso"] = money.Amount{Minor: tenths * 10, Currency: "EUR"}.Decimal()
		}
	})
}

// statementCatalogue are the columns of a statement: a line for each store, what is applied
// to nothing, the roll-up, and the differences that are not explained.
var statementCatalogue = field.Catalogue{Noun: "statements", Fields: []field.Field{
	{Key: "line_kind", Kind: field.Text, Use: field.Export}, {Key: "store_code", Kind: field.Text, Use: field.Export}, {Key: "name", Kind: field.Text, Use: field.Export},
	{Key: "opening", Kind: field.Money, Use: field.Export}, {Key: "invoiced", Kind: field.Money, Use: field.Export}, {Key: "paid", Kind: field.Money, Use: field.Export},
	{Key: "deducted", Kind: field.Money, Use: field.Export}, {Key: "credited", Kind: field.Money, Use: field.Export}, {Key: "closing", Kind: field.Money, Use: field.Export},
}}

// exportStatement is the statement of one account: of the span's days, or of last month.
func exportStatement(e *files.Exporter) error {
	a := e.AccountOf(e.Span.Account)
	if a.ID == "" {
		return fmt.Errorf("statements are of one account: write --account CODE of one that is there, and --month 2026-11")
	}
	today, span := e.Days(1)
	if e.Span.Since.IsZero() {
		span = lastMonth(today)
	}
	s, err := invoicestore.Statement(e.Tx, byFile, a.ID, span)
	if err != nil {
		return err
	}
	open, err := invoicestore.DeductionsOf(e.Tx, byFile, a.ID, 1000)
	if err != nil {
		return err
	}
	type row struct {
		kind, store, name string
		invoice.StatementLine
	}
	var rows []row
	for _, l := range s.Lines {
		r := row{"store", e.Name(l.StoreID), a.Name, l}
		if l.Unapplied {
			r.kind = "unapplied"
		}
		if st := e.StoreOf(r.store); st.ID != "" {
			r.name = st.Name
		}
		rows = append(rows, r)
	}
	rows = append(rows, row{"total", "", a.Name, s.Total()})
	for _, d := range open {
		rows = append(rows, row{"difference", "", d.Number + " " + d.Reason, invoice.StatementLine{Deducted: d.Amount}})
	}
	return files.Table(e, statementCatalogue, files.From(rows), func(r row, v map[string]string) {
		v["line_kind"], v["store_code"], v["name"] = r.kind, r.store, r.name
		for key, n := range map[string]int64{"opening": r.Opening, "invoiced": r.Invoiced, "paid": r.Paid, "deducted": r.Deducted, "credited": r.Credited, "closing": r.Closing} {
			v[key] = strconv.FormatInt(n, 10)
		}
	})
}
