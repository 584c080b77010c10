package main

import (
	"fmt"
	"strings"
	"time"

	"fieldbot/bot/person/personstore"
	"fieldbot/store"
)

type historyVerb struct {
	Subject string `arg:"" help:"What: a number, a code or a handle; stores:K014 where several kinds know it."`
}

// Help implements kong's detailed help.
func (historyVerb) Help() string {
	return "Example:\n  fieldbot history D-1012\n  fieldbot history stores:M0001"
}

// Run prints who changed a thing, when, from where, and what.
func (v *historyVerb) Run(e *env) error {
	db, c, err := e.openExisting()
	if err != nil {
		return err
	}
	var lines []store.AuditLine
	names := map[string]string{}
	err = db.Read(e.ctx, func(tx *store.Tx) error {
		found, err := store.Named(tx, v.Subject)
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return fmt.Errorf("nothing is called %q; name a number, a code or a handle, such as D-1012, stores:M0001, people:anna", v.Subject)
		case len(found) > 1:
			var kinds []string
			for _, s := range found {
				kinds = append(kinds, s.Kind+":"+v.Subject)
			}
			return fmt.Errorf("%q names several; write one of %s", v.Subject, strings.Join(kinds, ", "))
		}
		people, err := personstore.All(tx)
		if err != nil {
			return err
		}
		for _, p := range people {
			names[p.ID] = p.Handle
		}
		lines, err = store.History(tx, found[0])
		return err
	})
	if err != nil {
		return err
	}
	for _, l := range lines {
		if err := e.printChange(l, names, c.Company.Zone()); err != nil {
			return err
		}
	}
	if len(lines) == 0 {
		return e.printf("it is as it was made, and no trail says by whom\n")
	}
	return nil
}

func (e *env) printChange(l store.AuditLine, names map[string]string, zone *time.Location) error {
	changes, err := l.Changes()
	if err != nil {
		return err
	}
	called := func(value string) string {
		if handle := names[value]; handle != "" {
			return handle
		}
		return value
	}
	who := called(l.Person)
	if who == "" {
		who = "nobody"
	}
	undone := ""
	if !l.UndoneAt.IsZero() {
		undone = ", undone " + l.UndoneAt.In(zone).Format(time.DateTime)
	}
	if err := e.printf("%s  %s  %s by %s%s\n", l.At.In(zone).Format(time.DateTime), l.Action, l.Source, who, undone); err != nil {
		return err
	}
	for _, c := range changes {
		text := c.Column + ": " + called(c.Before) + " → " + called(c.After)
		if l.Action == "create" {
			text = c.Column + ": " + called(c.After)
		}
		if err := e.printf("    %s\n", text); err != nil {
			return err
		}
	}
	return nil
}
