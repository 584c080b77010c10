package expensestore

import (
	"slices"
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/expense"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/store"
)

// part is what everything that belongs to an expense has in common.
// Ungated: joins the expense that gates it.
func part(alias string) store.About {
	return store.About{Alias: alias, Join: "JOIN expenses e ON e.id = " + alias + ".expense_id", Gate: seen,
		NoOwner: "goes with its expense", NoMove: "goes with its expense", NoFile: "stands in its expense's file"}
}

// What belongs to an expense.
var (
	Shares = store.Declare(store.Noun[expense.Share]{About: unmade(part("h"))})

	Vouchers = store.Declare(store.Noun[expense.Voucher]{
		About:  part("v"),
		Unmake: func(v *expense.Voucher) { v.Status = expense.Withdrawn },
		Kept: func(tx *store.Tx, _, v expense.Voucher) error {
			e, ok, err := store.Known[expense.Expense](tx, v.ExpenseID)
			if err != nil || !ok {
				return err
			}
			return refresh(tx, &e)
		},
	})
)

// unmade: an expense whose making is undone draws nothing, and its shares stay.
func unmade(a store.About) store.About {
	a.NoUndo = "goes with its expense"
	return a
}

// SharesOf lists which budgets bear an expense.
func SharesOf(tx *store.Tx, scope access.Scope, expenseID string) ([]expense.Share, error) {
	return Shares.In(scope).And("h.expense_id = ?", expenseID).Order("h.created_at, h.id").Limit(expense.MostShares).Rows(tx)
}

// Bear has budgets bear an expense, beside those that do.
func Bear(tx *store.Tx, e *expense.Expense, shares []expense.Share) error {
	if len(shares) == 0 {
		return nil
	}
	known, err := sharesOf(tx, e.ID)
	if err != nil {
		return err
	}
	for _, s := range shares {
		s.ExpenseID = e.ID
		i := slices.IndexFunc(known, func(k expense.Share) bool { return k.BudgetID == s.BudgetID })
		switch {
		case i < 0:
			err = Shares.Add(tx, &s)
		case known[i].Percent != s.Percent:
			after := known[i]
			after.Percent = s.Percent
			err = Shares.Change(tx, known[i], after)
		}
		if err != nil {
			return err
		}
	}
	return refresh(tx, e)
}

// VouchersOf lists the vouchers of an expense.
func VouchersOf(tx *store.Tx, scope access.Scope, expenseID string) ([]expense.Voucher, error) {
	return Vouchers.In(scope).And("v.expense_id = ? AND v.status = 'active'", expenseID).Order("v.created_at, v.id").Limit(100).Rows(tx)
}

// AddVoucher keeps a voucher. One whose number was used is refused: a voucher
// clears one expense.
// Ungated: a number is used once in the company.
func AddVoucher(tx *store.Tx, v *expense.Voucher) error {
	if err := tx.Lock("voucher:" + v.Number); err != nil {
		return err
	}
	used, twice, err := store.One[string](tx, `SELECT e.number FROM vouchers v JOIN expenses e ON e.id = v.expense_id WHERE v.number = $1 AND v.status = 'active'`, v.Number)
	if err == nil && twice {
		err = fault.At("voucher_number", "voucher_used", "voucher", v.Number, "number", used)
	}
	if err != nil {
		return err
	}
	v.Status = expense.Active
	return Vouchers.Add(tx, v)
}

// ofVoucher is the subject of a voucher's photos, before its id.
const ofVoucher = "vouchers:"

// Subject is a voucher as its photos name it.
func Subject(v expense.Voucher) string { return ofVoucher + v.ID }

// PhotoSeen marks a voucher whose picture was seen with another one: it clears
// nothing until somebody takes it back.
func PhotoSeen(tx *store.Tx, subject string, others []string) error {
	id, isVoucher := strings.CutPrefix(subject, ofVoucher)
	if !isVoucher {
		return nil
	}
	for _, other := range others {
		otherID, isVoucher := strings.CutPrefix(other, ofVoucher)
		if !isVoucher || otherID == id {
			continue
		}
		if o, ok, err := store.Known[expense.Voucher](tx, otherID); err != nil || !ok || o.Status != expense.Active {
			if err != nil {
				return err
			}
			continue
		}
		before, ok, err := store.Known[expense.Voucher](tx, id)
		if err != nil || !ok || before.Again {
			return err
		}
		after := before
		after.Again = true
		return tx.Unasked(func() error { return Vouchers.Change(tx, before, after) })
	}
	return nil
}

// Budgets are what may be spent.
var Budgets = store.Declare(store.Noun[expense.Budget]{
	About: store.About{Alias: "b", Lives: "b.status = 'active'", Gate: budgetsSeen, Account: "account_id", Catalogue: expense.BudgetCatalogue, Inner: []string{"status"},
		NoOwner: "finance keeps them", // What the other account has a budget for, too, stays with the merged one.
		Stays:   "EXISTS (SELECT 1 FROM budgets x WHERE x.account_id = ? AND x.period = b.period AND x.category = b.category AND x.status = 'active')"},
	Unmake: func(b *expense.Budget) { b.Status = expense.Withdrawn },
	Fill: func(_ *store.Tx, b *expense.Budget) error {
		b.Territory = store.CleanTerritory(b.Territory)
		return nil
	},
})

// budgetsSeen keeps budgets to those of accounts that a person owns or leads, of a
// manager's territory, and, for who may ask for expenses on them, to those of
// departments and brands; finance sees all.
func budgetsSeen(a *store.Args, s access.Scope) string {
	if s.All() || s.WholeCompany() || s.Is(person.Finance) {
		return "TRUE"
	}
	or := `b.account_id IN (SELECT a.id FROM accounts a WHERE ` + accountstore.Readable(a, s) + `)`
	if s.Is(person.Manager) {
		or += ` OR b.territory IN (` + a.Territory(s.Territory) + `)`
	}
	if s.Is(person.KAM, person.Manager) {
		or += ` OR b.account_id = '' AND b.territory = ''`
	}
	return "(" + or + ")"
}

// left is what a budget, with the months before it, leaves by a day.
// Ungated: what is left is a sum.
func left(tx *store.Tx, b expense.Budget, day calendar.Day) (int64, error) {
	same, err := store.Rows[expense.Budget](tx, `SELECT `+store.Columns[expense.Budget]("x")+` FROM budgets x WHERE x.period LIKE $1 AND length(x.period) = $2 AND x.category = $3 AND x.account_id = $4 AND x.territory = $5 AND x.department = $6 AND x.brand = $7 AND x.status = 'active'`,
		b.Period[:4]+"%", len(b.Period), b.Category, b.AccountID, b.Territory, b.Department, b.Brand)
	if err != nil {
		return 0, err
	}
	drawn := map[string]int64{}
	for _, x := range same {
		if drawn[x.ID], err = Drawn(tx, x.ID); err != nil {
			return 0, err
		}
	}
	return expense.Left(same, drawn, day), nil
}

// BudgetOf returns the budget of a period and a category for what another one is for.
func BudgetOf(tx *store.Tx, scope access.Scope, b expense.Budget) (expense.Budget, bool, error) {
	return Budgets.In(scope).And("b.period = ? AND b.category = ? AND b.account_id = ? AND b.territory = ? AND b.department = ? AND b.brand = ?", b.Period, b.Category, b.AccountID, b.Territory, b.Department, b.Brand).One(tx)
}

// Drawn is what a budget bears of expenses now.
// Ungated: what is drawn is a sum.
func Drawn(tx *store.Tx, budgetID string) (int64, error) {
	n, _, err := store.One[int64](tx, `SELECT cast(coalesce(sum(amount), 0) AS BIGINT) FROM expense_shares WHERE budget_id = $1`, budgetID)
	return n, err
}

// Left is what a budget in sight leaves by a day.
func Left(tx *store.Tx, b expense.Budget, day calendar.Day) (int64, error) { return left(tx, b, day) }

// BudgetsFor lists the budgets in sight of a year; words narrow them.
func BudgetsFor(tx *store.Tx, scope access.Scope, year, category, account string) ([]expense.Budget, error) {
	q := Budgets.In(scope).And("b.period LIKE ?", year+"%")
	if category != "" {
		q.And("b.category = ?", category)
	}
	if account != "" {
		q.And("b.account_id = ?", account)
	}
	return q.Order("b.period, b.category, b.id").Limit(200).Rows(tx)
}

// AnyBudget reports whether the company has set budgets at all.
// Ungated: whether there is any.
func AnyBudget(tx *store.Tx) (bool, error) {
	_, some, err := store.One[string](tx, `SELECT id FROM budgets LIMIT 1`)
	return some, err
}
