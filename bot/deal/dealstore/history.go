package dealstore

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"fieldbot/bot/deal"
	"fieldbot/bot/kit/access"
	"fieldbot/store"
)

var entryColumns = store.Columns[deal.Entry]("h")

// Note adds a line to a deal's history. It is a trail by itself: nothing
// changes or undoes it.
func Note(tx *store.Tx, e deal.Entry) error {
	return tx.Do(`INSERT INTO deal_history (id, deal_id, at, from_stage, to_stage, how, by_id, reason, stayed, undone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		store.NewID(), e.DealID, e.At, e.From, e.To, string(e.How), e.ByID, e.Reason, e.Stayed, e.Undone)
}

// History lists the lines of a deal, the oldest first.
func History(tx *store.Tx, scope access.Scope, dealID string) ([]deal.Entry, error) {
	var a store.Args
	return store.Rows[deal.Entry](tx, `SELECT `+entryColumns+` FROM deal_history h JOIN deals d ON d.id = h.deal_id WHERE h.deal_id = `+a.Add(dealID)+` AND `+Deals.Gate(&a, scope)+` ORDER BY h.at LIMIT 1000`, a.List...)
}

// HistorySince calls fn with every line of the deals in sight in a span; a zero
// end is open.
func HistorySince(tx *store.Tx, scope access.Scope, since, until time.Time, fn func(deal.Entry) error) error {
	var a store.Args
	where := `h.at >= ` + a.Add(since)
	if !until.IsZero() {
		where += ` AND h.at < ` + a.Add(until)
	}
	return store.Each(tx, fn, `SELECT `+entryColumns+` FROM deal_history h JOIN deals d ON d.id = h.deal_id WHERE `+where+` AND d.status <> 'cancelled' AND `+Deals.Gate(&a, scope)+` ORDER BY h.at, h.id`, a.List...)
}

// recent is how many deals that left a stage tell its pace: enough for a
// median, and the same work however long the history is.
const recent = 200

// Pace returns the median of the whole days that deals stayed in a stage, of
// those that left it last. It is the company's, whoever asks: what is usual is
// no secret.
func Pace(tx *store.Tx, stage deal.Stage) (days int, known bool, err error) {
	type stay struct {
		At     int64 `db:"at"`
		Stayed int64 `db:"stayed"`
	}
	var stays []stay
	for _, code := range stage.Codes() {
		some, err := store.Rows[stay](tx, `SELECT h.at, h.stayed FROM deal_history h WHERE h.from_stage = $1 AND NOT h.undone ORDER BY h.at DESC LIMIT `+strconv.Itoa(recent), code)
		if err != nil {
			return 0, false, err
		}
		stays = append(stays, some...)
	}
	if len(stays) == 0 {
		return 0, false, nil
	}
	slices.SortFunc(stays, func(a, b stay) int { return cmp.Compare(b.At, a.At) })
	stays = stays[:min(recent, len(stays))]
	slices.SortFunc(stays, func(a, b stay) int { return cmp.Compare(a.Stayed, b.Stayed) })
	return int(stays[len(stays)/2].Stayed / (24 * time.Hour).Milliseconds()), true, nil
}

// takeBack adds the line that follows when a deal was put back by undo. The line
// that it takes back stays, and both are marked: no figure counts them.
func takeBack(tx *store.Tx, d deal.Deal) error {
	lines, err := store.Rows[deal.Entry](tx, `SELECT `+entryColumns+` FROM deal_history h WHERE h.deal_id = $1 ORDER BY h.at`, d.ID)
	if err != nil || len(lines) == 0 {
		return err
	}
	taken, e, moved := store.Rule[deal.Settings](tx).Funnel().TakenBack(d, lines, tx.Origin().Person, tx.Now)
	if !moved {
		return nil
	}
	if err := tx.Do(`UPDATE deal_history SET undone = TRUE WHERE deal_id = $1 AND at = $2`, taken.DealID, taken.At); err != nil {
		return err
	}
	return Note(tx, e)
}

// Paces are the medians of the stages that have one.
func Paces(tx *store.Tx, f deal.Funnel) (map[string]int, error) {
	out := map[string]int{}
	for _, s := range f {
		days, known, err := Pace(tx, s)
		if err != nil {
			return nil, err
		}
		if known {
			out[s.Code] = days
		}
	}
	return out, nil
}

// EntryAt returns the line of a deal at an instant.
func EntryAt(tx *store.Tx, scope access.Scope, dealID string, at time.Time) (deal.Entry, bool, error) {
	var a store.Args
	return store.One[deal.Entry](tx, `SELECT `+entryColumns+` FROM deal_history h JOIN deals d ON d.id = h.deal_id WHERE h.deal_id = `+a.Add(dealID)+` AND h.at = `+a.Add(at)+` AND `+Deals.Gate(&a, scope), a.List...)
}

// Import keeps a line that a file tells of, with the time since the line before
// it; the line that an import made when the deal came in is written over. The
// line behind it, if an import brought that too, stayed so much shorter.
func Import(tx *store.Tx, e deal.Entry) error {
	before, some, err := store.One[time.Time](tx, `SELECT at FROM deal_history WHERE deal_id = $1 AND at < $2 AND NOT undone ORDER BY at DESC LIMIT 1`, e.DealID, e.At)
	if err != nil {
		return err
	}
	if some {
		e.Stayed = e.At.Sub(before).Milliseconds()
	}
	if err := tx.Do(`DELETE FROM deal_history WHERE deal_id = $1 AND at = $2 AND how = 'import'`, e.DealID, e.At); err != nil {
		return err
	}
	if err := Note(tx, e); err != nil {
		return err
	}
	return tx.Do(`UPDATE deal_history SET stayed = at - $1 WHERE deal_id = $2 AND how = 'import' AND at = (SELECT min(at) FROM deal_history WHERE deal_id = $2 AND at > $1)`, e.At, e.DealID)
}

// Entered lists the lines of an account's deals in a span that led from a stage
// elsewhere, at most 20.
func Entered(tx *store.Tx, scope access.Scope, account string, from, until time.Time) ([]deal.Entry, error) {
	var a store.Args
	return store.Rows[deal.Entry](tx, `SELECT `+entryColumns+` FROM deals d JOIN deal_history h ON h.deal_id = d.id WHERE d.account_id = `+a.Add(account)+` AND h.at >= `+a.Add(from)+` AND h.at < `+a.Add(until)+
		` AND h.from_stage <> '' AND `+Deals.Gate(&a, scope)+` ORDER BY h.at LIMIT 20`, a.List...)
}
