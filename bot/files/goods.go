package files

import (
	"fmt"
	"slices"
	"strconv"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/goods"
	"fieldbot/store"
)

// Goods are the lines of the paper that a record begins, by its columns product_code,
// price and quantity, which is named; false if it refused one. A paper without products
// has none.
func (j *Job) Goods(r *Record, quantity string) (out goods.Lines, ok bool) {
	for _, line := range r.Lines() {
		code := line.Fields["product_code"]
		if code == "" {
			continue
		}
		if j.ByCode(field.Product, code) == "" {
			j.Refuse(line, "product_code", "there is no product with the code \""+code+"\"; import products first")
			return nil, false
		}
		n, err := strconv.ParseInt(line.Fields[quantity], 10, 64)
		if err != nil || n <= 0 {
			j.Refuse(line, quantity, "write a quantity above 0")
			return nil, false
		}
		x := goods.Line{Product: code, Quantity: n}
		if p := line.Fields["price"]; p != "" {
			if x.Price, err = strconv.ParseInt(p, 10, 64); err != nil || x.Price < 0 {
				j.Refuse(line, "price", fmt.Sprintf("%q is no price", p))
				return nil, false
			}
		}
		out = append(out, x)
	}
	return out, true
}

// Line is what one line of a paper has in a file.
func Line(n int, x goods.Line, v map[string]string) {
	v["line"], v["product_code"], v["quantity"] = strconv.Itoa(n+1), x.Product, strconv.FormatInt(x.Quantity, 10)
	if x.Price != 0 {
		v["price"] = strconv.FormatInt(x.Price, 10)
	}
}

// But is a catalogue without some fields: those that are not columns of the row.
func But(c field.Catalogue, keys ...string) field.Catalogue {
	c.Fields = slices.DeleteFunc(slices.Clone(c.Fields), func(f field.Field) bool { return slices.Contains(keys, f.Key) })
	return c
}

// Numbers are what files call the rows of a noun that others point to, by id. Each is
// looked up once; a database that cannot be read ends the export.
func Numbers[T store.Row](e *Exporter, noun *store.Noun[T], scope access.Scope, number func(T) string) func(id string) string {
	known := map[string]string{}
	return func(id string) string {
		if _, seen := known[id]; !seen && id != "" {
			row, _, err := noun.In(scope).ByID(e.Tx, id)
			if err != nil {
				e.Tx.Fail(err)
			}
			known[id] = number(row)
		}
		return known[id]
	}
}
