package visit_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/visit"
)

var week = []calendar.Day{"2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28"}

func working(d calendar.Day) bool { return d != "2026-11-28" }

// TestPropose: every place is proposed once at most; what is planned stands on
// its day; nothing is proposed before it is due nor on a day that is not
// worked; a day that is not only plans keeps its minutes, unless its first stop
// alone is longer.
func TestPropose(t *testing.T) {
	capacity := visit.Capacity{Day: 420, Minutes: map[string]int{"hypermarket": 60, "supermarket": 30, "convenience": 15}}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "n")
		var from []visit.Candidate
		planned := map[string]calendar.Day{}
		for i := range n {
			x := visit.Candidate{Place: account.Place{Kind: account.KindStore, ID: fmt.Sprint(i), Code: fmt.Sprint(i), Grade: rapid.SampledFrom([]string{"", "A", "B", "C"}).Draw(t, "grade"),
				Format: rapid.SampledFrom([]string{"hypermarket", "supermarket", "convenience", ""}).Draw(t, "format"), NextDueOn: rapid.SampledFrom([]calendar.Day{"", account.NeverVisited, "2026-11-20", "2026-11-25", "2026-12-24"}).Draw(t, "due"),
				Latitude: rapid.Float64Range(31, 31.2).Draw(t, "lat"), Longitude: 121.4}}
			if rapid.IntRange(0, 4).Draw(t, "fixed") == 0 {
				x.Planned, x.Agreed = "v"+x.Place.ID, rapid.SampledFrom(week).Draw(t, "on")
				planned[x.Place.ID] = x.Agreed
			}
			from = append(from, x)
		}
		seen := map[string]bool{}
		stops := map[calendar.Day]int{}
		minutes := map[calendar.Day]int{}
		for _, s := range visit.Propose(week, working, from, capacity) {
			p := s.Candidate.Place
			if seen[p.ID] {
				t.Fatalf("%s twice", p.ID)
			}
			seen[p.ID] = true
			stops[s.Day]++
			if day, fixed := planned[p.ID]; fixed {
				if s.Day != day {
					t.Fatalf("planned for %s, on %s", day, s.Day)
				}
				delete(planned, p.ID)
				continue
			}
			if p.NextDueOn == "" || p.NextDueOn > s.Day || !working(s.Day) {
				t.Fatalf("due %q, proposed for %s", p.NextDueOn, s.Day)
			}
			stay := capacity.Minutes[p.Format]
			if stay == 0 {
				stay = 30
			}
			if minutes[s.Day] += stay; minutes[s.Day] > capacity.Day && stops[s.Day] > 1 {
				t.Fatalf("%s holds %d minutes", s.Day, minutes[s.Day])
			}
		}
		if len(planned) > 0 {
			t.Fatalf("planned and not shown: %v", planned)
		}
	})
}

// TestOverdueFirst: the most urgent place opens the day, the nearest follows.
func TestOverdueFirst(t *testing.T) {
	at := func(id, grade string, due calendar.Day, lat float64) visit.Candidate {
		return visit.Candidate{Place: account.Place{Kind: account.KindStore, ID: id, Code: id, Grade: grade, NextDueOn: due, Latitude: lat, Longitude: 121}}
	}
	got := visit.Propose(week[:1], working, []visit.Candidate{at("today A", "A", week[0], 31.001), at("far C", "C", "2026-11-01", 31.2), at("late A", "A", "2026-11-10", 31.0), at("near C", "C", "2026-11-20", 31.01)}, visit.Capacity{Day: 420})
	want := []string{"late A", "near C", "far C", "today A"}
	for i, s := range got {
		if s.Candidate.Place.ID != want[i] {
			t.Errorf("stop %d is %s, want %s", i+1, s.Candidate.Place.ID, want[i])
		}
	}
}

// TestTooFast: at the border of 120 km/h, and close by.
func TestTooFast(t *testing.T) {
	const degree = 111.195 // km of latitude
	for _, c := range []struct {
		km   float64
		took time.Duration
		want bool
	}{{0.9, 0, false}, {60, 31 * time.Minute, false}, {60, 29 * time.Minute, true}, {60, -29 * time.Minute, true}, {300, 0, true}} {
		if got := visit.TooFast(31, 121, 31+c.km/degree, 121, c.took, 120); got != c.want {
			t.Errorf("%v km in %v: %v", c.km, c.took, got)
		}
	}
}

// TestEffect: what came within thirty days, in any order.
func TestEffect(t *testing.T) {
	v := visit.Visit{VisitedOn: "2026-11-01", Intent: "weak", Satisfaction: 3}
	done := func(day calendar.Day, intent string, satisfaction int64, ordered bool) visit.Visit {
		return visit.Visit{Status: visit.Done, VisitedOn: day, Intent: intent, Satisfaction: satisfaction, Ordered: ordered}
	}
	got := visit.EffectOf(v, []visit.Visit{done("2026-11-29", "", 0, true), done("2026-11-10", "clear", 4, false), done("2026-11-20", "strong", 0, true), done("2026-12-02", "none", 1, true), done("2026-10-30", "none", 1, true)})
	if want := (visit.Effect{Intent: "strong", Satisfaction: 4, Orders: 2, Visits: 3}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
