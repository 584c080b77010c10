// Package sheet reads and writes tables of text: CSV in the encodings that office programs
// write, XLSX, and JSON lines. It knows nothing of what the cells mean. Files are read row
// by row, as often as needed: their size does not matter to memory.
package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Options say how a file is read, where it does not say so itself.
type Options struct {
	Encoding string // of text: a name such as windows-1252
	Sheet    string // of a workbook
	Skip     int    // rows above the header
	NoHeader bool   // the columns are then A, B, C …
}

// Source is a file with its header; Each reads its rows.
type Source struct {
	File       string
	Header     []string
	HeaderLine int
	Encoding   string   // of text, as people call it
	Separator  string   // of CSV
	Sheet      string   // of a workbook
	Others     []string // its other sheets
	Loose      bool     // rows may be shorter than the header: what is empty is left out
	From1904   bool     // days of a workbook count from 1904

	options Options
	walk    func(each func(Row) error) error // all rows, those above the header too
}

// Row is the cells of one row and the line of the file it begins on.
type Row struct {
	Line  int
	Cells []string
	Bad   map[int]string // cells that hold no value, with why
}

// maxBytes bounds what a file unpacks to.
const maxBytes = 2 << 30

// Open opens a CSV file, an XLSX workbook or JSON lines; the first row, behind those that
// are skipped, is the header.
func Open(path string, o Options) (*Source, error) {
	s := &Source{File: path, options: o}
	head, err := begins(path)
	if err == nil {
		switch {
		case bytes.HasPrefix(head, []byte("PK\x03\x04")):
			err = s.openXLSX(path)
		case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
			err = errors.New("is an old .xls workbook; save it as .xlsx or CSV")
		case isHTML(head):
			err = errors.New("is an HTML page, whatever its name says; open it in a spreadsheet and save it as .xlsx or CSV")
		case strings.EqualFold(filepath.Ext(path), ".xlsx"), strings.EqualFold(filepath.Ext(path), ".xlsm"):
			err = errors.New("is no workbook, although its name says so; save it as .xlsx or CSV")
		case isJSON(head):
			err = s.openJSON(path)
		default:
			err = s.openText(path)
		}
	}
	if err == nil {
		err = s.findHeader()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// begins returns the first bytes of a file.
func begins(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			return nil, p.Err
		}
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	head := make([]byte, sampleBytes)
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = nil
	}
	return head[:n], err
}

func isHTML(head []byte) bool {
	text := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head[:min(len(head), 512)], []byte(bom))))
	for _, tag := range []string{"<!doctype html", "<html", "<table", "<?xml", "<meta"} {
		if bytes.HasPrefix(text, []byte(tag)) {
			return true
		}
	}
	return false
}

func isJSON(head []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(head, []byte(bom))), []byte(`{"`))
}

// errStop ends a walk that has seen enough.
var errStop = errors.New("enough")

// findHeader reads the header.
func (s *Source) findHeader() error {
	n, widest := 0, 0
	err := s.walk(func(r Row) error {
		if n++; n <= s.options.Skip || blank(r.Cells) {
			return nil
		}
		if s.options.NoHeader {
			widest = max(widest, len(r.Cells))
			if n > s.options.Skip+sampleRows {
				return errStop
			}
			return nil
		}
		s.Header, s.HeaderLine = r.Cells, r.Line
		return errStop
	})
	for i := range widest {
		s.Header = append(s.Header, letters(i))
	}
	if len(s.Header) == 0 && (err == nil || errors.Is(err, errStop)) {
		return errors.New("the file is empty; its first row must name the columns")
	}
	if errors.Is(err, errStop) {
		err = nil
	}
	return err
}

// sampleRows is how many rows are looked at where no header says how many columns there
// are.
const sampleRows = 1000

// Each calls fn with each row behind the header that is not empty, from the first on.
func (s *Source) Each(fn func(Row) error) error {
	n := 0
	err := s.walk(func(r Row) error {
		n++
		if n <= s.options.Skip || !s.options.NoHeader && r.Line <= s.HeaderLine || blank(r.Cells) && len(r.Bad) == 0 {
			return nil
		}
		return fn(r)
	})
	if err != nil && !errors.Is(err, errStop) {
		return err
	}
	return nil
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// letters is what a workbook calls a column: A, B … Z, AA.
func letters(i int) string {
	out := ""
	for i++; i > 0; i = (i - 1) / 26 {
		out = string(rune('A'+(i-1)%26)) + out
	}
	return out
}

// column is the reverse, of a cell's name such as AB12; it is false for what is none.
func column(cell string) (int, bool) {
	n := 0
	for _, r := range cell {
		if r < 'A' || r > 'Z' {
			break
		}
		if n = n*26 + int(r-'A'+1); n > maxColumns {
			return 0, false
		}
	}
	return n - 1, n > 0
}

// maxColumns and maxRows are those of a workbook.
const (
	maxColumns = 16_384
	maxRows    = 1_048_576
)

// Describe says how the file was read, in a line.
func (s *Source) Describe() string {
	var parts []string
	if s.Encoding != "" {
		parts = append(parts, s.Encoding)
	}
	if s.Separator != "" {
		parts = append(parts, "separated by "+s.Separator)
	}
	if s.Sheet != "" {
		parts = append(parts, "sheet "+strconv.Quote(s.Sheet))
	}
	if len(s.Others) > 0 {
		parts = append(parts, "not read: "+strings.Join(s.Others, ", "))
	}
	if s.options.NoHeader {
		return strings.Join(append(parts, "no header"), ", ")
	}
	return strings.Join(append(parts, "header in line "+strconv.Itoa(s.HeaderLine)), ", ")
}

// As is the same file under other headers; rows without a value in the needed column are
// passed by.
func (s *Source) As(header []string, needed int) *Source {
	out := *s
	out.Header = header
	out.walk = func(each func(Row) error) error {
		return s.walk(func(r Row) error {
			if r.Line > s.HeaderLine && (needed >= len(r.Cells) || strings.TrimSpace(r.Cells[needed]) == "") {
				return nil
			}
			return each(r)
		})
	}
	return &out
}
