package expensetalk

import (
	"fmt"
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/expense"
	"fieldbot/bot/expense/expensestore"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/store"
)

var byFile = access.System("files of expenses")

var fileKinds = []files.Kind{
	{Name: "budgets", Catalogue: expense.BudgetCatalogue, Export: exportBudgets, Import: files.Importing(importBudgets)},
	{Name: "expenses", Catalogue: expense.Catalogue, Export: exportExpenses, Import: files.Importing(importExpenses)},
	{Name: "vouchers", Catalogue: expense.VoucherFile, Export: exportVouchers, Import: files.Importing(importVouchers)},
}

func exportBudgets(e *files.Exporter) error {
	all, err := expensestore.Budgets.In(byFile).Since("b.created_at", e.Span.Since, e.Span.Until).Order("b.period, b.category, b.id").Rows(e.Tx)
	if err != nil {
		return err
	}
	drawn := map[string]int64{}
	for _, b := range all {
		if drawn[b.ID], err = expensestore.Drawn(e.Tx, b.ID); err != nil {
			return err
		}
	}
	return files.Table(e, expense.BudgetCatalogue, files.From(all), func(b expense.Budget, v map[string]string) {
		v["spent"], v["left"] = fmt.Sprint(drawn[b.ID]), fmt.Sprint(b.Amount-drawn[b.ID])
	})
}

func importBudgets(j *files.Job) files.Rows[expense.Budget] {
	about := []string{"period", "category", "account_code", "territory", "department", "brand"}
	return files.Rows[expense.Budget]{
		Key: func(v map[string]string) string {
			var parts []string
			for _, key := range about {
				parts = append(parts, v[key])
			}
			return strings.Join(parts, "\x00")
		},
		Find: func(tx *store.Tx, v map[string]string) (expense.Budget, bool, error) {
			return expensestore.BudgetOf(tx, byFile, expense.Budget{Period: v["period"], Category: v["category"], AccountID: j.AccountByCode(v["account_code"]).ID, Territory: store.CleanTerritory(v["territory"]), Department: v["department"], Brand: v["brand"]})
		},
		ID: func(b *expense.Budget) *string { return &b.ID },
		Fill: func(b *expense.Budget, r *files.Record) bool {
			if !j.Set(expense.BudgetCatalogue, b, r) {
				return false
			}
			b.Territory, b.Status = store.CleanTerritory(b.Territory), expense.Active
			return j.Accepts(r, b.Check())
		},
		Same:   files.Equal[expense.Budget](expense.BudgetCatalogue),
		Add:    expensestore.Budgets.Add,
		Change: expensestore.Budgets.Change,
	}
}

// budgetNames are what files and people call the budgets, by id.
func budgetNames(tx *store.Tx) (map[string]string, error) {
	all, err := expensestore.Budgets.In(byFile).Rows(tx)
	out := map[string]string{}
	for _, b := range all {
		code := ""
		if b.AccountID != "" {
			a, _, err := accountstore.Accounts.In(byFile).ByID(tx, b.AccountID)
			if err != nil {
				return nil, err
			}
			code = a.Code
		}
		out[b.ID] = b.Name(code)
	}
	return out, err
}

func exportExpenses(e *files.Exporter) error {
	names, err := budgetNames(e.Tx)
	if err != nil {
		return err
	}
	all, err := expensestore.Expenses.In(byFile).Since("e.created_at", e.Span.Since, e.Span.Until).Order("e.created_at, e.id").Rows(e.Tx)
	if err != nil {
		return err
	}
	borne := map[string]string{}
	for _, x := range all {
		shares, err := expensestore.SharesOf(e.Tx, byFile, x.ID)
		if err != nil {
			return err
		}
		var parts []string
		for _, s := range shares {
			parts = append(parts, fmt.Sprintf("%s=%d", names[s.BudgetID], s.Percent))
		}
		borne[x.ID] = strings.Join(parts, "; ")
	}
	return files.Table(e, expense.Catalogue, files.From(all), func(x expense.Expense, v map[string]string) {
		v["currency"], v["shares"] = e.Config.Company.Currency, borne[x.ID]
	})
}

// numbered is the expense of a number.
func numbered(tx *store.Tx, number string) (expense.Expense, bool, error) {
	return expensestore.Expenses.In(byFile).And("e.number = ?", number).One(tx)
}

func importExpenses(j *files.Job) files.Rows[expense.Expense] {
	ids := map[string]string{} // of budgets, by what they are called
	j.Look(func(tx *store.Tx) error {
		names, err := budgetNames(tx)
		for id, name := range names {
			ids[strings.ToLower(name)] = id
		}
		return err
	})
	bearers := func(r *files.Record) (out []expense.Share, err error) {
		portions, err := expense.Portions(r.Fields["shares"])
		for _, p := range portions {
			id := ids[strings.ToLower(p.Budget)]
			if id == "" {
				return nil, fmt.Errorf("there is no budget %q; import budgets first", p.Budget)
			}
			out = append(out, expense.Share{BudgetID: id, Percent: p.Percent})
		}
		return out, err
	}
	return files.Rows[expense.Expense]{
		Key: func(v map[string]string) string { return v["number"] },
		Find: func(tx *store.Tx, v map[string]string) (expense.Expense, bool, error) {
			return numbered(tx, v["number"])
		},
		ID: func(x *expense.Expense) *string { return &x.ID },
		Fill: func(x *expense.Expense, r *files.Record) bool {
			if !j.SameCurrency(r) || !j.Set(expense.Catalogue, x, r) {
				return false
			}
			if x.SpentOn == "" {
				x.SpentOn = j.Today
			}
			if x.Status == "" {
				x.Status = expense.Draft
			}
			if _, err := bearers(r); err != nil {
				j.Refuse(r, "shares", err.Error())
				return false
			}
			switch {
			case x.Amount <= 0:
				j.Refuse(r, "amount", "is to be above 0")
			case x.Cleared < 0:
				j.Refuse(r, "cleared", "is below 0")
			default:
				return true
			}
			return false
		},
		Same: files.Equal[expense.Expense](expense.Catalogue),
		Add:  func(tx *store.Tx, x *expense.Expense) error { return expensestore.Add(tx, x, nil) },
		After: func(tx *store.Tx, x expense.Expense, r *files.Record) error {
			shares, err := bearers(r)
			if err != nil {
				return err
			}
			return expensestore.Bear(tx, &x, shares)
		},
		Change: expensestore.Expenses.Change,
	}
}

func exportVouchers(e *files.Exporter) error {
	all, err := expensestore.Vouchers.In(byFile).And("v.status = 'active'").Since("v.created_at", e.Span.Since, e.Span.Until).Order("v.created_at, v.id").Rows(e.Tx)
	if err != nil {
		return err
	}
	number := files.Numbers(e, expensestore.Expenses, byFile, func(x expense.Expense) string { return x.Number })
	return files.Table(e, expense.VoucherFile, files.From(all), func(v expense.Voucher, values map[string]string) { values["expense_number"] = number(v.ExpenseID) })
}

func importVouchers(j *files.Job) files.Rows[expense.Voucher] {
	return files.Rows[expense.Voucher]{
		Key: func(v map[string]string) string { return v["expense_number"] + "\x00" + v["number"] },
		Find: func(tx *store.Tx, v map[string]string) (expense.Voucher, bool, error) {
			x, ok, err := numbered(tx, v["expense_number"])
			if err != nil || !ok {
				return expense.Voucher{}, false, err
			}
			return expensestore.Vouchers.In(byFile).And("v.expense_id = ? AND v.number = ? AND v.status = 'active'", x.ID, v["number"]).One(tx)
		},
		ID: func(v *expense.Voucher) *string { return &v.ID },
		Fill: func(v *expense.Voucher, r *files.Record) bool {
			if !j.Set(expense.VoucherFile, v, r) {
				return false
			}
			number := r.Fields["expense_number"]
			var x expense.Expense
			j.Look(func(tx *store.Tx) (err error) { x, _, err = numbered(tx, number); return err })
			switch {
			case x.ID == "":
				j.Refuse(r, "expense_number", fmt.Sprintf("there is no expense %q; import expenses first", number))
			case v.Amount <= 0:
				j.Refuse(r, "amount", "is to be above 0")
			default:
				v.ExpenseID, v.Status = x.ID, expense.Active
				return true
			}
			return false
		},
		Same:   files.Equal[expense.Voucher](expense.VoucherFile),
		Add:    expensestore.AddVoucher,
		Change: expensestore.Vouchers.Change,
	}
}
