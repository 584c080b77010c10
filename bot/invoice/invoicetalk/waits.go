package invoicetalk

import (
	"cmp"
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/config"
	"fieldbot/bot/credit"
	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/terms"
	"fieldbot/bot/terms/termsstore"
)

// When others hear of an open invoice, in days after it was due (domain.md §11): who leads
// the account's owner and finance, then the line above.
const (
	toManager = 7
	upTheLine = 30
)

// waits is the money that the morning speaks of: a line for each account of which an
// invoice comes to one of its days, the days of its calendar, promises that broke, and
// for finance what is to be issued.
func waits(r *command.Request, d remind.Digest) ([]command.Section, error) {
	if d != remind.Morning || !r.Who.Is(person.KAM, person.Manager, person.Finance) {
		return nil, nil
	}
	days := since(r)
	var out []command.Section
	for _, find := range []func(*command.Request, []calendar.Day) (command.Section, error){unsettled, brokenPromises, dates, toIssue} {
		s, err := find(r, days)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// since are the days from the last one worked before today, exclusive, to today: what
// fell on a day off is spoken of now.
func since(r *command.Request) []calendar.Day {
	today := r.Words.Today(r.Tx.Now)
	out := []calendar.Day{today}
	work := r.Config.Company.Calendar()
	for back := 1; back < 14 && !work.Working(today.Add(-back)); back++ {
		out = append(out, today.Add(-back))
	}
	return out
}

// owing is what of an account is spoken of today.
type owing struct {
	accountID string
	open      int64 // of the invoices that come to one of their days
	n         int
	late      int // of the oldest
	oldest    invoice.Invoice
}

// unsettled: accounts of the person's own, and from the seventh day those that come up to
// a manager and to finance.
func unsettled(r *command.Request, days []calendar.Day) (command.Section, error) {
	today := days[0]
	var due []calendar.Day
	for _, step := range config.Of[credit.Settings](r.Config).Remind {
		for _, day := range days {
			due = append(due, day.Add(-step))
		}
	}
	found, err := invoicestore.DueOn(r.Tx, r.Scope, due, mostSpoken)
	if err != nil {
		return command.Section{}, err
	}
	of := map[string]*owing{}
	var all []*owing
	accounts := map[string]account.Account{}
	for _, i := range found {
		a, known := accounts[i.AccountID]
		if !known {
			a = r.AccountOf(i.AccountID)
			accounts[i.AccountID] = a
		}
		mine, err := concerns(r, cmp.Or(i.CollectorID, a.OwnerID), today.Sub(i.NextDueOn))
		if err != nil {
			return command.Section{}, err
		}
		if !mine {
			continue
		}
		o := of[i.AccountID]
		if o == nil {
			o = &owing{accountID: i.AccountID, late: -1000}
			of[i.AccountID], all = o, append(all, o)
		}
		o.open += i.Open()
		o.n++
		if n := today.Sub(i.NextDueOn); n > o.late {
			o.late, o.oldest = n, i
		}
	}
	slices.SortStableFunc(all, func(a, b *owing) int {
		return cmp.Or(cmp.Compare(b.late, a.late), cmp.Compare(b.open, a.open))
	})
	out := command.Section{Title: r.Say("owed.title", "n", len(all))}
	for _, o := range all {
		a := accounts[o.accountID]
		open, err := invoicestore.PromisesOf(r.Tx, r.Scope, a.ID, invoice.Promised, 1)
		if err != nil {
			return out, err
		}
		promised := ""
		if len(open) > 0 {
			promised = r.Say("owed.promised", "amount", r.Money(open[0].Amount), "on", open[0].PromisedOn)
		}
		step := ""
		if o.late > 0 {
			left, err := missing(r, o.oldest)
			if err != nil {
				return out, err
			}
			if len(left) > 0 {
				step = left[0]
			}
		}
		out.Items = append(out.Items, command.Item{Subject: "owed:" + a.ID, Label: a.Name,
			Line: "· " + r.Say("owed.line", "account", a.Name, "n", o.n, "open", r.Money(o.open), "late", o.late, "left", -o.late, "grace", config.Of[credit.Settings](r.Config).GraceDays, "promised", promised, "step", step),
			Act:  []chat.Button{command.SayButton(r.Say("button.owed", "account", chat.Cut(a.Name, 24)), "invoice", "list "+a.Code)}})
	}
	return out, nil
}

// mostSpoken is how many invoices a morning looks at.
const mostSpoken = 500

// concerns reports whether the person hears of an invoice of somebody's that is so late.
func concerns(r *command.Request, owner string, late int) (bool, error) {
	switch {
	case owner == r.Who.ID:
		return true, nil
	case late < toManager:
		return false, nil
	case r.Who.Is(person.Finance):
		return true, nil
	case !r.Who.Is(person.Manager):
		return false, nil
	case late >= upTheLine:
		return true, nil
	}
	p, ok, err := personstore.ByID(r.Tx, owner)
	return ok && p.ReportsTo == r.Who.ID, err
}

// brokenPromises are those that broke since the last day worked, for who answers for the
// account and finance.
func brokenPromises(r *command.Request, days []calendar.Day) (command.Section, error) {
	found, err := invoicestore.LatelyBroken(r.Tx, r.Scope, days[len(days)-1].Add(-1))
	out := command.Section{Title: r.Say("owed.broken")}
	for _, p := range found {
		a := r.AccountOf(p.AccountID)
		if a.OwnerID != r.Who.ID && !r.Who.Is(person.Finance) {
			continue
		}
		out.Items = append(out.Items, command.Item{Subject: "promise:" + p.ID, Label: a.Name, Line: "· " + promiseLine(r, p),
			Act: []chat.Button{command.SayButton(r.Say("button.owed", "account", chat.Cut(a.Name, 24)), "invoice", "list "+a.Code)}})
	}
	return out, err
}

// dates are the days of customers' calendars, three days before and on the day.
func dates(r *command.Request, days []calendar.Day) (command.Section, error) {
	out := command.Section{Title: r.Say("owed.dates")}
	all, err := termsstore.OwnedBy(r.Tx, r.Scope, r.Who.ID)
	for _, t := range all {
		for _, x := range []struct {
			what string
			day  int64
		}{{"statement", t.StatementDay}, {"invoices", t.InvoiceByDay}, {"payment", t.PaymentDay}} {
			next := terms.Next(days[len(days)-1], x.day)
			if left := next.Sub(days[0]); x.day > 0 && (left <= 0 || left == 3 || left < 3 && len(days) > 1 && next.Sub(days[len(days)-1]) >= 3) {
				a := r.AccountOf(t.AccountID)
				out.Items = append(out.Items, command.Item{Subject: "date:" + t.ID + x.what, Label: a.Name, Line: "· " + r.Say("owed.date", "what", x.what, "account", a.Name, "on", next, "left", max(0, left))})
			}
		}
	}
	return out, err
}

// toIssue is what finance has been asked to issue.
func toIssue(r *command.Request, _ []calendar.Day) (command.Section, error) {
	if !r.Who.Is(person.Finance) {
		return command.Section{}, nil
	}
	found, err := invoicestore.RequestedBy(r.Tx, r.Scope, 25)
	out := command.Section{Title: r.Say("invoice.to_issue", "n", len(found))}
	for _, i := range found {
		out.Items = append(out.Items, command.Item{Subject: record.RefOf(i), Label: record.Name(r, i), Line: "· " + line(r, i), Act: []chat.Button{command.SayButton(r.Say("button.invoice.issue")+" "+i.Number, "invoice", "issue "+record.RefOf(i))}})
	}
	return out, err
}

// onCard says what an account owes.
func onCard(r *command.Request, p account.Place) ([]command.Part, error) {
	text, err := owes(r, p)
	if err != nil || text == "" {
		return nil, err
	}
	return []command.Part{{Rank: command.RankOpen, Line: chat.Line{Label: r.Say("owed.label"), Value: text}}}, nil
}

// brief says before the door what is overdue.
func brief(r *command.Request, p account.Place) ([]command.Point, error) {
	text, err := owes(r, p)
	if err != nil || text == "" {
		return nil, err
	}
	return []command.Point{{Rank: command.RankOpen, Text: r.Say("owed.brief", "what", text)}}, nil
}

// owes is what an account owes in a line, "" where it is nothing or not the person's to
// know.
func owes(r *command.Request, p account.Place) (string, error) {
	if !r.May(readers) {
		return "", nil
	}
	today := r.Words.Today(r.Said)
	b, err := invoicestore.Balance(r.Tx, r.Scope, p.AccountID, today)
	if err != nil || b.Total() == 0 && b.Overdue() == 0 {
		return "", err
	}
	open, err := invoicestore.OpenOf(r.Tx, r.Scope, p.AccountID, 1)
	oldest := 0
	if len(open) > 0 {
		oldest = late(r, open[0])
	}
	return r.Say("owed.short", "total", r.Money(b.Total()), "overdue", r.MoneyIfAny(b.Overdue()), "late", oldest), err
}
