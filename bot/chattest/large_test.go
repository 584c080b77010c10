package chattest_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/bot/demo"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/talk/chat"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// largeWorld is a company of some size with its daemon.
func largeWorld(b *testing.B, engine string, size demo.Size) *chattest.World {
	b.Helper()
	w := chattest.Start(b, chattest.Options{Engine: engine, Now: at(b, "Asia/Shanghai", "2026-11-23 10:00")})
	if err := demo.Large(context.Background(), w.DB, w.Config, size); err != nil {
		b.Fatal(err)
	}
	if engine == "postgres" {
		if err := w.DB.Write(context.Background(), func(tx *store.Tx) error { _, err := tx.Exec("ANALYZE"); return err }); err != nil {
			b.Fatal(err)
		}
	}
	return w
}

// BenchmarkLarge is what people wait for in a company of 100,000 stores and
// 1,000,000 visits, and in one of a tenth. It takes minutes:
//
//	go test ./bot/chattest -run '^$' -bench Large -benchtime 50x -timeout 30m
func BenchmarkLarge(b *testing.B) {
	for _, engine := range storetest.Engines {
		for _, size := range []demo.Size{{Stores: 10_000, Visits: 100_000}, {Stores: 100_000, Visits: 1_000_000}} {
			b.Run(fmt.Sprintf("%s/%d", engine, size.Stores), func(b *testing.B) {
				w := largeWorld(b, engine, size)
				say := saying(w)
				b.Run("today", say("rep3", "today", ""))
				b.Run("due", say("rep3", "visit", "due"))
				b.Run("plan", say("rep3", "visit", "plan"))
				b.Run("find own by part", say("rep3", "account", "杨浦店 60"))
				b.Run("find own by initials", say("rep3", "account", "drfyp"))
				b.Run("find own with a slip", say("rep3", "account", "Nordmarkd Weding"))
				b.Run("find in company by part", say("zhao.lei", "account", "杨浦店 60"))
				b.Run("find in company by initials", say("zhao.lei", "account", "drfyp"))
				b.Run("find in company by pinyin", say("zhao.lei", "account", "yonghui xuhui"))
				b.Run("find in company none", say("zhao.lei", "account", "nowhere at all"))
				b.Run("report month of a rep", say("rep3", "report", "visits"))
				b.Run("report month of a manager", say("boss0", "report", "visits"))
				b.Run("effort before a night", say("chief", "report", "effort"))
				for range 14 { // the night sums up a month a tick
					w.Daemon.App.Clock.Tick(context.Background())
				}
				b.Run("effort of the company", say("chief", "report", "effort"))
				b.Run("effort of a territory", say("boss0", "report", "effort"))
				b.Run("coverage of one's accounts", say("kam0", "account", "coverage"))
				clock := at(b, "Asia/Shanghai", "2026-11-23 08:10")
				b.Run("tick of a morning", func(b *testing.B) {
					digests := 0
					for range b.N {
						for clock = clock.Add(24 * time.Hour); clock.Weekday()%6 == 0; { // 00:10 UTC is the same day
							clock = clock.Add(24 * time.Hour)
						}
						w.Set(clock)
						n, _, err := w.Daemon.App.Clock.Remind(context.Background())
						if err != nil {
							b.Fatal(err)
						}
						digests += n
					}
					b.ReportMetric(float64(digests)/float64(b.N), "digests")
				})
				b.Run("tick with nothing due", func(b *testing.B) {
					for range b.N {
						if _, _, err := w.Daemon.App.Clock.Remind(context.Background()); err != nil {
							b.Fatal(err)
						}
					}
				})
			})
		}
	}
}

// saying measures how long words take to be answered.
func saying(w *chattest.World) func(handle, family, text string) func(b *testing.B) {
	return sayingOn(w, chat.Terminal)
}

// sayingOn is the same on a platform. At the terminal a picture is a part of
// the answer; elsewhere it is made when its message leaves.
func sayingOn(w *chattest.World, platform chat.Platform) func(handle, family, text string) func(b *testing.B) {
	return func(handle, family, text string) func(b *testing.B) {
		return func(b *testing.B) {
			u := chat.Update{Place: chat.Place{Platform: platform, Room: handle, Private: true}, Actor: chat.Actor{Platform: platform, ID: handle}, Kind: chat.Command, Name: family, Text: text, Answered: true}
			took := make([]time.Duration, b.N)
			for i := range b.N {
				u.ID = store.NewID()
				start := time.Now()
				if reply, err := w.Daemon.App.Deliver(context.Background(), u); err != nil || platform == chat.Terminal && reply.Text == "" && reply.Title == "" {
					b.Fatal(reply, err)
				}
				took[i] = time.Since(start)
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
		}
	}
}

// BenchmarkDeals is what people wait for among 100,000 deals with 500,000
// changes of stage. It takes minutes:
//
//	go test ./bot/chattest -run '^$' -bench Deals -benchtime 50x -timeout 30m
func BenchmarkDeals(b *testing.B) {
	for _, engine := range storetest.Engines {
		b.Run(engine, func(b *testing.B) {
			w := largeWorld(b, engine, demo.Size{Stores: 100_000, Deals: 100_000})
			say := saying(w)
			b.Run("board of one", say("rep3", "deal", "board"))
			b.Run("card", say("rep3", "deal", "L-53"))
			b.Run("find by part", say("rep3", "deal", "Deal 5303"))
			b.Run("today", say("rep3", "today", ""))
			b.Run("funnel of one", say("rep3", "funnel", ""))
			b.Run("funnel of a territory", say("boss0", "funnel", ""))
			w.Link("chief", "", "chief")
			b.Run("funnel of the company", sayingOn(w, chat.Telegram)("chief", "funnel", ""))
			b.Run("picture", func(b *testing.B) {
				var chief string
				if err := w.DB.Read(context.Background(), func(tx *store.Tx) (err error) {
					chief, _, err = store.One[string](tx, `SELECT id FROM people WHERE handle = 'chief'`)
					return err
				}); err != nil {
					b.Fatal(err)
				}
				var took []time.Duration
				for range b.N {
					start := time.Now()
					data, err := w.Daemon.App.MakeFile(context.Background(), chief, chat.File{Name: "funnel.png", Make: "funnel", Args: []string{"2025-11-24", "2026-11-23", "", "", "", "", "", "Company"}})
					if err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(start))
					b.ReportMetric(float64(len(data))/1000, "kB")
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
			})
		})
	}
}

// BenchmarkImport is 100,000 stores from CSV, with commands going on beside.
func BenchmarkImport(b *testing.B) {
	for _, engine := range storetest.Engines {
		b.Run(engine, func(b *testing.B) {
			from := largeWorld(b, engine, demo.Size{Stores: 100_000})
			table := func(kind string) *sheet.Source {
				var out bytes.Buffer
				if err := files.Export(context.Background(), from.DB, from.Config, kind, "csv", files.Span{}, &out); err != nil {
					b.Fatal(err)
				}
				path := filepath.Join(b.TempDir(), kind+".csv")
				if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
					b.Fatal(err)
				}
				t, err := sheet.Open(path, sheet.Options{})
				if err != nil {
					b.Fatal(err)
				}
				return t
			}
			tables := map[string]*sheet.Source{"people": table("people"), "accounts": table("accounts"), "stores": table("stores")}
			b.ResetTimer()
			for range b.N {
				w := chattest.Start(b, chattest.Options{Engine: engine})
				for _, kind := range []string{"people", "accounts"} {
					if _, err := files.Import(context.Background(), w.DB, w.Config, kind, tables[kind], files.Options{}); err != nil {
						b.Fatal(err)
					}
				}
				stop, worst := make(chan struct{}), make(chan time.Duration)
				go beside(w, stop, worst)
				start := time.Now()
				result, err := files.Import(context.Background(), w.DB, w.Config, "stores", tables["stores"], files.Options{SkipBad: true})
				if err != nil || result.New < 100_000 {
					b.Fatal(result.New, len(result.Bad), err)
				}
				b.ReportMetric(time.Since(start).Seconds(), "import-s")
				close(stop)
				b.ReportMetric(float64((<-worst).Milliseconds()), "longest-wait-ms")
			}
		})
	}
}

// beside logs visits until told to stop, and tells the longest wait.
func beside(w *chattest.World, stop chan struct{}, worst chan time.Duration) {
	s := w.Speaker("terminal", "anna")
	longest := time.Duration(0)
	for n := 0; ; n++ {
		select {
		case <-stop:
			worst <- longest
			return
		case <-time.After(20 * time.Millisecond):
		}
		start := time.Now()
		s.Say(fmt.Sprintf("/visit log \"Kiosk 14\" needs=n%d", n))
		longest = max(longest, time.Since(start))
		s.Read()
	}
}
