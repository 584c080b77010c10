package visit_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/visit"
)

var november = calendar.Span{From: "2026-11-01", To: "2026-11-30"}

// TestNumbersByHand: one store due each week, computed by hand. Last visited on
// 28 October it is due on 4, then, visited on the 3rd, on 10; visited late on
// the 12th, then on 19; visited on the 18th and 19th, then on 26 November,
// which nobody kept.
func TestNumbersByHand(t *testing.T) {
	place := visit.Rhythm{Ref: "store:1", Owner: "anna", Cadence: 7, LastBefore: "2026-10-28", Store: true}
	var visits []visit.Counted
	for i, day := range []calendar.Day{"2026-11-03", "2026-11-12", "2026-11-18", "2026-11-19"} {
		visits = append(visits, visit.Counted{ID: fmt.Sprint(i), Place: "store:1", Person: "anna", Day: day, Done: true, ToStore: true, Presence: map[bool]string{true: "verified", false: "claimed"}[i < 2], Ordered: i == 0, Stay: time.Duration(i) * 10 * time.Minute})
	}
	got := visit.Count([]visit.Rhythm{place}, visits, november, "2026-12-05", visit.ByPerson, "").All
	if got.Due != 4 || got.InTime != 2 || len(got.Late) != 2 || got.Visits != 4 || got.Orders != 1 || got.Verified != 2 || got.Visited != 1 || got.Owned != 1 || got.MedianStay() != 20*time.Minute {
		t.Errorf("%+v, median %v", got, got.MedianStay())
	}
	if late := got.Late; late[0] != (visit.Miss{Place: "store:1", Due: "2026-11-10", Came: "2026-11-12"}) || late[1] != (visit.Miss{Place: "store:1", Due: "2026-11-26"}) {
		t.Errorf("late: %+v", late)
	}
	// On the day itself nothing is missed yet.
	if got := visit.Count([]visit.Rhythm{place}, visits, november, "2026-11-26", visit.ByPerson, "").All; got.Due != 3 {
		t.Errorf("due on the day itself: %d", got.Due)
	}
}

// TestNumbersAddUp: parts never exceed the whole, groups add up to all, and every
// figure has its rows.
func TestNumbersAddUp(t *testing.T) {
	day := rapid.Custom(func(t *rapid.T) calendar.Day { return november.From.Add(rapid.IntRange(-5, 35).Draw(t, "day")) })
	person := rapid.SampledFrom([]string{"anna", "bob", ""})
	rapid.Check(t, func(t *rapid.T) {
		var places []visit.Rhythm
		for i := range rapid.IntRange(0, 6).Draw(t, "places") {
			places = append(places, visit.Rhythm{Ref: fmt.Sprint(i), Owner: person.Draw(t, "owner"), Cadence: rapid.SampledFrom([]int{0, 7, 14}).Draw(t, "cadence"), LastBefore: rapid.SampledFrom([]calendar.Day{"", "2026-10-01", "2026-10-30"}).Draw(t, "last"), Since: "2026-10-15", Store: rapid.Bool().Draw(t, "store")})
		}
		var visits []visit.Counted
		for i := range rapid.IntRange(0, 30).Draw(t, "visits") {
			visits = append(visits, visit.Counted{ID: fmt.Sprint(i), Place: fmt.Sprint(rapid.IntRange(0, 6).Draw(t, "to")), Person: person.Draw(t, "by"), Day: day.Draw(t, "on"), Done: rapid.Bool().Draw(t, "done"), ToStore: rapid.Bool().Draw(t, "toStore"), Presence: rapid.SampledFrom([]string{"verified", "unknown"}).Draw(t, "presence"), Ordered: rapid.Bool().Draw(t, "ordered")})
		}
		r := visit.Count(places, visits, november, day.Draw(t, "today"), visit.ByPerson, "")
		var sum visit.Numbers
		for _, g := range r.Groups {
			sum.Visits, sum.Due, sum.InTime, sum.Owned, sum.Visited = sum.Visits+g.Visits, sum.Due+g.Due, sum.InTime+g.InTime, sum.Owned+g.Owned, sum.Visited+g.Visited
		}
		a := r.All
		if sum.Visits != a.Visits || sum.Due != a.Due || sum.InTime != a.InTime || sum.Owned != a.Owned || sum.Visited != a.Visited {
			t.Fatalf("groups %+v, all %+v", sum, a)
		}
		if a.InTime+len(a.Late) != a.Due || a.Visited+len(a.Uncover) != a.Owned || a.Orders > a.Visits || a.Verified > a.ToStores || a.ToStores > a.Visits {
			t.Fatalf("%+v", a)
		}
	})
}
