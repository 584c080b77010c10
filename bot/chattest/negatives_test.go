package chattest_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/store/storetest"
)

// others are sentences about other things, in words that ours have, too.
var others = []string{
	"今天天气怎么样", "明天去上海的高铁几点", "提醒我下午三点开会", "附近有什么好吃的", "到家了", "我到机场了", "晚饭要两个菜", "把空调关了",
	"空调多少度", "周末去哪里玩", "他答应明天还我五百", "这个电影怎么样", "漏油了怎么办", "除了你，其他都正常", "股票卖了三千块", "孩子卖萌",
	"I'm at home", "what is the weather", "remind me to call mum", "we won the match", "how is your mother doing", "why is the sky blue", "I promised Peter to come",
	"turn off the lights in the kitchen", "the kitchen is empty", "my sister wants a dog", "plan a trip to Rome for friday", "the display is broken, call IT", "who owes you money",
	"everything is fine except the noise", "sold the car", "where is the bathroom", "can we invoice tomorrow", "how much does it cost",
}

// TestOtherThings: no sentence about other things changes anything or opens a form that
// would.
func TestOtherThings(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	published := published(t)
	w := chattest.Start(t, chattest.Options{})
	count := func() int64 {
		return w.Count(`SELECT (SELECT count(*) FROM audit_trail) + (SELECT count(*) FROM drafts)`)
	}
	for who, said := range map[string][]string{"anna": append(published["en"], others...), "li.wei": append(published["zh"], others...), "tom": others} {
		before := count()
		for _, s := range said {
			m := talk(w, who, s)
			if now := count(); now != before {
				t.Errorf("%s: %q writes or opens a form: %s", who, s, m.Text)
				before = now
				talk(w, who, "/cancel")
			}
		}
	}
}

// published are some sentences of sets that others published, by language, where they lie
// beside the project.
func published(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	f, err := os.Open("../../../shared/data/sentences/negatives.jsonl")
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }() // only read
	lines := bufio.NewScanner(f)
	for n := 0; lines.Scan(); n++ {
		var row struct{ Text, Lang string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if n%10 == 0 {
			out[row.Lang] = append(out[row.Lang], row.Text)
		}
	}
	return out
}
