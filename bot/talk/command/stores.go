package command

import (
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/form"
)

// Store is a store in sight by its id, the zero one where it is not. A database that cannot
// be read ends the unit.
func (r *Request) Store(id string) account.Store {
	s, _, err := accountstore.Stores.In(r.Scope).ByID(r.Tx, id)
	if err != nil {
		r.Tx.Fail(err)
	}
	return s
}

// StoreOf is the store of a row in sight, by its id, whoever serves it. A database that
// cannot be read ends the unit.
func (r *Request) StoreOf(id string) account.Store {
	s, _, err := accountstore.Stores.In(access.System("the store of a row in sight")).ByID(r.Tx, id)
	if err != nil {
		r.Tx.Fail(err)
	}
	return s
}

// AccountOf is the account of a row in sight, by its id, whoever answers for it. A database
// that cannot be read ends the unit.
func (r *Request) AccountOf(id string) account.Account {
	a, _, err := accountstore.Accounts.In(access.System("the account of a row in sight")).ByID(r.Tx, id)
	if err != nil {
		r.Tx.Fail(err)
	}
	return a
}

// OneStore finds the store that sells now that words name. Without words it is the only
// one that can be meant; where there are several, the reply offers them, each saying the
// verb again.
func (r *Request) OneStore(family, verb string, a Args) (account.Store, *chat.Reply, error) {
	if a.Object == "" {
		places, err := r.likelyPlaces(form.Draft{})
		places = slices.DeleteFunc(places, func(p account.Place) bool { return p.StoreID() == "" })
		switch {
		case err != nil:
			return account.Store{}, nil, err
		case len(places) == 0:
			return account.Store{}, nil, fault.Wrong("no_store")
		case len(places) > 1:
			reply := &chat.Reply{Text: r.Say("ask.store")}
			for _, p := range places {
				reply.Buttons = append(reply.Buttons, []chat.Button{SayButton(p.Name+" · "+r.PlaceNote(p), family, verb+" "+p.Ref()+a.Words())})
			}
			return account.Store{}, reply, nil
		}
		a.Object = places[0].Ref()
	}
	place, choose, err := r.OnePlace(family, verb, a)
	switch {
	case err != nil || choose != nil:
		return account.Store{}, choose, err
	case place.StoreID() == "":
		return account.Store{}, nil, fault.Wrong("not_a_store", "account", place.Name)
	case !place.Active():
		return account.Store{}, nil, fault.Wrong("place_closed", "place", place.Name)
	}
	s, ok, err := accountstore.Stores.In(r.Scope).ByID(r.Tx, place.StoreID())
	if err == nil && !ok {
		err = OrGone(nil)
	}
	return s, nil, err
}
