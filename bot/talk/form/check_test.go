package form_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	_ "fieldbot/bot" // its capabilities bring their words
	"fieldbot/bot/config"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/lang"
)

// A Wednesday.
var env = form.Env{Words: lang.In("en", time.UTC), Today: "2026-11-25", Company: config.Default().Company.Calendar, Currency: "CNY"}

// one is a field of each kind that is checked without a look-up.
var one = map[field.Kind]field.Field{
	field.Text:     {Key: "met", Kind: field.Text, Max: 20},
	field.Long:     {Key: "needs", Kind: field.Long, Max: 20},
	field.Number:   {Key: "satisfaction", Kind: field.Number, Lo: 1, Hi: 5},
	field.Money:    {Key: "amount", Kind: field.Money},
	field.Date:     {Key: "next_due", Kind: field.Date},
	field.Time:     {Key: "start", Kind: field.Time},
	field.Choice:   {Key: "intent", Kind: field.Choice, Options: []string{"strong", "medium", "weak", "none"}},
	field.Choices:  {Key: "intent", Kind: field.Choices, Options: []string{"strong", "medium", "weak", "none"}},
	field.YesNo:    {Key: "ordered", Kind: field.YesNo},
	field.Names:    {Key: "products", Kind: field.Names, Max: 2},
	field.Photos:   {Key: "photos", Kind: field.Photos, Max: 2},
	field.Location: {Key: "location", Kind: field.Location},
}

// TestCheck: what people write becomes canonical text, in both languages and from
// both keyboards; what is wrong is refused by the name of its sentence.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		kind           field.Kind
		typed, want    string
		refusedBecause string
	}{
		{field.Text, "Mr Li\nand  Ms Wu", "Mr Li and Ms Wu", ""},
		{field.Text, strings.Repeat("好", 20), strings.Repeat("好", 20), ""},
		{field.Text, strings.Repeat("好", 21), "", "long"},
		{field.Long, "one\ntwo", "one\ntwo", ""},
		{field.Number, " ４ ", "4", ""},
		{field.Number, "six", "", "number"},
		{field.Number, "6", "", "range"},
		{field.Number, "99999999999999999999", "", "number"},
		{field.Money, "1.5万", "1500000", ""},
		{field.Money, "1,500.00", "150000", ""},
		{field.Money, "a lot", "", "money.wrong"},
		{field.Date, "下周三", "2026-12-02", ""},
		{field.Date, "fri", "2026-11-27", ""},
		{field.Date, "圣诞前", "2026-12-24", ""},
		{field.Date, "2026-02-30", "", "date"},
		{field.Time, "9:5", "09:05", ""},
		{field.Time, "25:00", "", "time"},
		{field.Time, "9:05", "09:05", ""},
		{field.Choice, "强", "strong", ""},
		{field.Choice, " STRONG ", "strong", ""},
		{field.Choice, "huge", "", "choice"},
		{field.Choices, "弱、强", "strong;weak", ""},
		{field.Choices, "weak, huge", "", "choice"},
		{field.YesNo, "有", "yes", ""},
		{field.YesNo, "perhaps", "", "choice"},
		{field.Names, "a，b; a", "a;b", ""},
		{field.Names, "a,b,c", "", "names_many"},
		{field.Names, strings.Repeat("x", 81), "", "long"},
		{field.Photos, "slack:F1 telegram:x", "slack:F1 telegram:x", ""},
		{field.Photos, "slack:F1 slack:F2 slack:F3", "", "photos_many"},
		{field.Photos, "https://example.com/a.jpg", "", "photos"},
		{field.Location, "52.5，13.4", "52.50000,13.40000", ""},
		{field.Location, "52.5,13.4,live", "52.50000,13.40000", ""}, // only the platform can say so
		{field.Location, "https://uri.amap.com/marker?position=121.47,31.23", "31.23000,121.47000", ""},
		{field.Location, "91,0", "", "location"},
	} {
		got, problem := form.Check(one[c.kind], c.typed, env)
		because := ""
		if problem != nil {
			because = problem.Key
		}
		if got != c.want || because != c.refusedBecause {
			t.Errorf("%s %q is %q, %q; want %q, %q", c.kind, c.typed, got, because, c.want, c.refusedBecause)
		}
	}
}

// FuzzCheck: whatever is typed, a value is canonical (checking it again changes
// nothing), and a refusal stands beside its field and has a sentence.
func FuzzCheck(f *testing.F) {
	kinds := []field.Kind{field.Text, field.Long, field.Number, field.Date, field.Time, field.Choice, field.Choices, field.YesNo, field.Names, field.Photos, field.Location, field.Money}
	for i, seed := range []string{"Mr Li", "one\ntwo", "４", "下周三", "9:05", "强", "弱、强", "no", "a，b", "slack:F1", "52.5,13.4", "1.5万"} {
		f.Add(i, seed)
	}
	f.Fuzz(func(t *testing.T, i int, typed string) {
		x := one[kinds[uint(i)%uint(len(kinds))]]
		got, problem := form.Check(x, typed, env)
		if problem != nil {
			if problem.Field != x.Key || !lang.Has("fault."+problem.Key) {
				t.Errorf("%s %q is refused at %q by %q", x.Kind, typed, problem.Field, problem.Key)
			}
			return
		}
		if utf8.ValidString(typed) && !utf8.ValidString(got) {
			t.Errorf("%s %q is %q", x.Kind, typed, got)
		}
		if x.Kind == field.Money { // typed in units, kept in minor ones
			return
		}
		if again, problem := form.Check(x, got, env); got != "" && (problem != nil || again != got) {
			t.Errorf("%s %q is %q, and that is %q (%v)", x.Kind, typed, got, again, problem)
		}
	})
}
