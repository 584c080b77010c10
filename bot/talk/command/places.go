package command

import (
	"fmt"
	"strings"

	"fieldbot/bot/account"
)

// DueLines lists places that are due, a line each, at most n of them, and how
// many more there are.
func (r *Request) DueLines(places []account.Place, n int) string {
	var lines []string
	for _, p := range places[:min(n, len(places))] {
		lines = append(lines, r.DueLine(p))
	}
	if more := len(places) - n; more > 0 {
		lines = append(lines, r.Say("list.more", "n", more))
	}
	return strings.Join(lines, "\n")
}

// DueLine is a place that is due, and for how long it has been.
func (r *Request) DueLine(p account.Place) string {
	overdue := p.Overdue(r.Words.Today(r.Tx.Now))
	when := r.Say("place.overdue", "n", overdue)
	switch {
	case p.NextDueOn == account.NeverVisited:
		when = r.Say("place.never")
	case overdue == 0:
		when = r.Say("place.due_today")
	}
	return r.Say("place.line", "place", p.Name, "grade", r.Grade(p), "when", when)
}

// Grade names the scale that is meant: A店 of a store, A类客户 of an account;
// empty where the place has none.
func (r *Request) Grade(p account.Place) string {
	if p.Grade == "" {
		return ""
	}
	return r.Say("grade."+p.Kind, "grade", p.Grade)
}

// MapLink opens a map at a point: Amap for readers of Chinese, since Google's
// does not open in China. Both take the coordinates of phones (WGS 84).
func (r *Request) MapLink(lat, lon float64) string {
	if r.Words.Code == "zh" {
		return fmt.Sprintf("https://uri.amap.com/marker?position=%.5f,%.5f&coordinate=wgs84", lon, lat)
	}
	return fmt.Sprintf("https://maps.google.com/?q=%.5f,%.5f", lat, lon)
}
