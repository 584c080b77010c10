package visittalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

// onCard is the last visit with its open points, and when the next is due.
func onCard(r *command.Request, p account.Place) ([]command.Part, error) {
	last, err := visitstore.List(r.Tx, r.Scope, visitstore.Filter{Account: p.AccountID, StoreID: p.StoreID(), Limit: 1})
	if err != nil {
		return nil, err
	}
	var out []command.Part
	add := func(label, value string) {
		out = append(out, command.Part{Rank: command.RankUnknown, Line: chat.Line{Label: r.Say(label), Value: value}})
	}
	if len(last) > 0 {
		v := last[0]
		text := []string{r.Words.Day(v.VisitedOn) + " · " + r.Name(v.PersonID)}
		for _, s := range []string{v.Problems, v.Needs, v.NextStep} {
			if s != "" {
				text = append(text, "· "+chat.Cut(chat.OneLine(s), 120))
			}
		}
		add("account.last_visit", strings.Join(text, "\n"))
	}
	spoken, err := lastActivity(r, p)
	if err != nil {
		return nil, err
	}
	out = append(out, spoken...)
	label := "account.next_due"
	if p.Kind == account.KindAccount {
		label = "account.office_due" // its stores have their own
	}
	switch {
	case p.NextDueOn == "" || !p.Active():
	case p.NextDueOn == account.NeverVisited:
		add(label, r.Say("account.due_now"))
	default:
		add(label, r.Words.Day(p.NextDueOn))
	}
	return out, nil
}

// brief is today's plan of the visit, and what the last one left open.
func brief(r *command.Request, p account.Place) ([]command.Point, error) {
	var out []command.Point
	add := func(rank int, key, says string, args ...any) {
		out = append(out, command.Point{Rank: rank, Says: says, Text: r.Say("brief."+key, args...)})
	}
	plan, planned, err := todaysPlan(r, p)
	if err != nil {
		return nil, err
	}
	if planned && len(plan.Objectives) > 0 {
		add(command.RankPlan, "objectives", "", "objectives", objectives(r, plan))
		if !plan.Prepared {
			add(command.RankPlan, "not_prepared", "")
		}
	}
	storeID := p.StoreID()
	last, err := visitstore.List(r.Tx, r.Scope, visitstore.Filter{Account: p.AccountID, StoreID: storeID, Office: storeID == "", Status: visit.Done, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(last) == 0 {
		add(command.RankPast, "never", "")
		return out, nil
	}
	v := last[0]
	add(command.RankPast, "last", "", "day", v.VisitedOn, "who", chat.Cut(r.Name(v.PersonID), 120), "met", chat.Cut(chat.OneLine(v.Met), 120))
	for _, x := range []struct{ key, text string }{{"last_problem", v.Problems}, {"last_need", v.Needs}, {"last_step", v.NextStep}, {"last_rival", v.CompetitorNews}} {
		if x.text != "" {
			add(command.RankPast, x.key, x.text, "text", chat.Cut(chat.OneLine(x.text), 120))
		}
	}
	return out, nil
}

// todaysPlan is the visit to a place that the person has planned for today.
func todaysPlan(r *command.Request, p account.Place) (plan visit.Visit, planned bool, err error) {
	on, err := visitstore.On(r.Tx, r.Scope, r.Who.ID, r.Words.Today(r.Said))
	for _, v := range on {
		if v.Place() == p.Ref() && v.PlannedFor != "" {
			plan, planned = v, true
		}
	}
	return plan, planned, err
}

// objectives are what a visit is planned for, as people read it.
func objectives(r *command.Request, v visit.Visit) string {
	return r.Words.Choices("objectives", v.Objectives)
}

// doneToday counts the visits that the person made today.
func doneToday(r *command.Request) (string, error) {
	visits, err := visitstore.On(r.Tx, r.Scope, r.Who.ID, r.Words.Today(r.Tx.Now))
	n := 0
	for _, v := range visits {
		if v.Status == visit.Done {
			n++
		}
	}
	if err != nil || n == 0 {
		return "", err
	}
	return r.Say("today.done", "n", n), nil
}

// origin is what a visit noted that somebody has to see to.
func origin(r *command.Request, ref string) (command.Origin, bool, error) {
	id, isVisit := strings.CutPrefix(ref, "visit:")
	if !isVisit {
		return command.Origin{}, false, nil
	}
	v, ok, err := visitstore.Visits.In(r.Scope).ByID(r.Tx, id)
	if err != nil || !ok {
		return command.Origin{}, false, command.OrGone(err)
	}
	return command.Origin{ID: v.ID, Place: placeOf(r, v), Problems: v.Problems, Needs: v.Needs, NextStep: v.NextStep}, true, nil
}
