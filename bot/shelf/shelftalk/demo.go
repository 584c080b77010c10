package shelftalk

import (
	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/command"
)

// demoWeeks is how far back the demo's sell-out and audits go.
const demoWeeks = 26

// fillDemo gives each store that carries something its sell-out and an audit every other
// week. The story: everywhere most stands on the shelf, but 大润发 gets worse.
func fillDemo(demo *command.Demo) error {
	for i, s := range demo.Stores {
		carried, err := productstore.InStore(demo.Tx, s)
		if err != nil {
			return err
		}
		if len(carried) == 0 {
			continue
		}
		rep := demo.Person(s.RepID)
		today := command.WordsFor(rep, demo.Config).Today(demo.Tx.Now)
		if err := demoSellout(demo, i, s, carried, today); err != nil {
			return err
		}
		for week := demoWeeks; week > 0; week -= 2 {
			if err := demoAudit(demo, i, s, carried, today.Add(1-7*week), week); err != nil {
				return err
			}
		}
	}
	a := demo.Accounts["K010"]
	p, _, err := productstore.ByCode(demo.Tx, "P202")
	if err != nil {
		return err
	}
	l := shelf.Launch{Code: "L-1", ProductID: p.ID, AccountID: a.ID, OwnerID: a.OwnerID, ListedOn: command.WordsFor(demo.Person(a.OwnerID), demo.Config).Today(demo.Tx.Now).Add(-100), Status: shelf.Made}
	return shelfstore.Launches.Add(demo.Tx, &l)
}

// demoSellout: a few units a day, more in better stores, with a swing of the weeks.
func demoSellout(demo *command.Demo, n int, s account.Store, carried []productstore.Carried, today calendar.Day) error {
	base := map[string]int64{"A": 42, "B": 28, "C": 14}[s.Class]
	for k, c := range carried {
		for week := demoWeeks; week > 0; week-- {
			units := base + int64((week*7+k*5+n*3)%9) - int64(4*k)
			q := shelf.Sellout{StoreID: s.ID, AccountID: s.AccountID, ProductID: c.Product.ID, WeekOn: today.Monday().Add(-7 * week), Units: units, Value: units * c.Listing.SuggestedPrice, Stock: base / 2}
			if err := shelfstore.Sellout.Add(demo.Tx, &q); err != nil {
				return err
			}
		}
	}
	return nil
}

func demoAudit(demo *command.Demo, n int, s account.Store, carried []productstore.Carried, day calendar.Day, week int) error {
	rep := demo.Person(s.RepID)
	words := command.WordsFor(rep, demo.Config)
	at := day.At(calendar.Clock(10*60+5+7*(n%6)), words.Zone)
	a := shelf.Audit{StoreID: s.ID, AccountID: s.AccountID, PersonID: rep.ID, AuditedOn: day, AuditedAt: at, Mode: shelf.Quick, Source: "demo", CategoryFacings: []string{carried[0].Product.Category + "=40"}}
	worse := demo.Accounts["K001"].ID == s.AccountID && week <= 8
	seen := shelf.Seen{Out: map[string]bool{}, Facings: map[string]int64{}}
	var expected []shelf.Expected
	for k, c := range carried {
		id := c.Product.ID
		expected = append(expected, shelf.Expected{ProductID: id, DuePrice: c.Listing.SuggestedPrice})
		seen.Facings[id] = 4 + int64((n+k)%3)
		if out := (week/2+n+k)%9 == 0; out || worse && k > 0 {
			seen.Out[id] = true
			delete(seen.Facings, id)
		}
	}
	return shelfstore.Save(demo.Tx, &a, shelf.Lines(expected, seen))
}
