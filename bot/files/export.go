package files

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/config"
	"fieldbot/bot/deal"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/visit"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

// Span is from an instant, inclusive, until another, exclusive, of a kind's
// main instant; zero ends are open.
type Span struct{ Since, Until time.Time }

func (s Span) has(t time.Time) bool {
	return !t.Before(s.Since) && (s.Until.IsZero() || t.Before(s.Until))
}

// exporter writes rows of one kind.
type exporter struct {
	ctx     context.Context
	tx      *store.Tx
	refs    refs
	zone    *time.Location
	money   string // the company's currency
	cadence account.Cadence
	funnel  deal.Funnel
	span    Span
	out     io.Writer
	format  string
	names   map[string]string // ids of people, accounts and stores → handle or code
	stores  map[string]string // ids of stores → name
	sizes   map[string]string // ids of accounts → size
}

// Export writes all rows of a kind in a span. Times stand in the company's
// zone.
func Export(ctx context.Context, db *store.DB, c *config.Config, kind, format string, span Span, out io.Writer) error {
	return db.Read(ctx, func(tx *store.Tx) error {
		e := &exporter{ctx: ctx, tx: tx, zone: c.Company.Zone(), money: c.Company.Currency, cadence: c.Visits.Cadence, funnel: c.Deals.Funnel(), span: span, out: out, format: format, names: map[string]string{}, stores: map[string]string{}, sizes: map[string]string{}}
		if err := e.refs.load(tx); err != nil {
			return err
		}
		for _, p := range e.refs.handles {
			e.names[p.ID] = p.Handle
		}
		for code, a := range e.refs.accounts {
			e.names[a.ID], e.sizes[a.ID] = code, a.Size
		}
		for code, s := range e.refs.stores {
			e.names[s.ID], e.stores[s.ID] = code, s.Name
		}
		k, ok := kindNamed(kind)
		if !ok {
			return fmt.Errorf("cannot export %q; write one of %s", kind, joined(Kinds()))
		}
		return k.export(e)
	})
}

// only adds a row that lives and lies in the span. Merged rows live on in
// those they were merged into.
func only[T any](e *exporter, at time.Time, lives bool, row T, add func(T) error) error {
	if !lives || !e.span.has(at) {
		return nil
	}
	return add(row)
}

// table writes rows by their catalogue; more adds what the row alone does not
// hold.
func table[T any](e *exporter, c field.Catalogue, rows func(add func(T) error) error, more func(T, map[string]string)) error {
	fields := c.For(field.Export)
	header := make([]string, len(fields))
	for i, f := range fields {
		header[i] = f.Key
	}
	w, err := sheet.NewWriter(e.out, e.format, header)
	if err != nil {
		return err
	}
	err = rows(func(row T) error {
		values := c.Values(row)
		for _, f := range fields {
			if f.Kind == field.Person || f.Kind == field.Account || f.Kind == field.Place {
				values[f.Key] = e.names[values[f.Key]]
			}
		}
		if more != nil {
			more(row, values)
		}
		out := make([]any, len(fields))
		for i, f := range fields {
			out[i] = e.typed(f, values[f.Key])
		}
		return w.Write(out)
	})
	if err != nil {
		return err
	}
	return w.Close()
}

// typed gives a canonical value the type that JSON shows.
func (e *exporter) typed(f field.Field, v string) any {
	switch f.Kind {
	case field.Money:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return money.Amount{Minor: n, Currency: e.money}.Decimal()
		}
	case field.Choices, field.Names:
		if v == "" {
			return []string{}
		}
		return strings.Split(v, ";")
	case field.Photos:
		return strings.Fields(strings.ReplaceAll(v, ";", " "))
	case field.YesNo:
		return v == "yes"
	case field.Number:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return n
		}
	}
	return v
}

func (e *exporter) people() error {
	all, err := personstore.All(e.tx)
	if err != nil {
		return err
	}
	handles := map[string]map[string]string{}
	for _, p := range all {
		identities, err := personstore.Identities(e.tx, p.ID)
		if err != nil {
			return err
		}
		handles[p.ID] = map[string]string{}
		for _, i := range identities {
			handles[p.ID][i.Platform] = i.ExternalID
		}
	}
	return table(e, person.Catalogue, func(add func(person.Person) error) error {
		for _, p := range all {
			if err := only(e, p.CreatedAt, true, p, add); err != nil {
				return err
			}
		}
		return nil
	}, func(p person.Person, v map[string]string) {
		v["slack"], v["telegram"] = handles[p.ID]["slack"], handles[p.ID]["telegram"]
	})
}

func (e *exporter) time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(e.zone).Format(time.RFC3339)
}

func (e *exporter) visits() error {
	return table(e, visit.Catalogue, func(add func(visit.Visit) error) error {
		return visitstore.Since(e.tx, system, e.span.Since, e.span.Until, add)
	}, func(v visit.Visit, values map[string]string) {
		values["store_code"], values["store_name"] = e.names[v.StoreID], e.stores[v.StoreID]
		values["account_code"], values["person"] = e.names[v.AccountID], e.names[v.PersonID]
		values["started_at"], values["finished_at"], values["recorded_at"] = e.time(v.StartedAt), e.time(v.FinishedAt), e.time(v.RecordedAt)
	})
}

// plainRows writes the rows of a table that is only exported.
func plainRows[T any](e *exporter, query string) error {
	until := e.span.Until
	if until.IsZero() {
		until = time.UnixMilli(1 << 52)
	}
	rows, err := store.Rows[T](e.tx, query, e.span.Since, until)
	if err != nil {
		return err
	}
	header, cells := store.Dump(rows, e.zone)
	w, err := sheet.NewWriter(e.out, e.format, header)
	if err != nil {
		return err
	}
	for _, c := range cells {
		if err := w.Write(c); err != nil {
			return err
		}
	}
	return w.Close()
}
