package visittalk

import (
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

// stops are a person's week: what is planned, and what the bot proposes for
// the days that are left, in the order to drive.
func stops(r *command.Request, who person.Person, monday calendar.Day) ([]visit.Stop, []calendar.Day, error) {
	as := r.As(who)
	hours, err := command.Hours(as)
	if err != nil {
		return nil, nil, err
	}
	today := as.Words.Today(r.Tx.Now)
	first, last := max(monday, today), monday.Add(6)
	system := access.System("the week of a person the reader leads")
	plans, err := visitstore.Planned(r.Tx, system, who.ID, first, last)
	if err != nil {
		return nil, nil, err
	}
	var days []calendar.Day
	for day := first; day <= last; day = day.Add(1) {
		if hours.Free(day) || slices.ContainsFunc(plans, func(v visit.Visit) bool { return v.PlannedFor == day }) {
			days = append(days, day)
		}
	}
	if len(days) == 0 {
		return nil, nil, nil
	}
	var from []visit.Candidate
	taken := map[string]bool{}
	for _, v := range plans {
		place, ok, err := accountstore.PlaceByRef(r.Tx, r.Scope, v.Place())
		if err != nil {
			return nil, nil, err
		}
		if taken[v.Place()] = true; ok {
			from = append(from, visit.Candidate{Place: place, Agreed: v.PlannedFor, Planned: v.ID})
		}
	}
	due, err := accountstore.Due(r.Tx, r.Scope, who.ID, last)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range due {
		if !taken[p.Ref()] {
			from = append(from, visit.Candidate{Place: p})
		}
	}
	return visit.Propose(days, hours.Free, from, capacity(r)), days, nil
}

// week shows a person's week with buttons that accept and change it.
func week(r *command.Request, who person.Person, monday calendar.Day) (chat.Reply, error) {
	all, days, err := stops(r, who, monday)
	if err != nil {
		return chat.Reply{}, err
	}
	for n := 0; len(days) == 0 && n < 8; n++ { // the week is over, or nobody works in it
		monday = monday.Add(7)
		if all, days, err = stops(r, who, monday); err != nil {
			return chat.Reply{}, err
		}
	}
	if len(days) == 0 {
		return chat.Reply{Text: r.Say("plan.nobody_works")}, nil
	}
	reply := chat.Reply{Title: r.Say("plan.title", "who", who.Name, "from", days[0], "to", days[len(days)-1])}
	accept := []string{who.ID, string(monday)}
	var lines []string
	var row []chat.Button
	for _, day := range days {
		var names []string
		for _, s := range all {
			if s.Day != day {
				continue
			}
			mark := "✓ "
			if s.Candidate.Planned == "" {
				mark = "○ "
				accept = append(accept, s.Candidate.Place.Ref()+"@"+string(day))
			}
			names = append(names, mark+s.Candidate.Place.Name)
		}
		if len(names) == 0 {
			names = []string{r.Say("plan.free")}
		}
		lines = append(lines, r.Words.Day(day)+": "+strings.Join(names, " → "))
		row = append(row, chat.Button{Label: r.Words.Day(day), Do: &chat.Do{Action: "plan.day", Args: []string{who.ID, string(monday), string(day)}}})
	}
	reply.Text = strings.Join(lines, "\n") + "\n" + r.Say("plan.legend")
	if n := len(accept) - 2; n > 0 {
		reply.Buttons = append(reply.Buttons, []chat.Button{{Label: r.Say("plan.accept", "n", n), Style: chat.Primary, Do: &chat.Do{Action: "plan.accept", Args: accept, Acts: true}}})
	}
	reply.Buttons = append(reply.Buttons, slices.Collect(slices.Chunk(row, 3))...)
	reply.Buttons = append(reply.Buttons, []chat.Button{{Label: r.Say("plan.next"), Do: &chat.Do{Action: "plan.week", Args: []string{who.ID, string(monday.Add(7))}}}})
	return reply, nil
}

// planner returns whose week a button shows.
func planner(r *command.Request, id string) (person.Person, error) {
	who, ok, err := personstore.ByID(r.Tx, id)
	if err != nil || !ok || !r.Who.Knows(who) {
		return who, command.OrGone(err)
	}
	return who, mayPlan(r, id)
}

func planWeek(r *command.Request, args []string) (chat.Reply, error) {
	who, err := planner(r, args[0])
	if err != nil {
		return chat.Reply{}, err
	}
	reply, err := week(r, who, calendar.Day(args[1]))
	reply.Replace = true
	return reply, err
}

// planDay shows one day of a week: each stop can be moved, dropped or taken.
func planDay(r *command.Request, args []string) (chat.Reply, error) {
	who, err := planner(r, args[0])
	if err != nil {
		return chat.Reply{}, err
	}
	monday, day := args[1], calendar.Day(args[2])
	all, days, err := stops(r, who, calendar.Day(monday))
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Words.Day(day) + " · " + who.Name, Replace: true}
	var lines []string
	for _, s := range all {
		if s.Day != day {
			continue
		}
		p := s.Candidate.Place
		line := "· " + p.Name
		if s.Metres > 0 {
			line += r.Say("plan.way", "metres", (s.Metres+99)/100*100, "km", fmt.Sprintf("%.1f", float64(s.Metres)/1000))
		}
		lines = append(lines, line)
		if id := s.Candidate.Planned; id != "" {
			row := []chat.Button{command.SayButton("✎ "+p.Name, "visit", "plan visit:"+id)}
			if i := slices.Index(days, day); i+1 < len(days) {
				row = append(row, moveButton("→ "+r.Words.Day(days[i+1]), id, string(days[i+1]), args))
			}
			reply.Buttons = append(reply.Buttons, append(row, moveButton("✕", id, "", args)))
			continue
		}
		reply.Buttons = append(reply.Buttons, []chat.Button{{Label: "＋ " + p.Name, Do: &chat.Do{Action: "plan.accept", Args: []string{who.ID, monday, p.Ref() + "@" + string(day)}, Acts: true}}})
	}
	reply.Text = strings.Join(lines, "\n")
	if reply.Text == "" {
		reply.Text = r.Say("plan.free")
	}
	words := "plan planned_for=" + string(day)
	if who.ID != r.Who.ID {
		words += " person=" + who.Handle
	}
	reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("plan.add"), "visit", words), {Label: r.Say("plan.back"), Do: &chat.Do{Action: "plan.week", Args: []string{who.ID, monday}}}})
	return reply, nil
}

func moveButton(label, id, day string, args []string) chat.Button {
	return chat.Button{Label: label, Do: &chat.Do{Action: "plan.move", Args: []string{id, day, args[1]}, Acts: true}}
}

// acceptPlan plans what was proposed: args are the person, the week, and
// place@day for each visit.
func acceptPlan(r *command.Request, args []string) (chat.Reply, error) {
	who, err := planner(r, args[0])
	if err != nil {
		return chat.Reply{}, err
	}
	monday, today := calendar.Day(args[1]), r.As(who).Words.Today(r.Tx.Now)
	n := 0
	for _, pair := range args[2:] {
		ref, day, _ := strings.Cut(pair, "@")
		place, ok, err := accountstore.PlaceByRef(r.Tx, r.Scope, ref)
		if err != nil {
			return chat.Reply{}, err
		}
		if !ok || !place.Active() || calendar.Day(day) < today || place.NextDueOn > calendar.Day(day) {
			continue // over, closed, or visited meanwhile
		}
		v := planned(who.ID, place, r)
		if _, some, err := visitstore.PlanFor(r.Tx, r.Scope, v, max(monday, today), monday.Add(6)); err != nil {
			return chat.Reply{}, err
		} else if some {
			continue
		}
		v.PlannedFor = calendar.Day(day)
		if err := visitstore.Visits.Add(r.Tx, &v); err != nil {
			return chat.Reply{}, err
		}
		n++
	}
	if n == 0 {
		return chat.Reply{}, fault.New(fault.Conflict, "plan_old")
	}
	if who.ID != r.Who.ID {
		if err := tellPlanned(r, who, n); err != nil {
			return chat.Reply{}, err
		}
	}
	reply, err := week(r, who, monday)
	reply.Text = r.Say("plan.accepted", "n", n) + "\n" + reply.Text
	reply.Replace, reply.Keep = true, true
	reply.Buttons = append(reply.Buttons, []chat.Button{r.UndoButton()})
	return reply, err
}

// movePlan moves a planned visit to a day, or drops it without one; behind it
// stands the week that is shown.
func movePlan(r *command.Request, before visit.Visit, args []string) (chat.Reply, error) {
	who, err := planner(r, before.PersonID)
	if err != nil {
		return chat.Reply{}, err
	}
	after := before
	if after.PlannedFor = calendar.Day(args[0]); after.PlannedFor == "" {
		after.PlannedFor, after.Status = before.PlannedFor, visit.Cancelled
	}
	if err := visitstore.Visits.Change(r.Tx, before, after); err != nil {
		return chat.Reply{}, err
	}
	reply, err := week(r, who, calendar.Day(args[1]))
	reply.Replace = true
	return reply, err
}
