// Package producttalk is what people say and press about products, and about which of
// them accounts carry.
package producttalk

import (
	"embed"
	"maps"
	"strings"

	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/product"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

//go:embed words sentences
var words embed.FS

// Module is /product, /listing and /price.
var Module = command.Module{
	Name:     "product",
	Words:    words,
	Families: []command.Family{family, listings, priceFamily},
	Files:    fileKinds, Demo: fillDemo,
	Finds: map[field.Kind]func(*command.Request, string) ([]chat.Option, error){field.Product: find},
	Card:  onCard,
	Asks:  asks(),
	Jobs:  []func(*command.Request) error{begin},
}

func asks() map[string]command.Ask {
	out := papers.Asks()
	maps.Copy(out, prices.Asks())
	return out
}

var (
	keepers = []person.Role{person.Manager}
	// buyers see what a product costs and is supplied at.
	buyers = []person.Role{person.KAM, person.Manager, person.Finance, person.Analyst}
)

const shown = 12

var products = &command.Record[product.Product]{
	Family: "product", Ref: "product", None: "product_none",
	Load: command.InSight(productstore.Products),
	Find: func(r *command.Request, words string) ([]product.Product, error) {
		if words == "" {
			return productstore.Sold(r.Tx, "", shown)
		}
		return productstore.Find(r.Tx, words, shown)
	},
	Name: func(_ *command.Request, p product.Product) string { return p.Label() },
}

var newForm = form.Form{Name: "product.add", Fields: product.Catalogue.For(field.Ask)}

var family = command.Family{
	Name:    "product",
	Default: "list",
	Verbs: []command.Verb{
		{Name: "list", Read: listProducts},
		products.Show("show", productCard, listProducts),
		{Name: "add", Roles: keepers, Form: newForm, Object: "name", Save: saveNew},
		products.Verb(command.On[product.Product]{Name: "edit", Roles: keepers, Ask: newForm.Fields, Fill: fillProduct, Do: saveProduct}),
	},
}

func saveNew(r *command.Request, d form.Draft) (command.Saved, error) {
	p := product.Product{Status: product.Active, Own: d.Values["own"] != "no"}
	if err := set(&p, d); err != nil {
		return command.Saved{}, err
	}
	if err := productstore.Add(r.Tx, &p); err != nil {
		return command.Saved{}, err
	}
	return said(r, "product.added", p), nil
}

// set puts a form into a product. What says nothing of whose it is leaves it as it is.
func set(p *product.Product, d form.Draft) error {
	own, status := p.Own, p.Status
	if err := product.Catalogue.Set(p, d.Values); err != nil {
		return err
	}
	if d.Values["own"] == "" {
		p.Own = own
	}
	if p.Status == "" {
		p.Status = status
	}
	return p.Check()
}

func fillProduct(_ *command.Request, p product.Product, _ command.Args, d *form.Draft) error {
	d.Values = product.Catalogue.Values(p)
	return nil
}

func saveProduct(r *command.Request, before product.Product, d form.Draft) (command.Saved, error) {
	after := before
	if err := set(&after, d); err != nil {
		return command.Saved{}, err
	}
	if err := productstore.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	return said(r, "product.changed", after), nil
}

func said(r *command.Request, key string, p product.Product) command.Saved {
	return command.Saved{ID: p.ID, Reply: r.Done(r.Say(key, "product", p.Label()), command.SayButton(r.Say("button.card"), "product", "show "+products.RefOf(p)))}
}

// listProducts lists what is sold, ours first; words narrow it to a category, or name
// one product.
func listProducts(r *command.Request, a command.Args) (chat.Reply, error) {
	found, err := productstore.Sold(r.Tx, a.Object, 2*shown+1)
	switch {
	case err != nil:
		return chat.Reply{}, err
	case len(found) == 0 && a.Object != "":
		p, choose, err := products.One(r, "show", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		return productCard(r, p)
	case len(found) == 0:
		return chat.Reply{Text: r.Say("product.nothing", "may", r.May(keepers))}, nil
	}
	lines := command.Listed(r, found, 2*shown, 2*shown, func(p product.Product) string {
		return r.Say("product.line", "product", p.Label(), "price", r.MoneyIfAny(p.ListPrice), "own", p.Own)
	})
	if len(found) > 2*shown {
		lines = append(lines, r.Say("product.more"))
	}
	return chat.Reply{Title: r.Say("product.title"), Text: strings.Join(lines, "\n")}, nil
}

// productCard is everything of a product, and which accounts in sight carry it.
func productCard(r *command.Request, p product.Product) (chat.Reply, error) {
	reply := chat.Reply{Title: p.Label(), Fields: r.Lines(product.Catalogue, p, "ean", "brand", "category", "case_size", "list_price", "shelf_life_days", "own", "status")}
	if r.May(buyers) {
		reply.Fields = append(reply.Fields, r.Lines(product.Catalogue, p, "cost")...)
	}
	carried, err := productstore.OfProduct(r.Tx, r.Scope, p.ID, shown)
	if err != nil {
		return reply, err
	}
	lines := command.Listed(r, carried, shown, len(carried), byAccount(r))
	if len(lines) > 0 {
		reply.Fields = append(reply.Fields, chat.Line{Label: r.Say("product.carried"), Value: strings.Join(lines, "\n")})
	}
	if r.May(keepers) {
		reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.edit"), "product", "edit "+products.RefOf(p))}}
	}
	return reply, nil
}

// find are the products that a query means.
func find(r *command.Request, query string) ([]chat.Option, error) {
	p, ok, err := productstore.ByID(r.Tx, query)
	found := []product.Product{p}
	if err == nil && !ok {
		found, err = products.Find(r, query)
	}
	out := make([]chat.Option, len(found))
	for i, p := range found {
		out[i] = chat.Option{Value: p.ID, Label: p.Label()}
	}
	return out, err
}
