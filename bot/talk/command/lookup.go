package command

import (
	"slices"
	"strconv"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/form"
)

// Lookup answers what a look-up field of a form asks for. An empty query asks
// for the likely ones: of places those nearby when a location was sent, then
// those due, then the recent ones; of people the person, the line above and
// the colleagues beside.
func (r *Request) Lookup(d form.Draft, f field.Field, query string) ([]chat.Option, error) {
	switch f.Kind {
	case field.Person:
		return r.people(query)
	case field.Named, field.Some, field.Each:
		return r.named(d, f, query)
	}
	for _, m := range r.Modules {
		if find := m.Finds[f.Kind]; find != nil {
			return find(r, query)
		}
	}
	places, err := r.places(d, f, query)
	if err != nil {
		return nil, err
	}
	out := make([]chat.Option, len(places))
	for i, p := range places {
		out[i] = chat.Option{Value: p.Ref(), Label: p.Name, Note: r.PlaceNote(p) + r.away(d, p), Guess: p.Guess}
		if f.Kind == field.Account {
			out[i].Value, out[i].Note = p.ID, strings.Trim(p.Code+" · "+p.City, " ·")
		}
	}
	return out, nil
}

// named asks the form's own family.
func (r *Request) named(d form.Draft, f field.Field, query string) ([]chat.Option, error) {
	families := Families(r.Modules)
	i := slices.IndexFunc(families, func(x Family) bool { return x.Name == familyOf(d.Form) })
	if i < 0 || families[i].Choices == nil {
		return nil, nil
	}
	return families[i].Choices(r, d, f, query)
}

// likely is how many places are offered before anything is typed.
const likely = 8

func (r *Request) places(d form.Draft, f field.Field, query string) ([]account.Place, error) {
	if f.Kind == field.Account {
		if query == "" {
			return r.likelyAccounts()
		}
		if a, ok, err := accountstore.Accounts.In(r.Scope).ByID(r.Tx, query); err != nil || ok {
			return []account.Place{{Kind: account.KindAccount, ID: a.ID, Code: a.Code, Name: a.Name}}, err
		}
		found, err := accountstore.Find(r.Tx, r.Scope, query, accountstore.AccountsOnly)
		if err != nil || len(found) > 0 && !found[0].Guess {
			return found, err
		}
		return r.ownersOf(query, found)
	}
	if query == "" {
		return r.likelyPlaces(d)
	}
	if p, ok, err := accountstore.PlaceByRef(r.Tx, r.Scope, query); err != nil || ok {
		return []account.Place{p}, err
	}
	found, err := accountstore.Find(r.Tx, r.Scope, query, accountstore.AnyPlace)
	if len(found) == 1 && !found[0].Guess {
		r.found = found[0]
	}
	return found, err
}

// ownersOf are the accounts of the stores that a query names, else the guesses.
func (r *Request) ownersOf(query string, guesses []account.Place) ([]account.Place, error) {
	stores, err := accountstore.Find(r.Tx, r.Scope, query, accountstore.AnyPlace)
	var out []account.Place
	for _, s := range stores {
		if s.Guess || slices.ContainsFunc(out, func(p account.Place) bool { return p.ID == s.AccountID }) {
			continue
		}
		a, ok, err := accountstore.PlaceByRef(r.Tx, r.Scope, account.KindAccount+":"+s.AccountID)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		return guesses, err
	}
	return out, err
}

// PlaceOf returns the place of a ref, if the person may see it. The one that
// this request has just looked up is not read again.
func (r *Request) PlaceOf(ref string) (account.Place, bool, error) {
	if ref != "" && r.found.Ref() == ref {
		return r.found, true, nil
	}
	return accountstore.PlaceByRef(r.Tx, r.Scope, ref)
}

// PlaceAt returns the store of a row, or, where it has none, its account.
func (r *Request) PlaceAt(storeID, accountID string) (account.Place, bool, error) {
	switch {
	case storeID != "":
		return r.PlaceOf(account.KindStore + ":" + storeID)
	case accountID != "":
		return r.PlaceOf(account.KindAccount + ":" + accountID)
	}
	return account.Place{}, false, nil
}

// likelyAccounts are the person's own, those of the stores last visited, then others in
// sight.
func (r *Request) likelyAccounts() ([]account.Place, error) {
	own, err := accountstore.Owned(r.Tx, r.Scope, r.Who.ID, likely)
	if err != nil {
		return nil, err
	}
	recent, err := accountstore.Recent(r.Tx, r.Scope, r.Who.ID, likely)
	if err != nil {
		return nil, err
	}
	var out []account.Place
	for _, p := range append(own, recent...) {
		a := account.Place{Kind: account.KindAccount, ID: p.AccountID, Name: p.AccountName}
		if p.Kind == account.KindAccount {
			a = p
		}
		if len(out) < likely && !slices.ContainsFunc(out, func(x account.Place) bool { return x.ID == a.ID }) {
			out = append(out, a)
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	return accountstore.Some(r.Tx, r.Scope, likely)
}

func (r *Request) likelyPlaces(d form.Draft) ([]account.Place, error) {
	var out []account.Place
	seen := map[string]bool{}
	add := func(places []account.Place, err error) error {
		for _, p := range places {
			if !seen[p.Ref()] && len(out) < likely {
				seen[p.Ref()] = true
				out = append(out, p)
			}
		}
		return err
	}
	if l, ok := form.ParseLocation(d.Values["location"]); ok {
		if err := add(accountstore.Near(r.Tx, r.Scope, l.Lat, l.Lon, 2000, 5)); err != nil {
			return nil, err
		}
	}
	today := r.Words.Today(r.Tx.Now)
	due, err := accountstore.Due(r.Tx, r.Scope, r.Who.ID, today)
	if err := add(due[:min(5, len(due))], err); err != nil {
		return nil, err
	}
	if err := add(accountstore.Recent(r.Tx, r.Scope, r.Who.ID, 5)); err != nil {
		return nil, err
	}
	if err := add(due, nil); err != nil {
		return nil, err
	}
	if err := add(accountstore.Owned(r.Tx, r.Scope, r.Who.ID, likely)); err != nil || len(out) > 0 {
		return out, err
	}
	return out, add(accountstore.Some(r.Tx, r.Scope, likely))
}

// Contacts are the people of the customer that a form is about, the weightiest
// first: whom one may have met.
func (r *Request) Contacts(d form.Draft) ([]chat.Option, error) {
	accountID := ""
	if place, ok, err := r.PlaceOf(d.Values["place"]); err != nil {
		return nil, err
	} else if ok {
		accountID = place.AccountID
	}
	if accountID == "" {
		return nil, nil
	}
	contacts, err := accountstore.ContactsOf(r.Tx, r.Scope, accountID)
	var out []chat.Option
	for _, c := range contacts[:min(likely, len(contacts))] {
		label := c.Name
		if c.Title != "" {
			label += " · " + c.Title
		}
		out = append(out, chat.Option{Value: c.Name, Label: label})
	}
	return out, err
}

// PlaceNote is the few words that tell a place from others: its code, city
// and how long it is overdue.
func (r *Request) PlaceNote(p account.Place) string {
	parts := []string{p.Code}
	if p.City != "" {
		parts = append(parts, p.City)
	}
	if p.Kind == account.KindAccount {
		parts = append(parts, r.Say("place.head_office"))
	}
	return strings.Join(parts, " · ")
}

// away is how far a store is from where the person stands, if a form knows.
func (r *Request) away(d form.Draft, p account.Place) string {
	l, ok := form.ParseLocation(d.Values["location"])
	if !ok || p.Latitude == 0 && p.Longitude == 0 {
		return ""
	}
	return r.Say("place.away", "metres", p.Metres(l.Lat, l.Lon))
}

func (r *Request) people(query string) ([]chat.Option, error) {
	active, err := r.Colleagues()
	if err != nil {
		return nil, err
	}
	found := FindPeople(active, query)
	if query == "" {
		found = r.likelyPeople(active)
	}
	out := make([]chat.Option, len(found))
	for i, p := range found {
		out[i] = chat.Option{Value: p.ID, Label: p.Name, Note: p.Handle, Guess: p.Guess}
	}
	return out, nil
}

// Colleagues are the people that the person may find.
func (r *Request) Colleagues() ([]person.Person, error) {
	active, err := personstore.Active(r.Tx)
	return slices.DeleteFunc(active, func(p person.Person) bool { return !r.Who.Knows(p) }), err
}

func (r *Request) likelyPeople(active []person.Person) []FoundPerson {
	var out []FoundPerson
	for _, near := range []func(person.Person) bool{
		func(p person.Person) bool { return p.ID == r.Who.ID },
		func(p person.Person) bool { return p.ID == r.Who.ReportsTo },
		func(p person.Person) bool { return p.ReportsTo == r.Who.ID },
		func(p person.Person) bool {
			return p.ReportsTo != "" && p.ReportsTo == r.Who.ReportsTo && p.ID != r.Who.ID
		},
	} {
		for _, p := range active {
			if near(p) && len(out) < likely {
				out = append(out, FoundPerson{Person: p})
			}
		}
	}
	return out
}

// FoundPerson is one whom a query may mean.
type FoundPerson struct {
	person.Person
	Guess bool // not sure
}

// FindPeople returns the people a query names, the best first: an exact
// handle, id or code, else by name.
func FindPeople(people []person.Person, query string) []FoundPerson {
	query = strings.TrimPrefix(strings.TrimSpace(query), "@")
	byID := map[string]person.Person{}
	var hits []search.Hit
	for _, p := range people {
		if p.ID == query || strings.EqualFold(p.Handle, query) || p.Code != "" && p.Code == query {
			return []FoundPerson{{Person: p}}
		}
		byID[p.ID] = p
		hits = append(hits, search.Hit{ID: p.ID, Text: p.Search})
	}
	var out []FoundPerson
	for _, h := range search.Rank(query, hits, likely) {
		out = append(out, FoundPerson{byID[h.ID], h.Guess})
	}
	return out
}

// OnePlace finds the place that the words name. Where they name several, the
// reply offers them, each saying the command again for one.
func (r *Request) OnePlace(family, verb string, a Args) (account.Place, *chat.Reply, error) {
	return r.onePlace(family, verb, a, accountstore.AnyPlace)
}

// OneAccount is the same where only the account matters: its stores, which often
// share its name, are named only where no account is.
func (r *Request) OneAccount(family, verb string, a Args) (account.Place, *chat.Reply, error) {
	found, choose, err := r.onePlace(family, verb, a, accountstore.AccountsOnly)
	if fault.Is(err, fault.NotFound) || choose != nil && len(choose.Buttons) == 0 {
		return r.onePlace(family, verb, a, accountstore.AnyPlace)
	}
	return found, choose, err
}

func (r *Request) onePlace(family, verb string, a Args, among accountstore.Among) (account.Place, *chat.Reply, error) {
	if a.Object == "" {
		return account.Place{}, nil, fault.Wrong("object_missing")
	}
	if p, ok, err := accountstore.PlaceByRef(r.Tx, r.Scope, a.Object); err != nil || ok {
		return p, nil, err
	}
	if _, _, isRef := account.SplitRef(a.Object); isRef {
		return account.Place{}, nil, fault.New(fault.NotFound, "gone")
	}
	found, err := accountstore.Find(r.Tx, r.Scope, a.Object, among)
	if err != nil {
		return account.Place{}, nil, err
	}
	switch {
	case len(found) == 0:
		return account.Place{}, nil, fault.New(fault.NotFound, "none_found", "query", chat.Cut(a.Object, 60))
	case len(found) == 1 && !found[0].Guess:
		return found[0], nil, nil
	}
	key := "ask.which"
	if found[0].Guess {
		key = "ask.meant"
	}
	reply := chat.Reply{Text: r.Say(key, "query", chat.Cut(a.Object, 60))}
	for _, p := range found {
		words := strings.TrimSpace(verb + " " + p.Ref() + a.Words())
		reply.Buttons = append(reply.Buttons, []chat.Button{SayButton(p.Name+" · "+r.PlaceNote(p), family, words)})
	}
	return account.Place{}, &reply, nil
}

// OrEmpty is a reply that may be nil, as OnePlace returns it.
func OrEmpty(reply *chat.Reply) chat.Reply {
	if reply == nil {
		return chat.Reply{}
	}
	return *reply
}

// OrGone is err, or, without one, the fault of something that is no more or was
// never in sight.
func OrGone(err error) error {
	if err == nil {
		return fault.New(fault.NotFound, "gone")
	}
	return err
}

// Words is the pairs as they could be typed again.
func (a Args) Words() string {
	var b strings.Builder
	for _, k := range a.Order {
		b.WriteString(" " + k + "=" + strconv.Quote(strings.ReplaceAll(a.Pairs[k], `"`, "'")))
	}
	return b.String()
}
