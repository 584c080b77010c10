package dealtalk

import (
	"time"

	"fieldbot/bot/clock/remind"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// waits: in the morning the owner hears of deals whose day to wake has come,
// whose closing date has passed, whose next step is due, and of those without a
// sign of life for 14 days (7 of a tier A account); on Mondays a manager hears
// how many each of the team has (domain.md §11).
func waits(r *command.Request, d remind.Digest) ([]command.Section, error) {
	if d != remind.Morning || !r.Who.Is(sellers...) {
		return nil, nil
	}
	mine, err := attention(r, r.Who)
	if err != nil {
		return nil, err
	}
	s := command.Section{Title: r.Say("deal.waiting", "n", len(mine)), More: command.SayButton(r.Say("button.deals"), "deal", "board")}
	for _, n := range mine {
		act := command.SayButton(chat.Cut(n.Number+" "+n.Title, 40), "deal", "show deal:"+n.ID)
		if n.why == wake {
			act = command.SayButton(r.Say("button.restore")+" "+n.Number, "deal", "restore deal:"+n.ID)
		}
		s.Items = append(s.Items, command.Item{Subject: "deal:" + n.ID, Label: chat.Cut(n.Number+" "+n.Title, 40), Line: "· " + n.text(r), Act: []chat.Button{act}})
	}
	out := []command.Section{s}
	if today := r.Words.Today(r.Tx.Now); !r.Who.Is(person.Manager) || today.Weekday() != time.Monday {
		return out, nil
	}
	team, err := weekly(r)
	return append(out, team), err
}

// why a deal waits for its owner.
type why int

const (
	wake why = iota
	slipped
	stepDue
	quiet
	whys
)

// needy is a deal that waits for its owner, and why.
type needy struct {
	dealstore.Waiting
	why  why
	days int
}

// attention lists the deals of a person that wait, those with a day first.
func attention(r *command.Request, p person.Person) ([]needy, error) {
	words := command.WordsFor(p, r.Config)
	today := words.Today(r.Tx.Now)
	all, err := dealstore.OfOwner(r.Tx, r.Scope, p.ID)
	byWhy := make([][]needy, whys)
	for _, w := range all {
		if r.PutOff["deal:"+w.ID] && p.ID == r.Who.ID {
			continue
		}
		if reason, days, some := reasonOf(w, today, words.Zone); some {
			byWhy[reason] = append(byWhy[reason], needy{w, reason, days})
		}
	}
	var out []needy
	for _, list := range byWhy {
		out = append(out, list...)
	}
	return out, err
}

// reasonOf is why a deal waits on a day, the most urgent reason alone.
func reasonOf(w dealstore.Waiting, today calendar.Day, zone *time.Location) (why, int, bool) {
	d := deal.Deal{Status: w.Status, ExpectedCloseOn: w.CloseOn, UpdatedAt: w.UpdatedAt}
	still := today.Sub(d.Touched(max(w.LastVisit, w.Spoken), zone))
	switch {
	case w.Status == deal.Stalled:
		return wake, today.Sub(w.WakeOn), w.WakeOn != "" && w.WakeOn <= today
	case d.Slipped(today):
		return slipped, today.Sub(w.CloseOn), true
	case w.NextDue != "" && w.NextDue <= today:
		return stepDue, today.Sub(w.NextDue), true
	}
	return quiet, still, still >= deal.Quiet(w.Tier)
}

func (n needy) text(r *command.Request) string {
	name := n.Number + " " + n.Title + " · " + n.Account
	switch n.why {
	case wake:
		return r.Say("deal.wake", "deal", name, "day", n.WakeOn)
	case slipped:
		return r.Say("deal.close_passed", "deal", name, "n", n.days)
	case stepDue:
		return r.Say("deal.step_due", "deal", name, "step", chat.Cut(chat.OneLine(n.NextStep), 80), "day", n.NextDue)
	}
	return r.Say("deal.quiet", "deal", name, "n", n.days)
}

// weekly is a line for each of a manager's team whose deals wait.
func weekly(r *command.Request) (command.Section, error) {
	s := command.Section{Title: r.Say("deal.team_week")}
	team, err := r.Escalated()
	if err != nil {
		return s, err
	}
	for _, p := range team {
		theirs, err := attention(r, p)
		if err != nil {
			return s, err
		}
		var count [whys]int
		for _, n := range theirs {
			count[n.why]++
		}
		if len(theirs) > 0 {
			s.Items = append(s.Items, command.Item{Label: p.Name, Line: "· " + r.Say("deal.team_line", "who", p.Name, "quiet", count[quiet], "slipped", count[slipped], "wake", count[wake]),
				Act: []chat.Button{command.SayButton(r.Say("button.deals_of", "who", p.Name), "deal", "board "+p.Handle)}})
		}
	}
	return s, nil
}
