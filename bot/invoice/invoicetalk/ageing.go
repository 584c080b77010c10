package invoicetalk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/picture"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

var ageings = command.Family{
	Name:    "ageing",
	Default: "show",
	Verbs: []command.Verb{
		{Name: "show", Roles: readers, Takes: ageingTakes, Read: showAgeing},
		{Name: "forecast", Roles: readers, Read: forecast},
	},
}

// ageingTakes are the keys of /ageing: of which day, and by what it is broken down.
var ageingTakes = []field.Field{
	{Key: "at", Kind: field.Date, Past: true, Noun: "ageing"},
	{Key: "by", Kind: field.Choice, Options: []string{"account", "head_office", "territory", "person"}, Noun: "ageing"},
	{Key: "dso", Kind: field.Choice, Options: []string{"sales", countBack}, Noun: "ageing"},
}

// askedAgeing is what ageing is asked for; it travels to the maker of the picture as text.
type askedAgeing struct {
	among invoicestore.Among
	at    calendar.Day
	by    string
	dso   string // countBack, else by the sales of the last 90 days
	title string
}

func (q askedAgeing) args() []string {
	return []string{q.among.Account, q.among.Territory, q.among.Person, string(q.at), q.by, q.title}
}

func understandAgeing(r *command.Request, a command.Args) (askedAgeing, *chat.Reply, error) {
	q := askedAgeing{at: r.Words.Today(r.Said), by: "account", title: r.Say("ageing.all")}
	for _, f := range ageingTakes {
		v, err := r.Option(a, f, "")
		if err != nil {
			return q, nil, err
		}
		if v == "" {
			continue
		}
		switch f.Key {
		case "at":
			q.at = calendar.Day(v)
		case "by":
			q.by = v
		case "dso":
			q.dso = v
		}
	}
	if a.Object == "" {
		return q, nil, nil
	}
	w, choose, err := r.WhoseOf("ageing", "show", a)
	q.among, q.title = invoicestore.Among{Account: w.Account, Territory: w.Territory, Person: w.Person}, w.Title
	return q, choose, err
}

// group is a line of an ageing: of an account, a head office, a territory or a person.
type group struct {
	name string
	invoice.Ageing
}

// grouped is the ageing broken down, what is overdue most first, with the sum and the
// sales on credit.
func grouped(r *command.Request, q askedAgeing) (groups []group, all invoice.Ageing, sales int64, err error) {
	rows, err := invoicestore.Ageing(r.Tx, r.Scope, q.among, q.at)
	if err != nil {
		return nil, all, 0, err
	}
	accounts, err := accountstore.Outlines(r.Tx, q.among.Account)
	if err != nil {
		return nil, all, 0, err
	}
	at := map[string]int{}
	for _, row := range rows {
		sales += row.Sales
		if row.Ageing == (invoice.Ageing{}) {
			continue
		}
		all = all.Plus(row.Ageing)
		name := groupName(r, q.by, accounts, row.AccountID)
		i, known := at[name]
		if !known {
			i = len(groups)
			at[name], groups = i, append(groups, group{name: name})
		}
		groups[i].Ageing = groups[i].Plus(row.Ageing)
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(b.Overdue(), a.Overdue()), cmp.Compare(b.Total(), a.Total()), cmp.Compare(a.name, b.name))
	})
	return groups, all, sales, nil
}

func groupName(r *command.Request, by string, accounts map[string]accountstore.Outline, id string) string {
	switch a := accounts[id]; by {
	case "head_office":
		return accountstore.Top(accounts, id).Name
	case "territory":
		return cmp.Or(a.Territory, r.Say("ageing.nowhere"))
	case "person":
		return cmp.Or(r.Name(a.OwnerID), r.Say("ageing.nobody"))
	default:
		return a.Name
	}
}

// showAgeing is what is owed at the end of a day by how long it is overdue, DSO with how
// it was computed, and where most is overdue.
func showAgeing(r *command.Request, a command.Args) (chat.Reply, error) {
	q, choose, err := understandAgeing(r, a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	groups, all, sales, err := grouped(r, q)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("ageing.title", "who", q.title, "at", q.at)}
	if len(groups) == 0 {
		reply.Text = r.Say("ageing.nothing")
		return reply, nil
	}
	text := []string{r.Say("ageing.sum", "total", r.Money(all.Total()), "overdue", r.MoneyIfAny(all.Overdue()), "disputed", r.MoneyIfAny(all.Disputed))}
	dso, err := unpaidFor(r, q, all.Total(), sales)
	if err != nil {
		return chat.Reply{}, err
	}
	if dso != "" {
		text = append(text, dso)
	}
	for k, v := range all.Values() {
		if v != 0 {
			reply.Fields = append(reply.Fields, chat.Line{Label: bucketName(r, invoice.Buckets[k]), Value: r.Money(v)})
		}
	}
	if len(groups) > 1 {
		text = append(text, command.Listed(r, groups, 5, len(groups), func(g group) string {
			return r.Say("ageing.group", "name", g.name, "total", r.Money(g.Total()), "overdue", r.MoneyIfAny(g.Overdue()))
		})...)
	}
	reply.Text = strings.Join(text, "\n")
	if q.among.Account != "" {
		reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.invoices"), "invoice", "list "+r.AccountOf(q.among.Account).Code)}}
	}
	reply.File = &chat.File{Name: "ageing.png", Make: "ageing", Args: q.args()}
	return reply, nil
}

// countBack is the other method of DSO, on request.
const countBack = "count_back"

// unpaidFor says for how many days sales stay unpaid, and by which method.
func unpaidFor(r *command.Request, q askedAgeing, balance, sales int64) (string, error) {
	tenths, ok := invoice.DSO(balance, sales)
	if q.dso == countBack {
		months, err := invoicestore.Months(r.Tx, r.Scope, q.among, q.at)
		if err != nil {
			return "", err
		}
		tenths, ok = invoice.CountBack(balance, months)
	}
	if !ok {
		return "", nil
	}
	return r.Say("ageing.dso", "days", fmt.Sprintf("%d.%d", tenths/10, tenths%10), "balance", r.Money(balance), "sales", r.Money(sales), "back", q.dso == countBack), nil
}

func bucketName(r *command.Request, bucket string) string { return r.Say("ageing.bucket." + bucket) }

// mostBars is how many accounts stand in the picture.
const mostBars = 8

// drawAgeing draws what is owed by bucket, and where most is overdue.
func drawAgeing(r *command.Request, args []string) ([]byte, error) {
	q := askedAgeing{among: invoicestore.Among{Account: args[0], Territory: args[1], Person: args[2]}, at: calendar.Day(args[3]), by: args[4], title: args[5]}
	groups, all, _, err := grouped(r, q)
	if err != nil {
		return nil, err
	}
	amount := func(v float64) string { return r.Money(int64(v)) }
	byBucket := picture.Chart{Title: r.Say("ageing.title", "who", q.title, "at", q.at), Print: amount}
	worst := picture.Chart{Title: r.Say("ageing.worst"), Print: amount}
	for k, v := range all.Values() {
		if v != 0 {
			byBucket.Add(bucketName(r, invoice.Buckets[k]), float64(v))
		}
	}
	for _, g := range groups[:min(mostBars, len(groups))] {
		if g.Overdue() > 0 {
			worst.Add(chat.Cut(g.name, 24), float64(g.Overdue()))
		}
	}
	return picture.Charts(byBucket, worst)
}
