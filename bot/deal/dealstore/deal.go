// Package dealstore keeps deals. Every read takes an access.Scope, and the filter is
// in the SQL.
package dealstore

import (
	"cmp"
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
	"fieldbot/bot/person"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

// Deals are chances to sell.
var Deals = store.Declare(store.Noun[deal.Deal]{
	About: store.About{Words: []string{"end_note"}, Alias: "d", Lives: "d.status <> 'cancelled'", Gate: seen, May: mayChange, Account: "account_id", Rank: 20, Catalogue: deal.Catalogue, Inner: []string{"seq", "value_known", "holder_id", "end_note", "repeat_of"},
		Owners: []store.Owner{{Column: "owner_id", Held: "d.status IN ('open', 'stalled')", Roles: person.Owners}, {Column: "holder_id", Held: "d.status IN ('open', 'stalled')"}}},
	Unmake: func(d *deal.Deal) { d.Status = deal.Cancelled },
	Fill: func(_ *store.Tx, d *deal.Deal) error {
		d.Search = search.Text(d.Title, d.Number)
		d.ValueKnown = d.ValueKnown || d.Value != 0
		return nil
	},
	Kept:   kept,
	Handed: endAsks, // they were asked of the one before
})

var _ = store.Machinery("a trail by itself, read with its deal: nothing changes or undoes a line", "deal_history")
var _ = store.Machinery("which deals are about a product, derived from them", "deal_products")

// seen keeps deals to own ones, those a person is on the team of, those of accounts
// that a person owns or leads, and to a rep those of the accounts of own stores.
// Who may change one is the command's to say.
func seen(a *store.Args, s access.Scope) string {
	s = s.InTheField()
	if s.All() || s.WholeCompany() {
		return "TRUE"
	}
	return `(` + onTeam(a, s) + ` OR ` + a.Own("d.owner_id", s) + ` OR d.account_id IN (SELECT a.id FROM accounts a WHERE ` + accountstore.Readable(a, s) + `))`
}

// mayChange keeps deals to those of a person and its team, and of whom owns or leads
// the account; a rep reads the deals of own stores' accounts.
func mayChange(a *store.Args, s access.Scope) string {
	s = s.Acting(person.Owners...)
	if s.All() || s.WholeCompany() {
		return "TRUE"
	}
	return `(` + onTeam(a, s) + ` OR d.account_id IN (SELECT a.id FROM accounts a WHERE ` + accountstore.Led(a, s) + `))`
}

// onTeam keeps deals to those that a person owns or works on: what only they see.
// Leading them is no sight.
func onTeam(a *store.Args, s access.Scope) string {
	if s.All() {
		return "TRUE"
	}
	me := a.Add(s.Person)
	return `(d.owner_id = ` + me + ` OR d.id IN (SELECT deal_id FROM deal_people WHERE person_id = ` + me + ` AND status = 'active'))`
}

// kept writes which products a deal is about. The history of one that was put back
// gets a line that takes the last one back.
func kept(tx *store.Tx, before, after deal.Deal) error {
	if before.ID == "" || strings.Join(before.Products, ";") != strings.Join(after.Products, ";") {
		if err := keepProducts(tx, after); err != nil {
			return err
		}
	}
	if !tx.Undoing() {
		return nil
	}
	if after.Status == deal.Cancelled {
		if err := endAsks(tx, after); err != nil {
			return err
		}
	}
	return takeBack(tx, after)
}

// endAsks ends the questions that wait about a deal.
func endAsks(tx *store.Tx, d deal.Deal) error {
	for _, kind := range deal.Asks {
		if err := approvalstore.Withdraw(tx, kind, d.Ref()); err != nil {
			return err
		}
	}
	return nil
}

// ByNumber returns the deal of a number.
func ByNumber(tx *store.Tx, scope access.Scope, number string) (deal.Deal, bool, error) {
	return Deals.In(scope).And("d.number = ?", number).One(tx)
}

// offered is how many hits a look-up shows.
const offered = 8

// Find returns the deals that words name, the open ones first: a number, a
// part of the title in either script, pinyin or its initials, else of the
// account's name.
// Ungated: a part of the statement that find gates.
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
	places, err := accountstore.Find(tx, scope, query, accountstore.AccountsOnly)
	if err == nil && len(found) == 0 && (len(places) == 0 || places[0].Guess) {
		return together(tx, scope, query)
	}
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

// together finds open deals by a part of the customer's name and one of the title in one:
// 华润新品.
// Ungated: a part of the statement that is gated.
func together(tx *store.Tx, scope access.Scope, query string) ([]Card, error) {
	var a store.Args
	open, err := store.Rows[Card](tx, cards+`d.status = 'open' AND `+Deals.Gate(&a, scope)+` ORDER BY d.updated_at DESC LIMIT `+strconv.Itoa(compared), a.List...)
	if err != nil {
		return nil, err
	}
	byID, hits := map[string]Card{}, make([]search.Hit, len(open))
	for i, c := range open {
		byID[c.ID], hits[i] = c, search.Hit{ID: c.ID, Text: search.Text(c.Account + " " + c.Title)}
	}
	var out []Card
	for _, h := range search.Rank(query, hits, offered) {
		if !h.Guess {
			out = append(out, byID[h.ID])
		}
	}
	return out, nil
}

// compared is how many open deals a query that fits none is compared with.
const compared = 300

// states are those of deals that can be found, the likely meant first.
var states = []string{deal.Open, deal.Stalled, deal.Won, deal.Lost}

func find(tx *store.Tx, scope access.Scope, a *store.Args, where string) ([]Card, error) {
	return store.Rows[Card](tx, cards+where+` AND `+Deals.Gate(a, scope)+
		` ORDER BY CASE d.status WHEN 'open' THEN 0 WHEN 'stalled' THEN 1 ELSE 2 END, d.updated_at DESC LIMIT `+strconv.Itoa(offered), a.List...)
}

// numbers are what a query may mean as a number: as it stands, in capitals, or
// the figures of one alone.
func numbers(query string) []string {
	query = strings.TrimSpace(query)
	out := []string{query, strings.ToUpper(query)}
	if _, err := strconv.Atoi(query); err == nil {
		out = append(out, "D-"+query)
	}
	return out
}

// Add keeps a new deal, with the first line of its history. One without a
// number gets the next.
func Add(tx *store.Tx, d *deal.Deal, first deal.Entry) error {
	if err := tx.Number("deals", "D", &d.Seq, &d.Number); err != nil {
		return err
	}
	if err := Deals.Add(tx, d); err != nil {
		return err
	}
	first.DealID = d.ID
	return Note(tx, first)
}

// Change writes a deal over the one that was read, with the line of history if
// it moved.
func Change(tx *store.Tx, before, after deal.Deal, moved ...deal.Entry) error {
	if len(moved) > 0 {
		if err := inOrder(tx, &after, moved); err != nil {
			return err
		}
	}
	if err := Deals.Change(tx, before, after); err != nil {
		return err
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
	if err := tx.Do(`DELETE FROM deal_products WHERE deal_id = $1`, d.ID); err != nil {
		return err
	}
	for _, p := range d.Products {
		if err := tx.Do(`INSERT INTO deal_products (product, deal_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, search.Fold(p), d.ID); err != nil {
			return err
		}
	}
	return nil
}

// touch notes a sign of life of a deal whose row itself stays as it is.
// Ungated: derived columns.
func touch(tx *store.Tx, id string) error {
	return tx.Do(`UPDATE deals SET updated_at = $1 WHERE id = $2`, tx.Now, id)
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
	return store.Rows[Card](tx, cards+where+` AND `+Deals.Gate(&a, scope)+` ORDER BY d.entered_stage_at, d.id LIMIT `+strconv.Itoa(f.Limit), a.List...)
}

// OnTeam lists the open deals that a person works on for another owner.
func OnTeam(tx *store.Tx, scope access.Scope, person string, limit int) ([]Card, error) {
	var a store.Args
	return store.Rows[Card](tx, cards+`d.id IN (SELECT deal_id FROM deal_people WHERE person_id = `+a.Add(person)+` AND status = 'active') AND d.owner_id <> `+a.Add(person)+
		` AND d.status = 'open' AND `+Deals.Gate(&a, scope)+` ORDER BY d.entered_stage_at, d.id LIMIT `+strconv.Itoa(limit), a.List...)
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
	Spoken    calendar.Day `db:"spoken_on"` // the last call, message or meeting with the account
	UpdatedAt time.Time    `db:"updated_at"`
}

// OfOwner lists the deals of an owner that may wait for something.
func OfOwner(tx *store.Tx, scope access.Scope, owner string) ([]Waiting, error) {
	var a store.Args
	return store.Rows[Waiting](tx, `SELECT d.id, d.number, d.title, d.status, c.name AS account, c.tier, d.expected_close_on, d.wake_on, d.next_step, d.next_due, c.last_visit_on, `+visitstore.LastTouched("c.id")+` AS spoken_on, d.updated_at
		FROM deals d JOIN accounts c ON c.id = d.account_id WHERE d.owner_id = `+a.Add(owner)+` AND d.status IN ('open', 'stalled') AND `+Deals.Gate(&a, scope)+` ORDER BY d.expected_close_on, d.id LIMIT 1000`, a.List...)
}

// Since calls fn with every deal in sight that was made in a span.
func Since(tx *store.Tx, scope access.Scope, since, until time.Time, fn func(deal.Deal) error) error {
	return Deals.In(scope).Since("d.created_at", since, until).Order("d.created_at, d.id").Each(tx, fn)
}

// Placed is an error if open or stalled deals stand in a stage that a funnel
// does not know: a changed config orphans no deal.
// Ungated: counts for the start of the daemon.
func Placed(tx *store.Tx, f deal.Funnel) error {
	type row struct {
		Stage string `db:"stage"`
		N     int64  `db:"n"`
	}
	rows, err := store.Rows[row](tx, `SELECT d.stage, count(*) AS n FROM deals d WHERE d.status = 'open' GROUP BY d.stage UNION ALL SELECT d.stage, count(*) AS n FROM deals d WHERE d.status = 'stalled' GROUP BY d.stage`)
	for _, r := range rows {
		if _, ok := f.Index(r.Stage); !ok {
			err = errors.Join(err, fmt.Errorf("deals.stages: %d deals stand in the stage %q, which is not there any more; keep it, or write was: [%s] at the stage that takes its place", r.N, r.Stage, r.Stage))
		}
	}
	return err
}
