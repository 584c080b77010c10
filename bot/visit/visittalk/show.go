package visittalk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

// began is when a visit began, as far as somebody said it: one that was written down for
// another day, or comes from a file without times, begins with its day.
func began(r *command.Request, v visit.Visit) string {
	zone := r.Words.Zone
	if v.PersonID != r.Who.ID {
		p, _, err := personstore.ByID(r.Tx, v.PersonID)
		if err != nil {
			r.Tx.Fail(err)
		}
		zone = command.WordsFor(p, r.Config).Zone
	}
	// Files without times begin a day in the company's zone.
	if v.StartedAt.Equal(v.VisitedOn.At(0, zone)) || v.StartedAt.Equal(v.VisitedOn.At(0, r.Config.Company.Zone())) {
		return r.Words.Day(v.VisitedOn)
	}
	return r.Words.Time(v.StartedAt)
}

// logged is the answer to a visit that was saved.
func logged(r *command.Request, place account.Place, v visit.Visit) chat.Reply {
	text := []string{began(r, v) + presence(r, v)}
	if stay := v.Stay(); stay >= time.Minute {
		text[0] += " · " + r.Say("visit.stay", "n", int(stay/time.Minute))
	}
	if v.Late {
		text = append(text, r.Say("visit.late", "said", r.Words.Time(v.StartedAt), "heard", r.Words.Clock(v.RecordedAt)))
	}
	if place.NextDueOn != "" {
		text = append(text, r.Say("visit.next_due", "day", place.NextDueOn))
	}
	reply := chat.Reply{Title: r.Say("visit.logged", "place", place.Name), Text: strings.Join(text, "\n"), Fields: Lines(r, v), Keep: true}
	reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.edit"), "visit", "edit "+v.Subject()), r.UndoButton()}}
	further := []chat.Button{command.SayButton(r.Say("button.commit"), "follow", "commit "+v.Subject())}
	if v.Problems != "" || v.Needs != "" {
		further = append([]chat.Button{command.SayButton(r.Say("button.route"), "follow", "add "+v.Subject())}, further...)
	}
	reply.Buttons = append(reply.Buttons, further)
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

// teamDue is a line for each who reports to a manager and has places that wait, with the
// one that waits longest; a press opens the list.
func teamDue(r *command.Request) (chat.Reply, error) {
	people, err := r.Team()
	people = slices.DeleteFunc(people, func(p person.Person) bool { return !p.Visits() })
	if err != nil || len(people) == 0 {
		return chat.Reply{Text: nothingHere(r)}, err
	}
	var lines []string
	var buttons [][]chat.Button
	all := 0
	for _, p := range people {
		places, err := accountstore.Due(r.Tx, r.Scope, p.ID, command.WordsFor(p, r.Config).Today(r.Tx.Now))
		if err != nil {
			return chat.Reply{}, err
		}
		if len(places) == 0 {
			continue
		}
		all += len(places)
		lines = append(lines, r.Say("visit.due_of", "who", p.Name, "n", len(places), "first", strings.TrimPrefix(r.DueLine(places[0]), "· ")))
		if len(buttons) < teamButtons {
			buttons = append(buttons, []chat.Button{command.SayButton(r.Say("button.due_of", "who", p.Name), "visit", "due "+p.Handle)})
		}
	}
	if all == 0 {
		return chat.Reply{Text: r.Say("visit.none_due")}, nil
	}
	return chat.Reply{Title: r.Say("visit.due_title", "n", all, "who", r.Say("report.team")), Text: strings.Join(lines, "\n"), Buttons: buttons}, nil
}

// teamButtons is how many of a team have a button; the others are named by the command.
const teamButtons = 5

// due lists the places that wait for the person's visit, or for that of the
// colleague a manager names; a manager who owns none asks for the team's.
func due(r *command.Request, a command.Args) (chat.Reply, error) {
	who := r.Who
	if a.Object != "" {
		if !r.Who.Is(person.Manager) {
			return chat.Reply{}, fault.New(fault.Denied, "role")
		}
		found, ok, err := r.OneColleague(a.Object)
		if err != nil {
			return chat.Reply{}, err
		}
		if !ok {
			return chat.Reply{}, fault.New(fault.NotFound, "person_none", "query", chat.Cut(a.Object, 60))
		}
		who = found
	}
	places, err := accountstore.Due(r.Tx, r.Scope, who.ID, r.Words.Today(r.Tx.Now))
	if err != nil {
		return chat.Reply{}, err
	}
	if len(places) == 0 {
		own, err := accountstore.Owned(r.Tx, r.Scope, who.ID, 1)
		if err != nil {
			return chat.Reply{}, err
		}
		if len(own) == 0 && who.ID == r.Who.ID && r.Who.Is(person.Manager) {
			return teamDue(r)
		}
		if len(own) == 0 && who.ID == r.Who.ID {
			return chat.Reply{Text: nothingHere(r)}, nil
		}
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
	f := visitstore.Filter{Person: r.Who.ID, Limit: shown}
	title := r.Say("visit.mine_title")
	if a.Object != "" {
		place, choose, err := r.OnePlace("visit", "list", a)
		if err != nil {
			return chat.Reply{}, err
		}
		if choose != nil {
			return *choose, nil
		}
		f = visitstore.Filter{Account: place.AccountID, StoreID: place.StoreID(), Limit: shown}
		title = r.Say("visit.place_title", "place", place.Name)
	}
	visits, err := visitstore.List(r.Tx, r.Scope, f)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(visits) == 0 {
		return chat.Reply{Text: r.Say("visit.none")}, nil
	}
	return listedVisits(r, title, visits), nil
}

// opened is how many visits of a list have a button that opens them.
const opened = 5

// listedVisits shows visits, a line each, with buttons that open the first ones.
func listedVisits(r *command.Request, title string, visits []visit.Visit) chat.Reply {
	reply := chat.Reply{Title: title}
	var lines []string
	for i, v := range visits {
		line, place := line(r, v)
		lines = append(lines, line)
		if i < opened {
			reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Words.Day(firstDay(v))+" · "+place.Name, "visit", "show "+v.Subject())})
		}
	}
	reply.Text = strings.Join(lines, "\n")
	return reply
}

// firstDay is the day a visit was, or is to be.
func firstDay(v visit.Visit) calendar.Day {
	if v.VisitedOn == "" {
		return v.PlannedFor
	}
	return v.VisitedOn
}

// line is a visit in one line: when, where, who, and the first thing to know.
func line(r *command.Request, v visit.Visit) (string, account.Place) {
	place := placeOf(r, v)
	parts := []string{r.Words.Day(firstDay(v)), place.Name, r.Name(v.PersonID)}
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
	for _, f := range v.Flags {
		parts = append(parts, "⚑ "+r.Words.Choice("flags", f))
	}
	return "· " + strings.Join(parts, " · "), place
}

// show is the card of a visit: what was noted, how sure it is, what came of it.
func show(r *command.Request, v visit.Visit) (chat.Reply, error) {
	place := placeOf(r, v)
	reply := chat.Reply{Title: r.Say("visit.card", "place", place.Name, "day", firstDay(v), "who", r.Name(v.PersonID)), Fields: Lines(r, v)}
	text := []string{r.Words.Choice("status", v.Status)}
	if !v.StartedAt.IsZero() {
		text[0] += " · " + began(r, v) + presence(r, v)
	}
	if stay := v.Stay(); stay >= time.Minute {
		text[0] += " · " + r.Say("visit.stay", "n", int(stay/time.Minute))
	}
	for _, f := range v.Flags {
		text = append(text, "⚑ "+r.Words.Choice("flags", f))
	}
	if v.Reason != "" {
		text = append(text, r.Words.Label("reason")+": "+v.Reason)
	}
	if v.Rating > 0 {
		text = append(text, r.Words.Label("rating")+": "+stars(v.Rating))
	}
	effect, err := effectLine(r, place, v)
	if err != nil {
		return chat.Reply{}, err
	}
	if effect != "" {
		text = append(text, effect)
	}
	reply.Text = strings.Join(text, "\n")
	row := []chat.Button{command.SayButton(r.Say("button.card"), "account", place.Ref())}
	if mayChange(r, v) == nil {
		row = append(row, command.SayButton(r.Say("button.edit"), "visit", "edit "+v.Subject()))
	}
	if v.Status == visit.Done && mayRate(r, v) == nil {
		row = append(row, command.SayButton(r.Say("button.rate"), "visit", "rate "+v.Subject()))
	}
	joint, err := jointLines(r, v)
	reply.Fields = append(reply.Fields, joint...)
	reply.Buttons = [][]chat.Button{append(append(row, coachButton(r, v)...), stepsButton(r, v)...)}
	return reply, err
}

// effectLine says what changed within 30 days of a visit (domain.md §3), or "".
func effectLine(r *command.Request, place account.Place, v visit.Visit) (string, error) {
	if v.Status != visit.Done {
		return "", nil
	}
	f := visitstore.Filter{Account: v.AccountID, StoreID: v.StoreID, Office: v.StoreID == "", Status: visit.Done, Limit: 100}
	later, err := visitstore.List(r.Tx, r.Scope, f)
	if err != nil {
		return "", err
	}
	e := visit.EffectOf(v, later)
	parts, err := r.Effects(command.Past{Place: place, Visit: v.ID, On: v.VisitedOn, Until: v.VisitedOn.Add(visit.EffectDays)})
	if err != nil {
		return "", err
	}
	if e.Intent != "" {
		parts = append(parts, r.Words.Label("intent")+" → "+r.Words.Choice("intent", e.Intent))
	}
	if e.Satisfaction > 0 {
		parts = append(parts, r.Words.Label("satisfaction")+" → "+strconv.FormatInt(e.Satisfaction, 10))
	}
	if e.Orders > 0 {
		parts = append(parts, r.Say("visit.effect_orders", "n", e.Orders))
	}
	if e.Visits > 0 {
		parts = append(parts, r.Say("visit.effect_visits", "n", e.Visits))
	}
	if len(parts) == 0 {
		return "", nil
	}
	return r.Say("visit.effect", "days", visit.EffectDays, "what", r.Words.List(parts)), nil
}
