package files

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/talk/form"
)

// Record is one row of a file.
type Record struct {
	File   string
	Line   int
	Fields map[string]string // canonical, of the fields it has
	cells  []string
	more   []*Record // the other lines of its paper
	ahead  bool      // it is being read, beside those that are looked at
	faults []Bad     // found meanwhile
}

// Lines are the records of the paper that this one begins, itself first.
func (r *Record) Lines() []*Record { return append([]*Record{r}, r.more...) }

// record makes a record of canonical values of a row.
func (j *Job) record(row sheet.Row) *Record {
	header := j.source.Header
	r := &Record{File: j.source.File, Line: row.Line, Fields: map[string]string{}, cells: row.Cells, ahead: true}
	if n := len(row.Cells); n > len(header) && strings.Join(row.Cells[len(header):], "") != "" || n < len(header) && !j.source.Loose {
		j.Refuse(r, "row", fmt.Sprintf("has %d cells where the header has %d; is a quote not closed, or a comma not quoted?", n, len(header)))
		return r
	}
	for _, f := range j.fields {
		raw, given := j.options.Set[f.Key]
		if from := j.head.from[f.Key]; from != "" {
			v, bad := j.cell(row, from)
			if bad != "" {
				j.Refuse(r, f.Key, bad)
				continue
			}
			if v != "" || !given {
				raw, given = v, true
			}
		}
		if ours, means := j.options.Value[f.Key][raw]; means {
			raw = ours
		}
		if given {
			j.check(r, f, raw)
		}
		if f.Required && r.Fields[f.Key] == "" && len(r.faults) == 0 {
			j.Refuse(r, f.Key, "is needed")
		}
	}
	return r
}

// cell is the text of a column, or of a template of several; bad is why it has none.
func (j *Job) cell(row sheet.Row, from string) (text, bad string) {
	get := func(name string) string {
		i, ok := j.head.at[plainHeader(name)]
		if !ok || i >= len(row.Cells) {
			return ""
		}
		if why := row.Bad[i]; why != "" {
			bad = why
		}
		v := j.something(row.Cells[i])
		if spreadsheetError.MatchString(v) {
			bad = "holds the error " + v + " of a spreadsheet"
		}
		return v
	}
	if !strings.Contains(from, "{") {
		return get(from), bad
	}
	for _, name := range templateColumns(from) {
		from = strings.ReplaceAll(from, "{"+name+"}", get(name))
	}
	return strings.Join(strings.Fields(from), " "), bad
}

// spreadsheetError is what a formula shows that failed, in the languages of our users'
// spreadsheets.
var spreadsheetError = regexp.MustCompile(`^#(N/A|NV|REF!|BEZUG!|VALUE!|WERT!|NAME\?|NOM\?|DIV/0!|NUM!|ZAHL!|NULL!|SPILL!|CALC!|###+)$|^##+$`)

// formulaText is how a CSV file keeps a spreadsheet from making a number of a text.
var formulaText = regexp.MustCompile(`^="(.*)"$`)

// something is a cell's text, or "" for a word that means nothing. Null may be somebody's
// name, NULL is nobody's.
func (j *Job) something(cell string) string {
	cell = strings.TrimSpace(sheet.Fuse(cell))
	if m := formulaText.FindStringSubmatch(cell); m != nil {
		cell = strings.ReplaceAll(m[1], `""`, `"`)
	}
	if slices.Contains([]string{"NULL", "null", "N/A", "n/a"}, cell) || slices.ContainsFunc(j.options.None, func(none string) bool { return strings.EqualFold(cell, none) }) {
		return ""
	}
	return cell
}

// check puts the canonical value of a cell into the record.
func (j *Job) check(r *Record, f field.Field, raw string) {
	if raw == "" {
		r.Fields[f.Key] = ""
		return
	}
	switch {
	case f.Kind == field.Named: // a code that the kind knows
		r.Fields[f.Key] = raw
		return
	case f.Kind.IsRow():
		r.Fields[f.Key] = j.canonical(f.Kind, raw) // resolved when all rows are known
		return
	case f.Kind == field.Date:
		day, reason := j.day(raw)
		if reason != "" {
			j.Refuse(r, f.Key, reason)
		}
		r.Fields[f.Key] = string(day)
		return
	case f.Kind == field.Money || f.Kind == field.Number:
		raw = j.number(raw)
	case f.Key == "phone":
		text, reason := phone(raw)
		if reason != "" {
			j.Refuse(r, f.Key, reason)
			return
		}
		raw = text
	}
	if f.Kind == field.Choice { // a column has few words, many times
		if code, known := j.codes.Load(f.Key + "\x00" + raw); known {
			r.Fields[f.Key] = code.(string)
			return
		}
	}
	value, problem := form.Check(f, raw, j.env)
	if problem != nil {
		j.Refuse(r, f.Key, j.sentence(problem))
		return
	}
	if f.Kind == field.Choice {
		j.codes.Store(f.Key+"\x00"+raw, value)
	}
	r.Fields[f.Key] = value
}

// number makes a decimal point of a comma, where the file says so, and takes the noise of
// a spreadsheet away: 19.989999999999998 is 19.99, 3.0 is 3.
func (j *Job) number(raw string) string {
	if j.options.DecimalComma {
		raw = strings.ReplaceAll(strings.ReplaceAll(raw, ".", ""), ",", ".")
	}
	return raw
}

var rounded = regexp.MustCompile(`^[0-9][.,][0-9]+[eE]\+?[0-9]+$`)

// phone refuses a number that a spreadsheet has rounded, and takes its decimal away.
func phone(raw string) (string, string) {
	if rounded.MatchString(raw) {
		return "", fmt.Sprintf("%q is a number that a spreadsheet has rounded; make the column text and write it again", raw)
	}
	return strings.TrimSuffix(raw, ".0"), ""
}

var dateWords = map[string][]string{
	"mdy": {"1/2/2006", "1-2-2006", "1.2.2006", "1/2/06", "1-2-06", "1.2.06"},
	"dmy": {"2/1/2006", "2-1-2006", "2.1.2006", "2/1/06", "2-1-06", "2.1.06"},
	"ymd": {"2006/1/2", "2006.1.2", "2006-1-2", "20060102", "06/1/2", "06-1-2", "06.1.2"},
}

// asPeopleWrite are the parts of a layout such as dd/mm/yyyy hh:mm, the longest first. A
// month stands behind a day or a year, minutes behind a colon.
var asPeopleWrite = strings.NewReplacer("yyyy", "2006", "yy", "06", ":mm", ":04", ":ss", ":05", "hh", "15", "mmm", "Jan", "mm", "01", "m", "1", "dd", "02", "d", "2")

// layouts are the ways that --date-format allows beside ISO.
func (j *Job) layouts() []string {
	said := j.options.DateFormat
	if known := dateWords[strings.ToLower(said)]; known != nil || said == "" {
		return known
	}
	if strings.ContainsAny(said, "yY") {
		layout := asPeopleWrite.Replace(strings.ToLower(said))
		return []string{layout, strings.NewReplacer("02", "2", "01", "1").Replace(layout)}
	}
	return []string{said}
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
	return "", fmt.Sprintf("%q is not a date as YYYY-MM-DD; if it is written otherwise, say --date-format mdy, dmy, ymd or a layout such as dd.mm.yyyy", raw)
}

// serial reads a date as a workbook counts it, where its cell does not say that it is one.
func (j *Job) serial(raw string) (time.Time, bool) {
	n, err := strconv.ParseFloat(raw, 64)
	if j.source.Sheet == "" || err != nil || n < 10_000 || n > 2_958_466 { // 1927 to 9999; 2026 alone is no day
		return time.Time{}, false
	}
	return sheet.Day(n, j.source.From1904), true
}

// Instant reads a point in time: RFC 3339, or a date and time in the
// company's zone.
func (j *Job) Instant(raw string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, raw); err == nil {
		return t, true
	}
	zone := j.Config.Company.Zone()
	for _, l := range j.layouts() {
		for _, clock := range []string{"", " 15:04", " 15:04:05"} {
			if t, err := time.ParseInLocation(l+clock, raw, zone); err == nil {
				return t, true
			}
		}
	}
	for _, l := range []string{"2006-01-02 15:04:05.000", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006/1/2 15:04", "2006-01-02", "2006/1/2", "2006年1月2日"} {
		if t, err := time.ParseInLocation(l, raw, zone); err == nil {
			return t, true
		}
	}
	if t, ok := j.serial(raw); ok {
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone), true
	}
	return time.Time{}, false
}
