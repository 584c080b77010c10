// Package credittalk is what people say and press about credit: grades, what is drawn, and
// deliveries that stop.
package credittalk

import (
	"embed"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/config"
	"fieldbot/bot/credit"
	"fieldbot/bot/credit/creditstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/paper"
)

//go:embed words sentences
var words embed.FS

// Module is /credit, and the deliveries that stop.
var Module = command.Module{
	Name:     "credit",
	Words:    words,
	Families: []command.Family{family},
	Files:    fileKinds, Demo: fillDemo,
	Digest: waits, Card: onCard, Brief: brief,
	Asks:  papers.Asks(),
	Jobs:  []func(*command.Request) error{tick},
	Hears: []command.Listener{command.Hear(wanted), command.Hear(moved), command.Hear(changed)},
	Config: config.Section{Name: "credit", Default: func() any { return credit.Default() }, Check: func(settings any, bad func(key, cure string, args ...any)) {
		settings.(credit.Settings).Check(bad)
	}},
}

var (
	readers  = []person.Role{person.Rep, person.KAM, person.Manager, person.Finance, person.Analyst}
	keepers  = []person.Role{person.KAM, person.Manager}
	deciders = []person.Role{person.Finance}
)

const shown = 10

func settings(r *command.Request) credit.Settings { return config.Of[credit.Settings](r.Config) }

var record = &command.Record[credit.Credit]{
	Family: "credit", Ref: "credit", None: "credit_none",
	Load: command.InSight(creditstore.Credits),
	Find: func(r *command.Request, words string) ([]credit.Credit, error) {
		if words == "" {
			return creditstore.OnHold(r.Tx, r.Scope, shown)
		}
		place, choose, err := r.OneAccount("credit", "show", command.Args{Object: words})
		if err != nil || choose != nil {
			return nil, err
		}
		debtor, err := creditstore.Debtor(r.Tx, place.AccountID)
		if err != nil {
			return nil, err
		}
		c, ok, err := creditstore.Of(r.Tx, r.Scope, debtor.ID)
		if err != nil || !ok {
			return nil, err
		}
		return []credit.Credit{c}, nil
	},
	Name: func(r *command.Request, c credit.Credit) string {
		return chat.Cut(r.AccountOf(c.AccountID).Name, 40)
	},
}

var papers = paper.Paper[credit.Credit]{
	Record: record, Noun: creditstore.Credits, Flow: credit.Life,
	Owner:    func(c credit.Credit) string { return c.OwnerID },
	Describe: describe,
	Made:     made,
}

var family = command.Family{
	Name:    "credit",
	Default: "list",
	Verbs: append([]command.Verb{
		{Name: "list", Roles: readers, Read: list},
		{Name: "show", Roles: readers, Read: list},
		{Name: "set", Roles: deciders, Form: setForm, Object: "account_code", Save: save},
		record.Verb(command.On[credit.Credit]{Name: "spare", Roles: deciders, Ready: maySpare, Do: spare}),
		{Name: "breach", Roles: append([]person.Role{person.Finance}, keepers...), Form: breachForm, Object: "account_code", Save: saveBreach},
	}, owned(papers.Verbs())...),
}

// owned are the moves of a credit: who answers for the account makes them.
func owned(verbs []command.Verb) []command.Verb {
	for i := range verbs {
		verbs[i] = verbs[i].For(keepers...)
	}
	return verbs
}

var (
	accountField = credit.Catalogue.Pick("account_code")
	setForm      = form.Form{Name: "credit.set", Fields: append(accountField, field.Required(credit.Catalogue.Pick("grade", "limit", "days"), "grade")...)}
	breachForm   = form.Form{Name: "credit.breach", Fields: append(accountField[:1:1], credit.BreachCatalogue.Pick("breach", "happened_on", "note")...)}
)

// list shows whose deliveries are stopped; words name an account, whose credit is shown.
func list(r *command.Request, a command.Args) (chat.Reply, error) {
	if a.Object != "" {
		place, choose, err := r.OneAccount("credit", "show", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		return card(r, place.AccountID)
	}
	held, err := creditstore.OnHold(r.Tx, r.Scope, shown)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("credit.held_title"), Text: r.Say("credit.held_none")}
	if len(held) > 0 {
		reply.Text = strings.Join(command.Listed(r, held, shown, len(held), func(c credit.Credit) string {
			return r.Say("credit.held_line", "account", record.Name(r, c), "since", c.HoldSince, "why", c.Reason)
		}), "\n")
	}
	for _, c := range held[:min(4, len(held))] {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(record.Name(r, c), "credit", "show "+r.AccountOf(c.AccountID).Code)})
	}
	return reply, nil
}

// card is how far an account is trusted, what of it is drawn, and what stops it.
func card(r *command.Request, accountID string) (chat.Reply, error) {
	debtor, err := creditstore.Debtor(r.Tx, accountID)
	if err != nil {
		return chat.Reply{}, err
	}
	f, _, err := creditstore.FactsOf(r.Tx, debtor, r.Words.Today(r.Said))
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("credit.title", "account", debtor.Name)}
	add := func(label, value string) {
		if value != "" {
			reply.Fields = append(reply.Fields, chat.Line{Label: label, Value: value})
		}
	}
	d := f.Decide(settings(r), 0)
	if d.Hold {
		reply.Text = "⛔ " + stopped(r, f, d)
	} else if f.Credit.ReleaseUntil >= f.Today && f.Credit.ReleaseUntil != "" {
		reply.Text = r.Say("credit.released", "until", f.Credit.ReleaseUntil)
	}
	if !f.Known {
		reply.Text = strings.TrimSpace(reply.Text + "\n" + r.Say("credit.ungraded"))
	} else {
		add(r.Words.Field(credit.Catalogue.Pick("grade")[0]), f.Credit.Grade)
		add(r.Words.Field(credit.Catalogue.Pick("limit")[0]), r.Say("credit.limit", "limit", r.Money(f.Limit), "set", f.Credit.Limit > 0))
	}
	add(r.Words.Field(credit.Catalogue.Pick("exposure")[0]), r.Say("credit.exposure", "exposure", r.Money(f.Exposure), "left", r.MoneyIfAny(f.Limit-f.Exposure), "known", f.Known))
	add(r.Words.Field(credit.Catalogue.Pick("overdue")[0]), r.Say("credit.overdue", "amount", r.MoneyIfAny(f.Overdue), "late", d.Late))
	breaches, err := creditstore.BreachesOf(r.Tx, r.Scope, debtor.ID, 5)
	if err != nil {
		return reply, err
	}
	var lines []string
	for _, b := range breaches {
		lines = append(lines, r.Say("credit.breach_line", "what", r.Words.Option(credit.BreachCatalogue.Pick("breach")[0], b.Kind), "on", b.HappenedOn, "note", b.Note))
	}
	add(r.Say("credit.breaches"), strings.Join(lines, "\n"))
	c, known, err := creditstore.Of(r.Tx, r.Scope, debtor.ID)
	if err != nil || !known {
		return reply, err
	}
	trail, err := papers.Trail(r, c)
	if err != nil {
		return reply, err
	}
	reply.Fields = append(reply.Fields, trail...)
	moves, err := papers.Buttons(r, c)
	if !r.May(keepers) {
		moves = nil
	}
	if len(moves) > 0 {
		reply.Buttons = [][]chat.Button{moves}
	}
	return reply, err
}

// stopped says why deliveries stop, and what lifts it.
func stopped(r *command.Request, f credit.Facts, d credit.Decision) string {
	return r.Say("credit.stopped", "why", d.Why, "lift", r.Money(d.Lift), "late", d.Late, "limit", r.Money(f.Limit), "since", f.Credit.HoldSince, "step", credit.Ladder(f.Credit.HoldSince, f.Today))
}

// save keeps the grade of a debtor: finance sets it.
func save(r *command.Request, d form.Draft) (command.Saved, error) {
	debtor, err := creditstore.Debtor(r.Tx, d.Values["account_code"])
	if err != nil {
		return command.Saved{}, err
	}
	before, known, err := creditstore.Of(r.Tx, r.Scope, debtor.ID)
	if err != nil {
		return command.Saved{}, err
	}
	after := before
	if err := credit.Catalogue.Set(&after, d.Values); err != nil {
		return command.Saved{}, err
	}
	after.AccountID = debtor.ID
	if known {
		err = creditstore.Credits.Change(r.Tx, before, after)
	} else {
		err = creditstore.Add(r.Tx, &after)
	}
	if err == nil {
		err = refresh(r, debtor)
	}
	if err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: after.ID, Reply: r.Done(r.Say("credit.saved", "account", debtor.Name, "grade", after.Grade), command.SayButton(r.Say("button.card"), "credit", "show "+debtor.Code))}, nil
}

func saveBreach(r *command.Request, d form.Draft) (command.Saved, error) {
	b := credit.Breach{AccountID: d.Values["account_code"], PersonID: r.Who.ID, HappenedOn: r.Words.Today(r.Said), Status: "noted"}
	if err := credit.BreachCatalogue.Set(&b, d.Values); err != nil {
		return command.Saved{}, err
	}
	if err := creditstore.Breaches.Add(r.Tx, &b); err != nil {
		return command.Saved{}, err
	}
	if err := command.Guard(r, creditstore.Breaches, r.Scope, b.ID, fault.New(fault.Denied, "read_only")); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: b.ID, Reply: r.Done(r.Say("credit.breach_saved", "account", r.AccountOf(b.AccountID).Name))}, nil
}

func describe(r *command.Request, c credit.Credit) (string, error) {
	debtor := r.AccountOf(c.AccountID)
	f, _, err := creditstore.FactsOf(r.Tx, debtor, r.Words.Today(r.Tx.Now))
	d := f.Decide(settings(r), 0)
	return r.Say("credit.ask", "account", debtor.Name, "release", c.Status == credit.Pleading, "days", settings(r).ReleaseDays, "from", c.Grade, "to", c.AskedGrade, "facts", c.Facts, "exposure", r.Money(f.Exposure), "limit", r.Money(f.Limit), "overdue", r.MoneyIfAny(f.Overdue), "late", d.Late), err
}

// made does what follows from a move: a release holds for some days.
func made(r *command.Request, _, after credit.Credit, move string) error {
	if move == "release" {
		before := after
		after.ReleaseUntil = r.Words.Today(r.Tx.Now).Add(settings(r).ReleaseDays)
		if err := creditstore.Credits.Change(r.Tx, before, after); err != nil {
			return err
		}
	}
	return refresh(r, r.AccountOf(after.AccountID))
}

func maySpare(r *command.Request, c credit.Credit) error {
	if c.Hold {
		return fault.New(fault.Conflict, "credit_held")
	}
	return command.Guard(r, creditstore.Credits, r.Scope, c.ID, fault.New(fault.Denied, "read_only"))
}

// spare lets deliveries go on for some days, on the day before they would stop.
func spare(r *command.Request, before credit.Credit, _ form.Draft) (command.Saved, error) {
	after := before
	after.SparedUntil = r.Words.Today(r.Said).Add(settings(r).ReleaseDays)
	if err := creditstore.Credits.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: after.ID, Reply: r.Done(r.Say("credit.spared", "account", record.Name(r, after), "until", after.SparedUntil))}, nil
}

// onCard says what of an account's credit is drawn, and that deliveries are stopped.
func onCard(r *command.Request, p account.Place) ([]command.Part, error) {
	text, err := inShort(r, p)
	if err != nil || text == "" {
		return nil, err
	}
	return []command.Part{{Rank: command.RankOpen, Line: chat.Line{Label: r.Say("credit.label"), Value: text}}}, nil
}

// brief says before the door that deliveries are stopped, and what lifts it.
func brief(r *command.Request, p account.Place) ([]command.Point, error) {
	if !r.May(readers) {
		return nil, nil
	}
	f, d, err := decision(r, p.AccountID)
	if err != nil || !d.Hold {
		return nil, err
	}
	return []command.Point{{Rank: command.RankOpen, Text: "⛔ " + stopped(r, f, d)}}, nil
}

func decision(r *command.Request, accountID string) (credit.Facts, credit.Decision, error) {
	debtor, err := creditstore.Debtor(r.Tx, accountID)
	if err != nil {
		return credit.Facts{}, credit.Decision{}, err
	}
	f, _, err := creditstore.FactsOf(r.Tx, debtor, r.Words.Today(r.Tx.Now))
	return f, f.Decide(settings(r), 0), err
}

func inShort(r *command.Request, p account.Place) (string, error) {
	if !r.May(readers) {
		return "", nil
	}
	f, d, err := decision(r, p.AccountID)
	if err != nil || !f.Known && !d.Hold {
		return "", err
	}
	if d.Hold {
		return "⛔ " + stopped(r, f, d), nil
	}
	return r.Say("credit.short", "grade", f.Credit.Grade, "exposure", r.Money(f.Exposure), "limit", r.Money(f.Limit)), nil
}
