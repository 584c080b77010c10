// Package reporttalk is /report: the figures of all capabilities, by name.
package reporttalk

import (
	"slices"

	"fieldbot/bot/person"
	"fieldbot/bot/talk/command"
)

// Module lists the reports of modules; the first is meant where none is named. An analyst
// reads them all (domain.md §1).
func Module(modules []command.Module) command.Module {
	family := command.Family{Name: "report"}
	for _, m := range modules {
		for _, r := range m.Reports {
			family.Verbs = append(family.Verbs, command.Verb{Name: r.Name, Roles: slices.Concat(r.Roles, []person.Role{person.Analyst}), Takes: r.Takes, Read: r.Read})
		}
	}
	if len(family.Verbs) > 0 {
		family.Default = family.Verbs[0].Name
	}
	return command.Module{Name: "report", Words: words, Families: []command.Family{family}}
}
