package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
)

type userInvite struct {
	Handle string `arg:"" optional:"" help:"Whom."`
	All    bool   `help:"Everybody who is linked to no chat."`
	Out    string `help:"File for the codes of --all; standard output if left out." placeholder:"FILE"`
}

// Help implements kong's detailed help.
func (userInvite) Help() string {
	return "Example:\n  fieldbot user invite li.wei\n  fieldbot user invite --all --out codes.csv"
}

// inviteAll writes a code for each person who is linked to no chat. The file is for whoever
// hands the codes out: they are as good as a key.
func (v *userInvite) inviteAll(e *env) error {
	return e.writeTo(v.Out, 0o600, func(out io.Writer) error {
		w := csv.NewWriter(out)
		if err := w.Write([]string{"handle", "name", "code", "say"}); err != nil {
			return err
		}
		if err := e.change(func(tx *store.Tx) error { return inviteUnlinked(tx, w) }); err != nil {
			return err
		}
		w.Flush()
		return w.Error()
	})
}

func inviteUnlinked(tx *store.Tx, w *csv.Writer) error {
	people, err := personstore.Active(tx)
	if err != nil {
		return err
	}
	for _, p := range people {
		identities, err := personstore.Identities(tx, p.ID)
		if err != nil {
			return err
		}
		if len(identities) > 0 {
			continue
		}
		code, err := personstore.NewCode(tx, p.ID, personstore.InvitationLife)
		if err != nil {
			return err
		}
		if err := w.Write([]string{p.Handle, sheet.Defuse(p.Name), code, "/link " + code}); err != nil {
			return err
		}
	}
	return nil
}

// Run prints an invitation; with Telegram configured and reachable, as a link.
func (v *userInvite) Run(e *env) error {
	switch {
	case v.All:
		return v.inviteAll(e)
	case v.Handle == "":
		return usageError{errors.New("name whom to invite, or --all")}
	}
	_, c, err := e.open()
	if err != nil {
		return err
	}
	code := ""
	if err := e.change(func(tx *store.Tx) error {
		p, err := byHandle(tx, v.Handle)
		if err != nil {
			return err
		}
		if !p.Active() {
			return fmt.Errorf("%s is switched off", v.Handle)
		}
		code, err = personstore.NewCode(tx, p.ID, personstore.InvitationLife)
		return err
	}); err != nil {
		return err
	}
	if t, ok := newTelegram(e, c); ok {
		if _, err := t.Check(e.ctx); err == nil {
			return e.printf("send this link to %s; it works once, for 7 days:\n%s\n", v.Handle, t.Link(code))
		}
	}
	return e.printf("%s sends the bot within 7 days: /link %s\n", v.Handle, code)
}
