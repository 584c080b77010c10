// Package product knows what is made and sold, and which of it an account has agreed
// to carry (domain.md §5). Prices are minor units of the company's currency.
package product

import (
	"strings"
	"time"

	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
)

// Product is a stock-keeping unit (SKU), ours or a competitor's.
type Product struct {
	ID            string    `db:"id"`
	Version       int64     `db:"version"`
	Code          string    `db:"code"`
	EAN           string    `db:"ean"` // EAN-13 of the unit that is sold, or ""
	Name          string    `db:"name"`
	Brand         string    `db:"brand"`
	Category      string    `db:"category"`
	CaseSize      int64     `db:"case_size"`  // units in a case; 0 is unknown
	ListPrice     int64     `db:"list_price"` // of a unit, before what a chain is granted
	Cost          int64     `db:"cost"`       // of a unit
	ShelfLifeDays int64     `db:"shelf_life_days"`
	Own           bool      `db:"own"` // else a competitor's
	Status        string    `db:"status"`
	Searched      string    `db:"searched,derived"`
	CreatedAt     time.Time `db:"created_at"`
	UpdatedAt     time.Time `db:"updated_at"`
}

// Table implements store.Row.
func (p Product) Table() string { return "products" }

// Key implements store.Row.
func (p Product) Key() (string, int64) { return p.ID, p.Version }

// labelled is how many characters of a label stand in a line or on a button.
const labelled = 40

// Label is what people call a product: its code and name, cut to fit a line.
func (p Product) Label() string {
	label := []rune(strings.Join(strings.Fields(p.Code+" "+p.Name), " "))
	if len(label) > labelled {
		return string(label[:labelled-1]) + "…"
	}
	return string(label)
}

// The states of a product.
const (
	Active       = "active"
	Discontinued = "discontinued"
)

// Catalogue is what is known of products.
var Catalogue = field.Catalogue{Noun: "products", Fields: []field.Field{
	{Key: "code", Kind: field.Text, Use: field.All, Required: true, Max: 40},
	{Key: "ean", Kind: field.Text, Use: field.All, Max: 20},
	{Key: "name", Kind: field.Text, Use: field.All, Required: true, Max: 120},
	{Key: "brand", Kind: field.Text, Use: field.All, Max: 60},
	{Key: "category", Kind: field.Text, Use: field.All, Max: 60},
	{Key: "case_size", Kind: field.Number, Use: field.All, Lo: 1, Hi: 10_000},
	{Key: "list_price", Kind: field.Money, Use: field.All},
	{Key: "cost", Kind: field.Money, Use: field.All},
	{Key: "shelf_life_days", Kind: field.Number, Use: field.All, Lo: 1, Hi: 3_650},
	{Key: "own", Kind: field.YesNo, Use: field.All},
	{Key: "status", Kind: field.Choice, Use: field.All, Options: []string{Active, Discontinued}},
}}

// Check is the fault of a product whose barcode is none or whose prices are below
// zero, or whose code would not stand in a list of codes. It writes the barcode as figures
// alone.
func (p *Product) Check() error {
	ean, err := EAN13(p.EAN)
	if err != nil {
		return err
	}
	p.EAN = ean
	switch {
	case strings.ContainsAny(p.Code, "=;,；，、"):
		return fault.At("code", "code_marks", "code", p.Code)
	case p.ListPrice < 0:
		return fault.At("list_price", "price_below_zero")
	case p.Cost < 0:
		return fault.At("cost", "price_below_zero")
	}
	return nil
}

// EAN13 reads a barcode as it is printed, with spaces or dashes; "" stays "". The last
// figure checks the others (GS1 General Specifications, 7.9): figures at even places
// count three times, and all together make a multiple of ten.
func EAN13(text string) (string, error) {
	ean := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, text)
	if ean == "" {
		return "", nil
	}
	if len(ean) != 13 || strings.Trim(ean, "0123456789") != "" {
		return "", fault.At("ean", "ean_figures", "ean", text)
	}
	if want := checkFigure(ean[:12]); ean[12] != want {
		return "", fault.At("ean", "ean_check", "ean", ean, "would", string(want))
	}
	return ean, nil
}

func checkFigure(ean string) byte {
	sum := 0
	for i := range len(ean) {
		n := int(ean[i] - '0')
		if i%2 == 1 {
			n *= 3
		}
		sum += n
	}
	return byte('0' + (10-sum%10)%10)
}
