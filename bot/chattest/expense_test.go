package chattest_test

import (
	"testing"

	"fieldbot/bot/chattest"
)

// TestExpense: from a budget to the last cent: asked for, doubled, over, let pass,
// approved, spent, proved, cleared by manager then finance, settled; what was not
// needed returns to the budget.
func TestExpense(t *testing.T) {
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		tom, martin, finance := w.Speaker("terminal", "tom"), w.Speaker("terminal", "martin"), w.Speaker("terminal", "zhao.lei")
		sum := func(query string) func() int64 { // beside what the demo has
			before := w.Count(query)
			return func() int64 { return w.Count(query) - before }
		}
		allDrawn := sum(`SELECT cast(coalesce(sum(amount), 0) AS BIGINT) FROM expense_shares`)
		budgeted := sum(`SELECT cast(sum(amount) AS BIGINT) FROM budgets WHERE status = 'active'`)
		drawn := func(want int64) {
			t.Helper()
			if got := allDrawn(); got != want {
				t.Errorf("%d is drawn, want %d", got, want)
			}
		}
		say(t, finance, "/expense budget display period=2026 account=K010 amount=2000", "2026/display/K010", "/expense budget display period=2026 account=K010 amount=1", "2026/display/K010", "/expense budget display period=2026 brand=Chips amount=500", "2026/display/Chips")
		say(t, tom, "/expense new nothing for it amount=5 category=travel", "no budget for travel")
		say(t, tom, "/cancel", "")
		say(t, tom, "/expense new end cap amount=1500 category=display account=K010", "EX-1003 end cap: waits for approval\nMartin Vogel is asked")
		drawn(150000)
		say(t, tom, "/expense new end cap amount=1500 category=display account=K010", "the same claim already: EX-1003", "#anyway", "EX-1004 is over its budget")
		drawn(150000)
		say(t, tom, "/expense submit EX-1004", "over its budget", "/expense let_pass EX-1004", "Your role cannot")
		say(t, finance, "/expense let_pass EX-1004", "EX-1004 end cap：草稿")
		say(t, tom, "/expense submit EX-1004", "waits for approval")
		drawn(300000)
		say(t, martin, "/approve", "2 approvals wait", "#1 · Approve", "Approved: EX-1003")
		say(t, tom, "/expense voucher EX-1003 voucher_number=F-1 amount=1400", "takes vouchers while it is spent")
		say(t, tom, "/expense spend EX-1003", "EX-1003 end cap: spent", "/expense clear EX-1003", "no voucher yet")
		say(t, tom, "/expense voucher EX-1003 voucher_number=F-1 amount=1600", "of CN¥1,500.00 proved", "/expense clear EX-1003", "more than was granted")
		say(t, tom, "/expense unvoucher EX-1003 voucher_number=F-1", "taken back", "/expense voucher EX-1003 voucher_number=F-1 amount=1400", "CN¥1,400.00 of", "/expense voucher EX-1003 voucher_number=F-1 amount=5", "clears EX-1003 already")
		say(t, tom, "/cancel", "")
		say(t, tom, "/expense clear EX-1003", "vouchers are checked\nMartin Vogel is asked")
		say(t, martin, "/approve", "its vouchers to pass", "#2 · Approve", "Approved: EX-1003")
		say(t, martin, "/expense settle EX-1003", "Your role cannot")
		say(t, finance, "/approve", "EX-1003", "#1 · 同意", "已同意")
		drawn(290000)
		say(t, finance, "/expense settle EX-1003", "已结清", "#撤销", "已撤销", "/expense EX-1003", "已核销，待结清", "/expense settle EX-1003", "已结清")
		say(t, martin, "/approve", "1 approval", "#1 · Refuse", "Refused", "#why", "", "too dear", "Save it", "#Save", "Passed on")
		say(t, tom, "/expense EX-1004", "refused", "/expense budgets", "CN¥600.00 left of CN¥2,000.00")
		drawn(140000)
		say(t, finance, "/expense shift from_budget=2026/display/K010 to_budget=2026/display/Chips amount=700", "还可调¥600.00")
		say(t, finance, "/cancel", "")
		say(t, finance, "/expense shift from_budget=2026/display/K010 to_budget=2026/display/Chips amount=600", "¥600.00")
		if got := budgeted(); got != 250000 {
			t.Errorf("a shift changed the sum to %d", got)
		}
		anna := w.Speaker("terminal", "anna")
		say(t, anna, "/expense EX-1003", "No expense that you can see")
	})
}
