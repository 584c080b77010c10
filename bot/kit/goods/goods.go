// Package goods knows the lines of papers: how many units of a product, at which price.
package goods

import "slices"

// Line is one product on a paper. Its price is of a unit, in minor units of the
// company's currency; 0 is not known.
type Line struct {
	Product  string `json:"p"` // code
	Quantity int64  `json:"q"`
	Price    int64  `json:"c,omitempty"`
	Refused  int64  `json:"r,omitempty"` // of what was delivered, at the store's door
	Reason   string `json:"w,omitempty"` // why it was refused
}

// Lines are the lines of a paper, in its order.
type Lines []Line

// Value is what the lines come to.
func (l Lines) Value() (sum int64) {
	for _, x := range l {
		sum += x.Quantity * x.Price
	}
	return sum
}

// Units are the quantities by product.
func (l Lines) Units() map[string]int64 {
	out := map[string]int64{}
	for _, x := range l {
		out[x.Product] += x.Quantity
	}
	return out
}

// Count is how many units there are in all.
func (l Lines) Count() (n int64) {
	for _, x := range l {
		n += x.Quantity
	}
	return n
}

// Less are the lines without the units of others, by product.
func (l Lines) Less(others Lines) Lines {
	gone := others.Units()
	var out Lines
	for _, x := range l {
		take := min(gone[x.Product], x.Quantity)
		gone[x.Product] -= take
		if x.Quantity -= take; x.Quantity > 0 {
			out = append(out, x)
		}
	}
	return out
}

// Refused are the refused quantities, and their value at the prices of a paper.
func (l Lines) Refused(prices Lines) (units, value int64) {
	for _, x := range l {
		units += x.Refused
		value += x.Refused * prices.PriceOf(x.Product)
	}
	return units, value
}

// PriceOf is the price of a product on the paper, 0 where it is not on it.
func (l Lines) PriceOf(product string) int64 {
	for _, x := range l {
		if x.Product == product {
			return x.Price
		}
	}
	return 0
}

// Priced are the lines at the prices of another paper.
func (l Lines) Priced(prices Lines) Lines {
	out := slices.Clone(l)
	for i := range out {
		out[i].Price = prices.PriceOf(out[i].Product)
	}
	return out
}

// Products are the codes on the paper, each once, in order.
func (l Lines) Products() []string {
	var out []string
	for _, x := range l {
		if !slices.Contains(out, x.Product) {
			out = append(out, x.Product)
		}
	}
	return out
}

// Merged are the lines of several papers as one paper: a line for each product and price.
func Merged(papers ...Lines) Lines {
	var out Lines
	for _, x := range slices.Concat(papers...) {
		i := slices.IndexFunc(out, func(o Line) bool { return o.Product == x.Product && o.Price == x.Price })
		if i < 0 {
			out = append(out, x)
			continue
		}
		out[i].Quantity += x.Quantity
		out[i].Refused += x.Refused
	}
	return out
}
