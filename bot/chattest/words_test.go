package chattest_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/store/storetest"
)

// TestEveryMessage says everything that can be said at the terminal, in both
// languages, and keeps what comes back: read it as a rep would.
func TestEveryMessage(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	lines := map[string][]string{
		"anna": {
			"/help", "/help visit", "/help account", "hello", "/nonsense", "/whoami", "/today", "/visit due", "/visit list Kiosk 14",
			"/visit log", "/cancel", "/visit log Nord", "/cancel", "/visit log Kiosk 99999", "/cancel", "/visit log K011 intent=maybe", "/cancel", "/visit log Kiosk 14 wants=x",
			"/visit log Kiosk 14 next_visit=2026-11-01", "/cancel", "/visit log Kiosk 14 on=tomorrow", "/cancel", "/visit log Kiosk 14 satisfaction=9", "/cancel",
			"/visit log Kiosk 14 intent=strong needs=\"a cooler\" next_step=\"call\" next_owner=martin next_due=fri", "/visit edit", "#2", "#1", "/undo", "/undo",
			"/account Nordmarkt", "/account Kiosk 14", "/account", "/account 大润发", "/account add name=\"Spree Kiosk\" city=Berlin", "#2", "/account store name=\"Kiosk 30\" account_code=K011 store_class=C", "/account edit K010 tier=B",
			"/account contact K011 name=\"Jo Lang\" title=Owner phone=555 attitude=champion", "/account close M0015", "/account merge M0015 merge_into=M0016",
			"/lang", "/tz", "/tz Mars", "/tz Europe/Berlin", "/quiet", "/quiet 22:00-07:00", "/quiet off", "/away", "/away 12-24 12-20", "/away 12-24 12-26", "/away off", "/away off",
			"/help follow", "/visit plan", "#2", "#1", "/visit plan Kiosk 22 planned_for=yesterday", "/cancel", "/visit start Kiosk 22", "/visit start Kiosk 22", "/visit done problems=no cooler", "/visit cancel Kiosk 22", "/cancel", "/visit miss Kiosk 22 reason=closed", "/visit rate Kiosk 14 rating=3",
			"/follow", "/follow add call the buyer due=yesterday", "/cancel", "/follow add call the buyer owner=martin due=fri", "/follow commit a display", "/cancel", "/follow pass seals to=tom", "/follow comment coolers comment=ordered", "/follow done coolers", "/follow done coolers", "/follow list Kiosk 22",
			"/report", "/report visits period=never", "/report visits period=last month by=tier", "/account tier K011", "#1", "/approve", "/account qr Kiosk 14", "/account handover anna", "/cancel", "/account fill K010 rivals", "/cancel", "/ask who can help", "/ask list", "/ask here",
			"/notify", "/notify slack", "/notify auto", "/unlink", "/unlink telegram", "/unlink telegram", "/back", "/skip", "/cancel", "#1",
			"/help shelf", "/help promo", "/help sales", "/shelf", "/shelf Wedding", "#2", "Price", "P201 1.79", "＋ More", "/cancel", "/shelf Wedding oos=P202 expiry=P201=2026-11-20", "/shelf score", "/shelf score by=week period=2026", "/shelf launch", "/shelf order Wedding", "/promo", "/promo P-1003", "/promo stores P-1003", "/promo report Wedding", "/cancel", "/sales Wedding units=P201=12 stock=P201=4 remarks=\"too salty\"", "/sales week",
		},
		"tom": {"/shelf launch P203", "/cancel", "/promo new Nordmarkt name=Test from=+40d until=+46d how=sampling fee=50 payer=us", "/promo P-1005", "/promo confirm P-1005", "/promo uncleared", "/report shelf",
			"/help deal", "/help funnel", "/deal", "/deal Nordmarkt", "/deal nonsense", "/deal new", "/cancel", "/deal new Spree Kiosk title=\"Cooler at the door\" value=8000 closes=+60d source=cold products=Cold drinks, Ice", "#5", "/deal edit Cooler step=\"measure the door\" step_due=fri competitors=Funny Chips", "/deal advance Cooler", "#2", "size fits", "/deal criteria Cooler criterion=99", "/cancel", "/deal criteria Cooler criterion=tender note=x", "/cancel", "/deal criteria D-1012 criterion=tender note=\"letter of award\"", "/deal criteria D-1012 criterion=tender note=again", "/cancel", "/deal untick D-1012 criterion=tender reason=\"wrong tender\"", "/deal advance D-1012 to=closing", "/deal advance D-1012 to=moon", "/deal back D-1012 stage=intent reason=\"budget gone\"", "/undo", "/deal history D-1012", "/deal contact D-1012 contact=Kern attitude=supporter weight=40", "/deal team D-1012 add=anna", "/deal team D-1012", "/cancel", "/deal handover D-1012 to=martin note=\"too large for me\"", "/deal D-1012", "/deal sheet D-1014", "/deal sheet D-1014 target=320000 floor=290000 trades=\"bay against volume\" deadline=12-20", "/deal round D-1014 ours=310000 theirs=280000", "/deal stall D-1011 reason=\"buyer on leave\" wake=12-15", "/deal advance D-1011", "/deal restore D-1011 stage=intent reason=\"she is back\"", "/deal lost D-1013 why=rival to=\"Funny Chips\"", "/deal won D-1014", "/deal won D-1013", "/deal repeat D-1015", "/cancel", "/deal list status=lost", "/deal list Nordmarkt status=won", "/funnel", "#3", "/funnel", "#20", "/funnel period=never", "/today",
			"/account profile K010 budgets=\"120k a year\"", "/account merge M0015 merge_into=M0016", "/account close K011", "/account close M0016", "/visit log K010 intent=clear", "/account K010"},
		"martin": {"/deal", "/deal board tom", "/deal list", "/deal D-1014", "/deal sheet D-1014", "/deal override D-1014 stage=closing reason=\"the board agreed by phone\"", "/deal won D-1014 why=relation", "/deal D-1014", "/deal history D-1014", "/approve", "/funnel", "/funnel team", "/funnel Nordmarkt", "/visit plan anna", "/visit rate Kiosk 14 rating=9", "/cancel", "/visit rate Nordmarkt Wedding rating=2", "/report", "#1", "#2", "/report visits Europe by=territory", "/follow list anna", "/approve", "/account tier", "/account handover tom from=anna account=Spree Kiosk", "/ask here", "/visit due anna", "/visit list Kiosk 14", "/account K010"},
		"li.wei": {
			"帮助", "帮助 拜访", "你好", "今天", "拜访 逾期", "拜访 列表 大润发杨浦", "拜访", "取消", "拜访 记 大润发", "取消", "拜访 记 不存在的店", "取消", "拜访 记 drfyp 意向=也许", "取消", "拜访 记 drfyp 心情=好",
			"拜访 记 drfyp 下次拜访=2026-11-01", "取消", "拜访 记 drfyp 日期=明天", "取消", "拜访 记 drfyp 满意度=9", "取消",
			"拜访记 drfyp 意向=强 需求=要端架 下一步=报方案 下步负责人=王芳 截止=周五", "拜访 修改", "#2", "#1", "撤销", "撤销",
			"客户 大润发杨浦", "客户 K001", "客户", "客户 新增 名称=永辉超市 城市=上海", "#2", "客户 联系人 K003 姓名=王店长 职务=店长",
			"拜访 计划", "#2", "#1", "拜访 签到 大润发闸北", "拜访 签到 大润发闸北", "拜访 签退 问题=少了两个排面", "拜访 未访 永辉超市长宁 原因=盘点", "拜访 取消 永辉超市长宁", "取消",
			"跟进", "跟进 新增 催采购 负责人=王芳 截止=周五", "跟进 承诺 陈列费", "取消", "跟进 转交 断货 给=周敏", "跟进 备注 端架 说明=财务在走流程", "跟进 办完 端架", "跟进 列表 大润发杨浦",
			"报表", "报表 拜访 期间=上月 分组=等级", "客户 等级 K003", "#1", "审批", "客户 二维码 K001", "求援 端架费谁能批", "求援 列表",
			"/lang", "/tz", "/quiet", "/quiet 22:00-07:00", "/quiet 关", "请假", "请假 12-24 12-26", "请假 结束", "/notify", "/unlink", "我是谁", "返回", "#1",
			"帮助 巡店", "帮助 促销", "帮助 日报", "巡店", "巡店 杨浦", "取消", "巡店 得分 分组=产品 期间=上月", "巡店 新品", "促销", "促销 P-1001", "促销 门店明细 P-1001", "促销 执行 杨浦", "取消", "日报 本月",
		},
		"chen.jing": {"帮助 商机", "帮助 漏斗", "商机", "商机 大润发", "商机 没有的", "商机 新建", "取消", "商机 新建 永辉 名称=到家专区二期 金额=20万 预计成交=2027-03-01 来源=客户推荐 产品=坚果、礼盒", "商机 修改 到家专区二期 下一步=约采购 截止=周五", "商机 推进 到家专区二期", "商机 条件 到家专区二期 条件=中标 说明=听说", "取消", "商机 条件 D-1003 条件=中标 说明=中标通知书", "商机 推进 D-1003 到=成交", "商机 退回 D-1003 阶段=意向 原因=预算没了", "撤销", "商机 历程 D-1003", "商机 关键人 D-1003 联系人=张课长 态度=铁杆支持 权重=40", "商机 交接 D-1003 给=王芳 说明=金额大", "商机 谈判单 D-1005 目标=18万 底线=16万 置换=账期换排面 期限=12-20", "商机 回合 D-1005 我方=17.5万 对方=15万", "商机 搁置 D-1002 原因=采购休假 唤醒日=12-15", "商机 恢复 D-1002 阶段=意向 原因=回来了", "商机 丢单 D-1004 原因=竞品 输给=恰恰", "商机 赢单 D-1006 原因=客情", "商机 复购 D-1007", "取消", "商机 列表 状态=丢单", "漏斗", "#2", "漏斗", "#17", "今天",
			"客户 K001", "客户 档案 K001 预算=每年120万", "客户 关闭 K004", "拜访 记 K001 意向=明确"},
		"sun.hao": {"今天", "拜访 记 drfyp 意向=强", "帮助"},
	}
	w := chattest.Start(t, chattest.Options{})
	for _, handle := range []string{"anna", "tom", "martin", "li.wei", "chen.jing", "sun.hao"} {
		said := lines[handle]
		s := w.Speaker("terminal", handle)
		var b strings.Builder
		for _, line := range said {
			s.Say(line)
			m := s.Read()
			fmt.Fprintf(&b, "> %s\n%s\n", line, m.Text)
			for _, x := range m.Buttons {
				b.WriteString("[" + x.Label + "] ")
			}
			b.WriteString("\n\n")
		}
		golden(t, filepath.Join("words", handle+".txt"), b.String())
	}
}
