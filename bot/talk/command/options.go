package command

import (
	"strconv"
	"strings"

	"fieldbot/bot/kit/search"
	"fieldbot/bot/talk/chat"
)

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
