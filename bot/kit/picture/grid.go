package picture

import (
	"slices"
	"strings"

	"github.com/go-analyze/charts"
)

// Grid is a table as a picture, in which the cells that lack something stand out. Each
// line of a cell is cut to its width.
type Grid struct {
	Header []string
	Rows   [][]string
	Gap    func(row, column int) bool // of Rows
}

const (
	gridWidth = 1200
	gridSize  = 13
	gridLine  = 24 // of such letters, with air
	gridAir   = 8
)

var (
	gridHead = charts.Color{R: 224, G: 230, B: 236, A: 255}
	gridEdge = charts.Color{R: 200, G: 204, B: 208, A: 255}
	gridGap  = charts.Color{R: 255, G: 224, B: 178, A: 255} // pale orange
)

// PNG draws the grid at the width of a phone that is held sideways.
func (g Grid) PNG() ([]byte, error) {
	height := tall(g.Header)
	for _, row := range g.Rows {
		height += tall(row)
	}
	p, err := canvas(gridWidth, height)
	if err != nil {
		return nil, err
	}
	top := g.row(p, 0, g.Header, func(int) charts.Color { return gridHead })
	for i, row := range g.Rows {
		top = g.row(p, top, row, func(column int) charts.Color {
			if g.Gap(i, column) {
				return gridGap
			}
			return charts.ColorWhite
		})
	}
	return p.Bytes()
}

// row draws a row from a height on, and returns where the next one begins.
func (g Grid) row(p *charts.Painter, top int, cells []string, fill func(column int) charts.Color) int {
	bottom, width := top+tall(cells), gridWidth/len(g.Header)
	for i, cell := range cells {
		p.FilledRect(i*width, top, (i+1)*width, bottom, fill(i), gridEdge, 1)
		for n, line := range strings.Split(cell, "\n") {
			p.Text(fit(p, printable(line), width-2*gridAir), i*width+gridAir, top+gridAir+(n+1)*gridLine-gridLine/4, 0, letters(gridSize))
		}
	}
	return bottom
}

// tall is the height of a row.
func tall(cells []string) int {
	lines := 1
	for _, c := range cells {
		lines = max(lines, strings.Count(c, "\n")+1)
	}
	return lines*gridLine + 2*gridAir
}

// fit cuts a line to a width.
func fit(p *charts.Painter, line string, width int) string {
	text := []rune(line)
	for len(text) > 1 && p.MeasureText(string(text), 0, letters(gridSize)).Width() > width {
		text = append(slices.Clip(text[:len(text)-2]), '…')
	}
	return string(text)
}
