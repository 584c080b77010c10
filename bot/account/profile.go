package account

import "fieldbot/bot/kit/field"

// The profile (客户信息完整度) has three depths. Depth 1 stands in the
// account's own columns; depths 2 and 3 are free text under these keys.
var profileDepths = map[int][]string{
	2: {"budgets", "plans", "decision_process", "decision_rights", "opening_plan", "equipment_policy", "footfall", "basket", "sales_mix", "suppliers", "rivals", "affiliates", "price_policy", "profit_view"},
	3: {"deciders_background", "deciders_relations", "rival_ties"},
}

// ProfileCatalogue is the text of the profile's depths 2 and 3.
var ProfileCatalogue = func() field.Catalogue {
	c := field.Catalogue{Noun: "profiles"}
	for _, depth := range []int{2, 3} {
		for _, key := range profileDepths[depth] {
			c.Fields = append(c.Fields, field.Field{Key: key, Kind: field.Long, Use: field.All, Max: 1000})
		}
	}
	return c
}()

// Depth is how much of one depth of the profile is filled.
type Depth struct{ Have, Of int }

// Percent is the share filled, rounded down: 100 means nothing is missing.
func (d Depth) Percent() int { return d.Have * 100 / d.Of }

// Depths returns the three depths of an account's profile. Depth 1 is
// identity, address, city, format (of a store, or the reach of a chain) and
// the main phone.
func (a Account) Depths() [3]Depth {
	var out [3]Depth
	count := func(level int, value string) {
		out[level-1].Of++
		if value != "" {
			out[level-1].Have++
		}
	}
	for _, v := range []string{a.Name, a.Address, a.City, a.Reach, a.Phone} {
		count(1, v)
	}
	for level, keys := range profileDepths {
		for _, k := range keys {
			count(level, a.Profile[k])
		}
	}
	return out
}

// Percent is the whole profile as one figure.
func (a Account) Percent() int {
	var all Depth
	for _, d := range a.Depths() {
		all.Have, all.Of = all.Have+d.Have, all.Of+d.Of
	}
	return all.Percent()
}

// Missing returns the profile's most useful field that is empty, or "": depth
// 2 before depth 3, in the order of the catalogue. Skipped ones are left out.
func (a Account) Missing(skipped func(key string) bool) string {
	for _, f := range ProfileCatalogue.Fields {
		if a.Profile[f.Key] == "" && !skipped(f.Key) {
			return f.Key
		}
	}
	return ""
}
