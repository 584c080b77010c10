package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fieldbot/bot"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

// scope finds a name that means two things.
type scope map[string]string

func (s scope) add(t *testing.T, where, thing string, names []string) {
	t.Helper()
	for _, n := range names {
		if other := s[n]; other != "" && other != thing {
			t.Errorf("%s: %q means %s and %s", where, n, other, thing)
		}
		s[n] = thing
	}
}

// TestNamesMeanOneThing: a word of a command, a verb, a field of a form and a code
// of a field never mean two things.
func TestNamesMeanOneThing(t *testing.T) {
	families := command.Families(bot.Modules())
	commands := scope{}
	for _, c := range []string{"cancel", "back", "skip", "save", "start"} {
		commands.add(t, "commands", c, lang.Names("cmd", c))
	}
	phrases := scope{}
	for _, f := range families {
		commands.add(t, "commands", f.Name, lang.Names("cmd", f.Name))
		verbs := scope{}
		for _, v := range f.Verbs {
			if v.Name == "" {
				continue
			}
			verbs.add(t, "/"+f.Name, v.Name, command.VerbNames(f.Name, v.Name))
			phrases.add(t, "phrases", f.Name+" "+v.Name, lang.Names("say", f.Name+"."+v.Name)[1:])
			fields := scope{}
			for _, x := range v.Form.Fields {
				fields.add(t, v.Form.Name, x.Key, lang.FieldNames(x))
			}
		}
	}
	for _, n := range store.Nouns() {
		for _, x := range n.Describe().Catalogue.For(field.All) {
			codes := scope{}
			for _, code := range x.Options {
				codes.add(t, n.Table()+"."+x.Key, code, lang.OptionNames(x, code))
			}
		}
	}
}

// TestFormsHaveWords: every verb is explained by its family's help, every form has a title, its fields and codes have names, and
// its verb is of the family that its name says.
func TestFormsHaveWords(t *testing.T) {
	forms := map[string]bool{}
	for _, f := range command.Families(bot.Modules()) {
		for _, v := range f.Verbs {
			if id := "verb." + f.Name + "." + v.Name; v.Name != "" && !lang.Has(id) {
				t.Errorf("/help %s has no words for %s (%s)", f.Name, v.Name, id)
			}
			if v.Form.Name == "" {
				continue
			}
			if forms[v.Form.Name] {
				t.Errorf("two verbs fill %s", v.Form.Name)
			}
			forms[v.Form.Name] = true
			if !strings.HasPrefix(v.Form.Name, f.Name+".") || !lang.Has("form."+v.Form.Name) {
				t.Errorf("the form %s of /%s has no title, or another family's name", v.Form.Name, f.Name)
			}
			if v.Object != "" && !slices.ContainsFunc(v.Form.Fields, func(x field.Field) bool { return x.Key == v.Object }) {
				t.Errorf("%s has no field %s for the words behind it", v.Form.Name, v.Object)
			}
			for _, x := range v.Form.Fields {
				if name := lang.In("en", nil).Field(x); strings.HasPrefix(name, "field.") {
					t.Errorf("%s: the field %s has no name", v.Form.Name, x.Key)
				}
			}
		}
	}
}

// builtIn are the buttons of the house itself.
var builtIn = []string{"say", "form", "resume", "undo"}

// TestButtons: every action that a button of the code names is one that the bot
// knows, and every one that it knows has a name of its own.
func TestButtons(t *testing.T) {
	known := scope{}
	for _, b := range builtIn {
		known[b] = "the house"
	}
	for _, f := range command.Families(bot.Modules()) {
		for _, x := range f.Buttons {
			if other := known[x.Name]; other != "" && x.Name != "undo" {
				t.Errorf("%s and %s know the button %s", other, f.Name, x.Name)
			}
			known[x.Name] = f.Name
		}
	}
	named := 0
	walk(t, func(path string, n ast.Node) {
		lit, ok := n.(*ast.CompositeLit)
		if !ok || !typed(lit.Type, "Do") {
			return
		}
		for _, e := range lit.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok || kv.Key.(*ast.Ident).Name != "Action" {
				continue
			}
			if text, ok := literal(kv.Value); ok {
				if named++; known[text] == "" {
					t.Errorf("%s: nobody knows the button %s", path, text)
				}
			}
		}
	})
	if named < 10 {
		t.Errorf("only %d buttons were found", named)
	}
}

// TestValues: every key that the code reads from a form is a field of one, and every
// key that it reads from a file is a field of some file.
func TestValues(t *testing.T) {
	inForms, inFiles := map[string]bool{}, map[string]bool{}
	for _, f := range command.Families(bot.Modules()) {
		for _, v := range f.Verbs {
			for _, x := range slices.Concat(v.Form.Fields, v.Takes) {
				inForms[x.Key] = true
			}
		}
	}
	catalogues := []field.Catalogue{}
	for _, n := range store.Nouns() {
		catalogues = append(catalogues, n.Describe().Catalogue)
	}
	for _, m := range bot.Modules() {
		for _, k := range m.Files {
			catalogues = append(catalogues, k.Catalogue)
		}
	}
	for _, c := range catalogues {
		for _, f := range c.For(field.Import) {
			inFiles[f.Key] = true
		}
	}
	homes := map[string]map[string]bool{"Values": inForms, "Shown": inForms, "Fields": inFiles}
	read := map[string]int{}
	walk(t, func(path string, n ast.Node) {
		index, ok := n.(*ast.IndexExpr)
		if !ok || !strings.Contains(path, "talk") && !strings.Contains(path, "files") || strings.Contains(path, "/form/") {
			return
		}
		s, ok := index.X.(*ast.SelectorExpr)
		if !ok || homes[s.Sel.Name] == nil {
			return
		}
		if key, ok := literal(index.Index); ok {
			if read[s.Sel.Name]++; !homes[s.Sel.Name][key] {
				t.Errorf("%s: no %s have the key %s", path, strings.ToLower(s.Sel.Name), key)
			}
		}
	})
	if read["Values"] < 50 || read["Fields"] < 15 {
		t.Errorf("only %v keys were found", read)
	}
}

func typed(e ast.Expr, name string) bool {
	switch x := e.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == name
	case *ast.Ident:
		return x.Name == name
	}
	return false
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// walk visits the code of the bot, tests left out.
func walk(t *testing.T, visit func(path string, n ast.Node)) {
	t.Helper()
	if err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool { visit(path, n); return true })
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
