package accounttalk

import (
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// datesAhead is how many days before an important date its KAM hears of it,
// and once more on the day (domain.md §11).
const datesAhead = 3

func waits(r *command.Request, d remind.Digest) ([]command.Section, error) {
	if d != remind.Morning {
		return nil, nil
	}
	out, err := tierSeason(r)
	if err != nil || !r.Who.Is(person.KAM) {
		return out, err
	}
	today := r.Words.Today(r.Tx.Now)
	contacts, err := accountstore.Birthdays(r.Tx, r.Scope, r.Who.ID, today, today.Add(datesAhead))
	s := command.Section{Title: r.Say("dates.title")}
	for _, c := range contacts {
		days, _ := calendar.Until(c.Birthday, today)
		s.Items = append(s.Items, command.Item{Subject: "date:" + c.ID, Label: c.Name, Line: "· " + r.Say("brief.birthday", "who", c.Name, "n", days),
			Act: []chat.Button{command.SayButton(c.Name, "account", "account:"+c.AccountID)}})
	}
	return append(out, s), err
}
