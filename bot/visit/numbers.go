package visit

import (
	"cmp"
	"slices"
	"time"

	"fieldbot/bot/kit/money"

	"fieldbot/bot/kit/calendar"
)

// Rhythm is how often somebody is to visit a store or head office.
type Rhythm struct {
	Ref        string
	Name       string
	Owner      string // id of the person
	Territory  string
	Tier       string // store:A or account:A: the scale is named
	Cadence    int    // days between visits; 0: none
	LastBefore calendar.Day
	Since      calendar.Day // known since
	Store      bool
}

// Counted is what the numbers need of a visit.
type Counted struct {
	ID        string
	Place     string // ref
	Person    string
	Day       calendar.Day
	Done      bool
	Presence  string
	Stay      time.Duration // 0: not known
	Ordered   bool
	Flagged   bool
	ToStore   bool
	Format    string // of the store
	Territory string
	Tier      string
	Steps     int // that its kind of visit has, but for those left out for a reason
	StepsDone int // of these, those ticked
}

// Numbers are those of domain.md §3 for one group.
type Numbers struct {
	Visits   int // done
	Due      int // times that a visit was due
	InTime   int // of these, those with a visit by the day
	Owned    int // active stores
	Visited  int // of these, those visited
	Orders   int // visits with an order
	Verified int // visits to stores that were verified
	ToStores int
	Flagged  int
	Steps    int // to be gone through, but for those left out for a reason
	Stepped  int // of these, those ticked
	Stays    []time.Duration
	Late     []Miss   // due and not visited in time
	Uncover  []string // refs of stores that nobody visited
}

// Miss is a visit that was due by a day and did not come in time.
type Miss struct {
	Place string
	Due   calendar.Day
	Came  calendar.Day // empty: not in the span
}

// MedianStay is the median time in the store; 0 where none is known.
func (n Numbers) MedianStay() time.Duration {
	if len(n.Stays) == 0 {
		return 0
	}
	s := slices.Clone(n.Stays)
	slices.Sort(s)
	mid := len(s) / 2
	if len(s)%2 == 1 {
		return s[mid]
	}
	return (s[mid-1] + s[mid]) / 2
}

// Group is how numbers are broken down.
type Group string

// The groups.
const (
	ByPerson    Group = "person"
	ByTerritory Group = "territory"
	ByTier      Group = "tier"
)

// Groups are all of them.
var Groups = []string{string(ByPerson), string(ByTerritory), string(ByTier)}

func (g Group) place(p Rhythm) string {
	switch g {
	case ByTerritory:
		return p.Territory
	case ByTier:
		return p.Tier
	}
	return p.Owner
}

func (g Group) visit(v Counted) string {
	switch g {
	case ByTerritory:
		return v.Territory
	case ByTier:
		return v.Tier
	}
	return v.Person
}

// Result is the numbers of all and of each group.
type Result struct {
	All    Numbers
	Groups map[string]*Numbers
	Keys   []string // of Groups, the worst compliance first
}

// Count computes the numbers of places and their visits in a span:
//
//   - compliance: visits in time ÷ times due. A place is due at its last visit
//     plus its cadence, one never visited when it became known; after a visit,
//     in time or late, it is due a cadence later. A due day behind the span's
//     end counts nowhere.
//   - coverage: stores visited ÷ active stores owned.
//   - strike rate: visits with an order ÷ visits.
//   - median time in store, of visits with a check-in and a check-out.
//   - verified share: verified visits ÷ visits to stores.
//   - steps: ticked ÷ those that the kind of visit has, but for those left out for a reason,
//     of visits with a check-in and a check-out since steps are ticked at all.
//
// Of one person, only, the visits of others count as visits to the person's
// places, and for nothing else.
func Count(places []Rhythm, visits []Counted, span calendar.Span, today calendar.Day, by Group, only string) Result {
	out := Result{Groups: map[string]*Numbers{}}
	of := func(key string) *Numbers {
		if out.Groups[key] == nil {
			out.Groups[key] = &Numbers{}
			out.Keys = append(out.Keys, key)
		}
		return out.Groups[key]
	}
	days := map[string][]calendar.Day{}
	for _, v := range visits {
		if !v.Done || !span.Has(v.Day) {
			continue
		}
		days[v.Place] = append(days[v.Place], v.Day)
		if only != "" && v.Person != only {
			continue
		}
		for _, n := range []*Numbers{&out.All, of(by.visit(v))} {
			n.visit(v)
		}
	}
	for _, p := range places {
		came := days[p.Ref]
		slices.Sort(came)
		for _, n := range []*Numbers{&out.All, of(by.place(p))} {
			n.due(p, came, span, today)
			n.cover(p, len(came) > 0)
		}
	}
	slices.SortStableFunc(out.Keys, func(a, b string) int {
		x, okX := money.Percent(out.Groups[a].InTime, out.Groups[a].Due)
		y, okY := money.Percent(out.Groups[b].InTime, out.Groups[b].Due)
		if !okX {
			x = 101
		}
		if !okY {
			y = 101
		}
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
	})
	return out
}

func (n *Numbers) visit(v Counted) {
	n.Visits++
	if v.Ordered {
		n.Orders++
	}
	if v.Flagged {
		n.Flagged++
	}
	if v.ToStore {
		n.ToStores++
		if v.Presence == "verified" {
			n.Verified++
		}
	}
	n.Steps += v.Steps
	n.Stepped += v.StepsDone
	if v.Stay > 0 {
		n.Stays = append(n.Stays, v.Stay)
	}
}

// due follows a place through the span: due, visited, due again.
func (n *Numbers) due(p Rhythm, came []calendar.Day, span calendar.Span, today calendar.Day) {
	if p.Cadence <= 0 {
		return
	}
	end := min(span.To, today)
	due := p.LastBefore.Add(p.Cadence)
	if p.LastBefore == "" {
		due = max(p.Since, span.From)
	}
	for due = max(due, span.From); due <= end; {
		i := slices.IndexFunc(came, func(d calendar.Day) bool { return d >= span.From })
		if i < 0 && due == today {
			return // the day is not over
		}
		n.Due++
		if i < 0 {
			n.Late = append(n.Late, Miss{Place: p.Ref, Due: due})
			return
		}
		if came[i] <= due {
			n.InTime++
		} else {
			n.Late = append(n.Late, Miss{Place: p.Ref, Due: due, Came: came[i]})
		}
		// Every visit up to the due day starts the cadence anew.
		last := came[i]
		came = came[i+1:]
		for len(came) > 0 && came[0] <= due {
			last, came = came[0], came[1:]
		}
		due = last.Add(p.Cadence)
	}
}

func (n *Numbers) cover(p Rhythm, visited bool) {
	if !p.Store {
		return
	}
	n.Owned++
	if visited {
		n.Visited++
	} else {
		n.Uncover = append(n.Uncover, p.Ref)
	}
}
