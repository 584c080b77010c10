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

// Equal compares the fields of a catalogue.
func Equal[T any](c field.Catalogue) func(a, b T) bool {
	return func(a, b T) bool { return reflect.DeepEqual(c.Values(a), c.Values(b)) }
}

func accountsKind(j *Job) Rows[account.Account] {
	k := Rows[account.Account]{ID: func(a *account.Account) *string { return &a.ID }}
	k.Find = func(tx *store.Tx, v map[string]string) (account.Account, bool, error) {
		return accountstore.Accounts.In(system).And("a.code = ? AND a.code <> ''", v["code"]).One(tx)
	}
	k.Key = func(v map[string]string) string { return "accounts:" + v["code"] }
	k.Fill = func(a *account.Account, r *Record) bool {
		if r.Fields["code"] == "" {
			j.Refuse(r, "code", "is needed: it is what a repeated import finds the account by")
			return false
		}
		if !j.Set(account.Catalogue, a, r) || !j.Answers(r, "owner", a.OwnerID) {
			return false
		}
		a.Territory = store.CleanTerritory(a.Territory)
		if a.Kind == "" {
			a.Kind = "ordinary"
		}
		if a.Status == "" || a.Status == account.Merged && a.MergedInto == "" { // what was taken back comes again
			a.Status = account.Active
		}
		if a.ParentID == a.ID {
			j.Refuse(r, "parent_code", "an account cannot be its own parent")
			return false
		}
		return true
	}
	k.Same = Equal[account.Account](account.Catalogue)
	k.Add, k.Change = accountstore.Add, accountstore.Accounts.Change
	k.Order = func(plan []*Planned[account.Account]) []*Planned[account.Account] {
		good, circle := parentsFirst(plan)
		for _, p := range circle {
			j.Refuse(p.Record, "parent_code", "is, further up, this account itself")
		}
		return good
	}
	return k
}

// parentsFirst puts each account behind its parent; what is left over turns
// in a circle.
func parentsFirst(plan []*Planned[account.Account]) (out, circle []*Planned[account.Account]) {
	waiting := map[string]bool{}
	for _, p := range plan {
		waiting[p.After.ID] = true
	}
	for len(plan) > 0 {
		var later []*Planned[account.Account]
		for _, p := range plan {
			if waiting[p.After.ParentID] {
				later = append(later, p)
				continue
			}
			out = append(out, p)
			delete(waiting, p.After.ID)
		}
		if len(later) == len(plan) {
			return out, later
		}
		plan = later
	}
	return out, nil
}

func storesKind(j *Job) Rows[account.Store] {
	k := Rows[account.Store]{ID: func(s *account.Store) *string { return &s.ID }}
	k.Find = func(tx *store.Tx, v map[string]string) (account.Store, bool, error) {
		return accountstore.Stores.In(system).And("s.code = ? AND s.code <> ''", v["code"]).One(tx)
	}
	k.Key = func(v map[string]string) string { return "stores:" + v["code"] }
	k.Fill = func(s *account.Store, r *Record) bool {
		if r.Fields["code"] == "" {
			j.Refuse(r, "code", "is needed: it is what a repeated import finds the store by")
			return false
		}
		for key, limit := range map[string]float64{"latitude": 90, "longitude": 180} {
			if v := r.Fields[key]; v != "" {
				if n, err := strconv.ParseFloat(v, 64); err != nil || !(n >= -limit && n <= limit) {
					j.Refuse(r, key, fmt.Sprintf("write degrees from -%v to %v, such as 31.2304", limit, limit))
					return false
				}
			}
		}
		if (r.Fields["latitude"] == "") != (r.Fields["longitude"] == "") {
			j.Refuse(r, map[bool]string{true: "latitude", false: "longitude"}[r.Fields["latitude"] == ""], "is needed: half a coordinate is no place")
			return false
		}
		if !j.Set(account.StoreCatalogue, s, r) || !j.Answers(r, "rep", s.RepID) {
			return false
		}
		s.Territory = store.CleanTerritory(s.Territory)
		if s.Status == "" || s.Status == account.Merged && s.MergedInto == "" { // what was taken back comes again
			s.Status = account.Active
		}
		return true
	}
	k.Same = Equal[account.Store](account.StoreCatalogue)
	k.Add, k.Change = accountstore.AddStore, accountstore.Stores.Change
	return k
}

func contactsKind(j *Job) Rows[account.Contact] {
	k := Rows[account.Contact]{ID: func(c *account.Contact) *string { return &c.ID }}
	k.Find = func(tx *store.Tx, v map[string]string) (account.Contact, bool, error) {
		return accountstore.ContactNamed(tx, system, j.AccountByCode(v["account_code"]).ID, v["name"])
	}
	k.Key = func(v map[string]string) string { return "contacts:" + v["account_code"] + ":" + v["name"] }
	k.Fill = func(c *account.Contact, r *Record) bool {
		if c.Status == "" {
			c.Status = "active"
		}
		if mail := r.Fields["email"]; mail != "" && !account.MailShape.MatchString(mail) {
			j.Refuse(r, "email", fmt.Sprintf("%q is no e-mail address", mail))
			return false
		}
		return j.Set(account.ContactCatalogue, c, r)
	}
	k.Same = Equal[account.Contact](account.ContactCatalogue)
	k.Add = accountstore.AddContact
	k.Change = accountstore.Contacts.Change
	return k
}
