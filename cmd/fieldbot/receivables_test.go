package main

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"fieldbot/store/storetest"
)

// receivable is a line of a file of receivables as other programs write it.
type receivable struct {
	customer, number        string
	issued, due, settled    time.Time
	cents                   int64
	disputed, paperlessBill string
}

const usDate = "1/2/2006"

// receivables makes a file in the shape of a public one of 2,466 invoices (columns and dates
// month/day/year; the customers here are made up), in which every invoice was settled.
func receivables(n int) (text string, all []receivable) {
	dice := rand.New(rand.NewPCG(3, 4)) // #nosec G404 -- made-up data
	var b strings.Builder
	b.WriteString("countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate\n")
	for i := range n {
		r := receivable{customer: fmt.Sprintf("%04d-RCVBL", dice.IntN(40)), number: strconv.Itoa(611365 + i*7), cents: 500 + dice.Int64N(120_00), disputed: []string{"No", "No", "Yes"}[dice.IntN(3)], paperlessBill: []string{"Paper", "Electronic"}[dice.IntN(2)]}
		r.issued = time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, dice.IntN(700))
		r.due = r.issued.AddDate(0, 0, 30)
		r.settled = r.issued.AddDate(0, 0, dice.IntN(75))
		all = append(all, r)
		fmt.Fprintf(&b, "391,%s,4/6/2024,%s,%s,%s,%s,%s,%s,%s,%d,%d\n", r.customer, r.number, r.issued.Format(usDate), r.due.Format(usDate), cents(r.cents), r.disputed, r.settled.Format(usDate), r.paperlessBill,
			int(r.settled.Sub(r.issued).Hours()/24), max(0, int(r.settled.Sub(r.due).Hours()/24)))
	}
	return b.String(), all
}

func cents(n int64) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

// TestReceivables: such a file is imported by the flags alone, accounts first; what was
// settled becomes payments, and ageing at any past day agrees with the file.
func TestReceivables(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			db := "FIELDBOT_DATABASE_URL=" + storetest.URL(t, engine)
			settings := []string{db, "FIELDBOT_COMPANY_CURRENCY=USD"}
			text, all := receivables(300)
			path := file(t, "receivables.csv", text)
			customers := map[string]bool{}
			for _, r := range all {
				customers[r.customer] = true
			}
			run := func(args ...string) result { return programWith(t, settings, "", args...) }
			run("migrate").has(t, 0)
			run("import", "accounts", path, "--map", "code=customerID", "--map", "name=customerID").has(t, 0, fmt.Sprintf("%d new", len(customers)))
			invoices := []string{"import", "invoices", path, "--map", "number=invoiceNumber", "--map", "account_code=customerID", "--map", "issued_on=InvoiceDate", "--map", "due_on=DueDate",
				"--map", "amount=InvoiceAmount", "--map", "settled_on=SettledDate", "--map", "disputed=Disputed", "--value", "disputed:Yes=yes", "--value", "disputed:No=no", "--date-format", "mdy"}
			run(invoices...).has(t, 0, "300 new")
			run(invoices...).has(t, 0, "300 unchanged")
			for _, at := range []string{"2024-01-01", "2024-02-29", "2024-08-15", "2025-03-31", "2025-12-31", "2026-06-01"} {
				day, err := time.Parse("2006-01-02", at)
				if err != nil {
					t.Fatal(err)
				}
				out := run("export", "ageing", "--at", at).has(t, 0).out
				if want, got := aged(all, day), agedIn(t, out); fmt.Sprint(want) != fmt.Sprint(got) {
					t.Errorf("%s:\n%v, want\n%v", at, got, want)
				}
			}
			odd := file(t, "odd.csv", "customerID,Name\nA1,One\nA1,One\nA1,Two\n")
			run("import", "accounts", odd, "--map", "code=customerID", "--map", "name=Name").has(t, 1, "names the same as an earlier row")
		})
	}
}

// aged is what the file says was open at the end of a day, by customer and bucket.
func aged(all []receivable, at time.Time) map[string][5]int64 {
	out := map[string][5]int64{}
	for _, r := range all {
		if r.issued.After(at) || !r.settled.After(at) {
			continue
		}
		late := int(at.Sub(r.due).Hours() / 24)
		row := out[r.customer]
		row[min(4, max(0, (late+29)/30))] += r.cents
		out[r.customer] = row
	}
	return out
}

// agedIn is the same as an export says it.
func agedIn(t *testing.T, text string) map[string][5]int64 {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][5]int64{}
	for _, row := range rows[1:] {
		var sums [5]int64
		for k := range sums {
			n, err := strconv.ParseInt(strings.ReplaceAll(row[2+k], ".", ""), 10, 64)
			if err != nil && row[2+k] != "" {
				t.Fatal(err)
			}
			sums[k] = n
		}
		out[row[0]] = sums
	}
	return out
}
