package visittalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// askAgain asks whether something that was made sure of long ago still holds; it is false
// where nothing does that was.
func askAgain(r *command.Request, place account.Place, reply *chat.Reply) (bool, error) {
	old, err := accountstore.Stale(r.Tx, r.Scope, place.AccountID, place.StoreID(), r.Words.Today(r.Tx.Now).Add(-account.Fresh))
	if err != nil || len(old) == 0 {
		return false, err
	}
	known, err := factsAt(r, place)
	if err != nil {
		return false, err
	}
	for _, v := range old {
		f, holds := known[v.StoreID+" "+v.Fact]
		if !holds || account.DigestOf(f.Value) != v.Digest {
			continue // it was changed since
		}
		of, name := account.KindAccount+":"+place.AccountID, place.AccountName
		if v.StoreID != "" {
			of, name = place.Ref(), place.Name
		}
		reply.Text += "\n" + r.Say("visit.verify_ask", "field", f.label, "account", name, "value", chat.Cut(chat.OneLine(f.shown), 80), "day", v.OnDay)
		reply.Buttons = append(reply.Buttons, []chat.Button{
			{Label: r.Say("button.still_right"), Do: &chat.Do{Action: "account.still", Args: []string{place.AccountID, of, v.Fact, v.Digest}, Acts: true}},
			command.SayButton(r.Say("button.edit"), "account", of),
		})
		return true, nil
	}
	return false, nil
}

// factShown is a fact as people read it.
type factShown struct {
	account.Fact
	label, shown string
}

// factsAt are what is known of an account, of its people and of the store that was visited, by
// store and fact.
func factsAt(r *command.Request, place account.Place) (map[string]factShown, error) {
	out := map[string]factShown{}
	add := func(store string, facts []account.Fact, catalogues ...field.Catalogue) {
		for _, f := range facts {
			for _, c := range catalogues {
				if x, ok := c.Get(f.Key); ok {
					out[store+" "+f.Key] = factShown{f, r.Words.Label(f.Key), form.Print(x, f.Value, "", r.Env())}
				}
			}
		}
	}
	a, ok, err := accountstore.Accounts.In(r.Scope).ByID(r.Tx, place.AccountID)
	if err != nil || !ok {
		return nil, err
	}
	add("", a.Facts(), account.Catalogue, account.ProfileCatalogue)
	if id := place.StoreID(); id != "" {
		s, _, err := accountstore.Stores.In(r.Scope).ByID(r.Tx, id)
		if err != nil {
			return nil, err
		}
		add(id, s.Facts(), account.StoreCatalogue)
	}
	people, err := accountstore.ContactsOf(r.Tx, r.Scope, place.AccountID)
	for _, c := range people {
		f := c.Fact()
		out[" "+f.Key] = factShown{f, c.Name, strings.Trim(c.Title+" · "+c.Phone, " ·")}
	}
	return out, err
}
