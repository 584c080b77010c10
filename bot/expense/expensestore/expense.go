// Package expensestore keeps expenses, their budgets, shares and vouchers.
package expensestore

import (
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/expense"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
)

// Expenses are requests to spend, with what became of them.
var Expenses = store.Declare(store.Noun[expense.Expense]{
	About: store.About{Alias: "e", Lives: "e.status <> 'undone'", Gate: seen, May: mayChange, Account: "account_id", Rank: 25, Catalogue: expense.Catalogue, Inner: []string{"seq"},
		Owners: []store.Owner{{Column: "person_id", Held: "e.status NOT IN ('refused', 'settled', 'cancelled', 'undone')"}}},
	Unmake: func(e *expense.Expense) { e.Status = "undone" },
	Fill:   fill,
	Kept:   func(tx *store.Tx, _, e expense.Expense) error { return draw(tx, e) },
})

// seen keeps expenses to own ones, those of people whom a person leads, and those
// of accounts that a person owns or leads; finance sees all.
func seen(a *store.Args, s access.Scope) string {
	if s.All() || s.WholeCompany() || s.Is(person.Finance) {
		return "TRUE"
	}
	return `(` + a.Own("e.person_id", s) + ` OR e.person_id IN (` + personstore.Led(a, s.Person) + `) OR e.account_id IN (SELECT a.id FROM accounts a WHERE ` + accountstore.Led(a, s) + `))`
}

// mayChange is the same without a dotted line's sight; what a role may do to a paper is
// its life's to say.
func mayChange(a *store.Args, s access.Scope) string {
	s.Dotted = false
	return seen(a, s.As(person.Rep, person.KAM, person.Manager, person.Finance))
}

// fill computes what follows from vouchers, budgets and settings.
// Ungated: derived columns.
func fill(tx *store.Tx, e *expense.Expense) error {
	e.Special = store.Rule[expense.Settings](tx).IsSpecial(e.Category)
	type sum struct {
		Amount int64 `db:"amount"`
		Again  int64 `db:"again"`
	}
	v, _, err := store.One[sum](tx, `SELECT coalesce(sum(amount), 0) AS amount, coalesce(sum(CASE WHEN again THEN 1 ELSE 0 END), 0) AS again FROM vouchers WHERE expense_id = $1 AND status = 'active'`, e.ID)
	if err != nil {
		return err
	}
	e.Vouchers, e.Doubted = v.Amount, v.Again > 0
	e.Over, err = over(tx, *e)
	return err
}

// over is by how much an expense would overdraw the budgets that bear it.
func over(tx *store.Tx, e expense.Expense) (int64, error) {
	shares, err := sharesOf(tx, e.ID)
	if err != nil {
		return 0, err
	}
	total := int64(0)
	for i, part := range expense.Split(e.Amount, percents(shares)) {
		b, _, err := store.Known[expense.Budget](tx, shares[i].BudgetID)
		if err != nil {
			return 0, err
		}
		left, err := left(tx, b, e.SpentOn)
		if err != nil {
			return 0, err
		}
		total += max(0, part-left-shares[i].Amount) // what it draws already is its own
	}
	return total, nil
}

func percents(shares []expense.Share) []int64 {
	out := make([]int64, len(shares))
	for i, s := range shares {
		out[i] = s.Percent
	}
	return out
}

// draw writes what each budget bears of an expense now.
// Ungated: derived columns.
func draw(tx *store.Tx, e expense.Expense) error {
	shares, err := sharesOf(tx, e.ID)
	if err != nil {
		return err
	}
	for i, part := range expense.Split(e.Draws(), percents(shares)) {
		if shares[i].Amount == part {
			continue
		}
		if err := tx.Do(`UPDATE expense_shares SET amount = $1 WHERE id = $2`, part, shares[i].ID); err != nil {
			return err
		}
	}
	return nil
}

// sharesOf lists the shares of an expense, for what follows from them.
// Ungated: it computes.
func sharesOf(tx *store.Tx, id string) ([]expense.Share, error) {
	return store.Rows[expense.Share](tx, `SELECT `+store.Columns[expense.Share]("x")+` FROM expense_shares x WHERE x.expense_id = $1 ORDER BY x.created_at, x.id`, id)
}

// Add keeps a new expense with the budgets that bear it.
func Add(tx *store.Tx, e *expense.Expense, shares []expense.Share) error {
	if err := tx.Number("expenses", "EX", &e.Seq, &e.Number); err != nil {
		return err
	}
	if err := Expenses.Add(tx, e); err != nil {
		return err
	}
	return Bear(tx, e, shares)
}

// refresh computes an expense anew after what it follows from has changed.
// Ungated: derived columns.
func refresh(tx *store.Tx, e *expense.Expense) error {
	if err := fill(tx, e); err != nil {
		return err
	}
	if err := tx.Do(`UPDATE expenses SET vouchers = $1, over = $2, doubted = $3 WHERE id = $4`, e.Vouchers, e.Over, e.Doubted, e.ID); err != nil {
		return err
	}
	return draw(tx, *e)
}

// Find returns the expenses in sight that words name: a number, its figures, or a
// part of the purpose.
func Find(tx *store.Tx, scope access.Scope, words string, limit int) ([]expense.Expense, error) {
	number := strings.ToUpper(words)
	if !strings.HasPrefix(number, "EX-") {
		number = "EX-" + number
	}
	same, err := Expenses.In(scope).And("e.number = ?", number).Rows(tx)
	if err != nil || len(same) > 0 {
		return same, err
	}
	return Expenses.In(scope).And("e.person_id = ? AND e.purpose LIKE ?", scope.Person, "%"+words+"%").Order("e.created_at DESC").Limit(limit).Rows(tx)
}

// Of lists the expenses of a person that are not ended, the last first.
func Of(tx *store.Tx, scope access.Scope, person string, limit int) ([]expense.Expense, error) {
	return Expenses.In(scope).And("e.person_id = ? AND e.status IN ('draft', 'submitted', 'approved', 'spent', 'clearing', 'cleared')", person).Order("e.created_at DESC, e.id DESC").Limit(limit).Rows(tx)
}

// In lists the expenses in sight in a state, the first first.
func In(tx *store.Tx, scope access.Scope, status string, limit int) ([]expense.Expense, error) {
	return Expenses.In(scope).And("e.status = ?", status).Order("e.created_at, e.id").Limit(limit).Rows(tx)
}

// ToClear lists the expenses of a person that were spent by a day.
func ToClear(tx *store.Tx, scope access.Scope, person string, by calendar.Day) ([]expense.Expense, error) {
	return Expenses.In(scope).And("e.person_id = ? AND e.status = 'spent' AND e.spent_on <= ?", person, by).Order("e.spent_on, e.id").Limit(50).Rows(tx)
}

// Same returns another claim of the same person, day, amount and category.
func Same(tx *store.Tx, scope access.Scope, e expense.Expense) (expense.Expense, bool, error) {
	return Expenses.In(scope).And("e.person_id = ? AND e.spent_on = ? AND e.amount = ? AND e.category = ?", e.PersonID, e.SpentOn, e.Amount, e.Category).And("e.status NOT IN ('cancelled', 'refused')").Order("e.created_at").Limit(1).One(tx)
}
