package dealtalk

import (
	"fmt"

	"fieldbot/bot/config"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/person/personstore"
)

var funnelColumns = []string{"by", "key", "from", "to", "stage", "deals", "value", "weighted_value", "currency", "left", "forward", "conversion", "median_days", "evenness", "won", "won_value", "lost", "win_rate", "cycle_days", "value_per_day", "stuck", "slipped", "single_threaded", "no_next_step"}

// exportFunnel writes the four measures of a span: of the company, each owner
// and each territory a row, and a row for each of its stages; an open span is
// that of the last year.
func exportFunnel(e *files.Exporter) error {
	f := config.Of[deal.Settings](e.Config).Funnel()
	today, span := e.Days(365)
	w, err := e.Writer(funnelColumns)
	if err != nil {
		return err
	}
	ask := dealstore.Asked{Funnel: f, From: span.From.At(0, e.Zone), Until: span.To.Add(1).At(0, e.Zone), Today: today, Now: e.Tx.Now, Zone: e.Zone}
	if ask.Pace, err = dealstore.Paces(e.Tx, f); err != nil {
		return err
	}
	groups := []group{{by: "company"}}
	owners, err := dealstore.Owners(e.Tx, byFile)
	if err != nil {
		return err
	}
	for _, id := range owners {
		groups = append(groups, group{"person", e.Name(id), dealstore.Among{Person: id}})
	}
	territories, err := personstore.Territories(e.Tx)
	if err != nil {
		return err
	}
	for _, path := range territories {
		groups = append(groups, group{"territory", path, dealstore.Among{Territory: path}})
	}
	for _, g := range groups {
		ask.Among = g.among
		rows, err := dealstore.Figures(e.Tx, byFile, ask)
		if err != nil {
			return err
		}
		if err := writeFunnel(w, g, span, e.Config.Company.Currency, deal.Measure(f, rows)); err != nil {
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

func writeFunnel(w sheet.Writer, g group, span calendar.Span, currency string, n deal.Measures) error {
	amount := func(minor int64) string { return money.Amount{Minor: minor, Currency: currency}.Decimal() }
	known := func(ok bool, v any) any {
		if !ok {
			return ""
		}
		return v
	}
	rate, rated := n.WinRate()
	rows := [][]any{{g.by, g.key, string(span.From), string(span.To), "", n.Deals, amount(n.Value), amount(n.Weighted), currency, "", "", "", "", known(n.EvenKnown, fmt.Sprintf("%.3f", n.Even)), n.Won, amount(n.WonValue), n.Lost, known(rated, int64(rate)), known(n.CycleKnown, n.Cycle), known(n.PerDayKnown, amount(n.PerDay)), n.Stuck, n.Slipped, n.Single, n.NoStep}}
	for _, s := range n.Stages {
		rows = append(rows, []any{g.by, g.key, string(span.From), string(span.To), s.Code, s.Deals, amount(s.Value), amount(s.Weighted), currency, s.Left, s.Forward, known(s.Measured, fmt.Sprintf("%.3f", s.Conversion)), known(s.DaysKnown, s.Days), "", "", "", "", "", "", "", "", "", "", ""})
	}
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			return err
		}
	}
	return nil
}
