package files

import (
	"fmt"
	"time"

	"fieldbot/bot/deal"
	"fieldbot/bot/visit"

	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/visit/visitstore"
)

var numberColumns = []string{"by", "key", "from", "to", "visits", "due", "in_time", "compliance", "owned", "visited", "coverage", "with_order", "strike_rate", "median_minutes", "verified", "store_visits", "verified_share", "flagged"}

// visitNumbers writes the numbers of a span by person, territory and tier; an
// open span is that of the last 30 days.
func (e *exporter) visitNumbers() error {
	today, span := e.days(30)
	w, err := sheet.NewWriter(e.out, e.format, numberColumns)
	if err != nil {
		return err
	}
	places, err := visitstore.Rhythm(e.tx, system, visitstore.Among{}, e.cadence, span)
	if err != nil {
		return err
	}
	done, err := visitstore.Done(e.tx, system, visitstore.Among{}, span)
	if err != nil {
		return err
	}
	for _, by := range visit.Groups {
		result := visit.Count(places, done, span, today, visit.Group(by), "")
		for _, key := range result.Keys {
			name := key
			if by == string(visit.ByPerson) {
				name = e.names[key]
			}
			if err := w.Write(numberRow(by, name, span, *result.Groups[key])); err != nil {
				return err
			}
		}
	}
	return w.Close()
}

// days are those of the span; an open one is that of the last days.
func (e *exporter) days(last int) (calendar.Day, calendar.Span) {
	today := calendar.On(e.tx.Now.In(e.zone))
	span := calendar.Span{From: today.Add(1 - last), To: today}
	if !e.span.Since.IsZero() {
		span.From = calendar.On(e.span.Since.In(e.zone))
	}
	if !e.span.Until.IsZero() {
		span.To = calendar.On(e.span.Until.In(e.zone).Add(-time.Second))
	}
	return today, span
}

var funnelColumns = []string{"by", "key", "from", "to", "stage", "deals", "value", "weighted_value", "currency", "left", "forward", "conversion", "median_days", "evenness", "won", "lost", "win_rate", "cycle_days", "value_per_day", "stuck", "slipped", "single_threaded", "no_next_step"}

// funnelNumbers writes the four measures of a span: of the company, each owner
// and each territory a row, and a row for each of its stages; an open span is
// that of the last year.
func (e *exporter) funnelNumbers() error {
	today, span := e.days(365)
	w, err := sheet.NewWriter(e.out, e.format, funnelColumns)
	if err != nil {
		return err
	}
	ask := dealstore.Asked{Funnel: e.funnel, From: span.From.At(0, e.zone), Until: span.To.Add(1).At(0, e.zone), Today: today, Now: e.tx.Now}
	if ask.Pace, err = dealstore.Paces(e.tx, e.funnel); err != nil {
		return err
	}
	groups := []group{{by: "company"}}
	owners, err := dealstore.Owners(e.tx, system)
	if err != nil {
		return err
	}
	for _, id := range owners {
		groups = append(groups, group{"person", e.names[id], dealstore.Among{Person: id}})
	}
	territories, err := personstore.Territories(e.tx)
	if err != nil {
		return err
	}
	for _, path := range territories {
		groups = append(groups, group{"territory", path, dealstore.Among{Territory: path}})
	}
	for _, g := range groups {
		ask.Among = g.among
		rows, err := dealstore.Figures(e.tx, system, ask)
		if err != nil {
			return err
		}
		if err := e.funnelRows(w, g, span, deal.Measure(e.funnel, rows)); err != nil {
			return err
		}
	}
	return w.Close()
}

// group is whose funnel a row is about.
type group struct {
	by, key string
	among   dealstore.Among
}

func (e *exporter) funnelRows(w sheet.Writer, g group, span calendar.Span, n deal.Measures) error {
	amount := func(minor int64) string { return money.Amount{Minor: minor, Currency: e.money}.Decimal() }
	known := func(ok bool, v any) any {
		if !ok {
			return ""
		}
		return v
	}
	rate, rated := n.WinRate()
	rows := [][]any{{g.by, g.key, string(span.From), string(span.To), "", n.Deals, amount(n.Value), amount(n.Weighted), e.money, "", "", "", "", known(n.EvenKnown, fmt.Sprintf("%.3f", n.Even)), n.Won, n.Lost, known(rated, int64(rate)), known(n.CycleKnown, n.Cycle), known(n.PerDayKnown, amount(n.PerDay)), n.Stuck, n.Slipped, n.Single, n.NoStep}}
	for _, s := range n.Stages {
		rows = append(rows, []any{g.by, g.key, string(span.From), string(span.To), s.Code, s.Deals, amount(s.Value), amount(s.Weighted), e.money, s.Left, s.Forward, known(s.Measured, fmt.Sprintf("%.3f", s.Conversion)), known(s.DaysKnown, s.Days), "", "", "", "", "", "", "", "", "", ""})
	}
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			return err
		}
	}
	return nil
}

func numberRow(by, key string, span calendar.Span, n visit.Numbers) []any {
	percent := func(part, all int) any {
		p, ok := money.Percent(part, all)
		if !ok {
			return ""
		}
		return int64(p)
	}
	count := func(n int) any { return int64(n) }
	return []any{by, key, string(span.From), string(span.To), count(n.Visits), count(n.Due), count(n.InTime), percent(n.InTime, n.Due), count(n.Owned), count(n.Visited), percent(n.Visited, n.Owned),
		count(n.Orders), percent(n.Orders, n.Visits), count(int(n.MedianStay().Round(time.Minute) / time.Minute)), count(n.Verified), count(n.ToStores), percent(n.Verified, n.ToStores), count(n.Flagged)}
}
