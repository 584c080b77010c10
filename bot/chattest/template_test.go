package chattest_test

import (
	"context"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"fieldbot/bot/chattest"
	"fieldbot/bot/files"
	"fieldbot/store/storetest"
)

// TestTemplates: the header of each kind, filled with what the demo's company has, is taken
// by an empty one, row by row.
func TestTemplates(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	from, into := chattest.Start(t, chattest.Options{}), chattest.Start(t, chattest.Options{Empty: true})
	dialogue{
		{"lin.mei", "日报 销量=P103=38 库存=P103=64", "已记"},
		{"anna", "/shelf Wedding oos=P202", "Out: P202"},
	}.play(t, from)
	for _, kind := range files.Imports() {
		header, _, err := files.Template(kind)
		if err != nil {
			t.Fatal(err)
		}
		_, rows := exported(t, from, kind)
		var b strings.Builder
		w := csv.NewWriter(&b)
		filled := [][]string{header}
		for _, row := range rowsOf(t, rows) {
			cells := make([]string, len(header))
			for i, name := range header {
				if at := slices.Index(rows.Header, name); at >= 0 {
					cells[i] = row.Cells[at]
				}
			}
			filled = append(filled, cells)
		}
		if err := w.WriteAll(filled); err != nil {
			t.Fatal(err)
		}
		result, err := files.Import(context.Background(), into.DB, into.Config, kind, table(t, kind, b.String()), files.Options{})
		if err != nil || len(result.Bad) > 0 || len(result.Ignored) > 0 {
			t.Errorf("%s: %+v %v", kind, result, err)
		}
	}
	if _, _, err := files.Template("outbox"); err == nil {
		t.Error("a template of what is only exported")
	}
}
