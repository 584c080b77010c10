package picture

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Document is a paper of tables, such as a statement of account: all text is as it is
// printed.
type Document struct {
	Title, Company, Customer, Period string
	Made                             time.Time
	Tables                           []Table
}

// Table has a header that each page repeats, and a line of totals if it has any.
type Table struct {
	Title         string
	Columns       []Column
	Header, Total []string
	Rows          [][]string
}

// Column is so many millimetres wide, 180 in all. What is too long is cut, but printed
// smaller where Align is "R": no figure loses a digit.
type Column struct {
	Width float64
	Align string // "L" or "R"
}

// The page, in millimetres, and the letters, in points.
const (
	pageMargin, pageWidth, pageBottom = 15.0, 180.0, 279.0
	lineMM, padMM, smallLetter        = 6.0, 1.2, 8.0
)

type page struct{ *fpdf.Fpdf }

// PDF makes the file: A4, with the pages numbered.
func (s Document) PDF() ([]byte, error) {
	d := page{fpdf.New("P", "mm", "A4", "")}
	d.SetAutoPageBreak(false, 0)
	d.SetMargins(pageMargin, pageMargin, pageMargin)
	d.SetCellMargin(padMM)
	d.SetLineWidth(0.1)
	d.SetDrawColor(200, 200, 200)
	d.SetFillColor(238, 238, 238)
	d.SetCreationDate(s.Made)
	d.SetModificationDate(s.Made)
	d.SetTitle(printable(s.Title+" "+s.Customer), true)
	d.AddUTF8FontFromBytes("noto", "", bytes.Clone(Font)) // it writes into what it reads
	d.SetFont("noto", "", smallLetter)
	d.AddPage()
	d.cell(pageWidth, 11, 16, s.Title, "L", "", false)
	for _, text := range []string{s.Company, s.Customer, s.Period} {
		d.Ln(-1)
		d.cell(pageWidth, lineMM, 10, text, "L", "", false)
	}
	d.Ln(lineMM)
	for _, t := range s.Tables {
		d.table(t)
	}
	d.feet(s.Customer + " · " + s.Period)
	var out bytes.Buffer
	err := d.Output(&out)
	return out.Bytes(), err
}

func (d page) table(t Table) {
	d.Ln(lineMM)
	if d.GetY()+5*lineMM > pageBottom { // a title does not stand alone
		d.AddPage()
	}
	d.cell(pageWidth, lineMM+2, 11, t.Title, "L", "", false)
	d.Ln(-1)
	d.row(t.Columns, t.Header, true)
	for i, cells := range t.Rows {
		last := d.GetY() + lineMM
		if i == len(t.Rows)-1 && t.Total != nil { // nor do totals
			last += lineMM
		}
		if last > pageBottom {
			d.AddPage()
			d.row(t.Columns, t.Header, true)
		}
		d.row(t.Columns, cells, false)
	}
	if t.Total != nil {
		d.row(t.Columns, t.Total, true)
	}
}

func (d page) row(columns []Column, cells []string, shaded bool) {
	if len(cells) != len(columns) {
		d.SetErrorf("%d cells for %d columns: %q", len(cells), len(columns), cells)
		return
	}
	for i, c := range columns {
		d.cell(c.Width, lineMM, smallLetter, cells[i], c.Align, "B", shaded)
	}
	d.Ln(-1)
}

func (d page) cell(width, height, size float64, text, align, border string, shaded bool) {
	text = printable(text)
	d.SetFontSize(size)
	room := width - 2*padMM
	if wide := d.GetStringWidth(text); wide > room && align == "R" {
		d.SetFontSize(size * room / wide)
	} else if wide > room {
		runes := []rune(text)
		for len(runes) > 0 && d.GetStringWidth(string(runes)+"…") > room {
			runes = runes[:len(runes)-1]
		}
		text = string(runes) + "…"
	}
	d.CellFormat(width, height, text, border, 0, align, shaded, 0, "")
}

// feet writes below each page, once it is known how many there are.
func (d page) feet(text string) {
	for page := 1; page <= d.PageCount(); page++ {
		d.SetPage(page)
		d.SetFont("noto", "", smallLetter) // a page knows nothing of the one before
		d.SetXY(pageMargin, pageBottom+4)
		d.cell(pageWidth-20, lineMM, smallLetter, text, "L", "", false)
		d.cell(20, lineMM, smallLetter, fmt.Sprintf("%d/%d", page, d.PageCount()), "R", "", false)
	}
}
