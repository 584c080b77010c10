// Package reporttalk is /report: the figures of all capabilities, by name.
package reporttalk

import "fieldbot/bot/talk/command"

// Module lists the reports of modules; the first is meant where none is named.
func Module(modules []command.Module) command.Module {
	family := command.Family{Name: "report"}
	for _, m := range modules {
		for _, r := range m.Reports {
			family.Verbs = append(family.Verbs, command.Verb{Name: r.Name, Roles: r.Roles, Takes: r.Takes, Read: r.Read})
		}
	}
	if len(family.Verbs) > 0 {
		family.Default = family.Verbs[0].Name
	}
	return command.Module{Name: "report", Words: words, Families: []command.Family{family}}
}
