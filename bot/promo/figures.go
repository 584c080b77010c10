package promo

import (
	"math/big"

	"fieldbot/bot/kit/calendar"
)

// Settings are what a company sets of promos.
type Settings struct {
	OrderDays     int               `yaml:"order_days"`     // before the first, to order
	RehearsalDays int               `yaml:"rehearsal_days"` // before it, to rehearse with dealer and rep (预演)
	GoodsDays     int               `yaml:"goods_days"`     // before it, goods and gifts are in the store
	CheckDays     map[string]int    `yaml:"check_days"`     // after it, to look at a store, by class; other is all else
	Uplift        map[string]string `yaml:"uplift"`         // by mechanic, decimal text
	UpliftCap     string            `yaml:"uplift_cap"`
}

// Default are the numbers of domain.md §6.
func Default() Settings {
	return Settings{OrderDays: 10, RehearsalDays: 5, GoodsDays: 3, CheckDays: map[string]int{"A": 0, "other": 2},
		Uplift: map[string]string{"price_off": "1.4", "display": "1.3", "gift": "1.2", "dm": "1.15"}, UpliftCap: "5"}
}

// Check names what is wrong with settings, by key, and what to write.
func (s Settings) Check(bad func(key, cure string, args ...any)) {
	for key, n := range map[string]int{"order_days": s.OrderDays, "rehearsal_days": s.RehearsalDays, "goods_days": s.GoodsDays} {
		if n < 0 {
			bad(key, "write days from 0 on")
		}
	}
	for _, x := range s.Uplift {
		if _, ok := Factor(x); !ok {
			bad("uplift", "write factors such as \"1.4\"")
		}
	}
	if _, ok := Factor(s.UpliftCap); !ok {
		bad("uplift_cap", "write a factor such as \"5\"")
	}
}

// Factor reads a decimal above 0 and below 100.
func Factor(text string) (*big.Rat, bool) {
	if len(text) > 10 {
		return nil, false
	}
	f, ok := new(big.Rat).SetString(text)
	return f, ok && f.Sign() > 0 && f.Cmp(big.NewRat(100, 1)) < 0
}

// Uplift is by how much a promo multiplies what is sold: what a person set, else what the
// mechanics bring, multiplied, up to the cap.
func (p Promo) Uplift(s Settings) *big.Rat {
	out := big.NewRat(1, 1)
	own, set := Factor(p.UpliftFactor)
	if set {
		out = own
	}
	for _, m := range p.Mechanics {
		if f, ok := Factor(s.Uplift[m]); ok && !set {
			out.Mul(out, f)
		}
	}
	if most, ok := Factor(s.UpliftCap); ok && out.Cmp(most) > 0 {
		return most
	}
	return out
}

// History is what a forecast follows from, in units of the promo's products and stores.
type History struct {
	Base       []int64 // each of the last complete weeks without a promo
	LastYear   []int64 // the same weeks of last year; empty is not known
	Recent     int64   // the last 13 weeks
	RecentYear int64   // the same weeks of last year
}

// Expected is what would be sold in some days without a promo: the mean week × days ÷ 7.
func Expected(base []int64, days int) int64 { return round(mean(base, days)) }

func mean(weeks []int64, days int) *big.Rat {
	if len(weeks) == 0 {
		return new(big.Rat)
	}
	sum := int64(0)
	for _, w := range weeks {
		sum += w
	}
	return big.NewRat(sum*int64(days), 7*int64(len(weeks)))
}

// Forecast is how many units a promo will sell: the mean of the same weeks of last year,
// grown, and the base, × uplift; without one half the other alone. Half a unit is one.
//
// Weeks of 200, 220, 180 and 200 units make a base of 400 for 14 days. Last year the two
// weeks sold 360; the last 13 weeks grew from 2,000 to 2,200, by 10 %: 396. Their mean of
// 398 × 1.4 for a price-off × 1.3 for a display is 724.36: 724 units.
func (h History) Forecast(days int, uplift *big.Rat) int64 {
	base, year := mean(h.Base, days), mean(h.LastYear, days)
	if h.RecentYear > 0 && h.Recent > 0 {
		year.Mul(year, big.NewRat(h.Recent, h.RecentYear))
	}
	out := new(big.Rat)
	switch {
	case len(h.LastYear) == 0:
		out.Set(base)
	case len(h.Base) == 0:
		out.Set(year)
	default:
		out.Mul(out.Add(base, year), big.NewRat(1, 2))
	}
	return round(out.Mul(out, uplift))
}

// round is a rational to the nearest whole, half up.
func round(x *big.Rat) int64 {
	x = new(big.Rat).Add(x, big.NewRat(1, 2))
	n := new(big.Int).Div(x.Num(), x.Denom())
	return n.Int64()
}

// Evaluation is what came of a promo.
type Evaluation struct {
	Planned, Executed, Partly, NotExecuted, Open int64
	Fee, ClawBack, Frozen                        int64 // minor units
	Units, Forecast, Baseline                    int64 // of the days that the chain has told
	Margin                                       int64 // extra: what was sold above the usual × (price − cost), minor units
	After, AfterBaseline                         int64 // of the two weeks after: what was only pulled forward
}

// Return is the extra margin in percent of the fee; it is false without a fee.
func (v Evaluation) Return() (percent int64, ok bool) {
	if v.Fee-v.ClawBack <= 0 {
		return 0, false
	}
	return v.Margin * 100 / (v.Fee - v.ClawBack), true
}

// Count counts executions in.
func (v *Evaluation) Count(all []Execution) {
	for _, e := range all {
		v.Planned++
		v.Fee += e.Fee
		v.ClawBack += e.ClawBack()
		switch {
		case e.Open():
			v.Open++
			if e.Status != Planned {
				v.Frozen += e.Fee
			}
		case e.Status == Executed:
			v.Executed++
		case e.Status == Partly:
			v.Partly++
		default:
			v.NotExecuted++
		}
	}
}

// UnitsIn are the units that weeks sold on the days of a span: a week that lies in it in
// part counts by its days. Half a unit is one.
func UnitsIn(weeks map[calendar.Day]int64, span calendar.Span) int64 {
	sum := int64(0)
	for monday, units := range weeks {
		from, to := max(monday, span.From), min(monday.Add(6), span.To)
		if from <= to {
			sum += units * int64(to.Sub(from)+1)
		}
	}
	return round(big.NewRat(sum, 7))
}

// UpliftPercent is by how much more was sold than without the promo, to a whole percent;
// it is false where no baseline is known.
func (v Evaluation) UpliftPercent() (int64, bool) {
	if v.Baseline <= 0 {
		return 0, false
	}
	return round(big.NewRat(100*(v.Units-v.Baseline), v.Baseline)), true
}
