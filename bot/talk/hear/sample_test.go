package hear

import (
	"math/rand/v2"
	"slices"
	"strings"

	"fieldbot/bot/kit/field"
)

// values are what people put into a slot of a kind.
func values(language string, kind field.Kind) []string {
	zh := language == "zh"
	pick := func(chinese, english []string) []string {
		if zh {
			return chinese
		}
		return english
	}
	switch kind {
	case field.Place:
		return pick([]string{"大润发杨浦", "永辉徐汇店", "好又多便利国权店", "M0001"}, []string{"Kiosk 14", "Nordmarkt Wedding", "Spree Kiosk", "M0015"})
	case field.Account:
		return pick([]string{"大润发", "华润万家", "K001"}, []string{"Nordmarkt", "Spree Kiosk", "K010"})
	case field.Person:
		return pick([]string{"李伟", "周敏"}, []string{"Anna", "Tom Becker"})
	case field.Date:
		return pick([]string{"明天", "下周五", "12月3号", "三天后"}, []string{"friday", "tomorrow", "3 Dec", "next monday"})
	case field.Money:
		return pick([]string{"18.8万", "3万5", "5000元", "八十块"}, []string{"8000", "12,500", "3.5k"})
	case field.Number, field.Each:
		return pick([]string{"38", "二十", "12"}, []string{"38", "12"})
	case field.Percent:
		return pick([]string{"60%", "六成", "八十分"}, []string{"60%", "75 percent", "80"})
	case field.Some, field.Product:
		return pick([]string{"原味500g", "海盐薯片", "P101"}, []string{"cola 330", "sea salt chips"})
	}
	return pick([]string{"送一个冰柜", "新品进场", "课长不在"}, []string{"bring a cooler", "the buyer was away", "SnackCo"})
}

// IsVerb reports whether a command is the one that the sentence means.
func (s *Sentence) IsVerb(said Said) bool {
	return said.Family.Name == s.family.Name && said.Verb.Name == s.verb.Name
}

// InSight reports whether the names in a guess are those of the samples, as the bot looks
// them up.
func (g Guess) InSight() bool {
	for name, kind := range g.Names() {
		if !slices.Contains(append(values("zh", kind), values("en", kind)...), g.Slots[name]) {
			return false
		}
	}
	return true
}

// Sample says the sentence in one of its ways.
func (s *Sentence) Sample(dice *rand.Rand) string {
	w := s.ways[dice.IntN(len(s.ways))]
	return strings.Join(strings.Fields(s.sample(w.part, dice)), " ")
}

func (s *Sentence) sample(p part, dice *rand.Rand) string {
	switch p.kind {
	case slot:
		if p.text == "period" {
			return map[string][]string{"zh": {"上周", "本月", "最近7天"}, "en": {"last week", "this month"}}[s.Language][dice.IntN(2)]
		}
		some := values(s.Language, s.kindOf(p.text))
		if s.kindOf(p.text) == field.Each && strings.HasSuffix(p.text, "+") {
			some = map[string][]string{"zh": {"海盐薯片12包", "原味500g十二袋，P101 8袋", "海盐3包和番茄5包"}, "en": {"12 bags of sea salt", "8 bags of chips, 3 packs of cola"}}[s.Language]
		}
		if p.text == "missing" {
			some = values(s.Language, field.Product)
		}
		if p.text == "on" {
			some = map[string][]string{"zh": {"昨天", "上周五"}, "en": {"yesterday", "last friday"}}[s.Language]
		}
		if p.text == "deal" {
			some = map[string][]string{"zh": {"华润新品", "D-1003"}, "en": {"Christmas end caps", "D-1012"}}[s.Language]
		}
		return some[dice.IntN(len(some))]
	case pause:
		return map[string]string{"zh": "，", "en": ", "}[s.Language]
	case maybe:
		if dice.IntN(2) == 0 {
			return ""
		}
	case choice:
		return s.sample(p.kids[dice.IntN(len(p.kids))], dice)
	case mixed:
		ways := orders(p.kids)
		return s.sample(part{kind: all, kids: ways[dice.IntN(len(ways))]}, dice)
	case words:
		return p.text
	}
	var out strings.Builder
	for _, kid := range p.kids {
		out.WriteString(s.sample(kid, dice))
	}
	return out.String()
}
