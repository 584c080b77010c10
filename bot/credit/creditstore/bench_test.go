package creditstore_test

import (
	"context"
	"fmt"
	"testing"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/credit"
	"fieldbot/bot/credit/creditstore"
	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// The books of a large company: a thousand accounts, a million invoices of a thousand days,
// of which the last hundred thousand are open and every tenth of those is paid in part.
const (
	accountsOfAll = 1_000
	invoicesOfAll = 1_000_000
	openOfAll     = 100_000
)

// fillBooks makes them by SQL: it is their size that matters, not how they came in.
func fillBooks(b *testing.B, db *store.DB) (accounts []account.Account) {
	b.Helper()
	ctx := context.Background()
	write := func(fn func(tx *store.Tx) error) {
		if err := db.Write(ctx, func(tx *store.Tx) error { tx.By(store.Origin{Source: "system"}); return fn(tx) }); err != nil {
			b.Fatal(err)
		}
	}
	write(func(tx *store.Tx) error {
		accounts = nil
		for i := range accountsOfAll {
			a := account.Account{Code: fmt.Sprintf("L%04d", i), Name: fmt.Sprintf("Chain %d", i)}
			if err := accountstore.Add(tx, &a); err != nil {
				return err
			}
			accounts = append(accounts, a)
		}
		return nil
	})
	const batch = 5_000
	for from := 0; from < invoicesOfAll; from += batch {
		write(func(tx *store.Tx) error {
			for n := from; n < from+batch; n += 500 {
				var a, of store.Args
				rows, paid := "", ""
				for i := n; i < n+500; i++ {
					issued := today.Add(-1000 + i*1000/invoicesOfAll)
					settled, on, last := int64(100_00), issued.Add(40), issued.Add(40)
					if i >= invoicesOfAll-openOfAll {
						settled, on, last = 0, invoice.Never, ""
						if i%10 == 0 {
							settled, last = 40_00, min(today, issued.Add(5))
							paid += fmt.Sprintf(",('z%d','payment','p%d','p','i%d',%s,4000,4000)", i, i, i, of.Add(last))
						}
					}
					next := issued.Add(30)
					if on != invoice.Never {
						next = ""
					}
					rows += fmt.Sprintf(",('i%d','N%d',%s,'invoice',%s,%s,10000,'issued',%d,%d,%s,%s,%s)", i, i, a.Add(accounts[i%accountsOfAll].ID), a.Add(issued), a.Add(issued.Add(30)), settled, settled, a.Add(last), a.Add(on), a.Add(next))
				}
				if _, err := tx.Exec(`INSERT INTO invoices (id, number, account_id, kind, issued_on, due_on, amount, status, paid, settled, last_on, settled_on, next_due_on) VALUES `+rows[1:], a.List...); err != nil {
					return err
				}
				if paid != "" {
					if _, err := tx.Exec(`INSERT INTO settlements (id, source, source_id, name, invoice_id, on_day, told, amount) VALUES `+paid[1:], of.List...); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	return accounts
}

// BenchmarkMoney: the figures of a large company, as issue 11 asks for them.
func BenchmarkMoney(b *testing.B) {
	for _, engine := range storetest.Engines {
		b.Run(engine, func(b *testing.B) {
			db := storetest.Open(b, engine)
			db.SetRules([]any{credit.Default()})
			accounts := fillBooks(b, db)
			if engine == "postgres" {
				if err := db.Write(context.Background(), func(tx *store.Tx) error { _, err := tx.Exec(`ANALYZE invoices`); return err }); err != nil {
					b.Fatal(err)
				}
			}
			read := func(name string, fn func(tx *store.Tx, i int) error) {
				b.Run(name, func(b *testing.B) {
					for i := 0; b.Loop(); i++ {
						if err := db.Read(context.Background(), func(tx *store.Tx) error { return fn(tx, i) }); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
			ageing := func(m func(i int) invoicestore.Among, at calendar.Day) func(tx *store.Tx, i int) error {
				return func(tx *store.Tx, i int) error {
					_, err := invoicestore.Ageing(tx, all, m(i), at)
					return err
				}
			}
			company := func(int) invoicestore.Among { return invoicestore.Among{} }
			one := func(i int) invoicestore.Among {
				return invoicestore.Among{Account: accounts[i%accountsOfAll].ID}
			}
			read("ageing of the company today", ageing(company, today))
			read("ageing of the company a year ago", ageing(company, today.Add(-365)))
			read("ageing of an account", ageing(one, today))
			read("sales of an account", func(tx *store.Tx, i int) error { _, err := invoicestore.Months(tx, all, one(i), today); return err })
			read("hold decision", func(tx *store.Tx, i int) error {
				f, _, err := creditstore.FactsOf(tx, accounts[i%accountsOfAll], today)
				f.Decide(credit.Default(), 1)
				return err
			})
			read("whom the tick looks at", func(tx *store.Tx, _ int) error {
				_, err := invoicestore.Chased(tx, today.Add(-7))
				return err
			})
			read("statement of an account", func(tx *store.Tx, i int) error {
				_, err := invoicestore.Statement(tx, all, accounts[i%accountsOfAll].ID, calendar.Span{From: today.Add(-52), To: today.Add(-23)})
				return err
			})
		})
	}
}
