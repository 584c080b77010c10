// Package dealtalk is what people say and press about deals: moving them through
// the funnel, ticking what opens its gates, the people in them, and the
// negotiation sheet.
package dealtalk

import (
	"regexp"
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/config"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

func pick(keys ...string) []field.Field { return deal.Catalogue.Pick(keys...) }

// stageField names a stage that a deal may go to.
func stageField(required bool) field.Field {
	return field.Field{Key: "to_stage", Kind: field.Named, Required: required}
}

var (
	reasonField = field.Field{Key: "reason", Kind: field.Text, Required: true, Max: 300}
	noteField   = field.Field{Key: "note", Kind: field.Long, Max: 1000}
	facts       = []string{"value", "expected_close_on", "size", "lead_source", "products", "competitors", "next_step", "next_due", "buying_situation", "their_need", "our_answer", "rival_answer"}
)

var (
	newForm      = form.Form{Name: "deal.new", Fields: field.Required(asked(pick(slices.Concat([]string{"account_code", "title"}, facts, []string{"owner"})...), "value", "expected_close_on"), "account_code", "title")}
	editForm     = form.Form{Name: "deal.edit", Fields: pick(slices.Concat([]string{"title"}, facts)...)}
	repeatForm   = form.Form{Name: "deal.repeat", Fields: pick(slices.Concat([]string{"title"}, facts)...)}
	criteriaForm = form.Form{Name: "deal.criteria", Fields: append([]field.Field{stageField(false)}, deal.TickCatalogue.For(field.Ask)...)}
	untickForm   = form.Form{Name: "deal.untick", Fields: append(deal.TickCatalogue.Pick("criterion"), reasonField)}
	overrideForm = form.Form{Name: "deal.override", Fields: []field.Field{stageField(true), reasonField}}
	backForm     = form.Form{Name: "deal.back", Fields: []field.Field{stageField(true), reasonField}}
	restoreForm  = form.Form{Name: "deal.restore", Fields: []field.Field{stageField(true), reasonField}}
	lostForm     = form.Form{Name: "deal.lost", Fields: []field.Field{{Key: "lost_why", Kind: field.Choice, Options: deal.LostReasons, Required: true}, {Key: "lost_to", Kind: field.Text, Max: 120, Asked: true}, noteField}}
	stallForm    = form.Form{Name: "deal.stall", Fields: []field.Field{reasonField, {Key: "wake_on", Kind: field.Date, Ahead: true, Required: true}}}
	wonForm      = form.Form{Name: "deal.won", Fields: []field.Field{{Key: "won_why", Kind: field.Choice, Options: deal.WonReasons}}}
	teamForm     = form.Form{Name: "deal.team", Fields: []field.Field{{Key: "team_add", Kind: field.Person}, {Key: "team_drop", Kind: field.Named}}}
	partyForm    = form.Form{Name: "deal.contact", Fields: append([]field.Field{{Key: "deal_contact", Kind: field.Named, Required: true}}, append(account.ContactCatalogue.Pick("buying_role", "attitude", "weight"), field.Field{Key: "leaves", Kind: field.YesNo})...)}
	handoverForm = form.Form{Name: "deal.handover", Fields: []field.Field{{Key: "handover_to", Kind: field.Person, Required: true}, noteField}}
	sheetForm    = form.Form{Name: "deal.sheet", Fields: []field.Field{{Key: "sheet_target", Kind: field.Long, Max: 500}, {Key: "sheet_floor", Kind: field.Long, Max: 500}, {Key: "sheet_trades", Kind: field.Long, Max: 1000}, {Key: "sheet_deadline", Kind: field.Date, Ahead: true}}}
	roundForm    = form.Form{Name: "deal.round", Fields: []field.Field{{Key: "round_ours", Kind: field.Long, Required: true, Max: 500}, {Key: "round_theirs", Kind: field.Long, Max: 500}}}
)

// asked makes fields that are asked for, though they may be skipped.
func asked(fields []field.Field, keys ...string) []field.Field {
	for i := range fields {
		fields[i].Asked = slices.Contains(keys, fields[i].Key)
	}
	return fields
}

var sellers = []person.Role{person.Rep, person.KAM, person.Manager}

// Module is /deal and /funnel, and what deals have to do with a customer.
var Module = command.Module{
	Name:     "deal",
	Words:    words,
	Families: []command.Family{family, funnel},
	Files:    fileKinds, Demo: fillDemo,
	Digest: waits, Card: onCard, Brief: before, Effect: steps,
	Reports: []command.Report{{Name: "funnel", Roles: sellers, Takes: funnelFields, Read: measures}},
	Hears:   []command.Listener{command.Hear(paid), command.Hear(onOrder), command.Hear(onAudit)},
	Asks: map[string]command.Ask{
		deal.AskStage: {Roles: []person.Role{person.Manager}, Describe: describeStage, Decide: decideStage},
		deal.AskWon:   {Roles: []person.Role{person.Manager}, Describe: describeWon, Decide: decideWon},
		deal.AskHold:  {Describe: describeHold, Decide: decideHold},
		deal.AskOwner: {Roles: sellers, Describe: describeOwner, Decide: decideOwner},
	},
	Config: config.Section{Name: "deals", Default: func() any { return deal.Settings{Stages: []deal.Stage{}} }, Check: func(settings any, bad func(key, cure string, args ...any)) { settings.(deal.Settings).Check(bad) }},
	Fits: func(tx *store.Tx, c *config.Config) error {
		return dealstore.Placed(tx, config.Of[deal.Settings](c).Funnel())
	},
	Makes: map[string]func(r *command.Request, args []string) ([]byte, error){"funnel": drawFunnel},
}

// family is /deal. Who sees a deal and who changes one is the store's to say.
var family = command.Family{
	Name:    "deal",
	Default: "show",
	Verbs: []command.Verb{
		{Name: "show", Read: show},
		{Name: "board", Read: board},
		{Name: "list", Takes: listFields, Read: list},
		{Name: "new", Roles: sellers, Form: newForm, Object: "account_code", Save: saveNew},
		{Name: "advance", Roles: sellers, Takes: advanceFields, Do: advance},
		on(criteriaForm, command.On[subject]{Ready: open, Fill: askProof, Do: saveTick, Loose: true}),
		on(untickForm, command.On[subject]{Ready: open, Do: saveUntick, Loose: true}),
		on(overrideForm, command.On[subject]{Roles: []person.Role{person.Manager}, Ready: mayOverride, Do: saveOverride}),
		on(backForm, command.On[subject]{Ready: open, Do: saveBack}),
		on(wonForm, command.On[subject]{Ready: mayWin, Do: saveWon, Quick: true}),
		on(lostForm, command.On[subject]{Ready: mayLose, Do: saveLost}),
		on(stallForm, command.On[subject]{Ready: open, Do: saveStall}),
		on(restoreForm, command.On[subject]{Ready: mayRestore, Fill: fillRestore, Do: saveRestore}),
		on(repeatForm, command.On[subject]{Roles: sellers, Ready: mayRepeat, Fill: fillRepeat, Do: saveRepeat}),
		on(editForm, command.On[subject]{Ready: mayEdit, Fill: fillEdit, Do: saveEdit}),
		on(partyForm, command.On[subject]{Ready: someContact, Do: saveParty, Loose: true}),
		on(teamForm, command.On[subject]{Ready: mayTeam, Do: saveTeam, Loose: true}),
		on(handoverForm, command.On[subject]{Ready: mayGive, Do: saveHandover}),
		{Name: "sheet", Roles: sellers, Form: sheetForm, Open: openSheet, Save: saveSheet},
		{Name: "round", Roles: sellers, Form: roundForm, Open: openRound, Save: saveRound},
		{Name: "history", Read: history},
		{Name: "competitor", Roles: sellers, Form: competitorForm, Object: "name", Open: openCompetitor, Save: saveCompetitor, Quick: true},
		competitors.Verb(command.On[deal.Competitor]{Name: "competitor_edit", Roles: sellers, Ask: competitorForm.Fields, Fill: fillCompetitor, Do: keepCompetitor}),
	},
	Buttons: []command.Button{
		deals.Press("deal.advance", sellers, nil, pressAdvance),
		deals.Press("deal.prove", sellers, mayWork, pressProof),
		func() command.Button { b := deals.Press("deal.more", nil, nil, everything); b.Read = true; return b }(),
	},
	Choices: choices,
	Means:   regexp.MustCompile(`^[Dd]-\d{3,9}$`).MatchString,
}

func funnelOf(r *command.Request) deal.Funnel { return config.Of[deal.Settings](r.Config).Funnel() }

// subject is a deal with what its rules depend on.
type subject struct {
	deal.Deal
	account account.Account
	funnel  deal.Funnel
	ticks   []deal.Tick
	people  []deal.Party
}

func (x subject) size() string { return x.CustomerSize(x.account.Size) }

func (x subject) met() func(string) bool { return deal.Met(x.ticks) }

// name is a deal as sentences call it.
func (x subject) name() string { return strings.TrimSpace(x.Number + " " + x.Title) }

// known fills in what a deal's rules depend on. Whoever sees a deal sees whose
// it is.
func known(r *command.Request, d deal.Deal) (subject, error) {
	x := subject{Deal: d, funnel: funnelOf(r)}
	var err error
	if x.account, _, err = accountstore.Accounts.In(access.System("the account of a deal in sight")).ByID(r.Tx, d.AccountID); err != nil {
		return x, err
	}
	if x.ticks, err = dealstore.TicksOf(r.Tx, r.Scope, d.ID); err != nil {
		return x, err
	}
	x.people, err = dealstore.PartiesOf(r.Tx, r.Scope, d.ID)
	return x, err
}

var load = command.InSight(dealstore.Deals)

// byID returns a deal in sight.
func byID(r *command.Request, id string) (subject, error) {
	d, err := load(r, id)
	if err != nil {
		return subject{}, err
	}
	return known(r, d)
}

// mayWork: the deal's owner and team, and who owns or leads the account; a rep
// reads the deals of own stores' accounts (domain.md §1).
func mayWork(r *command.Request, x subject) error {
	may, err := dealstore.Deals.MayChange(r.Tx, r.Scope, x.ID)
	if err == nil && !may {
		err = fault.New(fault.Denied, "deal_not_yours", "number", x.Number, "who", r.Name(x.OwnerID))
	}
	return err
}

// open refuses a deal that is not open.
func open(_ *command.Request, x subject) error { return x.Opened() }

// deals is how people speak of a deal.
var deals = command.Record[subject]{Family: "deal", Ref: "deal", Load: byID, Named: oneAnd, Name: func(_ *command.Request, x subject) string { return x.name() }, Changed: changed}

// on is a verb on one deal, for whoever may work on it. Words behind the deal's
// name fill a field of the form.
func on(f form.Form, o command.On[subject]) command.Verb {
	o.Name, o.Ask = strings.TrimPrefix(f.Name, "deal."), f.Fields
	if o.Roles == nil {
		o.Roles = sellers
	}
	ready := o.Ready
	o.Ready = func(r *command.Request, x subject) error {
		if err := mayWork(r, x); err != nil {
			return err
		}
		return stagesNamed(r, x.funnel, ready(r, x))
	}
	o.Behind = func(r *command.Request, x subject, words string, a command.Args, d *form.Draft) error {
		key := freeField(f, *d)
		if key == "" {
			return fault.Wrong("deal_words", "words", chat.Cut(words, 60), "number", x.Number, "verb", o.Name)
		}
		f.Type(d, map[string]string{key: words}, r.Env())
		if d.Express = true; f.Name == criteriaForm.Name && a.Pairs["note"] == "" {
			d.Asking = "note"
		}
		return nil
	}
	return deals.Verb(o)
}

// freeFields are the fields that words behind a deal's name fill, by form; the
// others take none.
var freeFields = map[string]string{criteriaForm.Name: "criterion", untickForm.Name: "criterion", overrideForm.Name: "to_stage", backForm.Name: "to_stage", restoreForm.Name: "to_stage", lostForm.Name: "lost_why",
	stallForm.Name: "reason", wonForm.Name: "won_why", teamForm.Name: "team_add", partyForm.Name: "deal_contact", handoverForm.Name: "handover_to"}

// freeField is the field that words behind a deal's name fill: the form's own
// for it, or, where that is known already, the first that is still needed.
func freeField(f form.Form, d form.Draft) string {
	key := freeFields[f.Name]
	if d.Values[key] == "" {
		return key
	}
	for _, x := range f.Fields {
		if x.Required && d.Values[x.Key] == "" {
			return x.Key
		}
	}
	return ""
}

// changed tells what became of a deal meanwhile.
func changed(r *command.Request, x subject) error {
	lines, err := dealstore.History(r.Tx, r.Scope, x.ID)
	if err != nil || len(lines) == 0 {
		return command.OrGone(err)
	}
	last := lines[len(lines)-1]
	return fault.New(fault.Conflict, "deal_changed", "number", x.Number, "stage", stageName(r, x.funnel, last.To), "who", r.Name(last.ByID), "time", r.Words.Time(last.At))
}

// stageName is what a stage or an end is called: the config's own name, else
// the language's.
func stageName(r *command.Request, f deal.Funnel, code string) string {
	if slices.Contains(deal.Ends, code) {
		return r.Words.Choice("status", code)
	}
	s := f.Stage(code)
	if name := s.Names[r.Words.Code]; name != "" {
		return name
	}
	return r.Words.Choice("stage", s.Code)
}

func criterionName(r *command.Request, c deal.Criterion) string {
	if name := c.Names[r.Words.Code]; name != "" {
		return name
	}
	return r.Words.Choice("criterion", c.Code)
}

// stagesNamed puts the names of stages into a rule's fault.
func stagesNamed(r *command.Request, f deal.Funnel, err error) error {
	x, ok := fault.As(err)
	if !ok {
		return err
	}
	out := *x
	out.Args = slices.Clone(x.Args)
	for i := 0; i+1 < len(out.Args); i += 2 {
		if code, isText := out.Args[i+1].(string); isText && out.Args[i] == "stage" {
			out.Args[i+1] = stageName(r, f, code)
		}
	}
	return &out
}
