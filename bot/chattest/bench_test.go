package chattest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/chattest"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

const senders = 64

// crowd adds senders with a store each.
func crowd(b *testing.B, w *chattest.World) {
	b.Helper()
	if err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
		tx.By(store.Origin{Source: "test"})
		a := account.Account{Code: "BENCH", Name: "Bench"}
		if err := accountstore.Add(tx, &a); err != nil {
			return err
		}
		for i := range senders {
			p := person.Person{Handle: fmt.Sprintf("rep%d", i), Name: fmt.Sprintf("Rep %d", i), Roles: []person.Role{person.Rep}, Status: "active", ZoneKnown: true}
			if err := personstore.People.Add(tx, &p); err != nil {
				return err
			}
			id := fmt.Sprintf("UB%d", i)
			if err := personstore.Link(tx, person.Identity{Platform: "slack", ExternalID: id, PersonID: p.ID, Room: id, SeenAt: tx.Now}); err != nil {
				return err
			}
			s := account.Store{Code: fmt.Sprintf("B%d", i), Name: fmt.Sprintf("Bench store %d", i), AccountID: a.ID, RepID: p.ID, Class: "A"}
			if err := accountstore.AddStore(tx, &s); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkVisitLog is one signed /visit log over HTTP with all it takes:
// signature, inbox, identity, look-up, rules, visit, audit and outbox rows,
// durable commit, reply. 64 senders, distinct stores, the load generator on
// the same machine, the messages going out beside it.
func BenchmarkVisitLog(b *testing.B) {
	for _, engine := range storetest.Engines {
		b.Run(engine, func(b *testing.B) {
			w := chattest.Start(b, chattest.Options{Engine: engine, Slack: "http", Running: true, Now: time.Now()})
			w.Slack.IgnoreUnread()
			crowd(b, w)
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
			var next, wrong atomic.Int64
			took := make([]time.Duration, b.N)
			b.ResetTimer()
			var all sync.WaitGroup
			for i := range senders {
				all.Go(func() {
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						body := url.Values{"command": {"/visit"}, "text": {fmt.Sprintf("log B%d intent=strong needs=n%d", i, n)}, "user_id": {fmt.Sprintf("UB%d", i)}, "channel_id": {"C1"}, "trigger_id": {fmt.Sprintf("t%d", n)}}.Encode()
						request, err := http.NewRequest(http.MethodPost, w.URL+"/slack/commands", strings.NewReader(body))
						if err != nil {
							b.Error(err)
							return
						}
						request.Header = chattest.Sign(chattest.SlackSecret, time.Now(), body)
						start := time.Now()
						response, err := client.Do(request)
						if err != nil {
							b.Error(err)
							return
						}
						data := make([]byte, 4096)
						length, _ := response.Body.Read(data) // the answer is short
						_ = response.Body.Close()
						took[n-1] = time.Since(start)
						if !strings.Contains(string(data[:length]), "✅") {
							wrong.Add(1)
						}
					}
				})
			}
			all.Wait()
			b.StopTimer()
			if wrong.Load() > 0 {
				b.Errorf("%d answers were wrong", wrong.Load())
			}
			slices.Sort(took)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "visits/s")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// BenchmarkToday is /today of one rep, answered on the request.
func BenchmarkToday(b *testing.B) {
	for _, engine := range storetest.Engines {
		b.Run(engine, func(b *testing.B) {
			w := chattest.Start(b, chattest.Options{Engine: engine, Slack: "http"})
			u := chat.Update{Place: chat.Place{Platform: chat.Slack, Room: chattest.AnnaSlack, Private: true}, Actor: chat.Actor{Platform: chat.Slack, ID: chattest.AnnaSlack}, Kind: chat.Command, Name: "today", Answered: true}
			b.ResetTimer()
			for range b.N {
				if reply, err := w.Daemon.App.Deliver(context.Background(), u); err != nil || reply.Title == "" {
					b.Fatal(reply, err)
				}
			}
		})
	}
}
