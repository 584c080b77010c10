package bot_test

import (
	"cmp"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fieldbot/bot"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/store"
	"fieldbot/store/storetest"
)

var _ = bot.Modules // its capabilities declare the nouns

// TestTables: every table is a noun, or machinery with a reason, and every noun
// has its table with the columns of its row.
func TestTables(t *testing.T) {
	db := storetest.Open(t, "sqlite")
	columns := map[string][]string{}
	if err := db.Read(context.Background(), func(tx *store.Tx) error {
		tables, err := store.Rows[string](tx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
		for _, table := range tables {
			if columns[table], err = store.Rows[string](tx, `SELECT name FROM pragma_table_info('`+table+`')`); err != nil {
				return err
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	named := store.Machines()
	for table := range columns {
		noun := slices.ContainsFunc(store.Nouns(), func(n store.AnyNoun) bool { return n.Table() == table })
		if (named[table] != "") == noun {
			t.Errorf("%s: a table is a noun, or machinery with a reason (noun: %v, reason: %q)", table, noun, named[table])
		}
	}
	for table := range named {
		if columns[table] == nil {
			t.Errorf("machinery %s is no table", table)
		}
	}
	for _, n := range store.Nouns() {
		for _, c := range n.Columns() {
			if !slices.Contains(columns[n.Table()], c) {
				t.Errorf("%s has no column %s", n.Table(), c)
			}
		}
		for _, c := range columns[n.Table()] {
			if !slices.Contains(n.Columns(), c) {
				t.Errorf("the row of %s does not hold the column %s", n.Table(), c)
			}
		}
	}
}

// TestNouns: every noun says how it is seen, undone, handed over, merged and
// filed, or why not; never both.
func TestNouns(t *testing.T) {
	if len(store.Nouns()) < 10 {
		t.Fatalf("only %d nouns are declared", len(store.Nouns()))
	}
	for _, n := range store.Nouns() {
		about := n.Describe()
		for what, x := range map[string]struct {
			has bool
			why string
		}{
			"gate":  {about.Gate != nil, about.NoGate},
			"undo":  {n.Undoable(), about.NoUndo},
			"owner": {len(about.Owners) > 0, about.NoOwner},
			"merge": {about.Account != "" && about.Account != "id", about.NoMove},
			"file":  {len(about.Catalogue.Fields) > 0, about.NoFile},
		} {
			if x.has == (x.why != "") {
				t.Errorf("%s: %s: has it: %v, why not: %q", n.Table(), what, x.has, x.why)
			}
		}
		for _, c := range slices.Concat([]string{about.Account, about.Store}, ownerColumns(about)) {
			if c != "" && !slices.Contains(n.Columns(), c) {
				t.Errorf("%s names the column %s, which its row does not have", n.Table(), c)
			}
		}
		// What points to an account, a store or an owner is said to.
		for _, c := range n.Columns() {
			switch {
			case c == "account_id" && about.Account != c, c == "store_id" && about.Store != c && about.Join == "":
				t.Errorf("%s: a merge leaves %s behind", n.Table(), c)
			case (c == "owner_id" || c == "holder_id" || c == "rep_id") && !slices.Contains(ownerColumns(about), c):
				t.Errorf("%s: a hand-over leaves %s behind", n.Table(), c)
			}
		}
	}
}

func ownerColumns(a store.About) (out []string) {
	for _, o := range a.Owners {
		out = append(out, o.Column)
	}
	return out
}

// TestGates: nobody sees a row of a noun with a gate but by role, place or part:
// who has no role and owns nothing sees nothing, and the system sees all.
func TestGates(t *testing.T) {
	for _, n := range store.Nouns() {
		if n.Describe().Gate == nil {
			continue
		}
		if all, _ := n.Gated(access.System("test")); all != "TRUE" {
			t.Errorf("%s hides rows from the system: %s", n.Table(), all)
		}
		for _, role := range []person.Role{"", person.Rep, person.Promoter, person.KAM, person.Admin} {
			some, args := n.Gated(access.Of(person.Person{ID: "nobody", Roles: []person.Role{role}}))
			if some == "TRUE" || !slices.Contains(args, any("nobody")) && !nothing(some, args) {
				t.Errorf("%s shows everything to a person whose role is %q: %s", n.Table(), role, some)
			}
		}
		// What a role only reads it does not change; a dotted line reads.
		may := n.Describe().May
		if may == nil {
			continue
		}
		for _, p := range []person.Person{{ID: "nobody", Roles: []person.Role{person.Analyst}}, {ID: "nobody", Territory: "x", Roles: []person.Role{person.Manager}}} {
			var a store.Args
			if some := may(&a, access.Of(p)); some == "TRUE" || strings.Contains(some, "dotted_to") {
				t.Errorf("%s: %v may change everything: %s", n.Table(), p.Roles, some)
			}
		}
	}
}

// nothing reports whether a condition keeps everybody out.
func nothing(sql string, args []any) bool {
	return len(args) == 0 && strings.Contains(sql, "FALSE") && !strings.Contains(sql, " = ")
}

// TestCatalogues: what a catalogue says is in a row, is; file fields are derived
// by their kind of file where they are not.
func TestCatalogues(t *testing.T) {
	for _, n := range store.Nouns() {
		seen, columns := map[string]bool{}, map[string]string{}
		for _, f := range n.Describe().Catalogue.Fields {
			name := f.Column
			if name != "" && !slices.Contains(n.Columns(), name) {
				t.Errorf("%s: the field %s stands in no column %s", n.Table(), f.Key, name)
			}
			if seen[f.Key] {
				t.Errorf("%s has two fields %s", n.Table(), f.Key)
			}
			seen[f.Key] = true
			// One field, one key: what chat asks for and a file holds are the same.
			if other := columns[cmp.Or(f.Column, f.Key)]; other != "" && f.Key != "lead_source" && f.Key != "source" {
				t.Errorf("%s: %s and %s are one column", n.Table(), other, f.Key)
			}
			columns[cmp.Or(f.Column, f.Key)] = f.Key
			if f.Use&field.All == 0 {
				t.Errorf("%s: nobody uses the field %s", n.Table(), f.Key)
			}
		}
		if len(columns) == 0 {
			continue
		}
		for _, c := range n.Given() {
			if inner := slices.Contains(n.Describe().Inner, c); (columns[c] == "") != inner {
				t.Errorf("%s: the column %s is a field of its catalogue, or inner (field: %q, inner: %v)", n.Table(), c, columns[c], inner)
			}
		}
	}
}

// reads finds the tables that a statement reads or writes.
var reads = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)`)

// TestUngated: SQL on a noun with a gate stands in a store; in a function that
// reads it for a person the gate is called. What follows from rows, and what the
// shell or the clock asks, says so in ungated.
func TestUngated(t *testing.T) {
	gated := map[string]bool{}
	for _, n := range store.Nouns() {
		gated[n.Table()] = n.Describe().Gate != nil
	}
	looked := 0
	for _, root := range []string{".", "../store", "../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			for _, decl := range file.Decls {
				f, ok := decl.(*ast.FuncDecl)
				if !ok || f.Body == nil {
					continue
				}
				tables, calls := statementsOf(f)
				for _, table := range tables {
					if !gated[table] {
						continue
					}
					looked++
					asks := calls["In"] || calls["Gate"] || calls["onTeam"] || calls["gate"] || takesArgs(f)
					why := f.Doc.Text()
					if !asks && !strings.Contains(why, "Ungated:") && !strings.Contains(f.Name.Name, "Seen") {
						t.Errorf("%s: %s reads %s past its gate; call it, or say why not (Ungated: …)", path, f.Name.Name, table)
					}
					break
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if looked < 10 {
		t.Errorf("only %d functions were looked at", looked)
	}
}

// takesArgs reports whether a function adds to a statement of its caller, which
// the gate is called for.
func takesArgs(f *ast.FuncDecl) bool {
	return slices.ContainsFunc(f.Type.Params.List, func(p *ast.Field) bool {
		star, ok := p.Type.(*ast.StarExpr)
		if !ok {
			return false
		}
		s, ok := star.X.(*ast.SelectorExpr)
		return ok && s.Sel.Name == "Args"
	})
}

// statementsOf returns the tables that the SQL of a function reads or writes, and
// what it calls.
func statementsOf(f *ast.FuncDecl) (tables []string, calls map[string]bool) {
	calls = map[string]bool{}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.BasicLit:
			if x.Kind != token.STRING {
				break
			}
			text, err := strconv.Unquote(x.Value)
			if err != nil {
				break
			}
			for _, m := range reads.FindAllStringSubmatch(text, -1) {
				tables = append(tables, m[1])
			}
		case *ast.CallExpr:
			switch fun := x.Fun.(type) {
			case *ast.SelectorExpr:
				calls[fun.Sel.Name] = true
			case *ast.Ident:
				calls[fun.Name] = true
			}
		}
		return true
	})
	return tables, calls
}

// codes are columns of texts that no person writes sentences into: states, kinds, keys and
// what follows from others.
var codes = []string{"status", "kind", "source", "entry", "search", "digest", "fact", "how", "category", "phone", "name", "territory", "period", "department", "brand",
	"merged_into", "in_territory", "buying_role", "attitude", "criterion", "proof", "photos", "number", "about", "repeat_of", "agreed_by_owner", "agreed_by_local", "asked_grade",
	"said", "format", "store_class", "currency", "reference", "allocations", "mode", "position", "presence", "location"}

// TestWords: an erasure finds a name in whatever somebody wrote of a customer: each column of
// texts is a field, one of Words, or a code.
func TestWords(t *testing.T) {
	for _, n := range store.Nouns() {
		about := n.Describe()
		if about.Account == "" && about.Join == "" {
			continue
		}
		for _, c := range n.Texts() {
			field := slices.ContainsFunc(about.Catalogue.Fields, func(f field.Field) bool { return cmp.Or(f.Column, f.Key) == c })
			if !field && !slices.Contains(n.Words(), c) && !slices.Contains(codes, c) {
				t.Errorf("%s.%s: say whether people write words into it (About.Words), or that it is a code", n.Table(), c)
			}
		}
	}
}
