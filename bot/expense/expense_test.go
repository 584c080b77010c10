package expense_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fieldbot/bot/expense"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
)

func TestLife(t *testing.T) {
	if err := expense.Life.Check(); err != nil {
		t.Fatal(err)
	}
}

// TestSplit: the parts add up to the amount, and none is a cent or more from its
// percent.
func TestSplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, 1_000_000_000_000).Draw(t, "amount")
		left := int64(100)
		var percents []int64
		for left > 0 && len(percents) < expense.MostShares-1 {
			p := rapid.Int64Range(1, left).Draw(t, "percent")
			percents = append(percents, p)
			left -= p
		}
		if left > 0 {
			percents = append(percents, left)
		}
		sum := int64(0)
		for i, part := range expense.Split(amount, percents) {
			sum += part
			if d := part*100 - amount*percents[i]; d <= -100 || d >= 100 {
				t.Fatalf("%d%% of %d is %d", percents[i], amount, part)
			}
		}
		if sum != amount {
			t.Fatalf("%v of %d make %d", percents, amount, sum)
		}
	})
	if diff := cmp.Diff([]int64{34, 33, 33}, expense.Split(100, []int64{34, 33, 33})); diff != "" {
		t.Error(diff)
	}
}

func TestPortions(t *testing.T) {
	for text, want := range map[string][]expense.Portion{
		"":                  nil,
		"2026-03/display/K": {{Budget: "2026-03/display/K", Percent: 100}},
		"2026/a/Europe/Berlin=60%； 2026/a/Brand X = 40": {{Budget: "2026/a/Europe/Berlin", Percent: 60}, {Budget: "2026/a/Brand X", Percent: 40}},
	} {
		got, err := expense.Portions(text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v %s", text, err, diff)
		}
	}
	for _, text := range []string{"a=60", "a=x;b=40", "a=50;a=50", "a=0;b=100", "a=101"} {
		if _, err := expense.Portions(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestLeft: months accumulate within their year, and a year's budget is there all
// year.
func TestLeft(t *testing.T) {
	budgets := []expense.Budget{{ID: "jan", Period: "2026-01", Amount: 100}, {ID: "mar", Period: "2026-03", Amount: 50}, {ID: "old", Period: "2025-12", Amount: 7}}
	drawn := map[string]int64{"jan": 30}
	for day, want := range map[calendar.Day]int64{"2026-01-31": 70, "2026-02-01": 70, "2026-03-01": 120, "2026-12-31": 120, "2025-12-31": 7, "2027-01-01": 0} {
		if got := expense.Left(budgets, drawn, day); got != want {
			t.Errorf("%s: %d, want %d", day, got, want)
		}
	}
	if got := expense.Left([]expense.Budget{{ID: "y", Period: "2026", Amount: 5}}, nil, "2026-01-01"); got != 5 {
		t.Error(got)
	}
}

// TestGuards: a special kind is asked for before it is spent; a line that is over
// waits for finance; vouchers prove no more than was granted.
func TestGuards(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	submit, _ := expense.Life.Get("submit")
	clearing, _ := expense.Life.Get("clear")
	for name, c := range map[string]struct {
		e    expense.Expense
		move string
		want string
	}{
		"special, spent already": {expense.Expense{Status: expense.Draft, Special: true, SpentOn: "2026-11-22"}, "submit", "expense_special"},
		"special, today":         {expense.Expense{Status: expense.Draft, Special: true, SpentOn: "2026-11-23"}, "submit", ""},
		"over":                   {expense.Expense{Status: expense.Draft, SpentOn: "2026-11-22", Over: 1}, "submit", "expense_over"},
		"over and let pass":      {expense.Expense{Status: expense.Draft, SpentOn: "2026-11-22", Over: 1, Passed: true}, "submit", ""},
		"no voucher":             {expense.Expense{Status: expense.Spent, Amount: 5}, "clear", "expense_no_voucher"},
		"more than granted":      {expense.Expense{Status: expense.Spent, Amount: 5, Vouchers: 6}, "clear", "expense_above"},
		"a picture seen before":  {expense.Expense{Status: expense.Spent, Amount: 5, Vouchers: 5, Doubted: true}, "clear", "expense_doubted"},
		"exactly":                {expense.Expense{Status: expense.Spent, Amount: 5, Vouchers: 5}, "clear", ""},
	} {
		m := submit
		if c.move == "clear" {
			m = clearing
		}
		_, err := expense.Life.Make(c.e, m, nil, "", now)
		if f, _ := fault.As(err); (f == nil) != (c.want == "") || f != nil && f.Key != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestCovers: a limit covers an amount exactly at it; no limits cover everything.
func TestCovers(t *testing.T) {
	s := expense.Settings{Limits: map[string]string{"kam": "500.00", "manager": "5000"}}
	for _, c := range []struct {
		role   string
		amount int64
		want   bool
	}{{"kam", 50000, true}, {"kam", 50001, false}, {"manager", 50001, true}, {"rep", 1, false}} {
		if got := s.Covers([]string{c.role}, c.amount, "EUR"); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	if !expense.Default().Covers([]string{"rep"}, 1e9, "EUR") {
		t.Error("no limits cover everything")
	}
}
