// Package shelftalk is what people say and press about the shelf: audits, scores, what
// to order.
package shelftalk

import (
	"embed"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/config"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

//go:embed words
var words embed.FS

// Module is /shelf.
var Module = command.Module{
	Name:     "shelf",
	Words:    words,
	Families: []command.Family{family},
	Files:    fileKinds, Demo: fillDemo,
	Card: onCard, Brief: brief, Effect: effect, Done: doneToday,
	Reports: []command.Report{{Name: "shelf", Roles: readers, Takes: scoreOptions, Read: scores}},
	Config: config.Section{Name: "shelf", Default: func() any { return shelf.Default() }, Check: func(settings any, bad func(key, cure string, args ...any)) {
		settings.(shelf.Settings).Check(bad)
	}},
}

// readers see audits and scores of what is in their sight.
var readers = []person.Role{person.Rep, person.Promoter, person.KAM, person.Manager, person.Analyst}

var record = &command.Record[shelf.Audit]{
	Family: "shelf", Ref: "audit", None: "audit_none",
	Load: command.InSight(shelfstore.Audits),
	Find: findAudits,
	Name: func(r *command.Request, a shelf.Audit) string {
		return r.Say("shelf.name", "store", storeOf(r, a.StoreID).Name, "day", a.AuditedOn)
	},
}

var family = command.Family{
	Name:    "shelf",
	Default: "audit",
	Choices: choices,
	Verbs: []command.Verb{
		{Name: "audit", Roles: shelf.Auditors, Form: auditForm(shelf.Quick), Quick: true, Open: openAudit(shelf.Quick), Save: saveAudit},
		{Name: "full", Roles: shelf.Auditors, Form: auditForm(shelf.Full), Open: openAudit(shelf.Full), Save: saveAudit},
		record.Show("show", card, lastAudits),
		{Name: "history", Roles: readers, Read: history},
		{Name: "order", Roles: readers, Read: orderLine},
		{Name: "score", Roles: readers, Takes: scoreOptions, Read: scores},
	},
	Buttons: []command.Button{
		record.Press("shelf.logistics", shelf.Auditors, nil, toLogistics),
	},
}

func settings(r *command.Request) shelf.Settings { return config.Of[shelf.Settings](r.Config) }

// storeOf is a store in sight. A database that cannot be read ends the unit.
func storeOf(r *command.Request, id string) account.Store {
	s, _, err := accountstore.Stores.In(r.Scope).ByID(r.Tx, id)
	if err != nil {
		r.Tx.Fail(err)
	}
	return s
}

// oneStore finds the store that words name; none name the one that the person is
// checked in at. Where they name several, or nothing, the reply offers stores.
func oneStore(r *command.Request, verb string, a command.Args) (account.Store, *chat.Reply, error) {
	if a.Object == "" {
		id, err := shelfstore.Here(r.Tx, r.Scope, r.Who.ID)
		if err != nil {
			return account.Store{}, nil, err
		}
		if id == "" {
			choose, err := offerStores(r, verb, a)
			return account.Store{}, choose, err
		}
		a.Object = account.KindStore + ":" + id
	}
	place, choose, err := r.OnePlace("shelf", verb, a)
	if err != nil || choose != nil {
		return account.Store{}, choose, err
	}
	if place.StoreID() == "" {
		return account.Store{}, nil, fault.Wrong("audit_of_account", "account", place.Name)
	}
	s := storeOf(r, place.StoreID())
	if s.Status != account.Active {
		return s, nil, fault.Wrong("place_closed", "place", s.Name)
	}
	return s, nil, nil
}

// offerStores asks which store is meant: those that are due, then the person's own.
func offerStores(r *command.Request, verb string, a command.Args) (*chat.Reply, error) {
	places, err := r.LikelyStores()
	if err != nil {
		return nil, err
	}
	if len(places) == 0 {
		return nil, fault.Wrong("no_store")
	}
	reply := &chat.Reply{Text: r.Say("shelf.which_store")}
	for _, p := range places {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(p.Name+" · "+r.PlaceNote(p), "shelf", verb+" "+p.Ref()+a.Words())})
	}
	return reply, nil
}
