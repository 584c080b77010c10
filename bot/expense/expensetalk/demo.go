package expensetalk

import (
	"fieldbot/bot/expense"
	"fieldbot/bot/expense/expensestore"
	"fieldbot/bot/talk/command"
)

// granted are the expenses of the demo: each may be spent, and has a budget.
var granted = []struct {
	by, account, category, purpose string
	amount, budget                 int64 // minor units
}{
	{"li.wei", "K001", "试吃", "杨浦店周末试吃", 800_00, 6_000_00},
	{"anna", "K010", "tasting", "weekend tasting at Wedding", 240_00, 3_000_00},
}

// fillDemo gives the demo's reps an expense to spend and to clear.
func fillDemo(demo *command.Demo) error {
	for _, x := range granted {
		who, account := demo.People[x.by], demo.Accounts[x.account].ID
		today := command.WordsFor(who, demo.Config).Today(demo.Tx.Now)
		b := expense.Budget{Period: string(today[:4]), Category: x.category, AccountID: account, Amount: x.budget, Status: expense.Active}
		if err := expensestore.Budgets.Add(demo.Tx, &b); err != nil {
			return err
		}
		e := expense.Expense{PersonID: who.ID, AccountID: account, Category: x.category, Purpose: x.purpose, Amount: x.amount, SpentOn: today, Status: expense.Approved}
		if err := expensestore.Add(demo.Tx, &e, []expense.Share{{BudgetID: b.ID, Percent: 100}}); err != nil {
			return err
		}
	}
	return nil
}
