package invoicestore_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var all = access.System("tests of money")

// ledger writes papers of one account.
type ledger struct {
	t  testing.TB
	tx *store.Tx
	a  account.Account
}

func (l ledger) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l ledger) invoice(number string, issued, due calendar.Day, amount int64) {
	l.t.Helper()
	i := invoice.Invoice{Number: number, AccountID: l.a.ID, Kind: invoice.Plain, IssuedOn: issued, DueOn: due, Amount: amount}
	l.must(invoicestore.Issue(l.tx, &i))
}

func (l ledger) red(number, corrects string, issued calendar.Day, amount int64) {
	l.t.Helper()
	i := invoice.Invoice{Number: number, AccountID: l.a.ID, Kind: invoice.RedLetter, Corrects: corrects, IssuedOn: issued, DueOn: issued, Amount: -amount}
	l.must(invoicestore.Issue(l.tx, &i))
}

func (l ledger) pay(on calendar.Day, amount int64, shares ...invoice.Share) invoice.Payment {
	l.t.Helper()
	p := invoice.Payment{AccountID: l.a.ID, PaidOn: on, Amount: amount}
	l.must(p.Allocate(shares, "EUR"))
	l.must(invoicestore.Pay(l.tx, &p))
	return p
}

func (l ledger) find(number string) invoice.Invoice {
	l.t.Helper()
	i, ok, err := invoicestore.ByNumber(l.tx, all, number)
	l.must(err)
	if !ok {
		l.t.Fatalf("no invoice %s", number)
	}
	return i
}

func (l ledger) at(day calendar.Day) []int64 {
	l.t.Helper()
	b, err := invoicestore.Balance(l.tx, all, l.a.ID, day)
	l.must(err)
	return append(b.Values(), b.Total())
}

// withLedger runs a test on both engines, in one unit of work.
func withLedger(t *testing.T, test func(l ledger)) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if err := unit(db, func(tx *store.Tx) { test(ledger{t, tx, newAccount(t, tx, "K1")}) }); err != nil {
			t.Fatal(err)
		}
	})
}

func unit(db *store.DB, do func(tx *store.Tx)) error {
	return db.Write(context.Background(), func(tx *store.Tx) error {
		tx.By(store.Origin{Source: "test"})
		do(tx)
		return nil
	})
}

func newAccount(t testing.TB, tx *store.Tx, code string) account.Account {
	a := account.Account{Code: code, Name: "Chain"}
	if err := accountstore.Add(tx, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestYear: the year of the package doc, every figure.
func TestYear(t *testing.T) {
	withLedger(t, func(l ledger) {
		l.invoice("A", "2026-01-13", "2026-03-14", 11_50)
		l.invoice("B", "2026-02-13", "2026-04-14", 7_50)
		l.pay("2026-03-18", 3_50, invoice.Share{Number: "A", Amount: 3_50})
		l.pay("2026-04-01", 12_00, invoice.Share{Number: "A", Amount: 8_00}, invoice.Share{Number: "B", Amount: 4_00})
		p := l.pay("2026-05-10", 3_00, invoice.Share{Number: "B", Amount: 3_00})
		d := invoice.Deduction{AccountID: l.a.ID, PaymentID: p.ID, InvoiceID: l.find("B").ID, DeductedOn: p.PaidOn, Amount: 50, Reason: "leaflet"}
		l.must(invoicestore.Deduct(l.tx, &d))
		if b := l.find("B"); b.Status != invoice.Paid || b.Open() != 0 || b.Deducted != 50 {
			t.Errorf("B after the deduction: %+v", b)
		}
		refused, _, err := store.Known[invoice.Deduction](l.tx, d.ID)
		l.must(err)
		after := refused
		after.Status = invoice.Refused
		l.must(invoicestore.Deductions.Change(l.tx, refused, after))
		if got := l.at("2026-06-20"); !slices.Equal(got, []int64{0, 0, 0, 50, 0, 0, 50}) {
			t.Errorf("after the refusal: %v", got)
		}
		l.red("R", "B", "2026-06-22", 3_00)
		l.invoice("C", "2026-07-01", "2026-08-30", 20_00)
		l.pay("2026-07-02", 30_00, invoice.Share{Number: "C", Amount: 20_00})
		for day, want := range map[calendar.Day][]int64{
			"2026-03-13": {19_00, 0, 0, 0, 0, 0, 19_00},
			"2026-03-18": {7_50, 8_00, 0, 0, 0, 0, 15_50},
			"2026-04-15": {0, 3_50, 0, 0, 0, 0, 3_50},
			"2026-05-10": {0, 50, 0, 0, 0, 0, 50}, // the refusal counts from the start
			"2026-06-20": {0, 0, 0, 50, 0, 0, 50},
			"2026-06-22": {0, 0, 0, 0, 0, -2_50, -2_50},
			"2026-07-01": {20_00, 0, 0, 0, 0, -2_50, 17_50},
			"2026-07-02": {0, 0, 0, 0, 0, -12_50, -12_50},
		} {
			if diff := cmp.Diff(want, l.at(day)); diff != "" {
				t.Errorf("%s: %s", day, diff)
			}
		}
	})
}

// TestAgeingExample: buckets by due day, with part payments and a credit applied to
// nothing, seen from several days (issue 11).
func TestAgeingExample(t *testing.T) {
	withLedger(t, func(l ledger) {
		l.invoice("1", "2026-01-13", "2026-03-18", 11_50)
		l.invoice("2", "2026-02-13", "2026-04-18", 7_50)
		l.invoice("3", "2026-03-13", "2026-05-18", 8_50)
		l.invoice("4", "2026-04-13", "2026-06-18", 4_00)
		l.invoice("5", "2026-05-13", "2026-07-18", 6_75)
		l.invoice("6", "2026-04-18", "2026-04-18", 200_00)
		l.pay("2026-03-18", 1_50, invoice.Share{Number: "1", Amount: 1_50})
		l.pay("2026-03-20", 2_00, invoice.Share{Number: "1", Amount: 2_00})
		l.pay("2026-04-19", 200_00, invoice.Share{Number: "6", Amount: 200_00})
		l.red("7", "", "2026-06-22", 3_00)
		if diff := cmp.Diff([]int64{6_75, 4_00, 8_50, 7_50, 8_00, -3_00, 31_75}, l.at("2026-07-01")); diff != "" {
			t.Error(diff)
		}
		for day, want := range map[calendar.Day]int64{"2026-04-18": 228_00, "2026-05-13": 34_75} {
			if got := l.at(day); got[6] != want {
				t.Errorf("%s: %d, want %d", day, got[6], want)
			}
		}
		if got := l.find("7"); got.Open() != -3_00 {
			t.Errorf("a credit of nothing in particular: %d", got.Open())
		}
	})
}

// TestSettled: what other people's software got wrong.
func TestSettled(t *testing.T) {
	withLedger(t, func(l ledger) {
		l.invoice("A", "2026-01-01", "2026-01-31", 55_278_05)
		p := l.pay("2026-02-10", 53_535_11, invoice.Share{Number: "A", Amount: 53_535_11})
		for _, amount := range []int64{771_90, 971_04} {
			d := invoice.Deduction{AccountID: l.a.ID, PaymentID: p.ID, InvoiceID: l.find("A").ID, DeductedOn: p.PaidOn, Amount: amount}
			l.must(invoicestore.Deduct(l.tx, &d))
		}
		open, err := invoicestore.DeductionsOf(l.tx, all, l.a.ID, 10)
		l.must(err)
		if a := l.find("A"); a.Open() != 0 || a.Status != invoice.Paid || len(open) != 2 {
			t.Errorf("open %d, %s, %d deductions", a.Open(), a.Status, len(open))
		}
		// A credit note of another invoice ends no reminder, 99.99 of 100 leaves a cent,
		// and money of tomorrow leaves today open.
		l.invoice("B", "2026-03-01", "2026-03-31", 100_00)
		l.invoice("C", "2026-03-01", "2026-03-31", 100_00)
		l.red("R", "C", "2026-03-02", 100_00)
		l.pay("2026-04-02", 99_99, invoice.Share{Number: "B", Amount: 99_99})
		if b := l.find("B"); b.Open() != 1 || b.NextDueOn != "2026-03-31" || b.Status != invoice.PartPaid {
			t.Errorf("B: %d open, due %s, %s", b.Open(), b.NextDueOn, b.Status)
		}
		if c := l.find("C"); c.Open() != 0 || c.NextDueOn != "" {
			t.Errorf("C: %d open", c.Open())
		}
		if got := l.at("2026-04-01"); got[6] != 100_00 {
			t.Errorf("the day before the money came: %v", got)
		}
		// What is taken back is owed again.
		back, _, err := invoicestore.PaymentByNumber(l.tx, all, l.a.ID, "PY-1002")
		l.must(err)
		after := back
		after.Status = invoice.TakenBack
		l.must(invoicestore.Payments.Change(l.tx, back, after))
		if b := l.find("B"); b.Open() != 100_00 || b.NextDueOn != "2026-03-31" || b.Status != invoice.Issued {
			t.Errorf("after it was taken back: %d open, due %s, %s", b.Open(), b.NextDueOn, b.Status)
		}
		// Half of it in two parts: what is due first is paid first.
		i := invoice.Invoice{Number: "D", AccountID: l.a.ID, Kind: invoice.Plain, IssuedOn: "2026-05-01", Amount: 100_00}
		l.must(i.Instal([]string{"2026-07-01=40", "2026-06-01=60"}, "EUR"))
		l.must(invoicestore.Issue(l.tx, &i))
		l.pay("2026-06-01", 70_00, invoice.Share{Number: "D", Amount: 70_00})
		if d := l.find("D"); d.NextDueOn != "2026-07-01" || d.DueOn != "2026-07-01" {
			t.Errorf("due %s", d.NextDueOn)
		}
		if got := l.at("2026-06-02"); got[0] != 30_00 {
			t.Errorf("in parts: %v", got)
		}
	})
}

// TestHistories: over random histories, buckets and what is applied to nothing add up to
// invoices less payments, deductions and credits at every day, whatever the order in
// which papers were written, and an invoice is open exactly as its rows say.
func TestHistories(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			n++
			if err := unit(db, func(tx *store.Tx) { history(t, r, tx, n) }); err != nil {
				r.Fatal(err)
			}
		})
	})
}

// history writes one random history in two orders, and looks at it from random days.
func history(t *testing.T, r *rapid.T, tx *store.Tx, n int) {
	var accounts [2]ledger
	for k := range accounts {
		accounts[k] = ledger{t, tx, newAccount(t, tx, fmt.Sprintf("H%d-%d", n, k))}
	}
	day := func(label string) calendar.Day {
		return calendar.Day("2026-01-01").Add(rapid.IntRange(0, 300).Draw(r, label))
	}
	type paper struct {
		on     calendar.Day
		amount int64 // on the balance
		write  func(l ledger, prefix string)
	}
	var papers []paper
	invoices := rapid.IntRange(1, 5).Draw(r, "invoices")
	amounts := make([]int64, invoices)
	for i := range invoices {
		on, amount := day("issued"), rapid.Int64Range(1, 500_00).Draw(r, "amount")
		due := on.Add(rapid.IntRange(0, 90).Draw(r, "days"))
		amounts[i] = amount
		papers = append(papers, paper{on, amount, func(l ledger, prefix string) { l.invoice(prefix+fmt.Sprint(i), on, due, amount) }})
	}
	var later []paper
	for k := range rapid.IntRange(0, 4).Draw(r, "payments") {
		on, of := day("paid"), rapid.IntRange(0, invoices-1).Draw(r, "of")
		amount := rapid.Int64Range(1, 600_00).Draw(r, "money")
		told := min(amount, rapid.Int64Range(1, 600_00).Draw(r, "told"))
		later = append(later, paper{on, -amount, func(l ledger, prefix string) {
			p := invoice.Payment{Number: fmt.Sprintf("%sp%d", prefix, k), AccountID: l.a.ID, PaidOn: on, Amount: amount}
			l.must(p.Allocate([]invoice.Share{{Number: prefix + fmt.Sprint(of), Amount: told}}, "EUR"))
			l.must(invoicestore.Pay(l.tx, &p))
		}})
	}
	for k := range rapid.IntRange(0, 3).Draw(r, "red letters") {
		on, of, amount := day("red"), rapid.IntRange(0, invoices-1).Draw(r, "corrects"), rapid.Int64Range(1, 300_00).Draw(r, "credit")
		later = append(later, paper{on, -amount, func(l ledger, prefix string) {
			l.red(fmt.Sprintf("%sr%d", prefix, k), prefix+fmt.Sprint(of), on, amount)
		}})
	}
	for _, x := range slices.Concat(papers, later) {
		x.write(accounts[0], fmt.Sprintf("h%da", n))
	}
	for _, x := range slices.Concat(papers, rapid.Permutation(later).Draw(r, "order")) {
		x.write(accounts[1], fmt.Sprintf("h%db", n))
	}
	for range 6 {
		at, want := day("seen from"), int64(0)
		for _, x := range slices.Concat(papers, later) {
			if x.on <= at {
				want += x.amount
			}
		}
		a, b := accounts[0].at(at), accounts[1].at(at)
		if a[6] != want {
			r.Fatalf("%s: balance %v, want %d", at, a, want)
		}
		if !slices.Equal(a, b) {
			r.Fatalf("%s: %v in one order, %v in another", at, a, b)
		}
		if a[5] > 0 || slices.Min(a[:5]) < 0 {
			r.Fatalf("%s: %v", at, a)
		}
	}
	from := day("statement from")
	checkStatement(r, accounts[0], calendar.Span{From: from, To: from.Add(rapid.IntRange(0, 60).Draw(r, "days of the statement"))})
}

// checkStatement: a statement begins and ends with the balance, store by store and in all,
// and what moved explains the difference.
func checkStatement(r *rapid.T, l ledger, span calendar.Span) {
	st, err := invoicestore.Statement(l.tx, all, l.a.ID, span)
	l.must(err)
	for _, x := range append(st.Lines, st.Total()) {
		if x.Opening+x.Invoiced-x.Paid-x.Deducted-x.Credited != x.Closing {
			r.Fatalf("%v: %+v does not add up", span, x)
		}
	}
	sum := st.Total()
	if before, after := l.at(span.From.Add(-1)), l.at(span.To); sum.Opening != before[6] || sum.Closing != after[6] {
		r.Fatalf("%v: %+v, balances %d and %d", span, sum, before[6], after[6])
	}
	open := int64(0)
	for _, i := range st.Open {
		open += i.Open()
	}
	if after := l.at(span.To); open != after[6]-after[5] {
		r.Fatalf("%v: %d open, balance %v", span, open, after)
	}
}
