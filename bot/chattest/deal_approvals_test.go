package chattest_test

import (
	"slices"
	"testing"

	"fieldbot/bot/chattest"
)

// TestWonWithoutReason: why a deal was won need not be said, and who is asked
// can still answer everything else.
func TestWonWithoutReason(t *testing.T) {
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
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
	for _, row := range rowsOf(t, rows) {
		if row.Cells[slices.Index(rows.Header, "number")] != "D-1012" {
			continue
		}
		if missing := row.Cells[slices.Index(rows.Header, "criteria_missing")]; missing != "timetable" {
			t.Errorf("the file says that %q is missing, the chat timetable", missing)
		}
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
