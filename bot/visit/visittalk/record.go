package visittalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

// record is a visit that people speak of: by its ref, or by where it was.
var record = &command.Record[visit.Visit]{
	Family: "visit", Ref: "visit",
	Load:  load,
	Name:  func(r *command.Request, v visit.Visit) string { return placeOf(r, v).Name },
	Named: named,
}

// planRecord is a visit to come: the one that a button of the week names.
var planRecord = &command.Record[visit.Visit]{Family: "visit", Ref: "visit", Load: load, Name: record.Name}

func load(r *command.Request, id string) (visit.Visit, error) {
	return orNone(visitstore.Visits.In(r.Scope).ByID(r.Tx, id))
}

// orNone gives a visit that is not in sight its fault.
func orNone(v visit.Visit, ok bool, err error) (visit.Visit, error) {
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "visit_none")
	}
	return v, err
}

// named finds the visit that words name: the one of a ref; to be checked out of,
// the one that the person is in; to be corrected or ticked, the person's last, a manager's
// also a colleague's; else the last one done at a place.
func named(r *command.Request, verb string, a command.Args) (v visit.Visit, behind string, choose *chat.Reply, err error) {
	if id, isRef := strings.CutPrefix(a.Object, "visit:"); isRef {
		v, err = load(r, id)
		return v, "", nil, err
	}
	if verb == "done" {
		v, err = orNone(visitstore.Open(r.Tx, r.Scope, r.Who.ID))
		return v, "", nil, err
	}
	f := visitstore.Filter{Limit: 1}
	own := verb == "edit" || verb == "steps" || verb == "skip"
	if own && (a.Object == "" || !r.Who.Is(person.Manager)) {
		f.Person = r.Who.ID
	}
	if a.Object != "" || !own {
		place, choose, err := r.OnePlace("visit", verb, a)
		if err != nil || choose != nil {
			return v, "", choose, err
		}
		f.Account, f.StoreID = place.AccountID, place.StoreID()
		if !own {
			f.Office, f.Status = place.Kind == account.KindAccount, visit.Done
		}
	}
	found, err := visitstore.List(r.Tx, r.Scope, f)
	if err != nil || len(found) == 0 {
		v, err = orNone(v, false, err)
		return v, "", nil, err
	}
	return found[0], "", nil, nil
}

// placeOf returns where a visit was, as far as the person may see it. A database that
// cannot be read ends the unit.
func placeOf(r *command.Request, v visit.Visit) account.Place {
	place, _, err := accountstore.PlaceByRef(r.Tx, r.Scope, v.Place())
	if err != nil {
		r.Tx.Fail(err)
	}
	return place
}
