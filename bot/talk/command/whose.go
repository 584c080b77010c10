package command

import (
	"slices"
	"strings"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
)

// Whose is what figures are narrowed to: a person, a territory and all below
// it, or an account and all below it. Sight narrows them further.
type Whose struct {
	Person, Territory, Account string
	Title                      string
}

// WhoseOf finds whose figures words ask for. Others' are a manager's to ask
// and an analyst's for. Where words name several places, the reply offers them.
func (r *Request) WhoseOf(family, verb string, a Args) (Whose, *chat.Reply, error) {
	p, ok, err := r.OneColleague(a.Object)
	if err != nil {
		return Whose{}, nil, err
	}
	if ok && (p.ID == r.Who.ID || r.Who.Is(person.Manager, person.Analyst)) {
		return Whose{Person: p.ID, Title: p.Name}, nil, nil
	}
	if path, ok, err := personstore.Territory(r.Tx, a.Object); err != nil || ok && r.within(path) {
		return Whose{Territory: path, Title: path}, nil, err
	}
	place, choose, err := r.OneAccount(family, verb, a)
	return Whose{Account: place.AccountID, Title: place.AccountName}, choose, err
}

// within reports whether a territory is one that the person works in or leads: others
// are as if they were not there.
func (r *Request) within(path string) bool {
	mine := r.Who.Territory
	return r.Scope.WholeCompany() || mine != "" && (path == mine || strings.HasPrefix(path, mine+"/"))
}

// No period has more words than longestPeriod, and no object in which one is looked for
// more than mostWords: every run of words is tried.
const (
	longestPeriod = 6
	mostWords     = 20
)

// periodIn takes the longest run of words that is a period out of an object, wherever it
// stands: 李伟 上周, last week anna.
func periodIn(object string, today calendar.Day, order calendar.Order) (period, rest string) {
	words := strings.Fields(object)
	if len(words) > mostWords {
		return "", object
	}
	for n := min(len(words), longestPeriod); n > 0; n-- {
		for at := 0; at+n <= len(words); at++ {
			run := strings.Join(words[at:at+n], " ")
			if from, _ := calendar.Period(run, today, order); from != "" {
				return run, strings.Join(slices.Delete(words, at, at+n), " ")
			}
		}
	}
	return "", object
}

// Span reads the days that figures are asked for: period=, or words of the object
// that are one ("report last week", "report anna last week"). It is false where none is named.
func (r *Request) Span(words map[string]string, a *Args) (span calendar.Span, named bool, err error) {
	today, period := r.Words.Today(r.Said), words["period"]
	if period == "" {
		period, a.Object = periodIn(a.Object, today, r.Words.Order())
	}
	if span.From, span.To = calendar.Period(period, today, r.Words.Order()); span.From == "" {
		err = fault.Wrong("period", "period", chat.Cut(period, 30))
	}
	return span, period != "", err
}
