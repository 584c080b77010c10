package picture_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"fieldbot/bot/kit/picture"
)

// hard are texts that PDF libraries stumble over: names beyond GB 2312, emoji, bytes that are
// no UTF-8, what has no shape.
var hard = []string{"陶喆堃店（镕记）", "盒马🏪徐汇", "abc\xe5\xa0", "龍國麵家", "𬱖", "a\u200db\u0007c", ""}

// TestDocument: a statement of 200 stores, with every hard text, is a PDF of several pages
// that a change of nothing leaves the same.
func TestDocument(t *testing.T) {
	d := picture.Document{Title: "对账单", Company: "Fieldbot", Customer: hard[0], Period: "2026-11", Made: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	table := picture.Table{Title: hard[1], Columns: []picture.Column{{Width: 120, Align: "L"}, {Width: 60, Align: "R"}}, Header: []string{"门店", "¥"}, Total: []string{"", "999,999,999,999.99"}}
	for i := range 200 {
		table.Rows = append(table.Rows, []string{fmt.Sprint(i, hard[i%len(hard)]), "1,234,567.89"})
	}
	d.Tables = []picture.Table{table}
	one, err := d.PDF()
	if err != nil {
		t.Fatal(err)
	}
	two, err := d.PDF()
	if err != nil || !bytes.Equal(one, two) {
		t.Errorf("two drawings differ: %v", err)
	}
	if n := bytes.Count(one, []byte("/Type /Page\n")); n < 5 || n > 7 {
		t.Errorf("%d pages", n)
	}
	if len(one) > 200_000 {
		t.Errorf("%d bytes: the font is to be a part of it", len(one))
	}
	if _, err := (picture.Document{Tables: []picture.Table{{Columns: table.Columns, Header: []string{"one"}}}}).PDF(); err == nil {
		t.Error("a row with too few cells was drawn")
	}
}

// TestHardLabels: a sheet of labels takes any name.
func TestHardLabels(t *testing.T) {
	var labels []picture.Label
	for _, text := range hard {
		labels = append(labels, picture.Label{Scan: "M0001", Name: text, Code: text})
	}
	if _, err := picture.Sheet(labels); err != nil {
		t.Error(err)
	}
}

func BenchmarkDocument(b *testing.B) {
	d := picture.Document{Title: "Statement", Tables: []picture.Table{{Columns: []picture.Column{{Width: 100, Align: "L"}, {Width: 80, Align: "R"}}, Header: []string{"a", "b"}}}}
	for i := range 200 {
		d.Tables[0].Rows = append(d.Tables[0].Rows, []string{fmt.Sprintf("门店 %d", i), "1,234.56"})
	}
	for b.Loop() {
		if _, err := d.PDF(); err != nil {
			b.Fatal(err)
		}
	}
}
