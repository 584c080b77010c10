package form_test

import (
	"testing"

	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/lang"
)

// TestYesNo: an answer in a sentence is yes or no where it says so, and neither where it
// does not.
func TestYesNo(t *testing.T) {
	for said, want := range map[string]string{
		"yes": "yes", "Yup that's fine": "yes", "👌🏽": "yes", "no. I said the fourth of July": "no", "it's not ok": "no", "disagree": "no",
		"是的": "yes", "好嘞": "yes", "没问题": "yes", "没有问题": "yes", "对，我说了不是": "yes", "同意，那不好": "yes", "不行": "no", "没有": "no", "不是，我说是7月4号": "no", "还没同意": "no", "不能同意": "no", "不太可以": "no",
		"no problem": "", "not sure": "", "why not": "", "中午再说": "", "不好意思": "", "maybe": "",
	} {
		got, _ := form.Check(field.Field{Key: "answer", Kind: field.YesNo}, said, form.Env{Words: lang.In("en", nil)})
		if got != want {
			t.Errorf("%q is %q, not %q", said, got, want)
		}
	}
	for _, said := range []string{"12.000", "5/5", "3 5", "两三", "1.5"} {
		if got, wrong := form.Check(field.Field{Key: "count", Kind: field.Number}, said, form.Env{Words: lang.In("en", nil)}); wrong == nil {
			t.Errorf("%q is taken as %s", said, got)
		}
	}
	for said, want := range map[string]string{"1,000": "1000", "1.5万": "15000", "一百零五": "105", "12 000": "12000"} {
		if got, wrong := form.Check(field.Field{Key: "count", Kind: field.Number}, said, form.Env{Words: lang.In("en", nil)}); wrong != nil || got != want {
			t.Errorf("%q is %q, not %s", said, got, want)
		}
	}
}
