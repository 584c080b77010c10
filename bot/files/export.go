package files

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/config"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

// Span is from an instant, inclusive, until another, exclusive, of a kind's
// main instant; zero ends are open.
type Span struct {
	Since, Until time.Time
	At           calendar.Day // for figures of one day; empty is today
	Account      string       // code, for the papers of one account
	Lang         string       // of the columns' names; empty is the fields' keys
}

func (s Span) has(t time.Time) bool {
	return !t.Before(s.Since) && (s.Until.IsZero() || t.Before(s.Until))
}

// Exporter writes the rows of one kind. It sees with the system's eyes.
type Exporter struct {
	Tx     *store.Tx
	Config *config.Config
	Zone   *time.Location // the company's: times stand in it
	Span   Span
	out    io.Writer
	format string
	kind   string
	names  map[string]string // see Name
	refs   refs
}

// Export writes all rows of a kind in a span. Times stand in the company's
// zone.
func Export(ctx context.Context, db *store.DB, c *config.Config, kind, format string, span Span, out io.Writer) error {
	return ExportAll(ctx, db, c, []string{kind}, format, span, func(_ string, write func(io.Writer) error) error { return write(out) })
}

// ExportAll writes several kinds as they are at one instant, each into what into opens for
// it.
func ExportAll(ctx context.Context, db *store.DB, c *config.Config, kinds []string, format string, span Span, into func(kind string, write func(io.Writer) error) error) error {
	return db.Read(ctx, func(tx *store.Tx) error {
		e := &Exporter{Tx: tx, Config: c, Zone: c.Company.Zone(), Span: span, format: format, names: map[string]string{}}
		if err := e.refs.load(tx); err != nil {
			return err
		}
		for _, p := range e.refs.handles {
			e.names[p.ID] = p.Handle
		}
		for code, a := range e.refs.accounts {
			e.names[a.ID] = code
		}
		for code, s := range e.refs.stores {
			e.names[s.ID] = code
		}
		for _, rows := range e.refs.named {
			for code, id := range rows.ids {
				e.names[id] = code
			}
		}
		for _, kind := range kinds {
			k, ok := kindNamed(kind)
			if !ok {
				return fmt.Errorf("cannot export %q; write one of %s", kind, joined(Kinds()))
			}
			if err := into(kind, func(out io.Writer) error {
				e.kind, e.out = kind, out
				return k.Export(e)
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Name is what files call a person, an account or a store: the handle or code of an
// id.
func (e *Exporter) Name(id string) string { return e.names[id] }

// StoreOf returns the store of a code.
func (e *Exporter) StoreOf(code string) StoreRef { return e.refs.stores[code] }

// AccountOf returns the account of a code.
func (e *Exporter) AccountOf(code string) AccountRef { return e.refs.accounts[code] }

// Writer begins a table of some columns.
func (e *Exporter) Writer(columns []string) (sheet.Writer, error) {
	return sheet.NewWriter(e.out, e.format, e.kind, columns)
}

// Time is an instant as files carry it.
func (e *Exporter) Time(t time.Time) string { return e.instant(t, time.RFC3339) }

// Moment is an instant of which two may lie within a second.
func (e *Exporter) Moment(t time.Time) string {
	return e.instant(t, "2006-01-02T15:04:05.999Z07:00")
}

func (e *Exporter) instant(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(e.Zone).Format(layout)
}

// Days are those of the span; an open one is that of the last days.
func (e *Exporter) Days(last int) (today calendar.Day, span calendar.Span) {
	today = calendar.On(e.Tx.Now.In(e.Zone))
	span = calendar.Span{From: today.Add(1 - last), To: today}
	if !e.Span.Since.IsZero() {
		span.From = calendar.On(e.Span.Since.In(e.Zone))
	}
	if !e.Span.Until.IsZero() {
		span.To = calendar.On(e.Span.Until.In(e.Zone).Add(-time.Second))
	}
	return today, span
}

// only adds a row that lives and lies in the span. Merged rows live on in
// those they were merged into.
func only[T any](e *Exporter, at time.Time, lives bool, row T, add func(T) error) error {
	if !lives || !e.Span.has(at) {
		return nil
	}
	return add(row)
}

// Table writes rows by their catalogue; more adds what the row alone does not
// hold.
func Table[T any](e *Exporter, c field.Catalogue, rows func(add func(T) error) error, more func(T, map[string]string)) error {
	fields := c.For(field.Export)
	header := make([]string, len(fields))
	for i, f := range fields {
		header[i] = e.heading(fields, f)
	}
	w, err := e.Writer(header)
	if err != nil {
		return err
	}
	err = rows(func(row T) error {
		values := c.Values(row)
		for _, f := range fields {
			if f.Kind.IsRow() {
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
func (e *Exporter) typed(f field.Field, v string) any {
	switch f.Kind {
	case field.Money:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return sheet.Number(money.Amount{Minor: n, Currency: e.Config.Company.Currency}.Decimal())
		}
	case field.Date:
		if v != "" {
			return sheet.Date(v)
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
	case field.Text:
		return e.plain(f, v)
	}
	if v == "" {
		return nil
	}
	return v
}

// plain is a text, or the number or the instant that stands in it.
func (e *Exporter) plain(f field.Field, v string) any {
	if v == "" {
		return nil
	}
	if f.Decimal {
		return sheet.Number(v)
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil || len(v) < len("2006-01-02T15:04:05Z") || t.Nanosecond() != 0 {
		return v
	}
	local := t.In(e.Zone).Format(time.DateTime)
	if back, err := time.ParseInLocation(time.DateTime, local, e.Zone); err != nil || !back.Equal(t) {
		return v // in the hour that a clock shows twice, only the offset tells which
	}
	return sheet.Time{Text: v, Local: local}
}

// heading is what a column is called: the field's key, or its label in a language, if no
// other column of the kind is called so.
func (e *Exporter) heading(fields []field.Field, f field.Field) string {
	if e.Span.Lang == "" {
		return f.Key
	}
	words := lang.In(e.Span.Lang, e.Zone)
	label := words.Field(f)
	for _, g := range fields {
		if g.Key != f.Key && (words.Field(g) == label || slices.Contains(HeaderNames(g), strings.ToLower(label))) {
			return f.Key
		}
	}
	return label
}

func (e *Exporter) people() error {
	all, err := personstore.All(e.Tx)
	if err != nil {
		return err
	}
	handles := map[string]map[string]string{}
	for _, p := range all {
		identities, err := personstore.Identities(e.Tx, p.ID)
		if err != nil {
			return err
		}
		handles[p.ID] = map[string]string{}
		for _, i := range identities {
			handles[p.ID][i.Platform] = i.ExternalID
		}
	}
	return Table(e, person.Catalogue, func(add func(person.Person) error) error {
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

// plainRows writes the rows of a table that is only exported.
func plainRows[T any](e *Exporter, query string) error {
	until := e.Span.Until
	if until.IsZero() {
		until = time.UnixMilli(1 << 52)
	}
	rows, err := store.Rows[T](e.Tx, query, e.Span.Since, until)
	if err != nil {
		return err
	}
	header, cells := store.Dump(rows, e.Zone)
	w, err := e.Writer(header)
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
