package account

import (
	"math"
	"strings"

	"fieldbot/bot/kit/calendar"
)

// Place is what a visit is to: a store, or the head office of an account.
type Place struct {
	Kind        string       `db:"kind"` // store or account
	ID          string       `db:"id"`
	Code        string       `db:"code"`
	Name        string       `db:"name"`
	AccountID   string       `db:"account_id"`
	AccountName string       `db:"account_name"`
	OwnerID     string       `db:"owner_id"` // rep of a store, KAM of an account
	Grade       string       `db:"grade"`    // class of a store, tier of an account
	Format      string       `db:"format"`   // of a store
	City        string       `db:"city"`
	Status      string       `db:"status"`
	Latitude    float64      `db:"latitude"`
	Longitude   float64      `db:"longitude"`
	Search      string       `db:"search"`
	LastVisitOn calendar.Day `db:"last_visit_on"`
	NextDueOn   calendar.Day `db:"next_due_on"`

	Guess bool // a look-up is not sure that this one was meant
}

// The kinds of place.
const (
	KindStore   = "store"
	KindAccount = "account"
)

// Ref is the place as forms and buttons carry it: kind:id.
func (p Place) Ref() string { return p.Kind + ":" + p.ID }

// SplitRef is the reverse of Ref; ok is false for anything else.
func SplitRef(ref string) (kind, id string, ok bool) {
	kind, id, ok = strings.Cut(ref, ":")
	return kind, id, ok && id != "" && (kind == KindStore || kind == KindAccount)
}

// Overdue is how many days the place is past its due day; a place that was
// never visited is due today.
func (p Place) Overdue(today calendar.Day) int {
	if p.NextDueOn == NeverVisited {
		return 0
	}
	return today.Sub(p.NextDueOn)
}

// StoreID is the store the place is, or "" where it is the head office of an
// account.
func (p Place) StoreID() string {
	if p.Kind == KindStore {
		return p.ID
	}
	return ""
}

// Metres is how far the place is from a point.
func (p Place) Metres(lat, lon float64) int {
	return int(math.Round(Metres(p.Latitude, p.Longitude, lat, lon)))
}

// Active reports whether the place is neither closed nor merged.
func (p Place) Active() bool { return p.Status == "active" }

// Due reports whether a visit is due.
func (p Place) Due(today calendar.Day) bool {
	return p.NextDueOn != "" && p.NextDueOn <= today
}

// StartToken is the token of a link that opens the visit of a store.
func StartToken(storeID string) string { return "v-" + storeID }
