package chattest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldbot/bot/chattest"
	"fieldbot/bot/files"
	"fieldbot/store/storetest"
)

// tenListed lets Nordmarkt carry ten products: the two of the demo and eight more.
func tenListed(t *testing.T, w *chattest.World) {
	t.Helper()
	products, listings := "code,name,category,list_price,case_size\n", "account_code,product_code,suggested_price\n"
	for i := range 8 {
		products += fmt.Sprintf("T%d,Test Crisps %c,crisps,3.99,12\n", i, 'A'+i)
		listings += fmt.Sprintf("K010,T%d,3.99\n", i)
	}
	for _, f := range []struct{ kind, csv string }{{"products", products}, {"listings", listings}} {
		result, err := files.Import(context.Background(), w.DB, w.Config, f.kind, table(t, f.kind, f.csv), files.Options{})
		if err != nil || len(result.Bad) > 0 {
			t.Fatalf("%s: %+v %v", f.kind, result, err)
		}
	}
}

// pressAll presses buttons one after the other, as fast as a thumb: each press is of the
// keyboard that is there, whatever has come of the ones before. It returns the last state.
func pressAll(t *testing.T, u *chattest.TelegramUser, sent *int, labels ...string) chattest.Message {
	t.Helper()
	var m chattest.Message
	for _, label := range labels {
		u.Press(label)
		m = u.Read()
		if !m.Edited {
			*sent++
		}
	}
	return m
}

// TestAuditByThumb: ten products, two of them out, one price and one count of facings, in
// at most fifteen presses and three messages, by one keyboard that is edited in place.
func TestAuditByThumb(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	tenListed(t, w)
	sent := 1
	anna.Say("/shelf Wedding")
	has(t, anna.Read(), "Shelf audit · Nordmarkt Wedding", "Tap what is not as it should.")
	presses := []string{"T3 Test", "P202 Paprika", "Price", "P201 Sea", "2", ".", "3", "9", "OK", "Facings", "P201 Sea", "5", "OK", "Save"}
	m := pressAll(t, anna, &sent, presses...)
	has(t, m, "8 of 10 on the shelf (80 %). Out: ", "T3 Test Crisps D", "P202 Paprika Crisps 150g", "2 follow-ups are open.")
	if len(presses) > 15 || sent > 3 {
		t.Errorf("%d presses, %d messages", len(presses), sent)
	}
	text, rows := exported(t, w, "audit_lines")
	found := 0
	for _, row := range rowsOf(t, rows) {
		if strings.Contains(strings.Join(row.Cells, ","), ",P201,yes,5,2.39,1.99,,,,,,on_shelf;shelf_price;facings") {
			found++
		}
	}
	if found != 1 {
		t.Errorf("%d lines hold what was pressed:\n%s", found, text)
	}
}

// TestAuditFast: presses that come before the keyboard was drawn again count, each once.
func TestAuditFast(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	tenListed(t, w)
	anna.Say("/shelf Wedding")
	first := anna.Read()
	for _, label := range []string{"P201 Sea", "P202 Paprika", "P202 Paprika", "T1 Test"} {
		b, ok := first.Button(label)
		if !ok {
			t.Fatal(first.Buttons)
		}
		anna.PressID(b.ID, first.ID)
	}
	for {
		m := anna.Read()
		marked := 0
		for _, b := range m.Buttons {
			if strings.HasPrefix(b.Label, "✗") {
				marked++
			}
		}
		if _, ok := m.Button("✗ T1 Test"); ok && marked == 3 {
			break
		}
	}
	anna.Press("Save")
	until(t, anna, "7 of 10 on the shelf")
}

// TestAuditModal: on Slack the exceptions are one modal, in at most six interactions.
func TestAuditModal(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{Slack: "http"})
	tenListed(t, w)
	anna := w.Slack.User(chattest.AnnaSlack)
	anna.Command("/shelf", "Wedding")
	if errs := anna.Submit(map[string]string{"oos": "P202 T3", "shelf_price": "P201=2.39\nbanana 4", "facings": "P201"}); !strings.Contains(errs["shelf_price"], "banana") || !strings.Contains(errs["facings"], "P201") {
		t.Errorf("%v", errs)
	}
	if errs := anna.Submit(map[string]string{"oos": "P202 T3", "shelf_price": "P201=2.39", "facings": "P201 5"}); len(errs) > 0 {
		t.Fatal(errs)
	}
	has(t, anna.Read(), "8 of 10 on the shelf (80 %)")
}

// TestAuditRefused: what cannot be is said beside what was typed, and nothing is lost.
func TestAuditRefused(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		before := w.Count(`SELECT count(*) FROM audits WHERE status <> 'x'`)
		for line, want := range map[string]string{
			"/shelf Wedding oos=banana":                                "I found nothing for \"banana\"",
			"/shelf Wedding oos=crisps":                                "\"crisps\" could be: ",
			"/shelf Wedding price=P201":                                "And for P201 Sea Salt Crisps 150g?",
			"/shelf Wedding price=P201=x":                              "⚠️",
			"/shelf Wedding price=P201=24.90":                          "is the decimal mark right?",
			"/shelf Wedding price=P201=0":                              "A price is above 0.",
			"/shelf Wedding expiry=\"P201 2099-01-01\"":                "cannot last that long",
			"/shelf Wedding facings=P201=0":                            "⚠️",
			"/shelf Wedding facings=P201=-3":                           "⚠️",
			"/shelf Wedding oos=P201 facings=P201=3":                   "is marked as out, and has a count",
			"/shelf Wedding facings=P201=30 all_facings=\"crisps 20\"": "more than the 20 of the whole category",
			"/shelf Wedding oos=4006381333931":                         "I found nothing",
			"/shelf Nordmarkt":                                         "is an account: name one of its stores",
			"/shelf \"Hafen Großhandel\"":                              "has nothing listed yet",
			"/shelf 杨浦":                                                "I found nothing",
		} {
			if m := talk(w, "anna", line); !strings.Contains(m.Text, want) {
				t.Errorf("%s: no %q in\n%s", line, want, m.Text)
			}
		}
		has(t, talk(w, "tom", "/shelf Wedding oos=P201"), "role")
		if after := w.Count(`SELECT count(*) FROM audits WHERE status <> 'x'`); after != before {
			t.Errorf("%d audits were kept", after-before)
		}
		// What is delisted while the form is open is said, and the rest is kept.
		s := w.Speaker("terminal", "anna")
		s.Say("/shelf Wedding")
		s.Read()
		s.Say("oos=P202")
		s.Read()
		talk(w, "tom", "/listing delist Nordmarkt P202 reason=slow", "/listing end Nordmarkt P202")
		s.Press("Save")
		has(t, s.Read(), "is not listed here any more")
	})
}

// TestShelfFiles: audits, their lines and sell-out come back as they went out, and a
// second time change nothing; what is wrong is said by column.
func TestShelfFiles(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			from, into := chattest.Start(t, chattest.Options{Engine: engine}), chattest.Start(t, chattest.Options{Engine: engine, Empty: true})
			talk(from, "tom", `/listing edit Nordmarkt P201`, `chain_code="N-77"`, "Save")
			talk(from, "anna", `/shelf Wedding oos=P202 price="P201 2.39" facings="P201 5" expiry="P201 2026-12-24" stock="P201 14" where="P201 stack" all_facings="crisps 40" displays=stack,cooler`)
			kinds := []string{"audits", "audit_lines", "launches", "sellout"}
			carry(t, from, into, append([]string{"people", "accounts", "stores", "products", "listings"}, kinds...)...)
			for _, kind := range kinds {
				was, _ := exported(t, from, kind)
				is, _ := exported(t, into, kind)
				if diff := cmp.Diff(unnamed(kind, was), unnamed(kind, is)); diff != "" {
					t.Errorf("%s changed on the way:\n%s", kind, diff)
				}
			}
			const store = "M0011" // Nordmarkt Wedding
			refused(t, from,
				[3]string{"audits", "store_code,person,audited_at\n" + store + ",anna,2099-01-01T10:00:00Z", "audited_at: write a time that has been"},
				[3]string{"audit_lines", "ref,product_code\nX,P201", "ref: there is no audit with this ref"},
				[3]string{"sellout", "store_code,week_on,units\n" + store + ",2026-11-02,5", "product_code: give a product_code"},
				[3]string{"sellout", "store_code,chain_code,week_on,units\n" + store + ",N-78,2026-11-02,5", "chain_code: no listing of this account has this item code"},
				[3]string{"sellout", "store_code,chain_code,week_on,units,value\n" + store + ",N-77,2026-11-02,5,-3", "value: Units and value"},
			)
			result, err := files.Import(context.Background(), from.DB, from.Config, "sellout", table(t, "sellout", "store_code,chain_code,week_on,units\n"+store+",N-77,2026-11-19,77"), files.Options{})
			if err != nil || result.Changed != 1 { // a Thursday is of its week
				t.Errorf("%+v %v", result, err)
			}
		})
	}
}

// unnamed are the lines of a file in no order, since rows of one instant have none, and
// without the ids of audits, which are each database's own.
func unnamed(kind, csv string) []string {
	lines := strings.Split(strings.TrimSpace(csv), "\n")
	for i, line := range lines {
		if cells := strings.SplitN(line, ",", 3); kind == "audits" {
			lines[i] = cells[0] + "," + cells[2]
		}
	}
	slices.Sort(lines)
	return lines
}

// TestFullAudit: a full audit goes through the products: price, then facings, then the next
// one; what nobody looked at is marked.
func TestFullAudit(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "webhook")
	sent := 1
	anna.Say("/shelf full Wedding")
	has(t, anna.Read(), "Full audit · Nordmarkt Wedding", "Price: tap a product.")
	m := pressAll(t, anna, &sent, "▫️ P201", "1", ".", "9", "9", "OK", "5", "OK")
	if _, ok := m.Button("✓ P201 Sea Salt Crisps 150g · CN¥1.99 · 5"); !ok {
		t.Errorf("%+v", m.Buttons)
	}
	if _, ok := m.Button("▫️ P202"); !ok {
		t.Errorf("%+v", m.Buttons)
	}
	m = pressAll(t, anna, &sent, "Out", "P202", "Save")
	has(t, m, "1 of 2 on the shelf (50 %). Out: P202", "Score")
	if strings.Contains(m.Text, "assumed") && !strings.Contains(m.Text, "1 of ") {
		t.Error(m.Text)
	}
	_ = w
}

// TestSecondLook: a second audit of the same day adds to the first: what was counted then
// and not now stays.
func TestSecondLook(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	dialogue{
		{"anna", "/shelf Wedding stock=P202=10 backroom=P202=24 all_facings=\"crisps 40\" photos=terminal:p1", "2 of 2"},
		{"anna", "/shelf order Wedding", "P202 Paprika Crisps 150g: 72 (6 cases), 34 there"},
		{"anna", "/shelf Wedding oos=P201 photos=terminal:p2", "1 of 2"},
		{"anna", "/shelf order Wedding", "P202 Paprika Crisps 150g: 72 (6 cases), 34 there"},
		{"anna", "/shelf show Wedding", "Photos: 2 photos"},
		{"anna", "/shelf Wedding oos=P202", "1 of 2 on the shelf (50 %). Out: P202"},
		{"anna", "/shelf show Wedding", "Out: P202"},
	}.play(t, w)
}
