package files

import (
	"cmp"
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/store"
)

// Kind is a kind of file that needs more than a noun: references, figures, history.
// One without an import is only exported.
type Kind struct {
	Name      string
	Catalogue field.Catalogue
	Export    func(*Exporter) error
	Import    func(*Job) error
	// Fields of the kind Names name its rows in other files: by the codes of Codes, each
	// with its id.
	Names field.Kind
	Codes func(tx *store.Tx) (map[string]string, error)
}

// kinds are what references resolve to, and what modules register.
var kinds = []Kind{
	{Name: "people", Catalogue: person.Catalogue, Export: (*Exporter).people, Import: Importing(peopleKind)},
	{Name: "accounts", Catalogue: account.Catalogue, Export: accounts, Import: Importing(accountsKind)},
	{Name: "stores", Catalogue: account.StoreCatalogue, Export: stores, Import: Importing(storesKind)},
	{Name: "contacts", Catalogue: account.ContactCatalogue, Export: contacts, Import: Importing(contactsKind)},
}

// machinery are tables of the house that are exported as they are.
var machinery = []Kind{
	{Name: "outbox", Export: func(e *Exporter) error {
		return plainRows[store.Out](e, `SELECT `+store.Columns[store.Out]("o")+` FROM outbox o WHERE o.created_at >= $1 AND o.created_at < $2 ORDER BY o.id`)
	}},
	{Name: "audit_trail", Export: func(e *Exporter) error {
		return plainRows[store.AuditLine](e, `SELECT `+store.Columns[store.AuditLine]("t")+` FROM audit_trail t WHERE t.at >= $1 AND t.at < $2 ORDER BY t.id`)
	}},
}

// Register adds the kinds of a capability, when the program starts.
func Register(more ...Kind) { kinds = append(kinds, more...) }

// all are the kinds, and the nouns that have a catalogue and no kind of their own:
// their rows are written as they are.
func all() []Kind {
	out := slices.Concat(kinds, machinery)
	for _, n := range store.Nouns() {
		about := n.Describe()
		if len(about.Catalogue.For(field.Export)) == 0 || slices.ContainsFunc(out, func(k Kind) bool { return k.Name == n.Table() }) {
			continue
		}
		out = append(out, Kind{Name: n.Table(), Catalogue: about.Catalogue, Export: func(e *Exporter) error {
			return Table(e, about.Catalogue, func(add func(store.Row) error) error { return n.Each(e.Tx, system, add) }, nil)
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
		if k.Import != nil {
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

func accounts(e *Exporter) error {
	return Table(e, account.Catalogue, func(add func(account.Account) error) error {
		return accountstore.Accounts.In(system).Order("a.code").Each(e.Tx, func(a account.Account) error { return only(e, a.CreatedAt, a.Status != account.Merged, a, add) })
	}, nil)
}

func stores(e *Exporter) error {
	return Table(e, account.StoreCatalogue, func(add func(account.Store) error) error {
		return accountstore.Stores.In(system).Order("s.code").Each(e.Tx, func(s account.Store) error { return only(e, s.CreatedAt, s.Status != account.Merged, s, add) })
	}, func(s account.Store, v map[string]string) {
		if s.NextDueOn == account.NeverVisited {
			v["next_due_on"] = ""
		}
		if v["latitude"] != "" || v["longitude"] != "" { // on the equator and in Greenwich, too
			v["latitude"], v["longitude"] = cmp.Or(v["latitude"], "0"), cmp.Or(v["longitude"], "0")
		}
	})
}

func contacts(e *Exporter) error {
	return Table(e, account.ContactCatalogue, func(add func(account.Contact) error) error {
		return accountstore.Contacts.In(system).Order("c.account_id, c.name").Each(e.Tx, func(c account.Contact) error {
			return only(e, c.CreatedAt, c.Status == account.Active, c, add)
		})
	}, nil)
}
