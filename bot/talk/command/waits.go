package command

import (
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/talk/chat"
)

// Section is one kind of thing that waits for a person, as a digest shows it.
type Section struct {
	Title string
	Items []Item      // the most urgent first
	Rest  int         // how many more there are that no message would show
	More  chat.Button // opens the whole list; without a label there is none
}

// Item is one thing that waits.
type Item struct {
	Subject string        // kind:id, what a snooze puts off; "" cannot be put off
	Label   string        // a short name
	Line    string        // what waits, in a line
	Act     []chat.Button // do it now
}

// Waiting asks every module what waits for the person of the request, for a
// digest, and leaves out what the person has put off.
func (r *Request) Waiting(d remind.Digest) ([]Section, error) {
	snoozed, err := r.Tx.Snoozed(r.Who.ID)
	if err != nil {
		return nil, err
	}
	asked := *r
	asked.PutOff = snoozed
	var out []Section
	for _, m := range r.Modules {
		if m.Digest == nil {
			continue
		}
		sections, err := m.Digest(&asked, d)
		if err != nil {
			return nil, err
		}
		for _, s := range sections {
			s.Items = remind.Without(s.Items, func(i Item) bool { return snoozed[i.Subject] })
			if len(s.Items) > 0 {
				out = append(out, s)
			}
		}
	}
	return out, nil
}
