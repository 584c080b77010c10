package bot_test

import (
	"testing"

	"fieldbot/bot/files"
)

// TestHeaders: what a column of a file may be called means one field of its kind.
func TestHeaders(t *testing.T) {
	for _, kind := range files.Imports() {
		fields, names, err := files.Template(kind)
		if err != nil {
			t.Fatal(err)
		}
		of := map[string]string{}
		for i, f := range fields {
			for _, name := range append(names[i], f) {
				if other := of[name]; other != "" && other != f {
					t.Errorf("%s: the header %q means %s and %s", kind, name, other, f)
				}
				of[name] = f
			}
		}
	}
}
