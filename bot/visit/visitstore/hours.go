package visitstore

import (
	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

var _ = store.Machinery("minutes of visits by month, account and person, summed up at night, and up to which day", "visit_hours", "visit_months")

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
	// Grouped by something that is no column, so that SQLite reads the days that are asked
	// for, and not the visits of every account in turn.
	sums := map[at]int64{}
	var order []at
	err := store.Each(tx, func(r row) error {
		key := at{r.Account, r.Person}
		if _, known := sums[key]; !known {
			order = append(order, key)
		}
		sums[key] += r.Minutes + r.Guess*int64(c.Stay(r.Office, r.Format))
		return nil
	}, `SELECT v.account_id, v.person_id, `+format+` AS format, v.store_id = '' AS office, CAST(sum(CASE WHEN `+stayed+` THEN (v.finished_at - v.started_at) / 60000 ELSE 0 END) AS BIGINT) AS minutes,
		CAST(sum(CASE WHEN `+stayed+` THEN 0 ELSE 1 END) AS BIGINT) AS guess
		FROM visits v WHERE v.visited_on BETWEEN $1 AND $2 AND v.status = 'done' GROUP BY v.account_id || '', v.account_id, v.person_id, `+format+`, v.store_id = ''`, span.From, span.To)
	out := make([]spentAt, 0, len(order))
	for _, key := range order {
		out = append(out, spentAt{key.account, key.person, sums[key]})
	}
	return out, err
}

// format is that of the store, of visits whose time nobody knows alone: to look it up for
// each would take half of the time.
const format = `CASE WHEN ` + stayed + ` THEN '' ELSE coalesce((SELECT s.format FROM stores s WHERE s.id = v.store_id), '') END`

// stayed holds for visits whose time in the store is known, see visit.Stay.
const stayed = `v.finished_at > v.started_at AND v.flags NOT LIKE '%` + visit.Forgotten + `%'`

// SumMonth sums up the visits of the month of a day anew, up to a day, and writes what is
// different.
// Ungated: machinery.
func SumMonth(tx *store.Tx, day, until calendar.Day, c visit.Capacity) error {
	first, last := day.Month(0)
	until = min(last, until)
	sums, err := counted(tx, calendar.Span{From: first, To: until}, c)
	if err != nil {
		return err
	}
	if err := tx.Do(`INSERT INTO visit_months (month, until) VALUES ($1, $2) ON CONFLICT (month) DO UPDATE SET until = excluded.until`, first, until); err != nil {
		return err
	}
	type at struct{ account, person string }
	before := map[at]int64{}
	if err := store.Each(tx, func(r spentAt) error { before[at{r.Account, r.Person}] = r.Minutes; return nil },
		`SELECT account_id, person_id, minutes FROM visit_hours WHERE month = $1`, first); err != nil {
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
			ON CONFLICT (month, account_id, person_id) DO UPDATE SET minutes = excluded.minutes`, first, s.Account, s.Person, s.Minutes); err != nil {
			return err
		}
	}
	for key := range before { // merged, or undone since
		if err := tx.Do(`DELETE FROM visit_hours WHERE month = $1 AND account_id = $2 AND person_id = $3`, first, key.account, key.person); err != nil {
			return err
		}
	}
	return nil
}

// Summed are the days up to which months are summed up, by the first day of the month.
func Summed(tx *store.Tx) (map[calendar.Day]calendar.Day, error) {
	type row struct {
		Month calendar.Day `db:"month"`
		Until calendar.Day `db:"until"`
	}
	rows, err := store.Rows[row](tx, `SELECT month, until FROM visit_months`)
	out := make(map[calendar.Day]calendar.Day, len(rows))
	for _, r := range rows {
		out[r.Month] = r.Until
	}
	return out, err
}

// HoursIn is the time of visits in some days, by account and person: as the night summed it
// up, where a month is asked for from its first day on, and of the other days as it is.
// Ungated: see counted.
func HoursIn(tx *store.Tx, span calendar.Span, c visit.Capacity) (out []account.Effort, err error) {
	summed, err := Summed(tx)
	if err != nil {
		return nil, err
	}
	add := func(sums []spentAt, err error) error {
		for _, s := range sums {
			out = append(out, account.Effort{AccountID: s.Account, PersonID: s.Person, Minutes: s.Minutes})
		}
		return err
	}
	from := span.From // of the days that wait to be counted
	for day := span.From; day <= span.To; {
		first, last := day.Month(0)
		if until := summed[first]; day == first && until != "" && until <= span.To {
			if from < day {
				if err := add(counted(tx, calendar.Span{From: from, To: day.Add(-1)}, c)); err != nil {
					return nil, err
				}
			}
			if err := add(store.Rows[spentAt](tx, `SELECT account_id, person_id, minutes FROM visit_hours WHERE month = $1`, first)); err != nil {
				return nil, err
			}
			from = until.Add(1)
		}
		day = last.Add(1)
	}
	if from <= span.To {
		err = add(counted(tx, calendar.Span{From: from, To: span.To}, c))
	}
	return out, err
}
