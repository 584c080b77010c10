package dealstore

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/deal"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/search"
	"fieldbot/store"
)

// Among narrows figures. Empty fields narrow nothing.
type Among struct {
	Person    string
	Team      string // a manager and everybody who reports to them
	Territory string // and all below it
	Account   string // and all below it
	Product   string // by name
	Situation string // buying situation
}

func (m Among) where(a *store.Args) string {
	var out strings.Builder
	if m.Person != "" {
		out.WriteString(` AND d.owner_id = ` + a.Add(m.Person))
	}
	if m.Team != "" {
		out.WriteString(` AND (d.owner_id = ` + a.Add(m.Team) + ` OR d.owner_id IN (SELECT id FROM people WHERE reports_to = ` + a.Add(m.Team) + `))`)
	}
	if m.Territory != "" {
		out.WriteString(` AND d.account_id IN (SELECT id FROM accounts WHERE in_territory IN (` + a.Territory(m.Territory) + `))`)
	}
	if m.Account != "" {
		out.WriteString(` AND d.account_id IN (` + a.Below(m.Account) + `)`)
	}
	if m.Product != "" {
		out.WriteString(` AND d.id IN (SELECT deal_id FROM deal_products WHERE product = ` + a.Add(search.Fold(m.Product)) + `)`)
	}
	if m.Situation != "" {
		out.WriteString(` AND d.buying_situation = ` + a.Add(m.Situation))
	}
	return out.String()
}

// Asked is what figures are about.
type Asked struct {
	Among  Among
	Funnel deal.Funnel
	From   time.Time // inclusive
	Until  time.Time // exclusive
	Today  calendar.Day
	Now    time.Time
	Zone   *time.Location // whose days are counted: the company's
	Pace   map[string]int // median days of each stage that has one, see Pace
}

// weighted is the SQL of deal.Weighted over a funnel.
func weighted(f deal.Funnel) string {
	return `(d.value * ` + byStage(f, func(s deal.Stage) string { return fmt.Sprint(s.Weight) }) + ` + 50) / 100`
}

// byStage is a CASE over the stages; codes are the config's, never a person's.
func byStage(f deal.Funnel, value func(s deal.Stage) string) string {
	out := `CASE d.stage`
	for _, s := range f {
		for _, code := range append([]string{s.Code}, s.Was...) {
			out += ` WHEN '` + code + `' THEN ` + value(s)
		}
	}
	return out + ` ELSE 0 END`
}

// The conditions of what is wrong with an open deal, see deal.Deal.
func stuck(a *store.Args, q Asked) string {
	return `d.entered_stage_at < ` + byStage(q.Funnel, func(s deal.Stage) string {
		days, known := q.Pace[s.Code]
		if !known {
			return "0"
		}
		return `CAST(` + a.Add(calendar.On(q.Now.In(q.Zone)).Add(-2*days).At(0, q.Zone)) + ` AS BIGINT)` // PostgreSQL takes it for an integer
	})
}

func slipped(a *store.Args, q Asked) string {
	return `d.expected_close_on <> '' AND d.expected_close_on < ` + a.Add(q.Today)
}

const (
	single = `d.contacts < 2` // see deal.SingleThreaded
	noStep = `d.next_step = ''`
)

// Shape reads what the shape of a funnel is made of: what is open, and how deals
// move.
func Shape(tx *store.Tx, scope access.Scope, q Asked) (out deal.Figures, err error) {
	if out.Open, err = Open(tx, scope, q); err != nil {
		return out, err
	}
	out.Moves, err = moves(tx, scope, q)
	return out, err
}

// Figures reads what the four measures are made of: the shape, and how deals
// ended.
func Figures(tx *store.Tx, scope access.Scope, q Asked) (deal.Figures, error) {
	out, err := Shape(tx, scope, q)
	if err != nil {
		return out, err
	}
	if out.Ended, err = closed[deal.Ended](tx, scope, q, `d.status, d.end_reason, d.lost_to, count(*) AS n, CAST(sum(d.value) AS BIGINT) AS value`, ``, `d.status, d.end_reason, d.lost_to`); err != nil {
		return out, err
	}
	out.Cycles, err = cycles(tx, scope, q)
	return out, err
}

// cycles counts the days from the first to the last of the deals won. Days of the
// calendar are counted here: SQL knows no zones.
func cycles(tx *store.Tx, scope access.Scope, q Asked) ([]deal.Days, error) {
	spans, err := closed[string](tx, scope, q, `coalesce(string_agg(CAST(d.created_at AS TEXT) || ' ' || CAST(d.closed_at AS TEXT), ';'), '')`, ` AND d.status = 'won'`, ``)
	if err != nil || len(spans) == 0 || spans[0] == "" {
		return nil, err
	}
	count := map[int64]int64{}
	for span := range strings.SplitSeq(spans[0], ";") {
		from, to, _ := strings.Cut(span, " ")
		count[q.days(millis(from), millis(to))]++
	}
	var out []deal.Days
	for days, n := range count {
		out = append(out, deal.Days{Days: days, N: n})
	}
	return out, nil
}

// days are those of the calendar from an instant to another.
func (q Asked) days(from, to int64) int64 {
	day := func(at int64) calendar.Day { return calendar.On(time.UnixMilli(at).In(q.Zone)) }
	return int64(day(to).Sub(day(from)))
}

// millis reads an instant of the database; it wrote it itself.
func millis(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// Open sums up the open deals by stage and month of their closing.
func Open(tx *store.Tx, scope access.Scope, q Asked) ([]deal.OpenDeals, error) {
	var a store.Args
	count := func(condition string) string {
		return `CAST(sum(CASE WHEN ` + condition + ` THEN 1 ELSE 0 END) AS BIGINT)`
	}
	// By day, as the index has them: no sorting.
	days, err := store.Rows[deal.OpenDeals](tx, `SELECT d.stage, d.expected_close_on AS month, count(*) AS deals, CAST(sum(d.value) AS BIGINT) AS value, CAST(sum(`+weighted(q.Funnel)+`) AS BIGINT) AS weighted, `+
		count(stuck(&a, q))+` AS stuck, `+count(slipped(&a, q))+` AS slipped, `+count(single)+` AS single, `+count(noStep)+` AS no_step
		FROM deals d WHERE d.status = 'open'`+q.Among.where(&a)+` AND `+Deals.Gate(&a, scope)+` GROUP BY d.stage, d.expected_close_on`, a.List...)
	for i := range days {
		days[i].Month = days[i].Month[:min(len("2006-01"), len(days[i].Month))]
	}
	return days, err
}

// moves counts how deals left their stages: a deal that went to and fro left a stage
// once, as it did last, after all the days that it stood there; one that is back has
// not left it. The lines come as one text and are counted here: to count them SQLite
// would sort them, which takes four times as long.
func moves(tx *store.Tx, scope access.Scope, q Asked) ([]deal.Moves, error) {
	var a store.Args
	where := `h.at >= ` + a.Add(q.From) + ` AND h.at < ` + a.Add(q.Until) + ` AND h.from_stage <> '' AND NOT h.undone`
	from := `deal_history h`
	if narrow, sight := q.Among.where(&a), Deals.Gate(&a, scope); narrow != "" || sight != "TRUE" {
		// A part of the company: its deals first, then their history.
		from, where = `deals d JOIN deal_history h ON h.deal_id = d.id`, where+narrow+` AND `+sight
	}
	text, _, err := store.One[string](tx, `SELECT coalesce(string_agg(h.deal_id || ' ' || h.from_stage || ' ' || h.to_stage || ' ' || CAST(h.at AS TEXT) || ' ' || CAST(h.stayed AS TEXT), ';'), '') FROM `+from+` WHERE `+where, a.List...)
	if err != nil || text == "" {
		return nil, err
	}
	type stage struct{ deal, code string }
	type departure struct {
		to   string
		at   int64
		days int64
	}
	left, stands := map[stage]departure{}, map[string]departure{}
	for line := range strings.SplitSeq(text, ";") {
		p := strings.Split(line, " ")
		at := millis(p[3])
		from := stage{p[0], p[1]}
		d := left[from]
		d.days += q.days(at-millis(p[4]), at)
		if at >= d.at {
			d.to, d.at = p[2], at
		}
		left[from] = d
		if at >= stands[p[0]].at {
			stands[p[0]] = departure{to: p[2], at: at}
		}
	}
	count := map[deal.Moves]int64{}
	for from, d := range left {
		if stands[from.deal].to != from.code {
			count[deal.Moves{From: from.code, To: d.to, Days: d.days}]++
		}
	}
	var out []deal.Moves
	for m, n := range count {
		m.N = n
		out = append(out, m)
	}
	return out, nil
}

func closed[T any](tx *store.Tx, scope access.Scope, q Asked, columns, condition, group string) ([]T, error) {
	var a store.Args
	where := `d.closed_at >= ` + a.Add(q.From) + ` AND d.closed_at < ` + a.Add(q.Until) + ` AND d.closed_at > 0` + condition
	if group != "" {
		group = ` GROUP BY ` + group
	}
	return store.Rows[T](tx, `SELECT `+columns+` FROM deals d WHERE `+where+q.Among.where(&a)+` AND `+Deals.Gate(&a, scope)+group, a.List...)
}

// Which says which deals a figure is opened to.
type Which struct {
	Stage  string // open deals of a stage
	Month  string // open deals with a closing date in a month; "none": without one
	Wrong  string // stuck, slipped, single, no_step
	Status string // won or lost in the span
	Reason string // of these
}

// Behind lists the deals behind a figure, the largest first, and counts them.
func Behind(tx *store.Tx, scope access.Scope, q Asked, w Which, limit int) ([]Card, int64, error) {
	condition := func(a *store.Args) string {
		where := `d.status = 'open'`
		switch {
		case w.Status != "":
			where = `d.closed_at >= ` + a.Add(q.From) + ` AND d.closed_at < ` + a.Add(q.Until) + ` AND d.closed_at > 0 AND d.status = ` + a.Add(w.Status)
		case w.Stage != "":
			codes := q.Funnel.Stage(w.Stage)
			marks := a.Add(codes.Code)
			for _, was := range codes.Was {
				marks += `, ` + a.Add(was)
			}
			where += ` AND d.stage IN (` + marks + `)`
		case w.Month == "none":
			where += ` AND d.expected_close_on = ''`
		case w.Month != "":
			where += ` AND substr(d.expected_close_on, 1, 7) = ` + a.Add(w.Month)
		case w.Wrong == "stuck":
			where += ` AND ` + stuck(a, q)
		case w.Wrong == "slipped":
			where += ` AND ` + slipped(a, q)
		case w.Wrong == "single":
			where += ` AND ` + single
		case w.Wrong == "no_step":
			where += ` AND ` + noStep
		}
		if w.Reason != "" {
			where += ` AND d.end_reason = ` + a.Add(w.Reason)
		}
		return where + q.Among.where(a) + ` AND ` + Deals.Gate(a, scope)
	}
	var a, b store.Args
	found, err := store.Rows[Card](tx, cards+condition(&a)+` ORDER BY d.value DESC, d.id LIMIT `+strconv.Itoa(limit), a.List...)
	if err != nil || len(found) < limit {
		return found, int64(len(found)), err
	}
	n, _, err := store.One[int64](tx, `SELECT count(*) FROM deals d WHERE `+condition(&b), b.List...)
	return found, n, err
}

// Owners lists who owns deals that were open or ended in a span, for figures by
// person.
func Owners(tx *store.Tx, scope access.Scope) ([]string, error) {
	var a store.Args
	return store.Rows[string](tx, `SELECT DISTINCT d.owner_id FROM deals d WHERE `+Deals.Gate(&a, scope)+` ORDER BY d.owner_id`, a.List...)
}

// OpenOwners lists who owns open deals in sight, who has the most value first.
func OpenOwners(tx *store.Tx, scope access.Scope) ([]string, error) {
	var a store.Args
	return store.Rows[string](tx, `SELECT d.owner_id FROM deals d WHERE d.status = 'open' AND `+Deals.Gate(&a, scope)+` GROUP BY d.owner_id ORDER BY sum(d.value) DESC, d.owner_id LIMIT 500`, a.List...)
}
