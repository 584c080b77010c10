// Package brief chooses what a visitor should know before the door (拜访前简报,
// domain.md §3): a dozen lines at most, what burns first. It is pure; what is
// known comes in as values, and lines go out as keys of bot/talk/lang.
package brief

import (
	"cmp"
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/followup"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/visit"
)

// Most is how many lines a brief has.
const Most = 12

// Facts is what is known of a place.
type Facts struct {
	Today    calendar.Day
	Last     *visit.Visit // the last one done; nil for none
	LastBy   string       // who made it
	Open     []followup.FollowUp
	Contacts []account.Contact
	Planned  *visit.Visit // the plan of today's visit
	Missing  string       // the profile's most useful empty field
	Deals    []string     // where the account's deals stand, each with its missing gate
}

// Line is a sentence of the brief.
type Line struct {
	Key  string // in bot/talk/lang, behind "brief."
	Args []any
}

// soon is how many days ahead an important date is worth a word.
const soon = 7

// Lines writes the brief.
func Lines(f Facts) []Line {
	var out []Line
	add := func(key string, args ...any) { out = append(out, Line{key, args}) }
	if f.Planned != nil && len(f.Planned.Objectives) > 0 {
		add("objectives", "objectives", f.Planned.Objectives)
	}
	if f.Planned != nil && !f.Planned.Prepared && len(f.Planned.Objectives) > 0 {
		add("not_prepared")
	}
	open := slices.Clone(f.Open)
	slices.SortStableFunc(open, func(a, b followup.FollowUp) int {
		return cmp.Or(cmp.Compare(rank(a, f.Today), rank(b, f.Today)), strings.Compare(string(a.DueOn), string(b.DueOn)))
	})
	for _, x := range open[:min(5, len(open))] {
		key := "open"
		if x.Kind == followup.Commitment {
			key = "commitment"
		}
		add(key, "text", x.Text, "day", x.DueOn, "late", max(0, x.Late(f.Today)))
	}
	if len(open) > 5 {
		add("more_open", "n", len(open)-5)
	}
	if v := f.Last; v == nil {
		add("never")
	} else {
		add("last", "day", v.VisitedOn, "who", f.LastBy, "met", v.Met)
		for _, x := range []struct{ key, text string }{{"last_problem", v.Problems}, {"last_need", v.Needs}, {"last_step", v.NextStep}, {"last_rival", v.CompetitorNews}} {
			if x.text != "" && !told(open, x.text) {
				add(x.key, "text", x.text)
			}
		}
	}
	for _, d := range f.Deals {
		add("deal", "text", d)
	}
	for _, c := range f.Contacts {
		if days, ok := Until(c.Birthday, f.Today); ok && days <= soon {
			add("birthday", "who", c.Name, "n", days)
		}
	}
	if names := people(f.Contacts); len(names) > 0 {
		add("people", "people", names)
	}
	if f.Missing != "" {
		add("missing", "field", f.Missing)
	}
	return out[:min(Most, len(out))]
}

// rank puts our own broken word first, then what is late, then the rest.
func rank(x followup.FollowUp, today calendar.Day) int {
	late := x.Late(today) > 0
	switch {
	case late && x.Kind == followup.Commitment:
		return 0
	case late:
		return 1
	case x.Kind == followup.Commitment:
		return 2
	}
	return 3
}

// told reports whether a follow-up says the same already.
func told(open []followup.FollowUp, text string) bool {
	return slices.ContainsFunc(open, func(x followup.FollowUp) bool { return x.Text == text })
}

// people are the weightiest contacts, with their titles.
func people(contacts []account.Contact) []string {
	var out []string
	for _, c := range contacts[:min(3, len(contacts))] {
		name := c.Name
		if c.Title != "" {
			name += " " + c.Title
		}
		out = append(out, name)
	}
	return out
}

// Until is the days from today to the next return of a date; it is false for
// none. The 29th of February returns on the 1st of March in other years.
func Until(date, today calendar.Day) (int, bool) {
	if date == "" {
		return 0, false
	}
	_, month, day := date.Parts()
	year, _, _ := today.Parts()
	for _, y := range []int{year, year + 1} {
		if next := calendar.Date(y, month, day); next >= today {
			return next.Sub(today), true
		}
	}
	return 0, false
}
