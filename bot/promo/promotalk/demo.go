package promotalk

import (
	"fieldbot/bot/promo"
	"fieldbot/bot/promo/promostore"
	"fieldbot/bot/talk/command"
)

// demoPromos are those of the demo: one that is over and was not done everywhere, one that
// runs, one that is to come.
var demoPromos = []struct {
	name, account      string
	products           []string
	mechanics, display []string
	from, days         int // from today
	fee, gifts         int64
	promoPrice         int64
	status             string
}{
	{name: "国庆档", account: "K001", products: []string{"P101", "P102"}, mechanics: []string{"price_off", "display"}, display: []string{"stack"}, from: -40, days: 10, fee: 1_500_00, promoPrice: 5_90, status: promo.Verified},
	{name: "新春堆头", account: "K001", products: []string{"P103"}, mechanics: []string{"price_off", "gift"}, display: []string{"end_cap"}, from: -1, days: 14, fee: 1_200_00, gifts: 40, promoPrice: 16_90, status: promo.Running},
	{name: "Crisps end cap", account: "K010", products: []string{"P201", "P202"}, mechanics: []string{"price_off", "display"}, display: []string{"end_cap"}, from: -2, days: 14, fee: 300_00, promoPrice: 1_99, status: promo.Running},
	{name: "Advent tasting", account: "K010", products: []string{"P203"}, mechanics: []string{"gift", "sampling"}, from: 12, days: 7, fee: 150_00, gifts: 60, status: promo.Approved},
}

func fillDemo(demo *command.Demo) error {
	for _, x := range demoPromos {
		a := demo.Accounts[x.account]
		today := command.WordsFor(demo.Person(a.OwnerID), demo.Config).Today(demo.Tx.Now)
		p := promo.Promo{Name: x.name, AccountID: a.ID, OwnerID: a.OwnerID, ProductCodes: x.products, Mechanics: x.mechanics, Display: x.display, StartsOn: today.Add(x.from), EndsOn: today.Add(x.from + x.days - 1),
			PromoPrice: x.promoPrice, Fee: x.fee, FeePayer: "us", GiftsPerStore: x.gifts, Status: x.status}
		if err := p.Check(); err != nil {
			return err
		}
		stores, err := promostore.StoresFor(demo.Tx, byFile, a.ID)
		if err != nil {
			return err
		}
		if err := promostore.Add(demo.Tx, &p, stores); err != nil {
			return err
		}
		h, err := promostore.HistoryOf(demo.Tx, p, today)
		if err != nil {
			return err
		}
		after := p
		after.ForecastUnits = h.Forecast(p.Days(), p.Uplift(promo.Default()))
		if err := promostore.Promos.Change(demo.Tx, p, after); err != nil {
			return err
		}
		if err := demoReports(demo, after); err != nil {
			return err
		}
	}
	return nil
}

// demoReports: the promo that is over was reported everywhere; the second store left the
// display out, the last did nothing.
func demoReports(demo *command.Demo, p promo.Promo) error {
	if p.Status == promo.Approved {
		return nil // its stores are to agree yet
	}
	all, err := promostore.Of(demo.Tx, byFile, p.ID)
	if err != nil {
		return err
	}
	for i, e := range all {
		before := e
		e.AgreedWith, e.AgreedBy = "…", p.OwnerID
		if p.Status == promo.Verified {
			var missed []string
			reason := ""
			switch {
			case i == 1:
				missed, reason = []string{"display"}, "堆头位被竞品占了"
			case i == len(all)-1:
				missed, reason = p.Points(), "店里没接到通知"
			}
			if e, err = e.Report(p, missed, reason, nil, e.AgreedBy, p.StartsOn.Add(1), demo.Tx.Now); err != nil {
				return err
			}
		}
		if err := promostore.Executions.Change(demo.Tx, before, e); err != nil {
			return err
		}
	}
	return nil
}
