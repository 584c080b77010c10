package producttalk

import (
	"errors"
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/product"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

var rangeForm = form.Form{Name: "listing.range", Fields: product.RangeCatalogue.Pick("account_code", "format", "store_class", "product_codes", "brands")}

// saveRange keeps a range, and proposes a listing of each product in it that the account
// does not carry there yet.
func saveRange(r *command.Request, d form.Draft) (command.Saved, error) {
	g := product.Range{OwnerID: r.Who.ID, Status: "made"}
	if err := product.RangeCatalogue.Set(&g, d.Values); err != nil {
		return command.Saved{}, err
	}
	if err := command.Guard(r, accountstore.Accounts, r.Scope, g.AccountID, fault.New(fault.Denied, "read_only")); err != nil {
		return command.Saved{}, err
	}
	for i, name := range g.ProductCodes {
		p, ok, err := productstore.ByCode(r.Tx, name)
		if err == nil && !ok {
			err = fault.At("product_codes", "none_found", "query", name)
		}
		if err != nil {
			return command.Saved{}, err
		}
		g.ProductCodes[i] = p.Code
	}
	if err := g.Check(); err != nil {
		return command.Saved{}, err
	}
	if err := productstore.Ranges.Add(r.Tx, &g); err != nil {
		return command.Saved{}, err
	}
	missing, _, err := productstore.Departures(r.Tx, r.Scope, g.AccountID)
	if err != nil {
		return command.Saved{}, err
	}
	var made []string
	for _, m := range missing {
		if m.Range.ID != g.ID {
			continue
		}
		l := product.Listing{AccountID: g.AccountID, ProductID: m.Product.ID, OwnerID: r.Who.ID, Format: g.Format, StoreClass: g.StoreClass, Status: product.Proposed}
		var twice *fault.Fault
		if err := productstore.List(r.Tx, &l); errors.As(err, &twice) {
			continue // listed elsewhere in the account: shown as a departure
		} else if err != nil {
			return command.Saved{}, err
		}
		if _, err := papers.Propose(r, l); err != nil {
			return command.Saved{}, err
		}
		made = append(made, m.Product.Label())
	}
	a := r.AccountOf(g.AccountID)
	return command.Saved{ID: g.ID, Reply: r.Done(r.Say("range.saved", "account", a.Name, "n", len(made), "products", r.Words.List(made)), command.SayButton(r.Say("button.departures"), "listing", "departures "+a.Code))}, nil
}

// departures shows where the listings of an account depart from its ranges.
func departures(r *command.Request, a command.Args) (chat.Reply, error) {
	place, choose, err := r.OneAccount("listing", "departures", a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	ranges, err := productstore.RangesOf(r.Tx, r.Scope, place.AccountID)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(ranges) == 0 {
		return chat.Reply{Text: r.Say("range.none", "account", place.AccountName)}, nil
	}
	missing, beyond, err := productstore.Departures(r.Tx, r.Scope, place.AccountID)
	if err != nil {
		return chat.Reply{}, err
	}
	lines := command.Listed(r, missing, shown, len(missing), func(m productstore.Missing) string {
		return r.Say("range.missing", "product", m.Product.Label(), "where", where(r, m.Range))
	})
	lines = append(lines, command.Listed(r, beyond, shown, len(beyond), func(b productstore.Beyond) string {
		return r.Say("range.beyond", "product", productOf(r, b.Listing.ProductID).Label(), "store", b.Store.Name)
	})...)
	if len(lines) == 0 {
		lines = []string{r.Say("range.kept")}
	}
	return chat.Reply{Title: r.Say("range.title", "account", place.AccountName), Text: strings.Join(lines, "\n")}, nil
}

// where names the stores of a range.
func where(r *command.Request, g product.Range) string {
	var out []string
	for _, f := range product.RangeCatalogue.Pick("format", "store_class") {
		if v := product.RangeCatalogue.Values(g)[f.Key]; v != "" {
			out = append(out, r.Words.Option(f, v))
		}
	}
	if len(out) == 0 {
		return r.Say("range.everywhere")
	}
	return r.Words.List(out)
}
