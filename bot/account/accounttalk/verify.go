package accounttalk

import (
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// factsOf are what is known of a place and of its people, as far as the person sees it, each
// with what it is called.
func factsOf(r *command.Request, p account.Place) (known []account.Fact, names []string, err error) {
	if p.Kind == account.KindStore {
		s, err := loadStore(r, p.ID)
		if err != nil {
			return nil, nil, err
		}
		known = s.Facts()
	} else {
		a, err := loadAccount(r, p.ID)
		if err != nil {
			return nil, nil, err
		}
		known = a.Facts()
	}
	for _, f := range known {
		names = append(names, r.Words.Label(f.Key))
	}
	people, err := accountstore.ContactsOf(r.Tx, r.Scope, p.AccountID)
	for _, c := range people {
		known, names = append(known, c.Fact()), append(names, c.Name)
	}
	return known, names, err
}

// facts are those of the place of a form, for the field that asks what somebody made sure
// of.
func facts(r *command.Request, d form.Draft, _ field.Field, query string) ([]chat.Option, error) {
	place, ok, err := r.PlaceOf(d.Values["place"])
	if err != nil || !ok {
		return nil, err
	}
	known, names, err := factsOf(r, place)
	if err != nil {
		return nil, err
	}
	var out []chat.Option
	for i, f := range known {
		out = append(out, chat.Option{Value: f.Key, Label: names[i]})
	}
	if query == "" {
		return out, nil
	}
	return command.Fitting(out, query), nil
}

// verify notes that the person made sure of a fact today.
func verify(r *command.Request, d form.Draft) (command.Saved, error) {
	place, ok, err := r.PlaceOf(d.Values["place"])
	if err != nil || !ok {
		return command.Saved{}, noneFound(err, "place", d.Shown["place"])
	}
	return verified(r, place, d.Values["fact"], d.Values["verified_how"])
}

// stillRight is the press on a fact that was asked about again, at the customer's: on what it
// was then.
func stillRight(r *command.Request, _ account.Account, args []string) (chat.Reply, error) {
	ref, fact, digest := args[0], args[1], args[2]
	place, ok, err := r.PlaceOf(ref)
	if err != nil || !ok {
		return chat.Reply{}, command.OrGone(err)
	}
	known, _, err := factsOf(r, place)
	if err != nil {
		return chat.Reply{}, err
	}
	if !slices.ContainsFunc(known, func(f account.Fact) bool { return f.Key == fact && account.DigestOf(f.Value) == digest }) {
		return chat.Reply{}, fault.New(fault.Conflict, "fact_changed", "name", place.Name)
	}
	saved, err := verified(r, place, fact, "on_site")
	return saved.Reply, err
}

func verified(r *command.Request, place account.Place, fact, how string) (command.Saved, error) {
	known, names, err := factsOf(r, place)
	if err != nil {
		return command.Saved{}, err
	}
	for i, f := range known {
		if f.Key != fact {
			continue
		}
		v := account.Verification{AccountID: place.AccountID, StoreID: place.StoreID(), Fact: f.Key, Digest: account.DigestOf(f.Value), OnDay: r.Words.Today(r.Said), PersonID: r.Who.ID, How: how}
		if _, person := account.ContactOf(f.Key); person {
			v.StoreID = "" // people are the account's
		}
		v, err = accountstore.Verify(r.Tx, v)
		return command.Saved{ID: v.ID, Reply: r.Done(r.Say("account.verify_saved", "fact", names[i], "name", place.Name, "day", v.OnDay), command.SayButton(r.Say("button.card"), "account", place.Ref()))}, err
	}
	return command.Saved{}, fault.At("fact", "fact_unknown", "name", place.Name)
}
