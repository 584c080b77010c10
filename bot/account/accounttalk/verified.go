package accounttalk

import (
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/files"
	"fieldbot/store"
)

// customer is what can be made sure of at a customer or at one of its stores.
type customer struct {
	facts  []account.Fact
	people []account.Contact
}

func customerOf(tx *store.Tx, accountID, storeID string) (c customer, err error) {
	if storeID != "" {
		s, _, err := accountstore.Stores.In(byFile).ByID(tx, storeID)
		if err != nil {
			return c, err
		}
		c.facts = s.Facts()
	} else {
		a, _, err := accountstore.Accounts.In(byFile).ByID(tx, accountID)
		if err != nil {
			return c, err
		}
		c.facts = a.Facts()
	}
	c.people, err = accountstore.ContactsOf(tx, byFile, accountID)
	for _, p := range c.people {
		c.facts = append(c.facts, p.Fact())
	}
	return c, err
}

// digest is that of a fact as it is now, and whether it is known at all.
func (c customer) digest(fact string) (string, bool) {
	i := slices.IndexFunc(c.facts, func(f account.Fact) bool { return f.Key == fact })
	if i < 0 {
		return "", false
	}
	return account.DigestOf(c.facts[i].Value), true
}

// inFile is a fact as files name it, a person by the name; kept is the way back.
func (c customer) inFile(fact string) string {
	return c.person(fact, func(p account.Contact) (string, string) { return p.ID, p.Name })
}

func (c customer) kept(fact string) string {
	return c.person(fact, func(p account.Contact) (string, string) { return p.Name, p.ID })
}

func (c customer) person(fact string, swap func(account.Contact) (from, to string)) string {
	said, is := account.ContactOf(fact)
	for _, p := range c.people {
		if from, to := swap(p); is && from == said {
			return account.KindContact + ":" + to
		}
	}
	return fact
}

// exportVerified writes the verifications that hold: what was changed since is left out.
func exportVerified(e *files.Exporter) error {
	return files.Table(e, account.VerificationCatalogue, func(add func(account.Verification) error) error {
		all, err := accountstore.Verifications.In(byFile).Since("vf.created_at", e.Span.Since, e.Span.Until).Order("vf.on_day, vf.id").Rows(e.Tx)
		if err != nil {
			return err
		}
		for _, v := range all {
			c, err := customerOf(e.Tx, v.AccountID, v.StoreID)
			if err != nil {
				return err
			}
			if now, known := c.digest(v.Fact); !known || now != v.Digest {
				continue
			}
			v.Fact = c.inFile(v.Fact)
			if err := add(v); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

func importVerified(j *files.Job) files.Rows[account.Verification] {
	where := func(v map[string]string) (accountID, storeID string) {
		if s := j.StoreByCode(v["store_code"]); s.ID != "" {
			return s.AccountID, s.ID
		}
		return j.AccountByCode(v["account_code"]).ID, ""
	}
	return files.Rows[account.Verification]{
		Key: func(v map[string]string) string {
			accountID, storeID := where(v)
			return strings.Join([]string{accountID, storeID, v["fact"]}, "\x00")
		},
		Find: func(tx *store.Tx, v map[string]string) (account.Verification, bool, error) {
			accountID, storeID := where(v)
			c, err := customerOf(tx, accountID, storeID)
			if err != nil {
				return account.Verification{}, false, err
			}
			return accountstore.VerificationOf(tx, accountID, storeID, c.kept(v["fact"]))
		},
		ID: func(v *account.Verification) *string { return &v.ID },
		Fill: func(v *account.Verification, r *files.Record) bool {
			if !j.Set(account.VerificationCatalogue, v, r) {
				return false
			}
			v.AccountID, v.StoreID = where(r.Fields)
			if v.AccountID == "" {
				j.Refuse(r, "account_code", "give a store_code or an account_code")
				return false
			}
			var c customer
			j.Look(func(tx *store.Tx) (err error) {
				c, err = customerOf(tx, v.AccountID, v.StoreID)
				return err
			})
			v.Fact = c.kept(v.Fact)
			digest, known := c.digest(v.Fact)
			switch {
			case !known:
				j.Refuse(r, "fact", fmt.Sprintf("nothing is known as %q; write the key of a field that is filled, such as phone, or contact: and a name", r.Fields["fact"]))
			case v.OnDay > j.Today:
				j.Refuse(r, "verified_on", "is still to come")
			default:
				v.Digest = digest
				return true
			}
			return false
		},
		Same: func(a, b account.Verification) bool {
			return files.Equal[account.Verification](account.VerificationCatalogue)(a, b) && a.Digest == b.Digest
		},
		Add:    accountstore.Verifications.Add,
		Change: accountstore.Verifications.Change,
	}
}
