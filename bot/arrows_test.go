package bot_test

import (
	"encoding/json"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// layers are the stores of capabilities, the lowest first: one may use those
// before it. A store that is not named uses none.
var layers = []string{"person", "account", "room", "approval", "followup", "visit", "expense", "product", "shelf", "promo", "sales", "terms", "order", "invoice", "credit", "deal"}

// services are the capabilities that others build on in chat.
var services = []string{"approval", "followup", "paper", "files"}

// values are the rules that others may hold as values.
var values = []string{"bot/person", "bot/account", "bot/clock/remind"}

// arrows is what the parts that are no capability may import of the project, by
// the longest prefix that fits; "rules" are the pure packages of capabilities.
var arrows = map[string][]string{
	"cmd":              {"*"},
	"bot/daemon":       {"*"},
	"bot/demo":         {"*"},
	"bot/chattest":     {"*"},
	"bot":              {"bot/talk", "bot/talk/dialog", "bot/kit", "bot/clock", "bot/config", "bot/files", "bot/person", "bot/person/personstore", "talks", "store"},
	"bot/config":       {"bot/kit", "bot/account", "bot/clock/remind"},
	"bot/talk":         {"bot/kit", "bot/talk"},
	"bot/talk/command": {"bot/kit", "bot/talk", "bot/config", "bot/files", "bot/person", "bot/person/personstore", "bot/account", "bot/account/accountstore", "bot/approval", "bot/clock/remind", "store"},
	"bot/talk/dialog":  {"bot/kit", "bot/talk", "store"},
	"bot/talk/paper":   {"bot/kit", "bot/talk", "bot/approval", "bot/approval/approvalstore", "bot/approval/approvaltalk", "bot/person", "bot/person/personstore", "store"},
	"bot/wire":         {"bot/kit", "bot/talk/chat"},
	"bot/wire/outbox":  {"bot/kit", "bot/talk/chat", "bot/talk/command", "bot/person/personstore", "store"},
	"bot/kit":          {"bot/kit"},
	"bot/kit/access":   {"bot/kit", "bot/person"},
	"bot/clock":        {"bot/kit", "bot/talk", "bot/person", "bot/person/personstore", "bot/clock", "store"},
	"bot/clock/remind": {"bot/kit", "bot/person"},
	"bot/files":        {"bot/kit", "bot/talk/form", "bot/talk/lang", "bot/config", "bot/person", "bot/person/personstore", "bot/account", "bot/account/accountstore", "store"},
	"store":            {"bot/kit", "bot/talk/chat", "bot/talk/form", "bot/person", "store"},
}

// legacy are the imports that the plan of the house does not allow and that are
// still there. It only shrinks.
var legacy = map[string][]string{}

func below(pkg, part string) bool { return pkg == part || strings.HasPrefix(pkg, part+"/") }

// capability splits a package of a capability: its noun, and whether it is the
// rules, the store or the talk.
func capability(pkg string) (noun, room string) {
	parts := strings.Split(pkg, "/")
	switch {
	case len(parts) == 2 && parts[0] == "bot":
		return parts[1], "rules"
	case len(parts) == 3 && parts[2] == parts[1]+"store":
		return parts[1], "store"
	case len(parts) == 3 && parts[2] == parts[1]+"talk":
		return parts[1], "talk"
	}
	return "", ""
}

// known returns the list of the part that a package belongs to.
func known(pkg string) (part string, allowed []string) {
	for p, list := range arrows {
		// "bot" itself is the one package, not all below it.
		if (below(pkg, p) && p != "bot" || pkg == p) && len(p) > len(part) {
			part, allowed = p, list
		}
	}
	return part, allowed
}

// may reports whether a package may import another. What is not in arrows is a
// capability's and gets the strictest set.
func may(from, to string) bool {
	if slices.Contains(legacy[from], to) {
		return true
	}
	noun, room := capability(to)
	named, _ := known(to)
	free := named == "" // a capability that the test need not know
	if part, allowed := known(from); part != "" {
		for _, a := range allowed {
			switch {
			case a == "*" && !below(to, "cmd"), a == to, below(to, a) && (below(a, "bot/talk") || a == "bot/kit" || a == "bot/clock" || a == "store"):
				return true
			case a == "rules" && room == "rules" && free, a == "stores" && room == "store", a == "talks" && room == "talk":
				return true
			}
		}
		return false
	}
	own, mine := capability(from)
	switch {
	case below(to, "bot/kit"):
		return true
	case mine == "rules":
		return slices.Contains(values, to)
	case mine == "" || room == "rules" && (free || slices.Contains(values, to)) || to == "store" || to == "bot/clock/remind":
		return mine != ""
	case room == "store":
		return noun == own && mine == "talk" || lower(noun, own) || mine == "talk" && slices.Contains(services, noun)
	}
	return mine == "talk" && (below(to, "bot/talk") || to == "bot/config" || to == "bot/files" || noun != own && room == "talk" && slices.Contains(services, noun))
}

// lower reports whether a store lies below that of another capability.
func lower(noun, own string) bool {
	i, j := slices.Index(layers, noun), slices.Index(layers, own)
	return i >= 0 && (j < 0 && i < slices.Index(layers, "followup") || i < j)
}

func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "fieldbot/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages, used := 0, map[string]bool{}
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
			} else if ours {
				used[path.Join(from, "→", to)] = true
			}
		}
	}
	if packages < 25 {
		t.Errorf("only %d packages were looked at", packages)
	}
	for from, list := range legacy {
		for _, to := range list {
			if !used[path.Join(from, "→", to)] {
				t.Errorf("legacy: %s imports %s no more: take it off the list", from, to)
			}
		}
	}
}

// TestStrict: a capability that the test has never heard of gets the strictest
// set of arrows.
func TestStrict(t *testing.T) {
	for _, arrow := range [][2]string{
		{"bot/new/newtalk", "bot/visit/visittalk"}, {"bot/new/newtalk", "bot/deal/dealstore"}, {"bot/new/newtalk", "bot/wire/slack"},
		{"bot/new/newstore", "bot/new/newtalk"}, {"bot/new/newstore", "bot/deal/dealstore"}, {"bot/new/newstore", "bot/talk/command"},
		{"bot/new", "store"}, {"bot/new", "bot/deal"}, {"bot/new", "bot/talk/lang"}, {"bot/kit/new", "bot/person"}, {"bot/wire/new", "store"},
	} {
		if may(arrow[0], arrow[1]) {
			t.Errorf("%s may import %s", arrow[0], arrow[1])
		}
	}
	for _, arrow := range [][2]string{
		{"bot/new/newtalk", "bot/new/newstore"}, {"bot/new/newtalk", "bot/talk/command"}, {"bot/new/newtalk", "bot/approval/approvaltalk"}, {"bot/new/newtalk", "bot/deal"},
		{"bot/new/newstore", "bot/account/accountstore"}, {"bot/new/newstore", "store"}, {"bot/new", "bot/kit/field"}, {"bot/new", "bot/account"},
	} {
		if !may(arrow[0], arrow[1]) {
			t.Errorf("%s may not import %s", arrow[0], arrow[1])
		}
	}
}
