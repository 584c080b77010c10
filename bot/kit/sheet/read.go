// Package sheet reads and writes tables of text: CSV in the encodings that
// office programs write, XLSX, and JSON lines. It knows nothing of what the
// cells mean.
package sheet

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Table is a file's header and rows.
type Table struct {
	File   string
	Header []string
	Rows   []Row
	Loose  bool // rows may be shorter than the header (XLSX leaves empty cells out)
}

// Row is the cells of one row and the line of the file it begins on.
type Row struct {
	Line  int
	Cells []string
}

const maxBytes = 512 << 20

// Read reads a CSV or XLSX file; the first row is the header. UTF-8 with or
// without BOM, UTF-16 with BOM and GB18030 are detected.
func Read(path string) (Table, error) {
	t := Table{File: path}
	var err error
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		t.Loose = true
		err = t.readXLSX(path)
	} else {
		err = t.readCSV(path)
	}
	if err != nil {
		return t, fmt.Errorf("%s: %w", path, err)
	}
	if len(t.Header) == 0 {
		return t, fmt.Errorf("%s: the file is empty; its first row must name the columns", path)
	}
	return t, nil
}

func (t *Table) readCSV(path string) error {
	f, err := os.Open(path)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			return p.Err
		}
		return err
	}
	defer func() { _ = f.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return err
	}
	if len(data) > maxBytes {
		return errors.New("is larger than 512 MiB; split it")
	}
	text, err := decode(data)
	if err != nil {
		return err
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	r.LazyQuotes = true // many programs write a quote inside a field without doubling it
	r.Comma = comma(text)
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := r.FieldPos(0)
		t.add(line, cells)
	}
}

func (t *Table) add(line int, cells []string) {
	if t.Header == nil {
		t.Header = cells
		return
	}
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			t.Rows = append(t.Rows, Row{line, cells})
			return
		}
	}
}

// comma is the separator of the header: a comma, or what Excel writes where a
// comma is the decimal point, or a tab.
func comma(text []byte) rune {
	head, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ',', bytes.Count(head, []byte(","))
	for _, r := range []rune{';', '\t'} {
		if n := bytes.Count(head, []byte(string(r))); n > most {
			best, most = r, n
		}
	}
	return best
}

// decode turns a file's bytes into UTF-8.
func decode(data []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		return data[3:], nil
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return fromUTF16(data[2:], binary.LittleEndian), nil
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return fromUTF16(data[2:], binary.BigEndian), nil
	case utf8.Valid(data):
		return data, nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return nil, errors.New("the text is neither UTF-8, UTF-16 nor GB18030; save it as \"CSV UTF-8\"")
	}
	return out, nil
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

func (t *Table) readXLSX(path string) (err error) {
	// The limits refuse archives that unpack to far more than they are.
	f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxBytes, UnzipXMLSizeLimit: maxBytes / 2})
	if err != nil {
		return fmt.Errorf("is no XLSX workbook (%w); save it as XLSX or CSV", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return err
	}
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return err
		}
		t.add(line, cells)
	}
	return rows.Close()
}
