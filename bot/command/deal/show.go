package deal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fieldbot/bot/calendar"
	"fieldbot/bot/chat"
	"fieldbot/bot/command"
	"fieldbot/bot/deal"
	"fieldbot/bot/fault"
	"fieldbot/bot/field"
	"fieldbot/bot/form"
	"fieldbot/bot/money"
	"fieldbot/bot/person"
	storeapproval "fieldbot/store/approval"
	storedeal "fieldbot/store/deal"
	storeperson "fieldbot/store/person"
)

func amount(r *command.Request, minor int64) string {
	return r.Words.Money(money.Amount{Minor: minor, Currency: r.Config.Company.Currency})
}

// show is the card of a deal; without words, the person's board.
func show(r *command.Request, a command.Args) (chat.Reply, error) {
	if a.Object == "" {
		return board(r, a)
	}
	x, choose, err := one(r, "show", a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	return card(r, x)
}

func card(r *command.Request, x subject) (chat.Reply, error) {
	now, today := r.Tx.Now, r.Words.Today(r.Said)
	reply := chat.Reply{Title: r.Say("deal.card", "deal", x.name(), "account", x.account.Name)}
	add := func(label, value string) {
		if value != "" {
			reply.Fields = append(reply.Fields, chat.Line{Label: label, Value: value})
		}
	}
	weight := x.funnel.WeightOf(x.Deal)
	median, usual, err := storedeal.Pace(r.Tx, x.Stage)
	if err != nil {
		return reply, err
	}
	where := r.Say("deal.in_stage", "stage", stageName(r, x.funnel, x.Stage), "n", x.Days(now), "median", median, "known", usual)
	if x.Status != deal.Open {
		where = endText(r, x)
	}
	if x.Stuck(now, median, usual) {
		where += " ⏳ " + r.Say("deal.stuck")
	}
	add(r.Words.Label("stage"), where)
	if x.Overridden {
		add("⚠️", r.Say("deal.overridden_ever"))
	}
	if x.Value > 0 {
		add(r.Words.Label("value"), r.Say("deal.value", "value", amount(r, x.Value), "weight", weight, "weighted", amount(r, deal.Weighted(x.Value, weight))))
	}
	if x.ExpectedCloseOn != "" {
		text := r.Words.Day(x.ExpectedCloseOn)
		if x.Slipped(today) {
			text += " ⚠️ " + r.Say("deal.slipped", "n", today.Sub(x.ExpectedCloseOn))
		}
		add(r.Words.Label("expected_close_on"), text)
	}
	if err := ourPeople(r, x, add); err != nil {
		return reply, err
	}
	for _, f := range pick("size", "lead_source", "products", "competitors") {
		if v := deal.Catalogue.Values(x.Deal)[f.Key]; v != "" {
			add(r.Words.Label(f.Key), form.Print(f, v, "", r.Env()))
		}
	}
	people, _ := peopleLines(r, x)
	add(r.Say("deal.people"), strings.Join(people, "\n"))
	step := x.NextStep
	if x.NextDue != "" {
		step += " · " + r.Words.Day(x.NextDue)
	}
	if step == "" && x.Status == deal.Open {
		step = "⚠️ " + r.Say("deal.no_step")
	}
	add(r.Words.Label("next_step"), step)
	if err := waitingFor(r, x, add); err != nil {
		return reply, err
	}
	if err := addGate(r, x, &reply); err != nil {
		return reply, err
	}
	if mayWork(r, x) == nil {
		reply.Buttons = append(reply.Buttons, cardButtons(r, x)...)
	}
	reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.history"), "deal", "history "+x.Ref()), command.SayButton(x.account.Name, "account", "account:"+x.AccountID)})
	return reply, nil
}

// ourPeople adds who of ours owns the deal, holds it and works on it.
func ourPeople(r *command.Request, x subject, add func(label, value string)) error {
	team, err := storedeal.Team(r.Tx, r.Scope, x.ID)
	if err != nil {
		return err
	}
	names, err := teamNames(r, x, team)
	if err != nil {
		return err
	}
	add(r.Words.Label("team"), r.Words.List(names))
	if x.HolderID != "" && x.HolderID != x.OwnerID && x.Status == deal.Open {
		p, _, err := storeperson.ByID(r.Tx, x.HolderID)
		if err != nil {
			return err
		}
		add(r.Say("deal.held_by"), p.Name)
	}
	return nil
}

// waitingFor adds whose answer the deal waits for.
func waitingFor(r *command.Request, x subject, add func(label, value string)) error {
	for _, kind := range []string{stageKind, wonKind, holdKind, ownerKind} {
		a, waits, err := storeapproval.Of(r.Tx, kind, x.Ref())
		if err != nil || !waits {
			if err != nil {
				return err
			}
			continue
		}
		who, _, err := storeperson.ByID(r.Tx, a.ApproverID)
		if err != nil {
			return err
		}
		add("⏳ "+r.Say("deal.waits_for"), r.Say("deal.waits_"+kind, "who", who.Name, "day", calendar.On(a.AskedAt.In(r.Words.Zone))))
	}
	return nil
}

func cardButtons(r *command.Request, x subject) [][]chat.Button {
	say := func(key, verb string) chat.Button {
		return command.SayButton(r.Say(key), "deal", verb+" "+x.Ref())
	}
	switch x.Status {
	case deal.Open:
		rows := [][]chat.Button{{say("button.criteria", "criteria"), say("button.edit", "edit"), say("button.deal_people", "contact")}, {say("button.back_stage", "back"), say("button.stall", "stall"), say("button.lost", "lost")}}
		if x.funnel.MayWin(x.Deal) == nil {
			rows = append([][]chat.Button{{say("button.won", "won")}}, rows...)
		}
		return rows
	case deal.Won:
		return [][]chat.Button{{say("button.repeat", "repeat")}}
	}
	return [][]chat.Button{{say("button.restore", "restore")}}
}

// mostBoard is how many deals a board knows; shown how many of a stage it
// names.
const (
	mostBoard = 300
	shown     = 4
	listed    = 15
)

// board is a person's open deals by stage; a manager can name a colleague.
func board(r *command.Request, a command.Args) (chat.Reply, error) {
	who := r.Who
	if a.Object != "" {
		p, ok, err := r.OneColleague(a.Object)
		switch {
		case err != nil:
			return chat.Reply{}, err
		case !ok:
			return chat.Reply{}, fault.New(fault.NotFound, "person_none", "query", chat.Cut(a.Object, 60))
		}
		who = p
	}
	mine, err := storedeal.List(r.Tx, r.Scope, storedeal.Filter{Owner: who.ID, Status: deal.Open, Limit: mostBoard})
	if err != nil {
		return chat.Reply{}, err
	}
	team, err := storedeal.OnTeam(r.Tx, r.Scope, who.ID, listed)
	if err != nil {
		return chat.Reply{}, err
	}
	newButton := []chat.Button{command.SayButton(r.Say("button.deal_new"), "deal", "new"), command.SayButton(r.Say("button.funnel"), "funnel", "")}
	if len(mine)+len(team) == 0 {
		return chat.Reply{Text: r.Say("deal.board_none", "who", who.Name), Buttons: [][]chat.Button{newButton}}, nil
	}
	f := r.Config.Deals.Funnel()
	pace, err := storedeal.Paces(r.Tx, f)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{}
	var text []string
	value, weighted := int64(0), int64(0)
	for _, s := range f {
		var here []storedeal.Card
		sum, heavy := int64(0), int64(0)
		for _, c := range mine {
			if st := f.Stage(c.Stage); st.Code == s.Code {
				here = append(here, c)
				sum, heavy = sum+c.Value, heavy+deal.Weighted(c.Value, s.Weight)
			}
		}
		if len(here) == 0 {
			continue
		}
		value, weighted = value+sum, weighted+heavy
		text = append(text, r.Say("deal.board_stage", "stage", stageName(r, f, s.Code), "n", len(here), "value", amount(r, sum), "weighted", amount(r, heavy)))
		text = append(text, lines(r, f, pace, here, shown)...)
	}
	if len(team) > 0 {
		text = append(text, r.Say("deal.board_team", "n", len(team)))
		text = append(text, lines(r, f, pace, team, shown)...)
	}
	reply.Title = r.Say("deal.board_title", "who", who.Name, "n", len(mine), "value", amount(r, value), "weighted", amount(r, weighted))
	reply.Text = strings.Join(text, "\n")
	reply.Buttons = append(openButtons(slices.Concat(mine, team)), newButton)
	return reply, nil
}

// openButtons open the first deals of a list.
func openButtons(cards []storedeal.Card) [][]chat.Button {
	var out [][]chat.Button
	for _, c := range cards[:min(5, len(cards))] {
		out = append(out, []chat.Button{command.SayButton(c.Number+" "+c.Title, "deal", "show deal:"+c.ID)})
	}
	return out
}

// lines are deals, a line each, with what is wrong with them.
func lines(r *command.Request, f deal.Funnel, pace map[string]int, cards []storedeal.Card, most int) []string {
	var out []string
	for _, c := range cards[:min(most, len(cards))] {
		out = append(out, "· "+line(r, f, pace, c))
	}
	if more := len(cards) - most; more > 0 {
		out = append(out, r.Say("list.more_things", "n", more))
	}
	return out
}

func line(r *command.Request, f deal.Funnel, pace map[string]int, c storedeal.Card) string {
	d := deal.Deal{Stage: c.Stage, Status: c.Status, ExpectedCloseOn: c.ExpectedCloseOn, EnteredStageAt: c.EnteredStageAt}
	parts := []string{c.Number + " " + chat.Cut(c.Title, 40), c.Account}
	if c.Value > 0 {
		parts = append(parts, amount(r, c.Value))
	}
	if c.Status != deal.Open {
		return strings.Join(append(parts, r.Words.Choice("status", c.Status)), " · ")
	}
	parts = append(parts, r.Say("deal.days", "n", d.Days(r.Tx.Now)))
	median, usual := pace[f.Stage(c.Stage).Code]
	if d.Stuck(r.Tx.Now, median, usual) {
		parts = append(parts, "⏳ "+r.Say("deal.stuck"))
	}
	if today := r.Words.Today(r.Said); d.Slipped(today) {
		parts = append(parts, "⚠️ "+r.Say("deal.slipped", "n", today.Sub(c.ExpectedCloseOn)))
	}
	return strings.Join(parts, " · ")
}

var listFields = []field.Field{{Key: "status", Kind: field.Choice, Options: []string{deal.Open, deal.Stalled, deal.Won, deal.Lost}}}

// list shows deals of a state, the open ones unless told: the person's own,
// those of an account, or, for a manager, everybody's in sight.
func list(r *command.Request, a command.Args) (chat.Reply, error) {
	words, err := a.Fields(listFields)
	if err != nil {
		return chat.Reply{}, err
	}
	filter := storedeal.Filter{Status: deal.Open, Limit: listed + 1}
	if w := words["status"]; w != "" {
		code, wrong := form.Check(listFields[0], w, r.Env())
		if wrong != nil {
			return chat.Reply{}, wrong
		}
		filter.Status = code
	}
	title := r.Who.Name
	switch {
	case a.Object != "":
		place, choose, err := r.OnePlace("deal", "list", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		filter.Account, title = place.AccountID, place.AccountName
	case !r.Who.Is(person.Manager):
		filter.Owner = r.Who.ID
	default:
		title = sightOf(r)
	}
	found, err := storedeal.List(r.Tx, r.Scope, filter)
	if err != nil {
		return chat.Reply{}, err
	}
	status := r.Words.Choice("status", filter.Status)
	if len(found) == 0 {
		return chat.Reply{Text: r.Say("deal.list_none", "who", title, "status", status)}, nil
	}
	return cards(r, r.Say("deal.list_title", "who", title, "status", status), found, int64(len(found)))
}

// cards is a list of deals with buttons that open the first.
func cards(r *command.Request, title string, found []storedeal.Card, all int64) (chat.Reply, error) {
	f := r.Config.Deals.Funnel()
	pace, err := storedeal.Paces(r.Tx, f)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: title, Buttons: openButtons(found)}
	var text []string
	for _, c := range found[:min(listed, len(found))] {
		text = append(text, "· "+line(r, f, pace, c))
	}
	if more := int(all) - listed; more > 0 {
		text = append(text, r.Say("list.more_things", "n", more))
	}
	reply.Text = strings.Join(text, "\n")
	return reply, nil
}

// history is how a deal came to where it is, with the days it stayed.
func history(r *command.Request, a command.Args) (chat.Reply, error) {
	x, choose, err := one(r, "history", a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	entries, err := storedeal.History(r.Tx, r.Scope, x.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("deal.history_title", "deal", x.name())}
	var text []string
	for _, e := range entries {
		who, _, err := storeperson.ByID(r.Tx, e.ByID)
		if err != nil {
			return reply, err
		}
		step := stageName(r, x.funnel, e.To)
		if e.From != "" {
			step = stageName(r, x.funnel, e.From) + " → " + step
		}
		parts := []string{r.Words.Time(e.At), step, r.Words.Choice("how", string(e.How))}
		if who.Name != "" {
			parts = append(parts, who.Name)
		}
		if e.From != "" {
			parts = append(parts, r.Say("deal.stayed", "n", int(e.Stayed/(24*time.Hour).Milliseconds())))
		}
		reason := e.Reason
		switch {
		case e.Undone:
			reason = r.Say("deal.taken_back")
		case e.To == deal.Lost && slices.Contains(deal.LostReasons, reason):
			reason = r.Words.Choice("lost_why", reason)
		case e.To == deal.Won:
			reason = r.Words.Choice("won_why", reason)
		}
		if reason != "" {
			parts = append(parts, chat.Cut(chat.OneLine(reason), 100))
		}
		mark := "· "
		if e.How == deal.ByOverride {
			mark = "⚠️ "
		}
		text = append(text, mark+strings.Join(parts, " · "))
	}
	reply.Text = strings.Join(text, "\n")
	reply.Buttons = [][]chat.Button{{cardButton(r, x)}}
	return reply, nil
}

// Brief says where the deals of an account stand, a line each: for the brief
// before the door and the account's card.
func Brief(r *command.Request, accountID string, most int) ([]string, error) {
	found, err := storedeal.List(r.Tx, r.Scope, storedeal.Filter{Account: accountID, Status: deal.Open, Limit: most})
	var out []string
	for _, c := range found {
		x, err := byID(r, c.ID)
		if err != nil {
			return nil, err
		}
		text := r.Say("deal.brief", "deal", x.name(), "stage", stageName(r, x.funnel, x.Stage), "value", amount(r, x.Value))
		if next, ok := x.funnel.Next(x.Stage); ok {
			g := x.funnel.Gate(next.Code, x.size(), x.met())
			var missing []string
			for _, m := range g.Missing[:min(3, len(g.Missing))] {
				missing = append(missing, criterionName(r, m))
			}
			text += r.Say("deal.brief_gate", "stage", stageName(r, x.funnel, next.Code), "n", g.Need(), "missing", r.Words.List(missing))
		}
		out = append(out, text)
	}
	return out, err
}

// Since says which stages an account's deals entered within some days of one.
func Since(r *command.Request, accountID string, from, until calendar.Day) (string, error) {
	entries, err := storedeal.Entered(r.Tx, r.Scope, accountID, from.At(0, r.Words.Zone), until.Add(1).At(0, r.Words.Zone))
	f := r.Config.Deals.Funnel()
	var parts []string
	for _, e := range entries {
		parts = append(parts, fmt.Sprintf("%s → %s", stageName(r, f, e.From), stageName(r, f, e.To)))
	}
	return r.Words.List(parts), err
}
