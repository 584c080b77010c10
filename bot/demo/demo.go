// Package demo fills an empty database with a made-up company around today:
// people in both languages, chains, stores, contacts, visits, deals in every
// stage. Nobody in it exists.
package demo

import (
	"context"
	"fmt"
	"strings"

	"fieldbot/bot"
	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/config"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/command"
	"fieldbot/store"
)

// Rep is the handle of the rep that the demo's chat speaks as.
const Rep = "anna"

var people = []person.Person{
	{Handle: "sun.hao", Name: "孙浩", Roles: []person.Role{person.Admin}, Language: "zh", Timezone: "Asia/Shanghai"},
	{Handle: "wang.fang", Name: "王芳", Roles: []person.Role{person.Manager}, Territory: "华东", Language: "zh", Timezone: "Asia/Shanghai"},
	{Handle: "chen.jing", Name: "陈静", Roles: []person.Role{person.KAM}, Territory: "华东", ReportsTo: "wang.fang", Language: "zh", Timezone: "Asia/Shanghai"},
	{Handle: "li.wei", Name: "李伟", Roles: []person.Role{person.Rep}, Territory: "华东/上海", ReportsTo: "wang.fang", Language: "zh", Timezone: "Asia/Shanghai"},
	{Handle: "zhou.min", Name: "周敏", Roles: []person.Role{person.Rep}, Territory: "华东/杭州", ReportsTo: "wang.fang", Language: "zh", Timezone: "Asia/Shanghai"},
	{Handle: "lin.mei", Name: "林梅", Roles: []person.Role{person.Promoter}, Territory: "华东/上海", ReportsTo: "li.wei", Language: "zh", Timezone: "Asia/Shanghai"},
	{Handle: "zhao.lei", Name: "赵蕾", Roles: []person.Role{person.Finance}, Language: "zh", Timezone: "Asia/Shanghai"},
	{Handle: "martin", Name: "Martin Vogel", Roles: []person.Role{person.Manager}, Territory: "Europe", Language: "en", Timezone: "Europe/Berlin"},
	{Handle: "tom", Name: "Tom Becker", Roles: []person.Role{person.KAM}, Territory: "Europe", ReportsTo: "martin", Language: "en", Timezone: "Europe/Berlin"},
	{Handle: "anna", Name: "Anna Schmidt", Roles: []person.Role{person.Rep}, Territory: "Europe/Berlin", ReportsTo: "martin", Language: "en", Timezone: "Europe/Berlin"},
	{Handle: "emma", Name: "Emma Roth", Roles: []person.Role{person.Promoter}, Territory: "Europe/Berlin", ReportsTo: "anna", Language: "en", Timezone: "Europe/Berlin"},
}

var accounts = []struct {
	account.Account
	owner, stores string // stores: rep, then name|class|format|lat|lon separated by ;
}{
	{account.Account{Code: "K001", Size: "large", Revenue: 8_420_000_00, Margin: 1_560_000_00, Potential: 12_000_000_00, CustomerSince: "2014-03-01", Name: "大润发 RT-Mart", Kind: "key", Reach: "national", Tier: "A", Position: "B1", Settlement: "hq_hq", City: "上海", Phone: "021-5550 0101", Territory: "华东", Address: "江场西路255号", Profile: map[string]string{"decision_process": "采购经理提,商品总监批", "rivals": "恰恰、三只松鼠"}},
		"chen.jing", "li.wei;大润发杨浦店|A|hypermarket|31.29870|121.53210;大润发闸北店|A|hypermarket|31.28010|121.45330;大润发松江店|B|hypermarket|31.03220|121.22740"},
	{account.Account{Code: "K002", Size: "large", Revenue: 3_100_000_00, Margin: 640_000_00, Potential: 5_000_000_00, CustomerSince: "2017-06-15", Name: "华润万家", Kind: "key", Reach: "national", Tier: "B", Position: "A2", Settlement: "store_hq", City: "杭州", Phone: "0571-5550 0102", Territory: "华东"},
		"chen.jing", "zhou.min;华润万家西湖店|A|supermarket|30.25920|120.13030;华润万家滨江店|B|supermarket|30.20840|120.21180;华润万家萧山店|C|supermarket|30.18530|120.26430"},
	{account.Account{Code: "K003", Size: "public", Revenue: 2_250_000_00, Margin: 300_000_00, Potential: 6_500_000_00, CustomerSince: "2019-01-10", Name: "永辉超市", Kind: "key", Reach: "national", Tier: "B", Position: "C2", Settlement: "hq_hq", City: "上海", Territory: "华东"},
		"chen.jing", "li.wei;永辉超市长宁店|B|supermarket|31.22040|121.42460;永辉超市徐汇店|B|supermarket|31.18830|121.43650"},
	{account.Account{Code: "K004", Size: "small", Revenue: 420_000_00, Margin: 110_000_00, Potential: 500_000_00, CustomerSince: "2021-09-01", Name: "好又多便利", Kind: "ordinary", Reach: "local", City: "上海", Territory: "华东/上海"},
		"chen.jing", "li.wei;好又多便利延吉店|C|convenience|31.29510|121.53790;好又多便利国权店|C|convenience|31.28860|121.51040"},
	{account.Account{Code: "K010", Size: "large", Revenue: 5_900_000_00, Margin: 1_250_000_00, Potential: 7_000_000_00, CustomerSince: "2012-05-01", Name: "Nordmarkt", Kind: "key", Reach: "national", Tier: "A", Position: "A1", Settlement: "hq_hq", City: "Berlin", Phone: "030 555 0110", Territory: "Europe", Address: "Seestraße 21", Profile: map[string]string{"budgets": "Display fund settled in January", "rivals": "Funny Chips"}},
		"tom", "anna;Nordmarkt Wedding|A|hypermarket|52.54880|13.35910;Nordmarkt Mitte|A|supermarket|52.52810|13.40290;Nordmarkt Spandau|B|supermarket|52.53510|13.19990;Nordmarkt Pankow|B|supermarket|52.56820|13.40350"},
	{account.Account{Code: "K011", Size: "small", Revenue: 95_000_00, Margin: 31_000_00, Potential: 150_000_00, CustomerSince: "2022-04-01", Name: "Spree Kiosk", Kind: "ordinary", Reach: "local", City: "Berlin", Territory: "Europe/Berlin"},
		"tom", "anna;Kiosk 14|C|convenience|52.50040|13.43370;Kiosk 22|C|convenience|52.48770|13.42490"},
	{account.Account{Code: "K012", Size: "mid", Name: "Hafen Großhandel", Kind: "prospect", Reach: "regional", City: "Hamburg", Territory: "Europe"},
		"tom", "anna;Hafen Großhandel|B|wholesale|53.54360|9.96570"},
}

var contacts = map[string][]account.Contact{
	"K001": {{Name: "张课长", Title: "干货课长", Department: "operations", BuyingRole: "uses", Attitude: "supporter", Weight: 20}, {Name: "刘洋", Title: "采购经理", Department: "buying", BuyingRole: "decides", Attitude: "neutral", Weight: 60}},
	"K002": {{Name: "许丽", Title: "采购", Department: "buying", BuyingRole: "evaluates", Attitude: "champion", Weight: 40}},
	"K010": {{Name: "Petra Lange", Title: "Category buyer", Department: "buying", BuyingRole: "decides", Attitude: "supporter", Weight: 60}, {Name: "Uwe Kern", Title: "Store manager", Department: "operations", BuyingRole: "influences", Attitude: "neutral", Weight: 20}},
}

// Setting marks a database as the demo's: its clock may be set.
const Setting = "demo"

// Fill writes the company into an empty database: each capability's part is a unit of
// work of its own, since a unit keeps others waiting.
func Fill(ctx context.Context, db *store.DB, c *config.Config) error {
	db.SetRules(c.Rules())
	f := filler{&command.Demo{Config: c, People: map[string]person.Person{}, Accounts: map[string]account.Account{}, Contacts: map[string][]account.Contact{}}}
	fills := []func(*command.Demo) error{func(*command.Demo) error { return f.fillCompany() }}
	for _, m := range bot.Modules() {
		if m.Demo != nil {
			fills = append(fills, m.Demo)
		}
	}
	for _, fill := range fills {
		if err := db.Write(ctx, func(tx *store.Tx) error {
			tx.By(store.Origin{Source: "system"})
			f.Tx = tx
			return fill(f.Demo)
		}); err != nil {
			return err
		}
	}
	return nil
}

type filler struct{ *command.Demo }

func (f filler) fillCompany() error {
	if err := f.Tx.SetSetting(Setting, "yes"); err != nil {
		return err
	}
	clear(f.People)
	f.Stores = nil // a unit may run again
	if err := f.fillPeople(); err != nil {
		return err
	}
	return f.fillAccounts()
}

func (f filler) fillPeople() error {
	for _, p := range people {
		p.Status, p.ZoneKnown = "active", true
		p.ReportsTo = f.People[p.ReportsTo].ID
		if err := personstore.People.Add(f.Tx, &p); err != nil {
			return err
		}
		f.People[p.Handle] = p
	}
	return nil
}

func (f filler) fillAccounts() error {
	for _, x := range accounts {
		a := x.Account
		a.OwnerID = f.People[x.owner].ID
		if err := accountstore.Add(f.Tx, &a); err != nil {
			return err
		}
		f.Accounts[a.Code] = a
		for _, c := range contacts[a.Code] {
			c.AccountID = a.ID
			if c.BuyingRole == "uses" { // a birthday soon, whenever the demo runs
				c.Birthday = "1985" + calendar.On(f.Tx.Now).Add(2)[4:]
			}
			if err := accountstore.AddContact(f.Tx, &c); err != nil {
				return err
			}
			f.Contacts[a.ID] = append(f.Contacts[a.ID], c)
		}
		rep, list, _ := strings.Cut(x.stores, ";")
		for _, line := range strings.Split(list, ";") {
			if err := f.fillStore(a, f.People[rep], line); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f filler) fillStore(a account.Account, rep person.Person, line string) error {
	parts := strings.Split(line, "|")
	s := account.Store{Name: parts[0], Class: parts[1], Format: parts[2], AccountID: a.ID, RepID: rep.ID, City: a.City, DeliveryMode: "central", Territory: rep.Territory, Promoters: promoters[parts[0]]}
	if _, err := fmt.Sscan(parts[3]+" "+parts[4], &s.Latitude, &s.Longitude); err != nil {
		return err
	}
	if err := accountstore.AddStore(f.Tx, &s); err != nil {
		return err
	}
	f.Stores = append(f.Stores, s)
	return nil
}

// promoters are the handles of those who work in a store of the demo.
var promoters = map[string][]string{"大润发杨浦店": {"lin.mei"}, "Nordmarkt Wedding": {"emma"}}
