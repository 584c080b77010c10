// Package roomstore keeps the groups of stores, and who answers there.
package roomstore

import (
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/person"
	"fieldbot/bot/room"
	"fieldbot/store"
)

// Rooms are groups that are bound to a store; who serves the store, or leads who does,
// binds them.
var Rooms = store.Declare(store.Noun[room.Room]{
	About: store.About{Alias: "rm", Lives: "rm.status = 'bound'", Gate: seen, May: mayBind, Store: "store_id",
		NoMove: "a store's group goes with the store", NoOwner: "goes with its store", NoFile: "bound in the group itself"},
	Unmake: func(r *room.Room) { r.Status = room.Unbound },
})

// Guests are the strangers who answer there.
// Ungated: joins the room that gates it.
var Guests = store.Declare(store.Noun[room.Guest]{
	About: store.About{Alias: "rg", Join: "JOIN store_rooms rm ON rm.id = rg.room_id", Gate: seen, May: mayBind,
		NoMove: "goes with its room", NoOwner: "goes with its room", NoUndo: "a yes is taken back by a no", NoFile: "met in the group itself"},
})

// seen keeps rooms to those of stores in sight.
// Ungated: reads stores through their gate.
func seen(a *store.Args, s access.Scope) string {
	if accountstore.Everything(s) {
		return "TRUE"
	}
	return `rm.store_id IN (SELECT s.id FROM stores s WHERE ` + accountstore.Stores.Gate(a, s) + `)`
}

func mayBind(a *store.Args, s access.Scope) string {
	s = s.Acting(person.Rep, person.KAM, person.Manager)
	if s.All() || s.WholeCompany() {
		return "TRUE"
	}
	return seen(a, s)
}

var everybody = access.System("a group answers for its store")

// Here returns the room that a platform calls so, if it is bound.
func Here(tx *store.Tx, platform, name string) (room.Room, bool, error) {
	return Rooms.In(everybody).And("rm.platform = ? AND rm.room = ?", platform, name).One(tx)
}

// OfStore lists the rooms that answer for a store: one, or those of stores that were merged.
func OfStore(tx *store.Tx, storeID string) ([]room.Room, error) {
	return Rooms.In(everybody).And("rm.store_id = ?", storeID).Order("rm.id").Limit(10).Rows(tx)
}

// Heard notes that a stranger said something in a room. It is false where the same waits
// for an answer already.
func Heard(tx *store.Tx, r room.Room, externalID, name, said string) (g room.Guest, fresh bool, err error) {
	g, known, err := Guests.In(everybody).And("rg.room_id = ? AND rg.external_id = ?", r.ID, externalID).One(tx)
	if err != nil {
		return g, false, err
	}
	if !known {
		g = room.Guest{RoomID: r.ID, ExternalID: externalID, Name: name, Said: said, Status: room.Asked}
		return g, true, Guests.Add(tx, &g)
	}
	if g.Status != room.Asked || g.Said == said {
		return g, false, nil
	}
	after := g
	after.Name, after.Said = name, said
	if err := Guests.Change(tx, g, after); err != nil {
		return g, false, err
	}
	after.Version++
	return after, true, nil
}

// Answer keeps whether a stranger answers for the store.
func Answer(tx *store.Tx, id string, yes bool) (room.Guest, error) {
	g, ok, err := Guests.In(everybody).ByID(tx, id)
	if err != nil || !ok {
		return g, err
	}
	after := g
	after.Said, after.Status = "", room.Refused
	if yes {
		after.Status = room.Known
	}
	return after, Guests.Change(tx, g, after)
}
