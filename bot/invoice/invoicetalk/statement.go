package invoicetalk

import (
	"bytes"
	"slices"
	"strings"

	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/picture"
	"fieldbot/bot/kit/sheet"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/lang"
	"fieldbot/bot/terms/termsstore"
)

var statements = command.Family{
	Name:    "statement",
	Default: "show",
	Verbs: []command.Verb{
		{Name: "show", Roles: readers, Takes: statementTakes, Read: showStatement},
		{Name: "letter", Roles: readers, Takes: letterTakes, Read: letter},
	},
}

var (
	statementTakes = []field.Field{{Key: "period", Kind: field.Text, Noun: "statements"}, {Key: "as", Kind: field.Choice, Options: []string{"pdf", "xlsx"}, Noun: "statements"}}
	letterTakes    = []field.Field{{Key: "language", Kind: field.Choice, Options: []string{"zh", "en"}, Noun: "people"}}
)

// showStatement is the month of an account store by store, as a message and a file; the
// month before this one, unless told.
func showStatement(r *command.Request, a command.Args) (chat.Reply, error) {
	span, named, err := r.Span(a.Values, &a)
	if err != nil {
		return chat.Reply{}, err
	}
	if !named {
		span = lastMonth(r.Words.Today(r.Said))
	}
	format, err := r.Option(a, statementTakes[1], "pdf")
	if err != nil {
		return chat.Reply{}, err
	}
	place, choose, err := r.OneAccount("statement", "show", a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	s, err := invoicestore.Statement(r.Tx, r.Scope, place.AccountID, span)
	if err != nil {
		return chat.Reply{}, err
	}
	t := s.Total()
	reply := chat.Reply{Title: r.Say("statement.title", "account", place.AccountName, "from", span.From, "to", span.To)}
	for _, x := range []struct {
		key    string
		amount int64
	}{{"opening", t.Opening}, {"invoiced", t.Invoiced}, {"paid", t.Paid}, {"deducted", t.Deducted}, {"credited", t.Credited}, {"closing", t.Closing}} {
		if x.amount != 0 || x.key == "closing" {
			reply.Fields = append(reply.Fields, chat.Line{Label: r.Say("statement." + x.key), Value: r.Money(x.amount)})
		}
	}
	open, err := invoicestore.DeductionsOf(r.Tx, r.Scope, place.AccountID, shown+1)
	if err != nil {
		return reply, err
	}
	if len(open) > 0 {
		reply.Text = r.Say("statement.differences") + "\n" + strings.Join(command.Listed(r, open, shown, len(open), func(d invoice.Deduction) string { return deductionLine(r, d) }), "\n")
	}
	reply.File = &chat.File{Name: place.Code + "-" + string(span.From[:7]) + "." + format, Make: "statement", Args: []string{place.AccountID, string(span.From), string(span.To), format, r.Words.Code}}
	reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.letter"), "statement", "letter "+place.Code), command.SayButton(r.Say("button.invoices"), "invoice", "list "+place.Code)}}
	return reply, nil
}

// lastMonth is the month before a day's.
func lastMonth(today calendar.Day) calendar.Span {
	end := calendar.Day(string(today[:8]) + "01").Add(-1)
	return calendar.Span{From: end[:8] + "01", To: end}
}

// letter is a text that the owner forwards to the customer: what is overdue, and what the
// customer still wants before it pays; with the statement so far as a file.
func letter(r *command.Request, a command.Args) (chat.Reply, error) {
	as := *r
	language, err := r.Option(a, letterTakes[0], "")
	if err != nil {
		return chat.Reply{}, err
	}
	if language != "" {
		as.Words = lang.In(language, r.Words.Zone)
	}
	place, choose, err := r.OneAccount("statement", "letter", a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	open, err := invoicestore.OpenOf(r.Tx, r.Scope, place.AccountID, 500)
	if err != nil {
		return chat.Reply{}, err
	}
	t, err := termsstore.Of(r.Tx, place.AccountID)
	if err != nil {
		return chat.Reply{}, err
	}
	today, total := r.Words.Today(r.Said), int64(0)
	var lines, papers []string
	for _, i := range open {
		if i.Disputed || i.NextDueOn >= today {
			continue
		}
		due := int64(0)
		for _, p := range invoice.OpenParts(i.Parts(), i.Settled) {
			if p.DueOn < today {
				due += p.Amount
			}
		}
		total += due
		for _, step := range i.Missing(t.Procedure) {
			if !slices.Contains(papers, step) {
				papers = append(papers, step)
			}
		}
		lines = append(lines, "· "+as.Say("letter.line", "number", i.Number, "issued", i.IssuedOn, "due", i.NextDueOn, "amount", as.Money(due), "late", today.Sub(i.NextDueOn)))
	}
	if total == 0 {
		return chat.Reply{Text: r.Say("letter.nothing", "account", place.AccountName)}, nil
	}
	text := as.Say("letter.text", "account", place.AccountName, "total", as.Money(total), "today", today, "papers", as.Words.List(papers), "who", r.Who.Name, "lines", strings.Join(lines, "\n"))
	return chat.Reply{Title: r.Say("letter.title", "account", place.AccountName), Text: text,
		File: &chat.File{Name: place.Code + "-" + string(today[:7]) + ".pdf", Make: "statement", Args: []string{place.AccountID, string(today[:8] + "01"), string(today), "pdf", as.Words.Code}}}, nil
}

// makeStatement makes the file of a statement, in the language of its reader.
func makeStatement(r *command.Request, args []string) ([]byte, error) {
	as := *r
	as.Words = lang.In(args[4], r.Words.Zone)
	s, err := invoicestore.Statement(r.Tx, r.Scope, args[0], calendar.Span{From: calendar.Day(args[1]), To: calendar.Day(args[2])})
	if err != nil {
		return nil, err
	}
	stores, open := statementTables(&as, s, args[0])
	if args[3] == "xlsx" {
		return workbook(stores)
	}
	return picture.Document{Title: as.Say("statement.paper"), Company: as.Config.Company.Name, Customer: as.AccountOf(args[0]).Name, Period: string(s.Span.From) + " – " + string(s.Span.To), Made: as.Tx.Now, Tables: []picture.Table{stores, open}}.PDF()
}

// statementTables are the stores with their roll-up, and what is open at the end.
func statementTables(r *command.Request, s invoice.Statement, accountID string) (stores, open picture.Table) {
	head := func(keys ...string) (out []string) {
		for _, k := range keys {
			out = append(out, r.Say("statement."+k))
		}
		return out
	}
	wide := func(widths ...float64) (out []picture.Column) {
		for i, w := range widths {
			out = append(out, picture.Column{Width: w, Align: map[bool]string{true: "L", false: "R"}[i == 0]})
		}
		return out
	}
	amounts := func(name string, l invoice.StatementLine) []string {
		out := []string{name}
		for _, n := range []int64{l.Opening, l.Invoiced, l.Paid, l.Deducted, l.Credited, l.Closing} {
			out = append(out, r.Money(n))
		}
		return out
	}
	stores = picture.Table{Title: r.Say("statement.by_store"), Columns: wide(54, 22, 22, 22, 19, 19, 22), Header: head("store", "opening", "invoiced", "paid", "deducted", "credited", "closing"), Total: amounts(r.Say("statement.total"), s.Total())}
	for _, l := range s.Lines {
		name := r.AccountOf(accountID).Name
		switch {
		case l.Unapplied:
			name = r.Say("statement.unapplied")
		case l.StoreID != "":
			x := r.StoreOf(l.StoreID)
			name = x.Code + " " + x.Name
		}
		stores.Rows = append(stores.Rows, amounts(name, l))
	}
	open = picture.Table{Title: r.Say("statement.open"), Columns: wide(50, 32, 32, 33, 33), Header: head("number", "issued", "due", "amount", "is_open")}
	total := int64(0)
	for _, i := range s.Open {
		total += i.Open()
		open.Rows = append(open.Rows, []string{i.Number, string(i.IssuedOn), string(i.DueOn), r.Money(i.Amount), r.Money(i.Open())})
	}
	open.Total = []string{r.Say("statement.total"), "", "", "", r.Money(total)}
	return stores, open
}

// workbook is a table as a workbook, amounts as plain decimals.
func workbook(t picture.Table) ([]byte, error) {
	var out bytes.Buffer
	w, err := sheet.NewWriter(&out, "xlsx", "statement", t.Header)
	if err != nil {
		return nil, err
	}
	for _, row := range append(t.Rows, t.Total) {
		cells := make([]any, len(row))
		for i, c := range row {
			cells[i] = c
		}
		if err := w.Write(cells); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return out.Bytes(), err
}
