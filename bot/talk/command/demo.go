package command

import (
	"fieldbot/bot/account"
	"fieldbot/bot/config"
	"fieldbot/bot/person"
	"fieldbot/store"
)

// Demo is a made-up company that modules fill. Nobody in it exists.
type Demo struct {
	Tx       *store.Tx
	Config   *config.Config
	People   map[string]person.Person   // by handle
	Accounts map[string]account.Account // by code
	Stores   []account.Store
	Contacts map[string][]account.Contact // by id of the account
}

// Person returns the person of an id.
func (d *Demo) Person(id string) person.Person {
	for _, p := range d.People {
		if p.ID == id {
			return p
		}
	}
	return person.Person{}
}
