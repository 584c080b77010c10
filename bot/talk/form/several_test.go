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
