package producttalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/person"
	"fieldbot/bot/product"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/paper"
)

var record = &command.Record[product.Listing]{
	Family: "listing", Ref: "listing", None: "listing_none",
	Load: func(r *command.Request, id string) (product.Listing, error) {
		l, ok, err := productstore.Listings.In(r.Scope).ByID(r.Tx, id)
		if err != nil || !ok {
			err = command.OrGone(err)
		}
		return l, err
	},
	Find: findListings,
	Name: func(r *command.Request, l product.Listing) string {
		name, err := listingName(r, l)
		if err != nil {
			r.Tx.Fail(err)
		}
		return name
	},
}

var papers = paper.Paper[product.Listing]{
	Record: record, Noun: productstore.Listings, Flow: product.Life,
	Owner:    func(l product.Listing) string { return l.OwnerID },
	Describe: describe,
	// A manager says yes to listings; to one of his own accounts, too.
	Enough: func(r *command.Request, l product.Listing) (bool, error) {
		return productstore.Listings.MayChange(r.Tx, r.Scope.Acting(person.Manager), l.ID)
	},
}

var (
	listForm = form.Form{Name: "listing.add", Fields: product.ListingCatalogue.Pick("account_code", "product_code", "suggested_price", "supply_price", "from_on", "chain_code", "format", "store_codes")}
	// The prices of what is listed are not edited: they change by /price.
	editFields = product.ListingCatalogue.Pick("suggested_price", "supply_price", "from_on", "to_on", "chain_code", "format", "store_codes")
)

var listings = command.Family{
	Name:    "listing",
	Default: "list",
	Verbs: append([]command.Verb{
		{Name: "list", Read: matrix},
		record.Show("show", listingCard, matrix),
		{Name: "add", Roles: product.Listers, Form: listForm, Object: "account_code", Save: saveListing},
		record.Verb(command.On[product.Listing]{Name: "edit", Roles: product.Listers, Ready: mayChange, Ask: editFields, Fill: fillListing, Do: changeListing}),
	}, papers.Verbs()...),
}

// findListings reads "K010 P101": an account and a product, in any order; one of them
// alone names what is listed of it.
func findListings(r *command.Request, words string) ([]product.Listing, error) {
	parts := strings.Fields(words)
	for i := len(parts); i >= 0; i-- {
		accounts, err := accountstore.Find(r.Tx, r.Scope, strings.Join(parts[:i], " "), accountstore.AccountsOnly)
		if err != nil {
			return nil, err
		}
		if i == 0 || len(accounts) != 1 || accounts[0].Guess {
			continue
		}
		all, err := productstore.OfAccount(r.Tx, r.Scope, accounts[0].ID, mostOfAccount)
		if err != nil || i == len(parts) {
			return all, err
		}
		named, err := productstore.Find(r.Tx, strings.Join(parts[i:], " "), shown)
		var out []product.Listing
		for _, l := range all {
			for _, p := range named {
				if l.ProductID == p.ID {
					out = append(out, l)
				}
			}
		}
		return out, err
	}
	named, err := productstore.Find(r.Tx, words, 1)
	if err != nil || len(named) == 0 {
		return nil, err
	}
	return productstore.OfProduct(r.Tx, r.Scope, named[0].ID, mostOfAccount)
}

// mostOfAccount is how many listings of one account or product are looked at.
const mostOfAccount = 200

// accountOf is the account of a listing in sight.
func accountOf(r *command.Request, l product.Listing) (account.Account, error) {
	a, _, err := accountstore.Accounts.In(access.System("the account of a listing in sight")).ByID(r.Tx, l.AccountID)
	return a, err
}

func productOf(r *command.Request, id string) (product.Product, error) {
	p, _, err := productstore.ByID(r.Tx, id)
	return p, err
}

func listingName(r *command.Request, l product.Listing) (string, error) {
	a, err := accountOf(r, l)
	if err != nil {
		return "", err
	}
	p, err := productOf(r, l.ProductID)
	return chat.Cut(a.Name, 24) + " · " + productName(p), err
}

func byAccount(r *command.Request, l product.Listing) (string, error) {
	a, err := accountOf(r, l)
	return lineOf(r, l, a.Name), err
}

func byProduct(r *command.Request, l product.Listing) (string, error) {
	p, err := productOf(r, l.ProductID)
	return lineOf(r, l, productName(p)), err
}

func lineOf(r *command.Request, l product.Listing, name string) string {
	return "· " + r.Say("listing.line", "name", name, "state", papers.State(r, l), "price", amount(r, l.SuggestedPrice), "ends", l.ToOn != "", "to", l.ToOn)
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
	name, line := byProduct, r.Say("listing.title")
	if found[0].ProductID == found[1].ProductID {
		name = byAccount
	}
	return rows(r, line, found, name)
}

func openListings(r *command.Request) (chat.Reply, error) {
	found, err := productstore.Waiting(r.Tx, r.Scope, mostOfAccount)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(found) == 0 {
		return chat.Reply{Text: r.Say("listing.nothing", "may", r.May(product.Listers))}, nil
	}
	return rows(r, r.Say("listing.waiting"), found, func(r *command.Request, l product.Listing) (string, error) {
		name, err := listingName(r, l)
		return lineOf(r, l, name), err
	})
}

func rows(r *command.Request, title string, found []product.Listing, line func(*command.Request, product.Listing) (string, error)) (chat.Reply, error) {
	reply := chat.Reply{Title: title}
	var lines []string
	for _, l := range found[:min(2*shown, len(found))] {
		text, err := line(r, l)
		if err != nil {
			return reply, err
		}
		lines = append(lines, text)
	}
	if more := len(found) - 2*shown; more > 0 {
		lines = append(lines, r.Say("list.more_things", "n", more))
	}
	reply.Text = strings.Join(lines, "\n")
	return reply, nil
}

func listingCard(r *command.Request, l product.Listing) (chat.Reply, error) {
	name, err := listingName(r, l)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: name, Fields: []chat.Line{{Label: r.Words.Label("status"), Value: papers.State(r, l)}}}
	reply.Fields = append(reply.Fields, fieldsOf(r, product.ListingCatalogue, l, "chain_code", "suggested_price", "from_on", "to_on", "format", "store_codes", "reason")...)
	if r.May(buyers) {
		reply.Fields = append(reply.Fields, fieldsOf(r, product.ListingCatalogue, l, "supply_price")...)
	}
	if l.ReplacementID != "" {
		p, err := productOf(r, l.ReplacementID)
		if err != nil {
			return reply, err
		}
		reply.Fields = append(reply.Fields, chat.Line{Label: r.Words.Field(product.ListingCatalogue.Pick("replacement_code")[0]), Value: productName(p)})
	}
	trail, err := papers.Trail(r, l)
	if err != nil {
		return reply, err
	}
	if len(trail) > 0 {
		reply.Fields = append(reply.Fields, chat.Line{Label: r.Say("listing.trail"), Value: strings.Join(trail, "\n")})
	}
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
	may, err := productstore.Listings.MayChange(r.Tx, r.Scope.Acting(product.Listers...), l.ID)
	if err == nil && !may {
		err = fault.New(fault.Denied, "read_only")
	}
	return err
}

// saveListing proposes a listing; the manager's yes lists it. A second supply price
// within one chain is told first.
func saveListing(r *command.Request, d form.Draft) (command.Saved, error) {
	l := product.Listing{OwnerID: r.Who.ID, Status: product.Proposed}
	if err := product.ListingCatalogue.Set(&l, d.Values); err != nil {
		return command.Saved{}, err
	}
	may, err := accountstore.Accounts.MayChange(r.Tx, r.Scope, l.AccountID)
	if err == nil && !may {
		err = fault.New(fault.Denied, "read_only")
	}
	if err != nil {
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
	a, err := accountOf(r, l)
	if err != nil {
		return err
	}
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
			return &command.Confirm{Field: "supply_price", Text: r.Say("listing.two_prices", "price", amount(r, l.SupplyPrice), "other", amount(r, other.SupplyPrice), "gap", amount(r, gap), "percent", percent)}
		}
	}
	return nil
}

func fillListing(_ *command.Request, l product.Listing, _ command.Args, d *form.Draft) error {
	values := product.ListingCatalogue.Values(l)
	for _, f := range editFields {
		if v := values[f.Key]; v != "" {
			d.Values[f.Key] = v
		}
	}
	return nil
}

func changeListing(r *command.Request, before product.Listing, d form.Draft) (command.Saved, error) {
	after := before
	values := map[string]string{}
	for _, f := range editFields {
		values[f.Key] = d.Values[f.Key]
	}
	if err := product.ListingCatalogue.Set(&after, values); err != nil {
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
	a, err := accountOf(r, l)
	if err != nil {
		return err
	}
	p, err := productOf(r, l.ProductID)
	if err != nil {
		return err
	}
	return fault.At("supply_price", "price_stands", "listing", a.Code+" "+p.Code)
}

// describe says what a manager is asked to let an account carry.
func describe(r *command.Request, l product.Listing) (string, error) {
	name, err := listingName(r, l)
	return r.Say("listing.ask", "listing", name, "suggested", amount(r, l.SuggestedPrice), "supply", amount(r, l.SupplyPrice), "begins", l.FromOn != "", "from", l.FromOn), err
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
		case p.Kind == account.KindAccount && l.Status != product.Delisted, l.Carries(account.Store{Code: p.Code, Format: p.Format}):
			carried++
		}
	}
	if carried+waiting == 0 {
		return nil, nil
	}
	return []command.Part{{Rank: command.RankDeals, Line: chat.Line{Label: r.Say("listing.carries"), Value: r.Say("listing.count", "n", carried, "waiting", waiting)}}}, nil
}
