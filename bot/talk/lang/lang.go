// Package lang makes sentences. Text that people see stands in en.yaml and zh.yaml
// here and in the words of each capability; everything else names a key. Both
// languages hold the same keys; a test compares them with each other and with the
// keys the code uses.
//
// What a noun calls a field or a choice stands under NOUN.field.KEY where it is not
// what everybody calls it (field.KEY).
//
// A message is a text/template with named arguments; one that counts has the
// forms "one" and "other" and takes its number from the argument "n".
package lang

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/money"
)

//go:embed en.yaml zh.yaml
var house embed.FS

// Codes are the languages, the fallback first.
var Codes = []string{"en", "zh"}

var bundle, keys = load()

func load() (*i18n.Bundle, map[string]map[string]string) {
	b := i18n.NewBundle(language.English)
	b.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	all := map[string]map[string]string{}
	for _, code := range Codes {
		all[code] = map[string]string{}
		read(b, all[code], house, code+".yaml")
	}
	return b, all
}

// Add adds the words of a capability: words/en.yaml and words/zh.yaml. It is
// called when the program starts; a key that is there already is a mistake in the
// code and panics.
func Add(words fs.FS) {
	for _, code := range Codes {
		read(bundle, keys[code], words, "words/"+code+".yaml")
	}
}

func read(b *i18n.Bundle, into map[string]string, from fs.FS, name string) {
	data, err := fs.ReadFile(from, name)
	if err != nil {
		panic("lang: " + err.Error())
	}
	f, err := b.ParseMessageFileBytes(data, path.Base(name))
	if err != nil {
		panic("lang: " + name + ": " + err.Error())
	}
	for _, m := range f.Messages {
		if _, there := into[m.ID]; there {
			panic("lang: " + name + ": " + m.ID + " is there already")
		}
		into[m.ID] = m.Other
	}
}

// Known reports whether the bot speaks a language.
func Known(code string) bool { return keys[code] != nil }

// Match returns the language of a platform's tag (zh-CN, en-GB), or "".
func Match(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if Known(base) {
		return base
	}
	return ""
}

// Words speaks one language in one zone. The zero value is not usable: see In.
type Words struct {
	Code string
	Zone *time.Location
	Year int // days of another year show it; 0 shows none
	loc  *i18n.Localizer
}

var localizers = func() map[string]*i18n.Localizer {
	m := map[string]*i18n.Localizer{}
	for _, c := range Codes {
		m[c] = i18n.NewLocalizer(bundle, c)
	}
	return m
}()

// In returns the words of a language in a zone; an unknown language speaks
// English.
func In(code string, zone *time.Location) Words {
	if !Known(code) {
		code = Codes[0]
	}
	if zone == nil {
		zone = time.UTC
	}
	return Words{Code: code, Zone: zone, loc: localizers[code]}
}

// Say makes the sentence of a key. Args are pairs of name and value. A key
// that is missing shows itself; the tests keep that from happening.
func (w Words) Say(key string, args ...any) string {
	data := make(map[string]any, len(args)/2)
	var count any
	for i := 0; i+1 < len(args); i += 2 {
		name, value := args[i].(string), args[i+1]
		switch v := value.(type) {
		case *fault.Fault:
			value = w.Fault(v)
		case calendar.Day:
			value = w.Day(v)
		}
		if data[name] = value; name == "n" {
			count = value
		}
	}
	text, err := w.loc.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data, PluralCount: count})
	if err != nil && text == "" {
		return key
	}
	return strings.TrimRight(text, "\n")
}

// Has reports whether a key exists.
func Has(key string) bool { _, ok := keys[Codes[0]][key]; return ok }

// Keys returns the texts of a language by key.
func Keys(code string) map[string]string { return keys[code] }

// Fault makes the sentence of a fault.
func (w Words) Fault(f *fault.Fault) string { return w.Say("fault."+f.Key, f.Args...) }

// Label is what a field is called.
func (w Words) Label(key string) string { return w.Say("field." + key) }

// scoped is the key of what a field's noun calls something, where it has its own.
func scoped(f field.Field, id string) string {
	if own := f.Noun + "." + id; f.Noun != "" && Has(own) {
		return own
	}
	return id
}

// Field is what a field is called by its noun.
func (w Words) Field(f field.Field) string { return w.Say(scoped(f, "field."+f.Key)) }

// Option is what a code of a field is called by its noun.
func (w Words) Option(f field.Field, code string) string {
	if code == "" {
		return ""
	}
	if id := scoped(f, choiceID(f, code)); Has(id) {
		return w.Say(id)
	}
	return code
}

// Question is what is asked for a field, if it has a question of its own.
func (w Words) Question(f field.Field) (string, bool) {
	id := scoped(f, "ask."+f.Key)
	if !Has(id) {
		return "", false
	}
	return w.Say(id), true
}

// choiceID is the key of a code; those of every yes/no are the same.
func choiceID(f field.Field, code string) string {
	if f.Kind == field.YesNo {
		return "choice.yesno." + code
	}
	return "choice." + f.Key + "." + code
}

// FieldNames are all names of a field, in all languages and lower case: its key,
// what its noun and what everybody calls it.
func FieldNames(f field.Field) []string {
	return union(f.Noun, "field."+f.Key, f.Key)
}

// OptionNames are the same for a code of a field.
func OptionNames(f field.Field, code string) []string {
	return union(f.Noun, choiceID(f, code), code)
}

func union(noun, id, code string) []string {
	out := Names(id[:len(id)-len(code)-1], code)
	if noun != "" {
		own := Names(noun+"."+id[:len(id)-len(code)-1], code)
		out = append(slices.Clone(own), out[1:]...) // both begin with the code
	}
	return out
}

// Choice is what a code of a choice field is called.
func (w Words) Choice(key, code string) string {
	if code == "" {
		return ""
	}
	if id := "choice." + key + "." + code; Has(id) {
		return w.Say(id)
	}
	return code
}

// Choices are several of a key, as a list.
func (w Words) Choices(key string, codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = w.Choice(key, code)
	}
	return w.List(names)
}

// Day is a day as people read it, always with its weekday.
func (w Words) Day(d calendar.Day) string {
	if d == "" {
		return w.Say("day.none")
	}
	y, m, day := d.Parts()
	if w.Year == 0 {
		y = 0
	}
	weekday := w.Say(fmt.Sprintf("weekday.%d", int(d.Weekday())))
	if w.Year == y {
		y = 0
	}
	return w.Say("day.full", "year", y, "month", int(m), "monthname", m.String()[:3], "day", day, "weekday", weekday)
}

// Order is what comes first where the reader writes a day in figures.
func (w Words) Order() calendar.Order { return calendar.Order(w.Code == "en") }

// Clock is a time of the day in the reader's zone.
func (w Words) Clock(t time.Time) string { return t.In(w.Zone).Format("15:04") }

// Time is an instant in the reader's zone.
func (w Words) Time(t time.Time) string {
	return w.Day(calendar.On(t.In(w.Zone))) + " " + w.Clock(t)
}

// Today is the reader's own day at an instant.
func (w Words) Today(now time.Time) calendar.Day { return calendar.On(now.In(w.Zone)) }

// Money is an amount as people read it.
func (w Words) Money(a money.Amount) string { return a.Text(w.Code) }

// List joins names as the language does.
func (w Words) List(items []string) string { return strings.Join(items, w.Say("list.comma")) }

// Typed is the name of a field as a reader of a language types it in one line: in
// English a key of one word, else the label or the first alias that is one word,
// else the key.
func Typed(code string, f field.Field) string {
	if code == "en" && !strings.Contains(f.Key, "_") {
		return f.Key
	}
	options := []string{}
	if code != "en" {
		options = append(options, In(code, nil).Field(f))
	}
	for _, id := range []string{f.Noun + ".alias.field." + f.Key, "alias.field." + f.Key} {
		options = append(options, strings.Split(keys[code][id], ",")...)
	}
	for _, option := range options {
		if option = strings.TrimSpace(option); oneWord.MatchString(option) {
			return option
		}
	}
	return f.Key
}

var oneWord = regexp.MustCompile(`^[\p{L}\p{N}_]+$`)

var names sync.Map // key -> []string

// aliasID is the key of the aliases of a word: alias.field.KEY, or
// NOUN.alias.field.KEY.
func aliasID(id string) string {
	for _, kind := range []string{"field.", "choice."} {
		if i := strings.Index(id, "."+kind); i > 0 {
			return id[:i+1] + "alias." + id[i+1:]
		}
	}
	return "alias." + id
}

// Names returns every name of a word in all languages, in lower case: its own
// code, its labels and the aliases beside them ("alias." + key, by commas).
func Names(prefix, code string) []string {
	id := prefix + "." + code
	if v, ok := names.Load(id); ok {
		return v.([]string)
	}
	out := []string{strings.ToLower(code)}
	for _, c := range Codes {
		if label := keys[c][id]; label != "" {
			out = append(out, strings.ToLower(label))
		}
		for _, a := range strings.Split(keys[c][aliasID(id)], ",") {
			if a = strings.ToLower(strings.TrimSpace(a)); a != "" {
				out = append(out, a)
			}
		}
	}
	names.Store(id, out)
	return out
}
