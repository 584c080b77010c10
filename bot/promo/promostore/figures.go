package promostore

import (
	"cmp"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/promo"
	"fieldbot/store"
)

// Weeks are the units that the stores of a promo sold of its products, by week.
// Ungated: sums of a promo in sight.
func Weeks(tx *store.Tx, p promo.Promo, span calendar.Span) (map[calendar.Day]int64, error) {
	type week struct {
		On    calendar.Day `db:"week_on"`
		Units int64        `db:"units"`
	}
	var a store.Args
	where := `x.promo_id = ` + a.Add(p.ID) + ` AND x.status <> 'dropped' AND q.week_on >= ` + a.Add(span.From.Monday()) + ` AND q.week_on <= ` + a.Add(span.To)
	if len(p.ProductCodes) > 0 {
		list := ""
		for i, code := range p.ProductCodes {
			if i > 0 {
				list += ", "
			}
			list += a.Add(code)
		}
		where += ` AND q.product_id IN (SELECT id FROM products WHERE code IN (` + list + `))`
	}
	rows, err := store.Rows[week](tx, `SELECT q.week_on, cast(sum(q.units) AS BIGINT) AS units FROM promo_executions x JOIN sellout q ON q.store_id = x.store_id WHERE `+where+` GROUP BY q.week_on`, a.List...)
	out := map[calendar.Day]int64{}
	for _, w := range rows {
		out[w.On] = w.Units
	}
	return out, err
}

// promoted are the days on which other promos of an account ran.
// Ungated: which weeks are like any other.
func promoted(tx *store.Tx, p promo.Promo, span calendar.Span) ([]promo.Promo, error) {
	return store.Rows[promo.Promo](tx, `SELECT `+store.Columns[promo.Promo]("o")+` FROM promos o WHERE o.account_id = $1 AND o.id <> $2 AND o.status IN ('running', 'verified', 'settled') AND o.starts_on <= $3 AND o.ends_on >= $4`, p.AccountID, p.ID, span.To, span.From)
}

// The weeks that a forecast looks at.
const (
	baseWeeks   = 4
	lookBack    = 16 // to find them among weeks with promos
	growthWeeks = 13
	year        = 364 // days: the same weekdays
)

// HistoryOf is what the forecast of a promo follows from.
func HistoryOf(tx *store.Tx, p promo.Promo, today calendar.Day) (promo.History, error) {
	last := min(today, p.StartsOn).Monday()
	recent := calendar.Span{From: last.Add(-7 * lookBack), To: last.Add(-1)}
	weeks, err := Weeks(tx, p, recent)
	if err != nil {
		return promo.History{}, err
	}
	others, err := promoted(tx, p, recent)
	if err != nil {
		return promo.History{}, err
	}
	var h promo.History
	for n := 1; n <= lookBack && len(h.Base) < baseWeeks; n++ {
		monday := last.Add(-7 * n)
		units, told := weeks[monday]
		if told && !touched(others, monday) {
			h.Base = append(h.Base, units)
		}
	}
	before, err := Weeks(tx, p, calendar.Span{From: p.StartsOn.Add(-year), To: p.EndsOn.Add(-year)})
	if err != nil {
		return h, err
	}
	for _, units := range before {
		h.LastYear = append(h.LastYear, units)
	}
	for n := 1; n <= growthWeeks; n++ {
		h.Recent += weeks[last.Add(-7*n)]
	}
	old, err := Weeks(tx, p, calendar.Span{From: last.Add(-7*growthWeeks - year), To: last.Add(-1 - year)})
	for _, units := range old {
		h.RecentYear += units
	}
	return h, err
}

func touched(promos []promo.Promo, monday calendar.Day) bool {
	for _, o := range promos {
		if o.StartsOn <= monday.Add(6) && o.EndsOn >= monday {
			return true
		}
	}
	return false
}

// Evaluate is what came of a promo until a day.
func Evaluate(tx *store.Tx, p promo.Promo, executions []promo.Execution) (promo.Evaluation, error) {
	v := promo.Evaluation{Forecast: p.ForecastUnits}
	v.Count(executions)
	h, err := HistoryOf(tx, p, p.StartsOn)
	if err != nil {
		return v, err
	}
	slot, after := calendar.Span{From: p.StartsOn, To: p.EndsOn}, calendar.Span{From: p.EndsOn.Add(1), To: p.EndsOn.Add(14)}
	weeks, err := Weeks(tx, p, calendar.Span{From: slot.From, To: after.To})
	if err != nil {
		return v, err
	}
	told := calendar.Day("")
	for monday := range weeks {
		told = max(told, monday.Add(6))
	}
	v.Units, v.After = promo.UnitsIn(weeks, slot), promo.UnitsIn(weeks, after)
	v.Baseline, v.AfterBaseline = promo.Expected(h.Base, until(slot, told)), promo.Expected(h.Base, until(after, told))
	v.Margin, err = extraMargin(tx, p, slot, told)
	return v, err
}

// extraMargin is what a promo earned above the usual until the last day that the chain has
// told, product by product, before its fee.
func extraMargin(tx *store.Tx, p promo.Promo, slot calendar.Span, told calendar.Day) (sum int64, err error) {
	for _, code := range p.ProductCodes {
		of := p
		of.ProductCodes = []string{code}
		x, ok, err := productstore.ByCode(tx, code)
		if err != nil {
			return 0, err
		}
		if !ok || x.Cost == 0 {
			continue // what it costs is not known
		}
		l, _, err := productstore.Of(tx, access.System("the agreed price of what a promo sold"), p.AccountID, x.ID)
		if err != nil {
			return 0, err
		}
		h, err := HistoryOf(tx, of, p.StartsOn)
		if err != nil {
			return 0, err
		}
		weeks, err := Weeks(tx, of, slot)
		if err != nil {
			return 0, err
		}
		sum += (promo.UnitsIn(weeks, slot) - promo.Expected(h.Base, until(slot, told))) * (cmp.Or(l.SupplyPrice, x.ListPrice) - x.Cost)
	}
	return sum, nil
}

// until is how many days of a span the chain has told.
func until(span calendar.Span, told calendar.Day) int {
	return max(0, min(span.To, told).Sub(span.From)+1)
}
