package accounttalk

import (
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

var handoverForm = form.Form{Name: "account.handover", Fields: []field.Field{
	{Key: "handover_to", Kind: field.Person, Required: true},
	{Key: "handover_place", Kind: field.Place},
	{Key: "handover_from", Kind: field.Person},
}}

// handover (交接) moves accounts, stores, plans, deals and follow-ups to another
// person: everything the person owns, or what belongs to one account or one store, as a
// hunter hands over a matured prospect (转交). A manager can hand over what somebody
// else owns.
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
	if err := mayOwn(r, "handover_to", to.ID); err != nil {
		return command.Saved{}, err
	}
	place, one, err := r.PlaceOf(d.Values["handover_place"])
	if ref := d.Values["handover_place"]; err != nil || ref != "" && !one {
		return command.Saved{}, noneFound(err, "handover_place", d.Shown["handover_place"])
	}
	if !one && !r.Who.Is(owners...) { // whoever visits stores gives them away one by one
		return command.Saved{}, fault.At("handover_place", "handover_which")
	}
	moved, err := move(r, from, to, place)
	if err != nil {
		return command.Saved{}, err
	}
	if len(moved) == 0 {
		return command.Saved{}, fault.Wrong("handover_nothing", "who", from.Name)
	}
	args := []any{"from", from.Name, "to", to.Name, "what", counted(r, moved)}
	if !d.Doubted { // what it would do is shown first; a doubt takes it back
		return command.Saved{}, &command.Confirm{Field: "handover_to", Text: r.Say("handover.sure", args...), Yes: r.Say("button.hand_over")}
	}
	if err := tell(r, from, to, moved, one); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: to.ID, Reply: r.Done(r.Say("handover.moved", args...))}, nil
}

// HandOver moves what one person owns to another, and posts the new owner what
// was moved and a brief for each account. The request's scope decides what may be
// moved.
func HandOver(r *command.Request, from, to person.Person) error {
	moved, err := move(r, from, to, account.Place{})
	if err != nil || len(moved) == 0 {
		return err
	}
	return tell(r, from, to, moved, false)
}

// move moves all of it, or that of one store, or of one account and below it.
func move(r *command.Request, from, to person.Person, of account.Place) ([]store.Handed, error) {
	h := store.HandOver{Scope: r.Scope, From: from.ID, To: to.ID, Today: string(r.Words.Today(r.Tx.Now))}
	if of.Kind == account.KindAccount {
		h.Account = of.ID
	} else {
		h.Store = of.StoreID()
	}
	return h.Do(r.Tx)
}

// counted says how many of each noun were moved.
func counted(r *command.Request, moved []store.Handed) string {
	var parts []string
	for _, h := range slices.Backward(moved) { // what the others belong to first
		parts = append(parts, r.Say("owned."+h.Noun.Table(), "n", len(h.Rows)))
	}
	return r.Words.List(parts)
}

// tell posts the new owner what came; of one customer, all that is known of it.
func tell(r *command.Request, from, to person.Person, moved []store.Handed, one bool) error {
	as := r.As(to)
	if _, err := command.Send(r.Tx, to, chat.Reply{Title: as.Say("handover.title", "from", from.Name), Text: as.Say("handover.done", "what", counted(as, moved))}); err != nil {
		return err
	}
	var accounts []account.Account
	var stores []account.Store
	for _, h := range moved {
		for _, row := range h.Rows {
			switch x := row.(type) {
			case account.Account:
				accounts = append(accounts, x)
			case account.Store:
				stores = append(stores, x)
			}
		}
	}
	return briefs(as, accounts, stores, one)
}

// briefs posts a message for each account that came: what stands open there,
// and which of its stores came; with everything, what is known of the customer, too.
func briefs(as *command.Request, accounts []account.Account, stores []account.Store, everything bool) error {
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
		lines, err := as.Brief(place)
		if err != nil {
			return err
		}
		if everything {
			known, err := known(as, id)
			if err != nil {
				return err
			}
			lines = append(lines, known...)
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

// known is what is noted of a customer: its people and its profile, a line each.
func known(as *command.Request, accountID string) (out []string, err error) {
	a, ok, err := accountstore.Accounts.In(as.Scope).ByID(as.Tx, accountID)
	if err != nil || !ok {
		return nil, err
	}
	people, err := accountstore.ContactsOf(as.Tx, as.Scope, accountID)
	for _, c := range people {
		parts := []string{c.Name, c.Title}
		for _, f := range account.ContactCatalogue.Pick("buying_role", "attitude") {
			parts = append(parts, as.Words.Option(f, account.ContactCatalogue.Values(c)[f.Key]))
		}
		out = append(out, "👤 "+strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " · "))
	}
	for _, f := range profile {
		if text := a.Profile[f.Key]; text != "" {
			out = append(out, as.Words.Label(f.Key)+": "+chat.Cut(chat.OneLine(text), 200))
		}
	}
	return out, err
}
