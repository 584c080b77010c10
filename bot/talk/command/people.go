package command

import (
	"fieldbot/bot/kit/access"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
)

// Name is the name of a person by id, "" of nobody. A database that cannot be
// read ends the unit.
func (r *Request) Name(id string) string {
	if id == "" {
		return ""
	}
	if name, asked := r.Tx.Noted(nameOf(id)); asked {
		return name.(string)
	}
	p, _, err := personstore.ByID(r.Tx, id)
	if err != nil {
		r.Tx.Fail(err)
	}
	r.Tx.Note(nameOf(id), p.Name)
	return p.Name
}

// nameOf is the key of a person's name among what a transaction found out.
type nameOf string

// As is the request as another person would make it, for messages to them.
func (r *Request) As(p person.Person) *Request {
	out := *r
	out.Who, out.Scope, out.Words = p, access.Of(p), WordsFor(p, r.Config)
	out.Place, out.Caps = chat.Place{}, chat.Caps{}
	return &out
}

// Tell sends a message to a person by id, in that person's language. Somebody
// who left, or has no chat, hears nothing.
func (r *Request) Tell(id string, say func(as *Request) chat.Reply) error {
	p, ok, err := personstore.ByID(r.Tx, id)
	if err != nil || !ok || !p.Active() {
		return err
	}
	_, err = Send(r.Tx, p, say(r.As(p)))
	return err
}

// MostLevels bounds a line of people above one another: more of them than a company has levels means a circle.
const MostLevels = 12

// Boss returns who can answer for a person: the first in the line above who
// works here, or that one's deputy while away. It is false at the top.
func (r *Request) Boss(p person.Person) (person.Person, bool, error) {
	for up, n := p.ReportsTo, 0; up != "" && n < MostLevels; n++ {
		boss, ok, err := personstore.ByID(r.Tx, up)
		if err != nil || !ok {
			return person.Person{}, false, err
		}
		if boss.Active() {
			deputy, away, err := r.deputy(boss)
			if err != nil {
				return boss, false, err
			}
			if !away {
				return boss, true, nil
			}
			if deputy.ID != "" && deputy.ID != p.ID {
				return deputy, true, nil
			}
		}
		up = boss.ReportsTo
	}
	// Everybody above is away, or nobody is above: the first in the line who
	// works here will do.
	if boss, ok, err := personstore.ByID(r.Tx, p.ReportsTo); err != nil || ok && boss.Active() {
		return boss, err == nil, err
	}
	return person.Person{}, false, nil
}

// Leads reports whether who asks leads a person: stands above in the line, or
// answers for who does; of somebody whom nobody leads, any manager.
func (r *Request) Leads(p person.Person) (bool, error) {
	if p.ID == r.Who.ID {
		return false, nil
	}
	if p.ReportsTo == "" {
		return r.Who.Is(person.Manager), nil
	}
	if boss, above, err := r.Boss(p); err != nil || above && boss.ID == r.Who.ID {
		return err == nil, err
	}
	for up, n := p.ReportsTo, 0; up != "" && n < MostLevels; n++ {
		if up == r.Who.ID {
			return true, nil
		}
		above, _, err := personstore.ByID(r.Tx, up)
		if err != nil {
			return false, err
		}
		up = above.ReportsTo
	}
	return false, nil
}

// deputy returns who answers for a person today, and whether the person is
// away at all.
func (r *Request) deputy(p person.Person) (person.Person, bool, error) {
	today := WordsFor(p, r.Config).Today(r.Tx.Now)
	absences, err := personstore.Away(r.Tx, p.ID, today)
	for _, a := range absences {
		if a.From > today {
			continue
		}
		if a.Deputy == "" {
			return person.Person{}, true, err
		}
		d, ok, err := personstore.ByID(r.Tx, a.Deputy)
		if !ok || !d.Active() {
			d = person.Person{}
		}
		return d, true, err
	}
	return person.Person{}, false, err
}

// OneColleague finds the person that words name, if they name one.
func (r *Request) OneColleague(query string) (person.Person, bool, error) {
	active, err := r.Colleagues()
	if err != nil || query == "" {
		return person.Person{}, false, err
	}
	found := FindPeople(active, query)
	if len(found) != 1 || found[0].Guess {
		return person.Person{}, false, nil
	}
	return found[0].Person, true, nil
}

// Escalated lists whose escalations the person hears of: who reports to them, and, as a copy,
// those with a dotted line to them.
func (r *Request) Escalated() ([]person.Person, error) {
	return personstore.Escalated(r.Tx, r.Who.ID)
}

// Team lists who reports to the person.
func (r *Request) Team() ([]person.Person, error) {
	return personstore.Reports(r.Tx, r.Who.ID)
}
