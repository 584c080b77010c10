package shelf

import (
	"cmp"
	"slices"
)

// Groups are what measures are broken down by.
var Groups = []string{"store", "chain", "territory", "product", "week", "person"}

// Group is the measures of one of what they are broken down by.
type Group struct {
	Key string
	Measures
}

// Board are the measures of a span, all together and by group.
type Board struct {
	All    Measures
	groups map[string]Measures
}

// Add counts the measures of a group in.
func (b *Board) Add(key string, m Measures) {
	if b.groups == nil {
		b.groups = map[string]Measures{}
	}
	b.groups[key] = b.groups[key].Plus(m)
}

// Under reports whether a group was measured and scores less.
func (g Group) Under(score int, w Weights) bool {
	own, measured := g.Score(w)
	return measured && own < score
}

// Worst are the groups, the lowest score first.
func (b *Board) Worst(w Weights) []Group {
	var out []Group
	for key, m := range b.groups {
		out = append(out, Group{key, m})
	}
	slices.SortFunc(out, func(x, y Group) int {
		a, _ := x.Score(w)
		c, _ := y.Score(w)
		return cmp.Or(cmp.Compare(a, c), cmp.Compare(x.Key, y.Key))
	})
	return out
}

// ByKey are the groups in the order of their keys, as weeks are read.
func (b *Board) ByKey() []Group {
	out := b.Worst(Weights{})
	slices.SortFunc(out, func(x, y Group) int { return cmp.Compare(x.Key, y.Key) })
	return out
}
