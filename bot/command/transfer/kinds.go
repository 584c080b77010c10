package transfer

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"fieldbot/bot/access"
	"fieldbot/bot/account"
	"fieldbot/bot/calendar"
	"fieldbot/bot/command"
	"fieldbot/bot/field"
	"fieldbot/bot/person"
	"fieldbot/bot/search"
	"fieldbot/bot/visit"
	"fieldbot/store"
	storeaccount "fieldbot/store/account"
	storeperson "fieldbot/store/person"
	storevisit "fieldbot/store/visit"
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
}

func (r *refs) load(tx *store.Tx) error {
	*r = refs{people: map[string]string{}, handles: map[string]person.Person{}, byID: map[string]person.Person{}, linked: map[string]string{}, accounts: map[string]account.Account{}, stores: map[string]account.Store{}, fresh: map[string]string{}, numbers: map[string]string{}}
	everybody, err := storeperson.All(tx)
	if err != nil {
		return err
	}
	identities, err := storeperson.AllIdentities(tx)
	if err != nil {
		return err
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
	if err := storeaccount.All(tx, system, func(a account.Account) error { r.accounts[a.Code] = a; return nil }); err != nil {
		return err
	}
	return storeaccount.AllStores(tx, system, func(s account.Store) error { r.stores[s.Code] = s; return nil })
}

// add makes the ids of a file's own rows known, by their keys.
func (r *refs) add(ids map[string]string) { r.fresh = ids }

func (j *job) person(rec *record, key string) (string, bool) {
	name := strings.TrimPrefix(rec.values[key], "@")
	if name == "" {
		return "", true
	}
	for _, id := range []string{j.refs.people[name], j.refs.people[strings.ToLower(name)], j.refs.fresh["people:"+strings.ToLower(name)], j.refs.fresh["people:"+j.refs.numbers[name]]} {
		if id != "" {
			return id, true
		}
	}
	j.refuse(rec, key, fmt.Sprintf("there is no person with the handle or number %q", name))
	return "", false
}

// accountOf returns the account of a code: one that is kept, or one that this
// file brings.
func (j *job) accountOf(rec *record, key string) (string, bool) {
	code := rec.values[key]
	if code == "" {
		return "", true
	}
	if a, ok := j.refs.accounts[code]; ok {
		return a.ID, true
	}
	if id := j.refs.fresh["accounts:"+code]; id != "" {
		return id, true
	}
	j.refuse(rec, key, fmt.Sprintf("there is no account with the code %q; import accounts first", code))
	return "", false
}

func (j *job) storeOf(rec *record, key string) (account.Store, bool) {
	code := rec.values[key]
	if code == "" {
		return account.Store{}, true
	}
	s, ok := j.refs.stores[code]
	if !ok {
		j.refuse(rec, key, fmt.Sprintf("there is no store with the code %q; import stores first", code))
	}
	return s, ok
}

// set puts a record's values into a row, with the names of people and
// accounts resolved to ids.
func (j *job) set(c field.Catalogue, row any, rec *record) bool {
	values := map[string]string{}
	for key, v := range rec.values {
		f, _ := c.Get(key)
		ok := true
		switch f.Kind {
		case field.Person:
			v, ok = j.person(rec, key)
		case field.Account:
			v, ok = j.accountOf(rec, key)
		case field.Place:
			var s account.Store
			s, ok = j.storeOf(rec, key)
			v = s.ID
		}
		if !ok {
			return false
		}
		values[key] = v
	}
	if err := c.Set(row, values); err != nil {
		j.refuse(rec, "row", err.Error())
		return false
	}
	return true
}

func (j *job) keeper(tx *store.Tx) storeaccount.Keeper {
	return storeaccount.Keeper{Tx: tx, Cadence: j.config.Visits.Cadence}
}

// equal compares the fields of a catalogue.
func equal[T any](c field.Catalogue) func(a, b T) bool {
	return func(a, b T) bool { return reflect.DeepEqual(c.Values(a), c.Values(b)) }
}

func peopleKind(j *job) kind[person.Person] {
	k := kind[person.Person]{existing: map[string]person.Person{}, id: func(p *person.Person) *string { return &p.ID }}
	for handle, p := range j.refs.handles {
		k.existing["people:"+handle] = p
	}
	byCode := map[string]string{}
	for handle, p := range j.refs.handles {
		byCode[p.Code] = handle
	}
	taken := map[string]string{} // handle made from a name → whose number
	// Without a handle a person is matched by number, else gets a handle from
	// the name.
	k.key = func(v map[string]string) string {
		if v["handle"] == "" {
			if known := byCode[v["code"]]; known != "" && v["code"] != "" {
				v["handle"] = known
			} else {
				v["handle"] = handleOf(v["name"])
				owner, used := taken[v["handle"]]
				if known, there := j.refs.handles[v["handle"]]; there && known.Code != "" {
					owner, used = known.Code, true // somebody else of the same name
				}
				if used && owner != v["code"] {
					v["handle"] += "." + v["code"]
				}
			}
			taken[v["handle"]] = v["code"]
		}
		v["handle"] = strings.ToLower(v["handle"])
		j.refs.numbers[v["code"]] = v["handle"] // a file may name its own people by number
		return "people:" + v["handle"]
	}
	k.fill = func(p *person.Person, r *record) bool {
		if !person.HandleShape.MatchString(r.values["handle"]) {
			j.refuse(r, "handle", "write 1 to 32 small letters, digits, dots, - or _")
			return false
		}
		if zone := r.values["timezone"]; zone != "" {
			if _, ok := calendar.Zone(zone); !ok {
				j.refuse(r, "timezone", "write an IANA name such as Asia/Shanghai")
				return false
			}
		}
		for _, platform := range []string{"slack", "telegram"} {
			if owner := j.refs.linked[platform+":"+r.values[platform]]; owner != "" && owner != p.ID {
				j.refuse(r, platform, "belongs to another person")
				return false
			}
		}
		if !j.set(person.Catalogue, p, r) {
			return false
		}
		if p.Status == "" {
			p.Status = "active"
		}
		p.Territory = store.CleanTerritory(p.Territory)
		p.ZoneKnown = p.ZoneKnown || r.values["timezone"] != ""
		return true
	}
	k.same = equal[person.Person](person.Catalogue)
	k.add = storeperson.Add
	k.change = storeperson.Change
	k.after = func(tx *store.Tx, p person.Person, r *record) error {
		for _, platform := range []string{"slack", "telegram"} {
			if id := r.values[platform]; id != "" {
				if err := storeperson.Link(tx, person.Identity{Platform: platform, ExternalID: id, PersonID: p.ID, Room: id}); err != nil {
					return fmt.Errorf("%s:%d: %s %s belongs to another person", r.file, r.line, platform, id)
				}
			}
		}
		return nil
	}
	return k
}

// handleOf makes a handle from a name: nancy.davolio, li.wei by pinyin.
func handleOf(name string) string {
	full, _ := search.Pinyin(name)
	if full == "" {
		full = search.Fold(name)
	}
	var b strings.Builder
	for _, r := range full {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "."):
			b.WriteByte('.')
		}
	}
	h := strings.Trim(b.String(), ".")
	return h[:min(len(h), 28)]
}

func accountsKind(j *job) kind[account.Account] {
	k := kind[account.Account]{existing: map[string]account.Account{}, id: func(a *account.Account) *string { return &a.ID }}
	for code, a := range j.refs.accounts {
		k.existing["accounts:"+code] = a
	}
	k.key = func(v map[string]string) string { return "accounts:" + v["code"] }
	k.fill = func(a *account.Account, r *record) bool {
		if r.values["code"] == "" {
			j.refuse(r, "code", "is needed: it is what a repeated import finds the account by")
			return false
		}
		if !j.set(account.Catalogue, a, r) {
			return false
		}
		a.Territory = store.CleanTerritory(a.Territory)
		if a.Kind == "" {
			a.Kind = "ordinary"
		}
		if a.Status == "" {
			a.Status = "active"
		}
		if a.ParentID == a.ID {
			j.refuse(r, "parent_code", "an account cannot be its own parent")
			return false
		}
		return true
	}
	k.same = equal[account.Account](account.Catalogue)
	k.add = func(tx *store.Tx, a *account.Account) error { return j.keeper(tx).Add(a) }
	k.change = func(tx *store.Tx, before, after account.Account) error { return j.keeper(tx).Change(before, after) }
	k.order = func(plan []*planned[account.Account]) []*planned[account.Account] {
		good, circle := parentsFirst(plan)
		for _, p := range circle {
			j.refuse(p.record, "parent_code", "is, further up, this account itself")
		}
		return good
	}
	return k
}

// parentsFirst puts each account behind its parent; what is left over turns
// in a circle.
func parentsFirst(plan []*planned[account.Account]) (out, circle []*planned[account.Account]) {
	waiting := map[string]bool{}
	for _, p := range plan {
		waiting[p.after.ID] = true
	}
	for len(plan) > 0 {
		var later []*planned[account.Account]
		for _, p := range plan {
			if waiting[p.after.ParentID] {
				later = append(later, p)
				continue
			}
			out = append(out, p)
			delete(waiting, p.after.ID)
		}
		if len(later) == len(plan) {
			return out, later
		}
		plan = later
	}
	return out, nil
}

func storesKind(j *job) kind[account.Store] {
	k := kind[account.Store]{existing: map[string]account.Store{}, id: func(s *account.Store) *string { return &s.ID }}
	for code, s := range j.refs.stores {
		k.existing["stores:"+code] = s
	}
	k.key = func(v map[string]string) string { return "stores:" + v["code"] }
	k.fill = func(s *account.Store, r *record) bool {
		if r.values["code"] == "" {
			j.refuse(r, "code", "is needed: it is what a repeated import finds the store by")
			return false
		}
		for key, limit := range map[string]float64{"latitude": 90, "longitude": 180} {
			if v := r.values[key]; v != "" {
				if n, err := strconv.ParseFloat(v, 64); err != nil || !(n >= -limit && n <= limit) {
					j.refuse(r, key, fmt.Sprintf("write degrees from -%v to %v, such as 31.2304", limit, limit))
					return false
				}
			}
		}
		if !j.set(account.StoreCatalogue, s, r) {
			return false
		}
		s.Territory = store.CleanTerritory(s.Territory)
		if s.Status == "" {
			s.Status = "active"
		}
		return true
	}
	k.same = equal[account.Store](account.StoreCatalogue)
	k.add = func(tx *store.Tx, s *account.Store) error { return j.keeper(tx).AddStore(s) }
	k.change = func(tx *store.Tx, before, after account.Store) error { return j.keeper(tx).ChangeStore(before, after) }
	return k
}

func contactsKind(j *job) kind[account.Contact] {
	k := kind[account.Contact]{existing: map[string]account.Contact{}, id: func(c *account.Contact) *string { return &c.ID }}
	codes := map[string]string{}
	for code, a := range j.refs.accounts {
		codes[a.ID] = code
	}
	// The rows are few beside stores and visits; all are read.
	j.failed = j.db.Read(j.ctx, func(tx *store.Tx) error {
		return storeaccount.AllContacts(tx, system, func(c account.Contact) error {
			if c.Status == "active" {
				k.existing["contacts:"+codes[c.AccountID]+":"+c.Name] = c
			}
			return nil
		})
	})
	k.key = func(v map[string]string) string { return "contacts:" + v["account_code"] + ":" + v["name"] }
	k.fill = func(c *account.Contact, r *record) bool {
		if c.Status == "" {
			c.Status = "active"
		}
		return j.set(account.ContactCatalogue, c, r)
	}
	k.same = equal[account.Contact](account.ContactCatalogue)
	k.add = storeaccount.AddContact
	k.change = storeaccount.ChangeContact
	return k
}

func visitsKind(j *job) kind[visit.Visit] {
	k := kind[visit.Visit]{existing: map[string]visit.Visit{}, id: func(v *visit.Visit) *string { return &v.ID }}
	natural := func(person, store, account string, at int64) string {
		return fmt.Sprintf("visits:%s:%s:%s:%d", person, store, account, at)
	}
	k.key = func(v map[string]string) string {
		if v["ref"] != "" {
			key := "visits:" + v["ref"]
			j.findVisit(key, visit.Visit{Ref: v["ref"]}, k.existing)
			return key
		}
		at, _ := j.instant(v["started_at"])
		who := j.refs.people[v["person"]]
		s := j.refs.stores[v["store_code"]]
		a := j.refs.accounts[v["account_code"]].ID
		if s.ID != "" {
			a = s.AccountID
		}
		key := natural(who, s.ID, a, at.UnixMilli())
		j.findVisit(key, visit.Visit{PersonID: who, StoreID: s.ID, AccountID: a, StartedAt: at}, k.existing)
		return key
	}
	k.fill = func(v *visit.Visit, r *record) bool { return j.fillVisit(v, r) }
	k.same = func(a, b visit.Visit) bool {
		return equal[visit.Visit](visit.Catalogue)(a, b) && a.StartedAt.Equal(b.StartedAt) && a.FinishedAt.Equal(b.FinishedAt) && a.PersonID == b.PersonID && a.StoreID == b.StoreID && a.AccountID == b.AccountID
	}
	k.add = func(tx *store.Tx, v *visit.Visit) error {
		v.RecordedAt, v.Source = tx.Now, "import"
		if err := storevisit.Add(tx, v); err != nil {
			return err
		}
		return j.keeper(tx).Visited(v.StoreID, v.AccountID)
	}
	k.change = func(tx *store.Tx, before, after visit.Visit) error {
		if err := storevisit.Change(tx, before, after); err != nil {
			return err
		}
		return j.keeper(tx).Visited(after.StoreID, after.AccountID)
	}
	return k
}

// findVisit looks up one visit; a million of them would not fit memory.
func (j *job) findVisit(key string, like visit.Visit, existing map[string]visit.Visit) {
	j.failed = errors.Join(j.failed, j.db.Read(j.ctx, func(tx *store.Tx) error {
		v, ok, err := storevisit.ByRef(tx, system, like.Ref)
		if like.Ref == "" {
			v, ok, err = storevisit.Started(tx, system, like)
		}
		if ok {
			existing[key] = v
		}
		return err
	}))
}

func (j *job) fillVisit(v *visit.Visit, r *record) bool {
	s, ok := j.storeOf(r, "store_code")
	if !ok {
		return false
	}
	a, ok := j.accountOf(r, "account_code")
	if !ok {
		return false
	}
	who, ok := j.person(r, "person")
	if !ok {
		return false
	}
	owner, ok := j.person(r, "next_owner")
	if !ok {
		return false
	}
	switch {
	case s.ID == "" && a == "":
		j.refuse(r, "store_code", "give a store_code or an account_code")
		return false
	case s.ID != "":
		a = s.AccountID
	}
	started, ok := j.instant(r.values["started_at"])
	if !ok && r.values["planned_for"] == "" {
		j.refuse(r, "started_at", "write a time such as 2026-11-21T10:02:00+08:00 or 2026-11-21 10:02")
		return false
	}
	finished, ok := j.instant(r.values["finished_at"])
	if !ok {
		finished = started
	}
	switch {
	case started.After(j.db.Now()):
		j.refuse(r, "started_at", "is still to come; give planned_for for a visit to come")
		return false
	case finished.Before(started):
		j.refuse(r, "finished_at", "is before started_at")
		return false
	}
	rest := map[string]string{}
	for key, value := range r.values {
		f, _ := visit.Catalogue.Get(key)
		if f.Kind != field.Person && f.Kind != field.Place && f.Kind != field.Account && key != "started_at" && key != "finished_at" {
			rest[key] = value
		}
	}
	if err := visit.Catalogue.Set(v, rest); err != nil {
		j.refuse(r, "row", err.Error())
		return false
	}
	v.StoreID, v.AccountID, v.PersonID, v.NextOwner = s.ID, a, who, owner
	v.StartedAt, v.FinishedAt = started, finished
	if v.Status == "" {
		v.Status = visit.Done
	}
	if v.Presence == "" {
		v.Presence = "unknown"
	}
	if !started.IsZero() {
		v.VisitedOn = command.WordsFor(j.refs.byID[who], j.config).Today(started)
	}
	return true
}
