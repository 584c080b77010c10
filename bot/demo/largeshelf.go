package demo

import (
	"context"
	"fmt"

	"fieldbot/bot/kit/calendar"
	"fieldbot/store"
)

// largeProducts is how many products each account of a large company carries; an audit
// has a line for each.
const largeProducts = 10

// audits: each of some store by its rep, on a day of the last year, one product in ten
// out.
// Ungated: makes a company up.
func (l *large) audits(ctx context.Context) error {
	if l.size.Audits == 0 {
		return nil
	}
	products := make([]string, largeProducts)
	if err := l.write(ctx, largeProducts, func(tx *store.Tx, i int) error {
		products[i] = store.NewID()
		return tx.Do(`INSERT INTO products (id, code, name, category, case_size, list_price, status, searched) VALUES ($1, $2, $3, 'crisps', 12, 399, 'active', $4)`, products[i], fmt.Sprintf("L%d", i), fmt.Sprintf("Crisps %d", i), fmt.Sprintf("l%d crisps", i))
	}); err != nil {
		return err
	}
	listed := map[string]bool{}
	if err := l.write(ctx, len(l.shops), func(tx *store.Tx, i int) error {
		s := l.shops[i]
		if listed[s.account] {
			return nil
		}
		listed[s.account] = true
		for _, p := range products {
			if err := tx.Do(`INSERT INTO listings (id, account_id, product_id, owner_id, status, suggested_price) VALUES ($1, $2, $3, $4, 'listed', 399)`, store.NewID(), s.account, p, s.rep); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	return l.write(ctx, l.size.Audits, func(tx *store.Tx, i int) error {
		s := l.shops[i%len(l.shops)]
		at, _ := l.atWork(tx.Now, i/len(l.shops)*36+l.dice.IntN(36))
		id := store.NewID()
		if err := tx.Do(`INSERT INTO audits (id, ref, store_id, account_id, person_id, audited_on, audited_at, mode, category_facings, source, status, created_at, updated_at) VALUES ($1, $1, $2, $3, $4, $5, $6, 'quick', 'crisps=60', 'telegram', 'made', $6, $6)`,
			id, s.id, s.account, s.rep, calendar.On(at), at); err != nil {
			return err
		}
		for _, p := range products {
			on := "yes"
			if l.dice.IntN(10) == 0 {
				on = "no"
			}
			if err := tx.Do(`INSERT INTO audit_lines (id, audit_id, product_id, store_id, audited_on, category, on_shelf, facings, shelf_price, due_price, counted) VALUES ($1, $2, $3, $4, $5, 'crisps', $6, 3, 399, 399, 'on_shelf')`, store.NewID(), id, p, s.id, calendar.On(at), on); err != nil {
				return err
			}
		}
		return nil
	})
}
