package chattest_test

import (
	"context"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/bot/files"
	"fieldbot/store/storetest"
)

// TestDiversion: diverted goods are kept by their lot, once, and told to who answers for
// either customer; goods without a receipt for a week are asked about; goods that are too
// old for the store's door are asked about before they go.
func TestDiversion(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		dialogue{
			{"anna", "/shelf diversion Wedding product=P201 lot=L77 sold_to=Spree note=\"price tag of a kiosk\"", "lot L77: found at Nordmarkt Wedding on Mon 23 Nov, sold to Spree Kiosk. Told: Tom Becker, Martin"},
			{"anna", "/shelf diversion Wedding product=P201 lot=L77", "found that lot here"},
			{"anna", "/cancel", ""},
			{"anna", "/shelf diversion Wedding product=P201", "Lot or case code"},
			{"anna", "/cancel", ""},
			{"tom", "/shelf diversions", "lot L77"},
			{"li.wei", "/货架 窜货记录", "没有窜货记录"},
			{"anna", "/order new Wedding goods=P201=12", "OR-1004"},
			{"zhao.lei", "/送货 新建 OR-1004 最近效期=P201=2026-12-23", "剩余保质期不到2/3"},
			{"zhao.lei", "/取消", ""},
			{"zhao.lei", "/送货 新建 OR-1004 最近效期=P201=2027-05-01", "已送货"},
		}.play(t, w)
		w.Pass(8 * 24 * time.Hour)
		dialogue{{"tom", "/today", "Without a receipt for 7 days"}, {"tom", "/shelf launch P202", "first order Thu 19 Nov"}, {"tom", "/shelf launch P203 account=Spree listed=today", "not ordered yet"}}.play(t, w)
	})
}

// TestListingWon: a deal that brought a listing is won by itself once the first order is
// accepted and four of five agreed stores carry the product.
func TestListingWon(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		result, err := files.Import(context.Background(), w.DB, w.Config, "listings", table(t, "listings", "account_code,product_code,suggested_price,from_on,deal_number\nK010,P203,2.99,2026-11-20,D-1014\n"), files.Options{})
		if err != nil || len(result.Bad) > 0 {
			t.Fatalf("%+v %v", result, err)
		}
		status := func(want string) {
			t.Helper()
			if s := column(t, w, `SELECT status FROM deals WHERE number = 'D-1014'`); s != want {
				t.Errorf("the deal is %s, want %s", s, want)
			}
		}
		dialogue{
			{"martin", "/deal override D-1014 stage=closing reason=agreed", "Closing"},
			{"anna", "/order new Wedding goods=P203=24", "OR-1004"},
			{"anna", "/shelf audit Wedding facings=P203=2", "Nordmarkt Wedding"},
			{"anna", "/shelf audit Mitte facings=P203=2", "Nordmarkt Mitte"},
			{"anna", "/shelf audit Spandau facings=P203=2", "Nordmarkt Spandau"},
		}.play(t, w)
		status("open") // three of four: 75 %
		dialogue{{"anna", "/shelf audit Pankow facings=P203=2", "Nordmarkt Pankow"}}.play(t, w)
		status("won")
	})
}
