package visitstore

import (
	"fmt"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

var _ = store.Machinery("minutes of visits by month, account and person, summed up at night", "visit_hours")

// spentAt is the time of one person at one account.
type spentAt struct {
	Account string `db:"account_id"`
	Person  string `db:"person_id"`
	Minutes int64  `db:"minutes"`
}

// counted sums up the visits done on some days.
// Ungated: sums, which the effort report keeps to the accounts in sight.
func counted(tx *store.Tx, span calendar.Span, c visit.Capacity) ([]spentAt, error) {
	type row struct {
		Account string `db:"account_id"`
		Person  string `db:"person_id"`
		Format  string `db:"format"`
		Office  bool   `db:"office"`
		Minutes int64  `db:"minutes"`
		Guess   int64  `db:"guess"` // visits whose time nobody knows
	}
	type at struct{ account, person string }
	sums := map[at]int64{}
	var order []at
	err := store.Each(tx, func(r row) error {
		key := at{r.Account, r.Person}
		if _, known := sums[key]; !known {
			order = append(order, key)
		}
		sums[key] += r.Minutes + r.Guess*int64(c.Stay(r.Office, r.Format))
		return nil
	}, `SELECT v.account_id, v.person_id, coalesce(s.format, '') AS format, v.store_id = '' AS office, CAST(sum(CASE WHEN `+stayed+` THEN (v.finished_at - v.started_at) / 60000 ELSE 0 END) AS BIGINT) AS minutes,
		CAST(sum(CASE WHEN `+stayed+` THEN 0 ELSE 1 END) AS BIGINT) AS guess
		FROM visits v LEFT JOIN stores s ON s.id = v.store_id WHERE v.visited_on BETWEEN $1 AND $2 AND v.status = 'done' GROUP BY v.account_id, v.person_id, coalesce(s.format, ''), v.store_id = ''`, span.From, span.To)
	out := make([]spentAt, 0, len(order))
	for _, key := range order {
		out = append(out, spentAt{key.account, key.person, sums[key]})
	}
	return out, err
}

// stayed holds for visits whose time in the store is known, see visit.Stay.
const stayed = `v.finished_at > v.started_at AND v.flags NOT LIKE '%` + visit.Forgotten + `%'`

// monthOf is the month of a day, as sums are kept.
func monthOf(d calendar.Day) string { return string(d[:len("2006-01")]) }

// SumMonth sums up the visits of the month of a day anew, and writes what is different.
// Ungated: machinery.
func SumMonth(tx *store.Tx, day calendar.Day, c visit.Capacity) error {
	first, last := day.Month(0)
	sums, err := counted(tx, calendar.Span{From: first, To: last}, c)
	if err != nil {
		return err
	}
	type at struct{ account, person string }
	before := map[at]int64{}
	if err := store.Each(tx, func(r spentAt) error { before[at{r.Account, r.Person}] = r.Minutes; return nil },
		`SELECT account_id, person_id, minutes FROM visit_hours WHERE month = $1`, monthOf(first)); err != nil {
		return err
	}
	for _, s := range sums {
		key := at{s.Account, s.Person}
		was, known := before[key]
		delete(before, key)
		if known && was == s.Minutes {
			continue
		}
		if err := tx.Do(`INSERT INTO visit_hours (month, account_id, person_id, minutes) VALUES ($1, $2, $3, $4)
			ON CONFLICT (month, account_id, person_id) DO UPDATE SET minutes = excluded.minutes`, monthOf(first), s.Account, s.Person, s.Minutes); err != nil {
			return err
		}
	}
	for key := range before { // merged, or undone since
		if err := tx.Do(`DELETE FROM visit_hours WHERE month = $1 AND account_id = $2 AND person_id = $3`, monthOf(first), key.account, key.person); err != nil {
			return err
		}
	}
	return nil
}

// HoursIn is the time of visits in some days, by account and person: of whole months as the
// night summed them up, of the days around them, and of months that no night has seen, as
// they are.
// Ungated: see counted.
func HoursIn(tx *store.Tx, span calendar.Span, c visit.Capacity) (out []account.Effort, err error) {
	summed, err := store.Rows[string](tx, `SELECT DISTINCT month FROM visit_hours WHERE month BETWEEN $1 AND $2`, monthOf(span.From), monthOf(span.To))
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, m := range summed {
		known[m] = true
	}
	add := func(sums []spentAt) {
		for _, s := range sums {
			out = append(out, account.Effort{AccountID: s.Account, PersonID: s.Person, Minutes: s.Minutes})
		}
	}
	var from calendar.Day // of the days to be counted that wait
	count := func(to calendar.Day) error {
		if from == "" {
			return nil
		}
		sums, err := counted(tx, calendar.Span{From: from, To: to}, c)
		from = ""
		add(sums)
		return err
	}
	for day := span.From; day <= span.To; {
		first, last := day.Month(0)
		switch {
		case day == first && last <= span.To && known[monthOf(day)]:
			if err := count(day.Add(-1)); err != nil {
				return nil, err
			}
			sums, err := store.Rows[spentAt](tx, `SELECT account_id, person_id, minutes FROM visit_hours WHERE month = $1`, monthOf(day))
			if err != nil {
				return nil, fmt.Errorf("hours of %s: %w", monthOf(day), err)
			}
			add(sums)
		case from == "":
			from = day
		}
		day = last.Add(1)
	}
	return out, count(span.To)
}
