package deal

import (
	"cmp"
	"slices"

	"fieldbot/bot/kit/money"
)

// OpenDeals are the open deals of a stage whose closing date lies in a month.
type OpenDeals struct {
	Stage    string `db:"stage"`
	Month    string `db:"month"` // 2006-01; empty: no date
	Deals    int64  `db:"deals"`
	Value    int64  `db:"value"`
	Weighted int64  `db:"weighted"` // the sum of each deal's own, see Weighted
	Stuck    int64  `db:"stuck"`
	Slipped  int64  `db:"slipped"`
	Single   int64  `db:"single"` // single-threaded
	NoStep   int64  `db:"no_step"`
}

// Moves are the deals that left a stage for another, or for an end, after so
// many whole days.
type Moves struct {
	From string `db:"from_stage"`
	To   string `db:"to_stage"`
	Days int64  `db:"days"`
	N    int64  `db:"n"`
}

// Ended are the deals that were won or lost for a reason, to a rival.
type Ended struct {
	Status string `db:"status"`
	Reason string `db:"end_reason"`
	LostTo string `db:"lost_to"`
	N      int64  `db:"n"`
	Value  int64  `db:"value"`
}

// Days is how many took so many days.
type Days struct {
	Days int64 `db:"days"`
	N    int64 `db:"n"`
}

// Figures is what the four measures are made of: the deals that are open
// now, and what happened to deals in a span.
type Figures struct {
	Open   []OpenDeals
	Moves  []Moves
	Ended  []Ended
	Cycles []Days // of the won ones, from their first day to their last
}

// StageNumbers are those of one stage.
type StageNumbers struct {
	Code       string
	Deals      int64
	Value      int64
	Weighted   int64
	Left       int64   // deals that left it in the span, but for those put aside
	Forward    int64   // of these, those that went forward
	Conversion float64 // 0–1; see Measured
	Measured   bool    // else the ratio of the weights stands in
	Days       int64   // the median stay of those that left
	DaysKnown  bool
	Healthy    float64 // the share of the open value that an even funnel holds here
}

// Month is the forecast of a month.
type Month struct {
	Month           string // 2006-01; empty: no closing date
	Value, Weighted int64
}

// Measures are the four measures of domain.md §4 and what is wrong.
type Measures struct {
	Stages                         []StageNumbers
	Deals                          int64 // capacity
	Value                          int64
	Weighted                       int64
	Even                           float64 // 0–1
	EvenKnown                      bool
	Won, Lost                      int64
	WonValue                       int64
	Cycle                          int64 // days
	CycleKnown                     bool
	PerDay                         int64 // velocity in minor units a day
	PerDayKnown                    bool
	Forecast                       []Month
	WonFor, LostFor                []Ended // by reason, those with the most value first
	LostTo                         []Ended // by rival
	Stuck, Slipped, Single, NoStep int64
}

// enough is how many deals must have left a stage before their share is taken
// for its conversion; least keeps a stage that nobody left forward from asking
// for endless value before it.
const (
	enough = 5
	least  = 0.05
)

// Measure computes the four measures of some deals over a funnel.
//
//   - Capacity (容量): count, value and weighted value of the deals open now.
//   - Slope (斜率): of the deals that left a stage in the span, the share that
//     went forward. A step over several stages counts as forward in each; back
//     and lost do not; put aside counts nowhere. With fewer than five the ratio
//     of the weights stands in.
//   - Evenness (均匀度): in an even funnel each stage holds the value that the
//     next one needs, given the conversion: the last holds 1, the one before it
//     1 ÷ its conversion, and so on. Evenness is 1 minus half the sum of the
//     differences between the shares of the open value and those.
//   - Velocity (流速): the median of the days that deals stayed in each stage;
//     the median cycle of the deals won in the span; deals × win rate × average
//     value ÷ cycle days, which is the value a day to be expected.
//
// An example by hand, of a funnel a (20 %), b (50 %), c (80 %):
//
//	open now     a 400.00 and 200.00, b 300.00, c 100.00
//	left a       5 to b after 4, 6, 8, 10, 12 days; 5 lost after 8 days
//	left b       5 to c and 5 lost, each after 10 days
//	left c       4 won, 1 lost, each after 20 days
//	cycles won   36, 40, 44, 60 days
//
//	capacity     4 deals, 1,000.00, weighted 120.00 + 150.00 + 80.00 = 350.00
//	slope        a 5 ÷ 10 = 50 %, b 5 ÷ 10 = 50 %, c 4 ÷ 5 = 80 %
//	evenness     healthy: c 1, b 1 ÷ 0.5 = 2, a 2 ÷ 0.5 = 4, so 4/7, 2/7, 1/7;
//	             open: 0.6, 0.3, 0.1; differences 0.029, 0.014, 0.043
//	             1 − 0.086 ÷ 2 = 0.957
//	velocity     medians a 8, b 10, c 20 days; cycle (40 + 44) ÷ 2 = 42 days;
//	             win rate 4 ÷ 15; 4 × 4/15 × 250.00 ÷ 42 = 6.35 a day
func Measure(f Funnel, rows Figures) Measures {
	out := Measures{Stages: make([]StageNumbers, len(f))}
	for i, s := range f {
		out.Stages[i].Code = s.Code
	}
	out.capacity(f, rows.Open)
	out.slope(f, rows.Moves)
	out.evenness(f)
	out.ends(rows.Ended)
	out.velocity(rows.Cycles)
	return out
}

func (n *Measures) capacity(f Funnel, open []OpenDeals) {
	months := map[string]*Month{}
	for _, o := range open {
		if i, ok := f.Index(o.Stage); ok {
			s := &n.Stages[i]
			s.Deals, s.Value, s.Weighted = s.Deals+o.Deals, s.Value+o.Value, s.Weighted+o.Weighted
		}
		n.Deals, n.Value, n.Weighted = n.Deals+o.Deals, n.Value+o.Value, n.Weighted+o.Weighted
		n.Stuck, n.Slipped, n.Single, n.NoStep = n.Stuck+o.Stuck, n.Slipped+o.Slipped, n.Single+o.Single, n.NoStep+o.NoStep
		if months[o.Month] == nil {
			months[o.Month] = &Month{Month: o.Month}
		}
		months[o.Month].Value += o.Value
		months[o.Month].Weighted += o.Weighted
	}
	for _, m := range months {
		n.Forecast = append(n.Forecast, *m)
	}
	slices.SortFunc(n.Forecast, func(a, b Month) int { // without a date last
		if (a.Month == "") != (b.Month == "") {
			return cmp.Compare(len(b.Month), len(a.Month))
		}
		return cmp.Compare(a.Month, b.Month)
	})
}

func (n *Measures) slope(f Funnel, moves []Moves) {
	stays := make([][]Days, len(f))
	for _, m := range moves {
		i, ok := f.Index(m.From)
		if !ok {
			continue // out of an end
		}
		j, toStage := f.Index(m.To)
		if toStage && j == i {
			continue // between two stages that are one now
		}
		stays[i] = append(stays[i], Days{m.Days, m.N})
		switch {
		case m.To == Won:
			j = len(f)
		case m.To == Stalled || m.To == Cancelled:
			continue
		case !toStage:
			j = i
		}
		n.Stages[i].Left += m.N
		if j <= i {
			continue
		}
		n.Stages[i].Forward += m.N
		for k := i + 1; k < j && k < len(f); k++ {
			n.Stages[k].Left += m.N
			n.Stages[k].Forward += m.N
		}
	}
	for i := range n.Stages {
		s := &n.Stages[i]
		s.Days, s.DaysKnown = median(stays[i])
		next := int64(100)
		if i+1 < len(f) {
			next = f[i+1].Weight
		}
		s.Conversion = float64(f[i].Weight) / float64(max(1, next))
		if s.Left >= enough {
			s.Measured, s.Conversion = true, float64(s.Forward)/float64(s.Left)
		}
	}
}

func (n *Measures) evenness(f Funnel) {
	needs, sum := make([]float64, len(f)), 0.0
	for i := len(f) - 1; i >= 0; i-- {
		needs[i] = 1
		if i+1 < len(f) {
			needs[i] = needs[i+1] / max(least, n.Stages[i].Conversion)
		}
		sum += needs[i]
	}
	n.Even, n.EvenKnown = 1, n.Value > 0
	for i := range n.Stages {
		s := &n.Stages[i]
		s.Healthy = needs[i] / sum
		if n.EvenKnown {
			n.Even -= abs(float64(s.Value)/float64(n.Value)-s.Healthy) / 2
		}
	}
}

func abs(x float64) float64 { return max(x, -x) }

func (n *Measures) ends(ended []Ended) {
	for _, e := range ended {
		if e.Status == Won {
			n.Won, n.WonValue = n.Won+e.N, n.WonValue+e.Value
			n.WonFor = addEnd(n.WonFor, Ended{Status: e.Status, Reason: e.Reason, N: e.N, Value: e.Value})
			continue
		}
		n.Lost += e.N
		n.LostFor = addEnd(n.LostFor, Ended{Status: e.Status, Reason: e.Reason, N: e.N, Value: e.Value})
		if e.LostTo != "" {
			n.LostTo = addEnd(n.LostTo, Ended{Status: e.Status, LostTo: e.LostTo, N: e.N, Value: e.Value})
		}
	}
	for _, list := range [][]Ended{n.WonFor, n.LostFor, n.LostTo} {
		slices.SortFunc(list, func(a, b Ended) int {
			return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(b.N, a.N), cmp.Compare(a.Reason+a.LostTo, b.Reason+b.LostTo))
		})
	}
}

func addEnd(list []Ended, e Ended) []Ended {
	for i := range list {
		if list[i].Reason == e.Reason && list[i].LostTo == e.LostTo {
			list[i].N, list[i].Value = list[i].N+e.N, list[i].Value+e.Value
			return list
		}
	}
	return append(list, e)
}

func (n *Measures) velocity(cycles []Days) {
	n.Cycle, n.CycleKnown = median(cycles)
	if !n.CycleKnown || n.Won == 0 || n.Deals == 0 {
		return
	}
	// deals × average value is the open value.
	perDay := float64(n.Value) * float64(n.Won) / float64(n.Won+n.Lost) / float64(max(1, n.Cycle))
	n.PerDay, n.PerDayKnown = int64(perDay+0.5), true
}

// WinRate is the share of the ended deals that were won, in percent.
func (n Measures) WinRate() (int, bool) { return money.Percent(int(n.Won), int(n.Won+n.Lost)) }

// median is that of a histogram; of an even number the mean of the two in the
// middle, rounded down.
func median(days []Days) (int64, bool) {
	slices.SortFunc(days, func(a, b Days) int { return cmp.Compare(a.Days, b.Days) })
	all := int64(0)
	for _, d := range days {
		all += d.N
	}
	if all == 0 {
		return 0, false
	}
	at := func(k int64) int64 {
		for _, d := range days {
			if k -= d.N; k < 0 {
				return d.Days
			}
		}
		return days[len(days)-1].Days
	}
	return (at((all-1)/2) + at(all/2)) / 2, true
}
