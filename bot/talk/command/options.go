package command

import (
	"strconv"
	"strings"

	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/form"
)

// Option is the canonical value of a field that a reading takes; it is otherwise where
// nothing was said of it.
func (r *Request) Option(a Args, f field.Field, otherwise string) (string, error) {
	word := a.Values[f.Key]
	if word == "" {
		return otherwise, nil
	}
	value, wrong := form.Check(f, word, r.Env())
	if wrong != nil {
		return "", wrong
	}
	return value, nil
}

// Fitting are the options that words may mean: a code, a number in the list, a
// part of a name in either script.
func Fitting(all []chat.Option, query string) []chat.Option {
	if n, err := strconv.Atoi(query); err == nil && n >= 1 && n <= len(all) {
		return all[n-1 : n]
	}
	var hits []search.Hit
	byValue := map[string]chat.Option{}
	for _, o := range all {
		if strings.EqualFold(o.Value, query) || search.Fold(o.Label) == search.Fold(query) {
			return []chat.Option{o}
		}
		byValue[o.Value] = o
		hits = append(hits, search.Hit{ID: o.Value, Text: search.Text(o.Label, strings.ReplaceAll(o.Value, "_", " "))})
	}
	var out []chat.Option
	for _, h := range search.Rank(query, hits, likely) {
		o := byValue[h.ID]
		o.Guess = h.Guess
		out = append(out, o)
	}
	return out
}
