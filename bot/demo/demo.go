// Package demo fills an empty database with a made-up company around today:
// people in both languages, chains, stores, contacts, visits, deals in every
// stage. Nobody in it exists.
package demo

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/config"
	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
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
	{Handle: "zhao.lei", Name: "赵蕾", Roles: []person.Role{person.Finance}, Language: "zh", Timezone: "Asia/Shanghai"},
	{Handle: "martin", Name: "Martin Vogel", Roles: []person.Role{person.Manager}, Territory: "Europe", Language: "en", Timezone: "Europe/Berlin"},
	{Handle: "tom", Name: "Tom Becker", Roles: []person.Role{person.KAM}, Territory: "Europe", ReportsTo: "martin", Language: "en", Timezone: "Europe/Berlin"},
	{Handle: "anna", Name: "Anna Schmidt", Roles: []person.Role{person.Rep}, Territory: "Europe/Berlin", ReportsTo: "martin", Language: "en", Timezone: "Europe/Berlin"},
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

var outcomes = map[string][]visit.Visit{
	"zh": {
		{Met: "张课长", Intent: "clear", Needs: "中秋档想要端架", NextStep: "报端架方案", Satisfaction: 4},
		{Met: "店长", Problems: "原味500g断货两天", Intent: "weak", NextStep: "催总仓补货"},
		{Met: "采购", Intent: "strong", CompetitorNews: "竞品买一送一", Satisfaction: 3},
	},
	"en": {
		{Met: "Petra Lange", Intent: "clear", Needs: "wants a second display for Christmas", NextStep: "send the display offer", Satisfaction: 4},
		{Met: "Store manager", Problems: "two facings lost to a rival", Intent: "weak", NextStep: "show the sales per facing"},
		{Met: "Uwe Kern", Intent: "strong", CompetitorNews: "rival at 0.99", Satisfaction: 5},
	},
}

// Setting marks a database as the demo's: its clock may be set.
const Setting = "demo"

// Fill writes the company into an empty database.
func Fill(ctx context.Context, db *store.DB, c *config.Config) error {
	db.SetRules(c.Rules())
	return db.Write(ctx, func(tx *store.Tx) error {
		tx.By(store.Origin{Source: "system"})
		if err := tx.SetSetting(Setting, "yes"); err != nil {
			return err
		}
		f := filler{tx: tx, config: c, people: map[string]person.Person{}, accounts: map[string]account.Account{}, contacts: map[string][]account.Contact{}, busy: map[string]bool{}}
		if err := f.fillPeople(); err != nil {
			return err
		}
		if err := f.fillAccounts(); err != nil {
			return err
		}
		return f.fillDeals()
	})
}

type filler struct {
	tx     *store.Tx
	config *config.Config
	people map[string]person.Person

	accounts map[string]account.Account   // by code
	contacts map[string][]account.Contact // by id of the account
	visits   int
	busy     map[string]bool // reps who have something to see to
}

func (f *filler) fillPeople() error {
	for _, p := range people {
		p.Status, p.ZoneKnown = "active", true
		p.ReportsTo = f.people[p.ReportsTo].ID
		if err := personstore.People.Add(f.tx, &p); err != nil {
			return err
		}
		f.people[p.Handle] = p
	}
	return nil
}

func (f *filler) fillAccounts() error {
	for _, x := range accounts {
		a := x.Account
		a.OwnerID = f.people[x.owner].ID
		if err := accountstore.Add(f.tx, &a); err != nil {
			return err
		}
		f.accounts[a.Code] = a
		for _, c := range contacts[a.Code] {
			c.AccountID = a.ID
			if c.BuyingRole == "uses" { // a birthday soon, whenever the demo runs
				c.Birthday = "1985" + calendar.On(f.tx.Now).Add(2)[4:]
			}
			if err := accountstore.AddContact(f.tx, &c); err != nil {
				return err
			}
			f.contacts[a.ID] = append(f.contacts[a.ID], c)
		}
		rep, list, _ := strings.Cut(x.stores, ";")
		for i, line := range strings.Split(list, ";") {
			if err := f.fillStore(a, f.people[rep], line, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *filler) fillStore(a account.Account, rep person.Person, line string, n int) error {
	parts := strings.Split(line, "|")
	s := account.Store{Name: parts[0], Class: parts[1], Format: parts[2], AccountID: a.ID, RepID: rep.ID, City: a.City, DeliveryMode: "central", Territory: rep.Territory}
	if _, err := fmt.Sscan(parts[3]+" "+parts[4], &s.Latitude, &s.Longitude); err != nil {
		return err
	}
	if err := accountstore.AddStore(f.tx, &s); err != nil {
		return err
	}
	if !f.busy[rep.ID] {
		f.busy[rep.ID] = true
		if err := f.fillFollowUps(s, rep); err != nil {
			return err
		}
	}
	return f.fillVisits(s, rep, n)
}

var followUps = map[string][]followup.FollowUp{
	"zh": {{Kind: followup.Commitment, Text: "端架陈列费月底前到账", DueOn: "-1"}, {Kind: followup.Problem, Text: "原味500g断货，催总仓补货", Department: "logistics", DueOn: "1"}},
	"en": {{Kind: followup.Commitment, Text: "bring two coolers", DueOn: "-1"}, {Kind: followup.Problem, Text: "broken seals in the last delivery", Department: "quality", DueOn: "1"}},
}

// fillFollowUps gives a rep what is to be seen to; DueOn above is days from
// today.
func (f *filler) fillFollowUps(s account.Store, rep person.Person) error {
	for _, x := range followUps[rep.Language] {
		days, err := strconv.Atoi(string(x.DueOn))
		if err != nil {
			return err
		}
		x.StoreID, x.AccountID, x.OwnerID, x.OpenedBy = s.ID, s.AccountID, rep.ID, rep.ID
		x.DueOn = command.WordsFor(rep, f.config).Today(f.tx.Now).Add(days)
		if err := followupstore.Add(f.tx, &x); err != nil {
			return err
		}
	}
	return nil
}

// fillVisits makes some visits of the last weeks; some stores fall behind
// their cadence and one in five was never visited.
func (f *filler) fillVisits(s account.Store, rep person.Person, n int) error {
	f.visits++
	if f.visits%5 == 0 {
		return nil
	}
	w := command.WordsFor(rep, f.config)
	cadence := f.config.Visits.Cadence.OfStore(s, 0)
	last := cadence/2 + n*cadence/3 // days ago: behind for some, in time for others
	for i := 2; i >= 0; i-- {
		day := w.Today(f.tx.Now).Add(-last - i*cadence)
		at := day.At(calendar.Clock(10*60+25*n), w.Zone)
		if at.After(f.tx.Now) {
			continue
		}
		v := outcomes[rep.Language][(f.visits+i)%3]
		v.StoreID, v.AccountID, v.PersonID = s.ID, s.AccountID, rep.ID
		v.Status, v.Presence, v.Source = visit.Done, "claimed", "telegram"
		v.VisitedOn, v.StartedAt, v.FinishedAt, v.RecordedAt = day, at, at.Add(25*time.Minute), at.Add(26*time.Minute)
		if err := visitstore.Visits.Add(f.tx, &v); err != nil {
			return err
		}
	}
	return nil
}
