package accounttalk

import (
	"errors"
	"net/url"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// show is the card of an account or a store; without a name, the person's own
// ones.
func show(r *command.Request, a command.Args) (chat.Reply, error) {
	if a.Object == "" {
		return ownAccounts(r)
	}
	place, choose, err := r.OnePlace("account", "", a)
	if err != nil {
		return chat.Reply{}, err
	}
	if choose != nil {
		return *choose, nil
	}
	if place.Kind == account.KindStore {
		return storeCard(r, place)
	}
	return accountCard(r, place)
}

func ownAccounts(r *command.Request) (chat.Reply, error) {
	places, err := accountstore.Owned(r.Tx, r.Scope, r.Who.ID, 20)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(places) == 0 {
		return chat.Reply{}, fault.Wrong("object_missing")
	}
	reply := chat.Reply{Text: r.Say("account.mine")}
	for _, p := range places {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(p.Name+" · "+r.PlaceNote(p), "account", p.Ref())})
	}
	return reply, nil
}

// card collects labelled values.
type card struct {
	r        *command.Request
	lines    []chat.Line
	verified map[string]account.Verification
}

// cardOf begins the card of a place.
func cardOf(r *command.Request, p account.Place) (card, error) {
	verified, err := accountstore.Verified(r.Tx, r.Scope, p.AccountID, p.StoreID())
	return card{r: r, verified: verified}, err
}

// seen marks what somebody made sure of, as long as it holds.
func (c *card) seen(f account.Fact) string {
	if v, ok := c.verified[f.Key]; ok && v.Digest == account.DigestOf(f.Value) {
		return c.r.Say("account.verified", "day", v.OnDay, "stale", v.Stale(c.r.Words.Today(c.r.Tx.Now)))
	}
	return ""
}

func (c *card) add(label, value string) {
	if value != "" {
		c.lines = append(c.lines, chat.Line{Label: label, Value: value})
	}
}

// fields adds what a row holds of the fields named, as people read it.
func (c *card) fields(catalogue field.Catalogue, row any, keys ...string) {
	values := catalogue.Values(row)
	for _, f := range catalogue.Pick(keys...) {
		if v := values[f.Key]; v != "" {
			c.add(c.r.Words.Label(f.Key), form.Print(f, v, v, c.r.Env())+c.seen(account.Fact{Key: f.Key, Value: v}))
		}
	}
}

func (c *card) person(label, id string) error {
	if id == "" {
		return nil
	}
	p, _, err := personstore.ByID(c.r.Tx, id)
	c.add(label, p.Name)
	return err
}

func accountCard(r *command.Request, place account.Place) (chat.Reply, error) {
	a, ok, err := accountstore.Accounts.In(r.Scope).ByID(r.Tx, place.ID)
	if err != nil || !ok {
		return chat.Reply{}, command.OrGone(err)
	}
	c, err := cardOf(r, place)
	if err != nil {
		return chat.Reply{}, err
	}
	if a.Tier != "" {
		c.add(r.Words.Label("tier"), r.Say("grade.account", "grade", a.Tier))
	}
	c.fields(account.Catalogue, a, "loyalty", "kind", "reach", "size", "relation")
	c.position(a)
	if err := c.person(r.Words.Label("owner"), a.OwnerID); err != nil {
		return chat.Reply{}, err
	}
	c.fields(account.Catalogue, a, "settlement", "phone", "city", "address")
	c.add(r.Say("account.map"), mapLink(r, a.Address, a.City, 0, 0))
	depths := a.Depths()
	c.add(r.Say("account.profile"), r.Say("account.depths", "percent", a.Percent(), "one", depths[0].Percent(), "two", depths[1].Percent(), "three", depths[2].Percent())+c.profile(a))
	if err := c.stores(a); err != nil {
		return chat.Reply{}, err
	}
	contacts, err := c.contacts(a.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	c.coverage(contacts, a.OwnerID)
	if err := c.parts(place); err != nil {
		return chat.Reply{}, err
	}
	return c.reply(r.Say("account.title", "name", a.Name, "code", a.Code), place, a.Status)
}

// profile names what of an account's profile somebody made sure of.
func (c *card) profile(a account.Account) string {
	var out []string
	for _, f := range a.Facts() {
		if _, known := account.ProfileCatalogue.Get(f.Key); known {
			if mark := c.seen(f); mark != "" {
				out = append(out, c.r.Words.Label(f.Key)+mark)
			}
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "\n" + strings.Join(out, " · ")
}

// position shows the cell of the relation matrix and the next move.
func (c *card) position(a account.Account) {
	if a.Position == "" {
		return
	}
	text := c.r.Say("account.position", "position", a.Position)
	if m, ok := account.NextMove(a.Position); ok {
		text += " → " + c.r.Say("move."+m.Key)
		if m.Aims != "" && m.Aims != "hold" {
			text += c.r.Say("move.aims", "cell", m.Aims)
		}
	}
	c.add(c.r.Words.Label("position"), text)
}

func (c *card) stores(a account.Account) error {
	stores, n, err := accountstore.StoresOf(c.r.Tx, c.r.Scope, a.ID, 5)
	if err != nil || n == 0 {
		return err
	}
	var names []string
	for _, s := range stores {
		names = append(names, s.Name)
	}
	text := c.r.Words.List(names)
	if n > int64(len(stores)) {
		text += " " + c.r.Say("list.more", "n", int(n)-len(stores))
	}
	c.add(c.r.Say("account.stores", "n", int(n)), text)
	return nil
}

// coverage names what is missing among the people of an account that are known.
func (c *card) coverage(contacts []account.Contact, owner string) {
	if len(contacts) == 0 {
		return
	}
	if found := gaps(c.r, account.Cover(contacts, owner)); len(found) > 0 {
		c.add(c.r.Say("account.coverage"), strings.Join(found[:min(2, len(found))], "\n"))
	}
}

// contacts shows the first people of an account, and returns all that are known.
func (c *card) contacts(accountID string) ([]account.Contact, error) {
	contacts, err := accountstore.ContactsOf(c.r.Tx, c.r.Scope, accountID)
	var lines []string
	for _, x := range contacts[:min(5, len(contacts))] {
		parts := []string{x.Name + c.seen(x.Fact())}
		if x.Title != "" {
			parts = append(parts, x.Title)
		}
		if x.BuyingRole != "" {
			parts = append(parts, c.r.Words.Choice("buying_role", x.BuyingRole))
		}
		if x.Attitude != "" {
			parts = append(parts, c.r.Words.Choice("attitude", x.Attitude))
		}
		if x.Phone != "" {
			parts = append(parts, x.Phone)
		}
		lines = append(lines, strings.Join(parts, " · "))
	}
	c.add(c.r.Say("account.contacts"), strings.Join(lines, "\n"))
	return contacts, err
}

// parts adds what the capabilities know of a place.
func (c *card) parts(p account.Place) error {
	lines, err := c.r.Parts(p)
	c.lines = append(c.lines, lines...)
	return err
}

func (c *card) reply(title string, place account.Place, status string) (chat.Reply, error) {
	r := c.r
	if status != "active" {
		c.add(r.Words.Label("status"), r.Words.Choice("status", status))
	}
	reply := chat.Reply{Title: title, Fields: c.lines}
	// Only what the person may do, and what still makes sense, has a button.
	may, err := rightsOf(r, place)
	if err != nil {
		return reply, err
	}
	var visits, change []chat.Button
	if may.visit && place.Active() {
		visits = append(visits, command.SayButton(r.Say("button.log", "place", place.Name), "visit", place.Ref()))
	}
	if may.visit {
		visits = append(visits, command.SayButton(r.Say("button.visits"), "visit", "list "+place.Ref()))
	}
	visits = append(visits, r.ChangesButton(place.Kind+"s", place.ID))
	if may.change {
		change = append(change, command.SayButton(r.Say("button.edit"), "account", "edit "+place.Ref()))
	}
	if may.meet {
		change = append(change, command.SayButton(r.Say("button.contact"), "account", "contact "+place.AccountID))
	}
	if may.change && place.Kind == account.KindAccount && r.Who.Is(owners...) {
		change = append(change, command.SayButton(r.Say("button.profile"), "account", "profile "+place.Ref()))
	}
	for _, row := range [][]chat.Button{visits, change} {
		if len(row) > 0 {
			reply.Buttons = append(reply.Buttons, row)
		}
	}
	return reply, nil
}

// rights are what a person may do about a place: call on it, know its people, change
// it.
type rights struct{ visit, meet, change bool }

func rightsOf(r *command.Request, p account.Place) (out rights, err error) {
	sees := func(roles ...person.Role) bool {
		_, ok, failed := accountstore.PlaceByRef(r.Tx, r.Scope.Acting(roles...), p.Ref())
		err = errors.Join(err, failed)
		return ok
	}
	out.visit = sees(person.Rep, person.Promoter, person.KAM, person.Manager)
	out.meet = sees(fieldwork...)
	var failed error
	if p.Kind == account.KindAccount {
		out.change, failed = accountstore.Accounts.MayChange(r.Tx, r.Scope, p.ID)
	} else {
		out.change, failed = accountstore.Stores.MayChange(r.Tx, r.Scope, p.ID)
	}
	return out, errors.Join(err, failed)
}

func storeCard(r *command.Request, place account.Place) (chat.Reply, error) {
	s, ok, err := accountstore.Stores.In(r.Scope).ByID(r.Tx, place.ID)
	if err != nil || !ok {
		return chat.Reply{}, command.OrGone(err)
	}
	c, err := cardOf(r, place)
	if err != nil {
		return chat.Reply{}, err
	}
	c.add(r.Words.Label("account_code"), place.AccountName)
	if s.Class != "" {
		c.add(r.Words.Label("store_class"), r.Say("grade.store", "grade", s.Class)+c.seen(account.Fact{Key: "store_class", Value: s.Class}))
	}
	c.fields(account.StoreCatalogue, s, "format")
	if err := c.person(r.Words.Label("rep"), s.RepID); err != nil {
		return chat.Reply{}, err
	}
	c.fields(account.StoreCatalogue, s, "delivery_mode", "phone", "city", "address")
	c.add(r.Say("account.map"), mapLink(r, s.Address, s.City, s.Latitude, s.Longitude))
	if _, err := c.contacts(s.AccountID); err != nil {
		return chat.Reply{}, err
	}
	if err := c.parts(place); err != nil {
		return chat.Reply{}, err
	}
	return c.reply(r.Say("account.title", "name", s.Name, "code", s.Code), place, s.Status)
}

// mapLink opens a map at a point, else at an address: one that opens where the
// reader's language is spoken.
func mapLink(r *command.Request, address, city string, lat, lon float64) string {
	chinese := r.Words.Code == "zh"
	switch {
	case lat != 0 || lon != 0:
		return r.MapLink(lat, lon)
	case address == "":
		return ""
	case chinese:
		return "https://uri.amap.com/search?keyword=" + url.QueryEscape(city+address)
	}
	return "https://maps.google.com/?q=" + url.QueryEscape(address+" "+city)
}
