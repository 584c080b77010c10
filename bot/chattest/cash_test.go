package chattest_test

import (
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/bot/kit/calendar"
	"fieldbot/store/storetest"
)

// TestOrderToCash: an order is refused on hold and nothing of it stays; the customer
// promises and pays, deliveries go on; the store accepts less than was sent, which stops
// the invoice until the note is signed; the invoice is asked for, issued, reminded of and
// paid with something kept back.
func TestOrderToCash(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		finance := w.Speaker("terminal", "zhao.lei")
		pay := func(line string) {
			finance.Say(line)
			has(t, finance.Read(), "建议先核最早的")
			finance.Press("没错")
			has(t, finance.Read(), "全部结清")
		}
		dialogue{
			{"li.wei", "/订单 下单 好又多便利延吉店 货品=P101=100", "暂不能接新单"},
			{"li.wei", "/取消", ""},
		}.play(t, w)
		if n := w.Count(`SELECT count(*) FROM orders o JOIN accounts a ON a.id = o.account_id WHERE a.code = 'K004'`); n != 0 {
			t.Errorf("%d orders stay of one that was refused", n)
		}
		dialogue{
			{"chen.jing", "/付款承诺 好又多 186000 +2d", "付¥186,000.00"},
		}.play(t, w)
		pay("/回款 好又多 186000")
		if n := w.Count(`SELECT count(*) FROM credits c JOIN accounts a ON a.id = c.account_id WHERE a.code = 'K004' AND c.hold`); n != 0 {
			t.Error("deliveries are still stopped")
		}
		if s := column(t, w, `SELECT status FROM promises`); s != "kept" {
			t.Errorf("the promise is %s", s)
		}
		dialogue{
			{"li.wei", "/订单 下单 好又多便利延吉店 货品=P101=100", "OR-1004 好又多便利延吉店：100件"},
			{"zhao.lei", "/送货 新建 OR-1004 货品=P101=101", "还剩100没送"},
			{"zhao.lei", "/取消", ""},
			{"zhao.lei", "/送货 新建 OR-1004 送货单号=DN-77 货品=P101=100", "已送货：DN-77"},
		}.play(t, w)
		dialogue{
			{"li.wei", "/验收", "DN-77"},
			{"li.wei", "/验收 拒收 DN-77 少货=P101=5 原因=效期", "100收95，拒收5"},
			{"li.wei", "/验收 全收 DN-77", "已经验收过了"},
			{"chen.jing", "/发票 申请开票 OR-1004", "差异单没签"},
			{"li.wei", "/验收 补签 DN-77 差异单=已签，5袋退回", "可以开票"},
			{"chen.jing", "/发票 能开票吗 OR-1004", "能开¥655.50"},
			{"chen.jing", "/发票 申请开票 OR-1004", "已申请：IR-1001"},
			{"chen.jing", "/发票 申请开票 OR-1004", "都已开票或已申请"},
		}.play(t, w)
		dialogue{
			{"zhao.lei", "/发票 开出 IR-1001 发票号=2631004021", "用过"},
			{"zhao.lei", "/取消", ""},
			{"zhao.lei", "/发票 开出 IR-1001 发票号=98765432109876543210", "98765432109876543210"},
			{"chen.jing", "/信用 好又多", "已占用: ¥655.50"},
		}.play(t, w)
		// 30 days from the goods; the morning speaks of it a week before, on the day, and after.
		due := calendar.Day(column(t, w, `SELECT due_on FROM invoices WHERE number = '98765432109876543210'`))
		for _, days := range []int{-7, 0, 1, 3, 5} {
			w.Pass(due.Add(days).At(10*60, w.Config.Company.Zone()).Sub(w.Now()))
			if m := talk(w, "chen.jing", "/今天"); strings.Contains(m.Text, "好又多便利：¥655.50") != w.Config.Company.Calendar().Working(due.Add(days)) && days < 1 {
				t.Errorf("day %d: %s", days, m.Text)
			}
		}
		dialogue{
			{"zhao.lei", "/回款 好又多 金额=600 核销=98765432109876543210 扣款=\"55.50 陈列费\"", "客户扣款1笔待核"},
			{"chen.jing", "/扣款 有争议 DE-1002 原因=没有申请", "争议"},
			{"zhao.lei", "/扣款 不认 DE-1002 原因=无合同", "不认"},
			{"chen.jing", "/发票 好又多", "¥55.50（共¥655.50）"},
		}.play(t, w)
		pay("/回款 好又多 55.50")
		if s := column(t, w, `SELECT status FROM orders WHERE number = 'OR-1004'`); s != "delivered" {
			t.Errorf("the order is %s", s)
		}
		if n := w.Count(`SELECT drawn FROM orders WHERE number = 'OR-1004'`); n != 0 {
			t.Errorf("the order still draws %d", n)
		}
	})
}

// TestHoldByClock: something overdue stops deliveries on the eighth day, and not before; an
// order accepted earlier waits, and its delivery is refused until the money is there.
func TestHoldByClock(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{Telegram: "polling"}, holdByClock)
}

func holdByClock(t *testing.T, w *chattest.World) {
	w.IgnoreUnread()
	w.Link("tom", "", "1005")
	kam := w.Telegram.User(1005)
	dialogue{
		{"anna", "/order new Wedding goods=P201=48", "OR-1004 Nordmarkt Wedding"},
	}.play(t, w)
	held := func() string {
		return column(t, w, `SELECT c.hold || ' ' || o.held FROM credits c JOIN accounts a ON a.id = c.account_id JOIN orders o ON o.number = 'OR-1004' WHERE a.code = 'K010'`)
	}
	w.Pass(at(t, "Europe/Berlin", "2026-11-27 10:00").Sub(w.Now())) // what was due on the 20th is on D+7
	w.Daemon.App.Clock.Tick(t.Context())
	if s := held(); s != "0 0" && s != "false false" {
		t.Errorf("on D+7: %s", s)
	}
	until(t, kam, "Nordmarkt stop tomorrow")
	w.Pass(24 * time.Hour)
	w.Daemon.App.Clock.Tick(t.Context())
	if s := held(); s != "1 1" && s != "true true" {
		t.Errorf("on D+8: %s", s)
	}
	until(t, kam, "orders wait")
	dialogue{
		{"zhao.lei", "/送货 新建 OR-1004", "已停货"},
		{"tom", "/credit plead Nordmarkt facts=\"Christmas is near\"", "a release is asked for"},
	}.play(t, w)
}

// TestMoneyAnswers: ageing, statements and letters say what is owed, in both languages, each
// with its file.
func TestMoneyAnswers(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		dialogue{
			{"tom", "/ageing", "⚠️ CN¥37,060.00 overdue of CN¥88,960.00"},
			{"tom", "/ageing", "DSO 58.4 days: CN¥88,960.00 ÷ CN¥137,210.00 of 90 days × 90"},
			{"tom", "/ageing Nordmarkt at=2026-11-01", "Owed by Nordmarkt, Sun 1 Nov"},
			{"tom", "/report ageing", "Nordmarkt: CN¥88,320.00, CN¥36,420.00 overdue"},
			{"wang.fang", "/账龄 按=总部", "好又多便利：¥186,000.00，逾期¥186,000.00"},
			{"wang.fang", "/账龄 按=负责人", "逾期¥242,300.00，共欠¥875,570.00"},
			{"anna", "/ageing", "Owed by everybody"},
			{"lin.mei", "/账龄", "⚠️"},
			{"tom", "/statement Nordmarkt period=last month", "Closing: CN¥84,670.00"},
			{"tom", "/statement letter Nordmarkt", "Together CN¥36,420.00"},
			{"tom", "/statement letter Nordmarkt language=zh", "以下发票已逾期"},
			{"tom", "/invoice dispute 354 reason=price", "Disputed"},
			{"tom", "/statement letter Nordmarkt", "Nothing of Nordmarkt is overdue"},
			{"wang.fang", "/对账单 大润发 期间=上月", "期末: ¥581,050.00"},
			{"wang.fang", "/对账单 催款函 华润万家", "合计¥56,300.00"},
		}.play(t, w)
	})
}

// TestMoneyRefused: what cannot be is said in a sentence, and nothing is changed.
func TestMoneyRefused(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	count := func() (n int64) {
		for _, table := range []string{"invoices", "payments", "promises", "orders", "receipts", "deliveries", "deductions"} {
			n += w.Count(`SELECT count(*) FROM ` + table)
		}
		return n
	}
	before := count()
	for _, x := range []struct{ who, line, want string }{
		{"zhao.lei", "/回款 好又多 金额=5 核销=999=5", "没有叫“999”的未结发票"},
		{"zhao.lei", "/回款 好又多 金额=82000 核销=4207=82000", "是不是2631004280"},
		{"zhao.lei", "/回款 好又多 金额=5 核销=4280=90000", "未结¥82,000.00"},
		{"zhao.lei", "/回款 好又多 金额=5 核销=4280=6", "多出1.00"},
		{"zhao.lei", "/回款 好又多 金额=$5", "CNY"},
		{"zhao.lei", "/回款 好又多 金额=-5", "大于0"},
		{"zhao.lei", "/回款 好又多 金额=80.000", "80000"},
		{"zhao.lei", "/回款 好又多 金额=5 扣款=DM费", "没有金额"},
		{"zhao.lei", "/发票 新建 好又多 发票号=2631004280 金额=5", "已在"},
		{"zhao.lei", "/发票 新建 好又多 发票号=X1 金额=5 开票日=2026-11-20 到期日=2026-11-19", "早于开票日"},
		{"zhao.lei", "/发票 新建 好又多 发票号=X1 金额=0", "大于0"},
		{"li.wei", "/回款 好又多 5", "⚠️"},
		{"tom", "/pay Nordmarkt 5", "⚠️"},
		{"tom", "/invoice write_off 354 reason=gone", "⚠️"},
		{"tom", "/promise Nordmarkt amount=5 promised_on=2026-01-01", "⚠️"},
		{"anna", "/promise Nordmarkt amount=5 promised_on=+3d", "⚠️"},
		{"li.wei", "/订单 下单 杨浦店 货品=P101=-1", "⚠️"},
		{"li.wei", "/订单 下单 杨浦店 货品=没有这个=3", "⚠️"},
		{"anna", "/receipt short DN-1002 missing=P201=999", "240 came"},
		{"zhao.lei", "/扣款 对上 DE-1001", "扣的是什么"},
		{"tom", "/pay show PY-1001", "found nothing"}, // of a chain in another territory
		{"zhao.lei", "/扣款 拆分 DE-1001 金额=8000", "小于¥8,000.00"},
	} {
		if m := talk(w, x.who, x.line); !strings.Contains(m.Text, x.want) {
			t.Errorf("%s %s: %s", x.who, x.line, m.Text)
		}
		talk(w, x.who, "/cancel")
	}
	if after := count(); after != before {
		t.Errorf("%d rows were kept of what was refused", after-before)
	}
	// Money above what is open is an advance, and said so.
	finance := w.Speaker("terminal", "zhao.lei")
	finance.Say("/回款 好又多 186000.50")
	finance.Read()
	finance.Press("没错")
	has(t, finance.Read(), "¥0.50作预收")
	dialogue{{"zhao.lei", "/回款 冲回 好又多", "已冲回"}, {"zhao.lei", "/回款 好又多 金额=93000 分摊方式=按比例", "2631004243：¥52,000.00"}, {"zhao.lei", "/取消", ""}, {"zhao.lei", "/发票 好又多", "合计¥186,000.00"}}.play(t, w)
}

// TestMoneyMovesOthers: an order on the day of a visit counts for the strike rate; the first
// payment for a deal's order ticks its criterion, and the last one wins the deal.
func TestMoneyMovesOthers(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		dialogue{
			{"martin", "/deal override D-1014 stage=closing reason=agreed", "Closing"},
			{"anna", "/visit log Wedding needs=\"more shelf\"", "Visit logged"},
			{"anna", "/order new Wedding goods=P201=100 deal=D-1014", "OR-1004"},
			{"zhao.lei", "/送货 新建 OR-1004", "已送货"},
			{"anna", "/receipt all OR-1004", "100 of 100"},
			{"tom", "/invoice request OR-1004", "IR-1001"},
			{"zhao.lei", "/发票 开出 IR-1001 发票号=N-1", "N-1"},
			{"zhao.lei", "/回款 K010 金额=100 核销=N-1=100", "还欠"},
		}.play(t, w)
		if n := w.Count(`SELECT count(*) FROM visits WHERE needs = 'more shelf' AND ordered`); n != 1 {
			t.Error("the visit has no order")
		}
		if n := w.Count(`SELECT count(*) FROM deal_ticks k JOIN deals d ON d.id = k.deal_id WHERE d.number = 'D-1014' AND k.criterion = 'first_payment' AND k.status = 'active'`); n != 1 {
			t.Errorf("%d ticks of the first payment", n)
		}
		if s := column(t, w, `SELECT status FROM deals WHERE number = 'D-1014'`); s != "open" {
			t.Errorf("%s before all is paid", s)
		}
		talk(w, "zhao.lei", "/回款 K010 金额=74 核销=N-1=74")
		if s := column(t, w, `SELECT status FROM deals WHERE number = 'D-1014'`); s != "won" {
			t.Errorf("%s when all is paid", s)
		}
	})
}

// TestPaidSaid: money that came in, said in a sentence, is proposed for the oldest invoices
// and kept with a yes (domain.md §14, situation 9).
func TestPaidSaid(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	lei := w.Speaker("terminal", "zhao.lei")
	say(t, lei, "好又多到账18.6万", "¥186,000.00", "#保存", "建议先核最早的", "#没错", "全部结清")
	if n := w.Count(`SELECT count(*) FROM payments WHERE amount = 18600000`); n != 1 {
		t.Errorf("%d payments", n)
	}
}

// TestDisplaySaid: a display that was not built is said with its photo, and reported for the
// promo of the store that one is in (domain.md §14, situation 3).
func TestDisplaySaid(t *testing.T) {
	t.Parallel()
	w, anna := telegram(t, "polling")
	say(t, anna, "I'm at Nordmarkt Wedding", "Check in", "#Save", "Checked in")
	anna.Send(map[string]any{"caption": "the display is not there, the store was not told", "photo": []any{map[string]any{"file_id": "D1", "file_unique_id": "d1", "width": 90, "height": 90}}})
	m := has(t, anna.Read(), "Crisps end cap", "the store was not told")
	if _, marked := m.Button("✗ display"); !marked {
		t.Errorf("the display is not marked: %v", m.Buttons)
	}
	anna.Press("Save")
	has(t, anna.Read(), "display ✗", "done in part")
	if n := w.Count(`SELECT count(*) FROM promo_executions WHERE reason = 'the store was not told'`); n != 1 {
		t.Errorf("%d reports", n)
	}
}
