package accountstore

import (
	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/store"
)

var contactColumns = store.Columns[account.Contact]("c")

// Contacts lists the active contacts of an account, the weightiest first.
func Contacts(tx *store.Tx, scope access.Scope, accountID string) ([]account.Contact, error) {
	var a store.Args
	return store.Rows[account.Contact](tx, `SELECT `+contactColumns+` FROM contacts c WHERE c.account_id = `+a.Add(accountID)+` AND c.status = 'active' AND `+a.Contacts(scope, "c")+` ORDER BY c.weight DESC, c.name LIMIT 200`, a.List...)
}

// ContactByName returns the active contact of an account with a name.
func ContactByName(tx *store.Tx, scope access.Scope, accountID, name string) (account.Contact, bool, error) {
	var a store.Args
	return store.One[account.Contact](tx, `SELECT `+contactColumns+` FROM contacts c WHERE c.account_id = `+a.Add(accountID)+` AND c.name = `+a.Add(name)+` AND c.status = 'active' AND `+a.Contacts(scope, "c"), a.List...)
}

// AllContacts calls fn with every contact in sight.
func AllContacts(tx *store.Tx, scope access.Scope, fn func(account.Contact) error) error {
	var a store.Args
	return store.Each(tx, fn, `SELECT `+contactColumns+` FROM contacts c WHERE `+a.Contacts(scope, "c")+` ORDER BY c.account_id, c.name`, a.List...)
}

// AddContact keeps a new contact.
func AddContact(tx *store.Tx, c *account.Contact) error {
	if c.ID == "" {
		c.ID = store.NewID()
	}
	c.Version, c.CreatedAt, c.UpdatedAt = 1, tx.Now, tx.Now
	if c.Status == "" {
		c.Status = "active"
	}
	return store.Insert(tx, *c)
}

// ChangeContact writes a contact over the one that was read.
func ChangeContact(tx *store.Tx, before, after account.Contact) error {
	after.UpdatedAt = tx.Now
	return store.Update(tx, before, after)
}

// Birthdays lists the contacts of a person's own accounts whose birthday is on
// one of some days, in any year.
func Birthdays(tx *store.Tx, scope access.Scope, owner string, days ...calendar.Day) ([]account.Contact, error) {
	var a store.Args
	where := ""
	for _, d := range days {
		where += `, ` + a.Add(string(d[5:]))
	}
	return store.Rows[account.Contact](tx, `SELECT `+contactColumns+` FROM contacts c WHERE c.account_id IN (SELECT a.id FROM accounts a WHERE a.owner_id = `+a.Add(owner)+` AND a.status = 'active') AND c.status = 'active' AND substr(c.birthday, 6) IN (`+where[2:]+`) AND `+a.Contacts(scope, "c")+` ORDER BY c.name LIMIT 50`, a.List...)
}
