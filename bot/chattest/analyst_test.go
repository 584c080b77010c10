package chattest_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fieldbot/bot"
	"fieldbot/bot/chattest"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/command"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// TestAnalyst: an analyst reads every report of the whole company, and nowhere, on no card,
// list, button or in a file, who is who at a customer's (domain.md §1).
func TestAnalyst(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	ines := person.Person{Handle: "ines", Name: "Ines", Roles: []person.Role{person.Analyst}, Status: "active", ZoneKnown: true, Language: "en", Timezone: "Europe/Berlin"}
	if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
		tx.By(store.Origin{Source: "system"})
		return personstore.People.Add(tx, &ines)
	}); err != nil {
		t.Fatal(err)
	}
	talk(w, "tom", `/account contact K010 name="Petra Lange" phone=01715550199 email=petra@nordmarkt.example`, "#1")
	secrets := []string{"Petra", "Uwe Kern", "01715550199", "petra@", "张课长", "刘洋", "许丽"}
	u, books := w.Speaker("terminal", "ines"), 0
	check := func(said string, m chattest.Message) {
		text := m.Text
		if m.File != nil && strings.HasSuffix(m.File.Name, ".xlsx") {
			text += cellsOf(t, m.File.Data)
			books++
		}
		for _, s := range secrets {
			if strings.Contains(text, s) {
				t.Errorf("%s shows %s: %s", said, s, text)
			}
		}
	}
	read := func(line string) chattest.Message {
		u.Say(line)
		m := u.Read()
		check(line, m)
		return m
	}
	for _, m := range bot.Modules() {
		for _, r := range m.Reports {
			if m := read("/report " + r.Name); strings.Contains(m.Text, "Your role cannot") {
				t.Errorf("/report %s: %s", r.Name, m.Text)
			}
		}
	}
	has(t, read("/report visits"), "whole company")
	for _, f := range command.Families(bot.Modules()) {
		for _, v := range f.Verbs {
			if v.Read == nil {
				continue
			}
			for _, object := range []string{"", "K010", "Nordmarkt Wedding", "D-1012"} {
				line := strings.TrimSpace("/" + f.Name + " " + v.Name + " " + object)
				for i := range read(line).Buttons {
					if again := read(line); i < len(again.Buttons) {
						u.Press(again.Buttons[i].Label)
						check(line+" → "+again.Buttons[i].Label, u.Read())
					}
				}
			}
		}
	}
	if books == 0 {
		t.Error("no workbook was read")
	}
}

// cellsOf are the cells of a workbook.
func cellsOf(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.xlsx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sheet.Open(path, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	if err := s.Each(func(row sheet.Row) error { all = append(all, row.Cells...); return nil }); err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}
