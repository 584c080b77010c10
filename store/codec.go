package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
)

// The codec maps struct fields with a db tag to columns and back:
// time.Time ↔ unix milliseconds (zero ↔ 0), slices of strings ↔ text joined
// by ";", maps and slices of structs ↔ JSON, everything else as it is.

var timeType = reflect.TypeFor[time.Time]()

type column struct {
	name    string
	index   int
	derived bool // db:"name,derived": it follows from others
	// db:"name,elsewhere": derived, and written by what it follows from alone
	elsewhere bool
}

var plans sync.Map // reflect.Type -> []column

// columnsOf returns the columns of a struct type.
func columnsOf(t reflect.Type) []column {
	if p, ok := plans.Load(t); ok {
		return p.([]column)
	}
	var out []column
	for i := range t.NumField() {
		if name, option, _ := strings.Cut(t.Field(i).Tag.Get("db"), ","); name != "" {
			out = append(out, column{name, i, option != "", option == "elsewhere"})
		}
	}
	plans.Store(t, out)
	return out
}

// Columns lists the columns of a row struct, for a SELECT, each behind the
// alias of its table.
func Columns[T any](alias string) string {
	var out []string
	for _, c := range columnsOf(reflect.TypeFor[T]()) {
		out = append(out, alias+"."+c.name)
	}
	return strings.Join(out, ", ")
}

func encodeAll(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = encode(reflect.ValueOf(a))
	}
	return out
}

func encode(v reflect.Value) any {
	switch {
	case v.Type() == timeType:
		t := v.Interface().(time.Time)
		if t.IsZero() {
			return int64(0)
		}
		return t.UnixMilli()
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = v.Index(i).String()
		}
		return strings.Join(parts, ";")
	case isJSON(v.Type()):
		if v.Len() == 0 {
			return map[bool]string{true: "{}", false: "[]"}[v.Kind() == reflect.Map]
		}
		data, err := json.Marshal(v.Interface())
		if err != nil {
			panic(err) // a map of strings, or structs of them and numbers, always marshals
		}
		return string(data)
	case v.Kind() == reflect.String:
		return v.String()
	case v.CanInt():
		return v.Int()
	}
	return v.Interface()
}

// isJSON reports whether a field of a type is kept as JSON.
func isJSON(t reflect.Type) bool {
	return t.Kind() == reflect.Map || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct
}

// A plan says where each column of a result goes in a row.
type plan []part

// part is one column of a plan.
type part struct {
	field int // of the row, or -1: the row is the value itself
	as    kind
	put   func(field reflect.Value, v *value) error
}

// kind is how a column comes from the engine.
type kind int

const (
	asText kind = iota
	asWhole
	asReal
	asTruth
)

// value is one column of a row as it came; kind says which.
type value struct {
	text  string
	whole int64
	real  float64
	truth bool
}

func (p part) in(row reflect.Value) reflect.Value {
	if p.field < 0 {
		return row
	}
	return row.Field(p.field)
}

// planOf finds the fields of a type of rows for the columns of a result.
func planOf(row reflect.Type, columns []string) (plan, error) {
	if row.Kind() != reflect.Struct || row == timeType {
		if len(columns) != 1 {
			return nil, fmt.Errorf("store: %d columns for a %s", len(columns), row)
		}
		p, err := partOf(-1, row)
		return plan{p}, err
	}
	fields := map[string]int{}
	for _, c := range columnsOf(row) {
		fields[c.name] = c.index
	}
	out := make(plan, len(columns))
	for i, name := range columns {
		field, ok := fields[name]
		if !ok {
			return nil, fmt.Errorf("store: %s has no field for column %s", row, name)
		}
		var err error
		if out[i], err = partOf(field, row.Field(field).Type); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func partOf(field int, t reflect.Type) (part, error) {
	switch {
	case t == timeType:
		return part{field, asWhole, putTime}, nil
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		return part{field, asText, putList}, nil
	case isJSON(t):
		return part{field, asText, func(f reflect.Value, v *value) error { return json.Unmarshal([]byte(v.text), f.Addr().Interface()) }}, nil
	case t.Kind() == reflect.String:
		return part{field, asText, func(f reflect.Value, v *value) error { f.SetString(v.text); return nil }}, nil
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		return part{field, asWhole, func(f reflect.Value, v *value) error { f.SetInt(v.whole); return nil }}, nil
	case t.Kind() == reflect.Float64:
		return part{field, asReal, func(f reflect.Value, v *value) error { f.SetFloat(v.real); return nil }}, nil
	case t.Kind() == reflect.Bool:
		return part{field, asTruth, func(f reflect.Value, v *value) error { f.SetBool(v.truth); return nil }}, nil
	}
	return part{}, fmt.Errorf("store: no column is a %s", t)
}

func putTime(f reflect.Value, v *value) error {
	if v.whole != 0 {
		*f.Addr().Interface().(*time.Time) = time.UnixMilli(v.whole).UTC()
	}
	return nil
}

func putList(f reflect.Value, v *value) error {
	if v.text == "" {
		return nil
	}
	parts := strings.Split(v.text, ";")
	list := reflect.MakeSlice(f.Type(), len(parts), len(parts))
	for i, p := range parts {
		list.Index(i).SetString(p)
	}
	f.Set(list)
	return nil
}

// Dump returns the columns of row structs and their values as text, numbers
// and booleans; times stand in a zone as RFC 3339.
func Dump[T any](rows []T, zone *time.Location) (header []string, cells [][]any) {
	columns := columnsOf(reflect.TypeFor[T]())
	for _, c := range columns {
		header = append(header, c.name)
	}
	for i := range rows {
		v := reflect.ValueOf(rows[i])
		out := make([]any, len(columns))
		for k, c := range columns {
			x := v.Field(c.index)
			if out[k] = encode(x); x.Type() == timeType {
				out[k] = ""
				if t := x.Interface().(time.Time); !t.IsZero() {
					out[k] = t.In(zone).Format(time.RFC3339)
				}
			}
		}
		cells = append(cells, out)
	}
	return header, cells
}
