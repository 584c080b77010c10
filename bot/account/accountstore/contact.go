package accountstore

import (
	"cmp"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/store"
)

// Contacts are who works for a customer. Their personal fields are not
// for everybody who sees the account.
var Contacts = store.Declare(store.Noun[account.Contact]{
	About: store.About{Alias: "c", Gate: contactsSeen, NoOwner: "goes with its account", Account: "account_id", Store: "store_id",
		// Whom the other account knows by the same name stays with the merged one.
		Stays: "c.name IN (SELECT x.name FROM contacts x WHERE x.account_id = ? AND x.status = 'active')", Catalogue: account.ContactCatalogue,
		Inner: []string{"rapport_on", "status", "merged_into"}},
	Unmake: func(c *account.Contact) { c.Status = account.Closed },
})

// ContactsOf lists the active contacts of an account, the weightiest first.
func ContactsOf(tx *store.Tx, scope access.Scope, accountID string) ([]account.Contact, error) {
	return Contacts.In(scope).And("c.account_id = ? AND c.status = 'active'", accountID).Order("c.weight DESC, c.name").Limit(200).Rows(tx)
}

// ofOwner are the active contacts at a person's own accounts.
func ofOwner(scope access.Scope, owner string) *store.Query[account.Contact] {
	return Contacts.In(scope).And("c.account_id IN (SELECT a.id FROM accounts a WHERE a.owner_id = ? AND a.status = 'active') AND c.status = 'active'", owner)
}

// ContactsAt are the active contacts at a person's own accounts, by account.
func ContactsAt(tx *store.Tx, scope access.Scope, owner string) (map[string][]account.Contact, error) {
	out := map[string][]account.Contact{}
	err := ofOwner(scope, owner).
		Order("c.weight DESC, c.name").Each(tx, func(c account.Contact) error { out[c.AccountID] = append(out[c.AccountID], c); return nil })
	return out, err
}

// AddContact keeps a new contact.
func AddContact(tx *store.Tx, c *account.Contact) error {
	c.Status = cmp.Or(c.Status, account.Active)
	return Contacts.Add(tx, c)
}

// Birthdays lists the contacts of a person's own accounts whose birthday is on
// one of some days, in any year.
func Birthdays(tx *store.Tx, scope access.Scope, owner string, days ...calendar.Day) ([]account.Contact, error) {
	q := ofOwner(scope, owner)
	marks, values := "", []any{}
	for _, d := range days {
		marks, values = marks+", ?", append(values, string(d[5:]))
	}
	return q.And("substr(c.birthday, 6) IN ("+marks[2:]+")", values...).Order("c.name").Limit(50).Rows(tx)
}

// ContactNamed returns the active contact of an account with a name.
func ContactNamed(tx *store.Tx, scope access.Scope, accountID, name string) (account.Contact, bool, error) {
	return Contacts.In(scope).And("c.account_id = ? AND c.name = ? AND c.status = 'active'", accountID, name).Order("c.id").Limit(1).One(tx)
}

// EraseContact overwrites what is known of somebody who works for a customer. As a rehearsal
// it counts alone.
// Ungated: the shell erases on request.
func EraseContact(tx *store.Tx, c account.Contact, really bool) ([]store.Erasure, error) {
	of := []any{c.ID}
	mentions, err := store.Mentions(tx, c.AccountID, c.Name, really)
	if err != nil {
		return nil, err
	}
	rest, err := store.Run(tx, append([]store.Overwrite{
		{What: "people in deals", Table: "deal_contacts", Where: `contact_id = $1`, Set: `name = '` + store.Erased + `'`, Args: of},
		{What: "verifications", Table: "verifications", Where: `fact = 'contact:' || $1`, Args: of},
		{What: "contact", Table: "contacts", Where: `id = $1`, Set: `name = '` + store.Erased + `-' || substr(id, 25, 12), title = '', phone = '', email = '', birthday = '', preferences = '', category = '', motives = '', reports_to = '', status = 'closed', version = version + 1`, Args: of},
	}, store.Trail(tx, "contacts", c.ID, c.Name)...), really)
	return append(mentions, rest...), err
}
