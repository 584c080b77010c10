package visitstore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// TestHours: the time at customers is the same whether the night has summed up months or
// not, after visits of a month that is over were entered and taken back, too.
func TestHours(t *testing.T) {
	capacity := visit.Capacity{Minutes: map[string]int{"hypermarket": 60}}
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			db := storetest.Open(t, engine)
			dice := rand.New(rand.NewPCG(5, 6)) // #nosec G404 -- made-up data
			do := func(fn func(tx *store.Tx) error) {
				t.Helper()
				if err := db.Write(context.Background(), func(tx *store.Tx) error {
					tx.By(store.Origin{Source: "system"})
					return fn(tx)
				}); err != nil {
					t.Fatal(err)
				}
			}
			var people []person.Person
			var stores []account.Store
			do(func(tx *store.Tx) error {
				for i := range 3 {
					p := person.Person{Handle: fmt.Sprintf("p%d", i), Name: "P", Roles: []person.Role{person.Rep}, Status: "active"}
					a := account.Account{Code: fmt.Sprintf("K%d", i), Name: "K", OwnerID: p.ID, Status: account.Active}
					if err := personstore.People.Add(tx, &p); err != nil {
						return err
					}
					if err := accountstore.Add(tx, &a); err != nil {
						return err
					}
					s := account.Store{Code: fmt.Sprintf("S%d", i), Name: "S", AccountID: a.ID, Format: []string{"hypermarket", "club", ""}[i], Status: account.Active}
					if err := accountstore.AddStore(tx, &s); err != nil {
						return err
					}
					people, stores = append(people, p), append(stores, s)
				}
				return nil
			})
			span := calendar.Span{From: "2026-01-15", To: "2026-05-10"}
			visits := func(n int) (all []visit.Visit) {
				do(func(tx *store.Tx) error {
					all = nil
					for range n {
						s, day := stores[dice.IntN(3)], span.From.Add(dice.IntN(130)-5)
						at := day.At(10*60, time.UTC)
						v := visit.Visit{PersonID: people[dice.IntN(3)].ID, AccountID: s.AccountID, StoreID: s.ID, Status: visit.Done, Presence: "unknown", VisitedOn: day, StartedAt: at, FinishedAt: at.Add(time.Duration(dice.IntN(2)*dice.IntN(50)) * time.Minute), RecordedAt: at}
						if dice.IntN(5) == 0 {
							v.StoreID = ""
						}
						if dice.IntN(6) == 0 {
							v.Flag(visit.Forgotten)
						}
						if err := visitstore.Visits.Add(tx, &v); err != nil {
							return err
						}
						all = append(all, v)
					}
					return nil
				})
				return all
			}
			total := func() (sums map[string]int64) {
				sums = map[string]int64{}
				do(func(tx *store.Tx) error {
					clear(sums)
					efforts, err := visitstore.HoursIn(tx, span, capacity)
					for _, e := range efforts {
						sums[e.AccountID+" "+e.PersonID] += e.Minutes
					}
					return err
				})
				return sums
			}
			night := func() {
				for _, day := range []calendar.Day{"2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"} { // May goes on
					do(func(tx *store.Tx) error { return visitstore.SumMonth(tx, day, "2026-05-06", capacity) })
				}
			}
			same := func(what string, a, b map[string]int64) {
				t.Helper()
				if fmt.Sprint(a) != fmt.Sprint(b) || len(a) == 0 {
					t.Errorf("%s: %v, not %v", what, a, b)
				}
			}
			some := visits(200)
			before := total()
			night()
			same("summed up", total(), before)
			do(func(tx *store.Tx) error {
				for _, v := range some[:50] {
					gone := v
					gone.Status, gone.Reason = visit.Cancelled, visit.Undone
					if err := visitstore.Visits.Change(tx, v, gone); err != nil {
						return err
					}
				}
				return nil
			})
			visits(30)
			night()
			after := total()
			do(func(tx *store.Tx) error { return tx.Do(`DELETE FROM visit_months`) })
			same("summed up again", after, total())
		})
	}
}
