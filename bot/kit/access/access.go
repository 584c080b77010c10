// Package access says, as a value, who may see and do what (domain.md §1).
// The store turns a Scope into the WHERE of every read of business rows, so
// that lists, look-ups, cards, exports and buttons pass the same gate.
package access

import (
	"slices"

	"fieldbot/bot/person"
)

// Scope is the sight of one person, or of the system.
type Scope struct {
	Person    string // id; empty for the system
	Roles     []person.Role
	Territory string // the subtree a manager leads, as a path a/b/c
	Dotted    bool   // the own rows of people with a dotted line to the person count
	Reason    string // why the system looks; only set by System
}

// System is the sight of background work, with the reason for the log and for
// the reader of the code.
func System(reason string) Scope { return Scope{Reason: reason} }

// Of is the sight of a person: what any role shows may be read.
func Of(p person.Person) Scope {
	return Scope{Person: p.ID, Roles: p.Roles, Territory: p.Territory, Dotted: p.Is(person.Manager)}
}

// As is what some roles alone show.
func (s Scope) As(roles ...person.Role) Scope {
	s.Roles = slices.DeleteFunc(slices.Clone(s.Roles), func(r person.Role) bool { return !slices.Contains(roles, r) })
	s.Dotted = s.Dotted && s.Is(person.Manager)
	return s
}

// Acting is what some roles show of what they may change: a right counts only over
// the rows that the same role gives sight of, and a dotted line gives none.
func (s Scope) Acting(roles ...person.Role) Scope {
	s = s.As(roles...)
	s.Dotted = false
	return s
}

// All reports whether nothing is hidden from the scope.
func (s Scope) All() bool { return s.Reason != "" }

// Is reports whether the person holds one of the roles.
func (s Scope) Is(roles ...person.Role) bool {
	return slices.ContainsFunc(s.Roles, func(r person.Role) bool { return slices.Contains(roles, r) })
}

// InTheField is the part of a scope that sees visits and stores' work: finance sees
// every account's papers but no visits beyond the account's card.
func (s Scope) InTheField() Scope {
	return s.As(person.Rep, person.Promoter, person.KAM, person.Manager, person.Analyst)
}

// WholeCompany reports whether a manager leads no territory in particular and
// so the company, or an analyst reads its figures.
func (s Scope) WholeCompany() bool {
	return s.Is(person.Manager) && s.Territory == "" || s.Is(person.Analyst)
}
