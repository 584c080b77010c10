package producttalk

import (
	"fieldbot/bot/product"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/talk/command"
)

// made are the products of the demo; their barcodes lie in the range 200-299, which
// GS1 leaves to companies themselves.
var made = []product.Product{
	{Code: "P101", EAN: "2000000001012", Name: "海盐薯片 70g", Brand: "脆田", Category: "薯片", CaseSize: 24, ListPrice: 6_90, Cost: 2_80, ShelfLifeDays: 270, Own: true},
	{Code: "P102", EAN: "2000000001029", Name: "番茄薯片 70g", Brand: "脆田", Category: "薯片", CaseSize: 24, ListPrice: 6_90, Cost: 2_80, ShelfLifeDays: 270, Own: true},
	{Code: "P103", EAN: "2000000001036", Name: "山核桃 150g", Brand: "脆田", Category: "坚果", CaseSize: 12, ListPrice: 19_90, Cost: 9_50, ShelfLifeDays: 240, Own: true},
	{Code: "P201", EAN: "2000000002019", Name: "Sea Salt Crisps 150g", Brand: "Crispfield", Category: "crisps", CaseSize: 12, ListPrice: 2_49, Cost: 95, ShelfLifeDays: 180, Own: true},
	{Code: "P202", EAN: "2000000002026", Name: "Paprika Crisps 150g", Brand: "Crispfield", Category: "crisps", CaseSize: 12, ListPrice: 2_49, Cost: 95, ShelfLifeDays: 180, Own: true},
	{Code: "P203", EAN: "2000000002033", Name: "Trail Mix 200g", Brand: "Crispfield", Category: "nuts", CaseSize: 10, ListPrice: 3_99, Cost: 1_80, ShelfLifeDays: 240, Own: true},
	{Code: "R901", EAN: "2000000009018", Name: "Funny Chips Paprika 175g", Brand: "Funny Chips", Category: "crisps", ListPrice: 2_29},
}

// carried are the listings of the demo.
var carried = []struct {
	account  string
	products []string
}{
	{"K001", []string{"P101", "P102", "P103"}}, {"K002", []string{"P101", "P102"}},
	{"K010", []string{"P201", "P202"}}, {"K011", []string{"P201"}},
}

func fillDemo(demo *command.Demo) error {
	byCode := map[string]product.Product{}
	for _, p := range made {
		p.Status = product.Active
		if err := p.Check(); err != nil {
			return err
		}
		if err := productstore.Add(demo.Tx, &p); err != nil {
			return err
		}
		byCode[p.Code] = p
	}
	for _, x := range carried {
		a := demo.Accounts[x.account]
		since := command.WordsFor(demo.Person(a.OwnerID), demo.Config).Today(demo.Tx.Now).Add(-200)
		for _, p := range x.products {
			l := product.Listing{AccountID: a.ID, ProductID: byCode[p].ID, OwnerID: a.OwnerID, FromOn: since, Status: product.Listed, SuggestedPrice: byCode[p].ListPrice, SupplyPrice: byCode[p].ListPrice * 70 / 100}
			if err := productstore.List(demo.Tx, &l); err != nil {
				return err
			}
		}
	}
	return nil
}
