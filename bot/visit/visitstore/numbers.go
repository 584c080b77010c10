package visitstore

import (
	"strconv"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

// Among narrows a report: to a person, an account and all below it, or a
// territory and all below it. Empty fields narrow nothing.
type Among struct{ Person, Account, Territory string }

func (m Among) places(a *store.Args, alias, owner, account string) string {
	where := alias + `.status = 'active'`
	if m.Person != "" {
		where += ` AND ` + alias + `.` + owner + ` = ` + a.Add(m.Person)
	}
	if m.Account != "" {
		where += ` AND ` + alias + `.` + account + ` IN (` + a.Below(m.Account) + `)`
	}
	if m.Territory != "" {
		where += ` AND ` + alias + `.in_territory IN (` + a.Territory(m.Territory) + `)`
	}
	return where
}

// Done reads what the numbers of a report need of the visits done in a span.
func Done(tx *store.Tx, scope access.Scope, m Among, span calendar.Span) ([]visit.Counted, error) {
	type row struct {
		ID         string       `db:"id"`
		Place      string       `db:"place"`
		Person     string       `db:"person_id"`
		Day        calendar.Day `db:"visited_on"`
		Presence   string       `db:"presence"`
		StartedAt  time.Time    `db:"started_at"`
		FinishedAt time.Time    `db:"finished_at"`
		Ordered    bool         `db:"ordered"`
		Flags      []string     `db:"flags"`
		Territory  string       `db:"territory"`
		Tier       string       `db:"tier"`
		Store      string       `db:"store_id"`
		Format     string       `db:"format"`
	}
	var a store.Args
	where := `v.visited_on BETWEEN ` + a.Add(span.From) + ` AND ` + a.Add(span.To) + ` AND v.status = 'done'`
	if m.Person != "" {
		// Those of others to the person's places too: they keep the rhythm.
		me := a.Add(m.Person)
		where += ` AND (v.person_id = ` + me + ` OR s.rep_id = ` + me + ` OR (v.store_id = '' AND c.owner_id = ` + me + `))`
	}
	if m.Account != "" {
		where += ` AND v.account_id IN (` + a.Below(m.Account) + `)`
	}
	if m.Territory != "" {
		where += ` AND coalesce(s.in_territory, c.in_territory) IN (` + a.Territory(m.Territory) + `)`
	}
	var out []visit.Counted
	err := store.Each(tx, func(r row) error {
		v := visit.Visit{StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, Flags: r.Flags}
		out = append(out, visit.Counted{ID: r.ID, Place: r.Place, Person: r.Person, Day: r.Day, Done: true, Presence: r.Presence, Stay: v.Stay(), Ordered: r.Ordered, Flagged: len(r.Flags) > 0, ToStore: r.Store != "", Format: r.Format, Territory: r.Territory, Tier: r.Tier})
		return nil
	}, `SELECT v.id, `+accountstore.RefOfVisit+` AS place, v.person_id, v.visited_on, v.presence, v.started_at, v.finished_at, v.ordered, v.flags, v.store_id, coalesce(s.format, '') AS format,
		coalesce(s.in_territory, c.in_territory) AS territory, CASE WHEN s.id IS NULL THEN 'account:' || c.tier ELSE 'store:' || s.store_class END AS tier
		FROM visits v JOIN accounts c ON c.id = v.account_id LEFT JOIN stores s ON s.id = v.store_id WHERE `+where+` AND `+Visits.Gate(&a, scope), a.List...)
	return out, err
}

// Rhythm reads what the numbers of a report need of the places that somebody
// is to visit.
func Rhythm(tx *store.Tx, scope access.Scope, m Among, cadence account.Cadence, span calendar.Span) ([]visit.Rhythm, error) {
	type row struct {
		ID          string       `db:"id"`
		Name        string       `db:"name"`
		Owner       string       `db:"owner"`
		Territory   string       `db:"in_territory"`
		Tier        string       `db:"tier"`
		Days        int64        `db:"cadence_days"`
		AccountDays int64        `db:"account_days"`
		LastBefore  calendar.Day `db:"last_before"`
		CreatedAt   time.Time    `db:"created_at"`
	}
	var s store.Args
	before := `(SELECT coalesce(max(v.visited_on), '') FROM visits v WHERE v.store_id = s.id AND v.status = 'done' AND v.visited_on < ` + s.Add(span.From) + `)`
	stores, err := store.Rows[row](tx, `SELECT s.id, s.name, s.rep_id AS owner, s.in_territory, s.store_class AS tier, s.cadence_days, a.cadence_days AS account_days, `+before+` AS last_before, s.created_at
		FROM stores s JOIN accounts a ON a.id = s.account_id WHERE `+m.places(&s, "s", "rep_id", "account_id")+` AND `+accountstore.Stores.Gate(&s, scope)+` ORDER BY s.id`, s.List...)
	if err != nil {
		return nil, err
	}
	var out []visit.Rhythm
	for _, r := range stores {
		days := cadence.OfStore(account.Store{Class: r.Tier, CadenceDays: r.Days}, r.AccountDays)
		out = append(out, visit.Rhythm{Ref: "store:" + r.ID, Name: r.Name, Owner: r.Owner, Territory: r.Territory, Tier: "store:" + r.Tier, Cadence: days, LastBefore: r.LastBefore, Since: calendar.On(r.CreatedAt), Store: true})
	}
	var a store.Args
	before = `(SELECT coalesce(max(v.visited_on), '') FROM visits v WHERE v.account_id = a.id AND v.store_id = '' AND v.status = 'done' AND v.visited_on < ` + a.Add(span.From) + `)`
	offices, err := store.Rows[row](tx, `SELECT a.id, a.name, a.owner_id AS owner, a.in_territory, a.tier, a.cadence_days, a.cadence_days AS account_days, `+before+` AS last_before, a.created_at
		FROM accounts a WHERE `+m.places(&a, "a", "owner_id", "id")+` AND `+accountstore.Accounts.Gate(&a, scope.InTheField())+` ORDER BY a.id`, a.List...)
	for _, r := range offices {
		days := cadence.OfAccount(account.Account{Tier: r.Tier, CadenceDays: r.Days})
		out = append(out, visit.Rhythm{Ref: "account:" + r.ID, Name: r.Name, Owner: r.Owner, Territory: r.Territory, Tier: "account:" + r.Tier, Cadence: days, LastBefore: r.LastBefore, Since: calendar.On(r.CreatedAt)})
	}
	return out, err
}

// In lists the visits of a report, the last day first, for a file.
func In(tx *store.Tx, scope access.Scope, m Among, span calendar.Span, flagged bool, limit int) ([]visit.Visit, error) {
	var a store.Args
	where := `v.visited_on BETWEEN ` + a.Add(span.From) + ` AND ` + a.Add(span.To) + ` AND v.status = 'done'`
	if m.Person != "" {
		where += ` AND v.person_id = ` + a.Add(m.Person)
	}
	if m.Account != "" {
		where += ` AND v.account_id IN (` + a.Below(m.Account) + `)`
	}
	if m.Territory != "" {
		where += ` AND (v.store_id IN (SELECT id FROM stores WHERE in_territory IN (` + a.Territory(m.Territory) + `)) OR v.account_id IN (SELECT id FROM accounts WHERE in_territory IN (` + a.Territory(m.Territory) + `)))`
	}
	if flagged {
		where += ` AND v.flags <> ''`
	}
	return store.Rows[visit.Visit](tx, `SELECT `+store.Columns[visit.Visit]("v")+` FROM visits v WHERE `+where+` AND `+Visits.Gate(&a, scope)+` ORDER BY v.visited_on DESC, v.started_at DESC LIMIT `+strconv.Itoa(limit), a.List...)
}
