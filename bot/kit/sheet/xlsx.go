package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// workbook is what of an XLSX file its rows depend on. It is read by a reader of our own:
// what a cell means, an error, a day, a share of a hundred, stands in its type and its
// style, which excelize tells only of a sheet that it holds in memory.
type workbook struct {
	shared []string
	styles []style
	from04 bool
	part   string // the sheet's
	merged []area
}

// The bounds of a workbook's texts: more of them is no table that people fill.
const (
	maxShared      = 64 << 20
	maxMerged      = 10_000
	maxXMLPerEntry = maxBytes
)

// openXLSX prepares the sheet of a workbook: the one that is named, else the one that is
// seen when it is opened.
func (s *Source) openXLSX(file string) error {
	z, err := zip.OpenReader(file)
	if err != nil {
		return fmt.Errorf("is no XLSX workbook (%w); save it as XLSX or CSV", err)
	}
	defer func() { _ = z.Close() }() // only read
	var w workbook
	if err := s.chooseSheet(&z.Reader, &w); err != nil {
		return err
	}
	s.Loose, s.From1904 = true, w.from04
	if w.shared, err = sharedStrings(&z.Reader); err != nil {
		return err
	}
	if w.styles, err = stylesOf(&z.Reader); err != nil {
		return err
	}
	if w.merged, err = mergedIn(&z.Reader, w.part); err != nil {
		return err
	}
	s.walk = func(each func(Row) error) error {
		z, err := zip.OpenReader(file)
		if err != nil {
			return err
		}
		defer func() { _ = z.Close() }() // only read
		in, err := entry(&z.Reader, w.part)
		if err != nil {
			return err
		}
		defer func() { _ = in.Close() }() // only read
		return w.rows(in, each)
	}
	return nil
}

func entry(z *zip.Reader, name string) (io.ReadCloser, error) {
	f, err := z.Open(strings.TrimPrefix(name, "/"))
	if err != nil {
		return nil, fmt.Errorf("is no XLSX workbook: it has no %s", name)
	}
	return struct {
		io.Reader
		io.Closer
	}{bufio.NewReaderSize(&limited{f, maxXMLPerEntry}, sampleBytes), f}, nil
}

// limited refuses archives that unpack to far more than they are.
type limited struct {
	in   io.Reader
	left int64
}

// Read implements io.Reader.
func (l *limited) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return n, errors.New("unpacks to more than 2 GiB; split it")
	}
	return n, err
}

// decoded reads a part of a workbook whole; one that is not there is empty.
func decoded(z *zip.Reader, name string, into any) error {
	in, err := entry(z, name)
	if err != nil {
		return nil // a part that a workbook may leave out
	}
	defer func() { _ = in.Close() }() // only read
	return xml.NewDecoder(in).Decode(into)
}

// chooseSheet finds the sheet to read, and names the others.
func (s *Source) chooseSheet(z *zip.Reader, w *workbook) error {
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Views []struct {
			Active int `xml:"activeTab,attr"`
		} `xml:"bookViews>workbookView"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			Rel   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		Of []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := decoded(z, "xl/workbook.xml", &book); err != nil {
		return fmt.Errorf("is no XLSX workbook (%w); save it as XLSX or CSV", err)
	}
	if err := decoded(z, "xl/_rels/workbook.xml.rels", &rels); err != nil {
		return err
	}
	w.from04 = book.Properties.Date1904 == "1" || book.Properties.Date1904 == "true"
	chosen, active := -1, 0
	if len(book.Views) > 0 {
		active = book.Views[0].Active
	}
	var names []string
	for i, x := range book.Sheets {
		names = append(names, x.Name)
		visible := x.State == "" || x.State == "visible"
		switch {
		case s.options.Sheet != "" && strings.EqualFold(x.Name, s.options.Sheet):
			chosen = i
		case s.options.Sheet == "" && visible && (chosen < 0 || i == active):
			chosen = i
		}
	}
	if chosen < 0 {
		return fmt.Errorf("has no sheet %q to read; it has %s", s.options.Sheet, strings.Join(names, ", "))
	}
	for i, x := range book.Sheets {
		switch {
		case i == chosen:
			s.Sheet = x.Name
		case x.State == "" || x.State == "visible":
			s.Others = append(s.Others, x.Name)
		default:
			s.Others = append(s.Others, x.Name+" (hidden)")
		}
	}
	for _, r := range rels.Of {
		if r.ID == book.Sheets[chosen].Rel {
			w.part = strings.TrimPrefix(r.Target, "/")
			if !strings.HasPrefix(r.Target, "/") {
				w.part = path.Join("xl", r.Target)
			}
			return nil
		}
	}
	return errors.New("is no XLSX workbook: its sheet is not in it")
}

// text is a text of a workbook, in one piece or in runs.
type text struct {
	T    string `xml:"t"`
	Runs []struct {
		T string `xml:"t"`
	} `xml:"r"`
}

func (t text) String() string {
	out := t.T
	for _, r := range t.Runs {
		out += r.T
	}
	return out
}

func sharedStrings(z *zip.Reader) ([]string, error) {
	in, err := entry(z, "xl/sharedStrings.xml")
	if err != nil {
		return nil, nil // a workbook of numbers has none
	}
	defer func() { _ = in.Close() }() // only read
	var out []string
	size := 0
	d := xml.NewDecoder(in)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "si" {
			var t text
			if err := d.DecodeElement(&t, &start); err != nil {
				return nil, err
			}
			one := t.String()
			if size += len(one) + 16; size > maxShared {
				return nil, errors.New("holds more than 64 MiB of texts; split it, or save it as CSV")
			}
			out = append(out, one)
		}
	}
}

// rows reads the rows of a sheet.
func (w *workbook) rows(in io.Reader, each func(Row) error) error {
	d := xml.NewDecoder(in)
	line := 0
	m := merging{rest: w.merged, over: map[area]string{}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("its sheet cannot be read: %w", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "row" {
			continue
		}
		line++
		if n, err := strconv.Atoi(attribute(start, "r")); err == nil {
			line = n
		}
		if line > maxRows {
			return errors.New("has more rows than a workbook can have")
		}
		row, err := w.row(d, line)
		if err != nil {
			return fmt.Errorf("its sheet cannot be read: %w", err)
		}
		m.fill(&row)
		if len(row.Cells) == 0 {
			continue
		}
		if err := each(row); err != nil {
			return err
		}
	}
}

// put sets a cell, and why it holds no value.
func (r *Row) put(i int, value, bad string) {
	for len(r.Cells) <= i {
		r.Cells = append(r.Cells, "")
	}
	r.Cells[i] = value
	if bad != "" {
		if r.Bad == nil {
			r.Bad = map[int]string{}
		}
		r.Bad[i] = bad
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// xlsxCell is a cell as it stands in a sheet.
type xlsxCell struct {
	Value   *string `xml:"v"`
	Formula *string `xml:"f"`
	Inline  text    `xml:"is"`
}

// row reads the cells of a row up to its end.
func (w *workbook) row(d *xml.Decoder, line int) (Row, error) {
	out := Row{Line: line}
	next := 0
	for {
		token, err := d.Token()
		if err != nil {
			return out, err
		}
		if end, ok := token.(xml.EndElement); ok && end.Name.Local == "row" {
			return out, nil
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "c" {
			continue
		}
		at := next
		if n, ok := column(attribute(start, "r")); ok {
			at = n
		}
		if next = at + 1; next > maxColumns {
			return out, errors.New("it has more columns than a workbook can have")
		}
		var c xlsxCell
		if err := d.DecodeElement(&c, &start); err != nil {
			return out, err
		}
		value, bad := w.value(c, attribute(start, "t"), attribute(start, "s"))
		if value != "" || bad != "" {
			out.put(at, value, bad)
		}
	}
}

// value is what a cell shows, or why it shows nothing.
func (w *workbook) value(c xlsxCell, kind, styled string) (value, bad string) {
	raw := ""
	if c.Value != nil {
		raw = *c.Value
	}
	switch {
	case kind == "e":
		return raw, "holds the error " + raw
	case c.Formula != nil && c.Value == nil && kind != "inlineStr":
		return "", "holds a formula that was never computed; open the workbook, save it, and try again"
	case kind == "s":
		i, err := strconv.Atoi(raw)
		if err != nil || i < 0 || i >= len(w.shared) {
			return "", "names a text that the workbook does not hold"
		}
		return w.shared[i], ""
	case kind == "inlineStr":
		return c.Inline.String(), ""
	case kind == "b":
		return cell(raw == "1"), ""
	case kind == "str" || kind == "d" || raw == "":
		return raw, ""
	}
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw, ""
	}
	i, _ := strconv.Atoi(styled) // none is the plain style
	if i < 0 || i >= len(w.styles) {
		return number(n), ""
	}
	return w.styles[i].show(n, w.from04), ""
}
