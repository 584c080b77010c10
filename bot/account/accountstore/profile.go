package accountstore

import (
	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/store"
)

type profiled struct {
	Profile map[string]string `db:"profile"`
}

type unasked struct {
	Profile map[string]string `db:"profile"`
	Stale   bool              `db:"stale"`
}

// ProfileOf returns the profile of an account, if the scope may see it.
func ProfileOf(tx *store.Tx, scope access.Scope, id string) (map[string]string, error) {
	var a store.Args
	p, _, err := store.One[profiled](tx, `SELECT a.profile FROM accounts a WHERE a.id = `+a.Add(id)+` AND `+Accounts.Gate(&a, scope), a.List...)
	return p.Profile, err
}

// ProfileUnasked returns an account's profile, and whether something of the account was made
// sure of before a day alone, unless a job has run for a person today: nobody is asked twice.
func ProfileUnasked(tx *store.Tx, scope access.Scope, id, job, person, day string, fresh calendar.Day) (profile map[string]string, stale, ok bool, err error) {
	var a store.Args
	p, ok, err := store.One[unasked](tx, `SELECT a.profile, EXISTS (SELECT 1 FROM verifications vf WHERE vf.account_id = a.id AND vf.on_day <> '' AND vf.on_day < `+a.Add(fresh)+`) AS stale FROM accounts a WHERE a.id = `+a.Add(id)+` AND NOT EXISTS (SELECT 1 FROM fired f WHERE f.job = `+a.Add(job)+` AND f.person_id = `+a.Add(person)+` AND f.day = `+a.Add(day)+`) AND `+Accounts.Gate(&a, scope), a.List...)
	return p.Profile, p.Stale, ok, err
}

// Passers lists a person's ordinary accounts without a tier whose revenue has
// passed the lowest of a B (domain.md §2).
func Passers(tx *store.Tx, scope access.Scope, owner string) ([]account.Place, error) {
	var a store.Args
	return store.Rows[account.Place](tx, accountPlace+`a.owner_id = `+a.Add(owner)+` AND a.status = 'active' AND a.kind = 'ordinary' AND a.tier = ''
		AND a.revenue > (SELECT coalesce(min(b.revenue), 9000000000000000) FROM accounts b WHERE b.tier = 'B' AND b.revenue > 0) AND `+Accounts.Gate(&a, scope)+` ORDER BY a.revenue DESC LIMIT 20`, a.List...)
}

// Standings reads what the tiers of all active accounts follow from.
func Standings(tx *store.Tx, scope access.Scope) ([]account.Standing, error) {
	type row struct {
		ID        string       `db:"id"`
		Name      string       `db:"name"`
		Tier      string       `db:"tier"`
		Revenue   int64        `db:"revenue"`
		Margin    int64        `db:"margin"`
		Potential int64        `db:"potential"`
		Since     calendar.Day `db:"customer_since"`
	}
	var a store.Args
	rows, err := store.Rows[row](tx, `SELECT a.id, a.name, a.tier, a.revenue, a.margin, a.potential, a.customer_since FROM accounts a WHERE a.status = 'active' AND a.kind IN ('key', 'ordinary') AND `+Accounts.Gate(&a, scope)+` ORDER BY a.code`, a.List...)
	out := make([]account.Standing, len(rows))
	for i, x := range rows {
		out[i] = account.Standing{ID: x.ID, Name: x.Name, Tier: x.Tier, Revenue: x.Revenue, Margin: x.Margin, Potential: x.Potential, Since: x.Since}
	}
	return out, err
}

// Steady counts, for each account in sight, the months since a day in which it was
// visited.
func Steady(tx *store.Tx, scope access.Scope, since calendar.Day) (map[string]int64, error) {
	type row struct {
		Account string `db:"account_id"`
		Months  int64  `db:"months"`
	}
	var a store.Args
	rows, err := store.Rows[row](tx, `SELECT v.account_id, count(DISTINCT substr(v.visited_on, 1, 7)) AS months FROM visits v JOIN accounts a ON a.id = v.account_id WHERE v.visited_on >= `+a.Add(since)+` AND v.status = 'done' AND `+Accounts.Gate(&a, scope)+` GROUP BY v.account_id`, a.List...)
	out := make(map[string]int64, len(rows))
	for _, r := range rows {
		out[r.Account] = r.Months
	}
	return out, err
}
