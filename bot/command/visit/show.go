package visit

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/chat"
	"fieldbot/bot/command"
	"fieldbot/bot/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/visit"
	storeaccount "fieldbot/store/account"
	storeperson "fieldbot/store/person"
	storevisit "fieldbot/store/visit"
)

// logged is the answer to a visit that was saved.
func logged(r *command.Request, place account.Place, v visit.Visit) chat.Reply {
	text := []string{r.Say("visit.when", "time", r.Words.Time(v.StartedAt)) + presence(r, v)}
	if v.Late {
		text = append(text, r.Say("visit.late", "said", r.Words.Time(v.StartedAt), "heard", r.Words.Clock(v.RecordedAt)))
	}
	if place.NextDueOn != "" {
		text = append(text, r.Say("visit.next_due", "day", place.NextDueOn))
	}
	reply := chat.Reply{Title: r.Say("visit.logged", "place", place.Name), Text: strings.Join(text, "\n"), Fields: Lines(r, v), Keep: true}
	reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.edit"), "visit", "edit visit:"+v.ID), r.UndoButton()}}
	return reply
}

// presence is how sure it is that the visitor was there, as people read it.
func presence(r *command.Request, v visit.Visit) string {
	if v.Presence == "unknown" {
		return ""
	}
	return r.Say("visit.presence", "grade", r.Words.Choice("presence", v.Presence), "metres", v.DistanceM)
}

func saidBefore(r *command.Request, place account.Place, v visit.Visit) chat.Reply {
	return chat.Reply{Text: r.Say("visit.said_before", "place", place.Name, "time", r.Words.Clock(v.RecordedAt)), Keep: true}
}

// shown is how many places or visits one list shows.
const shown = 10

// due lists the places that wait for the person's visit, or for that of the
// colleague a manager names.
func due(r *command.Request, a command.Args) (chat.Reply, error) {
	who := r.Who
	if a.Object != "" {
		if !r.Who.Is(person.Manager) {
			return chat.Reply{}, fault.New(fault.Denied, "role")
		}
		active, err := r.Colleagues()
		if err != nil {
			return chat.Reply{}, err
		}
		found := command.FindPeople(active, a.Object)
		if len(found) == 0 {
			return chat.Reply{}, fault.New(fault.NotFound, "person_none", "query", chat.Cut(a.Object, 60))
		}
		who = found[0]
	}
	places, err := storeaccount.Due(r.Tx, r.Scope, who.ID, r.Words.Today(r.Tx.Now))
	if err != nil {
		return chat.Reply{}, err
	}
	if len(places) == 0 {
		return chat.Reply{Text: r.Say("visit.none_due")}, nil
	}
	reply := chat.Reply{Title: r.Say("visit.due_title", "n", len(places), "who", who.Name), Text: r.DueLines(places, shown)}
	for _, p := range places[:min(shown, len(places))] {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.log", "place", p.Name), "visit", p.Ref())})
	}
	return reply, nil
}

// list shows the person's last visits, or those of a place.
func list(r *command.Request, a command.Args) (chat.Reply, error) {
	f := storevisit.Filter{Person: r.Who.ID, Limit: shown}
	title := r.Say("visit.mine_title")
	if a.Object != "" {
		place, choose, err := r.OnePlace("visit", "list", a)
		if err != nil {
			return chat.Reply{}, err
		}
		if choose != nil {
			return *choose, nil
		}
		f = storevisit.Filter{Account: place.AccountID, Limit: shown}
		if place.Kind == account.KindStore {
			f.StoreID = place.ID
		}
		title = r.Say("visit.place_title", "place", place.Name)
	}
	visits, err := storevisit.List(r.Tx, r.Scope, f)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(visits) == 0 {
		return chat.Reply{Text: r.Say("visit.none")}, nil
	}
	var lines []string
	for _, v := range visits {
		line, err := line(r, v)
		if err != nil {
			return chat.Reply{}, err
		}
		lines = append(lines, line)
	}
	return chat.Reply{Title: title, Text: strings.Join(lines, "\n")}, nil
}

// line is a visit in one line: when, where, who, and the first thing to know.
func line(r *command.Request, v visit.Visit) (string, error) {
	place, err := placeOf(r, v)
	if err != nil {
		return "", err
	}
	who, _, err := storeperson.ByID(r.Tx, v.PersonID)
	if err != nil {
		return "", err
	}
	parts := []string{r.Words.Day(v.VisitedOn), place.Name, who.Name}
	if v.Status != visit.Done {
		parts = append(parts, r.Words.Choice("status", v.Status))
	}
	if v.Intent != "" {
		parts = append(parts, r.Words.Label("intent")+" "+r.Words.Choice("intent", v.Intent))
	}
	for _, text := range []string{v.Problems, v.Needs, v.NextStep} {
		if text != "" {
			parts = append(parts, chat.Cut(chat.OneLine(text), 60))
			break
		}
	}
	return "· " + strings.Join(parts, " · "), nil
}
