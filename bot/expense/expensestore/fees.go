package expensestore

import (
	"fieldbot/bot/account"
	"fieldbot/bot/expense"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/store"
)

// FeesIn are the fees in sight that were spent for customers in some days, see
// expense.Draws.
func FeesIn(tx *store.Tx, scope access.Scope, span calendar.Span) (out []account.Effort, err error) {
	err = Expenses.In(scope).And("e.spent_on BETWEEN ? AND ? AND e.account_id <> ''", span.From, span.To).Order("e.id").Each(tx, func(e expense.Expense) error {
		if e.Status != expense.Submitted && e.Draws() > 0 {
			out = append(out, account.Effort{AccountID: e.AccountID, Fees: e.Draws()})
		}
		return nil
	})
	return out, err
}
