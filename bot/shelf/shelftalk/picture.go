package shelftalk

import (
	"cmp"
	"maps"
	"slices"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/picture"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/command"
)

// trendWeeks is over how many weeks the picture shows the score.
const trendWeeks = 12

// mostDrawn is how many products and categories a picture shows.
const mostDrawn = 8

// drawn is the picture of scores: the trend over weeks, availability by product, the
// worst first, and our share by category.
func drawn(r *command.Request, args []string) ([]byte, error) {
	span := calendar.Span{From: calendar.Day(args[0]), To: calendar.Day(args[1])}
	among, title := shelfstore.Among{Person: args[2], Account: args[3], Territory: args[4]}, args[5]
	last := min(span.To, r.Words.Today(r.Tx.Now))
	weeks, err := measured(r, among, calendar.Span{From: last.Monday().Add(-7 * (trendWeeks - 1)), To: last}, "week")
	if err != nil {
		return nil, err
	}
	products, err := measured(r, among, span, "product")
	if err != nil {
		return nil, err
	}
	percent := func(v float64) string { return r.Say("shelf.percent", "percent", int(v+0.5)) }
	points := func(v float64) string { return r.Say("shelf.points", "n", int(v+0.5)) }
	trend := picture.Chart{Title: r.Say("shelf.picture_trend", "who", title), Line: true, Most: 100, Print: points}
	for _, g := range weeks.ByKey() {
		score, _ := g.Score(settings(r).Score)
		_, month, day := calendar.Day(g.Key).Parts()
		trend.Bars = append(trend.Bars, picture.Bar{Name: r.Say("shelf.picture_week", "month", int(month), "day", day), Value: float64(score)})
	}
	there := picture.Chart{Title: r.Say("shelf.picture_there"), Most: 100, Print: percent}
	for _, g := range lowest(products) {
		there.Bars = append(there.Bars, picture.Bar{Name: g.Key, Value: availability(g.Measures)})
	}
	share := picture.Chart{Title: r.Say("shelf.picture_share"), Most: 100, Print: percent}
	for _, category := range slices.Sorted(maps.Keys(products.All.Shares)) {
		if n := products.All.Shares[category]; len(share.Bars) < mostDrawn {
			share.Bars = append(share.Bars, picture.Bar{Name: category, Value: 100 * float64(n[0]) / float64(n[1])})
		}
	}
	return picture.Charts(trend, there, share)
}

func availability(m shelf.Measures) float64 {
	return 100 * float64(m.Found) / float64(max(1, m.Listed))
}

// lowest are the products that are missing most, the worst first.
func lowest(products *shelf.Board) []shelf.Group {
	all := products.ByKey()
	slices.SortStableFunc(all, func(a, b shelf.Group) int {
		return cmp.Compare(availability(a.Measures), availability(b.Measures))
	})
	return all[:min(mostDrawn, len(all))]
}
