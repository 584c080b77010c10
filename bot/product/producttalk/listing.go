package producttalk

import (
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/product"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/paper"
)

var record = &command.Record[product.Listing]{
	Family: "listing", Ref: "listing", None: "listing_none",
	Load: command.InSight(productstore.Listings),
	Find: findListings,
	Name: func(r *command.Request, l product.Listing) string {
		return chat.Cut(r.AccountOf(l.AccountID).Name, 24) + " · " + productOf(r, l.ProductID).Label()
	},
}

var papers = paper.Paper[product.Listing]{
	Record: record, Noun: productstore.Listings, Flow: product.Life,
	Owner:    func(l product.Listing) string { return l.OwnerID },
	Describe: describe,
	// A manager says yes to listings; to one of his own accounts, too.
	Enough: keepers,
}

var (
	listForm = form.Form{Name: "listing.add", Fields: product.ListingCatalogue.Pick("account_code", "product_code", "suggested_price", "supply_price", "from_on", "chain_code", "format", "store_class", "store_codes")}
	// The prices of what is listed are not edited: they change by /price.
	editFields = product.ListingCatalogue.Pick("suggested_price", "supply_price", "from_on", "to_on", "chain_code", "format", "store_class", "store_codes")
)

var listings = command.Family{
	Name:    "listing",
	Default: "list",
	Verbs: append([]command.Verb{
		{Name: "list", Read: matrix},
		record.Show("show", listingCard, matrix),
		{Name: "add", Roles: product.Listers, Form: listForm, Object: "account_code", Save: saveListing},
		{Name: "range", Roles: product.Listers, Form: rangeForm, Object: "account_code", Save: saveRange},
		{Name: "departures", Read: departures},
		record.Verb(command.On[product.Listing]{Name: "edit", Roles: product.Listers, Ready: mayChange, Ask: editFields, Fill: fillListing, Do: changeListing}),
	}, papers.Verbs()...),
}

// findListings reads "K010 P101": an account, a product behind it, or one of them alone,
// which names all that is listed of it.
func findListings(r *command.Request, words string) ([]product.Listing, error) {
	parts := strings.Fields(words)
	for i := len(parts); i > 0; i-- {
		accounts, err := accountstore.Find(r.Tx, r.Scope, strings.Join(parts[:i], " "), accountstore.AccountsOnly)
		if err != nil {
			return nil, err
		}
		if len(accounts) != 1 || accounts[0].Guess {
			continue
		}
		all, err := productstore.OfAccount(r.Tx, r.Scope, accounts[0].ID, mostOfAccount)
		if err != nil || i == len(parts) {
			return all, err
		}
		named, err := productstore.Find(r.Tx, strings.Join(parts[i:], " "), shown)
		return slices.DeleteFunc(all, func(l product.Listing) bool {
			return !slices.ContainsFunc(named, func(p product.Product) bool { return p.ID == l.ProductID })
		}), err
	}
	named, err := productstore.Find(r.Tx, words, 1)
	if err != nil || len(named) == 0 {
		return nil, err
	}
	return productstore.OfProduct(r.Tx, r.Scope, named[0].ID, mostOfAccount)
}

// mostOfAccount is how many listings of one account or product are looked at.
const mostOfAccount = 200

// productOf is the product of an id. A database that cannot be read ends the unit.
func productOf(r *command.Request, id string) product.Product {
	p, _, err := productstore.ByID(r.Tx, id)
	if err != nil {
		r.Tx.Fail(err)
	}
	return p
}

// line says where a listing stands, under a name: of its account, its product or both.
func line(r *command.Request, l product.Listing, name string) string {
	return r.Say("listing.line", "name", name, "state", papers.State(r, l), "price", r.MoneyIfAny(l.SuggestedPrice), "ends", l.ToOn != "", "to", l.ToOn)
}

func byAccount(r *command.Request) func(product.Listing) string {
	return func(l product.Listing) string { return line(r, l, r.AccountOf(l.AccountID).Name) }
}

func byProduct(r *command.Request) func(product.Listing) string {
	return func(l product.Listing) string { return line(r, l, productOf(r, l.ProductID).Label()) }
}

// matrix lists what an account carries, or who carries a product; without words, what
// is not settled.
func matrix(r *command.Request, a command.Args) (chat.Reply, error) {
	if a.Object == "" {
		return openListings(r)
	}
	if strings.HasPrefix(a.Object, record.Ref+":") {
		l, _, err := record.One(r, "show", a)
		if err != nil {
			return chat.Reply{}, err
		}
		return listingCard(r, l)
	}
	found, err := findListings(r, a.Object)
	switch {
	case err != nil:
		return chat.Reply{}, err
	case len(found) == 0:
		return chat.Reply{}, fault.New(fault.NotFound, "listing_none", "query", chat.Cut(a.Object, 60))
	case len(found) == 1:
		return listingCard(r, found[0])
	}
	by := byProduct(r)
	if found[0].ProductID == found[1].ProductID {
		by = byAccount(r)
	}
	return listed(r, r.Say("listing.title"), found, by), nil
}

func openListings(r *command.Request) (chat.Reply, error) {
	found, err := productstore.Waiting(r.Tx, r.Scope, mostOfAccount)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(found) == 0 {
		return chat.Reply{Text: r.Say("listing.nothing", "may", r.May(product.Listers))}, nil
	}
	return listed(r, r.Say("listing.waiting"), found, func(l product.Listing) string { return line(r, l, record.Name(r, l)) }), nil
}

func listed(r *command.Request, title string, found []product.Listing, by func(product.Listing) string) chat.Reply {
	return chat.Reply{Title: title, Text: strings.Join(command.Listed(r, found, 2*shown, len(found), by), "\n")}
}

func listingCard(r *command.Request, l product.Listing) (chat.Reply, error) {
	reply := chat.Reply{Title: record.Name(r, l), Fields: []chat.Line{{Label: r.Words.Label("status"), Value: papers.State(r, l)}}}
	reply.Fields = append(reply.Fields, r.Lines(product.ListingCatalogue, l, "chain_code", "suggested_price", "from_on", "to_on", "format", "store_class", "store_codes", "reason")...)
	if r.May(buyers) {
		reply.Fields = append(reply.Fields, r.Lines(product.ListingCatalogue, l, "supply_price")...)
	}
	if l.ReplacementID != "" {
		reply.Fields = append(reply.Fields, chat.Line{Label: r.Words.Field(product.ListingCatalogue.Pick("replacement_code")[0]), Value: productOf(r, l.ReplacementID).Label()})
	}
	trail, err := papers.Trail(r, l)
	if err != nil {
		return reply, err
	}
	reply.Fields = append(reply.Fields, trail...)
	moves, err := papers.Buttons(r, l)
	if r.May(product.Listers) && mayChange(r, l) == nil {
		moves = append(moves, command.SayButton(r.Say("button.edit"), "listing", "edit "+record.RefOf(l)))
	}
	if len(moves) > 0 {
		reply.Buttons = [][]chat.Button{moves}
	}
	return reply, err
}

// mayChange: who answers for the account, and who leads that person.
func mayChange(r *command.Request, l product.Listing) error {
	return command.Guard(r, productstore.Listings, r.Scope.Acting(product.Listers...), l.ID, fault.New(fault.Denied, "read_only"))
}

// saveListing proposes a listing; the manager's yes lists it. A second supply price
// within one chain is told first.
func saveListing(r *command.Request, d form.Draft) (command.Saved, error) {
	l := product.Listing{OwnerID: r.Who.ID, Status: product.Proposed}
	if err := product.ListingCatalogue.Set(&l, d.Values); err != nil {
		return command.Saved{}, err
	}
	if err := command.Guard(r, accountstore.Accounts, r.Scope, l.AccountID, fault.New(fault.Denied, "read_only")); err != nil {
		return command.Saved{}, err
	}
	if err := checked(r, l, d); err != nil {
		return command.Saved{}, err
	}
	if err := productstore.List(r.Tx, &l); err != nil {
		return command.Saved{}, err
	}
	return papers.Propose(r, l)
}

// checked is the fault of a listing, or what is likely a mistake in it.
func checked(r *command.Request, l product.Listing, d form.Draft) error {
	if err := l.Check(); err != nil {
		return err
	}
	a := r.AccountOf(l.AccountID)
	if wrong, err := productstore.NotOf(r.Tx, a.ID, l.StoreCodes); err != nil || wrong != "" {
		if err == nil {
			err = fault.At("store_codes", "not_its_store", "code", wrong, "account", a.Name)
		}
		return err
	}
	if l.SupplyPrice == 0 || d.Doubted {
		return nil
	}
	same, err := productstore.InChain(r.Tx, a, l)
	if err != nil {
		return err
	}
	for _, other := range same {
		if other.SupplyPrice != 0 && other.SupplyPrice != l.SupplyPrice {
			gap := max(l.SupplyPrice, other.SupplyPrice) - min(l.SupplyPrice, other.SupplyPrice)
			percent, _ := money.Percent(int(gap), int(min(l.SupplyPrice, other.SupplyPrice)))
			return &command.Confirm{Field: "supply_price", Text: r.Say("listing.two_prices", "price", r.MoneyIfAny(l.SupplyPrice), "other", r.MoneyIfAny(other.SupplyPrice), "gap", r.MoneyIfAny(gap), "percent", percent)}
		}
	}
	return nil
}

func fillListing(_ *command.Request, l product.Listing, _ command.Args, d *form.Draft) error {
	d.Hold(editFields, product.ListingCatalogue.Values(l))
	return nil
}

func changeListing(r *command.Request, before product.Listing, d form.Draft) (command.Saved, error) {
	after := before
	if err := product.ListingCatalogue.Set(&after, form.Whole(editFields, d.Values)); err != nil {
		return command.Saved{}, err
	}
	if repriced := after.SuggestedPrice != before.SuggestedPrice || after.SupplyPrice != before.SupplyPrice; repriced && before.Status != product.Proposed {
		return command.Saved{}, priceStands(r, before)
	}
	if err := checked(r, after, d); err != nil {
		return command.Saved{}, err
	}
	if err := productstore.Listings.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: after.ID, Reply: r.Done(r.Say("listing.changed", "listing", record.Name(r, after)), command.SayButton(r.Say("button.card"), "listing", "show "+record.RefOf(after)))}, nil
}

// priceStands: the price of what is listed changes with notice and a yes, by /price.
func priceStands(r *command.Request, l product.Listing) error {
	return fault.At("supply_price", "price_stands", "listing", r.AccountOf(l.AccountID).Code+" "+productOf(r, l.ProductID).Code)
}

// describe says what a manager is asked to let an account carry.
func describe(r *command.Request, l product.Listing) (string, error) {
	return r.Say("listing.ask", "listing", record.Name(r, l), "suggested", r.MoneyIfAny(l.SuggestedPrice), "supply", r.MoneyIfAny(l.SupplyPrice), "begins", l.FromOn != "", "from", l.FromOn), nil
}

// onCard says how many products an account carries, or a store is to have on its shelf.
func onCard(r *command.Request, p account.Place) ([]command.Part, error) {
	all, err := productstore.OfAccount(r.Tx, r.Scope, p.AccountID, mostOfAccount)
	if err != nil {
		return nil, err
	}
	carried, waiting := 0, 0
	for _, l := range all {
		switch {
		case l.Status == product.Proposed:
			waiting++
		case p.Kind == account.KindAccount && l.Status != product.Delisted, l.Carries(account.Store{Code: p.Code, Format: p.Format, Class: p.Grade}):
			carried++
		}
	}
	if carried+waiting == 0 {
		return nil, nil
	}
	return []command.Part{{Rank: command.RankDeals, Line: chat.Line{Label: r.Say("listing.carries"), Value: r.Say("listing.count", "n", carried, "waiting", waiting)}}}, nil
}
