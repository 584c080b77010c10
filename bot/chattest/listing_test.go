package chattest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/store/storetest"
)

// TestListing: what a chain is to carry waits for the manager; what cannot be is said,
// and a second price for one chain is told first.
func TestListing(t *testing.T) {
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		write(t, w, `UPDATE accounts SET parent_id = (SELECT id FROM accounts WHERE code = 'K010') WHERE code = 'K011'`)
		dialogue{
			{"martin", `/product add Nuts code=P300 ean=4006381333932`, "the last one would be 1"},
			{"martin", "/cancel", ""},
			{"martin", `/product add Nuts code=P300 ean=12345`, "13 figures"},
			{"martin", "/cancel", ""},
			{"martin", `/product add Nuts code=P300 ean=2000000002019`, "P201 Sea Salt Crisps 150g has"},
			{"martin", "/cancel", ""},
			{"martin", `/product add "Salted Nuts" code=P300 ean="4006381 333931" list_price=3`, "New product: P300 Salted Nuts"},
			{"martin", `/product edit P300 brand=Crispfield`, "Changed: P300"},
			{"tom", "/listing add Nordmarkt product=P201", "listing of the product already"},
			{"tom", "/cancel", ""},
			{"tom", "/listing add Spree product=P202 supply=9", "Another account of this chain gets the product at CN¥1.74, not CN¥9.00: a gap of CN¥7.26 (417 %)"},
			{"tom", "/cancel", ""},
			{"tom", "/listing add Spree product=P202 stores=M9999", "M9999 is no store of Spree Kiosk"},
			{"tom", "/cancel", ""},
			{"tom", "/listing add Nordmarkt product=P300 suggested=-3", "Suggested retail price"},
			{"tom", "/cancel", ""},
			{"tom", "/listing add Nordmarkt product=P300 suggested=3 supply=2", "Martin Vogel is asked"},
			{"tom", "/listing edit Nordmarkt P201 supply=1", "/price change K010 P201"},
			{"tom", "/cancel", ""},
			{"anna", "/listing add Nordmarkt product=R901", "Your role cannot"},
			{"anna", "/listing Nordmarkt P300", "waits for approval"},
		}.play(t, w)
		if m := talk(w, "anna", "/listing Nordmarkt P201"); strings.Contains(m.Text, "1.74") {
			t.Errorf("a rep reads what the chain pays: %s", m.Text)
		}
		say(t, w.Speaker("terminal", "martin"), "/approve", "Nordmarkt · P300 Salted Nuts to be listed, on the shelf at CN¥3.00, supplied at CN¥2.00", "#1 · Approve", "Approved")
		has(t, talk(w, "martin", "/listing Nordmarkt P300"), "Status: listed")
		has(t, talk(w, "tom", "/product P300"), "Nordmarkt · listed · CN¥3.00")
		has(t, talk(w, "tom", "/account Nordmarkt"), "Listed products: 3")
	})
}

// TestPrice: a price that stands changes with notice and the manager's yes, on its day;
// what looks like a slip is asked about.
func TestPrice(t *testing.T) {
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		dialogue{
			{"tom", "/price", "No price is to change"},
			{"tom", "/price change Nordmarkt P201 supply=1.74 from=+3d", "That is the price already"},
			{"tom", "/cancel", ""},
			{"tom", "/price change Nordmarkt P201 supply=18 from=+3d", "From CN¥1.74 to CN¥18.00: is the decimal mark right?"},
			{"tom", "/cancel", ""},
			{"tom", "/price change Nordmarkt P201 supply=1.80 from=+3d notice=+5d", "before the account is told"},
			{"tom", "/cancel", ""},
			{"tom", "/price change Nordmarkt P203 supply=1.80 from=+3d", "No listing"},
			{"anna", "/price change Nordmarkt P201 supply=1.80 from=+3d", "Your role cannot"},
			{"anna", "/price", "Your role cannot"},
			{"anna", "/price show Nordmarkt P201", "Your role cannot"},
		}.play(t, w)
		tom, martin := w.Speaker("terminal", "tom"), w.Speaker("terminal", "martin")
		say(t, tom, "/price change Nordmarkt P201 supply=1.80 suggested=2.59 from=+3d", "Martin Vogel is asked", "/price change Nordmarkt P201 supply=1.90 from=+3d", "on its way already", "/cancel", "")
		say(t, martin, "/approve", "on the shelf CN¥2.49 → CN¥2.59, supplied at CN¥1.74 → CN¥1.80 from Thu 26 Nov (told Mon 23 Nov)", "#1 · Approve", "Approved")
		say(t, tom, "/price", "agreed", "/listing Nordmarkt P201", "Supply price: CN¥1.74")
		w.Set(w.Now().Add(3 * 24 * time.Hour))
		w.Daemon.App.Clock.Tick(context.Background())
		say(t, tom, "/listing Nordmarkt P201", "Supply price: CN¥1.80", "/price Nordmarkt P201", "in force", "/price", "No price is to change")
		has(t, talk(w, "martin", "/price change Nordmarkt P201 supply=1.85 from=today"), "in force")
		has(t, talk(w, "martin", "/listing Nordmarkt P201"), "Supply price: CN¥1.85")
	})
}

// TestProductFiles: products and listings come back as they went out, and a second time
// change nothing; what is wrong is said by column.
func TestProductFiles(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			from, into := chattest.Start(t, chattest.Options{Engine: engine}), chattest.Start(t, chattest.Options{Engine: engine, Empty: true})
			talk(from, "tom", `/listing delist Nordmarkt P202 reason="sells too slowly, they say" replacement=P203`)
			carry(t, from, into, "people", "accounts", "products", "listings")
			for _, kind := range []string{"products", "listings"} {
				was, _ := exported(t, from, kind)
				if is, _ := exported(t, into, kind); was != is {
					t.Errorf("%s changed on the way:\n%s\n%s", kind, was, is)
				}
			}
			refused(t, from,
				[3]string{"products", "code,name,ean\nX1,a,4006381333932", "ean: The barcode 4006381333932 has a wrong figure"},
				[3]string{"products", "code,name,list_price\nX1,a,-1", "list_price: "},
				[3]string{"listings", "account_code,product_code\nK010,X9", `product_code: there is nothing with the code "X9"; import products first`},
				[3]string{"listings", "account_code,product_code,from_on,to_on\nK010,P203,2026-05-01,2026-04-01", "to_on: That is before"},
			)
		})
	}
}

// TestRanges: what stores of a format are to carry makes listings, and departures from it
// are shown.
func TestRanges(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	dialogue{
		{"tom", "/listing departures Nordmarkt", "Nordmarkt has no ranges yet"},
		{"tom", "/listing range Nordmarkt format=hypermarket", "Name products or brands."},
		{"tom", "/cancel", ""},
		{"tom", "/listing range Nordmarkt format=hypermarket products=P999", "I found nothing for \"P999\""},
		{"tom", "/cancel", ""},
		{"tom", "/listing range Nordmarkt format=hypermarket products=P201,P203", "Proposed: P203 Trail Mix 200g."},
		{"tom", "/listing Nordmarkt P203", "Format: hypermarket"},
		{"tom", "/listing departures Nordmarkt", "P202 Paprika Crisps 150g: listed in Nordmarkt Wedding, where no range asks for it"},
		{"anna", "/listing range Nordmarkt products=P201", "Your role cannot"},
		{"tom", "/listing range Spree store_class=A products=P203", "Proposed: P203"},
		{"tom", "/listing departures Spree", "P201 Sea Salt Crisps 150g: listed in Kiosk 14, where no range asks for it"},
	}.play(t, w)
}

// TestLaunch: how a new product reaches the shelves of its stores.
func TestLaunch(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	dialogue{
		{"tom", "/listing add Nordmarkt product=P203 suggested=3.99", "Martin Vogel is asked"},
		{"martin", "/listing add \"Spree Kiosk\" product=P203 suggested=3.99", "listed"},
		{"tom", "/shelf launch P203 account=Spree listed=today", "P203 Trail Mix 200g · Spree Kiosk from Mon 23 Nov: 0 of 2 stores (0 %)"},
		{"anna", "/shelf Kiosk 14 price=P201=2.49", "2 of 2 on the shelf"},
		{"tom", "/shelf launch P203", "1 of 2 stores (50 %)"},
		{"tom", "/shelf launch P203", "· Kiosk 22: not yet"},
		{"tom", "/shelf launch P201 account=大润发", "I found nothing"},
		{"tom", "/cancel", ""},
		{"anna", "/shelf launch P202", "day 7: 75 %"},
		{"anna", "/shelf launch P201", "No new product is on its way."},
		{"anna", "/shelf launch P201 account=Nordmarkt", "⚠️"},
	}.play(t, w)
}
