package form_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/form"
)

var visitLike = form.Form{Name: "visit.log", Fields: []field.Field{
	{Key: "place", Kind: field.Place, Required: true},
	{Key: "intent", Kind: field.Choice, Options: []string{"strong", "medium", "weak", "none"}, Asked: true},
	{Key: "satisfaction", Kind: field.Number, Lo: 1, Hi: 5},
	{Key: "met", Kind: field.Text, Required: true},
	{Key: "photos", Kind: field.Photos, Max: 3},
	{Key: "location", Kind: field.Location},
}}

// TestSteps walks a form: what is required first, what is asked once, then the card.
func TestSteps(t *testing.T) {
	d := form.NewDraft("1", visitLike.Name, nil)
	next := func(what form.What, key string) {
		t.Helper()
		if s := visitLike.Next(&d); s.What != what || s.Field.Key != key {
			t.Fatalf("the next is %s %s, want %s %s", s.What, s.Field.Key, what, key)
		}
	}
	say := func(words string) { visitLike.Answer(&d, chat.Update{Text: words}, env) }
	next(form.Ask, "place")
	say("Kiosk")
	next(form.Look, "place")
	visitLike.Found(&d, "place", "Kiosk", []chat.Option{{Value: "store:1", Label: "Kiosk 14"}})
	next(form.Ask, "met")
	say("Mr Li")
	next(form.Ask, "intent")
	say("huge")
	next(form.Ask, "intent")
	visitLike.Press(&d, []string{form.PressSkip}, env)
	next(form.Card, "")
	visitLike.Press(&d, []string{form.PressAsk, "satisfaction"}, env)
	next(form.Ask, "satisfaction")
	visitLike.Press(&d, []string{form.PressBack}, env)
	next(form.Card, "")
	if d.Values["place"] != "store:1" || d.Values["met"] != "Mr Li" || d.Values["intent"] != "" {
		t.Errorf("the draft holds %v", d.Values)
	}
}

// TestWhateverIsSaid: in any order of words and presses a form never says "save"
// while something is missing or wrong, never asks what it does not hold, and holds
// canonical values only.
func TestWhateverIsSaid(t *testing.T) {
	words := []string{"Kiosk", "strong", "4", "9", "Mr Li", "-", "52.5,13.4", "huge", "", "下周三"}
	presses := []string{form.PressBack, form.PressSkip, form.PressAsk, form.PressPick, form.PressToggle, form.PressDone, form.PressWeek, form.PressShow, form.PressAnswer, form.PressAll}
	keys := []string{"place", "intent", "satisfaction", "met", "photos", "location", "nothing", ""}
	rapid.Check(t, func(t *rapid.T) {
		d := form.NewDraft("1", visitLike.Name, nil)
		d.Express = rapid.Bool().Draw(t, "express")
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "how") {
			case 0:
				visitLike.Answer(&d, chat.Update{Text: rapid.SampledFrom(words).Draw(t, "words")}, env)
			case 1:
				visitLike.Answer(&d, chat.Update{Photos: []chat.Photo{{Ref: "slack:F" + rapid.StringMatching(`[0-9]`).Draw(t, "photo")}}, Location: &chat.Location{Lat: 1, Lon: 2}}, env)
			case 2:
				key := rapid.SampledFrom(keys).Draw(t, "key")
				visitLike.Type(&d, map[string]string{key: rapid.SampledFrom(words).Draw(t, "value")}, env)
			case 3:
				press := []string{rapid.SampledFrom(presses).Draw(t, "press"), rapid.SampledFrom([]string{"intent", "photos", ""}).Draw(t, "of")}
				if press[0] == form.PressPick {
					press = append(press, "", "") // a pick takes back
				}
				visitLike.Press(&d, press, env)
			case 4:
				if s := visitLike.Next(&d); s.What == form.Look {
					hits := []chat.Option{{Value: "store:1", Label: "Kiosk 14"}, {Value: "store:2", Label: "Kiosk 22"}}
					visitLike.Found(&d, s.Field.Key, s.Query, hits[:rapid.IntRange(0, 2).Draw(t, "hits")])
				}
			}
			s := visitLike.Next(&d)
			if _, there := visitLike.Field(s.Field.Key); (s.What == form.Ask || s.What == form.Look) && !there {
				t.Fatalf("it asks for %q", s.Field.Key)
			}
			if s.What == form.Save && (len(d.Wrong) > 0 || d.Values["place"] == "" || d.Values["met"] == "") {
				t.Fatalf("it would save %v, wrong is %v", d.Values, d.Wrong)
			}
			for key, value := range d.Values {
				x, there := visitLike.Field(key)
				if !there {
					t.Fatalf("it holds %q", key)
				}
				if value == "" || x.Kind.LookUp() || x.Kind == field.Location {
					continue
				}
				if again, problem := form.Check(x, value, env); problem != nil || again != value {
					t.Fatalf("%s holds %q, which is no value of it", key, value)
				}
			}
			if n := len(d.Trail); n != len(slices.Compact(slices.Sorted(slices.Values(d.Trail)))) {
				t.Fatalf("the way back has a question twice: %v", d.Trail)
			}
		}
	})
}
