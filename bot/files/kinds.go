package files

import (
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/deal"
	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

// Kind is a kind of file. One without an import is only exported.
type Kind struct {
	Name      string
	Catalogue field.Catalogue
	export    func(*exporter) error
	take      func(*job, []*record) error
}

// kinds are those that need more than their noun: references, figures, history.
var kinds = []Kind{
	{Name: "people", Catalogue: person.Catalogue, export: (*exporter).people, take: importing(peopleKind)},
	{Name: "accounts", Catalogue: account.Catalogue, export: accounts, take: importing(accountsKind)},
	{Name: "stores", Catalogue: account.StoreCatalogue, export: stores, take: importing(storesKind)},
	{Name: "contacts", Catalogue: account.ContactCatalogue, export: contacts, take: importing(contactsKind)},
	{Name: "visits", Catalogue: visit.Catalogue, export: (*exporter).visits, take: importing(visitsKind)},
	{Name: "follow_ups", Catalogue: followup.Catalogue, export: followUps, take: importing(followUpsKind)},
	{Name: "deals", Catalogue: deal.Catalogue, export: (*exporter).deals, take: importing(dealsKind)},
	{Name: "deal_history", Catalogue: deal.HistoryCatalogue, export: (*exporter).dealHistory, take: importing(historyKind)},
	{Name: "visit_numbers", export: (*exporter).visitNumbers},
	{Name: "funnel", export: (*exporter).funnelNumbers},
	{Name: "outbox", export: func(e *exporter) error {
		return plainRows[store.Out](e, `SELECT `+store.Columns[store.Out]("o")+` FROM outbox o WHERE o.created_at >= $1 AND o.created_at < $2 ORDER BY o.id`)
	}},
	{Name: "audit_trail", export: func(e *exporter) error {
		return plainRows[store.AuditLine](e, `SELECT `+store.Columns[store.AuditLine]("t")+` FROM audit_trail t WHERE t.at >= $1 AND t.at < $2 ORDER BY t.id`)
	}},
}

func importing[T store.Row](of func(*job) kind[T]) func(*job, []*record) error {
	return func(j *job, records []*record) error { return importRows(j, of(j), records) }
}

// all are the kinds, and the nouns that have a catalogue and no kind of their own:
// their rows are written as they are.
func all() []Kind {
	out := slices.Clone(kinds)
	for _, n := range store.Nouns() {
		about := n.Describe()
		if len(about.Catalogue.For(field.Export)) == 0 || slices.ContainsFunc(out, func(k Kind) bool { return k.Name == n.Table() }) {
			continue
		}
		out = append(out, Kind{Name: n.Table(), Catalogue: about.Catalogue, export: func(e *exporter) error {
			return table(e, about.Catalogue, func(add func(store.Row) error) error { return n.Each(e.tx, system, add) }, nil)
		}})
	}
	return out
}

// Kinds names what can be exported.
func Kinds() []string {
	var out []string
	for _, k := range all() {
		out = append(out, k.Name)
	}
	return out
}

// Imports names what can be imported.
func Imports() []string {
	var out []string
	for _, k := range kinds {
		if k.take != nil {
			out = append(out, k.Name)
		}
	}
	return out
}

func kindNamed(name string) (Kind, bool) {
	list := all()
	i := slices.IndexFunc(list, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return list[i], true
}

func accounts(e *exporter) error {
	return table(e, account.Catalogue, func(add func(account.Account) error) error {
		return accountstore.Accounts.In(system).Order("a.code").Each(e.tx, func(a account.Account) error { return only(e, a.CreatedAt, a.Status != account.Merged, a, add) })
	}, nil)
}

func stores(e *exporter) error {
	return table(e, account.StoreCatalogue, func(add func(account.Store) error) error {
		return accountstore.Stores.In(system).Order("s.code").Each(e.tx, func(s account.Store) error { return only(e, s.CreatedAt, s.Status != account.Merged, s, add) })
	}, func(s account.Store, v map[string]string) {
		if s.NextDueOn == account.NeverVisited {
			v["next_due_on"] = ""
		}
	})
}

func contacts(e *exporter) error {
	return table(e, account.ContactCatalogue, func(add func(account.Contact) error) error {
		return accountstore.Contacts.In(system).Order("c.account_id, c.name").Each(e.tx, func(c account.Contact) error {
			return only(e, c.CreatedAt, c.Status == account.Active, c, add)
		})
	}, nil)
}

func followUps(e *exporter) error {
	return table(e, followup.Catalogue, func(add func(followup.FollowUp) error) error {
		return followupstore.Since(e.tx, system, e.span.Since, e.span.Until, add)
	}, func(f followup.FollowUp, v map[string]string) {
		v["opened_at"], v["closed_at"] = e.time(f.OpenedAt), e.time(f.ClosedAt)
	})
}
