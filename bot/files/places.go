package files

import (
	"fmt"
	"reflect"
	"strconv"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/field"
	"fieldbot/store"
)

// equal compares the fields of a catalogue.
func equal[T any](c field.Catalogue) func(a, b T) bool {
	return func(a, b T) bool { return reflect.DeepEqual(c.Values(a), c.Values(b)) }
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
	k.add, k.change = accountstore.Add, accountstore.Accounts.Change
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
	k.add, k.change = accountstore.AddStore, accountstore.Stores.Change
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
		return accountstore.Contacts.In(system).Order("c.account_id, c.name").Each(tx, func(c account.Contact) error {
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
	k.add = accountstore.AddContact
	k.change = accountstore.Contacts.Change
	return k
}
