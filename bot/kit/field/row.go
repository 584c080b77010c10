package field

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Values reads the fields of a catalogue out of a row, as canonical text.
// Fields that the row has no column for are left out; so are empty ones.
func (c Catalogue) Values(row any) map[string]string {
	v := reflect.Indirect(reflect.ValueOf(row))
	out := map[string]string{}
	for _, f := range c.Fields {
		if x, ok := columnOf(v, f); ok {
			if text := textOf(x); text != "" {
				if f.Kind == Photos {
					text = strings.ReplaceAll(text, ";", " ")
				}
				out[f.Key] = text
			}
		}
	}
	return out
}

// Set writes canonical values into a row. Keys without a column are left to
// the caller; a value of the wrong shape is a mistake of the checks before.
func (c Catalogue) Set(row any, values map[string]string) error {
	v := reflect.Indirect(reflect.ValueOf(row))
	for _, f := range c.Fields {
		text, given := values[f.Key]
		x, ok := columnOf(v, f)
		if !given || !ok {
			continue
		}
		if f.Kind == Photos {
			text = strings.Join(strings.Fields(text), ";")
		}
		if err := scan(x, text); err != nil {
			return fmt.Errorf("field %s: %w", f.Key, err)
		}
	}
	return nil
}

// HasColumn reports whether a row struct has a column for the field.
func (f Field) HasColumn(row any) bool {
	_, ok := columnOf(reflect.Indirect(reflect.ValueOf(row)), f)
	return ok
}

var indexes sync.Map // reflect.Type -> map[string]int

// indexOf maps the columns of a row struct to its fields.
func indexOf(t reflect.Type) map[string]int {
	if m, ok := indexes.Load(t); ok {
		return m.(map[string]int)
	}
	m := map[string]int{}
	for i := range t.NumField() {
		if k := t.Field(i).Type.Kind(); k != reflect.Struct && k != reflect.Map {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("db"), ",")
			m[name] = i
		}
	}
	indexes.Store(t, m)
	return m
}

func columnOf(v reflect.Value, f Field) (reflect.Value, bool) {
	name := f.Column
	if name == "" {
		name = f.Key
	}
	i, ok := indexOf(v.Type())[name]
	if !ok {
		return reflect.Value{}, false
	}
	return v.Field(i), true
}

func textOf(x reflect.Value) string {
	switch x.Kind() {
	case reflect.String:
		return x.String()
	case reflect.Int, reflect.Int64:
		if x.Int() == 0 {
			return ""
		}
		return strconv.FormatInt(x.Int(), 10)
	case reflect.Float64:
		if x.Float() == 0 {
			return ""
		}
		return strconv.FormatFloat(x.Float(), 'f', -1, 64)
	case reflect.Bool:
		if x.Bool() {
			return "yes"
		}
		return ""
	}
	parts := make([]string, x.Len())
	for i := range parts {
		parts[i] = x.Index(i).String()
	}
	return strings.Join(parts, ";")
}

func scan(x reflect.Value, text string) error {
	switch x.Kind() {
	case reflect.String:
		x.SetString(text)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if text == "" {
			n, err = 0, nil
		}
		x.SetInt(n)
		return err
	case reflect.Float64:
		n, err := strconv.ParseFloat(text, 64)
		if text == "" {
			n, err = 0, nil
		}
		x.SetFloat(n)
		return err
	case reflect.Bool:
		x.SetBool(text == "yes")
	default:
		list := reflect.MakeSlice(x.Type(), 0, 0)
		for _, p := range strings.Split(text, ";") {
			if p != "" {
				list = reflect.Append(list, reflect.ValueOf(p).Convert(x.Type().Elem()))
			}
		}
		x.Set(list)
	}
	return nil
}
