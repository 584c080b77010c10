package command

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestBriefLines: what burns stands first, nothing is said twice, and there are
// never more than a dozen lines.
func TestBriefLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var points []Point
		for i := range rapid.IntRange(0, 30).Draw(t, "points") {
			rank := rapid.SampledFrom([]int{RankPlan, RankOpen, RankPast, RankPeople}).Draw(t, "rank")
			points = append(points, Point{Rank: rank, Says: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "says"), Text: fmt.Sprintf("%d of rank %d", i, rank)})
		}
		says := map[string]string{}
		for _, p := range points {
			says[p.Text] = p.Says
		}
		got := texts(slices.Clone(points))
		if len(got) > mostPoints {
			t.Fatalf("%d lines", len(got))
		}
		said, last := map[string]int{}, 0
		for i, line := range got {
			number, text, _ := strings.Cut(line, ". ")
			var of, rank int
			if _, err := fmt.Sscanf(text, "%d of rank %d", &of, &rank); err != nil || number != fmt.Sprint(i+1) {
				t.Fatalf("%q is not line %d: %v", line, i+1, err)
			}
			if rank < last {
				t.Fatalf("%q stands behind what burns less", line)
			}
			last = rank
			if s := says[text]; s != "" {
				said[s]++
			}
		}
		for s, n := range said {
			if n > 1 {
				t.Fatalf("%q is said %d times", s, n)
			}
		}
	})
}
