package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fieldbot/bot/config"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/search"
	"fieldbot/store"
)

// yearsOfDeals is how far back the deals of a large company go.
const yearsOfDeals = 3

// deals: a quarter is open, a quarter won; the others were lost on the way.
func (l *large) deals(ctx context.Context) error {
	funnel := config.Of[deal.Settings](l.config).Funnel()
	owners := append(slices.Clone(l.kams), l.reps...)
	return l.write(ctx, l.size.Deals, func(tx *store.Tx, i int) error {
		account := l.shops[i*7%len(l.shops)].account
		at := tx.Now.Add(-time.Duration(1+l.dice.IntN(yearsOfDeals*365*24*60)) * time.Minute)
		d := deal.Deal{Number: fmt.Sprintf("L-%d", i), Title: fmt.Sprintf("Deal %d", i), AccountID: account, Size: "small", Value: int64(l.dice.IntN(50_000_000)), OwnerID: owners[i%len(owners)], HolderID: owners[i%len(owners)], NextStep: "call", CreatedAt: at, ExpectedCloseOn: calendar.On(tx.Now).Add(l.dice.IntN(300) - 30)}
		d, first := d.Start(funnel[0].Code, d.OwnerID, at)
		lines := []deal.Entry{first}
		anything := func(string) bool { return true }
		for len(lines) < 5 {
			at = at.Add(time.Duration(1+l.dice.IntN(40*24*60)) * time.Minute)
			var e deal.Entry
			var err error
			next, further := funnel.Next(d.Stage)
			switch {
			case i%4 == 0 && len(lines) == 4:
				d, e, err = d.Lose("price", fmt.Sprintf("Rival %d", i%9), "", d.OwnerID, at)
			case further:
				d, e, err = funnel.Advance(d, next.Code, d.Size, anything, d.OwnerID, at)
			}
			if err != nil {
				return err
			}
			lines = append(lines, e)
		}
		if i%4 == 1 || i%4 == 2 { // won or lost from where it got
			d.Status, d.ClosedAt, d.EndReason = deal.Won, at, "price"
			if i%4 == 2 {
				d.Status, d.LostTo = deal.Lost, "Rival"
			}
		}
		return l.keepDeal(tx, d, lines)
	})
}

// Ungated: makes a company up.
func (l *large) keepDeal(tx *store.Tx, d deal.Deal, lines []deal.Entry) error {
	d.ID = store.NewID()
	if err := tx.Do(`INSERT INTO deals (id, number, title, account_id, size, stage, status, value, expected_close_on, owner_id, holder_id, next_step, entered_stage_at, end_reason, lost_to, search, created_at, closed_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $17)`,
		d.ID, d.Number, d.Title, d.AccountID, d.Size, d.Stage, d.Status, d.Value, d.ExpectedCloseOn, d.OwnerID, d.HolderID, d.NextStep, d.EnteredStageAt, d.EndReason, d.LostTo, search.Text(d.Title, d.Number), d.CreatedAt, d.ClosedAt); err != nil {
		return err
	}
	for _, e := range lines {
		e.DealID = d.ID
		if err := dealstore.Note(tx, e); err != nil {
			return err
		}
	}
	return nil
}
