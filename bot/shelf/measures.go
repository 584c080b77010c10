package shelf

import (
	"maps"
	"math"
	"strconv"
	"strings"
)

// Settings are what a company sets of the shelf.
type Settings struct {
	Score          Weights `yaml:"score"`
	PriceTolerance int64   `yaml:"price_tolerance"`   // percent around the price that is due
	PriceAlert     int64   `yaml:"price_alert"`       // percent under it from which the account's owner is told
	NearExpiry     string  `yaml:"near_expiry"`       // the part of its life from which a product is near its end, "1/3"
	RefuseFresh    string  `yaml:"refuse_fresh"`      // the part of its life that goods have left at a store's door, "2/3": with less it may refuse them
	OutOfStockDays int     `yaml:"out_of_stock_days"` // in which somebody sees to what is missing
}

// Weights are the points of the parts of the score.
type Weights struct {
	Availability int64 `yaml:"availability"`
	Share        int64 `yaml:"share"`
	Price        int64 `yaml:"price"`
	Display      int64 `yaml:"display"`
	Promo        int64 `yaml:"promo"`
}

// Default are the numbers of domain.md §5.
func Default() Settings {
	return Settings{Score: Weights{Availability: 40, Share: 20, Price: 15, Display: 15, Promo: 10}, PriceTolerance: 3, PriceAlert: 8, NearExpiry: "1/3", RefuseFresh: "2/3", OutOfStockDays: 2}
}

// ShareTarget is the share of a category's facings that is worth all points of that
// part, in percent.
const ShareTarget = 30

// Fraction reads a part such as "1/3"; it is false for what is none between 0 and 1.
func Fraction(text string) (num, den int64, ok bool) {
	a, b, _ := strings.Cut(text, "/")
	num, err := strconv.ParseInt(a, 10, 64)
	den, err2 := strconv.ParseInt(b, 10, 64)
	return num, den, err == nil && err2 == nil && num > 0 && den > num
}

// Check names what is wrong with settings, by key, and what to write.
func (s Settings) Check(bad func(key, cure string, args ...any)) {
	for key, part := range map[string]string{"near_expiry": s.NearExpiry, "refuse_fresh": s.RefuseFresh} {
		if _, _, ok := Fraction(part); !ok {
			bad(key, "write a part such as 1/3")
		}
	}
	for _, p := range (Measures{}).parts(s.Score) {
		if p.weight < 0 {
			bad("score", "write points from 0 on for %s", p.name)
		}
	}
	if s.PriceTolerance < 0 || s.PriceAlert < s.PriceTolerance {
		bad("price_alert", "write percent from %d, the price_tolerance, on", s.PriceTolerance)
	}
	if s.OutOfStockDays < 1 {
		bad("out_of_stock_days", "write a number above 0")
	}
}

// Measures count what audits found; those of several audits add up.
//
// Ten products are listed and two are missing: availability 8 ÷ 10 = 80 %. Ours take 12
// of the 50 facings of their category: share 24 %. Five prices were read, one is 5 % too
// low: price compliance 4 ÷ 5 = 80 %. One of two agreed displays stands: 50 %. No promo
// runs. The score is 100 × (40 × 0.80 + 20 × 0.24 ÷ 0.30 + 15 × 0.80 + 15 × 0.50) ÷
// (40 + 20 + 15 + 15) = 100 × 67.5 ÷ 90 = 75.
type Measures struct {
	Audits                           int64
	Listed, Found                    int64 // products
	OwnFacings, CategoryFacings      int64 // of the categories whose facings were counted
	Priced, PriceRight               int64 // products whose price was read, or assumed
	DisplaysAgreed, DisplaysStanding int64
	PromoDemanded, PromoMet          int64 // points
	Values, Assumed                  int64 // of products, prices and facings: how many nobody looked at
	// Shares are the facings by category, ours and all.
	Shares map[string][2]int64
}

// Measure measures an audit by its lines.
func (a Audit) Measure(lines []Line, s Settings) Measures {
	m := Measures{Audits: 1, DisplaysAgreed: a.DisplaysAgreed, DisplaysStanding: min(a.DisplaysStanding, a.DisplaysAgreed), PromoDemanded: a.PromoDemanded, PromoMet: min(a.PromoMet, a.PromoDemanded)}
	facings := map[string]int64{}
	value := func(l Line, key string) {
		m.Values++
		if !l.Has(key) {
			m.Assumed++
		}
	}
	if a.DisplaysAgreed > 0 {
		m.Values++
		if len(a.Displays) == 0 {
			m.Assumed++
		}
	}
	for _, l := range lines {
		if l.OnShelf == "" {
			continue
		}
		m.Listed++
		value(l, "on_shelf")
		if l.OnShelf != Yes {
			continue
		}
		m.Found++
		if l.Facings > 0 {
			facings[l.Category] += l.Facings
			value(l, "facings")
		}
		if l.ShelfPrice > 0 && l.DuePrice > 0 {
			m.Priced++
			value(l, "shelf_price")
			if l.TagRight != No && Within(l.ShelfPrice, l.DuePrice, s.PriceTolerance) {
				m.PriceRight++
			}
		}
	}
	for _, pair := range a.CategoryFacings {
		category, text, _ := strings.Cut(pair, "=")
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 {
			own := min(n, facings[category])
			m.CategoryFacings += n
			m.OwnFacings += own
			m.Shares = plus(m.Shares, category, own, n)
		}
	}
	return m
}

// Within reports whether a price is within a tolerance, in percent, of the one that is
// due.
func Within(price, due, tolerance int64) bool {
	gap := price - due
	if gap < 0 {
		gap = -gap
	}
	return 100*gap <= tolerance*due
}

// TooLow (破价) reports whether a price is so many percent under the one that is due that
// somebody has to hear of it.
func TooLow(price, due, alert int64) bool {
	return price > 0 && due > 0 && 100*(due-price) > alert*due
}

// plus adds the facings of a category to a copy of what there is.
func plus(shares map[string][2]int64, category string, own, all int64) map[string][2]int64 {
	out := maps.Clone(shares)
	if out == nil {
		out = map[string][2]int64{}
	}
	out[category] = [2]int64{out[category][0] + own, out[category][1] + all}
	return out
}

// Plus adds the measures of others.
func (m Measures) Plus(o Measures) Measures {
	shares := m.Shares
	for category, n := range o.Shares {
		shares = plus(shares, category, n[0], n[1])
	}
	return Measures{
		Shares: shares,
		Audits: m.Audits + o.Audits, Listed: m.Listed + o.Listed, Found: m.Found + o.Found, OwnFacings: m.OwnFacings + o.OwnFacings, CategoryFacings: m.CategoryFacings + o.CategoryFacings,
		Priced: m.Priced + o.Priced, PriceRight: m.PriceRight + o.PriceRight, DisplaysAgreed: m.DisplaysAgreed + o.DisplaysAgreed, DisplaysStanding: m.DisplaysStanding + o.DisplaysStanding,
		PromoDemanded: m.PromoDemanded + o.PromoDemanded, PromoMet: m.PromoMet + o.PromoMet, Values: m.Values + o.Values, Assumed: m.Assumed + o.Assumed,
	}
}

type part struct {
	name      string
	weight    int64
	got, from int64 // from 0 is nothing to measure
	full      int64 // percent that is worth all points
}

func (m Measures) parts(w Weights) []part {
	return []part{
		{"availability", w.Availability, m.Found, m.Listed, 100},
		{"share", w.Share, m.OwnFacings, m.CategoryFacings, ShareTarget},
		{"price", w.Price, m.PriceRight, m.Priced, 100},
		{"display", w.Display, m.DisplaysStanding, m.DisplaysAgreed, 100},
		{"promo", w.Promo, m.PromoMet, m.PromoDemanded, 100},
	}
}

// Part is one part of a score.
type Part struct {
	Name       string
	Percent    float64 // of what was to be there
	Points, Of float64 // of a score whose parts with something to measure make 100
}

// Parts are the parts of the score that have something to measure.
func (m Measures) Parts(w Weights) []Part {
	all, measured := m.parts(w), int64(0)
	for _, p := range all {
		if p.from > 0 {
			measured += p.weight
		}
	}
	var out []Part
	for _, p := range all {
		if p.from == 0 {
			continue
		}
		x := Part{Name: p.name, Percent: 100 * float64(p.got) / float64(p.from)}
		if measured > 0 {
			x.Of = 100 * float64(p.weight) / float64(measured)
			x.Points = x.Of * min(1, x.Percent/float64(p.full))
		}
		out = append(out, x)
	}
	return out
}

// Score (门店得分) is 0 to 100, to a whole point; it is false where nothing was measured.
func (m Measures) Score(w Weights) (int, bool) {
	parts := m.Parts(w)
	sum := 0.0
	for _, p := range parts {
		sum += p.Points
	}
	return int(math.Round(sum)), len(parts) > 0
}
