package sheet

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Formats are the formats that can be written.
var Formats = []string{"csv", "json", "xlsx"}

// Writer writes rows of a table. Close ends it.
type Writer interface {
	// Write writes one row. A value is a string, an int64, a bool or a []string.
	Write(values []any) error
	Close() error
}

// NewWriter writes a table with a header in a format. In CSV and XLSX lists
// are joined by ";", and text that a spreadsheet would run is defused.
func NewWriter(out io.Writer, format string, header []string) (Writer, error) {
	switch format {
	case "csv":
		w := &csvWriter{csv.NewWriter(out)}
		return w, w.w.Write(header)
	case "json":
		return &jsonWriter{json.NewEncoder(out), header}, nil
	case "xlsx":
		return newXLSX(out, header)
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
	case []string:
		return Defuse(strings.Join(x, ";"))
	case bool:
		if x {
			return "yes"
		}
		return "no"
	case string:
		return Defuse(x)
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
	e      *json.Encoder
	header []string
}

func (j *jsonWriter) Write(values []any) error {
	j.e.SetEscapeHTML(false)
	m := make(map[string]any, len(values))
	for i, v := range values {
		m[j.header[i]] = v
	}
	return j.e.Encode(m)
}

func (j *jsonWriter) Close() error { return nil }

type xlsxWriter struct {
	out  io.Writer
	file *excelize.File
	s    *excelize.StreamWriter
	row  int
}

func newXLSX(out io.Writer, header []string) (Writer, error) {
	f := excelize.NewFile()
	s, err := f.NewStreamWriter(f.GetSheetName(0))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	w := &xlsxWriter{out, f, s, 0}
	values := make([]any, len(header))
	for i, h := range header {
		values[i] = h
	}
	return w, w.Write(values)
}

func (x *xlsxWriter) Write(values []any) error {
	x.row++
	cells := make([]any, len(values))
	for i, v := range values {
		cells[i] = cell(v)
	}
	return x.s.SetRow("A"+strconv.Itoa(x.row), cells)
}

func (x *xlsxWriter) Close() error {
	err := x.s.Flush()
	if err == nil {
		err = x.file.Write(x.out)
	}
	return errors.Join(err, x.file.Close())
}
