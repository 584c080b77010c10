// Package files moves whole kinds of rows in and out of files: every
// export is a valid import of its kind.
//
// An import first checks all rows, with references resolved over the whole
// file, and only then writes, in units short enough that the daemon's users
// do not notice. Doing it again changes nothing and completes what was
// interrupted.
package files

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/config"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

// Options say how a file is read.
type Options struct {
	Map        map[string]string            // our field → their column, or a template {A} {B}
	Set        map[string]string            // our field → value for every row
	Value      map[string]map[string]string // our field → their word → our value
	None       []string                     // words for nothing, beside empty, NULL, N/A
	DateFormat string                       // a Go layout, or mdy, dmy, ymd
	DryRun     bool
	SkipBad    bool
	Progress   func(done, all int)
}

// Bad is a row that cannot be taken.
type Bad struct {
	File   string
	Line   int
	Column string
	Reason string
	Cells  []string
}

// String is the fault in one line: file, line, column, reason.
func (b Bad) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", b.File, b.Line, b.Column, b.Reason)
}

// Result is what an import did, or would do.
type Result struct {
	New, Changed, Same int
	Bad                []Bad    // every fault, by line
	BadRows            int      // rows with a fault
	Ignored            []string // columns that no field takes
}

// Record is one row of a file.
type Record struct {
	File   string
	Line   int
	Fields map[string]string // canonical, of the fields it has
	cells  []string
	column map[string]string // field → the column it came from
	more   []*Record         // the other lines of its paper
}

// Lines are the records of the paper that this one begins, itself first.
func (r *Record) Lines() []*Record { return append([]*Record{r}, r.more...) }

// Job is one import. It sees with the system's eyes.
type Job struct {
	DB     *store.DB
	Config *config.Config
	Today  calendar.Day // the company's

	ctx     context.Context
	options Options
	env     form.Env
	refs    refs
	result  Result
	bad     map[*Record]bool
	failed  error // a look-up
	xlsx    bool  // dates may be numbers of days
}

// Look looks something up before anything is written; the import ends if it fails.
func (j *Job) Look(up func(tx *store.Tx) error) {
	j.failed = errors.Join(j.failed, j.DB.Read(j.ctx, up))
}

// Import takes a table into a kind. The error is for what concerns the whole
// file; bad rows are in the result, and nothing is written if there are any,
// unless SkipBad.
func Import(ctx context.Context, db *store.DB, c *config.Config, kind string, t sheet.Table, o Options) (Result, error) {
	k, ok := kindNamed(kind)
	if !ok || k.Import == nil {
		return Result{}, fmt.Errorf("cannot import %q; write one of %s", kind, joined(Imports()))
	}
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	db.SetRules(c.Rules())
	words := lang.In("en", c.Company.Zone())
	j := &Job{ctx: ctx, DB: db, Config: c, Today: words.Today(db.Now()), options: o, bad: map[*Record]bool{}}
	j.env = form.Env{Words: words, Today: j.Today, Currency: c.Company.Currency}
	if err := db.Read(ctx, j.refs.load); err != nil {
		return Result{}, err
	}
	j.xlsx = t.Loose
	columns, err := j.columns(k.Catalogue, t)
	if err != nil {
		return Result{}, err
	}
	records := j.read(k.Catalogue, t, columns)
	err = k.Import(j, records)
	sort.SliceStable(j.result.Bad, func(a, b int) bool { return j.result.Bad[a].Line < j.result.Bad[b].Line })
	j.result.BadRows = len(j.bad)
	return j.result, err
}

func joined(names []string) string { return strings.Join(names, ", ") }

// columns finds for each field the columns it is made of.
func (j *Job) columns(c field.Catalogue, t sheet.Table) (map[string]string, error) {
	theirs := map[string]string{} // lower case → as written
	for _, h := range t.Header {
		theirs[strings.ToLower(strings.TrimSpace(h))] = h
	}
	used := map[string]bool{}
	out := map[string]string{}
	for ours, from := range j.options.Map {
		if err := j.known(c, ours); err != nil {
			return nil, err
		}
		for _, name := range templateColumns(from) {
			h, ok := theirs[strings.ToLower(name)]
			if !ok {
				return nil, fmt.Errorf("--map %s=%s: %s has no column %q; it has %s", ours, from, t.File, name, strings.Join(t.Header, ", "))
			}
			used[h] = true
		}
		out[ours] = from
	}
	for _, ours := range slices.Concat(slices.Collect(maps.Keys(j.options.Set)), slices.Collect(maps.Keys(j.options.Value))) {
		if err := j.known(c, ours); err != nil {
			return nil, err
		}
	}
	for _, f := range c.For(field.File) {
		if out[f.Key] != "" {
			continue
		}
		for _, name := range lang.FieldNames(f) {
			if h, ok := theirs[name]; ok && !used[h] {
				out[f.Key], used[h] = h, true
				break
			}
		}
	}
	for _, h := range t.Header {
		if !used[h] {
			j.result.Ignored = append(j.result.Ignored, h)
		}
	}
	return out, nil
}

func (j *Job) known(c field.Catalogue, key string) error {
	var keys []string
	for _, f := range c.For(field.Import) {
		keys = append(keys, f.Key)
		if f.Key == key {
			return nil
		}
	}
	return fmt.Errorf("%s have no field %q; did you mean %q?", c.Noun, key, config.Nearest(key, keys))
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

// read checks every cell and makes records of canonical values.
func (j *Job) read(c field.Catalogue, t sheet.Table, columns map[string]string) []*Record {
	index := map[string]int{}
	for i, h := range t.Header {
		index[strings.ToLower(strings.TrimSpace(h))] = i
	}
	var out []*Record
	for _, row := range t.Rows {
		r := &Record{File: t.File, Line: row.Line, Fields: map[string]string{}, cells: row.Cells, column: columns}
		out = append(out, r)
		if n := len(row.Cells); n > len(t.Header) && strings.Join(row.Cells[len(t.Header):], "") != "" || n < len(t.Header) && !t.Loose {
			j.Refuse(r, "row", fmt.Sprintf("has %d cells where the header has %d; is a quote not closed, or a comma not quoted?", n, len(t.Header)))
			continue
		}
		get := func(name string) string {
			if i, ok := index[strings.ToLower(name)]; ok && i < len(row.Cells) {
				return j.something(row.Cells[i])
			}
			return ""
		}
		for _, f := range c.For(field.Import) {
			raw, given := j.options.Set[f.Key]
			if from := columns[f.Key]; from != "" {
				if v := fillTemplate(from, get); v != "" || !given {
					raw, given = v, true
				}
			}
			if ours, means := j.options.Value[f.Key][raw]; means {
				raw = ours
			}
			if given {
				j.check(r, f, raw)
			}
			if f.Required && r.Fields[f.Key] == "" && !j.bad[r] {
				j.Refuse(r, f.Key, "is needed")
			}
		}
	}
	return out
}

func fillTemplate(from string, get func(string) string) string {
	if !strings.Contains(from, "{") {
		return get(from)
	}
	for _, name := range templateColumns(from) {
		from = strings.ReplaceAll(from, "{"+name+"}", get(name))
	}
	return strings.Join(strings.Fields(from), " ")
}

// something is a cell's text, or "" for a word that means nothing.
func (j *Job) something(cell string) string {
	cell = strings.TrimSpace(sheet.Fuse(cell))
	for _, none := range append([]string{"NULL", "N/A"}, j.options.None...) {
		if strings.EqualFold(cell, none) {
			return ""
		}
	}
	return cell
}

// Refuse says why a record cannot be taken, by the key of the field.
func (j *Job) Refuse(r *Record, key, reason string) {
	column := r.column[key]
	if column == "" {
		column = key
	}
	j.bad[r] = true
	j.result.Bad = append(j.result.Bad, Bad{File: r.File, Line: r.Line, Column: column, Reason: reason, Cells: r.cells})
}

// check puts the canonical value of a cell into the record.
func (j *Job) check(r *Record, f field.Field, raw string) {
	if raw == "" {
		r.Fields[f.Key] = ""
		return
	}
	switch {
	case f.Kind.IsRow():
		r.Fields[f.Key] = raw // resolved when all rows are known
		return
	case f.Kind == field.Date:
		day, reason := j.day(raw)
		if reason != "" {
			j.Refuse(r, f.Key, reason)
		}
		r.Fields[f.Key] = string(day)
		return
	}
	value, problem := form.Check(f, raw, j.env)
	if problem != nil {
		j.Refuse(r, f.Key, j.sentence(problem))
		return
	}
	r.Fields[f.Key] = value
}

func (j *Job) sentence(f *fault.Fault) string {
	return strings.TrimSuffix(j.env.Words.Fault(f), ".")
}

var dateWords = map[string][]string{
	"mdy": {"1/2/2006", "1-2-2006", "1.2.2006"},
	"dmy": {"2/1/2006", "2-1-2006", "2.1.2006"},
	"ymd": {"2006/1/2", "2006.1.2", "20060102"},
}

// layouts are the ways that --date-format allows beside ISO.
func (j *Job) layouts() []string {
	if known := dateWords[j.options.DateFormat]; known != nil || j.options.DateFormat == "" {
		return known
	}
	return []string{j.options.DateFormat}
}

// day reads a date: ISO, with or without a time behind it, or as
// --date-format says. What could be two days is refused.
func (j *Job) day(raw string) (calendar.Day, string) {
	head, _, _ := strings.Cut(strings.ReplaceAll(raw, "T", " "), " ")
	if d, ok := calendar.ParseISO(head); ok {
		return d, ""
	}
	layouts := j.layouts()
	for _, text := range []string{raw, head} {
		for _, l := range append(layouts, "2006年1月2日", "2006/1/2") {
			if t, err := time.Parse(l, text); err == nil {
				return calendar.On(t), ""
			}
		}
	}
	if t, ok := j.serial(raw); ok {
		return calendar.On(t), ""
	}
	return "", fmt.Sprintf("%q is not a date as YYYY-MM-DD; if it is written otherwise, say --date-format mdy, dmy, ymd or a layout such as 02.01.2006", raw)
}

// serial reads a date as a workbook keeps it: days since 1899-12-30.
func (j *Job) serial(raw string) (time.Time, bool) {
	n, err := strconv.ParseFloat(raw, 64)
	if !j.xlsx || err != nil || n < 10_000 || n > 2_958_466 { // 1927 to 9999; 2026 alone is no day
		return time.Time{}, false
	}
	days, part := math.Modf(n)
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days)).Add(time.Duration(part * float64(24*time.Hour))).Round(time.Second), true
}

// Instant reads a point in time: RFC 3339, or a date and time in the
// company's zone.
func (j *Job) Instant(raw string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, raw); err == nil {
		return t, true
	}
	for _, l := range j.layouts() {
		for _, clock := range []string{"", " 15:04", " 15:04:05"} {
			if t, err := time.ParseInLocation(l+clock, raw, j.Config.Company.Zone()); err == nil {
				return t, true
			}
		}
	}
	for _, l := range []string{"2006-01-02 15:04:05.000", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006/1/2 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(l, raw, j.Config.Company.Zone()); err == nil {
			return t, true
		}
	}
	if t, ok := j.serial(raw); ok {
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, j.Config.Company.Zone()), true
	}
	return time.Time{}, false
}
