package credittalk

import (
	"cmp"
	"strconv"

	"fieldbot/bot/account"
	"fieldbot/bot/credit"
	"fieldbot/bot/credit/creditstore"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/talk/command"
	"fieldbot/store"
)

var fileKinds = []files.Kind{
	{Name: "credit", Catalogue: credit.Catalogue, Export: exportCredit, Import: files.Importing(importCredit)},
}

var byFile = access.System("files of credit")

func exportCredit(e *files.Exporter) error {
	today, _ := e.Days(1)
	all, err := creditstore.Credits.In(byFile).Order("cr.account_id").Rows(e.Tx)
	if err != nil {
		return err
	}
	facts := map[string]credit.Facts{}
	for _, c := range all {
		if facts[c.ID], _, err = creditstore.FactsOf(e.Tx, account.Account{ID: c.AccountID}, today); err != nil {
			return err
		}
	}
	return files.Table(e, credit.Catalogue, files.From(all), func(c credit.Credit, v map[string]string) {
		f := facts[c.ID]
		v["limit"], v["exposure"], v["overdue"] = strconv.FormatInt(c.Limit, 10), strconv.FormatInt(f.Exposure, 10), strconv.FormatInt(f.Overdue, 10)
	})
}

func importCredit(j *files.Job) files.Rows[credit.Credit] {
	return files.Rows[credit.Credit]{
		Key: func(v map[string]string) string { return v["account_code"] },
		Find: func(tx *store.Tx, v map[string]string) (credit.Credit, bool, error) {
			return creditstore.Of(tx, byFile, j.AccountByCode(v["account_code"]).ID)
		},
		ID: func(c *credit.Credit) *string { return &c.ID },
		Fill: func(c *credit.Credit, r *files.Record) bool {
			if !j.Set(credit.Catalogue, c, r) {
				return false
			}
			c.Grade = cmp.Or(c.Grade, "C")
			return true
		},
		Same:   files.Equal[credit.Credit](credit.Catalogue),
		Add:    creditstore.Add,
		Change: creditstore.Credits.Change,
	}
}

// demoCredits are the grades of the demo's chains.
var demoCredits = []credit.Credit{
	{AccountID: "K001", Grade: "A", Limit: 1_200_000_00}, {AccountID: "K002", Grade: "B", Limit: 300_000_00}, {AccountID: "K004", Grade: "C", Limit: 200_000_00},
	{AccountID: "K010", Grade: "A", Limit: 400_000_00}, {AccountID: "K011", Grade: "D", Limit: 5_000_00},
}

func fillDemo(demo *command.Demo) error {
	for _, c := range demoCredits {
		a := demo.Accounts[c.AccountID]
		c.AccountID = a.ID
		today := command.WordsFor(demo.Person(a.OwnerID), demo.Config).Today(demo.Tx.Now)
		if a.Code == "K004" || a.Code == "K011" { // overdue since before the demo began
			c.Hold, c.HoldSince, c.Reason = true, today, credit.Overdue
		}
		if err := creditstore.Add(demo.Tx, &c); err != nil {
			return err
		}
	}
	return nil
}
