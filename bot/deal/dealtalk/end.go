package dealtalk

import (
	"slices"

	"fieldbot/bot/deal"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// mayLose answers before the form is filled.
func mayLose(r *command.Request, x subject) error {
	if x.Status == deal.Stalled {
		return nil
	}
	return x.Opened()
}

func saveLost(r *command.Request, x subject, d form.Draft) (command.Saved, error) {
	after, entry, err := x.Lose(d.Values["lost_why"], d.Values["lost_to"], d.Values["note"], r.Who.ID, r.Tx.Now)
	return ended(r, x, after, entry, err)
}

// longestSleep is how many days a deal can be put aside for.
const longestSleep = 366

func saveStall(r *command.Request, x subject, d form.Draft) (command.Saved, error) {
	wake, today := calendar.Day(d.Values["wake_on"]), r.Words.Today(r.Said)
	switch {
	case wake <= today:
		return command.Saved{}, fault.At("wake_on", "deal_wake_past", "day", wake)
	case wake.Sub(today) > longestSleep:
		return command.Saved{}, fault.At("wake_on", "deal_wake_far", "day", wake)
	}
	after, entry, err := x.Stall(d.Values["reason"], wake, r.Who.ID, r.Tx.Now)
	return ended(r, x, after, entry, err)
}

// mayWin answers before the form is filled.
func mayWin(r *command.Request, x subject) error {
	return x.funnel.MayWin(x.Deal)
}

// saveWon ends a deal as won: at once when its owner's manager says so, else
// the manager is asked (domain.md §4; a settled invoice or a listing on the
// shelf will win a deal by themselves once the bot knows of them).
func saveWon(r *command.Request, x subject, d form.Draft) (command.Saved, error) {
	after, entry, err := x.funnel.Win(x.Deal, d.Values["won_why"], r.Who.ID, r.Tx.Now)
	if err != nil {
		return command.Saved{}, stagesNamed(r, x.funnel, err)
	}
	boss, ask, err := superior(r, x)
	if err != nil {
		return command.Saved{}, err
	}
	if ask {
		reply, err := askWon(r, x, d.Values["won_why"], boss)
		return command.Saved{Reply: reply, ID: x.ID}, err
	}
	return ended(r, x, after, entry, nil)
}

// ended writes the end of a deal and answers.
func ended(r *command.Request, x subject, after deal.Deal, entry deal.Entry, err error) (command.Saved, error) {
	if err != nil {
		return command.Saved{}, stagesNamed(r, x.funnel, err)
	}
	if _, err := keep(r, x, &after, entry); err != nil {
		return command.Saved{}, err
	}
	x.Deal = after
	reply := r.Done(endText(r, x), cardButton(r, x))
	switch after.Status {
	case deal.Won:
		reply.Buttons = slices.Insert(reply.Buttons, 0, []chat.Button{command.SayButton(r.Say("button.repeat"), "deal", "repeat "+x.Ref())})
	case deal.Lost, deal.Stalled:
		reply.Buttons[0] = append(reply.Buttons[0], command.SayButton(r.Say("button.restore"), "deal", "restore "+x.Ref()))
	}
	return command.Saved{Reply: reply, ID: x.ID}, tellOwner(r, x, "deal.ended_you", "status", r.Words.Choice("status", after.Status))
}

// endText is how a deal ended.
func endText(r *command.Request, x subject) string {
	switch x.Status {
	case deal.Won:
		return r.Say("deal.won", "deal", x.name(), "value", r.Money(x.Value), "reason", r.Words.Choice("won_why", x.EndReason))
	case deal.Lost:
		return r.Say("deal.lost", "deal", x.name(), "reason", r.Words.Choice("lost_why", x.EndReason), "to", x.LostTo, "note", x.EndNote)
	}
	return r.Say("deal.stalled", "deal", x.name(), "reason", x.EndNote, "day", x.WakeOn)
}
