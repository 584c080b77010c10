package chattest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"fieldbot/bot/chattest"
	"fieldbot/bot/files"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/talk/lang"
	"fieldbot/store/storetest"
)

// bring imports a file and returns what came of it.
func bring(t *testing.T, w *chattest.World, kind, csv string, o files.Options) (files.Result, error) {
	t.Helper()
	return files.Import(context.Background(), w.DB, w.Config, kind, table(t, kind, csv), o)
}

// TestTakeBack: an import is taken back by its reference, what it made and what it changed,
// as long as nobody has changed it since; then it can come again.
func TestTakeBack(t *testing.T) {
	t.Parallel()
	chattest.OnEngines(t, chattest.Options{}, func(t *testing.T, w *chattest.World) {
		csv := "code,name,account_code,city\nNEW1,Corner One,K010,Berlin\nM0001,Renamed,K001,上海\n"
		stores := func() string { return w.Export("stores") }
		before := column(t, w, `SELECT name FROM stores WHERE code = 'M0001'`)
		r, err := bring(t, w, "stores", csv, files.Options{})
		if err != nil || r.New != 1 || r.Changed != 1 || r.Ref == "" {
			t.Fatalf("%+v %v", r, err)
		}
		if n, err := files.TakeBack(context.Background(), w.DB, w.Config, r.Ref); err != nil || n != 2 {
			t.Fatalf("taken back %d: %v", n, err)
		}
		if now := column(t, w, `SELECT name FROM stores WHERE code = 'M0001'`); now != before || strings.Contains(stores(), "NEW1") {
			t.Errorf("after it was taken back: %s, %s", now, stores())
		}
		if _, err := files.TakeBack(context.Background(), w.DB, w.Config, r.Ref); err == nil {
			t.Error("taken back twice")
		}
		again, err := bring(t, w, "stores", csv, files.Options{})
		if err != nil || again.Changed != 2 {
			t.Fatalf("the same again: %+v %v", again, err)
		}
		if m := talk(w, "anna", "/account Corner One"); !strings.Contains(m.Text, "Corner One") {
			t.Errorf("it did not come again: %s", m.Text)
		}
		if r, err = bring(t, w, "stores", "code,name,account_code\nNEW2,Corner Two,K010\n", files.Options{Set: map[string]string{"rep": "anna"}}); err != nil {
			t.Fatal(err)
		}
		talk(w, "anna", "/account edit NEW2 city=Potsdam")
		if _, err := files.TakeBack(context.Background(), w.DB, w.Config, r.Ref); err == nil || !strings.Contains(err.Error(), "changed since") {
			t.Errorf("what was changed since was taken back: %v", err)
		}
	})
}

// TestRead: what a cell means is told, and what means nothing is refused by its line.
func TestRead(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	refused(t, w,
		[3]string{"stores", "code,name,account_code,phone\nA,B,K001,1.38E+10\n", "rounded"},
		[3]string{"stores", "code,name,account_code,phone\nA,B,K001,#WERT!\n", "#WERT!"},
		[3]string{"stores", "code,name,account_code,latitude,longitude\nA,B,K001,52.1,\n", "half a coordinate"},
		[3]string{"stores", "code,name,account_code\nA,B,K001\nA,C,K001\n", "names the same as an earlier row"},
		[3]string{"stores", "code,name,account_code\nA,B,Nobody\n", `no account with the code or name "Nobody"`},
		[3]string{"stores", "code,name,account_code,store_class\nA,B,K001,Q\n", "A"},
		[3]string{"contacts", "account_code,name,email\nK001,Ina,none\n", "no e-mail address"},
		[3]string{"visits", "store_code,person,started_at\nM0001,li.wei,2027-05-01\n", "still to come"},
	)
	for _, x := range []struct{ kind, csv, want string }{
		{"stores", "code,name,account_code,Phone,Phone\nA,B,K001,1,2\n", `two columns "Phone"`},
		{"stores", "code,门店编码,name,account_code\nA,A,B,K001\n", "two columns for code"},
	} {
		if _, err := bring(t, w, x.kind, x.csv, files.Options{}); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%q: %v", x.csv, err)
		}
	}
	var head files.Head
	r, err := bring(t, w, "stores", "店号,店名,客户名称,客户编码,业代,等级,业态,营业状态,remark\nX9,新店,大润发,K001,李伟,A店,便利,停业,x\nX9,新店,大润发,K001,李伟,A店,便利,停业,y\n",
		files.Options{Understood: func(h files.Head) error { head = h; return nil }})
	if err != nil || r.New != 1 || r.Rows != 2 {
		t.Fatalf("%+v %v", r, err)
	}
	if s := column(t, w, `SELECT s.name || ' ' || a.code || ' ' || p.handle || ' ' || s.store_class || ' ' || s.format || ' ' || s.status FROM stores s JOIN accounts a ON a.id = s.account_id JOIN people p ON p.id = s.rep_id WHERE s.code = 'X9'`); s != "新店 K001 li.wei A convenience closed" {
		t.Errorf("the store: %s", s)
	}
	if got := fmt.Sprint(head.Columns, head.Left); got != "[{店号 code} {店名 name} {客户编码 account_code} {业代 rep} {等级 store_class} {业态 format} {营业状态 status}] [客户名称 remark]" {
		t.Errorf("understood: %s", got)
	}
	if r, err := bring(t, w, "deals", "number,title,account_code,owner,value,stage,expected_close_on\nZ1,No account yet,,tom,\"1.234,50\",意向,31.1.27\nZ2,Done,K010,tom,5,Closed Won,\n", files.Options{DecimalComma: true, DateFormat: "dmy"}); err != nil || r.New != 2 {
		t.Fatalf("%+v %v", r, err)
	}
	if s := column(t, w, `SELECT stage || ' ' || value || ' ' || expected_close_on FROM deals WHERE number = 'Z1'`); s != "intent 123450 2027-01-31" {
		t.Errorf("the deal: %s", s)
	}
	if s := column(t, w, `SELECT stage || ' ' || status FROM deals WHERE number = 'Z2'`); s != "closing won" {
		t.Errorf("the deal that is won: %s", s)
	}
}

// TestPart: one file of a CRM holds deals with their accounts and contacts.
func TestPart(t *testing.T) {
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	csv := "number,title,account_code,Account Name,Contact Name,contacts.email,owner,value\nH1,One,HA,Haus A,Ina,ina@example.org,tom,5\nH2,Two,HA,Haus A,Ben,,tom,6\nH3,Three,HB,Haus B,,,tom,7\n"
	source := table(t, "deals", csv)
	for _, kind := range []string{"accounts", "contacts"} {
		part, err := files.Part(source, "deals", kind)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := files.Import(context.Background(), w.DB, w.Config, kind, part, files.Options{}); err != nil || r.New != 2 {
			t.Fatalf("%s: %.400s %v", kind, fmt.Sprintf("%+v", r), err)
		}
	}
	if r, err := files.Import(context.Background(), w.DB, w.Config, "deals", source, files.Options{}); err != nil || r.New != 3 {
		t.Fatalf("%+v %v", r, err)
	}
	if s := column(t, w, `SELECT c.email FROM contacts c JOIN accounts a ON a.id = c.account_id WHERE a.code = 'HA' AND c.name = 'Ina'`); s != "ina@example.org" {
		t.Errorf("the contact's e-mail: %q", s)
	}
	if _, err := files.Part(source, "deals", "products"); err == nil {
		t.Error("a part that the file does not hold")
	}
}

// TestBooks: every kind of file comes back from a workbook as it went out.
func TestBooks(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	from, into := chattest.Start(t, chattest.Options{}), chattest.Start(t, chattest.Options{Empty: true})
	for again := range 2 {
		for _, kind := range files.Imports() {
			path := filepath.Join(t.TempDir(), kind+".xlsx")
			writeTo(t, from, kind, "xlsx", path)
			source, err := sheet.Open(path, sheet.Options{})
			if err != nil {
				t.Fatal(err)
			}
			r, err := files.Import(context.Background(), into.DB, into.Config, kind, source, files.Options{})
			if err != nil || len(r.Bad) > 0 || again == 1 && r.New+r.Changed > 0 {
				t.Errorf("%s: %.400s %v", kind, fmt.Sprintf("%+v", r), err)
			}
		}
	}
}

// writeTo exports a kind into a file.
func writeTo(t *testing.T, w *chattest.World, kind, format, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(files.Export(context.Background(), w.DB, w.Config, kind, format, files.Span{}, f), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestHeadings: every kind of file, its columns named in either language, comes back as it
// went out in every encoding that office programs write, and from a workbook.
func TestHeadings(t *testing.T) {
	storetest.Walk(t)
	t.Parallel()
	w := chattest.Start(t, chattest.Options{})
	encodings := map[string]encoding.Encoding{"UTF-8": encoding.Nop, "UTF-8 with its mark": unicode.UTF8BOM, "GB18030": simplifiedchinese.GB18030, "UTF-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)}
	for _, kind := range files.Imports() {
		for _, code := range lang.Codes {
			for _, format := range []string{"csv", "xlsx"} {
				var out bytes.Buffer
				if err := files.Export(context.Background(), w.DB, w.Config, kind, format, files.Span{Lang: code}, &out); err != nil {
					t.Fatal(err)
				}
				for name, enc := range encodings {
					data := out.Bytes()
					if format == "xlsx" {
						if name != "UTF-8" {
							continue
						}
					} else if encoded, err := enc.NewEncoder().Bytes(data); err != nil {
						t.Fatal(err)
					} else {
						data = encoded
					}
					path := filepath.Join(t.TempDir(), kind+"."+format)
					if err := os.WriteFile(path, data, 0o600); err != nil {
						t.Fatal(err)
					}
					source, err := sheet.Open(path, sheet.Options{})
					if err != nil {
						t.Fatal(err)
					}
					r, err := files.Import(context.Background(), w.DB, w.Config, kind, source, files.Options{})
					if err != nil || len(r.Bad) > 0 || len(r.Ignored) > 0 || r.New+r.Changed > 0 {
						t.Errorf("%s, %s, %s in %s: %.300s %v", kind, code, format, name, fmt.Sprintf("%+v", r), err)
					}
				}
			}
		}
	}
}
