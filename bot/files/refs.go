package files

import (
	"fmt"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
)

var system = access.System("import and export by the shell")

// refs resolves what rows name: people by handle or number, accounts and
// stores by code. New rows of the file count too.
type refs struct {
	people   map[string]string
	handles  map[string]person.Person
	byID     map[string]person.Person
	linked   map[string]string // platform:user → whose
	accounts map[string]account.Account
	stores   map[string]account.Store
	fresh    map[string]string // ids of the file's own rows, by key
	numbers  map[string]string // number of a person in the file → handle
	named    map[field.Kind]named
}

// named are the rows of a kind of file that other files name by code.
type named struct {
	kind string
	ids  map[string]string // by code
}

func (r *refs) load(tx *store.Tx) error {
	*r = refs{people: map[string]string{}, handles: map[string]person.Person{}, byID: map[string]person.Person{}, linked: map[string]string{}, accounts: map[string]account.Account{}, stores: map[string]account.Store{}, fresh: map[string]string{}, numbers: map[string]string{}, named: map[field.Kind]named{}}
	everybody, err := personstore.All(tx)
	if err != nil {
		return err
	}
	identities, err := personstore.AllIdentities(tx)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		if k.Codes == nil {
			continue
		}
		ids, err := k.Codes(tx)
		if err != nil {
			return err
		}
		r.named[k.Names] = named{k.Name, ids}
	}
	for _, i := range identities {
		r.linked[i.Platform+":"+i.ExternalID] = i.PersonID
	}
	for _, p := range everybody {
		r.byID[p.ID] = p
		r.people[p.Handle], r.handles[p.Handle] = p.ID, p
		if p.Code != "" {
			r.people[p.Code] = p.ID
		}
	}
	if err := accountstore.Accounts.In(system).Order("a.code").Each(tx, func(a account.Account) error { r.accounts[a.Code] = a; return nil }); err != nil {
		return err
	}
	return accountstore.Stores.In(system).Order("s.code").Each(tx, func(s account.Store) error { r.stores[s.Code] = s; return nil })
}

// add makes the ids of a file's own rows known, by their keys.
func (r *refs) add(ids map[string]string) { r.fresh = ids }

// PersonID returns the id of the person of a handle or number; empty if there is none.
func (j *Job) PersonID(name string) string { return j.refs.people[name] }

// PersonByID returns a person that is kept.
func (j *Job) PersonByID(id string) person.Person { return j.refs.byID[id] }

// StoreByCode returns a store that is kept.
func (j *Job) StoreByCode(code string) account.Store { return j.refs.stores[code] }

// AccountByCode returns an account that is kept.
func (j *Job) AccountByCode(code string) account.Account { return j.refs.accounts[code] }

// Person returns the id of the person that a field of a record names; false if it
// refused the record.
func (j *Job) Person(rec *Record, key string) (string, bool) {
	name := strings.TrimPrefix(rec.Fields[key], "@")
	if name == "" {
		return "", true
	}
	for _, id := range []string{j.refs.people[name], j.refs.people[strings.ToLower(name)], j.refs.fresh["people:"+strings.ToLower(name)], j.refs.fresh["people:"+j.refs.numbers[name]]} {
		if id != "" {
			return id, true
		}
	}
	j.Refuse(rec, key, fmt.Sprintf("there is no person with the handle or number %q", name))
	return "", false
}

// Answers refuses a record that names an owner whose role answers for no customers.
func (j *Job) Answers(rec *Record, key, id string) bool {
	p, kept := j.refs.byID[id]
	if !kept || p.Is(person.Owners...) {
		return true
	}
	j.Refuse(rec, key, fmt.Sprintf("%s has no role that owns customers (%s)", p.Handle, strings.Join(ownerRoles(), ", ")))
	return false
}

func ownerRoles() []string {
	var out []string
	for _, r := range person.Owners {
		out = append(out, string(r))
	}
	return out
}

// AccountOf returns the account of a code: one that is kept, or one that this
// file brings.
func (j *Job) AccountOf(rec *Record, key string) (string, bool) {
	code := rec.Fields[key]
	if code == "" {
		return "", true
	}
	if a, ok := j.refs.accounts[code]; ok {
		return a.ID, true
	}
	if id := j.refs.fresh["accounts:"+code]; id != "" {
		return id, true
	}
	j.Refuse(rec, key, fmt.Sprintf("there is no account with the code %q; import accounts first", code))
	return "", false
}

// StoreOf returns the store of a code.
func (j *Job) StoreOf(rec *Record, key string) (account.Store, bool) {
	code := rec.Fields[key]
	if code == "" {
		return account.Store{}, true
	}
	s, ok := j.refs.stores[code]
	if !ok {
		j.Refuse(rec, key, fmt.Sprintf("there is no store with the code %q; import stores first", code))
	}
	return s, ok
}

func (j *Job) coded(rec *Record, key string, rows named) (string, bool) {
	id, ok := rows.ids[rec.Fields[key]]
	if !ok {
		j.Refuse(rec, key, fmt.Sprintf("there is nothing with the code %q; import %s first", rec.Fields[key], rows.kind))
	}
	return id, ok
}

// ByCode returns the id of a row that files name by code.
func (j *Job) ByCode(kind field.Kind, code string) string { return j.refs.named[kind].ids[code] }

// Accepts refuses a record whose row a rule refuses.
func (j *Job) Accepts(rec *Record, err error) bool {
	if err == nil {
		return true
	}
	key, reason := "row", err.Error()
	if f, isFault := fault.As(err); isFault {
		key, reason = f.Field, j.sentence(f)
	}
	j.Refuse(rec, key, reason)
	return false
}

// Set puts a record's values into a row, with the names of people and
// accounts resolved to ids.
func (j *Job) Set(c field.Catalogue, row any, rec *Record) bool {
	values := map[string]string{}
	for key, v := range rec.Fields {
		f, _ := c.Get(key)
		ok := true
		switch f.Kind {
		case field.Person:
			v, ok = j.Person(rec, key)
		case field.Account:
			v, ok = j.AccountOf(rec, key)
		case field.Place:
			var s account.Store
			s, ok = j.StoreOf(rec, key)
			v = s.ID
		default:
			if rows, is := j.refs.named[f.Kind]; is && v != "" {
				v, ok = j.coded(rec, key, rows)
			}
		}
		if !ok {
			return false
		}
		values[key] = v
	}
	if err := c.Set(row, values); err != nil {
		j.Refuse(rec, "row", err.Error())
		return false
	}
	return true
}
