// Package accounttalk is what people say and press about customers.
package accounttalk

import (
	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

var (
	owners    = []person.Role{person.KAM, person.Manager}
	fieldwork = []person.Role{person.Rep, person.KAM, person.Manager}

	accountForm = form.Form{Name: "account.add", Fields: keys(account.Catalogue, "name", "city", "address", "phone", "kind", "reach", "parent_code", "owner", "size", "relation", "position", "settlement", "loyalty", "revenue", "margin", "potential", "customer_since", "territory", "code")}
	storeForm   = form.Form{Name: "account.store", Fields: keys(account.StoreCatalogue, "name", "account_code", "format", "store_class", "city", "address", "phone", "location", "rep", "cadence_days", "delivery_mode", "promoters", "fence_metres", "territory", "code")}
	contactForm = form.Form{Name: "account.contact", Fields: account.ContactCatalogue.For(field.Ask)}
	mergeForm   = form.Form{Name: "account.merge", Fields: []field.Field{
		{Key: "merge_from", Kind: field.Place, Required: true},
		{Key: "merge_into", Kind: field.Place, Required: true},
	}}
	verifyForm = form.Form{Name: "account.verify", Fields: keys(account.VerificationCatalogue, "place", "fact", "verified_how")}
	closeForm  = form.Form{Name: "account.close", Fields: []field.Field{
		{Key: "place", Kind: field.Place, Required: true},
	}}
)

func keys(c field.Catalogue, keys ...string) []field.Field { return c.Pick(keys...) }

// Module is /account, and who works for a customer.
var Module = command.Module{Name: "account", Words: words, Families: []command.Family{family}, Digest: waits, Asks: asks, Makes: makers, Brief: brief, Files: fileKinds, Reports: []command.Report{effortReport}}

var family = command.Family{
	Name:    "account",
	Default: "show",
	Verbs: []command.Verb{
		{Name: "show", Read: show},
		{Name: "add", Roles: fieldwork, Form: accountForm, Object: "name", Save: add},
		{Name: "store", Roles: fieldwork, Form: storeForm, Object: "name", Save: addStore},
		editVerb,
		storeVerb,
		accounts.Verb(command.On[account.Account]{Name: "profile", Roles: owners, Ready: editable, Ask: profile, Fill: fillProfile, Do: saveProfile}),
		{Name: "contact", Roles: fieldwork, Form: contactForm, Object: "account_code", Save: saveContact},
		{Name: "merge", Roles: owners, Form: mergeForm, Object: "merge_from", Save: merge},
		{Name: "close", Roles: owners, Form: closeForm, Object: "place", Save: closePlace},
		accounts.Verb(command.On[account.Account]{Name: "fill", Roles: fieldwork, Ask: profile, Behind: askOne, Do: saveFill, Loose: true}),
		{Name: "coverage", Roles: fieldwork, Read: coverage},
		{Name: "tier", Read: tier},
		{Name: "handover", Roles: fieldwork, Form: handoverForm, Object: "handover_to", Save: handover},
		{Name: "qr", Read: qrCode},
		{Name: "verify", Roles: fieldwork, Form: verifyForm, Object: "place", Save: verify, Quick: true},
	},
	Choices: facts,
	Buttons: []command.Button{accounts.Press("tier.nominate", fieldwork, nil, nominate), accounts.Press("account.still", fieldwork, nil, stillRight), effortRules},
}

var (
	accountVerb = accounts.Verb(command.On[account.Account]{Name: "edit", Roles: fieldwork, Ready: editable, Ask: accountForm.Fields, Fill: fillAccount, Do: saveAccount})
	storeVerb   = stores.Verb(command.On[account.Store]{Name: "edit_store", Roles: fieldwork, Ask: storeForm.Fields, Fill: fillStore, Do: saveStore})
	// editVerb is that of an account until the words name a store.
	editVerb = func() command.Verb { v := accountVerb; v.Open = openEdit; return v }()
)

// add makes an account; its maker owns it unless another owner is named.
func add(r *command.Request, d form.Draft) (command.Saved, error) {
	return unlessTwin(r, d, newPlace{kind: account.KindAccount, name: d.Values["name"], phone: d.Values["phone"]}, makeAccount)
}

func makeAccount(r *command.Request, d form.Draft) (command.Saved, error) {
	var a account.Account
	if err := account.Catalogue.Set(&a, d.Values); err != nil {
		return command.Saved{}, err
	}
	if a.OwnerID == "" {
		a.OwnerID = r.Who.ID
	}
	if err := mayOwn(r, "owner", a.OwnerID); err != nil {
		return command.Saved{}, err
	}
	if err := inside(r, a.Territory, ""); err != nil {
		return command.Saved{}, err
	}
	if err := freeCode(r, "accounts", a.Code, ""); err != nil {
		return command.Saved{}, err
	}
	if err := accountstore.Add(r.Tx, &a); err != nil {
		return command.Saved{}, err
	}
	return made(r, "account.added", account.KindAccount, a.ID, a.Name, a.Code), nil
}

// addStore makes a store; a rep who makes it visits it unless another is
// named.
func addStore(r *command.Request, d form.Draft) (command.Saved, error) {
	p := newPlace{kind: account.KindStore, name: d.Values["name"], phone: d.Values["phone"]}
	if l, ok := form.ParseLocation(d.Values["location"]); ok {
		p.latitude, p.longitude = l.Lat, l.Lon
	}
	return unlessTwin(r, d, p, makeStore)
}

func makeStore(r *command.Request, d form.Draft) (command.Saved, error) {
	var s account.Store
	if err := account.StoreCatalogue.Set(&s, d.Values); err != nil {
		return command.Saved{}, err
	}
	if l, ok := form.ParseLocation(d.Values["location"]); ok {
		s.Latitude, s.Longitude = l.Lat, l.Lon
	}
	if s.RepID == "" && r.Who.Is(person.Rep) {
		s.RepID = r.Who.ID
	}
	if err := mayOwn(r, "rep", s.RepID); err != nil {
		return command.Saved{}, err
	}
	if _, ok, err := accountstore.Accounts.In(r.Scope).ByID(r.Tx, s.AccountID); err != nil || !ok {
		return command.Saved{}, noneFound(err, "account_code", d.Shown["account_code"])
	}
	if err := inside(r, s.Territory, ""); err != nil {
		return command.Saved{}, err
	}
	if err := freeCode(r, "stores", s.Code, ""); err != nil {
		return command.Saved{}, err
	}
	if err := accountstore.AddStore(r.Tx, &s); err != nil {
		return command.Saved{}, err
	}
	return made(r, "account.store_added", account.KindStore, s.ID, s.Name, s.Code), nil
}

// stillSeen refuses a change that moves a place out of the sight of who leads the
// person.
func stillSeen(r *command.Request, ref string, change func() error) error {
	boss, ok, err := personstore.ByID(r.Tx, r.Who.ReportsTo)
	if err != nil {
		return err
	}
	sees := func() (bool, error) {
		if !ok {
			return false, nil
		}
		_, seen, err := accountstore.PlaceByRef(r.Tx, access.Of(boss), ref)
		return seen, err
	}
	before, err := sees()
	if err == nil {
		err = change()
	}
	if err != nil {
		return err
	}
	if after, err := sees(); err != nil || before && !after {
		if err == nil {
			err = fault.At("territory", "territory_hidden", "who", boss.Name)
		}
		return err
	}
	return nil
}

// mayOwn refuses an owner whose role owns no customers.
func mayOwn(r *command.Request, key, id string) error {
	if id == "" {
		return nil
	}
	p, ok, err := personstore.ByID(r.Tx, id)
	if err == nil && ok && !p.Is(person.Owners...) {
		err = fault.At(key, "owner_role", "who", p.Name)
	}
	return err
}

func noneFound(err error, key, query string) error {
	if err != nil {
		return err
	}
	return fault.At(key, "none_found", "query", query)
}

func made(r *command.Request, key, kind, id, name, code string) command.Saved {
	reply := chat.Reply{Text: r.Say(key, "name", name, "code", code), Keep: true}
	reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.card"), "account", kind+":"+id), r.UndoButton()}}
	return command.Saved{Reply: reply, ID: id}
}

// inside refuses to move something into a territory outside the person's own.
func inside(r *command.Request, territory, before string) error {
	territory = store.CleanTerritory(territory)
	if territory != before && !r.Who.Knows(person.Person{Territory: territory}) {
		return fault.At("territory", "territory", "territory", r.Who.Territory)
	}
	return nil
}

// freeCode refuses a code that another row has.
func freeCode(r *command.Request, table, code, id string) error {
	if code == "" {
		return nil
	}
	owner, taken, err := accountstore.CodeOwner(r.Tx, table, code)
	if err == nil && taken && owner != id {
		return fault.At("code", "code_taken", "code", code)
	}
	return err
}

// openEdit opens the account or the store that the words name; the form is
// the one of what was found.
func openEdit(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	place, choose, err := r.OnePlace("account", "edit", a)
	if err != nil || choose != nil {
		return form.Draft{}, choose, err
	}
	a.Object = place.Ref()
	if place.Kind == account.KindAccount {
		return accountVerb.Open(r, a)
	}
	return storeVerb.Open(r, a)
}

func fillAccount(r *command.Request, row account.Account, _ command.Args, d *form.Draft) error {
	return fill(r, d, account.Catalogue, row)
}

func fillStore(r *command.Request, row account.Store, _ command.Args, d *form.Draft) error {
	err := fill(r, d, account.StoreCatalogue, row)
	if row.Located() {
		d.Values["location"] = form.FormatLocation(chat.Location{Lat: row.Latitude, Lon: row.Longitude})
	}
	return err
}

// fill puts what a row holds into its form, with the names of people and accounts.
func fill(r *command.Request, d *form.Draft, c field.Catalogue, row any) error {
	d.Values = c.Values(row)
	for _, f := range c.Fields {
		id := d.Values[f.Key]
		switch {
		case id == "":
		case f.Kind == field.Person:
			d.Shown[f.Key] = r.Name(id)
		case f.Kind == field.Account:
			a, _, err := accountstore.Accounts.In(access.System("name of a parent")).ByID(r.Tx, id)
			if err != nil {
				return err
			}
			d.Shown[f.Key] = a.Name
		}
	}
	return nil
}

func saveAccount(r *command.Request, before account.Account, d form.Draft) (command.Saved, error) {
	after := before
	if err := account.Catalogue.Set(&after, form.Whole(accountForm.Fields, d.Values)); err != nil {
		return command.Saved{}, err
	}
	if after.Code == "" {
		after.Code = before.Code
	}
	if after.OwnerID != before.OwnerID {
		if err := mayOwn(r, "owner", after.OwnerID); err != nil {
			return command.Saved{}, err
		}
	}
	if err := inside(r, after.Territory, before.Territory); err != nil {
		return command.Saved{}, err
	}
	if err := freeCode(r, "accounts", after.Code, after.ID); err != nil {
		return command.Saved{}, err
	}
	err := stillSeen(r, "account:"+before.ID, func() error { return accountstore.Accounts.Change(r.Tx, before, after) })
	if err != nil {
		return command.Saved{}, err
	}
	return made(r, "account.changed", account.KindAccount, after.ID, after.Name, after.Code), nil
}

// measured refuses a rep what the rep is measured by: a store's class, rhythm,
// place, fence and owner are for its KAM and managers to change.
func measured(r *command.Request, before, after account.Store) error {
	if over, err := accountstore.LeadsStore(r.Tx, r.Scope, before.ID); err != nil || over {
		return err
	}
	for _, c := range []struct {
		key     string
		changed bool
	}{
		{"store_class", before.Class != after.Class}, {"cadence_days", before.CadenceDays != after.CadenceDays}, {"fence_metres", before.FenceMetres != after.FenceMetres},
		{"location", before.Latitude != after.Latitude || before.Longitude != after.Longitude}, {"rep", before.RepID != after.RepID},
		{"territory", before.Territory != after.Territory}, {"code", before.Code != after.Code}, {"account_code", before.AccountID != after.AccountID},
	} {
		if c.changed {
			return fault.At(c.key, "store_field", "field", r.Words.Label(c.key))
		}
	}
	return nil
}

func saveStore(r *command.Request, before account.Store, d form.Draft) (command.Saved, error) {
	after := before
	if err := account.StoreCatalogue.Set(&after, form.Whole(storeForm.Fields, d.Values)); err != nil {
		return command.Saved{}, err
	}
	if after.Code == "" {
		after.Code = before.Code
	}
	if err := inside(r, after.Territory, before.Territory); err != nil {
		return command.Saved{}, err
	}
	if err := freeCode(r, "stores", after.Code, after.ID); err != nil {
		return command.Saved{}, err
	}
	if was := form.FormatLocation(chat.Location{Lat: before.Latitude, Lon: before.Longitude}); !before.Located() || d.Values["location"] != was {
		l, _ := form.ParseLocation(d.Values["location"]) // else the row's own are more exact
		after.Latitude, after.Longitude = l.Lat, l.Lon
	}
	if err := measured(r, before, after); err != nil {
		return command.Saved{}, err
	}
	if after.RepID != before.RepID {
		if err := mayOwn(r, "rep", after.RepID); err != nil {
			return command.Saved{}, err
		}
	}
	err := stillSeen(r, "store:"+before.ID, func() error { return accountstore.Stores.Change(r.Tx, before, after) })
	if err != nil {
		return command.Saved{}, err
	}
	return made(r, "account.changed", account.KindStore, after.ID, after.Name, after.Code), nil
}

// saveContact adds a contact, or changes the one of that name.
func saveContact(r *command.Request, d form.Draft) (command.Saved, error) {
	a, ok, err := accountstore.Accounts.In(r.Scope).ByID(r.Tx, d.Values["account_code"])
	if err != nil || !ok {
		return command.Saved{}, noneFound(err, "account_code", d.Shown["account_code"])
	}
	before, known, err := accountstore.ContactNamed(r.Tx, r.Scope, a.ID, d.Values["name"])
	if err != nil {
		return command.Saved{}, err
	}
	after := before
	if err := account.ContactCatalogue.Set(&after, d.Values); err != nil {
		return command.Saved{}, err
	}
	if after.Rapport != before.Rapport {
		after.RapportOn = r.Words.Today(r.Tx.Now)
	}
	if known {
		err = accountstore.Contacts.Change(r.Tx, before, after)
	} else {
		err = accountstore.AddContact(r.Tx, &after)
	}
	reply := r.Done(r.Say("account.contact_saved", "contact", after.Name, "name", a.Name), command.SayButton(r.Say("button.card"), "account", "account:"+a.ID))
	return command.Saved{Reply: reply, ID: after.ID}, err
}
