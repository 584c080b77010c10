package product_test

import (
	"slices"
	"strings"
	"testing"

	"fieldbot/bot/account"
	"fieldbot/bot/product"
)

// TestEAN13 reads barcodes; 4006381333931 is the example of GS1's own pages.
func TestEAN13(t *testing.T) {
	for text, want := range map[string]string{
		"":                "",
		"4006381333931":   "4006381333931",
		"4 006381-333931": "4006381333931",
		"4006381333932":   "ean_check",
		"400638133393":    "ean_figures",
		"400638133393A":   "ean_figures",
		"４００６３８１３３３９３１": "ean_figures",
	} {
		got, err := product.EAN13(text)
		if err != nil {
			got = err.Error()
		}
		if got != want && !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%q: %s, not %s", text, got, want)
		}
	}
}

// TestEAN13Slips: no single wrong figure passes.
func TestEAN13Slips(t *testing.T) {
	const good = "4006381333931"
	for i := range good {
		for c := byte('0'); c <= '9'; c++ {
			slip := good[:i] + string(c) + good[i+1:]
			if _, err := product.EAN13(slip); (err == nil) != (slip == good) {
				t.Errorf("%s: %v", slip, err)
			}
		}
	}
}

func TestLife(t *testing.T) {
	if err := product.Life.Check(); err != nil {
		t.Error(err)
	}
	states, _ := product.ListingCatalogue.Get("status")
	for _, s := range product.Life.States() {
		if !slices.Contains(states.Options, s) {
			t.Errorf("a file cannot say %s", s)
		}
	}
}

func TestCarries(t *testing.T) {
	s := account.Store{Code: "M1", Format: "convenience"}
	for _, c := range []struct {
		listing product.Listing
		want    bool
	}{
		{product.Listing{Status: product.Listed}, true},
		{product.Listing{Status: product.Delisting}, true},
		{product.Listing{Status: product.Proposed}, false},
		{product.Listing{Status: product.Delisted}, false},
		{product.Listing{Status: product.Listed, Format: "convenience"}, true},
		{product.Listing{Status: product.Listed, Format: "club"}, false},
		{product.Listing{Status: product.Listed, StoreCodes: []string{"M1", "M2"}}, true},
		{product.Listing{Status: product.Listed, StoreCodes: []string{"M2"}}, false},
	} {
		if got := c.listing.Carries(s); got != c.want {
			t.Errorf("%+v: %v", c.listing, got)
		}
	}
}

// TestRange: what a range wants, and which listings keep to it.
func TestRange(t *testing.T) {
	r := product.Range{Format: "hypermarket", StoreClass: "A", ProductCodes: []string{"P1"}, Brands: []string{"crispy"}}
	for _, c := range []struct {
		p    product.Product
		want bool
	}{
		{product.Product{Code: "P1", Own: true, Status: product.Active}, true},
		{product.Product{Code: "P2", Own: true, Status: product.Active, Brand: "Crispy"}, true},
		{product.Product{Code: "P2", Own: true, Status: product.Active}, false},
		{product.Product{Code: "P1", Status: product.Active}, false},
		{product.Product{Code: "P1", Own: true, Status: product.Discontinued}, false},
	} {
		if got := r.Wants(c.p); got != c.want {
			t.Errorf("%+v: %v", c.p, got)
		}
	}
	for _, c := range []struct {
		l      product.Listing
		covers bool
	}{
		{product.Listing{}, true},
		{product.Listing{Format: "hypermarket"}, true},
		{product.Listing{Format: "hypermarket", StoreClass: "A"}, true},
		{product.Listing{Format: "club", StoreClass: "A"}, false},
		{product.Listing{StoreCodes: []string{"S1"}}, false},
		{product.Listing{Status: product.Delisted}, false},
	} {
		if got := c.l.Covers(r); got != c.covers {
			t.Errorf("%+v covers: %v", c.l, got)
		}
	}
}
