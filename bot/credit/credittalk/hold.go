package credittalk

import (
	"errors"
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/credit"
	"fieldbot/bot/credit/creditstore"
	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// wanted says what speaks against an order, or against goods being sent.
func wanted(r *command.Request, e order.Wanted) error {
	if e.Order.Prepaid || e.Order.Released && e.Sending {
		return nil
	}
	debtor, err := creditstore.Debtor(r.Tx, e.Order.AccountID)
	if err != nil {
		return err
	}
	if err := r.Tx.Lock("credit:" + debtor.ID); err != nil { // two orders at once do not both pass
		return err
	}
	f, _, err := creditstore.FactsOf(r.Tx, debtor, r.Words.Today(r.Said))
	if err != nil {
		return err
	}
	if d := f.Decide(settings(r), e.More); d.Hold {
		e.Verdict.Against = r.Say("credit.against", "account", debtor.Name, "sending", e.Sending, "stopped", stopped(r, f, d))
	}
	if e.Verdict.Against != "" || e.Sending {
		return nil
	}
	return capped(r, e, debtor, f)
}

// capped says so of an order above the usual by a customer whose good faith is in doubt.
func capped(r *command.Request, e order.Wanted, debtor account.Account, f credit.Facts) error {
	breaches, err := creditstore.BreachesSince(r.Tx, debtor.ID, credit.BreachesFrom(f.Today))
	if err != nil || breaches == 0 {
		return err
	}
	last, err := orderstore.LastAmounts(r.Tx, e.Order, orderstore.LastOrders)
	if usual := order.Usual(last); credit.Caps(f.Credit.Grade, breaches, usual, e.Order.Lines.Value()) {
		e.Verdict.Against = r.Say("credit.capped", "account", debtor.Name, "grade", f.Credit.Grade, "n", breaches, "most", r.Money(usual))
	}
	return err
}

func moved(r *command.Request, e order.Moved) error { return ofAccount(r, e.Order.AccountID) }

func changed(r *command.Request, e invoice.Changed) error { return ofAccount(r, e.AccountID) }

func ofAccount(r *command.Request, accountID string) error {
	debtor, err := creditstore.Debtor(r.Tx, accountID)
	if err != nil {
		return err
	}
	return refresh(r, debtor)
}

// refresh sets or lifts the hold of a debtor, and tells whom it concerns.
func refresh(r *command.Request, debtor account.Account) error {
	today := companyDay(r)
	f, members, err := creditstore.FactsOf(r.Tx, debtor, today)
	if err != nil {
		return err
	}
	d := f.Decide(settings(r), 0)
	before := f.Credit
	if d.Hold == before.Hold && (!d.Hold || d.Why == before.Reason) {
		return nil
	}
	after := before
	after.Hold, after.HoldSince, after.Reason = d.Hold, "", d.Why
	if d.Hold {
		after.HoldSince = today
		if before.Hold {
			after.HoldSince = before.HoldSince
		}
	}
	err = r.Tx.Unasked(func() error {
		if before.ID != "" {
			return creditstore.Credits.Change(r.Tx, before, after)
		}
		after.AccountID = debtor.ID // nobody graded it: it has no limit, and stops all the same
		return creditstore.Add(r.Tx, &after)
	})
	if err != nil {
		return err
	}
	held, err := orderstore.Hold(r.Tx, members, d.Hold)
	if err != nil || before.Hold == d.Hold {
		return err
	}
	f.Credit = after
	return tell(r, debtor, f, d, held)
}

// companyDay is the day by the company's clock: a hold is one for everybody.
func companyDay(r *command.Request) calendar.Day {
	return calendar.On(r.Tx.Now.In(r.Config.Company.Zone()))
}

// tell says at once that deliveries stop, or go on: to who answers for the account, to those
// whose orders wait, and to finance.
func tell(r *command.Request, debtor account.Account, f credit.Facts, d credit.Decision, held int) error {
	to := []string{debtor.OwnerID}
	open, err := orderstore.Open(r.Tx, access.System("whose orders wait"), debtor.ID, 50)
	if err != nil {
		return err
	}
	for _, o := range open {
		to = append(to, o.PersonID)
	}
	return tellAll(r, to, func(as *command.Request) chat.Reply {
		reply := chat.Reply{Title: as.Say("credit.hold_title", "account", debtor.Name, "hold", d.Hold), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.card"), "credit", "show "+debtor.Code)}}}
		if d.Hold {
			reply.Text = stopped(as, f, d) + as.Say("credit.orders_wait", "n", held)
		} else {
			reply.Text = as.Say("credit.goes_on", "n", held)
		}
		return reply
	})
}

// tellAll tells some people, and finance, each once.
func tellAll(r *command.Request, to []string, say func(as *command.Request) chat.Reply) error {
	finance, ok, err := personstore.OfRole(r.Tx, person.Finance)
	if err != nil {
		return err
	}
	if ok {
		to = append(to, finance.ID)
	}
	for i, id := range to {
		if id == "" || slices.Contains(to[:i], id) {
			continue
		}
		if err := r.Tell(id, say); err != nil {
			return err
		}
	}
	return nil
}

// asksAt is the hour, by the company's clock, at which finance and the owner are asked the
// day before deliveries stop (domain.md §7).
var asksAt = calendar.Clock(9 * 60)

// tick looks once a day at whoever is overdue or stopped: holds are set and lifted, and the
// day before one of grade A or B the owner and finance are asked. The request is the
// system's.
func tick(r *command.Request) error {
	today := companyDay(r)
	if first, err := r.Tx.MarkOnce("credit.holds", "", string(today)); err != nil {
		return err
	} else if first {
		if err := eachChased(r, today.Add(-settings(r).GraceDays), func(debtor account.Account) error { return refresh(r, debtor) }); err != nil {
			return err
		}
		held, err := creditstore.OnHold(r.Tx, r.Scope, 1000)
		for _, c := range held {
			err = errors.Join(err, r.Tx.Try(func() error { return refresh(r, r.AccountOf(c.AccountID)) }))
		}
		if err != nil {
			return err
		}
	}
	if calendar.ClockOf(r.Tx.Now.In(r.Config.Company.Zone())) < asksAt {
		return nil
	}
	if first, err := r.Tx.MarkOnce("credit.asks", "", string(today)); err != nil || !first {
		return err
	}
	return eachChased(r, today.Add(1-settings(r).GraceDays), func(debtor account.Account) error { return ask(r, debtor, today) })
}

// eachChased calls do with each debtor of whom something was due before a day.
func eachChased(r *command.Request, before calendar.Day, do func(debtor account.Account) error) error {
	accounts, err := invoicestore.Chased(r.Tx, before)
	seen := map[string]bool{}
	for _, id := range accounts {
		debtor, e := creditstore.Debtor(r.Tx, id)
		if e == nil && !seen[debtor.ID] {
			seen[debtor.ID] = true
			e = r.Tx.Try(func() error { return do(debtor) })
		}
		err = errors.Join(err, e)
	}
	return err
}

// ask asks, on the last day of the grace, whether to stop deliveries to a debtor of grade A
// or B; silence stops them tomorrow.
func ask(r *command.Request, debtor account.Account, today calendar.Day) error {
	f, _, err := creditstore.FactsOf(r.Tx, debtor, today)
	if err != nil || f.OldestDue.Sub(today) != -settings(r).GraceDays || f.Credit.Grade != "A" && f.Credit.Grade != "B" || f.Credit.SparedUntil >= today && f.Credit.SparedUntil != "" {
		return err
	}
	return tellAll(r, []string{debtor.OwnerID}, func(as *command.Request) chat.Reply {
		buttons := []chat.Button{command.SayButton(as.Say("button.card"), "credit", "show "+debtor.Code)}
		if as.May(deciders) {
			buttons = append([]chat.Button{command.SayButton(as.Say("button.spare"), "credit", "spare "+record.RefOf(f.Credit))}, buttons...)
		}
		return chat.Reply{Title: as.Say("credit.tomorrow_title", "account", debtor.Name), Text: as.Say("credit.tomorrow", "amount", as.Money(f.Overdue), "grade", f.Credit.Grade, "may", as.May(deciders)), Buttons: [][]chat.Button{buttons}}
	})
}

// waits: on the 1st and the 16th, or the first day worked after, the review of each open
// account, for who answers for it and for the owner's manager.
func waits(r *command.Request, d remind.Digest) ([]command.Section, error) {
	if d != remind.Morning || !r.Who.Is(keepers...) || !reviewDay(r) {
		return nil, nil
	}
	today := r.Words.Today(r.Tx.Now)
	rows, err := invoicestore.Ageing(r.Tx, r.Scope, invoicestore.Among{}, today)
	if err != nil {
		return nil, err
	}
	out := command.Section{Title: r.Say("credit.review_title")}
	for _, row := range rows {
		if row.Ageing == (invoice.Ageing{}) {
			continue
		}
		a := r.AccountOf(row.AccountID)
		owner, _, err := personstore.ByID(r.Tx, a.OwnerID)
		if err != nil {
			return nil, err
		}
		if a.OwnerID != r.Who.ID && owner.ReportsTo != r.Who.ID {
			continue
		}
		line, err := review(r, a, row.Ageing, today)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, command.Item{Subject: "review:" + a.ID, Label: a.Name, Line: "· " + line, Act: []chat.Button{command.SayButton(chat.Cut(a.Name, 30), "credit", "show "+a.Code)}})
	}
	return []command.Section{out}, nil
}

// reviewDay reports whether a review is due: on the 1st, the 16th, or today where those
// were days off.
func reviewDay(r *command.Request) bool {
	today, work := r.Words.Today(r.Tx.Now), r.Config.Company.Calendar()
	for day := today; ; day = day.Add(-1) {
		if _, _, n := day.Parts(); n == 1 || n == 16 {
			return true
		}
		if work.Working(day.Add(-1)) || today.Sub(day) > 10 {
			return false
		}
	}
}

// review is an account in a line: what it owes, what it promised, and the grade that its
// record speaks for.
func review(r *command.Request, a account.Account, owed invoice.Ageing, today calendar.Day) (string, error) {
	kept, broken := 0, 0
	promises, err := invoicestore.PromisesOf(r.Tx, r.Scope, a.ID, "", 50)
	for _, p := range promises {
		switch p.Status {
		case invoice.Kept:
			kept++
		case invoice.Broken:
			broken++
		}
	}
	if err != nil {
		return "", err
	}
	deductions, err := invoicestore.DeductionsOf(r.Tx, r.Scope, a.ID, 100)
	if err != nil {
		return "", err
	}
	c, known, err := creditstore.Of(r.Tx, r.Scope, a.ID)
	if err != nil {
		return "", err
	}
	proposed := ""
	if known {
		half, err := invoicestore.RecordOf(r.Tx, r.Scope, a.ID, today.Add(-182))
		if err != nil {
			return "", err
		}
		year, err := invoicestore.RecordOf(r.Tx, r.Scope, a.ID, today.Add(-365))
		if err != nil {
			return "", err
		}
		if p := credit.Proposed(c.Grade, int(half.Late/max(1, half.Invoices)), int(half.Invoices), year.Worst == 0 && owed.Overdue() == 0); p != c.Grade {
			proposed = p
		}
	}
	return r.Say("credit.review", "account", a.Name, "total", r.Money(owed.Total()), "overdue", r.MoneyIfAny(owed.Overdue()), "kept", kept, "broken", broken, "deductions", len(deductions), "grade", c.Grade, "proposed", proposed, "step", credit.Ladder(c.HoldSince, today)), nil
}
