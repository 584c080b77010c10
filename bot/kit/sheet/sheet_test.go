package sheet_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"fieldbot/bot/kit/sheet"
)

func file(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// read opens a file and returns it with the cells of its rows.
func read(t testing.TB, path string, o sheet.Options) (*sheet.Source, [][]string) {
	t.Helper()
	s, err := sheet.Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for range 2 { // a file can be read again
		rows = nil
		if err := s.Each(func(r sheet.Row) error { rows = append(rows, slices.Clone(r.Cells)); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	return s, rows
}

// TestEncodings: a text is read as it was written, and said to be.
func TestEncodings(t *testing.T) {
	for _, c := range []struct {
		text string
		enc  encoding.Encoding
		want string
	}{
		{"大润发杨浦店", encoding.Nop, "UTF-8"},
		{"大润发杨浦店", simplifiedchinese.GB18030, "GB18030"},
		{"堃喆镕的店", simplifiedchinese.GB18030, "GB18030"},
		{"Müller Grünau;Bäckerei Schröder", charmap.Windows1252, "Windows-1252"},
		{"Señor Tapas, La Coruña", charmap.Windows1252, "Windows-1252"},
		{"Løvås Kjøp, Tromsø", charmap.Windows1252, "Windows-1252"},
		{"Müller 大润发", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16"},
		{"Müller 大润发", unicode.UTF8BOM, "UTF-8"},
	} {
		text := "code,name\n1,\"" + c.text + "\"\n"
		data, err := c.enc.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		s, rows := read(t, file(t, "x.csv", data), sheet.Options{})
		if len(rows) != 1 || rows[0][1] != c.text || s.Encoding != c.want {
			t.Errorf("%s: %q as %s", c.want, rows, s.Encoding)
		}
	}
	if _, err := sheet.Open(file(t, "x.csv", []byte("code\n\xcc\xe0\xe3\xe0\xe7\xe8\xed \xd1\xe5\xe2\xe5\xf0\n")), sheet.Options{}); err == nil {
		t.Error("Cyrillic in Windows-1251 was taken for something else")
	}
	_, rows := read(t, file(t, "x.csv", []byte("code\n\xcc\xe0\xe3\xe0\xe7\xe8\xed\n")), sheet.Options{Encoding: "windows-1251"})
	if len(rows) != 1 || rows[0][0] != "Магазин" {
		t.Errorf("said to be Windows-1251: %q", rows)
	}
}

// TestShapes: separators, line ends, marks, headers: the same two rows by every way.
func TestShapes(t *testing.T) {
	want := [][]string{{"1", "a b"}, {"2", "c"}}
	for name, c := range map[string]struct {
		text string
		o    sheet.Options
	}{
		"comma":          {"code,name\n1,a b\n2,c\n", sheet.Options{}},
		"semicolon":      {"code;name\r\n1;a b\r\n2;c\r\n", sheet.Options{}},
		"tab":            {"code\tname\n1\ta b\n2\tc", sheet.Options{}},
		"bar":            {"code|name\n1|a b\n2|c\n", sheet.Options{}},
		"old Mac":        {"code,name\r1,a b\r2,c\r", sheet.Options{}},
		"sep=":           {"sep=;\ncode;name\n1;a b\n2;c\n", sheet.Options{}},
		"two marks":      {"\xef\xbb\xbf\xef\xbb\xbfcode,name\n1,a b\n2,c\n", sheet.Options{}},
		"rows above":     {"Our stores\n\ncode,name\n1,a b\n2,c\n", sheet.Options{Skip: 1}},
		"no header":      {"1,a b\n2,c\n", sheet.Options{NoHeader: true}},
		"empty rows":     {"code,name\n\n1,a b\n,\n2,c\n", sheet.Options{}},
		"quoted comma":   {"\"code\",\"name\"\n1,\"a b\"\n2,c\n", sheet.Options{}},
		"JSON lines":     {"{\"code\": 1, \"name\": \"a b\"}\n{\"code\": 2, \"name\": \"c\"}\n", sheet.Options{}},
		"JSON and marks": {"\xef\xbb\xbf{\"code\": 1, \"name\": \"a b\"}\n\n{\"name\": \"c\", \"code\": 2}", sheet.Options{}},
	} {
		s, rows := read(t, file(t, "x.csv", []byte(c.text)), c.o)
		if !slices.EqualFunc(rows, want, slices.Equal) {
			t.Errorf("%s: %q", name, rows)
		}
		if header := strings.Join(s.Header, " "); header != "code name" && (name != "no header" || header != "A B") {
			t.Errorf("%s: header %q", name, header)
		}
	}
}

// TestNoTable: what is no table is refused by its name.
func TestNoTable(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"t.xls":  {"<html><table><tr><td>code</td></tr></table></html>", "HTML"},
		"o.xls":  {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), ".xls workbook"},
		"e.csv":  {"", "is empty"},
		"b.csv":  {"\xef\xbb\xbf", "is empty"},
		"w.xlsx": {"code,name\n", "no workbook"},
		"z.xlsx": {"PK\x03\x04 and no more", "no XLSX workbook"},
		"j.json": {"{\"a\": 1}\n{\"a\": ", "line 2"},
	} {
		if _, err := sheet.Open(file(t, name, []byte(c.data)), sheet.Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := sheet.Open(filepath.Join(t.TempDir(), "gone.csv"), sheet.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestWritten: what is written is read as it was, in every format.
func TestWritten(t *testing.T) {
	header := []string{"code", "name", "value", "on", "at", "list", "n", "yes", "none"}
	row := []any{"00042", "=1+1", sheet.Number("19.90"), sheet.Date("2026-11-21"), sheet.Time{Text: "2026-11-21T10:02:03+08:00", Local: "2026-11-21 10:02:03"}, []string{"a", "b"}, int64(7), true, nil}
	for format, want := range map[string][]string{
		"csv":  {"00042", "'=1+1", "19.90", "2026-11-21", "2026-11-21T10:02:03+08:00", "a;b", "7", "yes", ""},
		"json": {"00042", "=1+1", "19.90", "2026-11-21", "2026-11-21T10:02:03+08:00", "a;b", "7", "yes", ""},
		"xlsx": {"00042", "'=1+1", "19.9", "2026-11-21", "2026-11-21 10:02:03", "a;b", "7", "yes"},
	} {
		var out bytes.Buffer
		w, err := sheet.NewWriter(&out, format, "deals", header)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		s, rows := read(t, file(t, "x."+format, out.Bytes()), sheet.Options{})
		if len(rows) != 1 || !slices.Equal(rows[0], want) || !slices.Equal(s.Header, header) {
			t.Errorf("%s: %q under %q", format, rows, s.Header)
		}
		if format == "xlsx" && s.Sheet != "deals" {
			t.Errorf("the sheet is called %q", s.Sheet)
		}
	}
}

// FuzzOpen: whatever a file holds, reading it ends with rows or a sentence.
func FuzzOpen(f *testing.F) {
	var book bytes.Buffer
	w, err := sheet.NewWriter(&book, "xlsx", "s", []string{"a", "b"})
	if err == nil {
		err = errors.Join(w.Write([]any{"x", sheet.Number("1")}), w.Close())
	}
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{[]byte("a,b\n1,2\n"), []byte("{\"a\": [1, {\"b\": null}]}\n"), []byte("sep=;\na;b\n"), []byte("\xff\xfea\x00"), book.Bytes()} {
		f.Add(seed, uint8(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, skip uint8) {
		s, err := sheet.Open(file(t, "x", data), sheet.Options{Skip: int(skip)})
		if err != nil {
			return
		}
		n := 0
		_ = s.Each(func(r sheet.Row) error { // an error is a sentence
			if n++; n > len(data) {
				t.Fatalf("%d rows out of %d bytes", n, len(data))
			}
			return nil
		})
	})
}
