package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var ctx = context.Background()

func write(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Write(ctx, func(tx *store.Tx) error {
		tx.By(store.Origin{Source: "test"})
		return fn(tx)
	}); err != nil {
		t.Fatal(err)
	}
}

func addPerson(t testing.TB, db *store.DB, handle string, roles ...person.Role) person.Person {
	t.Helper()
	p := person.Person{Handle: handle, Name: strings.ToUpper(handle), Roles: roles, Status: "active"}
	write(t, db, func(tx *store.Tx) error { p.ID = ""; return personstore.People.Add(tx, &p) })
	return p
}

// TestMigrations: bringing the schema up twice does nothing; a newer database
// is refused.
func TestMigrations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if ran, err := db.Migrate(ctx); err != nil || len(ran) != 0 {
			t.Fatal(ran, err)
		}
		write(t, db, func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)`, int64(99999), true)
			return err
		})
		if _, err := db.Migrate(ctx); !errors.Is(err, store.ErrNewer) {
			t.Errorf("a newer database: %v", err)
		}
	})
}

// TestUnitFailsAlone: of many units in one group the failing ones are rolled
// back alone, the others are kept.
func TestUnitFailsAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var failed atomic.Int64
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				err := db.Write(ctx, func(tx *store.Tx) error {
					if _, err := tx.Receive(fmt.Sprint("unit", i)); err != nil {
						return err
					}
					switch i % 10 {
					case 3:
						return fault.Wrong("changed")
					case 7:
						panic("a mistake")
					case 9:
						_, err := tx.Exec(`INSERT INTO no_such_table VALUES (1)`)
						return err
					case 5:
						tx.Fail(errors.New("read beside the way"))
					}
					return nil
				})
				if err != nil {
					failed.Add(1)
				}
			})
		}
		all.Wait()
		var n int64
		if err := db.Read(ctx, func(tx *store.Tx) (err error) {
			n, _, err = store.One[int64](tx, `SELECT count(*) FROM inbox`)
			return err
		}); err != nil || n != 120 || failed.Load() != 80 {
			t.Errorf("%d kept, %d failed, %v", n, failed.Load(), err)
		}
	})
}

// TestReceiveOnce: one of many deliveries of the same update is fresh.
func TestReceiveOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var fresh atomic.Int64
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() {
				if err := db.Write(ctx, func(tx *store.Tx) error {
					ok, err := tx.Receive("same")
					if ok {
						fresh.Add(1)
					}
					return err
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if fresh.Load() != 1 {
			t.Errorf("%d were fresh", fresh.Load())
		}
	})
}

// TestWithdrawn: a unit that is not taken up in time is withdrawn whole.
func TestWithdrawn(t *testing.T) {
	db := storetest.Open(t, "sqlite")
	begun, end := make(chan struct{}), make(chan struct{})
	go func() {
		_ = db.Write(ctx, func(*store.Tx) error { close(begun); <-end; return nil }) // only holds the writer
	}()
	<-begun
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	err := db.Write(short, func(tx *store.Tx) error { _, err := tx.Receive("late"); return err })
	if !errors.Is(err, store.ErrBusy) || !store.Unavailable(err) {
		t.Errorf("error %v", err)
	}
	close(end)
	write(t, db, func(tx *store.Tx) error {
		if fresh, err := tx.Receive("late"); err != nil || !fresh {
			t.Errorf("the withdrawn unit was run: %v", err)
		}
		return nil
	})
}

// TestVersions: of two who change a row, one wins and the other is told.
func TestVersions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := addPerson(t, db, "a", person.Rep)
		var won, told atomic.Int64
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				err := db.Write(ctx, func(tx *store.Tx) error {
					tx.By(store.Origin{Source: "test"})
					after := p
					after.Name = fmt.Sprint(i)
					return personstore.People.Change(tx, p, after)
				})
				switch {
				case err == nil:
					won.Add(1)
				case fault.Is(err, fault.Conflict):
					told.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 || told.Load() != 15 {
			t.Errorf("%d won, %d were told", won.Load(), told.Load())
		}
	})
}

// TestClaimOnce: many workers claim each message once, in order per room.
func TestClaimOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const rooms, each = 10, 20
		write(t, db, func(tx *store.Tx) error {
			for n := range each {
				for room := range rooms {
					if err := tx.Put(store.Out{Kind: store.OutMessage, Lane: fmt.Sprint(room), Platform: "x", Body: fmt.Sprint(n)}); err != nil {
						return err
					}
				}
			}
			return nil
		})
		var mu sync.Mutex
		got := map[string][]string{}
		var left atomic.Int64
		left.Store(rooms * each)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for left.Load() > 0 {
					var rows []store.Out
					if err := db.Write(ctx, func(tx *store.Tx) (err error) { rows, err = tx.Claim("x", 3, time.Minute); return err }); err != nil {
						t.Error(err)
						return
					}
					for _, r := range rows {
						mu.Lock()
						got[r.Lane] = append(got[r.Lane], r.Body)
						mu.Unlock()
						left.Add(-1)
						if err := db.Write(ctx, func(tx *store.Tx) error { return tx.Sent(r, "") }); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		all.Wait()
		for lane, bodies := range got {
			for i, b := range bodies {
				if b != fmt.Sprint(i) || len(bodies) != each {
					t.Fatalf("lane %s: %v", lane, bodies)
				}
			}
		}
	})
}

// TestTurn: whatever happens to its rows, the oldest row of each lane that waits is the
// one that has its turn, so that a claim finds it and looks at no other.
func TestTurn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
		db.Now = func() time.Time { return now }
		random := rand.New(rand.NewPCG(1, 2)) // #nosec G404 -- the same each time
		var claimed []store.Out
		take := func() (o store.Out) {
			n := random.IntN(len(claimed))
			o, claimed = claimed[n], slices.Delete(claimed, n, n+1)
			return o
		}
		lane := func() string { return fmt.Sprint("x:", random.IntN(4)) }
		for range 300 {
			write(t, db, func(tx *store.Tx) error {
				switch n := random.IntN(8); {
				case n == 0:
					rows, err := tx.Claim("x", 3, time.Minute)
					claimed = append(claimed, rows...)
					return err
				case n < 4 || len(claimed) == 0:
					return tx.Put(store.Out{Kind: store.OutMessage, Lane: lane(), Platform: "x", PersonID: fmt.Sprint(random.IntN(20)), Body: "b"})
				case n == 4:
					return tx.Sent(take(), "")
				case n == 5:
					return tx.Dead(take(), "x")
				case n == 6:
					return tx.Redirect(take(), store.Out{Lane: lane(), Body: "c"})
				}
				return errors.Join(tx.Again(take(), now, "x", true), tx.Unsend(fmt.Sprint(random.IntN(20)), "off"))
			})
			var wrong int64
			write(t, db, func(tx *store.Tx) (err error) {
				wrong, _, err = store.One[int64](tx, `SELECT count(*) FROM outbox o WHERE o.state = 'queued' AND o.turn = FALSE AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.lane = o.lane AND e.state = 'queued' AND e.id < o.id)`)
				return err
			})
			if wrong != 0 {
				t.Fatalf("%d lanes have no turn", wrong)
			}
		}
	})
}

// TestLease: a dead claimer's row is free after the lease, and its late result
// changes nothing.
func TestLease(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
		db.Now = func() time.Time { return now }
		write(t, db, func(tx *store.Tx) error {
			return tx.Put(store.Out{Kind: store.OutMessage, Lane: "1", Platform: "x", Body: "b"})
		})
		claim := func() []store.Out {
			var rows []store.Out
			write(t, db, func(tx *store.Tx) (err error) { rows, err = tx.Claim("x", 3, time.Minute); return err })
			return rows
		}
		first := claim()
		if len(first) != 1 || len(claim()) != 0 {
			t.Fatal("not leased")
		}
		now = now.Add(2 * time.Minute)
		second := claim()
		if len(second) != 1 {
			t.Fatal("not freed")
		}
		write(t, db, func(tx *store.Tx) error { return tx.Sent(first[0], "late") })
		write(t, db, func(tx *store.Tx) error { return tx.Dead(second[0], "x") })
		write(t, db, func(tx *store.Tx) error {
			c, err := tx.CountOutbox()
			if c.Dead != 1 || c.Queued != 0 {
				t.Errorf("%+v", c)
			}
			return err
		})
	})
}

// company is two territories with a KAM, reps, a manager and stores.
type company struct {
	people map[string]person.Person
	stores map[string]account.Store
	db     *store.DB
}

func newCompany(t *testing.T, db *store.DB) company {
	c := company{map[string]person.Person{}, map[string]account.Store{}, db}
	for handle, role := range map[string]person.Role{"rep1": person.Rep, "rep2": person.Rep, "kam": person.KAM, "boss": person.Manager, "money": person.Finance, "root": person.Admin, "promo": person.Promoter} {
		c.people[handle] = addPerson(t, db, handle, role)
	}
	write(t, db, func(tx *store.Tx) error {
		before := c.people["boss"]
		after := before
		after.Territory = "east"
		c.people["boss"] = after
		return personstore.People.Change(tx, before, after)
	})
	write(t, db, func(tx *store.Tx) error {
		db.SetRules([]any{account.Cadence{Store: map[string]int{"A": 7}}})
		parent := account.Account{Code: "P", Name: "Parent", OwnerID: c.people["kam"].ID}
		if err := accountstore.Add(tx, &parent); err != nil {
			return err
		}
		for code, x := range map[string]struct{ rep, territory, parent string }{"S1": {"rep1", "east/a", parent.ID}, "S2": {"rep2", "west", parent.ID}, "S3": {"rep2", "east/b", ""}} {
			a := account.Account{Code: "A" + code, Name: "Account " + code, Territory: x.territory, ParentID: x.parent}
			if err := accountstore.Add(tx, &a); err != nil {
				return err
			}
			s := account.Store{Code: code, Name: "Store " + code, AccountID: a.ID, RepID: c.people[x.rep].ID, Class: "A"}
			if err := accountstore.AddStore(tx, &s); err != nil {
				return err
			}
			c.stores[code] = s
			v := visit.Visit{StoreID: s.ID, AccountID: a.ID, PersonID: s.RepID, Status: visit.Done, Presence: "unknown", VisitedOn: "2026-11-01"}
			if err := visitstore.Visits.Add(tx, &v); err != nil {
				return err
			}
			if code == "S2" {
				if _, err := tx.Exec(`INSERT INTO store_people (person_id, store_id) VALUES ($1, $2)`, c.people["promo"].ID, s.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return c
}

// TestWhoSeesWhat: the gate of domain.md §1, for stores, accounts and visits.
func TestWhoSeesWhat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCompany(t, db)
		for handle, want := range map[string][3]string{
			"rep1":  {"S1", "AS1", "1"},
			"rep2":  {"S2 S3", "AS2 AS3", "2"},
			"kam":   {"S1 S2", "AS1 AS2 P", "2"},
			"boss":  {"S1 S3", "AS1 AS3", "2"},
			"money": {"S1 S2 S3", "AS1 AS2 AS3 P", "0"},
			"root":  {"", "", "0"},
			"promo": {"S2", "", "1"},
		} {
			scope := access.Of(c.people[handle])
			var stores, accounts []string
			visits := 0
			if err := db.Read(ctx, func(tx *store.Tx) error {
				if err := accountstore.Stores.In(scope).Order("s.code").Each(tx, func(s account.Store) error { stores = append(stores, s.Code); return nil }); err != nil {
					return err
				}
				if err := accountstore.Accounts.In(scope).Order("a.code").Each(tx, func(a account.Account) error { accounts = append(accounts, a.Code); return nil }); err != nil {
					return err
				}
				return visitstore.Since(tx, scope, time.Time{}, time.Time{}, func(visit.Visit) error { visits++; return nil })
			}); err != nil {
				t.Fatal(err)
			}
			if got := [3]string{strings.Join(stores, " "), strings.Join(accounts, " "), fmt.Sprint(visits)}; got != want {
				t.Errorf("%s sees %q, want %q", handle, got, want)
			}
		}
	})
}

// TestOrPassesNoGate: a condition of several alternatives narrows what is in sight, and opens
// nothing beside it.
func TestOrPassesNoGate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCompany(t, db)
		if err := db.Read(ctx, func(tx *store.Tx) error {
			n, err := accountstore.Stores.In(access.Of(c.people["root"])).And("s.code = ? OR s.code = ?", "S1", "S2").Count(tx)
			if n != 0 {
				t.Errorf("somebody without a role sees %d stores", n)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// TestNumber: numbers go on behind the last of ours, also behind one that came in a file;
// others' numbers, and a year written as one, use none up.
func TestNumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		write(t, db, func(tx *store.Tx) error {
			a := account.Account{Code: "A", Name: "A"}
			if err := accountstore.Add(tx, &a); err != nil {
				return err
			}
			for _, c := range []struct{ given, want string }{{"", "OR-1001"}, {"OR-1007", "OR-1007"}, {"", "OR-1008"}, {"PO 77", "PO 77"}, {"OR-2026112300001", "OR-2026112300001"}, {"OR-02000", "OR-02000"}, {"", "OR-1009"}} {
				o := order.Order{Number: c.given, AccountID: a.ID, OrderedOn: "2026-11-23", Status: order.Accepted}
				if err := orderstore.Add(tx, &o); err != nil {
					return err
				}
				if o.Number != c.want {
					t.Errorf("%q became %s, want %s", c.given, o.Number, c.want)
				}
			}
			return nil
		})
	})
}

// TestFind: a look-up finds by code, name and likeness, within the gate.
func TestFind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCompany(t, db)
		for query, want := range map[string]int{"S1": 1, "s1": 1, "store": 1, "storre s1": 1, "S2": 0, "%": 0, "'; DROP TABLE stores; --": 0} {
			if err := db.Read(ctx, func(tx *store.Tx) error {
				found, err := accountstore.Find(tx, access.Of(c.people["rep1"]), query, accountstore.AnyPlace)
				if n := len(found); n < min(1, want) || want == 0 && n > 0 {
					t.Errorf("%q: %d found, want %d", query, n, want)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestTree: moving an account moves what is below it in sight and territory.
func TestTree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCompany(t, db)
		system := access.System("test")
		write(t, db, func(tx *store.Tx) error {
			before, _, err := accountstore.Accounts.In(system).And("a.code = ?", "AS3").One(tx)
			if err != nil {
				return err
			}
			parent, _, err := accountstore.Accounts.In(system).And("a.code = ?", "P").One(tx)
			if err != nil {
				return err
			}
			after := before
			after.ParentID, after.Territory = parent.ID, ""
			if err := accountstore.Accounts.Change(tx, before, after); err != nil {
				return err
			}
			child, _, err := accountstore.Accounts.In(system).And("a.code = ?", "AS3").One(tx)
			if err != nil {
				return err
			}
			loop := parent
			loop.ParentID = child.ID
			if err := tx.Try(func() error { return accountstore.Accounts.Change(tx, parent, loop) }); !fault.Is(err, fault.Invalid) {
				t.Errorf("a circle: %v", err)
			}
			return nil
		})
		for handle, want := range map[string]bool{"kam": true, "boss": false} {
			if err := db.Read(ctx, func(tx *store.Tx) error {
				_, ok, err := accountstore.Stores.In(access.Of(c.people[handle])).And("s.code = ?", "S3").One(tx)
				if ok != want {
					t.Errorf("%s sees S3: %v", handle, ok)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestUndo puts back what a line changed, unless somebody changed it since.
func TestUndo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := addPerson(t, db, "a", person.Rep)
		change := func(unit, name string) {
			if err := db.Write(ctx, func(tx *store.Tx) error {
				tx.By(store.Origin{Unit: unit, Person: p.ID, Source: "test"})
				now, _, err := personstore.ByID(tx, p.ID)
				if err != nil {
					return err
				}
				after := now
				after.Name = name
				return personstore.People.Change(tx, now, after)
			}); err != nil {
				t.Fatal(err)
			}
		}
		undo := func(unit string) error {
			return db.Write(ctx, func(tx *store.Tx) error {
				tx.By(store.Origin{Person: p.ID, Source: "test"})
				lines, err := store.UnitLines(tx, unit)
				if err != nil {
					return err
				}
				return store.Undo(tx, lines[0])
			})
		}
		change("u1", "B")
		change("u2", "C")
		if err := undo("u1"); !fault.Is(err, fault.Conflict) {
			t.Errorf("an older change: %v", err)
		}
		if err := undo("u2"); err != nil {
			t.Error(err)
		}
		if err := db.Read(ctx, func(tx *store.Tx) error {
			now, _, err := personstore.ByID(tx, p.ID)
			if now.Name != "B" {
				t.Errorf("name %q", now.Name)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// TestDrafts: one open draft in a place.
func TestDrafts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := addPerson(t, db, "a", person.Rep)
		place := chat.Place{Platform: chat.Telegram, Room: "1"}
		var kept atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := db.Write(ctx, func(tx *store.Tx) error {
					_, err := tx.Exec(`INSERT INTO drafts (id, person_id, platform, room, form, state, body, updated_at) VALUES ($1, $2, $3, $4, 'f', 'open', '{}', 1)`,
						store.NewID(), p.ID, string(place.Platform), place.Room)
					return err
				}); err == nil {
					kept.Add(1)
				}
			})
		}
		all.Wait()
		if kept.Load() != 1 {
			t.Errorf("%d open drafts", kept.Load())
		}
	})
}

// TestPurge takes what is done and as old as the company says, and nothing of the
// business.
func TestPurge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		db.Now = func() time.Time { return now }
		newCompany(t, db)
		write(t, db, func(tx *store.Tx) error {
			if _, err := tx.MarkOnce("morning", "p", "2026-01-01"); err != nil {
				return err
			}
			if err := tx.AddKeyboards([]store.Keyboard{{ID: "b", PersonID: "p", Until: now.AddDate(0, 0, 14)}}); err != nil {
				return err
			}
			_, err := tx.Receive("old")
			return err
		})
		keep := store.Retention{Inbox: 7, Outbox: 30, Drafts: 30, Buttons: 10}
		left := func() (out []string) {
			t.Helper()
			write(t, db, func(tx *store.Tx) error { _, err := tx.Purge(keep); return err })
			if err := db.Read(ctx, func(tx *store.Tx) error {
				kept, err := tx.Kept(keep)
				for _, k := range kept {
					if k.Rows > 0 {
						out = append(out, k.Name)
					}
					if k.Bytes <= 0 {
						t.Errorf("%s take %d bytes", k.Name, k.Bytes)
					}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return out
		}
		for _, x := range []struct {
			days int
			want []string
		}{{6, []string{"inbox", "buttons", "reminders"}}, {8, []string{"buttons", "reminders"}}, {23, []string{"buttons", "reminders"}}, {25, []string{"reminders"}}, {61, nil}} {
			now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, x.days)
			if got := left(); !slices.Equal(got, x.want) {
				t.Errorf("after %d days there are %v, want %v", x.days, got, x.want)
			}
		}
		for table, want := range map[string]int64{"visits": 3, "stores": 3} {
			if err := db.Read(ctx, func(tx *store.Tx) error {
				n, _, err := store.One[int64](tx, `SELECT count(*) FROM `+table)
				if n != want {
					t.Errorf("%s holds %d, want %d", table, n, want)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestDamaged: a file that is no database is refused; the error names no path
// but the file's.
func TestDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(ctx, "sqlite:"+path)
	if err == nil {
		_ = db.Close() // it should not have opened
		t.Fatal("a damaged file was opened")
	}
	if !store.Unavailable(errors.Unwrap(err)) && !store.Unavailable(err) {
		t.Errorf("error %v", err)
	}
}

// TestNoSecretInErrors: a password in the address is never printed.
func TestNoSecretInErrors(t *testing.T) {
	for _, url := range []string{"postgres://u:very-secret@127.0.0.1:1/x", "postgres://u:very-secret@[bad", "mysql://u:very-secret@h/x"} {
		db, err := store.Open(ctx, url)
		if err == nil {
			err = db.Ping(ctx)
			if !store.Unavailable(err) {
				t.Errorf("a server that is away: %v", err)
			}
			_ = db.Close() // nothing was open
		}
		if err == nil || strings.Contains(err.Error(), "very-secret") {
			t.Errorf("%v", err)
		}
	}
}
