package chattest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/bot/config"
	"fieldbot/bot/deal"
	"fieldbot/bot/files"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

// dialogue is who says what, and what the answer holds.
type dialogue []struct{ who, line, want string }

func (d dialogue) play(t *testing.T, w *chattest.World) {
	t.Helper()
	for _, x := range d {
		if m := talk(w, x.who, x.line); !strings.Contains(m.Text, x.want) {
			t.Errorf("%s %s: %s", x.who, x.line, m.Text)
		}
	}
}

// write changes rows behind the bot's back.
func write(t *testing.T, w *chattest.World, statement string) {
	t.Helper()
	if err := w.DB.Write(context.Background(), func(tx *store.Tx) error { _, err := tx.Exec(statement); return err }); err != nil {
		t.Fatal(err)
	}
}

// TestWonWithoutReason: why a deal was won need not be said, and who is asked
// can still answer everything else.
func TestWonWithoutReason(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := chattest.Start(t, chattest.Options{DB: db})
		dialogue{
			{"chen.jing", "商机 赢单 D-1006", "已请王芳确认赢单"},
			{"chen.jing", "商机 赢单 D-1006", "已经请王芳审批了"},
			{"wang.fang", "审批", "D-1006 便利店收银台挂条（好又多便利，¥60,000.00）赢单"},
			{"wang.fang", "今天", "D-1006"},
			{"wang.fang", "商机 赢单 D-1006 原因=客情", "🏆 赢单"},
			{"wang.fang", "审批", "没有等你审批的"},
		}.play(t, w)
	})
}

// TestDealGiven: a deal is its owner's to give, and its manager's to take; who
// reads its sheet is for its team to say.
func TestDealGiven(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	dialogue{
		{"tom", "/deal team D-1013 add=anna", "Anna Schmidt"},
		{"anna", "/deal handover D-1013 to=anna", "for Tom Becker to hand over"},
		{"martin", "/deal sheet D-1013", "no negotiation sheet"},
		{"martin", "/deal team D-1013 add=martin", "Only the team of D-1013"},
		{"tom", "/deal handover D-1013 anna", "Anna Schmidt is asked to take over"},
		{"tom", "/deal handover D-1013 martin", "Martin Vogel is asked to take over"}, // in place of Anna
		{"anna", "/approve", "Nothing waits"},
		{"tom", "/deal lost D-1013 why=other", "Lost: D-1013"},
		{"martin", "/approve", "Nothing waits"}, // nobody takes over what has ended
		{"tom", "/deal restore D-1013 stage=endorsed reason=x", "lost → Endorsed"},
		{"martin", "/deal handover D-1013 to=martin", "yours now"},
		{"tom", "/deal handover D-1013 to=tom", "for Martin Vogel to hand over"},
	}.play(t, w)
}

// TestAskedOfAnother: an answer counts for what was asked; a value that changed
// is asked about anew.
func TestAskedOfAnother(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	dialogue{
		{"chen.jing", "商机 赢单 D-1006", "已请王芳确认赢单"},
		{"chen.jing", "商机 修改 D-1006 金额=9000万", "已修改"},
		{"wang.fang", "审批", "没有等你审批的"},
		{"chen.jing", "商机 赢单 D-1006", "已请王芳确认赢单"},
		{"wang.fang", "审批", "¥90,000,000.00"},
	}.play(t, w)
}

// TestUndoneIsUndone: what was taken back was never held, counts in no figure,
// and leaves the days in stage as they were; a deal whose making was undone is
// no more.
func TestUndoneIsUndone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := chattest.Start(t, chattest.Options{DB: db})
		before := w.Export("funnel")
		for _, line := range []string{"/deal stall D-1014 reason=x wake=+9d", "/deal lost D-1013 why=price", `/deal back D-1012 target reason=x`, "/deal override D-1010 stage=closing reason=oops"} {
			who := "tom"
			if strings.Contains(line, "override") {
				who = "martin"
			}
			talk(w, who, line)
			if m := talk(w, who, "/undo"); !strings.Contains(m.Text, "Undone") {
				t.Errorf("%s: %s", line, m.Text)
			}
		}
		if after := w.Export("funnel"); after != before {
			t.Errorf("figures changed:\n%s\n%s", before, after)
		}
		dialogue{
			{"tom", "/deal edit D-1014 title=Quux products=Zzz", "Saved"},
			{"tom", "/undo", "Undone"},
			{"tom", "/deal Quux", "No deal called"},
			{"tom", "/deal Second shelf", "Negotiation, 23 days"},
			{"tom", "/funnel product=Zzz", "No deals here"},
			{"tom", "/funnel product=Chips 150 g", "Capacity now: 3 deals"},
			{"tom", "/deal lost D-1010 why=other to=nobody", "Lost: D-1010"},
			{"tom", "/deal restore D-1010 stage=closing reason=hm", "found nothing"},
			{"tom", "/cancel", ""},
			{"tom", "/deal new Nordmarkt title=Temp value=500 closes=+30d", "New deal D-1017"},
			{"tom", "/undo", "Undone"},
			{"tom", "/deal D-1017", "No deal called"},
			{"tom", "/deal criteria D-1016 criterion=tender note=x", "is lost. Open it again first"},
			{"tom", "/deal back D-1013 target reason=x", "Endorsed → Target"},
			{"tom", "/deal stall D-1013 reason=x wake=+9d", "Put aside"},
			{"tom", "/deal restore D-1013 stage=endorsed reason=x", ""}, // it was put aside in target
		}.play(t, w)
		if s := column(t, w, `SELECT stage FROM deals WHERE number = 'D-1013'`); s != "target" {
			t.Errorf("woken in %s", s)
		}
		if err := agree(w, deal.Default()); err != nil {
			t.Error(err)
		}
	})
}

// TestSizeOpensNothing: how large a customer is, is the account's to say.
func TestSizeOpensNothing(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	dialogue{
		{"tom", "/deal back D-1012 intent reason=again", "Project → Intent"},
		{"tom", "/deal untick D-1012 timetable reason=gone", "Tick taken back"},
		{"tom", "/deal edit D-1012 size=small", "Saved"},
		{"tom", "/deal advance D-1012", "a large customer needs all 4, 1 missing"},
	}.play(t, w)
	_, rows := exported(t, w, "deals")
	for _, row := range rows.Rows {
		if row.Cells[slices.Index(rows.Header, "number")] != "D-1012" {
			continue
		}
		if missing := row.Cells[slices.Index(rows.Header, "criteria_missing")]; missing != "timetable" {
			t.Errorf("the file says that %q is missing, the chat timetable", missing)
		}
	}
}

// TestLeavers: what a leaver owned or held goes to somebody who works here, also
// when it is opened again later.
func TestLeavers(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	s := w.Speaker("terminal", "martin")
	s.Say("/account handover martin from=tom")
	m := s.Read()
	has(t, m, "5 deals")
	s.Press("Hand over")
	has(t, s.Read(), "From Tom Becker to Martin Vogel")
	if n := w.Count(`SELECT count(*) FROM deals d JOIN people p ON p.id IN (d.owner_id, d.holder_id) WHERE p.handle = 'tom' AND d.status IN ('open', 'stalled')`); n != 0 {
		t.Errorf("%d deals stayed", n)
	}
	write(t, w, `UPDATE people SET status = 'off' WHERE handle = 'tom'`)
	dialogue{
		{"martin", "/deal repeat D-1015 title=Again value=5", "New deal D-1017 Again"},
		{"martin", "/deal restore D-1016 stage=endorsed reason=x", "lost → Endorsed"},
	}.play(t, w)
	if n := w.Count(`SELECT count(*) FROM deals d JOIN people p ON p.id = d.owner_id AND p.id = d.holder_id WHERE p.handle = 'martin' AND d.number IN ('D-1016', 'D-1017')`); n != 2 {
		t.Errorf("opened for somebody who left")
	}
}

// TestNobodyAbove: where nobody can agree, it is said, and nothing is won.
func TestNobodyAbove(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	write(t, w, `UPDATE people SET reports_to = '' WHERE handle = 'chen.jing'`)
	write(t, w, `UPDATE people SET reports_to = (SELECT id FROM people WHERE handle = 'tom') WHERE handle = 'anna'`)
	write(t, w, `UPDATE deals SET stage = 'closing', owner_id = (SELECT id FROM people WHERE handle = 'anna') WHERE number = 'D-1010'`)
	dialogue{
		{"chen.jing", "商机 赢单 D-1006 原因=客情", "负责人没有上级"},
		{"tom", "/deal won D-1010 why=price", "🏆 Won"}, // he leads her
	}.play(t, w)
}

// TestStrangeStage: a deal that a config has left behind is told of, not
// tripped over.
func TestStrangeStage(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	write(t, w, `UPDATE deals SET stage = 'gone' WHERE number IN ('D-1013', 'D-1016')`)
	dialogue{
		{"tom", "/deal advance D-1013 to=closing", "which is not in the funnel any more"},
		{"tom", "/deal back D-1013 intent reason=x", ""},
		{"tom", "/cancel", ""},
		{"tom", "/deal D-1013", "Checkout coolers"},
		{"tom", "/deal D-1016", "Private label pretzels"},
		{"tom", "/deal", "D-1012"},
		{"tom", "/funnel", "Capacity now: 5 deals"},
	}.play(t, w)
}

// TestFilesOfTheirTime: files stay good after the stages have changed, one odd
// number keeps nobody from new deals, and an override stays shown.
func TestFilesOfTheirTime(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	_, old := exported(t, w, "deals")
	dialogue{{"martin", "/deal override D-1013 stage=closing reason=fair", "Endorsed → Closing"}, {"martin", "/deal restore D-1016 stage=endorsed reason=x", "lost → Endorsed"}}.play(t, w)
	bring := func(kind, rows string) {
		result, err := files.Import(context.Background(), w.DB, w.Config, kind, table(t, kind, rows), files.Options{})
		if err != nil || len(result.Bad) > 0 {
			t.Fatalf("%s: %+v %v", kind, result, err)
		}
	}
	if _, err := files.Import(context.Background(), w.DB, w.Config, "deals", old, files.Options{}); err != nil {
		t.Fatal(err)
	}
	has(t, talk(w, "tom", "/deal D-1013"), "A gate was overridden", "Endorsed, 0 days")
	bring("deals", "number,title,account_code\nD-9223372036854775807,odd,K010\nD-20261121,a day,K010")
	has(t, talk(w, "tom", "/deal new Nordmarkt title=Next value=1 closes=+9d"), "New deal D-")
	if err := agree(w, deal.Default()); err != nil {
		t.Error(err)
	}
	approvals("")(w.Config)
	w.Config.Deals.Stages[3].Code, w.Config.Deals.Stages[3].Was, w.Config.Deals.Stages[3].Name = "chosen", []string{"endorsed"}, config.Name{Zh: "选定", En: "Chosen"}
	w.Config.Deals.Stages[1].Criteria = []config.Criterion{{Code: "comparing"}, {Code: "clear_need"}}
	csv, _ := exported(t, w, "deals")
	bring("deals", csv)
}

// TestDealWords: words that mean a command are one, also while a reason is
// asked; a number alone opens the deal; a chain is meant before its stores.
func TestDealWords(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	tom := w.Speaker("terminal", "tom")
	tom.Say("deal back coolers Project")
	has(t, tom.Read(), "Why?")
	tom.Say("deal show D-1012")
	has(t, tom.Read(), "Christmas end caps")
	if s := column(t, w, `SELECT stage FROM deals WHERE number = 'D-1013'`); s != "endorsed" {
		t.Errorf("moved for that reason: %s", s)
	}
	dialogue{
		{"tom", "/cancel", ""},
		{"tom", "D-1014", "Second shelf bay 2027"},
		{"tom", "/deal 1014", "Second shelf bay 2027"},
		{"tom", "/deal list lost", "Private label pretzels"},
		{"chen.jing", "商机 列表 丢单", "大润发自有品牌代工"},
		{"tom", "/deal advance 1013 to negotiation", "cannot move yet"},
		{"tom", "/deal criteria coolers contract draft", "fits several"},
		{"tom", "/cancel", ""},
		{"tom", "/deal criteria coolers our contract draft", "What shows it?"},
		{"tom", "sent this morning", "☑ our contract draft"},
		{"chen.jing", "漏斗 大润发 期间=本季", "漏斗 · 大润发 RT-Mart · 10月1日"},
		{"chen.jing", "漏斗 期间=上季度", "7月1日 周三至9月30日 周三"},
		{"tom", "/funnel period=7-1..9-30", "Wed 1 Jul to Wed 30 Sep"},
		{"martin", "/deal", "Tom Becker: 5 open"},
		{"tom", "/deal new Kiosk 14 title=Ice value=80.000", "Do you mean 80000 or 80.00?"},
		{"tom", "80k", ""},
		{"tom", "/cancel", ""},
		{"tom", "/deal new Kiosk 14 title=Ice value=€80", "Wrong currency"},
		{"tom", "/cancel", ""},
		{"tom", "/deal new Nordmarkt title=\"Checkout cooler\" value=5", "already has an open deal D-1013 Checkout coolers"},
		{"tom", "/cancel", ""},
		{"tom", "/deal restore", "D-1016"},
	}.play(t, w)
}

// TestPhotoProves: a photo is proof enough; it is fetched and kept with the
// tick.
func TestPhotoProves(t *testing.T) {
	t.Parallel()
	w, _, tom, _ := office(t)
	w.Telegram.AddFile("draft", []byte("jpeg draft"))
	say(t, tom, `/deal criteria D-1013 our contract draft`, "What shows it?")
	tom.Send(map[string]any{"photo": []any{map[string]any{"file_id": "draft", "width": 100, "height": 100, "file_unique_id": "u"}}})
	has(t, tom.Read(), "Photos: 1 photo", "our contract draft")
	tom.Press("Save")
	has(t, tom.Read(), "☑ our contract draft", "1 photo")
	waitFor(t, func() bool {
		return column(t, w, `SELECT p.state FROM photos p JOIN deal_ticks k ON p.subject = 'deal_ticks:' || k.id WHERE k.criterion = 'our_draft'`) == "stored"
	})
}

// TestQuestionsEnd: a question about what is no more, or is somebody else's now,
// waits for nobody, and keeps nothing else waiting.
func TestQuestionsEnd(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	dialogue{
		{"anna", "/account tier K011", "Spree Kiosk"},
		{"tom", "/deal new Nordmarkt title=Temp value=500 closes=+30d", "New deal D-1017"},
		{"martin", "/deal handover D-1017 anna", "is asked to take over"},
		{"tom", "/undo", "Undone"},
		{"anna", "/approve", "Nothing waits"},
		{"anna", "/today", "Today"},
		{"tom", "/deal handover D-1013 anna", "is asked to take over"},
	}.play(t, w)
	s := w.Speaker("terminal", "martin")
	s.Say("/account handover martin from=tom")
	s.Read()
	s.Press("Hand over")
	s.Read()
	dialogue{
		{"anna", "/approve", "Nothing waits"},
	}.play(t, w)
}

// TestBehindTheName: words behind a deal's name fill what is still open, or are
// asked about; they rename nothing.
func TestBehindTheName(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	dialogue{
		{"tom", "/deal edit coolers 500000", `what "500000" is for`},
		{"tom", "/deal D-1013", "D-1013 Checkout coolers"},
		{"tom", "/deal stall D-1014 budget frozen", "When shall I wake it?"},
		{"tom", "+30d", "Put aside"},
		{"tom", "/deal restore D-1014 budget is back", "put aside → Negotiation"},
		{"tom", "deal back coolers Project", "Why?"},
		{"tom", "deal D-1012", "Christmas end caps"},
		{"tom", "D-1012", "Christmas end caps"},
		{"tom", "/cancel", "Cancelled"},
		{"tom", "/deal new", "Which customer?"},
		{"tom", "Spree Kiosk", "What is it about?"},
		{"tom", "Foo", "What is it worth?"},
		{"tom", "back", "What is it about?"},
		{"tom", "Bar", "What is it worth?"},
		{"tom", "45k", "When do you expect to close?"},
		{"tom", "skip", "Save it as it is"},
		{"tom", "/cancel", "Cancelled"},
		{"wang.fang", "商机", "王芳团队的在手商机"},
	}.play(t, w)
}
