package chattest_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// Tables that grow with the company or its history.
var growing = regexp.MustCompile(`SCAN (?:TABLE )?(visits|stores|accounts|contacts|audit_trail|outbox|inbox|callbacks|drafts|photos|fired|follow_ups|approvals|cases|deals|deal_[a-z]+|v|s|a|c|t|o|l|f|k|x|d|h|q|m|n)\b(.*)`)

// Whole-table reads that are meant, by a part of the statement.
var meant = []string{
	"s.search LIKE",                 // a look-up by a part of a name
	"a.search LIKE",                 //
	"s.status = 'active' AND",       // a look-up by likeness, bounded
	"a.status = 'active' AND",       //
	"SELECT count(*) FROM accounts", // the next free code
	"SELECT count(*) FROM stores",
}

// TestStatements says everything once, and takes each statement that ran to
// both engines: it must be understood by both, and find its rows by an index.
func TestStatements(t *testing.T) {
	storetest.Walk(t)
	var mu sync.Mutex
	seen := map[string]bool{}
	done := false
	w := chattest.Start(t, chattest.Options{Observe: func(query string) {
		mu.Lock()
		defer mu.Unlock()
		if !done { // the looking at plans is not looked at
			seen[query] = true
		}
	}})
	for handle, lines := range map[string][]string{
		"anna": {"/today", "/visit", "kiosk 14", "52.5,13.4", "/cancel", "/visit log Kiosk 14 next_owner=martin next_visit=fri", "/visit list", "/visit list Kiosk 14", "/visit due", "/visit edit", "/cancel", "/undo", "/visit plan", "#1", "#1", "/visit plan Kiosk 22 planned_for=fri", "/visit start Nordmarkt Mitte location=52.5,13.4", "/visit done problems=x next_step=y next_due=fri", "/visit miss Kiosk 22", "/visit cancel Nordmarkt Pankow", "/visit list Nordmarkt Mitte", "#1",
			"/follow", "/follow add x place=K011", "/follow commit y place=Kiosk 14", "/follow done y", "/follow list Kiosk 14", "/report", "#1", "#2", "/account tier K010", "#1", "/account qr", "/account qr K010", "/ask x", "/ask list x", "/approve", "/account fill K010 rivals", "z", "/account K010", "/account Kiosk 14", "/account",
			"/account store name=\"Kiosk 30\" account_code=K011 phone=5 location=52.5,13.4", "/account contact K011 name=Jo", "/deal", "/deal Checkout", "/deal team D-1011 add=tom", "/away 12-24", "/away off", "/notify", "/link", "/whoami", "/unlink telegram"},
		"tom":     {"/deal", "/deal Nordmarkt", "/deal new K010 title=x products=a,b", "/deal criteria D-1012 criterion=tender note=x", "/deal advance D-1012", "/deal history D-1012", "/undo", "/deal untick D-1012 criterion=tender reason=y", "/deal edit D-1012 value=5", "/deal contact D-1012 contact=Kern weight=5", "/undo", "/deal team D-1012 add=anna", "/deal team D-1012 drop=anna", "/deal handover D-1012 to=martin", "/deal sheet D-1012 floor=1", "/deal sheet D-1012", "/deal round D-1012 ours=1", "/deal back D-1012 stage=intent reason=x", "/deal stall D-1012 reason=x wake=+3d", "/deal restore D-1012 stage=intent reason=x", "/deal lost D-1012 why=price", "/deal repeat D-1015", "/deal list", "/deal list K010 status=won", "/funnel", "#1", "/funnel K010", "/funnel product=a", "/today", "/account K010", "/account edit K010 parent_code=K011", "/account merge M0015 merge_into=M0016", "/account add name=Nordmarkt", "/visit due", "/product", "/product crisps", "/product 2000000002019", "/product paprika", "/listing", "/listing Nordmarkt", "/listing P201", "/listing Nordmarkt P201", "/listing add Nordmarkt product=P203 supply=2", "/listing withdraw Nordmarkt P203", "/listing delist Nordmarkt P202 reason=x", "/listing edit Nordmarkt P202 chain=7"},
		"martin":  {"/deal", "/deal list", "/deal override D-1013 stage=closing reason=x", "/deal won D-1013", "/funnel", "#1", "/funnel", "#7", "/funnel", "#11", "/funnel team", "/funnel Europe", "/funnel tom", "/deal board tom", "/today", "/report", "#1", "/report visits anna by=tier", "/report visits K010", "/follow list anna", "/visit rate Nordmarkt Wedding rating=4", "/account handover tom from=anna account=K011", "/visit plan anna", "/account tier", "/visit due anna", "/visit list K010", "/account K010"},
		"sun.hao": {"/today"},
	} {
		s := w.Speaker("terminal", handle)
		for _, line := range lines {
			s.Say(line)
			s.Read()
		}
	}
	w.Daemon.App.Clock.Tick(context.Background())
	for _, kind := range []string{"visits", "deals", "deal_history", "funnel", "products", "listings"} {
		w.Export(kind)
	}
	if err := w.DB.Write(context.Background(), func(tx *store.Tx) error { _, err := tx.Purge(store.Retention(w.Config.Retention)); return err }); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	done = true
	mu.Unlock()
	if len(seen) < 60 {
		t.Errorf("only %d statements ran", len(seen))
	}
	pg := storetest.Open(t, "postgres")
	n := 0
	for query := range seen {
		n++
		if strings.Contains(query, "LIMIT $") {
			t.Errorf("SQLite plans by a limit that is written out, not by a parameter:\n%s", query)
		}
		if err := pg.Write(context.Background(), func(tx *store.Tx) error {
			_, err := tx.Exec(fmt.Sprintf("PREPARE p%d AS %s", n, strings.TrimSpace(query)))
			return err
		}); err != nil && !strings.Contains(err.Error(), "could not determine data type") {
			t.Errorf("PostgreSQL: %v\n%s", err, query)
		}
		plan(t, w.DB, query)
	}
}

var marks = regexp.MustCompile(`\$\d+`)

// plan fails for a statement of SQLite that reads a growing table whole.
func plan(t *testing.T, db *store.DB, query string) {
	t.Helper()
	type step struct {
		ID      int64  `db:"id"`
		Parent  int64  `db:"parent"`
		NotUsed int64  `db:"notused"`
		Detail  string `db:"detail"`
	}
	if err := db.Write(context.Background(), func(tx *store.Tx) error {
		steps, err := store.Rows[step](tx, "EXPLAIN QUERY PLAN "+marks.ReplaceAllString(query, "''"))
		for _, s := range steps {
			m := growing.FindStringSubmatch(s.Detail)
			if m == nil || strings.Contains(m[2], "INDEX") {
				continue
			}
			allowed := strings.HasSuffix(query, "FROM accounts a WHERE TRUE") || strings.Contains(query, "ORDER BY v.started_at") || strings.Contains(query, "ORDER BY a.code") || strings.Contains(query, "ORDER BY s.code")
			for _, part := range meant {
				allowed = allowed || strings.Contains(query, part)
			}
			if !allowed {
				t.Errorf("%s in\n%s", s.Detail, query)
			}
		}
		return err
	}); err != nil {
		t.Errorf("SQLite: %v\n%s", err, query)
	}
}
