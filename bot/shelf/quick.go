package shelf

import (
	"slices"

	"fieldbot/bot/kit/calendar"
)

// Expected is a product that is to stand in a store, and what the last audit knew of it.
type Expected struct {
	ProductID string
	DuePrice  int64
	Facings   int64 // counted last, 0 never
}

// Seen is what somebody said of the products of a shelf, by the product's id.
type Seen struct {
	Out, TagWrong      map[string]bool
	Price, Facings     map[string]int64
	Shelf, Backroom    map[string]int64
	Expiry             map[string]calendar.Day
	Position           map[string]string
	EverythingLookedAt bool
}

// Lines make the lines of an audit: what was named is counted, all else is assumed to be
// as it should: there, at the price that is due, with the facings counted last.
func Lines(expected []Expected, seen Seen) []Line {
	out := make([]Line, len(expected))
	for i, x := range expected {
		l := Line{ProductID: x.ProductID, OnShelf: Yes, DuePrice: x.DuePrice, ShelfPrice: x.DuePrice, Facings: x.Facings}
		id := x.ProductID
		if seen.EverythingLookedAt {
			l.Count("on_shelf", "shelf_price", "tag_right")
			l.TagRight = Yes
		}
		if seen.Out[id] {
			l.OnShelf, l.ShelfPrice, l.Facings, l.TagRight = No, 0, 0, ""
			l.Counted = nil
			l.Count("on_shelf")
		}
		if n, ok := seen.Price[id]; ok {
			l.ShelfPrice = n
			l.Count("on_shelf", "shelf_price")
		}
		if n, ok := seen.Facings[id]; ok {
			l.Facings = n
			l.Count("on_shelf", "facings")
		}
		if n, ok := seen.Shelf[id]; ok {
			l.ShelfUnits = n
			l.Count("on_shelf", "shelf_units")
		}
		if n, ok := seen.Backroom[id]; ok {
			l.BackroomUnits = n
			l.Count("backroom_units")
		}
		if day, ok := seen.Expiry[id]; ok {
			l.NearestExpiry = day
			l.Count("on_shelf", "nearest_expiry")
		}
		if p, ok := seen.Position[id]; ok {
			l.Position = p
			l.Count("on_shelf", "position")
		}
		if seen.TagWrong[id] {
			l.TagRight = No
			l.Count("on_shelf", "tag_right")
		}
		out[i] = l
	}
	return out
}

// NearExpiry (临期) reports whether a product has less than a part of its life left on a
// day. Without a known life nothing is near its end before it.
func NearExpiry(expiry, today calendar.Day, lifeDays int64, part string) bool {
	num, den, ok := Fraction(part)
	if expiry == "" || !ok {
		return false
	}
	left := int64(expiry.Sub(today))
	return left < 0 || left*den < lifeDays*num
}

// Order puts first what failed last, then what sells best.
func Order(products []string, failed map[string]bool, sold map[string]int64) {
	slices.SortStableFunc(products, func(a, b string) int {
		switch {
		case failed[a] != failed[b]:
			if failed[a] {
				return -1
			}
			return 1
		case sold[a] != sold[b]:
			if sold[a] > sold[b] {
				return -1
			}
			return 1
		}
		return 0
	})
}
