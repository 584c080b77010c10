package deal

import (
	"time"

	"fieldbot/bot/kit/calendar"
)

// Party is one of the customer's people in the deal. What they weigh and think
// may differ from deal to deal.
type Party struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	DealID     string    `db:"deal_id"`
	ContactID  string    `db:"contact_id"`
	Name       string    `db:"name"`
	BuyingRole string    `db:"buying_role"`
	Attitude   string    `db:"attitude"`
	Weight     int64     `db:"weight"` // 0–100
	Status     string    `db:"status"` // active, withdrawn
	CreatedAt  time.Time `db:"created_at"`
	UpdatedAt  time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (p Party) Table() string { return "deal_contacts" }

// Key implements store.Row.
func (p Party) Key() (string, int64) { return p.ID, p.Version }

// halves are attitudes in halves: +2 a champion, −2 an opponent.
var halves = map[string]int64{"champion": 2, "supporter": 1, "neutral": 0, "sceptic": -1, "opponent": -2}

// Support is the weighted support (加权支持) in percent, −100 to 100: Σ weight ×
// attitude ÷ Σ weight (domain.md §2). It is false where nobody weighs anything.
func Support(people []Party) (percent int, known bool) {
	sum, weight := int64(0), int64(0)
	for _, p := range people {
		sum += p.Weight * halves[p.Attitude]
		weight += p.Weight
	}
	if weight == 0 {
		return 0, false
	}
	return int(sum * 50 / weight), true
}

// Deciders are those who decide, pay or supervise.
func Deciders(people []Party) []Party {
	var out []Party
	for _, p := range people {
		if p.BuyingRole == "decides" || p.BuyingRole == "pays" || p.BuyingRole == "supervises" {
			out = append(out, p)
		}
	}
	return out
}

// ForUs reports whether who decides is for us: the heaviest of those who
// decide is a supporter at least, or the weighted support of the deciders is a
// half or more.
func ForUs(people []Party) bool {
	deciders := Deciders(people)
	var heaviest Party
	for _, p := range deciders {
		if p.BuyingRole == "decides" && p.Weight > heaviest.Weight {
			heaviest = p
		}
	}
	percent, known := Support(deciders)
	return halves[heaviest.Attitude] > 0 || known && percent >= 50
}

// fewest is how many of the customer's people a deal should rest on.
const fewest = 2

// SingleThreaded reports whether a deal rests on too few of the customer's
// people.
func SingleThreaded(people int) bool { return people < fewest }

// Sheet is the negotiation sheet (谈判单); the deal team's eyes only.
type Sheet struct {
	ID        string       `db:"id"`
	Version   int64        `db:"version"`
	DealID    string       `db:"deal_id"`
	Target    string       `db:"target"`
	Floor     string       `db:"floor"`  // 底线
	Trades    string       `db:"trades"` // 条件置换: what for what
	Deadline  calendar.Day `db:"deadline"`
	CreatedAt time.Time    `db:"created_at"`
	UpdatedAt time.Time    `db:"updated_at"`
}

// Table implements store.Row.
func (s Sheet) Table() string { return "deal_sheets" }

// Key implements store.Row.
func (s Sheet) Key() (string, int64) { return s.ID, s.Version }

// Round is one round of a negotiation: what each side offered.
type Round struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	DealID    string    `db:"deal_id"`
	At        time.Time `db:"at"`
	Ours      string    `db:"ours"`
	Theirs    string    `db:"theirs"`
	ByID      string    `db:"by_id"`
	Status    string    `db:"status"` // active, withdrawn
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (r Round) Table() string { return "deal_rounds" }

// Key implements store.Row.
func (r Round) Key() (string, int64) { return r.ID, r.Version }
