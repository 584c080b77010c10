package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"rsc.io/qr"
)

// Label is what hangs at a store: a code to scan, and what to type where
// nothing can be scanned.
type Label struct {
	Scan string // what the code says: a link, or the store's code
	Name string
	Code string
}

// The picture of one label, in points.
const (
	labelWidth  = 600
	labelHeight = 720
	labelMargin = 40
	letter      = 34.0
)

// parsed is the font, read once.
var parsed = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(Font) })

// PNG draws the label as a picture.
func (l Label) PNG() ([]byte, error) {
	code, err := qr.Encode(l.Scan, qr.M)
	if err != nil {
		return nil, fmt.Errorf("a code for %s: %w", l.Code, err)
	}
	img := image.NewRGBA(image.Rect(0, 0, labelWidth, labelHeight))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	cell := (labelWidth - 2*labelMargin) / code.Size
	left := (labelWidth - cell*code.Size) / 2
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				at := image.Rect(left+x*cell, labelMargin+y*cell, left+(x+1)*cell, labelMargin+(y+1)*cell)
				draw.Draw(img, at, image.Black, image.Point{}, draw.Src)
			}
		}
	}
	if err := write(img, l.Name, labelHeight-90); err != nil {
		return nil, err
	}
	if err := write(img, l.Code, labelHeight-40); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = png.Encode(&out, img)
	return out.Bytes(), err
}

// write puts a line of text in the middle, smaller where it is long.
func write(img draw.Image, text string, y int) error {
	f, err := parsed()
	if err != nil {
		return err
	}
	for size := letter; ; size -= 2 {
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
		if err != nil {
			return err
		}
		d := font.Drawer{Dst: img, Src: image.NewUniform(color.Black), Face: face}
		width := d.MeasureString(text).Ceil()
		if width > labelWidth-labelMargin && size > 12 {
			continue
		}
		d.Dot = fixed.P((labelWidth-width)/2, y)
		d.DrawString(text)
		return nil
	}
}

// A sheet of labels is A4 with three columns and four rows, in millimetres.
const (
	columns, rows = 3, 4
	cellW, cellH  = 65.0, 70.0
	sheetX        = 7.5
	sheetY        = 8.0
	codeMM        = 46.0
)

// Sheet is labels as a PDF to print.
func Sheet(labels []Label) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddUTF8FontFromBytes("noto", "", bytes.Clone(Font)) // it writes into what it reads
	for i, l := range labels {
		at := i % (columns * rows)
		if at == 0 {
			pdf.AddPage()
		}
		x, y := sheetX+float64(at%columns)*cellW, sheetY+float64(at/columns)*cellH
		if err := l.on(pdf, x, y); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	err := pdf.Output(&out)
	return out.Bytes(), err
}

// on draws a label on a page as squares, which print sharp at any size.
func (l Label) on(pdf *fpdf.Fpdf, x, y float64) error {
	code, err := qr.Encode(l.Scan, qr.M)
	if err != nil {
		return fmt.Errorf("a code for %s: %w", l.Code, err)
	}
	cell := codeMM / float64(code.Size)
	left := x + (cellW-codeMM)/2
	for row := range code.Size {
		for from := 0; from < code.Size; {
			to := from
			for to < code.Size && code.Black(to, row) {
				to++
			}
			if to > from {
				pdf.Rect(left+float64(from)*cell, y+4+float64(row)*cell, float64(to-from)*cell, cell, "F")
			}
			from = max(to, from+1)
		}
	}
	size, name := 11.0, printable(l.Name)
	pdf.SetFont("noto", "", size)
	for pdf.GetStringWidth(name) > cellW-4 && size > 6 {
		size -= 0.5
		pdf.SetFont("noto", "", size)
	}
	pdf.SetXY(x, y+codeMM+5)
	pdf.CellFormat(cellW, 6, name, "", 0, "C", false, 0, "")
	pdf.SetFont("noto", "", 10)
	pdf.SetXY(x, y+codeMM+11)
	pdf.CellFormat(cellW, 6, printable(l.Code), "", 0, "C", false, 0, "")
	pdf.SetDrawColor(200, 200, 200)
	pdf.Rect(x, y, cellW, cellH, "D")
	pdf.SetFillColor(0, 0, 0)
	return pdf.Error()
}
