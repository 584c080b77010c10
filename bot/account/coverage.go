package account

import "slices"

// Coverage (关系覆盖面) is whom we know at a customer: departments × buying roles, and who of
// ours keeps each tie (domain.md §2).
//
// Of a buyer who decides and whose opposite number is Chen, and of somebody in logistics who
// uses and has none: two of 9 departments and two of 7 roles are covered; the gaps are the
// other seven and five, the tie to logistics is nobody's; with one of ours alone, everything
// hangs on Chen.
type Coverage struct {
	Rows        []Covered // by department, those without one last
	Departments []string  // in which we know nobody
	Roles       []string  // that nobody we know has
	Untied      []string  // names of those who are nobody's opposite number
	People      int       // of the customer whom we know
	Ours        []string  // ids of who keeps the ties
}

// Covered is what we know of a department.
type Covered struct {
	Department string // empty: not known
	Contacts   []Contact
}

// Cover looks at the people of a customer. Whoever has no opposite number is the owner's to
// keep, if there is one.
func Cover(contacts []Contact, owner string) Coverage {
	out := Coverage{People: len(contacts)}
	for _, department := range append(slices.Clone(Departments), "") {
		row := Covered{Department: department}
		for _, c := range contacts {
			if c.Department == department {
				row.Contacts = append(row.Contacts, c)
			}
		}
		switch {
		case len(row.Contacts) > 0:
			out.Rows = append(out.Rows, row)
		case department != "":
			out.Departments = append(out.Departments, department)
		}
	}
	for _, role := range BuyingRoles {
		if !slices.ContainsFunc(contacts, func(c Contact) bool { return c.BuyingRole == role }) {
			out.Roles = append(out.Roles, role)
		}
	}
	for _, c := range contacts {
		keeper := c.OppositeID
		if keeper == "" {
			out.Untied = append(out.Untied, c.Name)
			keeper = owner
		}
		if keeper != "" && !slices.Contains(out.Ours, keeper) {
			out.Ours = append(out.Ours, keeper)
		}
	}
	return out
}

// OneOfTheirs reports whether the whole relation hangs on one person there.
func (c Coverage) OneOfTheirs() bool { return c.People == 1 }

// OneOfOurs reports whether it hangs on one of ours.
func (c Coverage) OneOfOurs() bool { return c.People > 0 && len(c.Ours) == 1 }
