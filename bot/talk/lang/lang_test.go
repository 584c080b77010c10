package lang_test

import (
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
	"time"

	_ "fieldbot/bot" // its capabilities bring their words
	"fieldbot/bot/account"
	"fieldbot/bot/deal"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/talk/lang"
	"fieldbot/store"
)

var slot = regexp.MustCompile(`\{\{[^}]*\}\}`)

// TestSameKeys: both files hold the same keys, with the same arguments.
func TestSameKeys(t *testing.T) {
	names := regexp.MustCompile(`\.(\w+)`)
	arguments := func(s string) map[string]bool {
		out := map[string]bool{}
		for _, m := range slot.FindAllString(s, -1) {
			for _, n := range names.FindAllStringSubmatch(m, -1) {
				out[n[1]] = true
			}
		}
		return out
	}
	en, zh := lang.Keys("en"), lang.Keys("zh")
	for key, text := range en {
		other, ok := zh[key]
		if !ok {
			t.Errorf("zh lacks %s", key)
			continue
		}
		for a := range arguments(other) {
			if !arguments(text)[a] && key != "help.line" && key != "day.full" {
				t.Errorf("%s: only zh uses %s", key, a)
			}
		}
	}
	for key := range zh {
		if _, ok := en[key]; !ok {
			t.Errorf("en lacks %s", key)
		}
	}
}

// TestNoChineseInEnglish and the reverse: a text in the wrong file.
func TestRightLanguage(t *testing.T) {
	han := regexp.MustCompile(`\p{Han}`)
	for key, text := range lang.Keys("en") {
		if han.MatchString(text) && key != "choice.language.zh" {
			t.Errorf("en %s is Chinese: %s", key, text)
		}
	}
	for key, text := range lang.Keys("zh") {
		bare := slot.ReplaceAllString(text, "")
		if strings.HasPrefix(key, "fault.") && !han.MatchString(bare) {
			t.Errorf("zh %s is not Chinese: %s", key, text)
		}
	}
}

// keyCalls are the functions whose string argument is a key, with its place
// and what stands before it in the file of texts.
var keyCalls = map[string]struct {
	arg    int
	prefix string
}{"Say": {0, ""}, "Wrong": {0, "fault."}, "At": {1, "fault."}, "New": {1, "fault."}, "Label": {0, "field."}}

// TestKeysOfTheCode: every key that the code names exists.
func TestKeysOfTheCode(t *testing.T) {
	used := 0
	for _, root := range []string{"../..", "../../../cmd", "../../../store"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				s, ok := call.Fun.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				k, ok := keyCalls[s.Sel.Name]
				if x, named := s.X.(*ast.Ident); s.Sel.Name == "New" && (!named || x.Name != "fault") || s.Sel.Name == "At" && (!named || x.Name != "fault") {
					return true
				}
				if !ok || len(call.Args) <= k.arg {
					return true
				}
				lit, ok := call.Args[k.arg].(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				key, _ := strconv.Unquote(lit.Value)
				if used++; !strings.HasSuffix(key, ".") && !lang.Has(k.prefix+key) {
					t.Errorf("%s: no text for %s%s", path, k.prefix, key)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if used < 100 {
		t.Errorf("only %d keys were found", used)
	}
}

// TestKeysOfTheCatalogues: fields and their choices have names in both languages;
// what they are called twice in one noun is bot's to find.
func TestKeysOfTheCatalogues(t *testing.T) {
	catalogues := []field.Catalogue{account.ProfileCatalogue, deal.HistoryCatalogue}
	for _, n := range store.Nouns() {
		catalogues = append(catalogues, n.Describe().Catalogue)
	}
	for _, c := range catalogues {
		for _, f := range c.For(field.All) {
			for _, code := range lang.Codes {
				w := lang.In(code, nil)
				if name := w.Field(f); strings.HasPrefix(name, "field.") {
					t.Errorf("%s: field %s of %s has no name", code, f.Key, c.Noun)
				}
				for _, o := range f.Options {
					if len(o) > 2 && w.Option(f, o) == o && code == "zh" {
						t.Errorf("%s: choice %s of %s.%s has no name", code, o, c.Noun, f.Key)
					}
				}
			}
		}
	}
}

// TestKeysOfTheFunnel: the built-in stages and criteria have names, and so has
// every way and reason.
func TestKeysOfTheFunnel(t *testing.T) {
	var ids []string
	for _, s := range deal.Default() {
		ids = append(ids, "choice.stage."+s.Code)
		for _, c := range slices.Concat(s.Criteria, s.Checklist) {
			ids = append(ids, "choice.criterion."+c.Code)
		}
	}
	for _, h := range deal.Hows {
		ids = append(ids, "choice.how."+string(h))
	}
	for _, code := range deal.LostReasons {
		ids = append(ids, "choice.lost_why."+code)
	}
	for _, code := range deal.WonReasons {
		ids = append(ids, "choice.won_why."+code)
	}
	for _, code := range []string{deal.Open, deal.Won, deal.Lost, deal.Stalled} {
		ids = append(ids, "choice.status."+code)
	}
	for _, id := range ids {
		if !lang.Has(id) {
			t.Errorf("no text for %s", id)
		}
	}
}

func TestDay(t *testing.T) {
	for code, want := range map[string]string{"en": "Mon 23 Nov", "zh": "11月23日 周一"} {
		if got := lang.In(code, time.UTC).Day(calendar.Day("2026-11-23")); got != want {
			t.Errorf("%s: %s", code, got)
		}
	}
	if got := lang.In("en", time.UTC).Say("place.overdue", "n", 1); got != "1 day overdue" {
		t.Error(got)
	}
	if lang.Match("zh-Hans-CN") != "zh" || lang.Match("fr") != "" {
		t.Error("tags are not matched")
	}
}
