package store

import "time"

// Lease takes or renews what one daemon of several may do, until now + life.
// It is false while another holder has it. Times are the database clients';
// daemons of one company keep theirs within a few seconds.
func (tx *Tx) Lease(name, holder string, life time.Duration) (bool, error) {
	n, err := tx.Exec(`INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE leases.holder = excluded.holder OR leases.until <= $4`,
		name, holder, tx.Now.Add(life), tx.Now)
	return n == 1, err
}

// Release gives a lease back, so that the next daemon need not wait for its
// end.
func (tx *Tx) Release(name, holder string) error {
	return tx.Do(`DELETE FROM leases WHERE name = $1 AND holder = $2`, name, holder)
}
