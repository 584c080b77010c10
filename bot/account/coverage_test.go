package account_test

import (
	"slices"
	"testing"

	"fieldbot/bot/account"
)

// TestCover is the example of Coverage.
func TestCover(t *testing.T) {
	c := account.Cover([]account.Contact{
		{Name: "Liu", Department: "buying", BuyingRole: "decides", OppositeID: "chen"},
		{Name: "Zhang", Department: "logistics", BuyingRole: "uses"},
	}, "chen")
	if len(c.Rows) != 2 || len(c.Departments) != 7 || len(c.Roles) != 5 || !slices.Equal(c.Untied, []string{"Zhang"}) || !c.OneOfOurs() || c.OneOfTheirs() {
		t.Errorf("%+v", c)
	}
	if c := account.Cover(nil, "chen"); c.OneOfOurs() || c.OneOfTheirs() || len(c.Roles) != len(account.BuyingRoles) {
		t.Errorf("of nobody: %+v", c)
	}
	two := account.Cover([]account.Contact{{Name: "A", OppositeID: "chen"}, {Name: "B", OppositeID: "wang"}}, "")
	if two.OneOfOurs() || len(two.Rows) != 1 || two.Rows[0].Department != "" {
		t.Errorf("%+v", two)
	}
}
