package files

import (
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/config"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/talk/lang"
)

// Head is how a file was understood.
type Head struct {
	Source  *sheet.Source
	Columns []Column // those that fill a field, in the file's order
	Left    []string // those that no field takes
	from    map[string]string
	at      map[string]int // lower-case header → its column
}

// Column is a column, or a template of several, and the field it fills.
type Column struct{ Theirs, Ours string }

// column is what a field of ours is called in the file.
func (h Head) column(key string) string {
	if from := h.from[key]; from != "" {
		return from
	}
	return key
}

// isErrors reports whether a column is one that a file of bad rows adds.
func isErrors(header string) bool {
	return strings.HasPrefix(header, "error_") && slices.Contains(ErrorColumns, header)
}

// ErrorColumns are what a file of bad rows says of each, before its own columns; they are
// passed by when it comes back.
var ErrorColumns = []string{"error_line", "error_column", "error_reason"}

// readHead finds for each field the column it is made of. Two columns for one field are a
// fault, and so is a column that is named twice, if it fills a field.
func (j *Job) readHead() (Head, error) {
	h := Head{Source: j.source, from: map[string]string{}, at: map[string]int{}}
	twice := map[string]bool{}
	for i, header := range j.source.Header {
		name := plainHeader(header)
		if name == "" {
			continue
		}
		if _, known := h.at[name]; known {
			twice[name] = true
			continue
		}
		h.at[name] = i
	}
	used := map[string]string{} // lower-case header → ours
	take := func(ours, from string, columns []string) error {
		for _, name := range columns {
			name = plainHeader(name)
			if twice[name] {
				return fmt.Errorf("%s has two columns %q; name each once", j.source.File, j.source.Header[h.at[name]])
			}
			used[name] = ours
		}
		h.from[ours] = from
		return nil
	}
	for ours, from := range j.options.Map {
		if err := j.known(ours); err != nil {
			return h, err
		}
		for _, name := range templateColumns(from) {
			if _, ok := h.at[plainHeader(name)]; !ok {
				return h, fmt.Errorf("--map %s=%s: %s has no column %q; it has %s", ours, from, j.source.File, name, strings.Join(j.source.Header, ", "))
			}
		}
		if err := take(ours, from, templateColumns(from)); err != nil {
			return h, err
		}
	}
	for _, keys := range []map[string]string{j.options.Set, firsts(j.options.Value)} {
		for ours := range keys {
			if err := j.known(ours); err != nil {
				return h, err
			}
		}
	}
	for _, f := range j.kind.Catalogue.For(field.File) { // a field's own key is nobody else's name
		if i, ok := h.at[f.Key]; ok && h.from[f.Key] == "" && used[f.Key] == "" {
			if err := take(f.Key, j.source.Header[i], []string{f.Key}); err != nil {
				return h, err
			}
		}
	}
	for _, f := range j.kind.Catalogue.For(field.File) {
		if from := h.from[f.Key]; from != "" && j.options.Map[f.Key] != "" {
			continue
		}
		for _, names := range headerNames(f) {
			for _, name := range names {
				i, ok := h.at[name]
				if !ok || used[name] != "" {
					continue
				}
				if other := h.from[f.Key]; other != "" {
					return h, fmt.Errorf("%s has two columns for %s: %q and %q; take one out, or say which with --map", j.source.File, f.Key, other, j.source.Header[i])
				}
				if err := take(f.Key, j.source.Header[i], []string{name}); err != nil {
					return h, err
				}
			}
			if h.from[f.Key] != "" {
				break // a name beside a code says nothing more
			}
		}
	}
	j.describe(&h, used)
	return h, nil
}

// describe lists the columns in the file's order, and what is left over.
func (j *Job) describe(h *Head, used map[string]string) {
	said := map[string]bool{}
	for _, header := range j.source.Header {
		name := plainHeader(header)
		switch ours := used[name]; {
		case name == "" || isErrors(name):
		case ours == "":
			h.Left = append(h.Left, header)
		case !said[ours]:
			said[ours] = true
			h.Columns = append(h.Columns, Column{h.from[ours], ours})
		}
	}
}

func firsts(m map[string]map[string]string) map[string]string {
	out := map[string]string{}
	for k := range m {
		out[k] = ""
	}
	return out
}

// plainHeader is a header as it is compared: letters fold, spaces and marks such as a
// star for what is needed do not matter.
func plainHeader(header string) string {
	return strings.ToLower(strings.Trim(strings.TrimSpace(header), "*＊:： "))
}

// HeaderNames are what the header of a file may call a field: its key, its labels, and
// what files of the trade carry.
func HeaderNames(f field.Field) []string {
	names := headerNames(f)
	out := slices.Concat(names[:]...)
	slices.Sort(out)
	return slices.Compact(out)
}

// headerNames are the same, those that a field is taken from first, and those that stand
// for it where none of them is there: a customer's name, where no column holds its code.
// They stand in the words under NOUN.header.KEY, the second behind a bar.
func headerNames(f field.Field) [2][]string {
	out := [2][]string{slices.Clone(lang.FieldNames(f))}
	for _, code := range lang.Codes {
		before, after, _ := strings.Cut(lang.Keys(code)[f.Noun+".header."+f.Key], "|")
		out[0], out[1] = append(out[0], splitNames(before)...), append(out[1], splitNames(after)...)
	}
	for i := range out {
		slices.Sort(out[i])
		out[i] = slices.Compact(out[i])
	}
	return out
}

func splitNames(text string) (out []string) {
	for _, n := range strings.Split(text, ",") {
		if n = strings.ToLower(strings.TrimSpace(n)); n != "" {
			out = append(out, n)
		}
	}
	return out
}

func (j *Job) known(key string) error {
	var keys []string
	for _, f := range j.kind.Catalogue.For(field.Import) {
		keys = append(keys, f.Key)
		if f.Key == key {
			return nil
		}
	}
	return fmt.Errorf("%s have no field %q; did you mean %q?", j.kind.Catalogue.Noun, key, config.Nearest(key, keys))
}

// templateColumns names the columns of a template, or the one column.
func templateColumns(from string) []string {
	if !strings.Contains(from, "{") {
		return []string{from}
	}
	var out []string
	for rest := from; ; {
		_, after, ok := strings.Cut(rest, "{")
		name, tail, closed := strings.Cut(after, "}")
		if !ok || !closed {
			return out
		}
		out = append(out, name)
		rest = tail
	}
}

// Template are the headers of a file of a kind: every field that an import takes, with
// what else its column may be called.
func Template(kind string) (fields []string, names [][]string, err error) {
	k, ok := kindNamed(kind)
	if !ok || k.Import == nil {
		return nil, nil, fmt.Errorf("cannot import %q; write one of %s", kind, joined(Imports()))
	}
	for _, f := range k.Catalogue.For(field.Import) {
		fields = append(fields, f.Key)
		names = append(names, slices.DeleteFunc(HeaderNames(f), func(n string) bool { return n == f.Key }))
	}
	return fields, names, nil
}
