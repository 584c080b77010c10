package bot_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The arrows: what each part may import of the project, by the longest prefix
// that fits. Rules are the pure packages of capabilities.
var rules = []string{"bot/visit", "bot/deal", "bot/account", "bot/person", "bot/followup", "bot/approval", "bot/support"}

var arrows = map[string][]string{
	"cmd":          {"*"},
	"bot/daemon":   {"*"},
	"bot/chattest": {"*"},
	"bot":          {"bot/chat", "bot/form", "bot/access", "bot/lang", "bot/config", "bot/remind", "bot/command", "rules", "bot/fault", "bot/field", "bot/calendar", "store"},
	"bot/command":  {"bot/chat", "bot/form", "bot/access", "bot/lang", "bot/config", "bot/remind", "bot/report", "bot/brief", "bot/picture", "bot/search", "bot/sheet", "bot/command", "rules", "bot/fault", "bot/field", "bot/money", "bot/calendar", "store"},
	"bot/outbox":   {"bot/chat", "bot/command", "bot/calendar", "store"},
	"bot/demo":     {"bot/command", "bot/config", "bot/search", "rules", "bot/calendar", "store"},
	"store":        {"bot/chat", "bot/form", "bot/access", "bot/search", "bot/report", "rules", "bot/fault", "bot/calendar", "store"},
	"bot/slack":    {"bot/chat", "bot/field"},
	"bot/telegram": {"bot/chat"},
	"bot/terminal": {"bot/chat"},
	"bot/web":      {},
	"bot/sheet":    {},
	"bot/search":   {},
	"bot/chat":     {"bot/field"},
	"bot/form":     {"bot/chat", "bot/lang", "bot/field", "bot/fault", "bot/money", "bot/calendar"},
	"bot/lang":     {"bot/fault", "bot/money", "bot/calendar"},
	"bot/access":   {"bot/person"},
	"bot/config":   {"bot/account", "bot/deal", "bot/remind", "bot/calendar", "bot/money"},
	"bot/remind":   {"rules", "bot/calendar"},
	"bot/report":   {"rules", "bot/calendar"},
	"bot/brief":    {"rules", "bot/calendar"},
	"bot/picture":  {},
	"bot/followup": {"bot/calendar", "bot/field"},
	"bot/approval": {},
	"bot/support":  {},
	"bot/visit":    {"bot/account", "bot/person", "bot/money", "bot/fault", "bot/calendar", "bot/field"},
	"bot/deal":     {"bot/account", "bot/person", "bot/money", "bot/fault", "bot/calendar", "bot/field"},
	"bot/account":  {"bot/money", "bot/fault", "bot/calendar", "bot/field"},
	"bot/person":   {"bot/money", "bot/fault", "bot/calendar", "bot/field"},
	"bot/money":    {"bot/fault"},
	"bot/calendar": {},
	"bot/fault":    {},
	"bot/field":    {},
}

func below(pkg, part string) bool { return pkg == part || strings.HasPrefix(pkg, part+"/") }

// may reports whether a package may import another.
func may(from, to string) bool {
	longest, allowed := "", []string(nil)
	for part, list := range arrows {
		// "bot" itself is the one package, not all below it.
		if (below(from, part) && part != "bot" || from == part) && len(part) > len(longest) {
			longest, allowed = part, list
		}
	}
	if longest == "" {
		return false
	}
	for _, a := range allowed {
		if a == "*" || below(to, a) || a == "rules" && slices.Contains(rules, to) {
			return true
		}
	}
	return below(to, longest) && longest != "bot"
}

func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "fieldbot/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); packages++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		from := strings.TrimPrefix(p.ImportPath, "fieldbot/")
		for _, i := range p.Imports {
			if to, ours := strings.CutPrefix(i, "fieldbot/"); ours && !may(from, to) {
				t.Errorf("%s must not import %s", from, to)
			}
		}
	}
	if packages < 25 {
		t.Errorf("only %d packages were looked at", packages)
	}
}
