package picture

import (
	"fmt"
	"sync"

	"github.com/go-analyze/charts"
)

// Funnel is the picture of a funnel: what the deals of each stage are worth
// beside what an even funnel would hold there, and the forecast by month.
type Funnel struct {
	Title, Note             string
	Open, Healthy, Forecast string // what the bars are called
	Stages                  []Bar
	Months                  []Bar
	Print                   func(value float64) string // how values are written
}

// Bar is one bar.
type Bar struct {
	Name  string
	Value float64
	Aim   float64 // what it should be
}

// A phone shows 1,200 pixels without scrolling sideways; at half of that the
// letters are still readable.
const (
	funnelWidth  = 1000
	funnelTop    = 620
	funnelMonths = 320
)

const fontName = "noto"

var chartFont = sync.OnceValue(func() error { return charts.InstallFont(fontName, Font) })

// canvas is a white picture to be drawn on.
func canvas(width, height int) (*charts.Painter, error) {
	if err := chartFont(); err != nil {
		return nil, fmt.Errorf("the font of pictures: %w", err)
	}
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: width, Height: height, Font: charts.GetFont(fontName)})
	p.FilledRect(0, 0, width, height, charts.ColorWhite, charts.ColorWhite, 0)
	return p, nil
}

// PNG draws the funnel.
func (f Funnel) PNG() ([]byte, error) {
	height := funnelTop
	if len(f.Months) > 0 {
		height += funnelMonths
	}
	p, err := canvas(funnelWidth, height)
	if err != nil {
		return nil, err
	}
	if err := p.Child(charts.PainterBoxOption(charts.NewBox(0, 0, funnelWidth, funnelTop))).BarChart(f.stages()); err != nil {
		return nil, err
	}
	if len(f.Months) > 0 {
		if err := p.Child(charts.PainterBoxOption(charts.NewBox(0, funnelTop, funnelWidth, height))).BarChart(f.months()); err != nil {
			return nil, err
		}
	}
	return p.Bytes()
}

func (f Funnel) stages() charts.BarChartOption {
	n := len(f.Stages)
	values, aims, names := make([]float64, n), make([]float64, n), make([]string, n)
	for i, s := range f.Stages {
		// The chart counts from below; a funnel is read from above.
		values[n-1-i], aims[n-1-i], names[n-1-i] = s.Value, s.Aim, s.Name
	}
	opt := charts.NewBarChartOptionWithData([][]float64{values, aims})
	opt.Horizontal = true
	opt.Padding = charts.NewBox(20, 20, 30, 10)
	opt.Title = charts.TitleOption{Text: f.Title, Offset: charts.OffsetLeft, Subtext: f.Note, FontStyle: letters(26), SubtextFontStyle: letters(17)}
	opt.Legend = charts.LegendOption{SeriesNames: []string{f.Open, f.Healthy}, Offset: charts.OffsetRight, FontStyle: letters(18)}
	opt.CategoryAxis = charts.CategoryAxisOption{Labels: names, LabelFontStyle: letters(20)}
	opt.ValueAxis = []charts.ValueAxisOption{{Show: charts.Ptr(false), Min: charts.Ptr(0.0), Max: charts.Ptr(room * highest(f.Stages))}}
	opt.SeriesList[0].Label = charts.SeriesLabel{Show: charts.Ptr(true), FontStyle: letters(18), ValueFormatter: f.Print}
	return opt
}

func (f Funnel) months() charts.BarChartOption {
	values, names := make([]float64, len(f.Months)), make([]string, len(f.Months))
	for i, m := range f.Months {
		values[i], names[i] = m.Value, m.Name
	}
	opt := charts.NewBarChartOptionWithData([][]float64{values})
	opt.Padding = charts.NewBox(20, 10, 20, 20)
	opt.Title = charts.TitleOption{Text: f.Forecast, FontStyle: letters(22)}
	opt.Legend = charts.LegendOption{Show: charts.Ptr(false)}
	opt.CategoryAxis = charts.CategoryAxisOption{Labels: names, LabelFontStyle: letters(18)}
	opt.ValueAxis = []charts.ValueAxisOption{{Show: charts.Ptr(false), Min: charts.Ptr(0.0), Max: charts.Ptr(room * highest(f.Months))}}
	opt.SeriesList[0].Label = charts.SeriesLabel{Show: charts.Ptr(true), FontStyle: letters(18), ValueFormatter: f.Print}
	return opt
}

// room leaves the end of the longest bar to its label.
const room = 1.3

// highest is the largest value of some bars, and 1 where all are nothing.
func highest(bars []Bar) float64 {
	most := 0.0
	for _, b := range bars {
		most = max(most, b.Value, b.Aim)
	}
	if most == 0 {
		return 1
	}
	return most
}

func letters(size float64) charts.FontStyle {
	return charts.FontStyle{FontSize: size, FontColor: charts.ColorBlack, Font: charts.GetFont(fontName)}
}
