package picture_test

import (
	"bytes"
	"fmt"
	"image/png"
	"testing"

	"fieldbot/bot/kit/picture"
)

// TestFunnel: a phone can show it (at most 1,200 pixels wide and 200 kB), in
// both languages, and with nothing open too.
func TestFunnel(t *testing.T) {
	money := func(v float64) string { return fmt.Sprintf("¥%.2f", v) }
	for name, f := range map[string]picture.Funnel{
		"zh":    {Title: "漏斗 · 华东", Note: "在手¥3,200,000.00", Open: "在手金额", Healthy: "均匀时应有", Forecast: "按月加权预测", Print: money, Stages: []picture.Bar{{Name: "目标（3）", Value: 800_000, Aim: 900_000}, {Name: "商务谈判（1）", Value: 300_000, Aim: 120_000}}, Months: []picture.Bar{{Name: "2026-11", Value: 1000}, {Name: "未定"}}},
		"en":    {Title: "Funnel · Europe", Open: "open", Healthy: "if it were even", Print: money, Stages: []picture.Bar{{Name: "Target (1)", Value: 1}, {Name: "Closing (9)", Value: 9_999_999_999}}},
		"empty": {Title: "Funnel", Print: money, Stages: []picture.Bar{{Name: "Target (0)"}, {Name: "Closing (0)"}}},
	} {
		data, err := f.PNG()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		img, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil || img.Width > 1200 || img.Width < 600 || len(data) > 200_000 {
			t.Errorf("%s: %+v, %d bytes, %v", name, img, len(data), err)
		}
	}
}
