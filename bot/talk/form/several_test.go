package form_test

import (
	"fmt"
	"strings"
	"testing"

	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/form"
)

// TestEntries: names and values, as people write them.
func TestEntries(t *testing.T) {
	some, each := field.Field{Kind: field.Some}, field.Field{Kind: field.Each, Of: field.Money}
	for _, c := range []struct {
		x           field.Field
		words, want string
	}{
		{some, "P201, P202", "P201 P202"},
		{some, "原味、五香，薯片;x", "原味 五香 薯片 x"},
		{some, " , ", ""},
		{each, "P201=4.99, P202=5", "P201:4.99 P202:5"},
		{each, "P201 4,99; P202 5", "P201:4.99 P202:5"},
		{each, "P201=4,99,P202=5", "P201:4.99 P202:5"},
		{each, "1001=4,1002=5", "1001:4 1002:5"},
		{each, "1001 4,1002 5", "1001:4 1002:5"},
		{each, "Sea Salt 150g: 2.49\nPaprika 3", "Sea Salt 150g:2.49 Paprika:3"},
		{each, "P201", "P201:"},
		{each, ",5", "5:"},
	} {
		var got []string
		for _, e := range form.Entries(c.x, c.words) {
			text := e.Name
			if c.x.Kind == field.Each {
				text += ":" + e.Value
			}
			got = append(got, text)
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%q: %s, not %s", c.words, text, c.want)
		}
	}
	if got := fmt.Sprintf("%s,%s,%s", form.ValueOf("a=1;b=2", "b"), form.ValueOf("a=1", "b"), form.Codes("a=1;b;")); got != "2,,[a b]" {
		t.Error(got)
	}
}

// FuzzEntries: whatever is typed, a number's comma never ends a list early, and nothing
// breaks.
func FuzzEntries(f *testing.F) {
	f.Add("P201=4,99, P202 5")
	f.Add(",1,1")
	f.Fuzz(func(t *testing.T, words string) {
		for _, e := range form.Entries(field.Field{Kind: field.Each, Of: field.Number}, words) {
			if strings.ContainsAny(e.Value, ";、\n") {
				t.Errorf("%q in %q", e.Value, words)
			}
		}
	})
}

// TestCounted: how many of what, as people say it; a case is no piece, and the figures of a
// name are not how many.
func TestCounted(t *testing.T) {
	each := field.Field{Key: "units", Kind: field.Each, Of: field.Number}
	for words, want := range map[string]string{
		"P101=12; P102 8":                            "P101=12 P102=8",
		"海盐薯片12包，番茄薯片8袋":                             "海盐薯片=12 番茄薯片=8",
		"海盐3包和番茄5包":                                  "海盐=3 番茄=5",
		"12包海盐、十二袋番茄":                                "海盐=12 番茄=十二",
		"12 bags of sea salt and 3 packs of paprika": "sea salt=12 paprika=3",
		"salt and vinegar 5 bags":                    "salt and vinegar=5",
		"原味500g":                                     "原味500g=",
		"P101":                                       "P101=",
		"海盐两箱":                                       "海盐两箱=",
		"sea salt=4,5":                               "sea salt=4.5",
	} {
		got := ""
		for i, e := range form.Entries(each, words) {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprint(e.Name, "=", e.Value)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", words, got, want)
		}
	}
}
