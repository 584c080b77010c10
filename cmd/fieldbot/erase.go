package main

import (
	"fmt"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
)

type eraseVerb struct {
	Whom string `arg:"" help:"A person's handle, or a contact as ACCOUNT:NAME."`
	Yes  bool   `help:"Do it; without, what would go is shown."`
}

// Help implements kong's detailed help.
func (eraseVerb) Help() string {
	return "Example:\n  fieldbot erase li.wei\n  fieldbot erase \"K010:Uwe Kern\" --yes"
}

// Run shows what of somebody would be overwritten, or does it. Figures stay.
func (v *eraseVerb) Run(e *env) error {
	db, _, err := e.openExisting()
	if err != nil {
		return err
	}
	var gone []store.Erasure
	work := func(tx *store.Tx) (err error) {
		tx.By(store.Origin{Source: "terminal"})
		gone, err = v.erase(tx)
		return err
	}
	if v.Yes {
		err = db.Write(e.ctx, work)
	} else {
		err = db.Read(e.ctx, work)
	}
	if err != nil {
		return err
	}
	for _, g := range gone {
		if g.Rows > 0 {
			if err := e.printf("%6d  %s\n", g.Rows, g.What); err != nil {
				return err
			}
		}
	}
	if v.Yes {
		return e.printf("overwritten; figures and counts are as they were, photos stay\n")
	}
	return e.printf("nothing was changed; say it again with --yes to overwrite this\n")
}

func (v *eraseVerb) erase(tx *store.Tx) ([]store.Erasure, error) {
	code, name, isContact := strings.Cut(v.Whom, ":")
	if !isContact {
		p, err := byHandle(tx, v.Whom)
		if err != nil {
			return nil, err
		}
		if p.Active() && v.Yes {
			return nil, fmt.Errorf("%s works here; switch them off first: fieldbot user off %s --to HANDLE", v.Whom, v.Whom)
		}
		return personstore.Erase(tx, p, v.Yes)
	}
	shell := access.System("the shell erases on request")
	a, ok, err := accountstore.Accounts.In(shell).And("a.code = ?", code).One(tx)
	var c account.Contact
	if err == nil && ok {
		c, ok, err = accountstore.ContactNamed(tx, shell, a.ID, name)
	}
	if err == nil && !ok {
		err = fmt.Errorf("there is no contact %q of an account with the code %q; see fieldbot export contacts", name, code)
	}
	if err != nil {
		return nil, err
	}
	return accountstore.EraseContact(tx, c, v.Yes)
}
