package field_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fieldbot/bot/kit/field"
)

type code string

// row has a column of each shape that a row may have.
type row struct {
	Name   string   `db:"name"`
	Grade  code     `db:"grade"`
	Count  int64    `db:"count"`
	Weight float64  `db:"weight,derived"`
	Sold   bool     `db:"sold"`
	Tags   []string `db:"tags"`
	Codes  []code   `db:"codes"`
	Other  string
}

var rows = field.Catalogue{Noun: "rows", Fields: []field.Field{
	{Key: "title", Column: "name", Kind: field.Text, Use: field.All}, {Key: "grade", Kind: field.Choice, Use: field.Ask}, {Key: "count", Kind: field.Number, Use: field.File},
	{Key: "weight", Kind: field.Number, Use: field.Export}, {Key: "sold", Kind: field.YesNo, Use: field.All}, {Key: "tags", Kind: field.Names, Use: field.All},
	{Key: "codes", Kind: field.Choices, Use: field.All}, {Key: "elsewhere", Kind: field.Text, Use: field.Ask},
}}

// TestValuesComeBack: what a row's values say makes the same row again, and what a
// value leaves out is left alone.
func TestValuesComeBack(t *testing.T) {
	part := rapid.StringMatching(`[a-zé好]{1,5}`)
	rapid.Check(t, func(t *rapid.T) {
		in := row{
			Name: rapid.String().Draw(t, "name"), Grade: code(part.Draw(t, "grade")), Count: rapid.Int64().Draw(t, "count"),
			Weight: rapid.Float64Range(-1e9, 1e9).Draw(t, "weight"), Sold: rapid.Bool().Draw(t, "sold"), Other: "not a field",
		}
		for range rapid.IntRange(0, 3).Draw(t, "parts") {
			in.Tags, in.Codes = append(in.Tags, part.Draw(t, "tag")), append(in.Codes, code(part.Draw(t, "code")))
		}
		out := row{Other: "not a field"}
		if err := rows.Set(&out, rows.Values(in)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(in, out); diff != "" {
			t.Fatal(diff)
		}
		if err := rows.Set(&out, map[string]string{"title": "new"}); err != nil {
			t.Fatal(err)
		}
		in.Name = "new"
		if diff := cmp.Diff(in, out); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestSetRefuses: a value of the wrong shape is an error that names the field.
func TestSetRefuses(t *testing.T) {
	for key, text := range map[string]string{"count": "x", "weight": "1,5"} {
		if err := rows.Set(&row{}, map[string]string{key: text}); err == nil || !cmp.Equal(err.Error()[:len("field "+key)], "field "+key) {
			t.Errorf("%s=%s is %v", key, text, err)
		}
	}
}

// TestUses: a catalogue gives the fields of a use, in its order, each knowing whose
// it is; an unknown key is a mistake in the code.
func TestUses(t *testing.T) {
	keys := func(fields []field.Field) (out []string) {
		for _, f := range fields {
			if f.Noun != "rows" {
				t.Errorf("%s is of %q", f.Key, f.Noun)
			}
			out = append(out, f.Key)
		}
		return out
	}
	if diff := cmp.Diff([]string{"title", "grade", "sold", "tags", "codes", "elsewhere"}, keys(rows.For(field.Ask))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"tags", "title"}, keys(rows.Pick("tags", "title"))); diff != "" {
		t.Error(diff)
	}
	if f, ok := rows.Get("elsewhere"); !ok || f.HasColumn(row{}) {
		t.Error("elsewhere is a field without a column")
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown key passes")
		}
	}()
	rows.Pick("nothing")
}
