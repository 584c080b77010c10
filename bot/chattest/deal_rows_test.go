package chattest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fieldbot/bot/chattest"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/access"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// TestFunnelAnswers: ten lines and a picture, and every figure opens to the
// deals behind it.
func TestFunnelAnswers(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, funnelAnswers)
}

func funnelAnswers(t *testing.T, w *chattest.World) {
	for _, c := range []struct {
		who, line, has string
		opens          bool // every button is pressed: each needs the answer, with its picture, again
	}{
		{"tom", "/funnel", "Capacity now: 5 deals, CN¥777,000.00, weighted CN¥306,200.00", true},
		{"martin", "/funnel team", "Capacity now: 5 deals", false},
		{"wang.fang", "漏斗 华东", "现在容量：6个", false},
		{"wang.fang", "漏斗 永辉超市 期间=今年", "现在容量：1个", true},
		{"tom", `/funnel product="Chips 150 g"`, "Capacity now: 3 deals", false},
		{"martin", "/funnel tom period=quarter", "Capacity now: 5 deals", false},
	} {
		s := w.Speaker("terminal", c.who)
		s.Say(c.line)
		m := s.Read()
		has(t, m, c.has)
		if n := len(strings.Split(m.Text, "\n")); n > 11 {
			t.Errorf("%s: %d lines with the title", c.line, n)
		}
		for _, b := range m.Buttons {
			if !c.opens || strings.HasSuffix(b.Label, "counted") || strings.HasSuffix(b.Label, "算的") {
				continue
			}
			s.Say(c.line)
			s.Read()
			s.Press(b.Label)
			rows := s.Read()
			if !strings.Contains(rows.Text, "· D-10") {
				t.Errorf("%s [%s] opens to %s", c.line, b.Label, rows.Text)
			}
		}
	}
}

// TestDealsOnRows: over random commands of several people, what the rows say
// agrees with itself: no gate was passed closed, stages and months hold every
// open deal to the cent, and history tells where each stands.
func TestDealsOnRows(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	f := deal.Default()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		number := rapid.SampledFrom([]string{"D-1010", "D-1011", "D-1012", "D-1013", "D-1014"}).Draw(t, "deal")
		for range rapid.IntRange(1, 6).Draw(t, "commands") {
			w.Pass(time.Duration(rapid.IntRange(3, 3000).Draw(t, "minutes")) * time.Minute)
			c := rapid.SampledFrom([]string{"contract signed", "clear need", "timetable", "core need clear", "tender won", "talks with an end date", "budget range", "sponsor"}).Draw(t, "criterion")
			s := rapid.SampledFrom(f).Draw(t, "stage")
			owner, _, _ := f.Owner(map[string]string{"contract signed": "contract_signed", "clear need": "clear_need", "timetable": "timetable", "core need clear": "core_need", "tender won": "tender_won", "talks with an end date": "talks_dated", "budget range": "budget_range", "sponsor": "sponsor"}[c])
			line := rapid.SampledFrom([]string{
				fmt.Sprintf("/deal criteria %s stage=%s criterion=%q note=yes", number, owner.Code, c), fmt.Sprintf("/deal untick %s criterion=%q reason=no", number, c),
				"/deal advance " + number, fmt.Sprintf("/deal advance %s to=%s", number, s.Code), fmt.Sprintf("/deal back %s stage=%s reason=x", number, s.Code), fmt.Sprintf("/deal override %s stage=%s reason=x", number, s.Code),
				"/deal lost " + number + " why=price", fmt.Sprintf("/deal restore %s stage=%s reason=x", number, s.Code), "/deal stall " + number + " reason=x wake=+9d", fmt.Sprintf("/deal edit %s value=%d.%02d", number, n*7919, n%100), "/undo",
			}).Draw(t, "line")
			talk(w, rapid.SampledFrom([]string{"tom", "martin"}).Draw(t, "who"), line, "/cancel")
		}
		if err := agree(w, f); err != nil {
			t.Fatal(err)
		}
	})
}

// agree reports what of the rows of deals contradicts the rest.
func agree(w *chattest.World, f deal.Funnel) error {
	system := access.System("test")
	return w.DB.Read(context.Background(), func(tx *store.Tx) error {
		var deals, value, weighted int64
		var all []deal.Deal
		if err := dealstore.Since(tx, system, time.Time{}, time.Time{}, func(d deal.Deal) error { all = append(all, d); return nil }); err != nil {
			return err
		}
		for _, d := range all {
			lines, err := dealstore.History(tx, system, d.ID)
			if err != nil {
				return err
			}
			var since time.Time
			for _, e := range lines {
				if !e.Undone {
					since = e.At
				}
			}
			if stage, status := deal.Replay(lines); stage != d.Stage || status != d.Status || !since.Equal(d.EnteredStageAt) {
				return fmt.Errorf("%s stands at %s %s since %s, its history at %s %s since %s", d.Number, d.Stage, d.Status, d.EnteredStageAt, stage, status, since)
			}
			if err := gatesOpen(tx, f, d, lines); err != nil {
				return err
			}
			if d.Status == deal.Open {
				deals, value, weighted = deals+1, value+d.Value, weighted+deal.Weighted(d.Value, f.Stage(d.Stage).Weight)
			}
		}
		rows, err := dealstore.Figures(tx, system, dealstore.Asked{Funnel: f, Until: tx.Now, Today: "2026-11-23", Now: tx.Now, Zone: time.UTC})
		n := deal.Measure(f, rows)
		var stages, months [3]int64
		for _, s := range n.Stages {
			stages = [3]int64{stages[0] + s.Deals, stages[1] + s.Value, stages[2] + s.Weighted}
		}
		for _, m := range n.Forecast {
			months = [3]int64{deals, months[1] + m.Value, months[2] + m.Weighted}
		}
		if want := [3]int64{deals, value, weighted}; stages != want || months != want && deals > 0 {
			return fmt.Errorf("%v open, by stage %v, by month %v", want, stages, months)
		}
		return err
	})
}

// gatesOpen looks at each line that says gate, with the ticks that stood then.
func gatesOpen(tx *store.Tx, f deal.Funnel, d deal.Deal, lines []deal.Entry) error {
	ticks, err := store.Rows[deal.Tick](tx, `SELECT `+store.Columns[deal.Tick]("k")+` FROM deal_ticks k WHERE k.deal_id = $1`, d.ID)
	if err != nil {
		return err
	}
	for _, e := range lines {
		if e.How != deal.ByGate || e.At.Before(chattest.Monday) {
			continue // the demo's own past has its ticks later
		}
		met := func(code string) bool {
			for _, k := range ticks {
				if k.Criterion == code && !k.CreatedAt.After(e.At) && (k.Status == deal.Active || k.UpdatedAt.After(e.At)) {
					return true
				}
			}
			return false
		}
		if _, open := f.Way(e.From, e.To, d.Size, met); !open {
			return fmt.Errorf("%s went from %s to %s by a gate that was closed", d.Number, e.From, e.To)
		}
	}
	return nil
}
