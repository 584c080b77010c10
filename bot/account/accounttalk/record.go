package accounttalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// accounts is an account that people speak of, by its name or that of a store.
var accounts = &command.Record[account.Account]{
	Family: "account", Ref: account.KindAccount,
	Load: loadAccount,
	Name: func(_ *command.Request, a account.Account) string { return a.Name },
	Named: func(r *command.Request, verb string, a command.Args) (row account.Account, behind string, choose *chat.Reply, err error) {
		if verb == "fill" {
			a.Object, behind = keyBehind(a.Object)
		}
		place, choose, err := r.OnePlace("account", verb, a)
		if err == nil && choose == nil {
			row, err = loadAccount(r, place.AccountID)
		}
		return row, behind, choose, err
	},
}

// stores is a store that people speak of.
var stores = &command.Record[account.Store]{
	Family: "account", Ref: account.KindStore,
	Load: loadStore,
	Name: func(_ *command.Request, s account.Store) string { return s.Name },
	Named: func(r *command.Request, verb string, a command.Args) (row account.Store, behind string, choose *chat.Reply, err error) {
		place, choose, err := r.OnePlace("account", verb, a)
		if err == nil && choose == nil {
			row, err = loadStore(r, place.ID)
		}
		return row, "", choose, err
	},
}

var (
	loadAccount = command.InSight(accountstore.Accounts)
	loadStore   = command.InSight(accountstore.Stores)
)

// editable: an account is changed by its owner, a KAM above or a manager; a rep
// reads the card.
func editable(r *command.Request, a account.Account) error {
	return command.Guard(r, accountstore.Accounts, r.Scope, a.ID, fault.New(fault.Denied, "account_read_only", "name", a.Name))
}

// keyBehind splits off the key of a profile's field behind the name of an account.
func keyBehind(words string) (name, key string) {
	if i := strings.LastIndex(words, " "); i >= 0 {
		if _, known := account.ProfileCatalogue.Get(words[i+1:]); known {
			return words[:i], words[i+1:]
		}
	}
	return words, ""
}
