// Package promotalk is what people say and press about promotions: making and confirming
// them, what each store did, and what came of them.
package promotalk

import (
	"embed"
	"maps"
	"strings"

	"fieldbot/bot/config"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/promo"
	"fieldbot/bot/promo/promostore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/paper"
)

//go:embed words sentences
var words embed.FS

// Module is /promo.
var Module = command.Module{
	Name:     "promo",
	Words:    words,
	Families: []command.Family{family},
	Files:    fileKinds, Demo: fillDemo,
	Digest: waits, Brief: brief, Card: onCard, AtPlace: atPlace,
	Asks: asks(),
	Jobs: []func(*command.Request) error{tick},
	Hears: []command.Listener{
		command.Hear(demanded),
		command.Hear(photoSeen),
	},
	Config: config.Section{Name: "promo", Default: func() any { return promo.Default() }, Check: func(settings any, bad func(key, cure string, args ...any)) {
		settings.(promo.Settings).Check(bad)
	}},
}

func asks() map[string]command.Ask {
	out := papers.Asks()
	maps.Copy(out, claimPapers.Asks())
	return out
}

const shown = 10

var record = &command.Record[promo.Promo]{
	Family: "promo", Ref: "promo", None: "promo_none",
	Load: command.InSight(promostore.Promos),
	Find: func(r *command.Request, words string) ([]promo.Promo, error) {
		if words == "" {
			return promostore.Open(r.Tx, r.Scope, "", shown)
		}
		found, err := promostore.Find(r.Tx, r.Scope, words, shown)
		if err != nil || len(found) > 0 {
			return found, err
		}
		place, choose, err := r.OneAccount("promo", "show", command.Args{Object: words})
		if err != nil || choose != nil {
			return nil, err
		}
		if place.StoreID() != "" {
			today := r.Words.Today(r.Said)
			return promostore.At(r.Tx, r.Scope, place.StoreID(), today.Add(-lately), today.Add(lately))
		}
		return promostore.Open(r.Tx, r.Scope, place.AccountID, shown)
	},
	Name: func(_ *command.Request, p promo.Promo) string { return chat.Cut(p.Code+" "+chat.OneLine(p.Name), 50) },
}

// lately is for how many days before and after today a store's promos are spoken of.
const lately = 30

var papers = paper.Paper[promo.Promo]{
	Record: record, Noun: promostore.Promos, Flow: promo.Life,
	Owner:    func(p promo.Promo) string { return p.OwnerID },
	Describe: describe,
	Enough:   []person.Role{person.Manager},
	Made:     made,
}

var family = command.Family{
	Name:    "promo",
	Default: "list",
	Choices: choices,
	Verbs: append([]command.Verb{
		{Name: "list", Read: list},
		record.Show("show", card, list),
		{Name: "new", Roles: promo.Makers, Form: newForm, Object: "account_codes", Save: saveNew},
		record.Verb(command.On[promo.Promo]{Name: "edit", Roles: promo.Makers, Ready: mayEdit, Ask: editFields, Fill: fillEdit, Do: saveEdit}),
		record.Verb(command.On[promo.Promo]{Name: "confirm", Roles: promo.Reporters, Ready: mayConfirm, Do: confirm}),
		toConfirm.Verb(command.On[promo.Execution]{Name: "agree", Roles: promo.Reporters, Ready: mayAgree, Ask: agreeFields, Do: agree}),
		reported.Verb(command.On[promo.Execution]{Name: "report", Roles: promo.Reporters, Ready: mayReportNow, Ask: reportFields, Grid: onPoints, Do: report}),
		stores.Verb(command.On[promo.Execution]{Name: "recheck", Roles: []person.Role{person.Manager}, Ready: mayRecheck, Ask: recheckFields, Grid: onPoints, Do: recheck}),
		record.Show("stores", storesOf, list),
		record.Verb(command.On[promo.Promo]{Name: "claim", Roles: promo.Makers, Ready: mayClaim, Ask: claimFields, Do: claim, Loose: true}),
		{Name: "uncleared", Roles: append([]person.Role{person.Finance}, promo.Makers...), Read: uncleared, Bare: true},
	}, papers.Verbs()...),
}

func settings(r *command.Request) promo.Settings { return config.Of[promo.Settings](r.Config) }

// promoOf is the promo of an execution in sight.
func promoOf(r *command.Request, e promo.Execution) promo.Promo {
	p, _, err := promostore.Promos.In(access.System("the promo of an execution in sight")).ByID(r.Tx, e.PromoID)
	if err != nil {
		r.Tx.Fail(err)
	}
	return p
}

// pointNames are points as people read them.
func pointNames(r *command.Request, points []string) []string {
	x, _ := promo.ExecutionCatalogue.Get("points_missed")
	out := make([]string, len(points))
	for i, p := range points {
		out[i] = r.Words.Option(x, p)
	}
	return out
}

// choices are what fields of the family's forms name: the points that a promo demands, the
// display by its kind.
func choices(r *command.Request, d form.Draft, _ field.Field, query string) ([]chat.Option, error) {
	e, ok, err := promostore.Executions.In(r.Scope).ByID(r.Tx, d.Subject)
	if err != nil || !ok {
		return nil, command.OrGone(err)
	}
	p := promoOf(r, e)
	var out []chat.Option
	for i, name := range pointNames(r, p.Points()) {
		o := chat.Option{Value: p.Points()[i], Label: name}
		if strings.EqualFold(query, o.Value) || strings.EqualFold(query, name) {
			return []chat.Option{o}, nil
		}
		if o.Value == "display" {
			o.Label = r.Say("promo.display_point", "point", name, "kinds", r.Words.List(displays(r, p)))
		}
		if query == "" || strings.Contains(strings.ToLower(o.Label), strings.ToLower(query)) {
			out = append(out, o)
		}
	}
	return out, nil
}
