package producttalk

import (
	"cmp"
	"slices"
	"strings"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/product"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/paper"
)

var changes = &command.Record[product.PriceChange]{
	Family: "price", Ref: "price_change", None: "price_none",
	Load: command.InSight(productstore.PriceChanges),
	Find: func(r *command.Request, words string) ([]product.PriceChange, error) {
		if words == "" {
			return productstore.ToCome(r.Tx, r.Scope, shown)
		}
		named, err := findListings(r, words)
		if err != nil || len(named) != 1 {
			return nil, err
		}
		return productstore.PricesOf(r.Tx, r.Scope, named[0].ID, shown)
	},
	Name: func(r *command.Request, c product.PriceChange) string { return record.Name(r, listingOf(r, c)) },
}

var prices = paper.Paper[product.PriceChange]{
	Record: changes, Noun: productstore.PriceChanges, Flow: product.PriceLife,
	Owner: func(c product.PriceChange) string { return c.OwnerID },
	Describe: func(r *command.Request, c product.PriceChange) (string, error) {
		return r.Say("price.ask", "change", priceText(r, c)), nil
	},
	Enough: keepers,
	Made:   func(r *command.Request, _, _ product.PriceChange, _ string) error { return begin(r) },
}

// priced are listings, spoken of by /price.
var priced = func() *command.Record[product.Listing] {
	out := *record
	out.Family = "price"
	return &out
}()

// What accounts pay is not everybody's to read.
var priceFamily = command.Family{
	Name:    "price",
	Default: "list",
	Verbs: slices.Concat(
		reserved(buyers, command.Verb{Name: "list", Read: listPrices}, changes.Show("show", priceCard, listPrices)),
		reserved(product.Listers, priced.Verb(command.On[product.Listing]{Name: "change", Ready: mayPrice, Ask: product.PriceCatalogue.For(field.Ask), Do: changePrice})),
		reserved(product.Listers, prices.Verbs()...),
	),
}

// reserved are verbs that some roles alone may say.
func reserved(roles []person.Role, verbs ...command.Verb) []command.Verb {
	for i := range verbs {
		verbs[i] = verbs[i].For(roles...)
	}
	return verbs
}

// begin applies what is agreed and due by the company's day.
func begin(r *command.Request) error {
	return productstore.Begin(r.Tx, calendar.On(r.Tx.Now.In(r.Config.Company.Zone())))
}

// listingOf is the listing of a price change in sight. A database that cannot be read
// ends the unit.
func listingOf(r *command.Request, c product.PriceChange) product.Listing {
	l, _, err := productstore.Listings.In(r.Scope).ByID(r.Tx, c.ListingID)
	if err != nil {
		r.Tx.Fail(err)
	}
	return l
}

func mayPrice(r *command.Request, l product.Listing) error {
	if l.Status != product.Listed && l.Status != product.Delisting {
		return fault.New(fault.Conflict, "price_not_listed", "listing", record.Name(r, l))
	}
	return mayChange(r, l)
}

func changePrice(r *command.Request, l product.Listing, d form.Draft) (command.Saved, error) {
	c := product.PriceChange{ListingID: l.ID, AccountID: l.AccountID, OwnerID: r.Who.ID, Status: product.Proposed}
	if err := product.PriceCatalogue.Set(&c, d.Values); err != nil {
		return command.Saved{}, err
	}
	c.NoticedOn = cmp.Or(c.NoticedOn, r.Words.Today(r.Said))
	if err := c.Check(l); err != nil {
		return command.Saved{}, err
	}
	for _, x := range []struct {
		key      string
		old, new int64
	}{{"suggested_price", l.SuggestedPrice, c.SuggestedPrice}, {"supply_price", l.SupplyPrice, c.SupplyPrice}} {
		if product.Slipped(x.old, x.new) && !d.Doubted {
			return command.Saved{}, &command.Confirm{Field: x.key, Yes: r.Say("button.is_right"), Text: r.Say("price.far", "old", r.MoneyIfAny(x.old), "new", r.MoneyIfAny(x.new))}
		}
	}
	if err := checked(r, c.On(l), d); err != nil {
		return command.Saved{}, err
	}
	if err := productstore.ChangePrice(r.Tx, &c); err != nil {
		return command.Saved{}, err
	}
	return prices.Propose(r, c)
}

// priceText says what changes: "Nordmarkt · P201: supply CN¥1.74 → CN¥1.80 from 1 Jan".
func priceText(r *command.Request, c product.PriceChange) string {
	l := listingOf(r, c)
	return r.Say("price.text", "listing", record.Name(r, l), "suggested", r.MoneyIfAny(c.SuggestedPrice), "supply", r.MoneyIfAny(c.SupplyPrice), "was_suggested", r.MoneyIfAny(l.SuggestedPrice), "was_supply", r.MoneyIfAny(l.SupplyPrice), "applied", c.Status == product.Applied, "from", c.FromOn, "notice", c.NoticedOn)
}

// listPrices lists the prices that are to change; words name a listing, whose changes
// are shown.
func listPrices(r *command.Request, a command.Args) (chat.Reply, error) {
	found, err := changes.Find(r, a.Object)
	switch {
	case err != nil:
		return chat.Reply{}, err
	case len(found) == 0 && a.Object == "":
		return chat.Reply{Text: r.Say("price.nothing", "may", r.May(product.Listers))}, nil
	case len(found) == 0:
		return chat.Reply{}, fault.New(fault.NotFound, "price_none", "query", chat.Cut(a.Object, 60))
	}
	reply := chat.Reply{Title: r.Say("price.title"), Text: strings.Join(command.Listed(r, found, shown, len(found), func(c product.PriceChange) string {
		return priceText(r, c) + " · " + prices.State(r, c)
	}), "\n")}
	for _, c := range found {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(changes.Name(r, c), "price", "show "+changes.RefOf(c))})
	}
	return reply, nil
}

func priceCard(r *command.Request, c product.PriceChange) (chat.Reply, error) {
	reply := chat.Reply{Title: priceText(r, c), Fields: []chat.Line{{Label: r.Words.Label("status"), Value: prices.State(r, c)}}}
	trail, err := prices.Trail(r, c)
	if err != nil {
		return reply, err
	}
	reply.Fields = append(reply.Fields, trail...)
	moves, err := prices.Buttons(r, c)
	if len(moves) > 0 {
		reply.Buttons = [][]chat.Button{moves}
	}
	return reply, err
}
