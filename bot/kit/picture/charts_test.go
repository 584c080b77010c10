package picture_test

import (
	"bytes"
	"fmt"
	"image/png"
	"testing"

	"fieldbot/bot/kit/picture"
)

// TestCharts: a phone can show them, with one bar and with eight, and what has nothing to
// show is left out.
func TestCharts(t *testing.T) {
	percent := func(v float64) string { return fmt.Sprintf("%.0f%%", v) }
	var eight []picture.Bar
	for i := range 8 {
		eight = append(eight, picture.Bar{Name: fmt.Sprintf("P10%d 海盐薯片 70g", i), Value: float64(10 * i)})
	}
	one := picture.Chart{Title: "门店得分", Line: true, Most: 100, Print: percent, Bars: eight[:1]}
	for name, all := range map[string][]picture.Chart{
		"one":   {one},
		"three": {one, {Title: "On the shelf", Most: 100, Print: percent, Bars: eight}, {Title: "nothing", Most: 100, Print: percent}},
	} {
		data, err := picture.Charts(all...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		img, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil || img.Width > 1200 || img.Width < 600 || len(data) > 200_000 {
			t.Errorf("%s: %+v, %d bytes, %v", name, img, len(data), err)
		}
	}
}
