package dealtalk

import (
	"slices"
	"strings"

	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// one finds the deal that words name.
func one(r *command.Request, verb string, a command.Args) (subject, *chat.Reply, error) {
	x, rest, choose, err := oneAnd(r, verb, a)
	if err == nil && choose == nil && rest != "" {
		err = fault.New(fault.NotFound, "deal_none", "query", chat.Cut(a.Object, 60))
	}
	return x, choose, err
}

// oneAnd finds the deal that words begin with, and what stands behind its name;
// several are offered, each saying the command again. Without words it is the
// only one that the verb is for.
func oneAnd(r *command.Request, verb string, a command.Args) (x subject, rest string, choose *chat.Reply, err error) {
	found, rest, err := named(r, verb, a.Object)
	switch {
	case err != nil:
		return x, "", nil, err
	case len(found) == 0 && a.Object == "":
		return x, "", nil, fault.Wrong("deal_which")
	case len(found) == 0:
		return x, "", nil, fault.New(fault.NotFound, "deal_none", "query", chat.Cut(a.Object, 60))
	case len(found) == 1:
		x, err = byID(r, found[0].ID)
		return x, rest, nil, err
	}
	reply := chat.Reply{Text: r.Say("deal.which")}
	f := funnelOf(r)
	for _, c := range found {
		where := r.Words.Choice("status", c.Status)
		if c.Status == deal.Open {
			where = stageName(r, f, c.Stage)
		}
		words := strings.TrimSpace(verb + " deal:" + c.ID + " " + rest)
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(chat.Cut(c.Number+" "+c.Title, 34)+" · "+chat.Cut(c.Account, 14)+" · "+where, "deal", words+a.Words())})
	}
	return x, "", &reply, nil
}

// statusesFor are the states of the deals that verbs are for, where it is not the open
// ones.
var statusesFor = map[string][]string{"restore": {deal.Lost, deal.Stalled}, "repeat": {deal.Won}}

// named finds deals by what words begin with: all of them, or, where that names
// none, fewer and fewer.
func named(r *command.Request, verb, words string) (found []dealstore.Card, rest string, err error) {
	if first, behind, _ := strings.Cut(words, " "); strings.HasPrefix(first, "deal:") {
		return []dealstore.Card{{ID: strings.TrimPrefix(first, "deal:")}}, strings.TrimSpace(behind), nil
	}
	states := statusesFor[verb]
	if states == nil {
		states = []string{deal.Open}
	}
	if words == "" {
		for _, status := range states {
			some, err := dealstore.List(r.Tx, r.Scope, dealstore.Filter{Owner: r.Who.ID, Status: status, Limit: offered})
			if err != nil {
				return nil, "", err
			}
			found = append(found, some...)
		}
		return found[:min(offered, len(found))], "", nil
	}
	parts := strings.Fields(words)
	for n := min(len(parts), longestName); n > 0 && len(found) == 0; n-- {
		if found, err = dealstore.Find(r.Tx, r.Scope, strings.TrimPrefix(strings.Join(parts[:n], " "), "#")); err != nil {
			return nil, "", err
		}
		rest = strings.Join(parts[n:], " ")
	}
	if behind, ok := strings.CutPrefix(rest, "to "); ok {
		rest = behind // "advance 1013 to negotiation"
	}
	fits := slices.DeleteFunc(slices.Clone(found), func(c dealstore.Card) bool { return !slices.Contains(states, c.Status) })
	if len(fits) > 0 && verb != "show" && verb != "history" {
		found = fits
	}
	return found, rest, nil
}

const (
	offered     = 8  // deals that one answer offers
	longestName = 12 // words that a name is looked for in
)
