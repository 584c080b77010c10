package storetest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Tables of business rows: who reads them passes the gate.
var business = regexp.MustCompile(`(?i)FROM (visits|stores|accounts|contacts)\b`)

// Reads below the gate, each with its reason.
var ungated = map[string]string{
	"Recent":    "only refs of the person's own visits; PlaceByRef gates each",
	"CodeOwner": "codes are unique in the company, seen or not",
	"Recadence": "computes derived columns",
	"Owns":      "counts for the shell",
	"Agreed":    "takes a scope; see the query's end",
	"hasVisits": "whether there is any",
	"Like":      "likely duplicates, looked for over the company",
}

// TestGate: an exported function of the store that reads business rows takes
// an access.Scope.
func TestGate(t *testing.T) {
	seen := 0
	for _, dir := range []string{"../visit", "../account", "../person"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || !f.Name.IsExported() || f.Recv != nil {
					continue
				}
				reads := false
				ast.Inspect(f.Body, func(n ast.Node) bool {
					if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && business.MatchString(lit.Value) {
						reads = true
					}
					return true
				})
				if !reads {
					continue
				}
				seen++
				var params strings.Builder
				for _, p := range f.Type.Params.List {
					if s, ok := p.Type.(*ast.SelectorExpr); ok {
						params.WriteString(s.Sel.Name + " ")
					}
				}
				if !strings.Contains(params.String(), "Scope") && ungated[f.Name.Name] == "" {
					t.Errorf("%s: %s reads business rows without a scope", path, f.Name.Name)
				}
			}
		}
	}
	if seen < 12 {
		t.Errorf("only %d reads were looked at", seen)
	}
}
