// Package dealstore keeps deals. Every read takes an access.Scope, and the filter is
// in the SQL.
package dealstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/approval/approvalstore"
	"fieldbot/bot/deal"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/search"
	"fieldbot/store"
)

var columns = store.Columns[deal.Deal]("d")

// ByID returns a deal, if the scope may see it. One whose making was undone is
// no more.
func ByID(tx *store.Tx, scope access.Scope, id string) (deal.Deal, bool, error) {
	var a store.Args
	return store.One[deal.Deal](tx, `SELECT `+columns+` FROM deals d WHERE d.id = `+a.Add(id)+` AND d.status <> 'cancelled' AND `+a.Deals(scope, "d"), a.List...)
}

// Undone returns a deal after an undo, which may be of its making, and derives
// anew what follows from its row.
func Undone(tx *store.Tx, id string) (deal.Deal, bool, error) {
	d, ok, err := store.One[deal.Deal](tx, `SELECT `+columns+` FROM deals d WHERE d.id = $1`, id)
	if err != nil || !ok {
		return d, ok, err
	}
	if _, err := tx.Exec(`UPDATE deals SET search = $1 WHERE id = $2`, search.Text(d.Title, d.Number), id); err != nil {
		return d, ok, err
	}
	return d, ok, keepProducts(tx, d)
}

// ByNumber returns the deal of a number.
func ByNumber(tx *store.Tx, scope access.Scope, number string) (deal.Deal, bool, error) {
	var a store.Args
	return store.One[deal.Deal](tx, `SELECT `+columns+` FROM deals d WHERE d.number = `+a.Add(number)+` AND d.status <> 'cancelled' AND `+a.Deals(scope, "d"), a.List...)
}

// offered is how many hits a look-up shows.
const offered = 8

// Find returns the deals that words name, the open ones first: a number, a
// part of the title in either script, pinyin or its initials, else of the
// account's name.
func Find(tx *store.Tx, scope access.Scope, query string) ([]Card, error) {
	var n store.Args
	marks := make([]string, 0, 3)
	for _, number := range numbers(query) {
		marks = append(marks, n.Add(number))
	}
	if same, err := find(tx, scope, &n, `d.status <> 'cancelled' AND d.number IN (`+strings.Join(marks, ", ")+`)`); err != nil || len(same) > 0 {
		return same, err
	}
	words := search.Words(query)
	if len(words) == 0 {
		return nil, nil
	}
	var a store.Args
	where := `x.status <> 'cancelled'`
	for _, w := range words {
		where += ` AND x.search LIKE ` + a.Add("%"+w+"%")
	}
	found, err := find(tx, scope, &a, `d.id IN (SELECT x.id FROM deals x WHERE `+where+`)`) // the index alone is read
	if err != nil {
		return nil, err
	}
	places, err := accountstore.Find(tx, scope, query, accountstore.Accounts)
	if err != nil || len(places) == 0 || places[0].Guess {
		return found, err
	}
	var b store.Args
	marks = marks[:0]
	for _, p := range places {
		marks = append(marks, b.Add(p.AccountID))
	}
	theirs, err := find(tx, scope, &b, `d.account_id IN (`+strings.Join(marks, ", ")+`) AND d.status <> 'cancelled'`)
	for _, d := range theirs {
		if !slices.ContainsFunc(found, func(x Card) bool { return x.ID == d.ID }) {
			found = append(found, d)
		}
	}
	slices.SortStableFunc(found, func(x, y Card) int {
		return cmp.Compare(slices.Index(states, x.Status), slices.Index(states, y.Status))
	})
	return found[:min(offered, len(found))], err
}

// states are those of deals that can be found, the likely meant first.
var states = []string{deal.Open, deal.Stalled, deal.Won, deal.Lost}

func find(tx *store.Tx, scope access.Scope, a *store.Args, where string) ([]Card, error) {
	return store.Rows[Card](tx, cards+where+` AND `+a.Deals(scope, "d")+
		` ORDER BY CASE d.status WHEN 'open' THEN 0 WHEN 'stalled' THEN 1 ELSE 2 END, d.updated_at DESC LIMIT `+a.Add(offered), a.List...)
}

// numbers are what a query may mean as a number: as it stands, in capitals, or
// the figures of one alone.
func numbers(query string) []string {
	query = strings.TrimSpace(query)
	out := []string{query, strings.ToUpper(query)}
	if _, err := strconv.Atoi(query); err == nil {
		out = append(out, numberOf(query))
	}
	return out
}

func numberOf(seq any) string { return fmt.Sprintf("D-%v", seq) }

// firstNumber is the first number that a company's deals get.
const firstNumber = 1001

// lastNumber bounds the imported numbers that count as ours: a year written as
// a number must not use all of them up.
const lastNumber = 100_000_000

// Add keeps a new deal, with the first line of its history. One without a
// number gets the next.
func Add(tx *store.Tx, d *deal.Deal, first deal.Entry) error {
	if d.Number == "" {
		if err := tx.Lock("deals.number"); err != nil {
			return err
		}
		last, _, err := store.One[int64](tx, `SELECT coalesce(max(seq), 0) FROM deals WHERE seq > 0`)
		if err != nil {
			return err
		}
		d.Seq = max(last+1, firstNumber)
		d.Number = numberOf(d.Seq)
	} else if n, err := strconv.ParseInt(strings.TrimPrefix(d.Number, "D-"), 10, 64); err == nil && d.Number == numberOf(n) && n > 0 && n < lastNumber {
		d.Seq = n // an imported number of ours is not given again
	}
	if d.ID == "" {
		d.ID = store.NewID()
	}
	d.Version, d.UpdatedAt = 1, tx.Now
	if d.CreatedAt.IsZero() {
		d.CreatedAt = tx.Now
	}
	d.Search = search.Text(d.Title, d.Number)
	if err := store.Insert(tx, *d); err != nil {
		return err
	}
	if err := keepProducts(tx, *d); err != nil {
		return err
	}
	first.DealID = d.ID
	return Note(tx, first)
}

// Change writes a deal over the one that was read, with the line of history if
// it moved.
func Change(tx *store.Tx, before, after deal.Deal, moved ...deal.Entry) error {
	after.UpdatedAt, after.Search = tx.Now, search.Text(after.Title, after.Number)
	if len(moved) > 0 {
		if err := inOrder(tx, &after, moved); err != nil {
			return err
		}
	}
	if err := store.Update(tx, before, after); err != nil {
		return err
	}
	if strings.Join(before.Products, ";") != strings.Join(after.Products, ";") {
		if err := keepProducts(tx, after); err != nil {
			return err
		}
	}
	for _, e := range moved {
		if err := Note(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// inOrder keeps the lines of a deal apart by a millisecond at least, those of
// an undo included.
func inOrder(tx *store.Tx, d *deal.Deal, moved []deal.Entry) error {
	last, _, err := store.One[time.Time](tx, `SELECT at FROM deal_history WHERE deal_id = $1 ORDER BY at DESC LIMIT 1`, d.ID)
	for i := range moved {
		if e := &moved[i]; !e.At.After(last) {
			if d.ClosedAt.Equal(e.At) {
				d.ClosedAt = last.Add(time.Millisecond)
			}
			e.At = last.Add(time.Millisecond)
			d.EnteredStageAt = e.At
		}
		last = moved[i].At
	}
	return err
}

func keepProducts(tx *store.Tx, d deal.Deal) error {
	if _, err := tx.Exec(`DELETE FROM deal_products WHERE deal_id = $1`, d.ID); err != nil {
		return err
	}
	for _, p := range d.Products {
		if _, err := tx.Exec(`INSERT INTO deal_products (product, deal_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, search.Fold(p), d.ID); err != nil {
			return err
		}
	}
	return nil
}

// touch notes a sign of life of a deal whose row itself stays as it is.
func touch(tx *store.Tx, id string) error {
	_, err := tx.Exec(`UPDATE deals SET updated_at = $1 WHERE id = $2`, tx.Now, id)
	return err
}

// Card is a deal as lists show it.
type Card struct {
	ID              string       `db:"id"`
	Number          string       `db:"number"`
	Title           string       `db:"title"`
	Account         string       `db:"account"`
	Stage           string       `db:"stage"`
	Status          string       `db:"status"`
	Value           int64        `db:"value"`
	OwnerID         string       `db:"owner_id"`
	ExpectedCloseOn calendar.Day `db:"expected_close_on"`
	EnteredStageAt  time.Time    `db:"entered_stage_at"`
	NextStep        string       `db:"next_step"`
	Contacts        int64        `db:"contacts"`
}

const cards = `SELECT d.id, d.number, d.title, c.name AS account, d.stage, d.status, d.value, d.owner_id, d.expected_close_on, d.entered_stage_at, d.next_step, d.contacts FROM deals d JOIN accounts c ON c.id = d.account_id WHERE `

// Filter narrows a list of deals.
type Filter struct {
	Owner   string
	Account string // and all below it
	Status  string
	Limit   int
}

// List returns deals in sight, those that have stood longest first.
func List(tx *store.Tx, scope access.Scope, f Filter) ([]Card, error) {
	var a store.Args
	where := `d.status = ` + a.Add(f.Status)
	if f.Owner != "" {
		where += ` AND d.owner_id = ` + a.Add(f.Owner)
	}
	if f.Account != "" {
		where += ` AND d.account_id IN (` + a.Below(f.Account) + `)`
	}
	return store.Rows[Card](tx, cards+where+` AND `+a.Deals(scope, "d")+` ORDER BY d.entered_stage_at, d.id LIMIT `+a.Add(f.Limit), a.List...)
}

// OnTeam lists the open deals that a person works on for another owner.
func OnTeam(tx *store.Tx, scope access.Scope, person string, limit int) ([]Card, error) {
	var a store.Args
	return store.Rows[Card](tx, cards+`d.id IN (SELECT deal_id FROM deal_people WHERE person_id = `+a.Add(person)+` AND status = 'active') AND d.owner_id <> `+a.Add(person)+
		` AND d.status = 'open' AND `+a.Deals(scope, "d")+` ORDER BY d.entered_stage_at, d.id LIMIT `+a.Add(limit), a.List...)
}

// Waiting is an open or stalled deal of an owner, with what its reminders
// depend on.
type Waiting struct {
	ID        string       `db:"id"`
	Number    string       `db:"number"`
	Title     string       `db:"title"`
	Status    string       `db:"status"`
	Account   string       `db:"account"`
	Tier      string       `db:"tier"`
	CloseOn   calendar.Day `db:"expected_close_on"`
	WakeOn    calendar.Day `db:"wake_on"`
	NextStep  string       `db:"next_step"`
	NextDue   calendar.Day `db:"next_due"`
	LastVisit calendar.Day `db:"last_visit_on"`
	UpdatedAt time.Time    `db:"updated_at"`
}

// OfOwner lists the deals of an owner that may wait for something.
func OfOwner(tx *store.Tx, scope access.Scope, owner string) ([]Waiting, error) {
	var a store.Args
	return store.Rows[Waiting](tx, `SELECT d.id, d.number, d.title, d.status, c.name AS account, c.tier, d.expected_close_on, d.wake_on, d.next_step, d.next_due, c.last_visit_on, d.updated_at
		FROM deals d JOIN accounts c ON c.id = d.account_id WHERE d.owner_id = `+a.Add(owner)+` AND d.status IN ('open', 'stalled') AND `+a.Deals(scope, "d")+` ORDER BY d.expected_close_on, d.id LIMIT 1000`, a.List...)
}

// Since calls fn with every deal in sight that was made in a span; a zero end
// is open.
func Since(tx *store.Tx, scope access.Scope, since, until time.Time, fn func(deal.Deal) error) error {
	var a store.Args
	where := `d.created_at >= ` + a.Add(since)
	if !until.IsZero() {
		where += ` AND d.created_at < ` + a.Add(until)
	}
	return store.Each(tx, fn, `SELECT `+columns+` FROM deals d WHERE `+where+` AND d.status <> 'cancelled' AND `+a.Deals(scope, "d")+` ORDER BY d.created_at, d.id`, a.List...)
}

// HandOver gives the open and stalled deals that one person owns or holds, and
// that a scope sees, to another, all or those of one account and below it, and returns how many.
func HandOver(tx *store.Tx, scope access.Scope, from, to, account string) (int, error) {
	var a store.Args
	where := `d.status IN ('open', 'stalled') AND (d.owner_id = ` + a.Add(from) + ` OR d.holder_id = ` + a.Add(from) + `) AND ` + a.Deals(scope, "d")
	if account != "" {
		where += ` AND d.account_id IN (` + a.Below(account) + `)`
	}
	mine, err := store.Rows[deal.Deal](tx, `SELECT `+columns+` FROM deals d WHERE `+where, a.List...)
	for _, before := range mine {
		after := before
		if after.OwnerID == from {
			after.OwnerID = to
		}
		if after.HolderID == from {
			after.HolderID = to
		}
		if err := Change(tx, before, after); err != nil {
			return 0, err
		}
		for _, kind := range deal.Asks { // they were the one's before
			if err := approvalstore.Withdraw(tx, kind, before.Ref()); err != nil {
				return 0, err
			}
		}
	}
	return len(mine), err
}

// Placed is an error if open or stalled deals stand in a stage that a funnel
// does not know: a changed config orphans no deal.
func Placed(ctx context.Context, db *store.DB, f deal.Funnel) error {
	type row struct {
		Stage string `db:"stage"`
		N     int64  `db:"n"`
	}
	return db.Read(ctx, func(tx *store.Tx) error {
		rows, err := store.Rows[row](tx, `SELECT d.stage, count(*) AS n FROM deals d WHERE d.status = 'open' GROUP BY d.stage UNION ALL SELECT d.stage, count(*) AS n FROM deals d WHERE d.status = 'stalled' GROUP BY d.stage`)
		for _, r := range rows {
			if _, ok := f.Index(r.Stage); !ok {
				err = errors.Join(err, fmt.Errorf("deals.stages: %d deals stand in the stage %q, which is not there any more; keep it, or write was: [%s] at the stage that takes its place", r.N, r.Stage, r.Stage))
			}
		}
		return err
	})
}
