// Package shelftalk is what people say and press about the shelf: audits, scores, what
// to order.
package shelftalk

import (
	"embed"

	"fieldbot/bot/account"
	"fieldbot/bot/config"
	"fieldbot/bot/person"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

//go:embed words sentences
var words embed.FS

// Module is /shelf.
var Module = command.Module{
	Name:     "shelf",
	Words:    words,
	Families: []command.Family{family},
	Files:    fileKinds, Demo: fillDemo,
	Card: onCard, Brief: brief, Effect: effect, Done: doneToday, AtPlace: atPlace,
	Makes:   map[string]func(*command.Request, []string) ([]byte, error){"shelf": drawn},
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
		return r.Say("shelf.name", "store", r.Store(a.StoreID).Name, "day", a.AuditedOn)
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
		{Name: "sellout", Roles: readers, Read: sellout},
		{Name: "launch", Form: launchForm, Open: openLaunch, Save: saveLaunch},
		{Name: "diversion", Roles: shelf.Auditors, Form: diversionForm, Object: "store_code", Save: saveDiversion},
		{Name: "diversions", Roles: readers, Read: diversions},
	},
	Buttons: []command.Button{
		record.Press("shelf.logistics", shelf.Auditors, nil, toLogistics),
	},
}

func settings(r *command.Request) shelf.Settings { return config.Of[shelf.Settings](r.Config) }

// oneStore finds the store that words name; none name the one that the person is
// checked in at, if it is one.
func oneStore(r *command.Request, verb string, a command.Args) (account.Store, *chat.Reply, error) {
	if a.Object == "" {
		id, err := shelfstore.Here(r.Tx, r.Scope, r.Who.ID)
		if err != nil {
			return account.Store{}, nil, err
		}
		if id != "" {
			a.Object = account.KindStore + ":" + id
		}
	}
	return r.OneStore("shelf", verb, a)
}
