package sheet

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Formats are the formats that can be written.
var Formats = []string{"csv", "json", "xlsx"}

// Writer writes rows of a table. Close ends it.
type Writer interface {
	// Write writes one row. A value is a string, an int64, a bool, a []string, a Number, a
	// Date or a Time; nil is nothing.
	Write(values []any) error
	Close() error
}

// Number is a decimal number as text: 19.90.
type Number string

// Date is a day: 2026-11-21.
type Date string

// Time is an instant as text, RFC 3339, that its zone shows as Local, 2026-11-21 10:02:03:
// what a workbook's cell can hold.
type Time struct{ Text, Local string }

// NewWriter writes a table with a header in a format; a workbook's sheet has a name. In CSV
// and XLSX lists are joined by ";", and text that a spreadsheet would run is defused.
func NewWriter(out io.Writer, format, name string, header []string) (Writer, error) {
	switch format {
	case "csv":
		w := &csvWriter{csv.NewWriter(out)}
		return w, w.w.Write(header)
	case "json":
		return &jsonWriter{out, header}, nil
	case "xlsx":
		return newXLSX(out, name, header)
	}
	return nil, fmt.Errorf("format %q: write one of %s", format, strings.Join(Formats, ", "))
}

// Defuse keeps a spreadsheet from running text as a formula: text that begins
// with = + - @ gets an apostrophe before it, unless it is a number.
func Defuse(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil && s[0] == '-' {
		return s
	}
	return "'" + s
}

// Fuse is the reverse of Defuse.
func Fuse(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r", rune(s[1])) {
		return s[1:]
	}
	return s
}

func cell(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case []string:
		return Defuse(strings.Join(x, ";"))
	case bool:
		if x {
			return "yes"
		}
		return "no"
	case string:
		return Defuse(x)
	case Number:
		return string(x)
	case Date:
		return string(x)
	case Time:
		return x.Text
	}
	return fmt.Sprint(v)
}

type csvWriter struct{ w *csv.Writer }

func (c *csvWriter) Write(values []any) error {
	cells := make([]string, len(values))
	for i, v := range values {
		cells[i] = cell(v)
	}
	return c.w.Write(cells)
}

func (c *csvWriter) Close() error {
	c.w.Flush()
	return c.w.Error()
}

type jsonWriter struct {
	out    io.Writer
	header []string
}

// Write writes an object, its members in the order of the header.
func (j *jsonWriter) Write(values []any) error {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	put := func(v any) error {
		err := e.Encode(v)
		line.Truncate(line.Len() - 1) // its line break
		return err
	}
	for i, v := range values {
		switch x := v.(type) {
		case Number:
			v = json.Number(x)
		case Time:
			v = x.Text
		case string:
			if x == "" {
				v = nil
			}
		}
		line.WriteString(map[bool]string{true: "{", false: ","}[i == 0])
		if err := put(j.header[i]); err != nil {
			return err
		}
		line.WriteByte(':')
		if err := put(v); err != nil {
			return err
		}
	}
	line.WriteString("}\n")
	_, err := j.out.Write(line.Bytes())
	return err
}

func (j *jsonWriter) Close() error { return nil }
