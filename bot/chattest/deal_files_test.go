package chattest_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/bot/config"
	"fieldbot/bot/deal"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/sheet"
	"fieldbot/store/storetest"
)

// exported is a kind as a CSV table.
func exported(t *testing.T, w *chattest.World, kind string) (string, *sheet.Source) {
	t.Helper()
	var out bytes.Buffer
	if err := files.Export(context.Background(), w.DB, w.Config, kind, "csv", files.Span{}, &out); err != nil {
		t.Fatal(err)
	}
	return out.String(), table(t, kind, out.String())
}

// carry brings kinds of files from one world into another, twice: the second time changes
// nothing.
func carry(t *testing.T, from, into *chattest.World, kinds ...string) {
	t.Helper()
	for _, again := range []bool{false, true} {
		for _, kind := range kinds {
			_, rows := exported(t, from, kind)
			result, err := files.Import(context.Background(), into.DB, into.Config, kind, rows, files.Options{})
			if err != nil || len(result.Bad) > 0 || again && result.New+result.Changed > 0 {
				t.Fatalf("%s: %+v %v", kind, result, err)
			}
		}
	}
}

// refused lets rows be imported that cannot be; each is said by its column.
func refused(t *testing.T, w *chattest.World, rows ...[3]string) {
	t.Helper()
	for _, x := range rows {
		kind, csv, want := x[0], x[1], x[2]
		result, err := files.Import(context.Background(), w.DB, w.Config, kind, table(t, kind, csv), files.Options{})
		if err != nil || len(result.Bad) == 0 || !strings.Contains(result.Bad[0].String(), want) {
			t.Errorf("%s: %+v %v", csv, result.Bad, err)
		}
	}
}

func table(t *testing.T, kind, csv string) *sheet.Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), kind+".csv")
	if err := os.WriteFile(path, []byte(csv), 0o600); err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Open(path, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestDealFiles: deals with their history leave one company for another whole:
// the same files come out there, and a second import changes nothing.
func TestDealFiles(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			from := chattest.Start(t, chattest.Options{Engine: engine})
			talk(from, "tom", "/deal advance D-1010", `/deal criteria D-1012 criterion=tender note="won, at last"`, "/deal advance D-1012", "/undo", "/deal stall D-1013 reason=winter wake=2027-02-01", "/deal lost D-1014 why=terms to=\"Funny Chips\"")
			talk(from, "martin", "/deal override D-1012 stage=negotiation reason=fair")
			into := chattest.Start(t, chattest.Options{Engine: engine, Empty: true})
			for _, again := range []bool{false, true} {
				for _, kind := range []string{"people", "accounts", "stores", "contacts", "deals", "deal_history"} {
					_, rows := exported(t, from, kind)
					result, err := files.Import(context.Background(), into.DB, into.Config, kind, rows, files.Options{})
					if err != nil || len(result.Bad) > 0 || again && result.New+result.Changed > 0 {
						t.Fatalf("%s: %+v %v", kind, result, err)
					}
				}
			}
			for _, kind := range []string{"deals", "deal_history", "funnel"} {
				was, _ := exported(t, from, kind)
				is, _ := exported(t, into, kind)
				if kind == "funnel" { // who is on the customer's side is not in the file
					was, is = withoutSingle(was), withoutSingle(is)
				}
				if was != is {
					t.Errorf("%s changed on the way:\n%s\n%s", kind, was, is)
				}
			}
			if err := agree(into, funnelIn(into.Config).Funnel()); err != nil {
				t.Error(err)
			}
		})
	}
}

func withoutSingle(csv string) string {
	var out []string
	for _, line := range strings.Split(csv, "\n") {
		cells := strings.Split(line, ",")
		if len(cells) > 2 {
			cells[len(cells)-2] = ""
		}
		out = append(out, strings.Join(cells, ","))
	}
	return strings.Join(out, "\n")
}

// TestDealFilesRefused: what cannot be is refused with the column and the cure,
// and nothing is written.
func TestDealFilesRefused(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	before := w.Export("deals", "deal_history")
	for _, c := range []struct{ kind, csv, want string }{
		{"deals", "number,title,account_code,stage\nX1,a,K010,nowhere", `2: stage: there is no stage "nowhere"; write one of target, intent`},
		{"deals", "number,title,account_code,currency,value\nX1,a,K010,USD,5", "currency: is USD; amounts are in CNY here"},
		{"deals", "number,title,account_code,value\nX1,a,K010,-5", "value: is below 0"},
		{"deals", "number,title,account_code,team\nX1,a,K010,nobody", `team: there is no person with the handle "nobody"`},
		{"deals", "number,title,account_code,criteria_met\nX1,a,K010,sunshine", `criteria_met: there is no criterion "sunshine"`},
		{"deals", "number,title,account_code,status,lost_reason\nX1,a,K010,lost,weather", "lost_reason: write one of price"},
		{"deals", "number,title,account_code,created_at,entered_stage_at\nX1,a,K010,2026-11-02,2026-11-01", "entered_stage_at: is before created_at"},
		{"deals", "number,title,account_code,created_at\nX1,a,K010,2027-11-02", "created_at: is still to come"},
		{"deal_history", "number,at,to_stage\nX1,2026-11-01,intent", `number: there is no deal "X1"; import deals first`},
		{"deal_history", "number,at,to_stage\nD-1012,2026-11-22 10:00,intent", "at: is later than the deal came to where it stands"},
		{"deal_history", "number,at,to_stage\nD-1012,2026-09-01,heaven", `to_stage: there is no stage "heaven"`},
	} {
		result, err := files.Import(context.Background(), w.DB, w.Config, c.kind, table(t, c.kind, c.csv), files.Options{})
		if err != nil || len(result.Bad) == 0 || !strings.Contains(result.Bad[0].String(), c.want) {
			t.Errorf("%s: %+v %v", c.csv, result.Bad, err)
		}
	}
	if after := w.Export("deals", "deal_history"); after != before {
		t.Error("something was written")
	}
}

// TestExportIsImport: with the real clock's fractions too, an export of visits
// imported again changes nothing.
func TestExportIsImport(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Now: chattest.Monday.Add(123456789)})
	anna := w.Speaker("terminal", "anna")
	anna.Say("/visit log Kiosk 14 intent=weak")
	has(t, anna.Read(), "Visit logged")
	path := t.TempDir() + "/visits.csv"
	var out strings.Builder
	if err := files.Export(context.Background(), w.DB, w.Config, "visits", "csv", files.Span{}, &out); err != nil {
		t.Fatal(err)
	}
	table := readTable(t, path, out.String())
	r, err := files.Import(context.Background(), w.DB, w.Config, "visits", table, files.Options{})
	if err != nil || r.New != 0 || r.Changed != 0 || len(r.Bad) > 0 {
		t.Errorf("%+v %v", r, err)
	}
}

// TestStrangeStage: a deal that a config has left behind is told of, not
// tripped over.
func TestStrangeStage(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	write(t, w, `UPDATE deals SET stage = 'gone' WHERE number IN ('D-1013', 'D-1016')`)
	dialogue{
		{"tom", "/deal advance D-1013 to=closing", "which is not in the funnel any more"},
		{"tom", "/deal back D-1013 intent reason=x", ""},
		{"tom", "/cancel", ""},
		{"tom", "/deal D-1013", "Checkout coolers"},
		{"tom", "/deal D-1016", "Private label pretzels"},
		{"tom", "/deal", "D-1012"},
		{"tom", "/funnel", "Capacity now: 5 deals"},
	}.play(t, w)
}

// TestFilesOfTheirTime: files stay good after the stages have changed, one odd
// number keeps nobody from new deals, and an override stays shown.
func TestFilesOfTheirTime(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	_, old := exported(t, w, "deals")
	dialogue{{"martin", "/deal override D-1013 stage=closing reason=fair", "Endorsed → Closing"}, {"martin", "/deal restore D-1016 stage=endorsed reason=x", "lost → Endorsed"}}.play(t, w)
	bring := func(kind, rows string) {
		result, err := files.Import(context.Background(), w.DB, w.Config, kind, table(t, kind, rows), files.Options{})
		if err != nil || len(result.Bad) > 0 {
			t.Fatalf("%s: %+v %v", kind, result, err)
		}
	}
	if _, err := files.Import(context.Background(), w.DB, w.Config, "deals", old, files.Options{}); err != nil {
		t.Fatal(err)
	}
	has(t, talk(w, "tom", "/deal D-1013"), "A gate was overridden", "Endorsed, 0 days")
	bring("deals", "number,title,account_code\nD-9223372036854775807,odd,K010\nD-20261121,a day,K010")
	has(t, talk(w, "tom", "/deal new Nordmarkt title=Next value=1 closes=+9d"), "New deal D-")
	if err := agree(w, deal.Default()); err != nil {
		t.Error(err)
	}
	approvals("")(w.Config)
	stages := funnelIn(w.Config).Stages
	stages[3].Code, stages[3].Was, stages[3].Names = "chosen", []string{"endorsed"}, map[string]string{"zh": "选定", "en": "Chosen"}
	stages[1].Criteria = []deal.Criterion{{Code: "comparing"}, {Code: "clear_need"}}
	csv, _ := exported(t, w, "deals")
	bring("deals", csv)
}

func values(m map[string]string) []string {
	var out []string
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

func readTable(t *testing.T, path, text string) *sheet.Source {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Open(path, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestDealsNotPasses: a deal that went to and fro is one deal in the funnel, with all its
// days; days are those of the calendar, across a change of the clocks too; what was won
// has its value beside it.
func TestDealsNotPasses(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Empty: true, Now: at(t, "Europe/Berlin", "2025-12-01 10:00"), Config: func(c *config.Config) { c.Company.Timezone = "Europe/Berlin" }})
	bring := func(kind, rows string) {
		t.Helper()
		result, err := files.Import(context.Background(), w.DB, w.Config, kind, table(t, kind, rows), files.Options{})
		if err != nil || len(result.Bad) > 0 {
			t.Fatalf("%s: %+v %v", kind, result, err)
		}
	}
	bring("people", "handle,name,roles\nkim,Kim,kam")
	bring("accounts", "code,name,owner,size\nA1,Nordmarkt,kim,small")
	deals := "number,title,account_code,owner,stage,status,value,created_at,entered_stage_at,closed_at,lost_reason\nD-1,Bouncer,A1,kim,intent,open,100,2025-09-01T09:00:00+02:00,2025-09-15T09:00:00+02:00,,"
	for n := range 4 {
		deals += fmt.Sprintf("\nD-%d,Lost %d,A1,kim,target,lost,100,2025-09-01T09:00:00+02:00,,2025-09-2%dT09:00:00+02:00,price", n+2, n, n)
	}
	for n := range 3 {
		deals += fmt.Sprintf("\nD-%d,Won %d,A1,kim,closing,won,4321.50,2025-03-20T20:00:00+01:00,,2025-04-09T08:00:00+02:00,", n+6, n)
	}
	bring("deals", deals)
	history := "number,at,from_stage,to_stage,how,by,reason"
	for _, x := range []string{"01,,target,start,kim,", "05,target,intent,gate,kim,", "07,intent,target,back,kim,x", "10,target,intent,gate,kim,", "12,intent,target,back,kim,x", "15,target,intent,gate,kim,"} {
		day, rest, _ := strings.Cut(x, ",")
		history += "\nD-1,2025-09-" + day + "T09:00:00+02:00," + rest
	}
	bring("deal_history", history)
	_, figures := exported(t, w, "funnel")
	column := func(name string) int { return slices.Index(figures.Header, name) }
	for _, row := range rowsOf(t, figures) {
		get := func(name string) string { return row.Cells[column(name)] }
		switch {
		case get("by") != "company":
		case get("stage") == "":
			if get("cycle_days") != "20" || get("won_value") != "12964.50" {
				t.Errorf("cycle %s, won %s", get("cycle_days"), get("won_value"))
			}
		case get("stage") == "target":
			if get("left") != "5" || get("forward") != "1" {
				t.Errorf("%s left, %s forward", get("left"), get("forward"))
			}
		}
	}
}

// rowsOf are the rows of a file.
func rowsOf(t *testing.T, source *sheet.Source) (out []sheet.Row) {
	t.Helper()
	if err := source.Each(func(r sheet.Row) error { out = append(out, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}
