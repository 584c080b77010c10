package accounttalk

import (
	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
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
	from, ok1, err1 := accountstore.Stores.In(r.Scope.WithoutFinance()).ByID(r.Tx, fromID)
	into, ok2, err2 := accountstore.Stores.In(r.Scope.WithoutFinance()).ByID(r.Tx, intoID)
	if err := both(ok1, ok2, err1, err2); err != nil {
		return err
	}
	return accountstore.MergeStores(r.Tx, from, into)
}

func mergeAccounts(r *command.Request, fromID, intoID string) error {
	from, err := editable(r, fromID)
	if err != nil {
		return err
	}
	into, err := editable(r, intoID)
	if err != nil {
		return err
	}
	return accountstore.Merge(r.Tx, from, into)
}

func both(ok1, ok2 bool, errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	if !ok1 || !ok2 {
		return fault.New(fault.NotFound, "gone")
	}
	return nil
}

// closePlace closes a store or an account: it leaves lists and look-ups, its
// past stays.
func closePlace(r *command.Request, d form.Draft) (command.Saved, error) {
	kind, id, _ := account.SplitRef(d.Values["place"])
	var name, code string
	if kind == account.KindStore {
		before, ok, err := accountstore.Stores.In(r.Scope.WithoutFinance()).ByID(r.Tx, id)
		if err != nil || !ok {
			return command.Saved{}, noneFound(err, "place", d.Shown["place"])
		}
		after := before
		after.Status = account.Closed
		if err := accountstore.Stores.Change(r.Tx, before, after); err != nil {
			return command.Saved{}, err
		}
		name, code = after.Name, after.Code
	} else {
		before, err := editable(r, id)
		if err != nil {
			return command.Saved{}, err
		}
		if _, open, err := accountstore.StoresOf(r.Tx, r.Scope, id, 1); err != nil || open > 0 {
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
