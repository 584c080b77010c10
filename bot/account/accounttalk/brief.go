package accounttalk

import (
	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// birthdaysAhead is how many days ahead a birthday is worth a word before the
// door.
const birthdaysAhead = 7

// brief is whose birthday it is, whom one will meet, and the one thing worth
// asking that nobody knows of the account.
func brief(r *command.Request, p account.Place) ([]command.Point, error) {
	contacts, err := accountstore.ContactsOf(r.Tx, r.Scope, p.AccountID)
	if err != nil {
		return nil, err
	}
	var out []command.Point
	for _, c := range contacts {
		if days, ok := calendar.Until(c.Birthday, r.Words.Today(r.Said)); ok && days <= birthdaysAhead {
			out = append(out, command.Point{Rank: command.RankPeople, Text: r.Say("brief.birthday", "who", c.Name, "n", days)})
		}
	}
	var names []string
	for _, c := range contacts[:min(3, len(contacts))] {
		name := c.Name
		if c.Title != "" {
			name += " " + c.Title
		}
		names = append(names, name)
	}
	if len(names) > 0 {
		out = append(out, command.Point{Rank: command.RankPeople, Text: r.Say("brief.people", "people", chat.Cut(r.Words.List(names), 120))})
	}
	profile, err := accountstore.ProfileOf(r.Tx, r.Scope, p.AccountID)
	if missing := (account.Account{Profile: profile}).Missing(func(string) bool { return false }); missing != "" {
		out = append(out, command.Point{Rank: command.RankUnknown, Text: r.Say("brief.missing", "field", r.Words.Label(missing))})
	}
	return out, err
}
