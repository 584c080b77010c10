package dealtalk

import (
	"slices"
	"strings"

	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

// choices lists what the fields of the deal's forms can be: stages to go to,
// criteria, the customer's people, the team.
func choices(r *command.Request, d form.Draft, f field.Field, query string) ([]chat.Option, error) {
	x, err := byID(r, d.Subject)
	if err != nil {
		return nil, err
	}
	var all []chat.Option
	switch f.Key {
	case "to_stage":
		all, err = stages(r, x, d.Form)
	case "criterion":
		all = criteria(r, x, d, query)
	case "deal_contact":
		all, err = contacts(r, x)
	case "team_drop":
		all, err = members(r, x)
	}
	if err != nil || query == "" {
		return all, err
	}
	return command.Fitting(all, query), nil
}

// stages are those that a form can take a deal to.
func stages(r *command.Request, x subject, form string) ([]chat.Option, error) {
	i, known := x.funnel.Index(x.Stage)
	if !known && form != restoreForm.Name {
		return nil, nil
	}
	var codes []string
	switch form {
	case backForm.Name:
		codes = x.funnel[:i].Codes()
		slices.Reverse(codes)
	case restoreForm.Name:
		lines, err := dealstore.History(r.Tx, r.Scope, x.ID)
		if err != nil {
			return nil, err
		}
		codes = x.funnel.Ways(x.Deal, lines)
		slices.Reverse(codes)
	case criteriaForm.Name:
		passed := x.funnel[:i+1].Codes()
		slices.Reverse(passed)
		codes = append(x.funnel[min(i+1, len(x.funnel)-1):].Codes(), passed...)
	default:
		codes = x.funnel[i+1:].Codes()
	}
	out := make([]chat.Option, len(codes))
	for k, code := range codes {
		out[k] = chat.Option{Value: code, Label: stageName(r, x.funnel, code)}
	}
	return out, nil
}

// askedStage is the stage whose criteria a form is about: the one named, else
// the next one.
func askedStage(x subject, d form.Draft) string {
	if code := d.Values["to_stage"]; code != "" {
		return code
	}
	if next, ok := x.funnel.Next(x.Stage); ok {
		return next.Code
	}
	return x.Stage
}

// criteria are those that can be ticked, of the stage that is asked about
// first, or, of a form that takes a tick back, those that are ticked.
func criteria(r *command.Request, x subject, d form.Draft, query string) []chat.Option {
	var first, rest []chat.Option
	met := x.met()
	wanted := askedStage(x, d)
	for _, s := range x.funnel {
		for _, c := range slices.Concat(s.Criteria, s.Checklist) {
			o := chat.Option{Value: c.Code, Label: criterionName(r, c), Note: stageName(r, x.funnel, s.Code)}
			switch {
			case met(c.Code) != (d.Form == untickForm.Name) && (query == "" || d.Form == untickForm.Name):
				// what is ticked already can be named, and is told
			case s.Code == wanted:
				first = append(first, o)
			default:
				rest = append(rest, o)
			}
		}
	}
	if query == "" && len(first) > 0 && r.Place.Platform != chat.Slack {
		return first // a modal cannot ask again once the stage is chosen
	}
	return append(first, rest...)
}

// askProof asks at once for what shows a criterion that a button has named, and
// saves with the answer.
func askProof(_ *command.Request, _ subject, a command.Args, d *form.Draft) error {
	words, err := a.Fields(criteriaForm.Fields)
	if words["criterion"] != "" && words["note"]+words["proof_photos"]+words["proof_link"] == "" {
		d.Asking, d.Express = "note", true
	}
	return err
}

// saveTick ticks a criterion, with what shows it. Others may have moved the
// deal meanwhile: what is true stays true.
func saveTick(r *command.Request, x subject, d form.Draft) (command.Saved, error) {
	k := deal.Tick{DealID: x.ID, Criterion: d.Values["criterion"], Note: d.Values["note"], Proof: d.Values["proof_link"], Photos: strings.Fields(d.Values["proof_photos"]), On: calendar.Day(d.Values["ticked_on"]), ByID: r.Who.ID}
	stage, c, ok := x.funnel.Owner(k.Criterion)
	today := r.Words.Today(r.Said)
	if k.On == "" {
		k.On = today
	}
	switch {
	case !ok:
		return command.Saved{}, fault.At("criterion", "deal_criterion_gone")
	case stage.Code != askedStage(x, d):
		return command.Saved{}, fault.At("criterion", "deal_criterion_stage", "criterion", criterionName(r, c), "stage", stageName(r, x.funnel, stage.Code), "asked", stageName(r, x.funnel, askedStage(x, d)))
	case k.On > today:
		return command.Saved{}, fault.At("ticked_on", "future", "day", k.On)
	case k.Note == "" && k.Proof == "" && len(k.Photos) == 0:
		return command.Saved{}, fault.At("note", "deal_proof_missing")
	}
	reply, err := tick(r, x, k)
	return command.Saved{Reply: reply, ID: x.ID}, err
}

// tick keeps a tick and answers with the gate as it is now.
func tick(r *command.Request, x subject, k deal.Tick) (chat.Reply, error) {
	if err := x.Opened(); err != nil {
		return chat.Reply{}, stagesNamed(r, x.funnel, err)
	}
	_, c, _ := x.funnel.Owner(k.Criterion)
	for _, t := range x.ticks {
		if t.Criterion == k.Criterion {
			return chat.Reply{}, fault.New(fault.Conflict, "deal_ticked", "criterion", criterionName(r, c), "who", r.Name(t.ByID), "day", t.On)
		}
	}
	if err := dealstore.AddTick(r.Tx, &k); err != nil {
		return chat.Reply{}, err
	}
	if err := command.KeepPhotos(r, "deal_ticks:"+k.ID, k.Photos); err != nil {
		return chat.Reply{}, err
	}
	x.ticks = append(x.ticks, k)
	reply := chat.Reply{Title: r.Say("deal.ticked", "criterion", criterionName(r, c), "deal", x.name()), Keep: true}
	if err := addGate(r, x, &reply); err != nil {
		return chat.Reply{}, err
	}
	reply.Buttons = append(reply.Buttons, []chat.Button{r.UndoButton()})
	return reply, nil
}

func saveUntick(r *command.Request, x subject, d form.Draft) (command.Saved, error) {
	i := slices.IndexFunc(x.ticks, func(t deal.Tick) bool { return t.Criterion == d.Values["criterion"] })
	if i < 0 {
		return command.Saved{}, fault.At("criterion", "deal_not_ticked")
	}
	_, c, _ := x.funnel.Owner(x.ticks[i].Criterion)
	after := x.ticks[i]
	after.Note = strings.TrimSpace(after.Note + "\n" + d.Values["reason"])
	if err := dealstore.Untick(r.Tx, x.ticks[i], after); err != nil {
		return command.Saved{}, err
	}
	x.ticks = slices.Delete(slices.Clone(x.ticks), i, i+1)
	reply := chat.Reply{Title: r.Say("deal.unticked", "criterion", criterionName(r, c), "deal", x.name()), Keep: true}
	if err := addGate(r, x, &reply); err != nil {
		return command.Saved{}, err
	}
	reply.Buttons = append(reply.Buttons, []chat.Button{r.UndoButton()})
	return command.Saved{Reply: reply, ID: x.ID}, nil
}

// proofOf is the proof of a criterion that the bot has itself: kind:id of a row, or "".
func proofOf(r *command.Request, x subject, c deal.Criterion) (string, error) {
	switch c.Proof {
	case deal.ByVisit:
		last, err := visitstore.List(r.Tx, r.Scope, visitstore.Filter{Account: x.AccountID, Status: visit.Done, Limit: 1})
		if err != nil || len(last) == 0 || last[0].StartedAt.Before(x.CreatedAt) {
			return "", err
		}
		return last[0].Subject(), nil
	case deal.BySupport:
		if deal.ForUs(x.people) {
			return "support:" + x.ID, nil
		}
	case deal.ByRivals:
		if len(x.Competitors) > 0 {
			return "rivals:" + x.ID, nil
		}
	}
	return "", nil
}

// proofText is a proof as people read it.
func proofText(r *command.Request, x subject, proof string) (string, error) {
	kind, id, _ := strings.Cut(proof, ":")
	switch kind {
	case "visit":
		v, ok, err := visitstore.Visits.In(r.Scope).ByID(r.Tx, id)
		if err != nil || !ok {
			return r.Say("deal.proof_visit_hidden"), err
		}
		return r.Say("deal.proof_visit", "day", v.VisitedOn, "who", r.Name(v.PersonID)), nil
	case "support":
		return r.Say("deal.proof_support", "percent", supportText(r, deal.Deciders(x.people))), nil
	case "rivals":
		return r.Say("deal.proof_rivals", "rivals", r.Words.List(x.Competitors)), nil
	}
	return proof, nil
}

// pressProof takes what the bot knows as the proof of a criterion.
func pressProof(r *command.Request, x subject, args []string) (chat.Reply, error) {
	_, c, ok := x.funnel.Owner(args[0])
	if !ok {
		return chat.Reply{}, fault.Wrong("deal_criterion_gone")
	}
	proof, err := proofOf(r, x, c)
	if err != nil {
		return chat.Reply{}, err
	}
	if proof == "" {
		return chat.Reply{}, fault.New(fault.Conflict, "deal_proof_gone", "criterion", criterionName(r, c))
	}
	note, err := proofText(r, x, proof)
	if err != nil {
		return chat.Reply{}, err
	}
	return tick(r, x, deal.Tick{DealID: x.ID, Criterion: c.Code, Note: note, Proof: proof, On: r.Words.Today(r.Said), ByID: r.Who.ID})
}
