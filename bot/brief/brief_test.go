package brief_test

import (
	"testing"

	"fieldbot/bot/account"
	"fieldbot/bot/brief"
	"fieldbot/bot/followup"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/visit"
)

func keys(lines []brief.Line) []string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Key)
	}
	return out
}

// TestLines: our broken word first, what is told once is not told twice, and
// never more than a dozen lines.
func TestLines(t *testing.T) {
	const today = calendar.Day("2026-11-23")
	open := []followup.FollowUp{
		{Kind: followup.Problem, Text: "no stock", DueOn: "2026-11-25"},
		{Kind: followup.Problem, Text: "late problem", DueOn: "2026-11-20"},
		{Kind: followup.Commitment, Text: "a cooler", DueOn: "2026-11-22"},
		{Kind: followup.Commitment, Text: "a display", DueOn: "2026-12-01"},
	}
	f := brief.Facts{Today: today, Open: open, Last: &visit.Visit{VisitedOn: "2026-11-16", Problems: "no stock", Needs: "more shelf"}, LastBy: "Anna",
		Contacts: []account.Contact{{Name: "Petra", Birthday: "1980-11-24"}, {Name: "Uwe", Birthday: "1980-02-01"}}, Missing: "plans"}
	got := keys(brief.Lines(f))
	want := []string{"commitment", "open", "commitment", "open", "last", "last_need", "birthday", "people", "missing"}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d is %s, want %s", i+1, got[i], want[i])
		}
	}
	for range 20 {
		f.Open = append(f.Open, open...)
		f.Contacts = append(f.Contacts, f.Contacts[0])
	}
	if n := len(brief.Lines(f)); n != brief.Most {
		t.Errorf("%d lines", n)
	}
}

// TestUntil: birthdays over the turn of the year, and of the 29th of February.
func TestUntil(t *testing.T) {
	for _, c := range []struct {
		date, today calendar.Day
		days        int
	}{{"1980-11-23", "2026-11-23", 0}, {"1980-01-02", "2026-12-30", 3}, {"1984-02-29", "2027-02-27", 2}, {"1984-02-29", "2028-02-27", 2}, {"1980-11-22", "2026-11-23", 364}} {
		if n, ok := brief.Until(c.date, c.today); !ok || n != c.days {
			t.Errorf("%s from %s: %d days", c.date, c.today, n)
		}
	}
	if _, ok := brief.Until("", "2026-11-23"); ok {
		t.Error("no date is no day")
	}
}
