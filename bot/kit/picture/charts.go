package picture

import (
	"github.com/go-analyze/charts"
)

// Chart is one of several that stand below each other in a picture: bars from the left,
// one below the other, or a line over time.
type Chart struct {
	Title string
	Bars  []Bar
	Line  bool
	Most  float64 // the end of the scale
	Print func(value float64) string
}

// Add puts a bar behind the others; the scale ends with the longest.
func (c *Chart) Add(name string, value float64) {
	c.Bars = append(c.Bars, Bar{Name: name, Value: value})
	c.Most = max(c.Most, value)
}

const (
	lineHeight = 300
	barHeight  = 46 // each; letters of 18 points and air
	chartHead  = 80
)

func (c Chart) height() int {
	if c.Line {
		return lineHeight
	}
	return chartHead + barHeight*len(c.Bars)
}

// Charts draws charts below each other, at the width of a phone; those without anything
// to show are left out.
func Charts(all ...Chart) ([]byte, error) {
	height := 0
	for _, c := range all {
		if len(c.Bars) > 0 {
			height += c.height()
		}
	}
	p, err := canvas(funnelWidth, height)
	if err != nil {
		return nil, err
	}
	top := 0
	for _, c := range all {
		if len(c.Bars) == 0 {
			continue
		}
		box := p.Child(charts.PainterBoxOption(charts.NewBox(0, top, funnelWidth, top+c.height())))
		if err := c.draw(box); err != nil {
			return nil, err
		}
		top += c.height()
	}
	return p.Bytes()
}

func (c Chart) draw(p *charts.Painter) error {
	n := len(c.Bars)
	values, names := make([]float64, n), make([]string, n)
	for i, b := range c.Bars {
		at := i
		if !c.Line {
			at = n - 1 - i // bars are counted from below
		}
		values[at], names[at] = b.Value, b.Name
	}
	title := charts.TitleOption{Text: c.Title, Offset: charts.OffsetLeft, FontStyle: letters(24)}
	label := charts.SeriesLabel{Show: charts.Ptr(true), FontStyle: letters(17), ValueFormatter: c.Print}
	hidden := charts.LegendOption{Show: charts.Ptr(false)}
	axis := charts.CategoryAxisOption{Labels: names, LabelFontStyle: letters(17)}
	if c.Line {
		opt := charts.NewLineChartOptionWithData([][]float64{values})
		opt.Padding, opt.Title, opt.Legend = charts.NewBox(20, 20, 40, 10), title, hidden
		opt.XAxis = charts.XAxisOption{Labels: names, LabelFontStyle: letters(15)}
		opt.YAxis = []charts.YAxisOption{{Show: charts.Ptr(false), Min: charts.Ptr(0.0), Max: charts.Ptr(room * c.Most)}}
		opt.SeriesList[0].Label = label
		return p.LineChart(opt)
	}
	opt := charts.NewBarChartOptionWithData([][]float64{values})
	opt.Horizontal = true
	opt.Padding, opt.Title, opt.Legend = charts.NewBox(20, 20, 30, 10), title, hidden
	opt.CategoryAxis = axis
	opt.ValueAxis = []charts.ValueAxisOption{{Show: charts.Ptr(false), Min: charts.Ptr(0.0), Max: charts.Ptr(room * c.Most)}}
	opt.SeriesList[0].Label = label
	return p.BarChart(opt)
}
