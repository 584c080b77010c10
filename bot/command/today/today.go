// Package today is what waits for a person: /today, the home screen and the
// morning digest.
package today

import (
	"strings"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/calendar"
	"fieldbot/bot/chat"
	"fieldbot/bot/command"
	commandperson "fieldbot/bot/command/person"
	"fieldbot/bot/person"
	"fieldbot/bot/remind"
	storeaccount "fieldbot/store/account"
	storeperson "fieldbot/store/person"
	storevisit "fieldbot/store/visit"
)

// Family is /today.
var Family = command.Family{
	Name:    "today",
	Default: "",
	Verbs:   []command.Verb{{Read: func(r *command.Request, _ command.Args) (chat.Reply, error) { return Show(r) }}},
	Actions: []command.Action{
		{Name: "snooze", Read: true, Run: askSnooze},
		{Name: "snooze_set", Run: setSnooze},
	},
}

// worst is how many overdue places one message shows.
const worst = 5

// Day is what waits for a person.
type Day struct {
	Agreed    []account.Place // a visit was agreed for today
	Due       []account.Place // the longest overdue first, without those put off
	Done      int             // visits logged today
	Strangers int64           // for admins: unknown people since yesterday
}

// Empty reports whether nothing waits.
func (d Day) Empty() bool { return len(d.Agreed) == 0 && len(d.Due) == 0 && d.Strangers == 0 }

// Load reads what waits for the person of the request.
func Load(r *command.Request) (Day, error) {
	var d Day
	today := r.Words.Today(r.Tx.Now)
	due, err := storeaccount.Due(r.Tx, r.Scope, r.Who.ID, today)
	if err != nil {
		return d, err
	}
	snoozed, err := r.Tx.Snoozed(r.Who.ID)
	if err != nil {
		return d, err
	}
	d.Due = remind.Without(due, snoozed)
	if d.Agreed, err = storevisit.Agreed(r.Tx, r.Scope, r.Who.ID, today); err != nil {
		return d, err
	}
	visits, err := storevisit.Last(r.Tx, r.Scope, r.Who.ID, today.At(0, r.Words.Zone))
	if err != nil {
		return d, err
	}
	for _, v := range visits {
		if v.Status == "done" && v.VisitedOn == today {
			d.Done++
		}
	}
	if r.Who.Is(person.Admin) {
		d.Strangers, err = storeperson.Strangers(r.Tx, today.Add(-1))
	}
	return d, err
}

// Show is the answer to /today.
func Show(r *command.Request) (chat.Reply, error) {
	d, err := Load(r)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := Digest(r, d)
	reply.Title = r.Say("today.title", "day", r.Words.Today(r.Tx.Now))
	if d.Done > 0 {
		reply.Text = strings.TrimSpace(r.Say("today.done", "n", d.Done) + "\n" + reply.Text)
	}
	if d.Empty() {
		reply.Text = strings.TrimSpace(reply.Text + "\n" + r.Say("today.nothing"))
	}
	if r.Who.Visits() {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.log_any"), "visit", "")})
	}
	return reply, nil
}

// Digest says what waits, the worst first, with a button to act for each.
func Digest(r *command.Request, d Day) chat.Reply {
	reply := chat.Reply{Title: r.Say("today.morning", "day", r.Words.Today(r.Tx.Now))}
	var text []string
	if len(d.Agreed) > 0 {
		text = append(text, r.Say("today.agreed", "places", r.Words.List(names(d.Agreed))))
	}
	if len(d.Due) > 0 {
		text = append(text, r.Say("today.due", "n", len(d.Due)), r.DueLines(d.Due, worst))
	}
	if d.Strangers > 0 {
		text = append(text, r.Say("today.strangers", "n", int(d.Strangers)))
	}
	reply.Text = strings.Join(text, "\n")
	for _, p := range append(d.Agreed, d.Due[:min(worst, len(d.Due))]...) {
		log := command.SayButton(r.Say("button.log", "place", p.Name), "visit", p.Ref())
		snooze := chat.Button{Label: r.Say("button.snooze"), Do: &chat.Do{Action: "snooze", Args: []string{p.Ref()}}}
		reply.Buttons = append(reply.Buttons, []chat.Button{log, snooze})
		if len(reply.Buttons) == worst {
			break
		}
	}
	if len(d.Due) > worst {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.more"), "visit", "due")})
	}
	return reply
}

func names(places []account.Place) []string {
	var out []string
	for _, p := range places {
		out = append(out, p.Name)
	}
	return out
}

// Single is the reminder of one place, after its snooze has run out.
func Single(r *command.Request, p account.Place) chat.Reply {
	return Digest(r, Day{Due: []account.Place{p}})
}

// The choices of a snooze.
var snoozes = []string{"hour", "tomorrow", "week"}

// askSnooze offers until when a subject may be put off.
func askSnooze(r *command.Request, args []string) (chat.Reply, error) {
	place, ok, err := storeaccount.PlaceByRef(r.Tx, r.Scope, args[0])
	if err != nil || !ok {
		return chat.Reply{}, command.OrGone(err)
	}
	reply := chat.Reply{Text: r.Say("snooze.ask", "place", place.Name)}
	var row []chat.Button
	for _, s := range snoozes {
		row = append(row, chat.Button{Label: r.Say("snooze." + s), Do: &chat.Do{Action: "snooze_set", Args: []string{args[0], s}, Acts: true}})
	}
	reply.Buttons = [][]chat.Button{row}
	return reply, nil
}

// setSnooze puts a subject off.
func setSnooze(r *command.Request, args []string) (chat.Reply, error) {
	place, ok, err := storeaccount.PlaceByRef(r.Tx, r.Scope, args[0])
	if err != nil || !ok {
		return chat.Reply{}, command.OrGone(err)
	}
	hours, err := commandperson.Hours(r)
	if err != nil {
		return chat.Reply{}, err
	}
	today := r.Words.Today(r.Tx.Now)
	until, again := r.Tx.Now.Add(time.Hour), true
	switch morning := r.Config.Reminders.MorningClock(); {
	case args[1] == "week":
		until, again = remind.Next(hours, morning, today.Monday().Add(7)), false
	case args[1] == "tomorrow", !hours.Reachable(until):
		// In an hour nobody may be disturbed any more: the next working morning.
		until, again = remind.Next(hours, morning, today.Add(1)), false
	}
	if err := r.Tx.Snooze(r.Who.ID, place.Ref(), until, again); err != nil {
		return chat.Reply{}, err
	}
	return chat.Reply{Text: r.Say("snooze.done", "place", place.Name, "until", r.Words.Day(calendar.On(until.In(r.Words.Zone)))+" "+r.Words.Clock(until))}, nil
}
