package accounttalk

import (
	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// merge moves everything of one place to another of the same kind.
func merge(r *command.Request, d form.Draft) (command.Saved, error) {
	fromKind, from, _ := account.SplitRef(d.Values["merge_from"])
	intoKind, into, _ := account.SplitRef(d.Values["merge_into"])
	if fromKind != intoKind {
		return command.Saved{}, fault.At("merge_into", "merge_kinds")
	}
	var err error
	if fromKind == account.KindStore {
		err = mergeStores(r, from, into)
	} else {
		err = mergeAccounts(r, from, into)
	}
	reply := chat.Reply{Text: r.Say("account.merged", "from", d.Shown["merge_from"], "into", d.Shown["merge_into"]), Keep: true,
		Buttons: [][]chat.Button{{command.SayButton(r.Say("button.card"), "account", d.Values["merge_into"]), r.UndoButton()}}}
	return command.Saved{Reply: reply, ID: into}, err
}

func mergeStores(r *command.Request, fromID, intoID string) error {
	from, err := loadStore(r, fromID)
	if err != nil {
		return err
	}
	into, err := loadStore(r, intoID)
	if err != nil {
		return err
	}
	return accountstore.MergeStores(r.Tx, from, into)
}

func mergeAccounts(r *command.Request, fromID, intoID string) error {
	from, err := loadEditable(r, fromID)
	if err != nil {
		return err
	}
	into, err := loadEditable(r, intoID)
	if err != nil {
		return err
	}
	return accountstore.Merge(r.Tx, from, into)
}

func loadEditable(r *command.Request, id string) (account.Account, error) {
	a, err := loadAccount(r, id)
	if err == nil {
		err = editable(r, a)
	}
	return a, err
}

// closePlace closes a store or an account: it leaves lists and look-ups, its
// past stays.
func closePlace(r *command.Request, d form.Draft) (command.Saved, error) {
	kind, id, _ := account.SplitRef(d.Values["place"])
	var name, code string
	if kind == account.KindStore {
		before, err := loadStore(r, id)
		if err != nil {
			return command.Saved{}, err
		}
		after := before
		after.Status = account.Closed
		if err := accountstore.Stores.Change(r.Tx, before, after); err != nil {
			return command.Saved{}, err
		}
		name, code = after.Name, after.Code
	} else {
		before, err := loadEditable(r, id)
		if err != nil {
			return command.Saved{}, err
		}
		if _, open, err := accountstore.StoresOf(r.Tx, access.System("what is still open, in sight or not"), id, 1); err != nil || open > 0 {
			return command.Saved{}, orStoresOpen(err, open)
		}
		after := before
		after.Status = account.Closed
		if err := accountstore.Accounts.Change(r.Tx, before, after); err != nil {
			return command.Saved{}, err
		}
		name, code = after.Name, after.Code
	}
	return made(r, "account.closed", kind, id, name, code), nil
}

func orStoresOpen(err error, n int64) error {
	if err != nil {
		return err
	}
	return fault.At("place", "stores_open", "n", int(n))
}
