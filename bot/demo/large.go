package demo

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/config"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
)

// Size is how large a company Large makes.
type Size struct {
	Stores int // 100 for each account
	PerRep int // stores for each rep; 0 is 200
	Visits int // over the last year
	Audits int // over the last year, ten lines each
	Deals  int // begun over the last three years, five changes each
}

// The shape of a large company.
const (
	storesPerAccount = 100
	repsPerManager   = 10
	rowsAtOnce       = 500
)

// chains are half Chinese, half German; stores, cities and reps are named in the language
// of their chain.
var (
	chains  = []string{"大润发", "华联", "永辉", "百佳", "Nordmarkt", "Südkauf", "Harbour", "Corner"}
	streets = map[bool][]string{true: {"杨浦", "闸北", "松江", "徐汇", "长宁", "普陀"}, false: {"Mitte", "Wedding", "Spandau", "Altona", "Pankow", "Barmbek"}}
	first   = map[bool][]string{true: {"伟", "敏", "静", "强", "丽", "洋", "娜", "军"}, false: {"Anna", "Tom", "Lena", "Uwe", "Petra", "Jan", "Mara", "Felix"}}
	last    = map[bool][]string{true: {"王", "李", "张", "刘", "陈", "杨", "赵", "周"}, false: {"Schmidt", "Vogel", "Kern", "Lange", "Becker", "Brandt", "Wolf", "Krause"}}
)

// chinese reports whether the chain of a store is.
func chinese(store int) bool { return store/storesPerAccount%len(chains) < len(chains)/2 }

// nameOf is the name of the nth person of a place.
func nameOf(n int, zh bool) string {
	family, given := last[zh][n%len(last[zh])], first[zh][n/len(last[zh])%len(first[zh])]
	if zh {
		return family + given
	}
	return given + " " + family
}

// Large fills a database that holds people with a company of any size, for
// measuring. The same size makes the same company, but for ids and the days of
// visits, which lie around today.
func Large(ctx context.Context, db *store.DB, c *config.Config, size Size) error {
	size.PerRep = cmp.Or(size.PerRep, 200)
	l := large{db: db, config: c, size: size, dice: rand.New(rand.NewPCG(1, 2))} // #nosec G404 -- made-up data
	for _, step := range []func(context.Context) error{l.people, l.stores, l.visits, l.settle, l.audits, l.deals} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

type large struct {
	db     *store.DB
	config *config.Config
	size   Size
	dice   *rand.Rand
	reps   []string
	kams   []string
	shops  []shop
}

type shop struct{ id, account, rep string }

// write does n things, some hundred in a unit of work.
func (l *large) write(ctx context.Context, n int, do func(tx *store.Tx, i int) error) error {
	for from := 0; from < n; from += rowsAtOnce {
		if err := l.db.Write(ctx, func(tx *store.Tx) error {
			tx.By(store.Origin{Source: "system"})
			for i := from; i < min(n, from+rowsAtOnce); i++ {
				if err := do(tx, i); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func (l *large) people(ctx context.Context) error {
	reps := max(1, l.size.Stores/l.size.PerRep)
	boss := ""
	if err := l.write(ctx, 1, func(tx *store.Tx, _ int) error {
		return personstore.People.Add(tx, &person.Person{Handle: "chief", Name: "Chief", Roles: []person.Role{person.Manager}, Status: "active", ZoneKnown: true, Language: "en"})
	}); err != nil {
		return err
	}
	return l.write(ctx, reps, func(tx *store.Tx, i int) error {
		add := func(handle string, role person.Role, above string) (string, error) {
			region := i / repsPerManager
			p := person.Person{Handle: fmt.Sprintf("%s%d", handle, i), Name: nameOf(i, chinese(i*l.size.PerRep)), Roles: []person.Role{role}, ReportsTo: above, Territory: fmt.Sprintf("Large/R%d", region), Status: "active", ZoneKnown: true, Language: "en"}
			err := personstore.People.Add(tx, &p)
			if err != nil {
				return "", err
			}
			return p.ID, personstore.Link(tx, person.Identity{Platform: "telegram", ExternalID: fmt.Sprintf("9%s%d", string(role[0]), i), PersonID: p.ID, Room: p.ID, SeenAt: tx.Now})
		}
		if i%repsPerManager == 0 {
			var err error
			if boss, err = add("boss", person.Manager, ""); err != nil {
				return err
			}
			kam, err := add("kam", person.KAM, boss)
			if err != nil {
				return err
			}
			l.kams = append(l.kams, kam)
		}
		rep, err := add("rep", person.Rep, boss)
		l.reps = append(l.reps, rep)
		return err
	})
}

// Ungated: makes a company up.
func (l *large) stores(ctx context.Context) error {
	var of account.Account
	return l.write(ctx, l.size.Stores, func(tx *store.Tx, i int) error {
		rep := i / l.size.PerRep % len(l.reps)
		if i%storesPerAccount == 0 {
			of = account.Account{Code: fmt.Sprintf("L%06d", i/storesPerAccount), Name: fmt.Sprintf("%s %d", chains[i/storesPerAccount%len(chains)], i/storesPerAccount), Kind: "key", Tier: "B", OwnerID: l.kams[rep/repsPerManager], Territory: fmt.Sprintf("Large/R%d", rep/repsPerManager)}
			if err := accountstore.Add(tx, &of); err != nil {
				return err
			}
		}
		id, code := store.NewID(), fmt.Sprintf("S%07d", i)
		chain, zh := chains[i/storesPerAccount%len(chains)], chinese(i)
		street, city, lat, lon := streets[zh][i%len(streets[zh])], "Berlin", 52.3, 13.0
		name := fmt.Sprintf("%s %s %d", chain, street, i)
		if zh {
			name, city, lat, lon = fmt.Sprintf("%s%s店 %d", chain, street, i), "上海", 31, 121
		}
		l.shops = append(l.shops, shop{id, of.ID, l.reps[rep]})
		return tx.Do(`INSERT INTO stores (id, code, name, account_id, format, store_class, in_territory, rep_id, city, latitude, longitude, search, next_due_on, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '0001-01-01', $13, $13)`,
			id, code, name, of.ID, account.Formats[i%len(account.Formats)], []string{"A", "B", "C"}[i%3], of.InTerritory, l.reps[rep], city, lat+l.dice.Float64(), lon+l.dice.Float64(), search.Text(code, name), tx.Now)
	})
}

// visits: each to some store by its rep, on a working day of the last year, in the hours
// and for as long as people visit.
// Ungated: makes a company up.
func (l *large) visits(ctx context.Context) error {
	return l.write(ctx, l.size.Visits, func(tx *store.Tx, i int) error {
		s := l.shops[i%len(l.shops)]
		at, stay := l.atWork(tx.Now, i/len(l.shops)*36+l.dice.IntN(36))
		return tx.Do(`INSERT INTO visits (id, store_id, account_id, person_id, visited_on, started_at, finished_at, recorded_at, intent, needs, status, source, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 'clear', 'more shelf', 'done', 'telegram', $6, $6)`,
			store.NewID(), s.id, s.account, s.rep, calendar.On(at), at, at.Add(stay))
	})
}

// atWork is when a visit some days ago began, and how long it took: not at a weekend, not
// before half past eight, over before now.
func (l *large) atWork(now time.Time, ago int) (at time.Time, stay time.Duration) {
	zone := l.config.Company.Zone()
	stay = time.Duration(8+l.dice.IntN(40)) * time.Minute
	clock := calendar.Clock(8*60 + 30 + l.dice.IntN(9*60))
	for day := calendar.On(now.In(zone)).Add(-ago); ; day = day.Add(-1) {
		at = day.At(clock, zone)
		if w := day.Weekday(); w != time.Saturday && w != time.Sunday && at.Add(stay).Before(now) {
			return at, stay
		}
	}
}

// settle computes what follows from the visits.
func (l *large) settle(ctx context.Context) error {
	return l.write(ctx, len(l.shops), func(tx *store.Tx, i int) error {
		return accountstore.Visited(tx, l.shops[i].id, l.shops[i].account)
	})
}
