package form_test

import (
	"fmt"
	"testing"

	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/form"
)

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
