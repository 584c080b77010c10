package transfer

import (
	"time"

	"fieldbot/bot/calendar"
	"fieldbot/bot/report"
	"fieldbot/bot/sheet"
	storevisit "fieldbot/store/visit"
)

var numberColumns = []string{"by", "key", "from", "to", "visits", "due", "in_time", "compliance", "owned", "visited", "coverage", "with_order", "strike_rate", "median_minutes", "verified", "store_visits", "verified_share", "flagged"}

// visitNumbers writes the numbers of a span by person, territory and tier; an
// open span is that of the last 30 days.
func (e *exporter) visitNumbers() error {
	today := calendar.On(e.tx.Now.In(e.zone))
	span := report.Span{From: today.Add(-29), To: today}
	if !e.span.Since.IsZero() {
		span.From = calendar.On(e.span.Since.In(e.zone))
	}
	if !e.span.Until.IsZero() {
		span.To = calendar.On(e.span.Until.In(e.zone).Add(-time.Second))
	}
	w, err := sheet.NewWriter(e.out, e.format, numberColumns)
	if err != nil {
		return err
	}
	places, err := storevisit.Rhythm(e.tx, system, storevisit.Among{}, e.cadence, span)
	if err != nil {
		return err
	}
	done, err := storevisit.Done(e.tx, system, storevisit.Among{}, span)
	if err != nil {
		return err
	}
	for _, by := range report.Groups {
		result := report.Visits(places, done, span, today, report.Group(by), "")
		for _, key := range result.Keys {
			name := key
			if by == string(report.ByPerson) {
				name = e.names[key]
			}
			if err := w.Write(numberRow(by, name, span, *result.Groups[key])); err != nil {
				return err
			}
		}
	}
	return w.Close()
}

func numberRow(by, key string, span report.Span, n report.Numbers) []any {
	percent := func(part, all int) any {
		p, ok := report.Percent(part, all)
		if !ok {
			return ""
		}
		return int64(p)
	}
	count := func(n int) any { return int64(n) }
	return []any{by, key, string(span.From), string(span.To), count(n.Visits), count(n.Due), count(n.InTime), percent(n.InTime, n.Due), count(n.Owned), count(n.Visited), percent(n.Visited, n.Owned),
		count(n.Orders), percent(n.Orders, n.Visits), count(int(n.MedianStay().Round(time.Minute) / time.Minute)), count(n.Verified), count(n.ToStores), percent(n.Verified, n.ToStores), count(n.Flagged)}
}
