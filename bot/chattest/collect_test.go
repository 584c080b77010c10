package chattest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/bot/files"
	"fieldbot/store/storetest"
)

// TestCollect: what a customer wants before it pays is ticked on its invoice, and the missing
// step stands in the morning and in the letter; what comes in by week is foretold; DSO by
// either method says which.
func TestCollect(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		dialogue{
			{"martin", "/terms set Nordmarkt procedure=\"portal upload,signed note\"", "saved"},
			{"tom", "/invoice steps 2631004354 steps_done=stamp", "it wants portal upload, signed note"},
			{"tom", "/cancel", ""},
			{"tom", "/invoice 2631004354", "Still wants: portal upload, signed note"},
			{"tom", "/invoice steps 2631004354 steps=\"Portal Upload\"", "Still to do: signed note"},
			{"tom", "/statement letter Nordmarkt", "what you need: signed note"},
			{"tom", "/today", "Still wants: signed note"},
			{"anna", "/invoice steps 2631004354 steps=stamp", "⚠️"},
		}.play(t, w)
		tom := w.Speaker("terminal", "tom")
		tom.Say("/invoice 2631004354")
		tom.Read()
		tom.Press("✓ signed note")
		has(t, tom.Read(), "Nothing is missing")
		dialogue{
			{"tom", "/promise Nordmarkt 36420 +7d", "CN¥36,420.00"},
			{"tom", "/ageing forecast", "8 weeks: CN¥53,720.00"}, // the promise whole, a third of 51,900.00: its payer paid 0 of 2 in time
			{"tom", "/ageing forecast", "promised CN¥36,420.00"},
			{"zhao.lei", "/账龄 预测 好又多", "逾期未承诺，未计入：¥186,000.00"},
			{"tom", "/ageing dso=count_back", "laid over the sales of the last months"},
			{"tom", "/ageing", "÷ CN¥137,210.00 of 90 days × 90"},
		}.play(t, w)
	})
}

// TestGoodFaith: a customer of grade C that broke faith has at most its usual order, unless
// it is released; goods that come after their day are counted; who is stopped for months
// climbs the ladder.
func TestGoodFaith(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		dialogue{
			{"zhao.lei", "/信用 set Nordmarkt 等级=C 额度=900000", "Nordmarkt"},
			{"anna", "/order new Wedding goods=P201=24", "OR-1004"},
			{"anna", "/order new Wedding goods=P201=36", "OR-1005"},
			{"anna", "/order new Wedding goods=P201=48", "OR-1006"},
			{"tom", "/credit breach Nordmarkt breach=diversion note=\"sold to Spree Kiosk\"", "Nordmarkt"},
			{"anna", "/order new Wedding goods=P201=300", "an order of at most CN¥73.08"}, // 24, 36, 48 and 360 units: the median is 42
			{"anna", "/cancel", ""},
			{"anna", "/order new Wedding goods=P201=40", "OR-1007"},
		}.play(t, w)
		talk(w, "zhao.lei", "/回款 K010 金额=36420 核销=354=36420")
		w.Pass(6 * 24 * time.Hour)
		dialogue{
			{"zhao.lei", "/送货 新建 OR-1004", "已送货"},
			{"zhao.lei", "/报表 满足率", "晚到1次"},
		}.play(t, w)
		w.Pass(60 * 24 * time.Hour)
		w.Daemon.App.Clock.Tick(t.Context())
		w.Pass(35 * 24 * time.Hour)
		dialogue{{"tom", "/credit Nordmarkt", "propose a shorter term"}}.play(t, w)
	})
}

// TestFlags: an invoice from a file is a fact: it is kept, and what of it does not agree with
// the papers is said on its card. The request is handed over as a paper.
func TestFlags(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		rows := "number,account_code,order_number,issued_on,line,product_code,quantity,price\n" +
			"F1,K001,OR-1001,2026-11-20,1,P101,95,4.10\nF2,K001,OR-1001,2026-11-21,1,P101,95,4.10\nF3,K001,OR-1001,2026-11-22,1,P102,60,4.50\nF4,K001,OR-999,2026-11-22,1,P102,1,4.10\n"
		result, err := files.Import(context.Background(), w.DB, w.Config, "invoices", table(t, "invoices", rows), files.Options{})
		if err != nil || len(result.Bad) > 0 {
			t.Fatalf("%+v %v", result, err)
		}
		dialogue{
			{"zhao.lei", "/发票 F2", "已开过：F1"},
			{"zhao.lei", "/发票 F3", "价格不是约定价"},
			{"zhao.lei", "/发票 F4", "没有订单"},
		}.play(t, w)
		if m := talk(w, "zhao.lei", "/发票 F1"); strings.Contains(m.Text, "对不上") {
			t.Errorf("the first invoice is flagged: %s", m.Text)
		}
		dialogue{
			{"anna", "/receipt all DN-1002", "360 of 360"},
			{"tom", "/invoice request OR-1003", "IR-1001"},
		}.play(t, w)
		if m := talk(w, "tom", "/invoice request OR-1003"); !strings.Contains(m.Text, "⚠️") {
			t.Errorf("requested twice: %s", m.Text)
		}
	})
}
