// Package room knows the groups in which the people of a customer's store answer for it.
// They are strangers to the bot: a group is bound to its store by who serves the store, and
// whoever answers there first waits for that person's yes (contract "Strangers").
package room

import "time"

// Room is a group that is bound to a store.
type Room struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	Platform  string    `db:"platform"`
	Room      string    `db:"room"`
	Thread    string    `db:"thread"`
	StoreID   string    `db:"store_id"`
	Status    string    `db:"status"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (r Room) Table() string { return "store_rooms" }

// Key implements store.Row.
func (r Room) Key() (string, int64) { return r.ID, r.Version }

// The states of a room.
const (
	Bound   = "bound"
	Unbound = "unbound"
)

// Guest is somebody in such a group whom the bot does not know.
type Guest struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	RoomID     string    `db:"room_id"`
	ExternalID string    `db:"external_id"`
	Name       string    `db:"name"` // as the platform shows it: anybody may be called so
	Said       string    `db:"said"` // the answer that waits, so that it is asked about once
	Status     string    `db:"status"`
	CreatedAt  time.Time `db:"created_at"`
	UpdatedAt  time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (g Guest) Table() string { return "room_guests" }

// Key implements store.Row.
func (g Guest) Key() (string, int64) { return g.ID, g.Version }

// The states of a guest.
const (
	Asked   = "asked"   // has answered, and waits for the rep's yes
	Known   = "known"   // answers for the store
	Refused = "refused" // is not heard
)

// Opened is the event of a group that was bound to a store: what waits for its answer is
// asked there.
type Opened struct{ Room Room }
