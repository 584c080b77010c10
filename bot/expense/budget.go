package expense

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
)

// Budget is what may be spent in a period on a category, for one account,
// territory, department or brand.
type Budget struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	Period     string    `db:"period"` // 2026 or 2026-03; months accumulate within the year
	Category   string    `db:"category"`
	AccountID  string    `db:"account_id"`
	Territory  string    `db:"territory"`
	Department string    `db:"department"`
	Brand      string    `db:"brand"`
	Amount     int64     `db:"amount"`
	Status     string    `db:"status"` // active, withdrawn
	CreatedAt  time.Time `db:"created_at"`
	UpdatedAt  time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (b Budget) Table() string { return "budgets" }

// Key implements store.Row.
func (b Budget) Key() (string, int64) { return b.ID, b.Version }

// BudgetCatalogue is what is known of budgets.
var BudgetCatalogue = field.Catalogue{Noun: "budgets", Fields: []field.Field{
	{Key: "period", Kind: field.Text, Use: field.All, Required: true, Max: 7},
	{Key: "category", Kind: field.Text, Use: field.All, Required: true, Max: 60},
	{Key: "account_code", Kind: field.Account, Use: field.All, Column: "account_id"},
	{Key: "territory", Kind: field.Text, Use: field.All, Max: 120},
	{Key: "department", Kind: field.Text, Use: field.All, Max: 60},
	{Key: "brand", Kind: field.Text, Use: field.All, Max: 60},
	{Key: "amount", Kind: field.Money, Use: field.All, Required: true},
	{Key: "spent", Kind: field.Money, Use: field.Export},
	{Key: "left", Kind: field.Money, Use: field.Export},
}}

// Name is what people and files call a budget, by the code of its account: 2026-03/display/K010.
func (b Budget) Name(account string) string {
	return b.Period + "/" + b.Category + "/" + account + b.Territory + b.Department + b.Brand
}

var rePeriod = regexp.MustCompile(`^20\d\d(-(0[1-9]|1[0-2]))?$`)

// Check is the fault of a budget that is for nothing, for two things, or for no
// period.
func (b Budget) Check() error {
	n := 0
	for _, x := range []string{b.AccountID, b.Territory, b.Department, b.Brand} {
		if x != "" {
			n++
		}
	}
	switch {
	case !rePeriod.MatchString(b.Period):
		return fault.At("period", "budget_period")
	case n != 1:
		return fault.At("account_code", "budget_one")
	case b.Amount < 0:
		return fault.At("amount", "range", "lo", 0, "hi", "…")
	}
	return nil
}

// Covers reports whether a budget is there for a day: its year, and its month or
// one before it, since months accumulate.
func (b Budget) Covers(day calendar.Day) bool {
	if len(b.Period) == 4 {
		return strings.HasPrefix(string(day), b.Period)
	}
	return b.Period[:4] == string(day)[:4] && b.Period <= string(day)[:7]
}

// Left is what the budgets of one year, category and purpose leave of their sum by
// a day. Months accumulate: what March leaves is April's, too.
func Left(budgets []Budget, drawn map[string]int64, day calendar.Day) int64 {
	left := int64(0)
	for _, b := range budgets {
		if b.Covers(day) {
			left += b.Amount - drawn[b.ID]
		}
	}
	return left
}

// MostShares bounds how many budgets bear one expense.
const MostShares = 12

// Portion is a budget's name and its part in percent, as people write it.
type Portion struct {
	Budget  string
	Percent int64
}

// Portions reads "2026-03/display/K010=60; 2026/display/Brand X=40". One budget
// alone bears all of it.
func Portions(text string) ([]Portion, error) {
	var out []Portion
	sum := int64(0)
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '；' }) {
		name, percent, some := strings.Cut(part, "=")
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		n, err := int64(100), error(nil)
		if some {
			n, err = strconv.ParseInt(strings.Trim(percent, " %％"), 10, 64)
		}
		if err != nil || n <= 0 || n > 100 || slices.ContainsFunc(out, func(p Portion) bool { return p.Budget == name }) {
			return nil, fault.At("shares", "shares", "part", strings.TrimSpace(part))
		}
		out = append(out, Portion{name, n})
		sum += n
	}
	if len(out) > 0 && (sum != 100 || len(out) > MostShares) {
		return nil, fault.At("shares", "shares_sum", "sum", sum)
	}
	return out, nil
}

// Split shares an amount by percent, to the cent: parts are rounded down, and the
// cents that are left go to the parts that lost most, the first first.
func Split(amount int64, percents []int64) []int64 {
	out := make([]int64, len(percents))
	order := make([]int, len(percents))
	left := amount
	for i, p := range percents {
		out[i] = amount / 100 * p
		out[i] += amount % 100 * p / 100
		left -= out[i]
		order[i] = i
	}
	rest := func(i int) int64 { return amount % 100 * percents[i] % 100 }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest(b), rest(a)) })
	for _, i := range order {
		if left <= 0 {
			break
		}
		out[i]++
		left--
	}
	return out
}
