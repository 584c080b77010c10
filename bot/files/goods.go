package files

import (
	"fmt"
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

// SameCurrency reports whether a record's amounts are in the company's currency; it refuses
// one in another.
func (j *Job) SameCurrency(r *Record) bool {
	if c := r.Fields["currency"]; c != "" && c != j.Config.Company.Currency {
		j.Refuse(r, "currency", "the company's currency is "+j.Config.Company.Currency)
		return false
	}
	return true
}

// From are rows that are there already, for Table.
func From[T any](rows []T) func(add func(T) error) error {
	return func(add func(T) error) error {
		for _, row := range rows {
			if err := add(row); err != nil {
				return err
			}
		}
		return nil
	}
}

// Lined writes papers, a row for each of their lines; more adds what the paper says, and
// what the line of a number does.
func Lined[T any](e *Exporter, c field.Catalogue, papers func(add func(T) error) error, lines func(T) goods.Lines, more func(paper T, n int, v map[string]string)) error {
	at := 0
	return Table(e, c, func(add func(T) error) error {
		return papers(func(paper T) error {
			for at = range max(1, len(lines(paper))) {
				if err := add(paper); err != nil {
					return err
				}
			}
			return nil
		})
	}, func(paper T, v map[string]string) {
		if l := lines(paper); len(l) > 0 {
			v["line"], v["product_code"], v["quantity"] = strconv.Itoa(at+1), l[at].Product, strconv.FormatInt(l[at].Quantity, 10)
			if l[at].Price != 0 {
				v["price"] = strconv.FormatInt(l[at].Price, 10)
			}
		}
		more(paper, at, v)
	})
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
