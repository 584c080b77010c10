package command_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldbot/bot/talk/command"
	"fieldbot/bot/visit"
)

func isVerb(w string) bool { return w == "log" || w == "记" }

func TestParse(t *testing.T) {
	for typed, want := range map[string]command.Args{
		"":                           {Pairs: map[string]string{}},
		"log Kiosk 14 intent=strong": {Verb: "log", Object: "Kiosk 14", Pairs: map[string]string{"intent": "strong"}, Order: []string{"intent"}},
		`"log" x`:                    {Object: `"log" x`, Pairs: map[string]string{}},
		`log "Kiosk 14"`:             {Verb: "log", Object: "Kiosk 14", Pairs: map[string]string{}},
		"记 大润发 意向＝强　问题＝断货 两天":            {Verb: "记", Object: "大润发", Pairs: map[string]string{"意向": "强", "问题": "断货 两天"}, Order: []string{"意向", "问题"}},
		"x needs=“a=b c” met=Mr O'Neill": {Object: "x", Pairs: map[string]string{"needs": "a=b c", "met": "Mr O'Neill"}, Order: []string{"needs", "met"}},
		"x a=1 a=2":                      {Object: "x", Pairs: map[string]string{"a": "2"}, Order: []string{"a", "a"}},
	} {
		got, err := command.Parse(typed, isVerb)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q:\n%s", typed, diff)
		}
	}
}

func TestFields(t *testing.T) {
	a, err := command.Parse("意向=强 下一步=打电话 Satisfaction=4", isVerb)
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.Fields(visit.Catalogue.Fields)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"intent": "强", "next_step": "打电话", "satisfaction": "4"}, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`log "x" a=b`)
	f.Add("记 大润发 意向＝强")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := command.Parse(s, isVerb)
		if err != nil {
			return
		}
		for _, k := range a.Order {
			if _, ok := a.Pairs[k]; !ok {
				t.Errorf("%q: no value of %q", s, k)
			}
		}
	})
}
