package chattest_test

import (
	"strings"
	"testing"

	"fieldbot/bot/chattest"
)

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

// TestNotTaken: a place that is only somewhat alike is offered, not taken, and
// one wrong word of a line loses none of the others.
func TestNotTaken(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	say(t, anna,
		"visit log Nordmarkt Hamburg intent=strong", "Did you mean one of these?",
		"cancel", "Cancelled",
		"visit log Kiosk 14 mood=good intent=strong", "There is no field \"mood\"")
	if m := column(t, w, `SELECT body FROM drafts WHERE state = 'open'`); !strings.Contains(m, `"intent":"strong"`) {
		t.Errorf("the draft lost what was understood: %s", m)
	}
	say(t, anna, "#Save", "Visit logged: Kiosk 14")
	liwei := w.Telegram.User(chattest.LiWeiTelegram)
	liwei.At = w.Now
	say(t, liwei, "签到 大润发杨浦", "签到：大润发杨浦店", "签退", "可以直接保存", "#保存", "已记拜访：大润发杨浦店")
}
