package storetest_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	_ "fieldbot/bot" // its capabilities declare the nouns
	"fieldbot/bot/config"
	"fieldbot/bot/kit/search"
	"fieldbot/store"
	"fieldbot/store/migrations"
	"fieldbot/store/storetest"
)

// TestUpgrade: a database of the program with the third schema (made by it: the
// demo, and what three people did on 23 November 2026 at 10:00 in Berlin) comes up
// whole, and what was done before can be undone after.
func TestUpgrade(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			ctx := context.Background()
			url := storetest.URL(t, engine)
			migrateTo(t, url, 3)
			db, err := store.Open(ctx, url)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() }) // all is read
			db.Now = func() time.Time { return time.Date(2026, 11, 23, 9, 5, 0, 0, time.UTC) }
			rows := load(t, db, "testdata/schema3.jsonl.gz")
			if _, err := db.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			c := config.Default()
			db.SetRules(c.Rules())
			for table, want := range rows {
				if got := ask[int64](t, db, `SELECT count(*) FROM `+table); got != want {
					t.Errorf("%s has %d rows after the upgrade, had %d", table, got, want)
				}
			}
			searched(t, db)
			if first := ask[string](t, db, `SELECT p.handle FROM approvals a JOIN people p ON p.id = a.first_by`); first != "tom" {
				t.Errorf("%q asked first", first)
			}
			undo(t, db, "anna") // the follow-up
			undo(t, db, "anna") // the visit
			undo(t, db, "tom")  // the proposal of a tier
			undo(t, db, "tom")  // the sheet
			undo(t, db, "tom")  // the tick
			for query, want := range map[string]string{
				`SELECT status FROM follow_ups WHERE text = 'call them'`: "cancelled",
				`SELECT reason FROM visits WHERE needs = 'shelf'`:        "undone",
				`SELECT status FROM approvals`:                           "withdrawn",
				`SELECT 'floor ' || floor FROM deal_sheets`:              "floor ",
				`SELECT k.status FROM deal_ticks k JOIN deals d ON d.id = k.deal_id WHERE d.number = 'D-1012' AND k.note = 'x'`: "withdrawn",
				`SELECT next_due_on FROM stores WHERE name = 'Kiosk 14'`:                                                        "0001-01-01",
			} {
				if got := ask[string](t, db, query); got != want {
					t.Errorf("%s: %q, want %q", query, got, want)
				}
			}
			if err := db.Write(ctx, func(tx *store.Tx) error {
				_, err := tx.Exec(`UPDATE deals SET account_id = 'nobody' WHERE number = 'D-1012'`)
				return err
			}); err == nil {
				t.Error("a deal may belong to no account")
			}
		})
	}
}

// migrateTo brings an empty database to the schema of an older program.
func migrateTo(t *testing.T, url string, version int64) {
	t.Helper()
	driver, dialect := "pgx", goose.DialectPostgres
	if file, is := strings.CutPrefix(url, "sqlite:"); is {
		driver, dialect, url = "sqlite", goose.DialectSQLite3, file
	}
	db, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(dialect, db, migrations.Files, goose.WithLogger(goose.NopLogger()))
	if err == nil {
		_, err = p.UpTo(context.Background(), version)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// searched: what rows are searched by is computed anew when its rules have changed, once.
func searched(t *testing.T, db *store.DB) {
	t.Helper()
	refill := func(rules string) {
		if err := db.Refill(context.Background(), "search", rules, search.Kept); err != nil {
			t.Fatal(err)
		}
	}
	name := ask[string](t, db, `SELECT name FROM stores WHERE code = 'M0001'`)
	want := search.Text("M0001", name)
	refill(search.Rules)
	if got := ask[string](t, db, `SELECT search FROM stores WHERE code = 'M0001'`); got != want {
		t.Errorf("%s is searched by %q, want %q", name, got, want)
	}
	for _, c := range []struct{ rules, want string }{{search.Rules, ""}, {"other rules", want}} {
		if err := db.Write(context.Background(), func(tx *store.Tx) error { return tx.Do(`UPDATE stores SET search = ''`) }); err != nil {
			t.Fatal(err)
		}
		refill(c.rules)
		if got := ask[string](t, db, `SELECT search FROM stores WHERE code = 'M0001'`); got != c.want {
			t.Errorf("by %s it is searched by %q, want %q", c.rules, got, c.want)
		}
	}
}

// load writes the rows of a dump, a JSON object a line, and counts them by table.
func load(t *testing.T, db *store.DB, path string) map[string]int64 {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // only read
	data, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int64{}
	lines := bufio.NewScanner(data)
	lines.Buffer(nil, 1<<20)
	if err := db.Write(context.Background(), func(tx *store.Tx) error {
		for lines.Scan() {
			var line struct {
				Table string         `json:"table"`
				Row   map[string]any `json:"row"`
			}
			d := json.NewDecoder(strings.NewReader(lines.Text()))
			d.UseNumber()
			if err := d.Decode(&line); err != nil {
				return err
			}
			var names, marks []string
			var values []any
			for name, v := range line.Row {
				names, marks = append(names, name), append(marks, fmt.Sprintf("$%d", len(marks)+1))
				values = append(values, native(name, v))
			}
			if _, err := tx.Exec(fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, line.Table, strings.Join(names, ", "), strings.Join(marks, ", ")), values...); err != nil {
				return err
			}
			counts[line.Table]++
		}
		return lines.Err()
	}); err != nil {
		t.Fatal(err)
	}
	if len(counts) < 10 {
		t.Fatalf("only %d tables in the dump", len(counts))
	}
	return counts
}

// booleans are the columns that SQLite keeps as 0 and 1.
var booleans = []string{"zone_known", "appointment", "prepared", "ordered", "late", "overridden", "undone", "again", "blocked"}

func native(name string, v any) any {
	n, isNumber := v.(json.Number)
	switch {
	case isNumber && slices.Contains(booleans, name):
		return n == "1"
	case isNumber && strings.ContainsAny(n.String(), ".eE"):
		f, _ := n.Float64() // written by the program
		return f
	case isNumber:
		i, _ := n.Int64() // written by the program
		return i
	}
	return v
}

func ask[T any](t *testing.T, db *store.DB, query string) (out T) {
	t.Helper()
	if err := db.Read(context.Background(), func(tx *store.Tx) (err error) { out, _, err = store.One[T](tx, query); return err }); err != nil {
		t.Fatal(err)
	}
	return out
}

// undo takes back the last thing that a person did.
func undo(t *testing.T, db *store.DB, handle string) {
	t.Helper()
	if err := db.Write(context.Background(), func(tx *store.Tx) error {
		id, _, err := store.One[string](tx, `SELECT id FROM people WHERE handle = $1`, handle)
		if err != nil {
			return err
		}
		tx.By(store.Origin{Person: id, Source: "test"})
		units, err := store.LastUnits(tx, id, tx.Now.Add(-15*time.Minute), 1)
		if err != nil || len(units) == 0 {
			t.Fatalf("%s has done nothing: %v", handle, err)
		}
		lines, err := store.UnitLines(tx, units[0])
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := store.Undo(tx, l); err != nil {
				return fmt.Errorf("%s of %s: %w", l.Action, l.Kind, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
