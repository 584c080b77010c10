package accounttalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/bot/visit/visittalk"
)

var handoverForm = form.Form{Name: "account.handover", Fields: []field.Field{
	{Key: "handover_to", Kind: field.Person, Required: true},
	{Key: "handover_account", Kind: field.Account},
	{Key: "handover_from", Kind: field.Person},
}}

// handover (交接) moves accounts, stores, plans, deals and follow-ups to another
// person: everything the person owns, or what belongs to one account. A
// manager can hand over what somebody else owns.
func handover(r *command.Request, d form.Draft) (command.Saved, error) {
	from := r.Who
	if id := d.Values["handover_from"]; id != "" && id != r.Who.ID {
		if !r.Who.Is(person.Manager) {
			return command.Saved{}, fault.At("handover_from", "role")
		}
		p, ok, err := personstore.ByID(r.Tx, id)
		if err != nil || !ok {
			return command.Saved{}, command.OrGone(err)
		}
		from = p
	}
	to, ok, err := personstore.ByID(r.Tx, d.Values["handover_to"])
	if err != nil || !ok {
		return command.Saved{}, command.OrGone(err)
	}
	if to.ID == from.ID || !to.Active() {
		return command.Saved{}, fault.At("handover_to", "handover_self")
	}
	moved, tell, err := move(r, from, to, d.Values["handover_account"])
	if err != nil {
		return command.Saved{}, err
	}
	if moved.Nothing() {
		return command.Saved{}, fault.Wrong("handover_nothing", "who", from.Name)
	}
	args := append([]any{"from", from.Name, "to", to.Name}, moved.args()...)
	if !d.Doubted { // what it would do is shown first; a doubt takes it back
		return command.Saved{}, &command.Doubt{Field: "handover_to", Text: r.Say("handover.sure", args...), Yes: r.Say("button.hand_over")}
	}
	if err := tell(); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: to.ID, Reply: chat.Reply{Text: r.Say("handover.moved", args...), Keep: true, Buttons: [][]chat.Button{{r.UndoButton()}}}}, nil
}

// Moved is what a hand-over moved.
type Moved struct{ Accounts, Stores, FollowUps, Plans, Deals int }

// Nothing reports whether nothing was moved.
func (m Moved) Nothing() bool { return m == Moved{} }

func (m Moved) args() []any {
	return []any{"accounts", m.Accounts, "stores", m.Stores, "follow", m.FollowUps, "plans", m.Plans, "deals", m.Deals}
}

// HandOver moves what one person owns to another, all of it or that of one
// account, and posts the new owner what was moved and a brief for each
// account. The request's scope decides what may be moved.
func HandOver(r *command.Request, from, to person.Person, accountID string) (Moved, error) {
	m, tell, err := move(r, from, to, accountID)
	if err != nil || m.Nothing() {
		return m, err
	}
	return m, tell()
}

// move moves it, and returns what posts it.
func move(r *command.Request, from, to person.Person, accountID string) (m Moved, tell func() error, err error) {
	accounts, stores, err := r.Keeper().HandOver(r.Scope, from.ID, to.ID, accountID)
	if err != nil {
		return m, nil, err
	}
	m = Moved{Accounts: len(accounts), Stores: len(stores)}
	if m.FollowUps, err = followupstore.HandOver(r.Tx, r.Scope, from.ID, to.ID, accountID); err != nil {
		return m, nil, err
	}
	// The deals of an account that came are in sight by it, as before.
	if m.Deals, err = dealstore.HandOver(r.Tx, r.Scope, from.ID, to.ID, accountID); err != nil {
		return m, nil, err
	}
	m.Plans, err = visitstore.HandOver(r.Tx, r.Scope, from.ID, to.ID, accountID, r.Words.Today(r.Tx.Now))
	return m, func() error {
		as := r.As(to)
		if _, err := command.Send(r.Tx, to, chat.Reply{Title: as.Say("handover.title", "from", from.Name), Text: as.Say("handover.done", m.args()...)}); err != nil {
			return err
		}
		return briefs(as, accounts, stores)
	}, err
}

// briefs posts a message for each account that came: what stands open there,
// and which of its stores came.
func briefs(as *command.Request, accounts []account.Account, stores []account.Store) error {
	names := map[string][]string{}
	order := []string{}
	for _, a := range accounts {
		names[a.ID] = nil
		order = append(order, a.ID)
	}
	for _, s := range stores {
		if _, known := names[s.AccountID]; !known {
			order = append(order, s.AccountID)
		}
		names[s.AccountID] = append(names[s.AccountID], s.Name)
	}
	for _, id := range order {
		place, ok, err := accountstore.PlaceByRef(as.Tx, as.Scope, account.KindAccount+":"+id)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		lines, err := visittalk.Brief(as, place)
		if err != nil {
			return err
		}
		if n := len(names[id]); n > 0 {
			lines = append(lines, as.Say("account.stores", "n", n)+": "+chat.Cut(as.Words.List(names[id]), 300))
		}
		if _, err := command.Send(as.Tx, as.Who, chat.Reply{Title: "📦 " + place.Name, Text: strings.Join(lines, "\n"), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.card"), "account", place.Ref())}}}); err != nil {
			return err
		}
	}
	return nil
}
