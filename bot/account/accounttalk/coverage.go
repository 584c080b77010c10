package accounttalk

import (
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/picture"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// How much of the coverage a message shows: it has ten lines, title and gaps among them.
const (
	departmentsShown = 5
	contactsShown    = 3
	accountsShown    = 8
)

// coverage shows whom we know at a customer and who of ours keeps the tie, or, without one,
// what is missing at the customers of the person.
func coverage(r *command.Request, a command.Args) (chat.Reply, error) {
	if a.Object == "" {
		return coverages(r)
	}
	place, choose, err := r.OneAccount("account", "coverage", a)
	if err != nil {
		return chat.Reply{}, err
	}
	if choose != nil {
		return *choose, nil
	}
	row, err := loadAccount(r, place.AccountID)
	if err != nil {
		return chat.Reply{}, err
	}
	contacts, err := accountstore.ContactsOf(r.Tx, r.Scope, row.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	c := account.Cover(contacts, row.OwnerID)
	reply := chat.Reply{Title: r.Say("coverage.title", "name", row.Name, "departments", len(account.Departments)-len(c.Departments), "of", len(account.Departments), "roles", len(account.BuyingRoles)-len(c.Roles), "of_roles", len(account.BuyingRoles))}
	for _, covered := range c.Rows[:min(departmentsShown, len(c.Rows))] {
		reply.Fields = append(reply.Fields, chat.Line{Label: department(r, covered.Department), Value: tied(r, covered.Contacts)})
	}
	reply.Text = strings.Join(gaps(r, c), "\n")
	reply.File = &chat.File{Name: "coverage.png", Make: "coverage", Args: []string{row.ID}}
	if may, err := rightsOf(r, place); err != nil || may.meet {
		reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.contact"), "account", "contact "+row.ID), command.SayButton(r.Say("button.card"), "account", "account:"+row.ID)}}
		return reply, err
	}
	return reply, nil
}

func department(r *command.Request, code string) string {
	if code == "" {
		return r.Say("coverage.no_department")
	}
	return r.Words.Choice("department", code)
}

// tied are the people of a department with their roles and who of ours keeps the tie.
func tied(r *command.Request, contacts []account.Contact) string {
	var out []string
	for _, x := range contacts[:min(contactsShown, len(contacts))] {
		text := x.Name
		if x.BuyingRole != "" {
			text += " " + r.Words.Choice("buying_role", x.BuyingRole)
		}
		if x.OppositeID != "" {
			text += " ↔ " + r.Name(x.OppositeID)
		}
		out = append(out, text)
	}
	if more := len(contacts) - contactsShown; more > 0 {
		out = append(out, r.Say("list.more", "n", more))
	}
	return strings.Join(out, " · ")
}

// gaps are what is missing, the dangerous first.
func gaps(r *command.Request, c account.Coverage) (out []string) {
	if c.OneOfTheirs() {
		out = append(out, r.Say("coverage.one_of_theirs"))
	}
	if c.OneOfOurs() {
		out = append(out, r.Say("coverage.one_of_ours", "who", r.Name(c.Ours[0])))
	}
	if len(c.Roles) > 0 {
		out = append(out, r.Say("coverage.no_role", "roles", r.Words.Choices("buying_role", c.Roles)))
	}
	if len(c.Untied) > 0 {
		out = append(out, r.Say("coverage.untied", "names", r.Words.List(c.Untied[:min(contactsShown, len(c.Untied))])))
	}
	if len(c.Departments) > 0 {
		out = append(out, r.Say("coverage.nobody_in", "departments", r.Words.Choices("department", c.Departments)))
	}
	return out
}

// coverages are the person's customers with what is missing at each, the worst first.
func coverages(r *command.Request) (chat.Reply, error) {
	owned, err := accountstore.OwnedBy(r.Tx, r.Scope, r.Who.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	people, err := accountstore.ContactsAt(r.Tx, r.Scope, r.Who.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("coverage.mine", "n", len(owned))}
	for _, x := range worst(owned, people) {
		reply.Fields = append(reply.Fields, chat.Line{Label: x.Name, Value: r.Say("coverage.line", "people", x.People, "roles", r.Words.Choices("buying_role", x.Roles))})
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(x.Name, "account", "coverage "+x.ID)})
	}
	if len(reply.Fields) == 0 {
		reply.Text = r.Say("coverage.none")
	}
	return reply, nil
}

// atAccount is the coverage of one of several accounts.
type atAccount struct {
	account.Account
	account.Coverage
}

// worst are the accounts at which the most roles are nobody's.
func worst(accounts []account.Account, people map[string][]account.Contact) []atAccount {
	var out []atAccount
	for _, a := range accounts {
		if c := account.Cover(people[a.ID], a.OwnerID); len(c.Roles) > 0 {
			out = append(out, atAccount{a, c})
		}
	}
	slices.SortStableFunc(out, func(a, b atAccount) int { return len(b.Roles) - len(a.Roles) })
	return out[:min(accountsShown, len(out))]
}

// drawCoverage is the picture of it: departments × buying roles with who is known; those
// without anybody stand out.
func drawCoverage(r *command.Request, args []string) ([]byte, error) {
	a, err := loadAccount(r, args[0])
	if err != nil {
		return nil, err
	}
	contacts, err := accountstore.ContactsOf(r.Tx, r.Scope, a.ID)
	if err != nil {
		return nil, err
	}
	roles, departments := withUnknown(account.BuyingRoles, contacts, func(c account.Contact) string { return c.BuyingRole }), withUnknown(account.Departments, contacts, func(c account.Contact) string { return c.Department })
	g := picture.Grid{Header: []string{a.Name}}
	for _, role := range roles {
		g.Header = append(g.Header, orUnknown(r, "buying_role", role))
	}
	for _, d := range departments {
		row := []string{orUnknown(r, "department", d)}
		for _, role := range roles {
			var names []string
			for _, c := range contacts {
				if c.Department == d && c.BuyingRole == role {
					names = append(names, strings.TrimSuffix(c.Name+"\n↔ "+r.Name(c.OppositeID), "\n↔ "))
				}
			}
			row = append(row, strings.Join(names, "\n"))
		}
		g.Rows = append(g.Rows, row)
	}
	g.Gap = func(row, column int) bool {
		inRow := slices.ContainsFunc(g.Rows[row][1:], func(cell string) bool { return cell != "" })
		inColumn := column > 0 && slices.ContainsFunc(g.Rows, func(row []string) bool { return row[column] != "" })
		return column == 0 && !inRow || column > 0 && !inColumn
	}
	return g.PNG()
}

// withUnknown are the codes, and behind them "" if somebody has none.
func withUnknown(codes []string, contacts []account.Contact, of func(account.Contact) string) []string {
	if slices.ContainsFunc(contacts, func(c account.Contact) bool { return of(c) == "" }) {
		return append(slices.Clone(codes), "")
	}
	return codes
}

func orUnknown(r *command.Request, choice, code string) string {
	if code == "" {
		return r.Say("coverage.unknown")
	}
	return r.Words.Choice(choice, code)
}
