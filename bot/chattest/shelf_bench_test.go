package chattest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
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

// BenchmarkShelf is what people wait for among 1,000,000 lines of audits in 10,000 stores,
// and among a tenth of them. It takes minutes:
//
//	go test ./bot/chattest -run '^$' -bench Shelf -benchtime 50x -timeout 30m
func BenchmarkShelf(b *testing.B) {
	for _, engine := range storetest.Engines {
		for _, audits := range []int{10_000, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", engine, 10*audits), func(b *testing.B) {
				w := largeWorld(b, engine, demo.Size{Stores: 10_000, Audits: audits})
				say := saying(w)
				b.Run("history of a store", say("rep3", "shelf", "history S0000605"))
				b.Run("week of a territory", sayingOn(w, chat.Telegram)("9m0", "shelf", `score period="last week"`))
				b.Run("audit in a line", say("rep3", "shelf", "S0000605 oos=L3 price=L4=3.79"))
				b.Run("press on the keyboard", pressing(w, "rep3", "S0000606"))
			})
		}
	}
}

// pressing measures a press on the keyboard of an audit, until its edit is on its way.
func pressing(w *chattest.World, handle, place string) func(b *testing.B) {
	return func(b *testing.B) {
		u := chat.Update{Place: chat.Place{Platform: chat.Terminal, Room: handle, Private: true}, Actor: chat.Actor{Platform: chat.Terminal, ID: handle}, Answered: true}
		deliver := func(kind chat.Kind, name, text string) chat.Reply {
			u.ID, u.Kind, u.Name, u.Text = store.NewID(), kind, name, text
			reply, err := w.Daemon.App.Deliver(context.Background(), u)
			if err != nil || len(reply.Buttons) == 0 {
				b.Fatal(reply, err)
			}
			return reply
		}
		reply := deliver(chat.Command, "shelf", place)
		took := make([]time.Duration, b.N)
		for i := range b.N {
			start := time.Now()
			reply = deliver(chat.Press, reply.Buttons[i%5][0].ID, "")
			took[i] = time.Since(start)
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
	}
}

// BenchmarkSellout is a million rows of a chain's sell-out from CSV.
func BenchmarkSellout(b *testing.B) {
	for _, engine := range storetest.Engines {
		for _, rows := range []int{100_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/%d", engine, rows), func(b *testing.B) {
				w := largeWorld(b, engine, demo.Size{Stores: 10_000, Audits: 10})
				var csv strings.Builder
				csv.WriteString("store_code,product_code,week_on,units,value,stock\n")
				for i := range rows {
					fmt.Fprintf(&csv, "S%07d,L%d,%s,%d,%d.00,%d\n", i%10_000, i/10_000%10, time.Date(2026, 1, 5+7*(i/100_000), 0, 0, 0, 0, time.UTC).Format("2006-01-02"), i%50, i%200, i%80)
				}
				path := filepath.Join(b.TempDir(), "sellout.csv")
				if err := os.WriteFile(path, []byte(csv.String()), 0o600); err != nil {
					b.Fatal(err)
				}
				csv.Reset()
				b.ResetTimer()
				for range b.N {
					start := time.Now()
					table, err := sheet.Open(path, sheet.Options{})
					if err != nil {
						b.Fatal(err)
					}
					result, err := files.Import(context.Background(), w.DB, w.Config, "sellout", table, files.Options{})
					if err != nil || result.New+result.Same != rows {
						b.Fatal(result.New, len(result.Bad), err)
					}
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					b.ReportMetric(time.Since(start).Seconds(), "import-s")
					b.ReportMetric(float64(m.HeapSys-m.HeapReleased)/(1<<20), "heap-MB")
				}
			})
		}
	}
}
