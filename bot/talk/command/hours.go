package command

import (
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
)

// QuietOf is the person's quiet hours: their own, else the company's;
// promoters work the evenings (domain.md §11).
func QuietOf(r *Request) calendar.Window {
	if w, ok := calendar.ParseWindow(r.Who.Quiet); ok {
		return w
	}
	if r.Who.Is(person.Promoter) {
		w, _ := calendar.ParseWindow("22:30-09:00")
		return w
	}
	return r.Config.Reminders.QuietWindow()
}

// Hours are when the person of the request may be reached.
func Hours(r *Request) (person.Hours, error) {
	away, err := personstore.Away(r.Tx, r.Who.ID, r.Words.Today(r.Tx.Now))
	return person.Hours{Zone: r.Words.Zone, Quiet: QuietOf(r), Company: r.Config.Company.Calendar(), Away: away}, err
}
