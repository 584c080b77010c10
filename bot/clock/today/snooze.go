package today

import (
	"slices"
	"strings"
	"time"

	"fieldbot/bot/clock/remind"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// The choices of a snooze, beside a day.
var snoozes = []string{"hour", "tomorrow", "week"}

func snoozeButton(label, subject, name, until string) chat.Button {
	return chat.Button{Label: label, Do: &chat.Do{Action: "snooze_set", Args: []string{subject, name, until}, Acts: true}}
}

// askSnooze offers until when a subject may be put off, or that it is not the
// person's. Args: the subject and what it is called.
func askSnooze(r *command.Request, args []string) (chat.Reply, error) {
	reply := chat.Reply{Text: r.Say("snooze.ask", "what", args[1])}
	var row []chat.Button
	for _, s := range snoozes {
		row = append(row, snoozeButton(r.Say("snooze."+s), args[0], args[1], s))
	}
	reply.Buttons = [][]chat.Button{row, {
		{Label: r.Say("snooze.day"), Do: &chat.Do{Action: "snooze_day", Args: args}},
		{Label: r.Say("snooze.not_mine"), Do: &chat.Do{Action: "not_mine", Args: args, Acts: true}},
	}}
	return reply, nil
}

// askDay offers the next working days.
func askDay(r *command.Request, args []string) (chat.Reply, error) {
	hours, err := command.Hours(r)
	if err != nil {
		return chat.Reply{}, err
	}
	var days []chat.Button
	today := r.Words.Today(r.Tx.Now)
	for day := today.Add(1); len(days) < 12 && day.Sub(today) < 60; day = day.Add(1) {
		if hours.Company.Working(day) {
			days = append(days, snoozeButton(r.Words.Day(day), args[0], args[1], string(day)))
		}
	}
	return chat.Reply{Text: r.Say("snooze.ask", "what", args[1]), Replace: true, Buttons: slices.Collect(slices.Chunk(days, 3))}, nil
}

// setSnooze puts a subject off: for an hour, after which it comes by itself,
// or until the morning of a day.
func setSnooze(r *command.Request, args []string) (chat.Reply, error) {
	hours, err := command.Hours(r)
	if err != nil {
		return chat.Reply{}, err
	}
	today := r.Words.Today(r.Tx.Now)
	until, again := r.Tx.Now.Add(time.Hour), true
	morning := r.Config.Reminders.Clock(remind.Morning)
	day, isDay := calendar.ParseISO(args[2])
	switch {
	case isDay && day > today:
		until, again = remind.Next(hours, morning, day), false
	case isDay:
		return chat.Reply{}, fault.New(fault.Conflict, "button_old")
	case args[2] == "week":
		until, again = remind.Next(hours, morning, today.Monday().Add(7)), false
	case args[2] == "tomorrow", !hours.Reachable(until):
		// In an hour nobody may be disturbed any more: the next working morning.
		until, again = remind.Next(hours, morning, today.Add(1)), false
	}
	if err := r.Tx.Snooze(r.Who.ID, args[0], until, again); err != nil {
		return chat.Reply{}, err
	}
	return chat.Reply{Text: r.Say("snooze.done", "what", args[1], "until", r.Words.Time(until))}, nil
}

// forGood is how long what somebody never wants to hear of again is put off.
const forGood = 10 * 365 * 24 * time.Hour

// never ends a question for good.
func never(r *command.Request, args []string) (chat.Reply, error) {
	return chat.Reply{Text: r.Say("snooze.never")}, r.Tx.Snooze(r.Who.ID, args[0], r.Tx.Now.Add(forGood), false)
}

// notMine ends reminders of what is not the person's, and tells whoever leads
// the person, who can give it to somebody else.
func notMine(r *command.Request, args []string) (chat.Reply, error) {
	if err := r.Tx.Snooze(r.Who.ID, args[0], r.Tx.Now.Add(forGood), false); err != nil {
		return chat.Reply{}, err
	}
	boss, ok, err := r.Boss(r.Who)
	if err != nil {
		return chat.Reply{}, err
	}
	if !ok {
		return chat.Reply{Text: r.Say("snooze.not_mine_alone", "what", args[1])}, nil
	}
	if err := r.Tell(boss.ID, func(as *command.Request) chat.Reply {
		reply := chat.Reply{Text: as.Say("snooze.not_mine_told", "who", r.Who.Name, "what", args[1])}
		if b, ok := reassign(as, args[0]); ok {
			reply.Buttons = [][]chat.Button{{b}}
		}
		return reply
	}); err != nil {
		return chat.Reply{}, err
	}
	return chat.Reply{Text: r.Say("snooze.not_mine_done", "what", args[1], "who", boss.Name)}, nil
}

// reassign is the button that gives a subject to somebody else.
func reassign(r *command.Request, subject string) (chat.Button, bool) {
	kind, _, _ := strings.Cut(subject, ":")
	switch kind {
	case "store", "account":
		return command.SayButton(r.Say("button.edit"), "account", "edit "+subject), true
	case "follow":
		return command.SayButton(r.Say("button.pass"), "follow", "pass "+subject), true
	}
	return chat.Button{}, false
}
