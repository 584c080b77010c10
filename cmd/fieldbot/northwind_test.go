package main

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldbot/bot/chattest"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// northwind is a folder of real data beside the project, if it is there.
const northwind = "../../../shared/data/northwind"

func northwindFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(northwind, name))
	if err != nil {
		t.Skip("the Northwind data is not beside the project")
	}
	return file(t, name, string(data))
}

func rowsIn(t *testing.T, path string) int {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.LazyQuotes = true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return len(rows) - 1
}

// importNorthwind imports customers as accounts and stores, and employees as
// people, and checks the counts.
func importNorthwind(t *testing.T, w *chattest.World) {
	t.Helper()
	employees, customers := northwindFile(t, "employees.csv"), northwindFile(t, "customers.csv")
	code := map[string]string{"code": "customerID", "name": "companyName"}
	for i, x := range []struct {
		kind, file string
		o          files.Options
	}{
		{"people", employees, files.Options{Map: map[string]string{"name": "{FirstName} {LastName}", "code": "EmployeeID", "reports_to": "ReportsTo"}, Set: map[string]string{"roles": "rep", "timezone": "Europe/Berlin", "language": "en"}, None: []string{"0"}}},
		{"accounts", customers, files.Options{Map: code}},
		{"stores", customers, files.Options{Map: map[string]string{"code": "customerID", "name": "companyName", "account_code": "customerID"}, Set: map[string]string{"rep": "nancy.davolio"}}},
	} {
		table, err := sheet.Open(x.file, sheet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for again := range 2 {
			r, err := files.Import(context.Background(), w.DB, w.Config, x.kind, table, x.o)
			if err != nil || len(r.Bad) > 0 {
				t.Fatal(i, err, r.Bad)
			}
			want := rowsIn(t, x.file)
			if again == 0 && r.New != want || again == 1 && (r.Same != want || r.New+r.Changed != 0) {
				t.Errorf("%s, import %d: %+v, want %d rows", x.kind, again+1, r, want)
			}
		}
	}
	if n := w.Count(`SELECT count(*) FROM people p JOIN people b ON b.id = p.reports_to WHERE p.handle = 'nancy.davolio' AND b.handle = 'andrew.fuller'`); n != 1 {
		t.Error("Nancy does not report to Andrew")
	}
	if n := w.Count(`SELECT count(*) FROM people WHERE handle = 'andrew.fuller' AND reports_to = ''`); n != 1 {
		t.Error("Andrew reports to somebody")
	}
}

// TestNorthwind: the same visit to Ernst Handel by every way in, each on a
// fresh copy of the data at the same clock: six rows equal but for id and
// source.
func TestNorthwind(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	outcome := []chattest.Pair{{Key: "place", Value: "Ernst Handel"}, {Key: "intent", Value: "strong"}, {Key: "met", Value: "Roland Mendel"}, {Key: "needs", Value: "more Lager"}, {Key: "next_step", Value: "send the offer"}, {Key: "next_due", Value: "2026-12-01"}, {Key: "satisfaction", Value: "4"}}
	line := `/visit log "Ernst Handel" intent=strong met="Roland Mendel" needs="more Lager" next_step="send the offer" next_due=2026-12-01 satisfaction=4`
	northwindFile(t, "customers.csv")
	var rows []string
	for _, surface := range append(chattest.Surfaces, "slack http one line") {
		platform, _, _ := strings.Cut(surface, " ")
		surface, oneLine := strings.CutSuffix(surface, " one line")
		w := chattest.Start(t, chattest.Options{Empty: true}.On(surface))
		importNorthwind(t, w)
		if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
			nancy, _, err := personstore.ByHandle(tx, "nancy.davolio")
			if err != nil {
				return err
			}
			for _, i := range []person.Identity{{Platform: "slack", ExternalID: chattest.AnnaSlack}, {Platform: "telegram", ExternalID: "1001"}} {
				i.PersonID, i.Room, i.SeenAt = nancy.ID, i.ExternalID, tx.Now
				if i.Platform == platform {
					if err := personstore.Link(tx, i); err != nil {
						return err
					}
				}
			}
			_, err = tx.MarkOnce("morning", nancy.ID, "2026-11-23")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		nancy := w.SpeakerAs(surface, "nancy.davolio", chattest.AnnaSlack, chattest.AnnaTelegram, "en")
		if oneLine {
			nancy.Say(line)
		} else {
			nancy.Say("/visit")
			nancy.Fill(outcome)
		}
		if m := nancy.Read(); !strings.Contains(m.Text, "Visit logged: Ernst Handel") {
			t.Fatalf("%s: %s", surface, m.Text)
		}
		var kept []string
		for _, field := range strings.Split(w.Export("visits"), ",\"") {
			if !strings.HasPrefix(field, "id\":") && !strings.HasPrefix(field, "source\":") {
				kept = append(kept, field)
			}
		}
		rows = append(rows, strings.Join(kept, "\n"))
		w.Stop()
	}
	for i, r := range rows {
		if diff := cmp.Diff(rows[0], r); diff != "" || !strings.Contains(r, "Roland Mendel") {
			t.Errorf("row %d differs:\n%s", i, diff)
		}
	}
}
