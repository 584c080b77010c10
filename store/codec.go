package store

import (
	"database/sql"
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

// scanner returns what reads a row into target.
func scanner(target reflect.Value, columns []string) (func(*sql.Rows) error, error) {
	if target.Kind() != reflect.Struct || target.Type() == timeType {
		d := newDecoder(target)
		return func(rows *sql.Rows) error {
			if err := rows.Scan(d.dest); err != nil {
				return err
			}
			return d.finish()
		}, nil
	}
	byName := map[string]int{}
	for _, c := range columnsOf(target.Type()) {
		byName[c.name] = c.index
	}
	decoders := make([]decoder, len(columns))
	dests := make([]any, len(columns))
	for i, name := range columns {
		index, ok := byName[name]
		if !ok {
			return nil, fmt.Errorf("store: %s has no field for column %s", target.Type(), name)
		}
		decoders[i] = newDecoder(target.Field(index))
		dests[i] = decoders[i].dest
	}
	return func(rows *sql.Rows) error {
		if err := rows.Scan(dests...); err != nil {
			return err
		}
		for _, d := range decoders {
			if err := d.finish(); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// decoder scans one column and converts it where the driver cannot.
type decoder struct {
	dest   any
	finish func() error
}

func newDecoder(v reflect.Value) decoder {
	switch {
	case v.Type() == timeType:
		var ms int64
		return decoder{&ms, func() error {
			if ms != 0 {
				v.Set(reflect.ValueOf(time.UnixMilli(ms).UTC()))
			}
			return nil
		}}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		var text string
		return decoder{&text, func() error {
			if text == "" {
				return nil
			}
			parts := strings.Split(text, ";")
			list := reflect.MakeSlice(v.Type(), len(parts), len(parts))
			for i, p := range parts {
				list.Index(i).SetString(p)
			}
			v.Set(list)
			return nil
		}}
	case isJSON(v.Type()):
		var text string
		return decoder{&text, func() error { return json.Unmarshal([]byte(text), v.Addr().Interface()) }}
	}
	return decoder{v.Addr().Interface(), func() error { return nil }}
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
