package visittalk

import (
	"fmt"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/brief"
	"fieldbot/bot/deal/dealtalk"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
)

// Brief is what the person should know before the door (拜访前简报), a line
// each, numbered.
func Brief(r *command.Request, place account.Place) ([]string, error) {
	facts, err := facts(r, place)
	if err != nil {
		return nil, err
	}
	var out []string
	for i, l := range brief.Lines(facts) {
		out = append(out, fmt.Sprintf("%d. %s", i+1, r.Say("brief."+l.Key, readable(r, l.Args)...)))
	}
	return out, nil
}

// readable puts codes of the brief into the reader's words.
func readable(r *command.Request, args []any) []any {
	out := append([]any{}, args...)
	for i := 1; i < len(out); i += 2 {
		switch v := out[i].(type) {
		case []string:
			names := make([]string, len(v))
			for j, code := range v {
				names[j] = r.Words.Choice("objectives", code)
			}
			out[i] = r.Words.List(names)
		case string:
			if out[i-1] == "field" {
				v = r.Words.Label(v)
			}
			out[i] = chat.Cut(chat.OneLine(v), 120)
		}
	}
	return out
}

// briefDeals is how many deals a brief names.
const briefDeals = 2

func facts(r *command.Request, place account.Place) (brief.Facts, error) {
	today := r.Words.Today(r.Said)
	f := brief.Facts{Today: today}
	storeID := place.StoreID()
	last, err := visitstore.List(r.Tx, r.Scope, visitstore.Filter{Account: place.AccountID, StoreID: storeID, Office: storeID == "", Status: visit.Done, Limit: 1})
	if err != nil {
		return f, err
	}
	if len(last) > 0 {
		who, _, err := personstore.ByID(r.Tx, last[0].PersonID)
		if err != nil {
			return f, err
		}
		f.Last, f.LastBy = &last[0], who.Name
	}
	if f.Open, err = followupstore.OfPlace(r.Tx, r.Scope, place.AccountID, storeID); err != nil {
		return f, err
	}
	if f.Contacts, err = accountstore.ContactsOf(r.Tx, r.Scope, place.AccountID); err != nil {
		return f, err
	}
	if f.Deals, err = dealtalk.Brief(r, place.AccountID, briefDeals); err != nil {
		return f, err
	}
	on, err := visitstore.On(r.Tx, r.Scope, r.Who.ID, today)
	if err != nil {
		return f, err
	}
	for _, v := range on {
		if v.StoreID == storeID && v.AccountID == place.AccountID && v.PlannedFor != "" {
			f.Planned = &v
		}
	}
	profile, err := accountstore.ProfileOf(r.Tx, r.Scope, place.AccountID)
	f.Missing = account.Account{Profile: profile}.Missing(func(string) bool { return false })
	return f, err
}
