package sheet

import (
	"errors"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// xlsxWriter writes a workbook: its header stays in sight and filters, numbers, days and
// times are cells that a spreadsheet can count with.
type xlsxWriter struct {
	out       io.Writer
	file      *excelize.File
	s         *excelize.StreamWriter
	row       int
	day, time int // styles
}

// The widths of columns, in letters.
const (
	narrowest = 10
	widest    = 40
)

func newXLSX(out io.Writer, name string, header []string) (Writer, error) {
	f := excelize.NewFile()
	fail := func(err error) (Writer, error) { return nil, errors.Join(err, f.Close()) }
	if name == "" {
		name = "Sheet1"
	}
	if err := f.SetSheetName(f.GetSheetName(0), name); err != nil {
		return fail(err)
	}
	days, times := "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
	day, err := f.NewStyle(&excelize.Style{CustomNumFmt: &days})
	if err != nil {
		return fail(err)
	}
	at, err := f.NewStyle(&excelize.Style{CustomNumFmt: &times})
	if err != nil {
		return fail(err)
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fail(err)
	}
	if last, err := excelize.CoordinatesToCellName(max(1, len(header)), maxRows); err != nil {
		return fail(err)
	} else if err := f.AutoFilter(name, "A1:"+last, nil); err != nil { // before the rows stream by
		return fail(err)
	}
	s, err := f.NewStreamWriter(name)
	if err != nil {
		return fail(err)
	}
	w := &xlsxWriter{out: out, file: f, s: s, day: day, time: at}
	for i, h := range header {
		if err := s.SetColWidth(i+1, i+1, float64(min(widest, max(narrowest, utf8.RuneCountInString(h)+6)))); err != nil {
			return fail(err)
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fail(err)
	}
	cells := make([]any, len(header))
	for i, h := range header {
		cells[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	w.row++
	if err := s.SetRow("A1", cells); err != nil {
		return fail(err)
	}
	return w, nil
}

// Write implements Writer.
func (x *xlsxWriter) Write(values []any) error {
	x.row++
	cells := make([]any, len(values))
	for i, v := range values {
		cells[i] = x.typed(v)
	}
	return x.s.SetRow("A"+strconv.Itoa(x.row), cells)
}

func (x *xlsxWriter) typed(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case int64:
		return v
	case Number:
		if n, err := strconv.ParseFloat(string(v), 64); err == nil {
			return n
		}
	case Date:
		if t, err := time.Parse(time.DateOnly, string(v)); err == nil && t.Year() >= 1900 {
			return excelize.Cell{StyleID: x.day, Value: t}
		}
	case Time:
		if t, err := time.Parse(time.DateTime, v.Local); err == nil && t.Year() >= 1900 {
			return excelize.Cell{StyleID: x.time, Value: t}
		}
	}
	return cell(v)
}

// Close implements Writer.
func (x *xlsxWriter) Close() error {
	err := x.s.Flush()
	if err == nil {
		err = x.file.Write(x.out)
	}
	return errors.Join(err, x.file.Close())
}
