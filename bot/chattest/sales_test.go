package chattest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fieldbot/bot/chattest"
	"fieldbot/store/storetest"
)

// TestPromoterSees: a promoter sees the own store alone, its promos, and nothing of others.
func TestPromoterSees(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	dialogue{
		{"lin.mei", "日报 闸北 销量=P103=3", "没找到"},
		{"lin.mei", "巡店 杨浦 断货=P102", "已记：大润发杨浦店"},
		{"lin.mei", "巡店 历史 闸北", "没找到"},
		{"lin.mei", "促销", "P-1002 新春堆头"},
		{"lin.mei", "促销 执行 杨浦 照片=terminal:m", "→ 已执行"},
		{"lin.mei", "促销 执行 闸北 照片=terminal:m", "没有您负责的"},
		{"lin.mei", "日报 销量=-3", "⚠️"},
		{"lin.mei", "取消", ""},
		{"lin.mei", "日报 销量=P103", "是多少"},
		{"lin.mei", "取消", ""},
		{"lin.mei", "日报 日期=2026-09-01 销量=P103=3", "⚠️"},
		{"lin.mei", "取消", ""},
		{"lin.mei", "日报 顾客意见=想要小包装", "已记"},
		{"anna", "/sales 杨浦 units=P103=3", "I found nothing"},
		{"tom", "/sales week", "Nothing was reported"},
		{"martin", "/account edit Wedding promoters=anna", "Anna Schmidt is no promoter"},
	}.play(t, w)
}

// TestPromoterReminded: who did not report by 21:30 is reminded once, and the rep reads it
// the next morning.
func TestPromoterReminded(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w, mei := chattest.On(t, "telegram polling", "lin.mei", chattest.Options{Engine: engine})
			shanghai, err := time.LoadLocation("Asia/Shanghai")
			if err != nil {
				t.Fatal(err)
			}
			mei.Say("/notify telegram")
			mei.Read()
			evening := time.Date(2026, 11, 24, 21, 29, 0, 0, shanghai)
			for _, at := range []time.Duration{0, time.Minute, 2 * time.Minute, 40 * time.Minute} {
				w.Set(evening.Add(at))
				w.Daemon.App.Clock.Tick(context.Background())
			}
			has(t, mei.Read(), "今天的日报还没交")
			if n := w.Count(`SELECT count(*) FROM outbox WHERE kind = 'message' AND body LIKE '%日报还没交%'`); n != 1 {
				t.Errorf("%d reminders", n)
			}
			w.Set(evening.Add(11 * time.Hour))
			has(t, talk(w, "li.wei", "今天"), "1位促销员", "林梅")
		})
	}
}

// TestSalesFiles: promoters' days come back as they went out, and a second time change
// nothing; so do the promoters of stores.
func TestSalesFiles(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			from, into := chattest.Start(t, chattest.Options{Engine: engine}), chattest.Start(t, chattest.Options{Engine: engine, Empty: true})
			talk(from, "lin.mei", `日报 销量="P103 38, P101 0" 库存=P103=64 顾客意见="太大包"`)
			kinds := []string{"stores", "promoter_days"}
			carry(t, from, into, "people", "accounts", "stores", "products", "listings", "promoter_days")
			was, _ := exported(t, from, kinds[1])
			if is, _ := exported(t, into, kinds[1]); was != is || !strings.Contains(was, "lin.mei,M0001,2026-11-23,P103,38,,64,太大包") {
				t.Errorf("changed on the way:\n%s\n%s", was, is)
			}
			if stores, _ := exported(t, into, kinds[0]); !strings.Contains(stores, "lin.mei") {
				t.Errorf("no promoters:\n%s", stores)
			}
		})
	}
}
