package dealtalk

import (
	"slices"
	"strings"
	"time"

	"fieldbot/bot/approval"
	"fieldbot/bot/approval/approvalstore"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

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

// mostButtons is how many buttons the card of a deal has on a phone; the others are a press
// away.
const mostButtons = 6

// card is a deal with the buttons of its next step.
func card(r *command.Request, x subject) (chat.Reply, error) {
	reply, next, err := whole(r, x)
	if err != nil || count(reply.Buttons) <= mostButtons {
		return reply, err
	}
	few := slices.Clone(reply.Buttons[:min(next, mostButtons-2)])
	more := chat.Button{Label: r.Say("button.more_fields"), Do: &chat.Do{Action: "deal.more", Args: []string{x.ID}}}
	row := []chat.Button{more}
	if mayWork(r, x) == nil {
		row = slices.Insert(row, 0, command.SayButton(r.Say("button.edit"), "deal", "edit "+x.Ref()))
	}
	if len(row) > 1 && x.funnel.MayWin(x.Deal) == nil {
		row = slices.Insert(row, 0, command.SayButton(r.Say("button.won"), "deal", "won "+x.Ref()))
		few = few[:min(len(few), mostButtons-3)]
	}
	few = append(few, row)
	reply.Buttons = few
	return reply, nil
}

func count(rows [][]chat.Button) (n int) {
	for _, row := range rows {
		n += len(row)
	}
	return n
}

// everything is a deal with all that can be done with it.
func everything(r *command.Request, x subject, _ []string) (chat.Reply, error) {
	reply, _, err := whole(r, x)
	return reply, err
}

// whole is the card with all buttons, of which the first rows are the next step's.
func whole(r *command.Request, x subject) (reply chat.Reply, next int, err error) {
	now, today := r.Tx.Now.In(r.Config.Company.Zone()), r.Words.Today(r.Said)
	reply = chat.Reply{Title: r.Say("deal.card", "deal", x.name(), "account", x.account.Name)}
	add := func(label, value string) {
		if value != "" {
			reply.Fields = append(reply.Fields, chat.Line{Label: label, Value: value})
		}
	}
	weight := x.funnel.WeightOf(x.Deal)
	median, usual, err := dealstore.Pace(r.Tx, x.funnel.Stage(x.Stage))
	if err != nil {
		return reply, 0, err
	}
	where := r.Say("deal.in_stage", "stage", stageName(r, x.funnel, x.Stage), "n", x.Days(now), "median", median, "known", usual)
	if x.Status != deal.Open {
		end := x
		end.Number, end.Title = stageName(r, x.funnel, x.Stage), "" // the title names it
		where = endText(r, end)
	}
	if x.Stuck(now, median, usual) {
		where += " ⏳ " + r.Say("deal.stuck")
	}
	add(r.Words.Label("stage"), where)
	if x.Overridden {
		add("⚠️", r.Say("deal.overridden_ever"))
	}
	if x.Value > 0 {
		add(r.Words.Label("value"), r.Say("deal.value", "value", r.Money(x.Value), "weight", weight, "weighted", r.Money(deal.Weighted(x.Value, weight))))
	}
	if x.ExpectedCloseOn != "" {
		text := r.Words.Day(x.ExpectedCloseOn)
		if x.Slipped(today) {
			text += " ⚠️ " + r.Say("deal.slipped", "n", today.Sub(x.ExpectedCloseOn))
		}
		add(r.Words.Label("expected_close_on"), text)
	}
	if err := ourPeople(r, x, add); err != nil {
		return reply, 0, err
	}
	rivals, err := rivalLines(r, x)
	if err != nil {
		return reply, 0, err
	}
	for _, f := range pick("size", "lead_source", "buying_situation", "products", "competitors", "their_need", "our_answer", "rival_answer") {
		v := deal.Catalogue.Values(x.Deal)[f.Key]
		switch {
		case f.Key == "competitors":
			add(r.Words.Label(f.Key), strings.Join(rivals, "\n"))
		case v != "":
			add(r.Words.Label(f.Key), form.Print(f, v, "", r.Env()))
		}
	}
	people := peopleLines(r, x)
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
		return reply, 0, err
	}
	if err := addGate(r, x, &reply); err != nil {
		return reply, 0, err
	}
	next = len(reply.Buttons)
	if mayWork(r, x) == nil {
		reply.Buttons = append(reply.Buttons, cardButtons(r, x)...)
	}
	reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.history"), "deal", "history "+x.Ref()), r.ChangesButton("deals", x.ID), command.SayButton(x.account.Name, "account", "account:"+x.AccountID)})
	return reply, next, nil
}

// ourPeople adds who of ours owns the deal, holds it and works on it.
func ourPeople(r *command.Request, x subject, add func(label, value string)) error {
	team, err := dealstore.TeamOf(r.Tx, r.Scope, x.ID)
	if err != nil {
		return err
	}
	names, err := teamNames(r, x, team)
	if err != nil {
		return err
	}
	add(r.Words.Label("team"), r.Words.List(names))
	if x.HolderID != "" && x.HolderID != x.OwnerID && x.Status == deal.Open {
		add(r.Say("deal.held_by"), r.Name(x.HolderID))
	}
	return nil
}

// waitingFor adds whose answer the deal waits for, and who said no since it came
// to where it stands.
func waitingFor(r *command.Request, x subject, add func(label, value string)) error {
	for _, kind := range deal.Asks {
		trail, err := approvalstore.About(r.Tx, kind, x.Ref())
		if err != nil {
			return err
		}
		for _, a := range trail {
			id, label, at := a.ApproverID, "⏳ "+r.Say("deal.waits_for"), a.AskedAt
			switch {
			case a.Status == approval.Waiting:
			case a.Status == approval.Rejected && !a.DecidedAt.Before(x.EnteredStageAt):
				id, label, at = a.DecidedBy, "❌ "+r.Say("deal.refused"), a.DecidedAt
			default:
				continue
			}
			add(label, r.Say("deal.waits_"+kind, "who", r.Name(id), "day", calendar.On(at.In(r.Words.Zone))))
		}
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
		if ours, err := dealstore.OnTheTeam(r.Tx, r.Scope, x.ID); err == nil && ours {
			rows = append(rows, []chat.Button{say("button.sheet", "sheet"), say("button.team", "team"), say("button.give", "handover")})
		}
		if x.funnel.MayWin(x.Deal) == nil {
			rows = append([][]chat.Button{{say("button.won", "won")}}, rows...)
		}
		return rows
	case deal.Won:
		return [][]chat.Button{{say("button.repeat", "repeat")}}
	}
	return [][]chat.Button{{say("button.restore", "restore")}}
}

// history is how a deal came to where it is, with the days it stayed.
func history(r *command.Request, a command.Args) (chat.Reply, error) {
	x, choose, err := one(r, "history", a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	entries, err := dealstore.History(r.Tx, r.Scope, x.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("deal.history_title", "deal", x.name())}
	var text []string
	for _, e := range entries {
		step := stageName(r, x.funnel, e.To)
		if e.From != "" {
			step = stageName(r, x.funnel, e.From) + " → " + step
		}
		parts := []string{r.Words.Time(e.At), step, r.Words.Choice("how", string(e.How))}
		if r.Name(e.ByID) != "" {
			parts = append(parts, r.Name(e.ByID))
		}
		if e.From != "" {
			parts = append(parts, r.Say("deal.stayed", "n", int(e.Stayed/(24*time.Hour).Milliseconds())))
		}
		reason := e.Reason
		switch {
		case e.To == deal.Lost && slices.Contains(deal.LostReasons, reason):
			reason = r.Words.Choice("lost_why", reason)
		case e.To == deal.Won:
			reason = r.Words.Choice("won_why", reason)
		}
		if e.Undone {
			parts = append(parts, r.Say("deal.taken_back"))
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
