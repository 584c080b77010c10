package chattest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/store/storetest"
)

// TestPromoLife: from a draft to settled: three parties confirm, it runs on its day, one
// store did nothing, one is reported late, one with a photo that was used before.
func TestPromoLife(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		tick := func(days int) {
			t.Helper()
			w.Set(w.Now().Add(time.Duration(days) * 24 * time.Hour))
			w.Daemon.App.Clock.Tick(context.Background())
		}
		dialogue{
			{"tom", `/promo new Nordmarkt name="Crisps stack" from=+20d until=+26d how="price off,extra display" products=P201 promo_price=1.99 display=stack fee=100.00 payer=us local=Berlin=martin`, "P-1005 Crisps stack: waits for approval"},
			{"tom", "/promo confirm P-1005", "waits for approval"},
			{"anna", "/promo report Wedding Crisps stack", "No promo"},
		}.play(t, w)
		say(t, w.Speaker("terminal", "martin"), "/approve", "P-1005 Crisps stack for Nordmarkt, Sun 13 Dec – Sat 19 Dec, 4 stores, fee CN¥400.00", "#1 · Approve", "Approved")
		dialogue{
			{"tom", "/expense", "P-1005 Crisps stack · CN¥400.00 · approved"},
			{"tom", "/promo confirm P-1005", "Us ✓ · stores 0 of 4 · local –"},
			{"martin", "/promo confirm P-1005", "Us ✓ · stores 0 of 4 · local ✓"},
			{"martin", "/promo confirm P-1005", "confirmed already"},
			{"anna", `/promo agree Wedding P-1005 with="Uwe Kern"`, "stores 1 of 4"},
			{"anna", `/promo agree Mitte P-1005 with=Kern`, "stores 2 of 4"},
			{"anna", `/promo agree Spandau P-1005 with=Kern`, "stores 3 of 4"},
		}.play(t, w)
		tick(20) // one store has not confirmed: it does not run
		dialogue{
			{"tom", "/promo P-1005", "Status: approved"},
			{"tom", "/promo override P-1005 reason=\"Pankow follows\"", "confirmed"},
		}.play(t, w)
		tick(0)
		dialogue{
			{"anna", "/promo report Wedding P-1005", "What the store did"},
			{"anna", "/cancel", ""},
			{"anna", "/promo report Wedding P-1005 photos=terminal:w", "price ✓ display ✓ posters ✓ stock ✓ → done."},
			{"anna", "/promo report Mitte P-1005 missed=\"price,display,posters,stock\" reason=\"nobody knew of it\"", "→ not done."},
			{"anna", "/promo report Spandau P-1005 photos=terminal:w", "This photo was used before"},
			{"anna", "/promo report Spandau P-1005 missed=banana photos=terminal:x", "I found nothing for \"banana\""},
			{"anna", "/cancel", ""},
			{"martin", "/promo recheck Spandau P-1005", "Tap what is not as it should."},
			{"martin", "/cancel", ""},
		}.play(t, w)
		tick(7) // the slot is over, and Pankow was not reported
		has(t, talk(w, "tom", "/promo P-1005"), "Status: running", "Done: 1 of 4 stores, 1 not at all, 2 open", "CN¥400.00, CN¥100.00 at stake, CN¥200.00 frozen")
		has(t, talk(w, "martin", "/report effort Nordmarkt"), "CN¥640.00 of fees") // 400 of it are the promo's
		dialogue{
			{"anna", "/promo report Pankow P-1005 photos=terminal:p", "Reported late: the slot was over Sat 19 Dec."},
			{"martin", "/promo recheck Pankow P-1005", "Tap what is not as it should."},
			{"martin", "/cancel", ""},
			{"tom", "/promo P-1005", "Status: running"},
			{"martin", "/promo recheck Spandau P-1005 missed=display reason=\"seen on Tuesday\"", "display ✗ posters ✓ stock ✓ → done in part."},
			{"tom", "/promo P-1005", "Status: running"},
			{"martin", "/promo recheck Pankow P-1005 reason=\"saw it on Monday\"", "→ done."},
			{"tom", "/promo P-1005", "Status: verified"},
			{"tom", "/promo stores P-1005", "Nordmarkt Pankow: done — saw it on Monday · late"},
			{"tom", "/promo stores P-1005", "Nordmarkt Spandau: done in part, without display — seen on Tuesday · CN¥25.00 back"},
			{"tom", "/promo uncleared", "Nordmarkt Spandau · Crisps stack: CN¥75.00 (CN¥25.00 back)"},
			{"anna", "/promo report Pankow P-1005 photos=terminal:q", "No promo"},
			{"tom", "/promo claim P-1005 claim_kind=\"price match\" amount=80 reason=\"the rival went to 1.89\"", "price match CN¥80.00: asked"},
			{"tom", "/promo claim P-1005 claim_kind=compensation amount=-3 reason=x", "⚠️"},
			{"tom", "/cancel", ""},
			{"tom", "/promo P-1005", "Because of it: 1 asked for, CN¥80.00 waits"},
			{"zhao.lei", "促销 未核销", "Nordmarkt Spandau · Crisps stack：¥75.00（扣回¥25.00）"},
			{"zhao.lei", "/promo settle P-1005", "还有1项跟价补损没批"},
		}.play(t, w)
		say(t, w.Speaker("terminal", "martin"), "/approve", "price match CN¥80.00 because of P-1005 Crisps stack: the rival went to 1.89", "#1 · Approve", "Approved")
		dialogue{
			{"zhao.lei", "/promo settle P-1005", "已结案"},
			{"tom", "/promo P-1005", "Money: CN¥400.00, CN¥125.00 taken back"},
			{"tom", "/promo P-1005", "Because of it: 1 asked for, CN¥80.00 agreed"},
		}.play(t, w)
	})
}

// TestPromoRefused: what a promo cannot be is said beside the field, and nothing is kept.
func TestPromoRefused(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	before := w.Count(`SELECT count(*) FROM promos WHERE status <> 'x'`)
	for words, want := range map[string]string{
		"from=-3d until=+3d":                                 "is over. Give today or a later day.",
		"from=+3d until=+2d":                                 "That is before",
		"from=+3d until=+9d fee=5":                           "Who pays the fee?",
		"from=+3d until=+9d fee=-5 payer=us":                 "A price is not below zero.",
		"from=+3d until=+9d how=\"price off\"":               "At which price?",
		"from=+3d until=+9d products=P999":                   "I found nothing for \"P999\"",
		"from=+3d until=+9d products=crisps":                 "could be",
		"from=+3d until=+9d store_codes=M0001":               "M0001 is no store of Nordmarkt",
		"from=+3d until=+9d display=\"end cap\"":             "that kind of display is taken on these days: P-1003",
		"from=+3d until=+9d local=nobody":                    "I found nothing for \"nobody\"",
		"from=+3d until=+9d uplift=huge":                     "Write a factor such as 1.4.",
		"from=+3d until=+9d products=R901":                   "is a rival's",
		"from=+3d until=+9d stores=Nordmarkt":                "Nordmarkt is no store of Nordmarkt",
		"from=+3d until=+9d gifts=-1":                        "⚠️",
		"from=+3d until=+9d how=\"price off\" gifts=1000000": "⚠️",
	} {
		if m := talk(w, "tom", "/promo new Nordmarkt name=Test "+words); !strings.Contains(m.Text, want) {
			t.Errorf("%s: no %q in\n%s", words, want, m.Text)
		}
		talk(w, "tom", "/cancel")
	}
	has(t, talk(w, "anna", "/promo new Nordmarkt name=Test from=+3d until=+9d"), "Your role cannot")
	if after := w.Count(`SELECT count(*) FROM promos WHERE status <> 'x'`); after != before {
		t.Errorf("%d promos were kept", after-before)
	}
}

// TestPromoFiles: promos and what stores did come back as they went out, and a second time
// change nothing.
func TestPromoFiles(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			from, into := chattest.Start(t, chattest.Options{Engine: engine}), chattest.Start(t, chattest.Options{Engine: engine, Empty: true})
			talk(from, "anna", "/promo report Wedding P-1003 missed=display reason=taken photos=terminal:w")
			kinds := []string{"promos", "promo_executions"}
			carry(t, from, into, append([]string{"people", "accounts", "stores", "products", "listings"}, kinds...)...)
			for _, kind := range kinds {
				was, _ := exported(t, from, kind)
				if is, _ := exported(t, into, kind); was != is {
					t.Errorf("%s changed on the way:\n%s\n%s", kind, was, is)
				}
			}
		})
	}
}
