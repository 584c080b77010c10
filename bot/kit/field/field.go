// Package field describes what can be known of a noun: one catalogue per noun
// feeds its form, its one-line keys, its import and export headers, its card
// and its audit lines. It is data alone, so that rules may own a catalogue
// without knowing chat or language (bot/talk/form checks and shows it).
package field

import (
	"cmp"
	"slices"
)

// Kind is how a field is filled and checked.
type Kind string

// The kinds of field. The canonical text of a value, as drafts and forms hold
// it, stands behind each.
const (
	Text     Kind = "text"     // one line
	Long     Kind = "long"     // several lines
	Number   Kind = "number"   // decimal digits
	Percent  Kind = "percent"  // whole percent, 0 to 100
	Money    Kind = "money"    // decimal text in the company's currency
	Date     Kind = "date"     // 2006-01-02
	Time     Kind = "time"     // 15:04
	Choice   Kind = "choice"   // one of Options
	Choices  Kind = "choices"  // some of Options, joined by ";"
	Names    Kind = "names"    // several names, joined by ";"
	YesNo    Kind = "yesno"    // yes or no
	Person   Kind = "person"   // id of a person
	Account  Kind = "account"  // id of an account
	Place    Kind = "place"    // "store:ID" or "account:ID"
	Product  Kind = "product"  // id of a product
	Named    Kind = "named"    // code of one of those that the form's family names, see command.Family
	Some     Kind = "some"     // codes of some of those, joined by ";"
	Each     Kind = "each"     // a value of the kind Of for some of those, code=value joined by ";"
	Photos   Kind = "photos"   // references of photos, joined by spaces
	Location Kind = "location" // "lat,lon" or "lat,lon,live"
)

// LookUp reports whether a value names something that the command has to find.
func (k Kind) LookUp() bool {
	return k == Person || k == Account || k == Place || k == Product || k == Named || k.Several()
}

// Several reports whether a value names any number of things.
func (k Kind) Several() bool { return k == Some || k == Each }

// IsRow reports whether a value is the id of a row, which files name by its code.
func (k Kind) IsRow() bool { return k.LookUp() && k != Named && !k.Several() }

// Use says where a field appears.
type Use uint8

// The uses of a field.
const (
	Ask    Use = 1 << iota // a form may ask for it
	Import                 // a column of the import
	Export                 // a column of the export
	File   = Import | Export
	All    = Ask | File
)

// Field is one thing that can be known. Its label, question and aliases stand
// in bot/talk/lang under its key.
type Field struct {
	Key      string
	Kind     Kind
	Use      Use
	Required bool     // nothing is saved without it
	Options  []string // codes of a Choice, the likely first
	Max      int      // most characters of a text, most photos of an album, most names
	Lo, Hi   int64    // bounds of a Number, both 0 for none
	Past     bool     // a Date that lies behind, as the day of a visit does
	Ahead    bool     // a Date that lies ahead: earlier days are not offered
	Far      bool     // a Date some weeks ahead: the end of a month is offered, not tomorrow
	Asked    bool     // asked for once, though it may be skipped
	Decimal  bool     // a Text that is a decimal number, such as degrees
	Suggest  bool     // a Text of names, some of which can be offered; others may be typed
	Of       Kind     // of each value of an Each
	Column   string   // of the row, where it is not the key
	Noun     string   // whose it is; the catalogue sets it
}

// Catalogue is the fields of one noun, in the order people read them.
type Catalogue struct {
	Noun   string
	Fields []Field
}

// For returns the fields with a use.
func (c Catalogue) For(use Use) []Field {
	var out []Field
	for _, f := range c.Fields {
		if f.Use&use != 0 {
			f.Noun = c.Noun
			out = append(out, f)
		}
	}
	return out
}

// Get returns the field of a key.
func (c Catalogue) Get(key string) (Field, bool) {
	for _, f := range c.Fields {
		if f.Key == key {
			f.Noun = cmp.Or(f.Noun, c.Noun)
			return f, true
		}
	}
	return Field{}, false
}

// Pick returns fields by key, in the order of the keys. Unknown keys are a
// mistake in the code and panic.
func (c Catalogue) Pick(keys ...string) []Field {
	out := make([]Field, len(keys))
	for i, k := range keys {
		f, ok := c.Get(k)
		if !ok {
			panic("field: no " + k + " in " + c.Noun)
		}
		out[i] = f
	}
	return out
}

// Without is the catalogue without some fields: those that are no plain value of a row.
func (c Catalogue) Without(keys ...string) Catalogue {
	c.Fields = slices.DeleteFunc(slices.Clone(c.Fields), func(f Field) bool { return slices.Contains(keys, f.Key) })
	return c
}

// Optional are fields of which none has to be filled.
func Optional(fields []Field) []Field {
	for i := range fields {
		fields[i].Required = false
	}
	return fields
}

// Required are fields of which some are needed, or, where none is named, all.
func Required(fields []Field, keys ...string) []Field {
	for i := range fields {
		fields[i].Required = fields[i].Required || len(keys) == 0 || slices.Contains(keys, fields[i].Key)
	}
	return fields
}

// Each is the field of one value of an Each.
func (f Field) Each() Field {
	f.Kind = f.Of
	return f
}
