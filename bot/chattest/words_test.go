package chattest_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"fieldbot/bot/chattest"
)

// TestEveryMessage says everything that can be said at the terminal, in both
// languages, and keeps what comes back: read it as a rep would.
func TestEveryMessage(t *testing.T) {
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
		},
		"tom":    {"/account profile K010 budgets=\"120k a year\"", "/account merge M0015 merge_into=M0016", "/account close K011", "/account close M0016", "/visit log K010 intent=clear", "/account K010"},
		"martin": {"/visit plan anna", "/visit rate Kiosk 14 rating=9", "/cancel", "/visit rate Nordmarkt Wedding rating=2", "/report", "#1", "#2", "/report visits Europe by=territory", "/follow list anna", "/approve", "/account tier", "/account handover tom from=anna account=Spree Kiosk", "/ask here", "/visit due anna", "/visit list Kiosk 14", "/account K010"},
		"li.wei": {
			"帮助", "帮助 拜访", "你好", "今天", "拜访 逾期", "拜访 列表 大润发杨浦", "拜访", "取消", "拜访 记 大润发", "取消", "拜访 记 不存在的店", "取消", "拜访 记 drfyp 意向=也许", "取消", "拜访 记 drfyp 心情=好",
			"拜访 记 drfyp 下次拜访=2026-11-01", "取消", "拜访 记 drfyp 日期=明天", "取消", "拜访 记 drfyp 满意度=9", "取消",
			"拜访记 drfyp 意向=强 需求=要端架 下一步=报方案 下步负责人=王芳 截止=周五", "拜访 修改", "#2", "#1", "撤销", "撤销",
			"客户 大润发杨浦", "客户 K001", "客户", "客户 新增 名称=永辉超市 城市=上海", "#2", "客户 联系人 K003 姓名=王店长 职务=店长",
			"拜访 计划", "#2", "#1", "拜访 签到 大润发闸北", "拜访 签到 大润发闸北", "拜访 签退 问题=少了两个排面", "拜访 未访 永辉超市长宁 原因=盘点", "拜访 取消 永辉超市长宁", "取消",
			"跟进", "跟进 新增 催采购 负责人=王芳 截止=周五", "跟进 承诺 陈列费", "取消", "跟进 转交 断货 给=周敏", "跟进 备注 端架 说明=财务在走流程", "跟进 办完 端架", "跟进 列表 大润发杨浦",
			"报表", "报表 拜访 期间=上月 分组=等级", "客户 等级 K003", "#1", "审批", "客户 二维码 K001", "求援 端架费谁能批", "求援 列表",
			"/lang", "/tz", "/quiet", "/quiet 22:00-07:00", "/quiet 关", "请假", "请假 12-24 12-26", "请假 结束", "/notify", "/unlink", "我是谁", "返回", "#1",
		},
		"chen.jing": {"客户 K001", "客户 档案 K001 预算=每年120万", "客户 关闭 K004", "拜访 记 K001 意向=明确"},
		"sun.hao":   {"今天", "拜访 记 drfyp 意向=强", "帮助"},
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
