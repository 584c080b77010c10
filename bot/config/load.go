package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"sort"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Fault is one thing wrong in a config.
type Fault struct {
	Where string // file:line, or the name of the environment variable
	Key   string
	Cure  string
}

// Faults are all that is wrong in a config.
type Faults []Fault

// Error lists the faults, a line each.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = strings.TrimPrefix(fmt.Sprintf("%s: %s: %s", x.Where, x.Key, x.Cure), ": ")
	}
	return strings.Join(lines, "\n")
}

// loader collects faults and remembers where each key stands.
type loader struct {
	file   string
	where  map[string]string
	faults Faults
}

func (l *loader) fault(key, cure string, args ...any) {
	where := l.where[key]
	if where == "" {
		where = l.file
	}
	l.faults = append(l.faults, Fault{where, key, fmt.Sprintf(cure, args...)})
}

// maxFile bounds a config file.
const maxFile = 1 << 20

// Load reads a config file, or none if the path is empty, lets the
// environment (FIELDBOT_…, FIELDBOT_…_FILE) override it, and checks the
// result. The error is Faults, and names no value.
func Load(path string, environ []string) (Config, error) {
	c := Default()
	l := &loader{file: path, where: map[string]string{}}
	if path != "" {
		data, err := readSmall(path)
		if err != nil {
			return c, Faults{{path, "file", err.Error()}}
		}
		l.parse(data, &c)
	}
	l.environment(environ, reflect.ValueOf(&c).Elem(), "")
	for _, name := range sectionNames() {
		section, _ := c.section(name)
		l.environment(environ, section, name)
	}
	l.unknownVariables(environ)
	l.validate(&c)
	if len(l.faults) > 0 {
		sort.SliceStable(l.faults, func(i, j int) bool { return l.line(l.faults[i]) < l.line(l.faults[j]) })
		return c, l.faults
	}
	return c, nil
}

func (l *loader) line(f Fault) int {
	n := 0
	_, _ = fmt.Sscanf(strings.TrimPrefix(f.Where, l.file+":"), "%d", &n) // no number sorts first
	return n
}

func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			return nil, errors.New("cannot be read: " + p.Err.Error())
		}
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		return nil, errors.New("is larger than 1 MiB; is it the right file?")
	}
	return data, err
}

func (l *loader) parse(data []byte, c *Config) {
	var doc yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) {
			l.faults = append(l.faults, Fault{l.file, "yaml", strings.TrimPrefix(err.Error(), "yaml: ")})
		}
		return
	}
	l.walk(doc.Content[0], reflect.ValueOf(c).Elem(), "")
}

// walk decodes a node into a value key by key, so that every fault is found
// and named with its path.
func (l *loader) walk(n *yaml.Node, v reflect.Value, path string) {
	l.where[path] = fmt.Sprintf("%s:%d", l.file, n.Line)
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct && n.Kind == yaml.SequenceNode {
		list := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
		for i, item := range n.Content {
			l.walk(item, list.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
		v.Set(list)
		return
	}
	if v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[time.Duration]() {
		fresh := reflect.New(v.Type())
		if err := n.Decode(fresh.Interface()); err != nil {
			l.fault(path, "%s", want(v))
			return
		}
		if v.Kind() == reflect.Map && !v.IsNil() {
			// A map in the file changes the keys it names.
			for _, k := range fresh.Elem().MapKeys() {
				v.SetMapIndex(k, fresh.Elem().MapIndex(k))
			}
			return
		}
		v.Set(fresh.Elem())
		return
	}
	if n.Kind != yaml.MappingNode {
		if n.Tag != "!!null" {
			l.fault(path, "write the keys below it, indented")
		}
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		full := strings.TrimPrefix(path+"."+key.Value, ".")
		l.where[full] = fmt.Sprintf("%s:%d", l.file, key.Line)
		field, known := fieldOf(v, key.Value)
		if c, top := v.Addr().Interface().(*Config); top && !known {
			field, known = c.section(key.Value)
		}
		switch {
		case !known:
			keys := keysOf(v)
			if path == "" {
				keys = append(keys, sectionNames()...)
			}
			l.fault(full, "no such key; did you mean %q?", Nearest(key.Value, keys))
		case seen[key.Value]:
			l.fault(full, "stands here twice; keep one")
		default:
			seen[key.Value] = true
			l.walk(value, field, full)
			l.where[full] = fmt.Sprintf("%s:%d", l.file, key.Line)
		}
	}
}

func want(v reflect.Value) string {
	switch {
	case v.Type() == reflect.TypeFor[time.Duration]():
		return "write a duration such as 15m or 4h"
	case v.Kind() == reflect.Int:
		return "write a whole number"
	case v.Kind() == reflect.Slice:
		return "write a list: [a, b]"
	case v.Kind() == reflect.Map:
		return "write keys with whole numbers: {A: 7, B: 14}"
	}
	return "write text"
}

func fieldOf(v reflect.Value, key string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if key != "-" && v.Type().Field(i).Tag.Get("yaml") == key {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func keysOf(v reflect.Value) []string {
	var out []string
	for i := range v.NumField() {
		if key := v.Type().Field(i).Tag.Get("yaml"); key != "-" {
			out = append(out, key)
		}
	}
	return out
}

// environment overrides keys from FIELDBOT_ + the path in capitals; the same
// name + _FILE reads the value from a file.
func (l *loader) environment(environ []string, v reflect.Value, path string) {
	for i := range v.NumField() {
		key := v.Type().Field(i).Tag.Get("yaml")
		if key == "-" {
			continue
		}
		full := strings.TrimPrefix(path+"."+key, ".")
		f := v.Field(i)
		if f.Kind() == reflect.Struct {
			l.environment(environ, f, full)
			continue
		}
		name := variable(full)
		value, set := lookup(environ, name)
		if file, fromFile := lookup(environ, name+"_FILE"); fromFile {
			data, err := readSmall(file)
			if err != nil {
				l.where[full] = name + "_FILE"
				l.fault(full, "the file %v", err)
				continue
			}
			name, value, set = name+"_FILE", strings.TrimRight(string(data), "\r\n"), true
		}
		if set {
			l.override(name, value, f, full)
		}
	}
}

func (l *loader) override(name, value string, f reflect.Value, full string) {
	l.where[full] = name
	if f.Kind() == reflect.String {
		f.SetString(value)
		return
	}
	fresh := reflect.New(f.Type())
	if err := yaml.Unmarshal([]byte(value), fresh.Interface()); err != nil {
		l.fault(full, "%s", want(f))
		return
	}
	f.Set(fresh.Elem())
}

const prefix = "FIELDBOT_"

func variable(path string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(path, ".", "_"))
}

func lookup(environ []string, name string) (string, bool) {
	for _, e := range environ {
		if k, v, _ := strings.Cut(e, "="); k == name {
			return v, true
		}
	}
	return "", false
}

// unknownVariables names variables that begin like ours and are not: a typing
// error there would silently do nothing.
func (l *loader) unknownVariables(environ []string) {
	known := map[string]bool{}
	var names []string
	for _, p := range Paths() {
		known[variable(p)], known[variable(p)+"_FILE"] = true, true
		names = append(names, variable(p))
	}
	for _, e := range environ {
		k, _, _ := strings.Cut(e, "=")
		if strings.HasPrefix(k, prefix) && !known[k] {
			l.faults = append(l.faults, Fault{"environment", k, fmt.Sprintf("no such setting; did you mean %s?", Nearest(k, names))})
		}
	}
}

// Paths lists every key of the config, as section.key.
func Paths() []string {
	var out []string
	var walk func(t reflect.Type, path string)
	walk = func(t reflect.Type, path string) {
		for i := range t.NumField() {
			key := t.Field(i).Tag.Get("yaml")
			if key == "-" {
				continue
			}
			full := strings.TrimPrefix(path+"."+key, ".")
			if t.Field(i).Type.Kind() == reflect.Struct {
				walk(t.Field(i).Type, full)
			} else {
				out = append(out, full)
			}
		}
	}
	walk(reflect.TypeFor[Config](), "")
	for _, name := range sectionNames() {
		walk(reflect.TypeOf(sections[name].Default()), name)
	}
	return out
}

// Nearest returns the known word that is the fewest edits away.
func Nearest(word string, known []string) string {
	best, least := "", 1<<30
	for _, k := range known {
		if d := Edits(word, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// Edits is the Levenshtein distance.
func Edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		last := row[0]
		row[0] = i + 1
		for j, s := range y {
			cost := last
			if r != s {
				cost = 1 + min(last, row[j], row[j+1])
			}
			last, row[j+1] = row[j+1], cost
		}
	}
	return row[len(y)]
}
