package files

import (
	"fmt"
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
)

var system = access.System("import and export by the shell")

// refs resolves what rows name: people by handle or number, accounts and stores by code,
// each of them by a name that only one has. New rows of the file count too. Of accounts and
// stores it holds no more than rows need: there may be a hundred thousand.
type refs struct {
	people   map[string]string
	handles  map[string]person.Person
	byID     map[string]person.Person
	linked   map[string]string // platform:user → whose
	accounts map[string]AccountRef
	stores   map[string]StoreRef
	fresh    map[string]string // ids of the file's own rows, by key
	numbers  map[string]string // number of a person in the file → handle
	named    map[field.Kind]named
	called   map[field.Kind]names
}

// AccountRef is what rows need of an account that they name.
type AccountRef struct{ ID, Name, OwnerID, Size string }

// StoreRef is the same of a store.
type StoreRef struct{ ID, Name, AccountID string }

// names are the codes behind names in lower case; several is the code of a name that more
// than one has.
type names map[string]string

const several = "\x00"

func (n names) add(name, code string) {
	key := strings.ToLower(strings.TrimSpace(name))
	if other, known := n[key]; known && other != code {
		code = several
	}
	if key != "" {
		n[key] = code
	}
}

// named are the rows of a kind of file that other files name by code.
type named struct {
	kind string
	ids  map[string]string // by code
}

func (r *refs) load(tx *store.Tx) error {
	*r = refs{people: map[string]string{}, handles: map[string]person.Person{}, byID: map[string]person.Person{}, linked: map[string]string{}, accounts: map[string]AccountRef{}, stores: map[string]StoreRef{}, fresh: map[string]string{}, numbers: map[string]string{}, named: map[field.Kind]named{},
		called: map[field.Kind]names{field.Person: {}, field.Account: {}, field.Place: {}}}
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
		r.called[field.Person].add(p.Name, p.Handle)
		if p.Code != "" {
			r.people[p.Code] = p.ID
		}
	}
	accounts, err := accountstore.AccountRefs(tx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		r.accounts[a.Code] = AccountRef{a.ID, a.Name, a.OwnerID, a.Size}
		r.called[field.Account].add(a.Name, a.Code)
	}
	return accountstore.EachStoreRef(tx, func(s accountstore.StoreRef) {
		r.stores[s.Code] = StoreRef{s.ID, s.Name, s.AccountID}
		r.called[field.Place].add(s.Name, s.Code)
	})
}

// add makes the ids of a file's own rows known, by their keys.
func (r *refs) add(ids map[string]string) { r.fresh = ids }

// meet makes a row of the file known by its name.
func (r *refs) meet(kind string, fields map[string]string) {
	switch kind {
	case "people":
		r.called[field.Person].add(fields["name"], fields["handle"])
	case "accounts":
		r.called[field.Account].add(fields["name"], fields["code"])
	}
}

// canonical is the handle or code of what a cell names, where it does so by a name that
// only one has; else what the cell says.
func (j *Job) canonical(kind field.Kind, said string) string {
	code := said
	switch kind {
	case field.Person:
		code = strings.TrimPrefix(said, "@")
		if j.refs.people[code] != "" || j.refs.people[strings.ToLower(code)] != "" {
			return said
		}
	case field.Account:
		if _, known := j.refs.accounts[said]; known {
			return said
		}
	case field.Place:
		if _, known := j.refs.stores[said]; known {
			return said
		}
	}
	if only := j.refs.called[kind][strings.ToLower(code)]; only != "" && only != several {
		return only
	}
	return said
}

// unknown says why a name means nothing.
func (j *Job) unknown(kind field.Kind, said, what, cure string) string {
	if j.refs.called[kind][strings.ToLower(said)] == several {
		return fmt.Sprintf("several %ss are called %q; write the code", what, said)
	}
	return fmt.Sprintf("there is no %s with the %s %q%s", what, map[bool]string{true: "handle, number or name", false: "code or name"}[kind == field.Person], said, cure)
}

// PersonID returns the id of the person of a handle or number; empty if there is none.
func (j *Job) PersonID(name string) string { return j.refs.people[name] }

// PersonByID returns a person that is kept.
func (j *Job) PersonByID(id string) person.Person { return j.refs.byID[id] }

// StoreByCode returns a store that is kept.
func (j *Job) StoreByCode(code string) StoreRef { return j.refs.stores[code] }

// AccountByCode returns an account that is kept.
func (j *Job) AccountByCode(code string) AccountRef { return j.refs.accounts[code] }

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
	if handle := j.refs.called[field.Person][strings.ToLower(name)]; handle != "" && j.refs.fresh["people:"+handle] != "" {
		return j.refs.fresh["people:"+handle], true
	}
	j.Refuse(rec, key, j.unknown(field.Person, name, "person", ""))
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
	if only := j.refs.called[field.Account][strings.ToLower(code)]; j.refs.fresh["accounts:"+only] != "" {
		return j.refs.fresh["accounts:"+only], true
	}
	j.Refuse(rec, key, j.unknown(field.Account, code, "account", "; import accounts first"))
	return "", false
}

// StoreOf returns the store of a code.
func (j *Job) StoreOf(rec *Record, key string) (StoreRef, bool) {
	code := rec.Fields[key]
	if code == "" {
		return StoreRef{}, true
	}
	s, ok := j.refs.stores[code]
	if !ok {
		j.Refuse(rec, key, j.unknown(field.Place, code, "store", "; import stores first"))
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
			var s StoreRef
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
