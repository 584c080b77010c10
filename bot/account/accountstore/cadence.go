package accountstore

import (
	"context"
	"fmt"
	"strconv"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/store"
)

// cadenced is what a store's next due day follows from.
type cadenced struct {
	ID          string       `db:"id"`
	Class       string       `db:"store_class"`
	Days        int64        `db:"cadence_days"`
	AccountDays int64        `db:"account_days"`
	LastVisitOn calendar.Day `db:"last_visit_on"`
	NextDueOn   calendar.Day `db:"next_due_on"`
}

// selectCadenced selects stores with the day of the last visit as SQL says it.
// Ungated: derived columns.
func selectCadenced(last string) string {
	return `SELECT s.id, s.store_class, s.cadence_days, a.cadence_days AS account_days, ` + last + ` AS last_visit_on, s.next_due_on FROM stores s JOIN accounts a ON a.id = s.account_id WHERE `
}

func (c cadenced) next(last calendar.Day, cadence account.Cadence) calendar.Day {
	return account.NextDue(last, cadence.OfStore(account.Store{Class: c.Class, CadenceDays: c.Days}, c.AccountDays))
}

func refreshStoresOf(tx *store.Tx, accountID string) error {
	rows, err := store.Rows[cadenced](tx, selectCadenced("s.last_visit_on")+`s.account_id = $1`, accountID)
	if err != nil {
		return err
	}
	return refresh(tx, rows, store.Rule[account.Cadence](tx))
}

// Ungated: derived columns.
func refresh(tx *store.Tx, rows []cadenced, cadence account.Cadence) error {
	for _, s := range rows {
		if next := s.next(s.LastVisitOn, cadence); next != s.NextDueOn {
			if err := tx.Do(`UPDATE stores SET next_due_on = $1 WHERE id = $2`, next, s.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// Recadence computes every next due day anew if the cadence in the config has
// changed since the last start, some hundred rows in each unit of work.
// Ungated: derived columns.
func Recadence(ctx context.Context, db *store.DB, cadence account.Cadence) error {
	return db.Anew(ctx, "cadence", fmt.Sprint(cadence), func() error {
		if err := db.Steps(ctx, func(tx *store.Tx, after string) (last string, err error) {
			rows, err := store.Rows[cadenced](tx, selectCadenced("s.last_visit_on")+`s.id > $1 ORDER BY s.id LIMIT `+strconv.Itoa(store.AtOnce), after)
			if err != nil || len(rows) == 0 {
				return after, err
			}
			return rows[len(rows)-1].ID, refresh(tx, rows, cadence)
		}); err != nil {
			return err
		}
		return refreshOffices(ctx, db, cadence)
	})
}

// Ungated: derived columns.
func refreshOffices(ctx context.Context, db *store.DB, cadence account.Cadence) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		offices, err := Accounts.In(access.System("every head office")).Rows(tx)
		if err != nil {
			return err
		}
		for _, a := range offices {
			if next := account.NextDue(a.LastVisitOn, cadence.OfAccount(a)); next != a.NextDueOn {
				if err := tx.Do(`UPDATE accounts SET next_due_on = $1 WHERE id = $2`, next, a.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
