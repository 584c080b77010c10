package visittalk

import (
	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

// waits: the morning brings today's plan, what was not written up, what was
// agreed and what is due; the evening what the day left open; the team's
// digest how everybody's day was (domain.md §11).
func waits(r *command.Request, d remind.Digest) ([]command.Section, error) {
	switch d {
	case remind.Morning:
		return morning(r)
	case remind.Evening:
		return evening(r)
	}
	return team(r, false)
}

// listed is how many places a section holds: more than any message shows.
const listed = 25

// placeItem is a visit to make.
func placeItem(r *command.Request, p account.Place, line string) command.Item {
	return command.Item{Subject: p.Ref(), Label: p.Name, Line: line, Act: []chat.Button{command.SayButton(r.Say("button.log", "place", p.Name), "visit", p.Ref())}}
}

func morning(r *command.Request) ([]command.Section, error) {
	if !r.Who.Visits() {
		return nil, nil
	}
	today := r.Words.Today(r.Tx.Now)
	plans, err := visitstore.Planned(r.Tx, r.Scope, r.Who.ID, today.Add(-7), today)
	if err != nil {
		return nil, err
	}
	open, here, err := inside(r)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{open.Place(): true}
	plan := command.Section{}
	old := command.Section{Title: r.Say("visit.left_open")}
	for _, v := range plans {
		place := placeOf(r, v)
		if v.PlannedFor < today {
			old.Items = append(old.Items, undoneItem(r, v, place))
			continue
		}
		if seen[v.Place()] {
			continue
		}
		seen[v.Place()] = true
		line := "· " + place.Name
		if len(v.Objectives) > 0 {
			line += " — " + objectives(r, v)
		}
		plan.Items = append(plan.Items, placeItem(r, place, line))
	}
	plan.Title = r.Say("today.plan", "n", len(plan.Items))
	yesterday, err := unwritten(r, today.Add(-planDays), today.Add(-1))
	if err != nil {
		return nil, err
	}
	old.Items = append(old.Items, yesterday...)
	agreed, err := visitstore.Agreed(r.Tx, r.Scope, r.Who.ID, today)
	if err != nil {
		return nil, err
	}
	said := command.Section{Title: r.Say("today.agreed")}
	for _, p := range agreed {
		if !seen[p.Ref()] {
			seen[p.Ref()] = true
			said.Items = append(said.Items, placeItem(r, p, "· "+p.Name))
		}
	}
	places, err := accountstore.Due(r.Tx, r.Scope, r.Who.ID, today)
	if err != nil {
		return nil, err
	}
	overdue := command.Section{More: command.SayButton(r.Say("button.more"), "visit", "due")}
	places = remind.Without(places, func(p account.Place) bool { return seen[p.Ref()] || r.PutOff[p.Ref()] })
	for _, p := range places[:min(listed, len(places))] {
		overdue.Items = append(overdue.Items, placeItem(r, p, r.DueLine(p)))
	}
	overdue.Rest = len(places) - len(overdue.Items)
	overdue.Title = r.Say("today.due", "n", len(places))
	out := []command.Section{{Title: r.Say("visit.you_are_in"), Items: here}, plan, old, said, overdue}
	if !r.Who.Is(person.Manager) {
		return out, nil
	}
	behind, err := team(r, true)
	return append(out, behind...), err
}

// undoneItem is a planned visit whose day is over.
func undoneItem(r *command.Request, v visit.Visit, p account.Place) command.Item {
	return command.Item{Subject: v.Subject(), Label: p.Name, Line: "· " + r.Say("visit.not_made", "place", p.Name, "day", v.PlannedFor), Act: []chat.Button{
		command.SayButton(r.Say("button.log", "place", p.Name), "visit", p.Ref()), command.SayButton(r.Say("button.missed"), "visit", "miss "+p.Ref()),
	}}
}

// unwritten lists the visits of some days that were begun and of which nothing
// was noted.
func unwritten(r *command.Request, from, to calendar.Day) ([]command.Item, error) {
	visits, err := visitstore.Unwritten(r.Tx, r.Scope, r.Who.ID, from, to)
	var out []command.Item
	for _, v := range visits {
		place := placeOf(r, v)
		out = append(out, command.Item{Subject: v.Subject(), Label: place.Name, Line: "· " + r.Say("visit.unwritten", "place", place.Name, "time", r.Words.Time(v.StartedAt)),
			Act: []chat.Button{command.SayButton(r.Say("button.write_up", "place", place.Name), "visit", "edit "+v.Subject())}})
	}
	return out, err
}

// inside is the visit that the person is in.
func inside(r *command.Request) (visit.Visit, []command.Item, error) {
	open, some, err := visitstore.Open(r.Tx, r.Scope, r.Who.ID)
	if err != nil || !some {
		return open, nil, err
	}
	place := placeOf(r, open)
	item := command.Item{Subject: open.Subject(), Label: place.Name, Line: "· " + r.Say("visit.not_out", "place", place.Name, "time", r.Words.Time(open.StartedAt)), Act: []chat.Button{doneButton(r)}}
	return open, []command.Item{item}, nil
}

func evening(r *command.Request) ([]command.Section, error) {
	today := r.Words.Today(r.Tx.Now)
	s := command.Section{Title: r.Say("visit.day_open")}
	_, open, err := inside(r)
	if err != nil {
		return nil, err
	}
	s.Items = append(s.Items, open...)
	plans, err := visitstore.Planned(r.Tx, r.Scope, r.Who.ID, today, today)
	if err != nil {
		return nil, err
	}
	for _, v := range plans {
		place := placeOf(r, v)
		s.Items = append(s.Items, undoneItem(r, v, place))
	}
	items, err := unwritten(r, today, today)
	s.Items = append(s.Items, items...)
	return []command.Section{s}, err
}

// overdueForManager is how many days a place may be overdue before the team's
// digest names it (domain.md §11).
const overdueForManager = 3

// team is a line for each who reports to the manager, or only for those who are
// behind.
func team(r *command.Request, behind bool) ([]command.Section, error) {
	of, s := r.Team, command.Section{Title: r.Say("team.visits")}
	if behind {
		of, s.Title = r.Escalated, r.Say("team.behind")
	}
	people, err := of()
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		if !p.Visits() {
			continue
		}
		today := command.WordsFor(p, r.Config).Today(r.Tx.Now)
		visits, err := visitstore.On(r.Tx, access.System("a team's day, for its manager"), p.ID, today)
		if err != nil {
			return nil, err
		}
		done, written := 0, 0
		for _, v := range visits {
			if v.Status == visit.Done {
				done++
				if v.Written() {
					written++
				}
			}
		}
		open, err := visitstore.Planned(r.Tx, r.Scope, p.ID, today, today)
		if err != nil {
			return nil, err
		}
		late, err := accountstore.OverdueOf(r.Tx, r.Scope, p.ID, today.Add(1-overdueForManager))
		if err != nil {
			return nil, err
		}
		if behind && late == 0 {
			continue
		}
		line := r.Say("team.line", "who", p.Name, "done", done, "written", written, "open", len(open), "late", int(late), "days", overdueForManager)
		item := command.Item{Label: p.Name, Line: "· " + line}
		if late > 0 {
			item.Act = []chat.Button{command.SayButton(r.Say("button.due_of", "who", p.Name), "visit", "due "+p.Handle)}
		}
		s.Items = append(s.Items, item)
	}
	return []command.Section{s}, nil
}
