package shelf

import (
	"slices"
	"strings"
)

// Told is what an account's stores sold in a week, and how many of them told it.
type Told struct {
	WeekOn string `db:"week_on"`
	Stores int64  `db:"stores"`
	Units  int64  `db:"units"`
}

// Sold is what was sold of a product in some weeks.
type Sold struct {
	ProductID string `db:"product_id"`
	Category  string `db:"category"`
	Units     int64  `db:"units"`
}

// ReviewWeeks are the weeks that a category review and growth look back on.
const ReviewWeeks = 13

// Growth is by how many percent more was sold than in the same weeks of the year before,
// half away from zero; it is false where nothing is known of them.
func Growth(now, before int64) (int64, bool) {
	if before <= 0 {
		return 0, false
	}
	n := 200*(now-before) + before
	if now < before {
		n = 200*(now-before) - before
	}
	return n / (2 * before), true
}

// Reviewed is a product in its category: its share and rank among ours there.
type Reviewed struct {
	Sold
	Percent, Rank int64
	Weak          bool // sells less than half of the mean of its category
}

// Review (品类回顾) ranks what was sold within its category.
//
// Crisps of 60, 30 and 10 units: 60 %, 30 % and 10 %; the mean is 33, and the third sells
// less than half of it.
func Review(sold []Sold) []Reviewed {
	total, count := map[string]int64{}, map[string]int64{}
	for _, s := range sold {
		total[s.Category] += s.Units
		count[s.Category]++
	}
	out := make([]Reviewed, len(sold))
	for i, s := range sold {
		rank := int64(1)
		for _, o := range sold {
			if o.Category == s.Category && o.Units > s.Units {
				rank++
			}
		}
		all := total[s.Category]
		out[i] = Reviewed{Sold: s, Rank: rank, Weak: 2*s.Units*count[s.Category] < all}
		if all > 0 {
			out[i].Percent = (200*s.Units + all) / (2 * all)
		}
	}
	slices.SortStableFunc(out, func(a, b Reviewed) int {
		switch {
		case a.Category != b.Category:
			return strings.Compare(a.Category, b.Category)
		case a.Rank != b.Rank:
			return int(a.Rank - b.Rank)
		}
		return strings.Compare(a.ProductID, b.ProductID)
	})
	return out
}
