package promotalk

import (
	"errors"

	"fieldbot/bot/account"
	"fieldbot/bot/clock/remind"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/promo"
	"fieldbot/bot/promo/promostore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// tick moves promos on when their day has come, by the company's calendar: a confirmed one
// runs, what nobody reported by the end is to be checked again, a reported one is
// verified. The request is the system's.
func tick(r *command.Request) error {
	today := r.Words.Today(r.Tx.Now)
	found, err := promostore.Ticking(r.Tx, r.Scope, today)
	for _, p := range found {
		err = errors.Join(err, r.Tx.Try(func() error { return move(r, p, today) }))
	}
	return err
}

func move(r *command.Request, p promo.Promo, today calendar.Day) error {
	after, err := papers.Advance(r, p)
	if err != nil || after.Status != promo.Running {
		return err
	}
	frozen, err := promostore.Freeze(r.Tx, after, today)
	if err != nil || frozen == 0 {
		return err
	}
	owner, ok, err := personstore.ByID(r.Tx, p.OwnerID)
	if err != nil || !ok {
		return err
	}
	boss, above, err := r.Boss(owner)
	if err != nil || !above {
		return err
	}
	return r.Tell(boss.ID, func(as *command.Request) chat.Reply {
		return chat.Reply{Title: as.Say("promo.unverified_title", "promo", record.Name(as, p)), Text: as.Say("promo.unverified", "n", frozen, "fee", as.MoneyIfAny(p.Fee*int64(frozen)), "by", today.Add(recheckDays)), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.promo_stores"), "promo", "stores "+record.RefOf(p))}}}
	})
}

// recheckDays is in how many days a manager looks again at what nobody reported; then it
// goes up the line (domain.md §6).
const recheckDays = 3

// waits is what promos want of the person in the morning, a line each: stores to look at
// and to agree with, the owner's clock, a manager's checks.
func waits(r *command.Request, d remind.Digest) ([]command.Section, error) {
	if d != remind.Morning {
		return nil, nil
	}
	out := command.Section{Title: r.Say("promo.waiting")}
	for _, find := range []func(*command.Request) ([]command.Item, error){toReport, toAgree, onClock} {
		items, err := find(r)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, items...)
	}
	checks, err := toCheck(r)
	return []command.Section{out, checks}, err
}

// mine are the executions that are the person's own to see to, by promo: who serves the
// store, or sees to the promo on the spot.
func mine(r *command.Request, all []promo.Execution) (order []promo.Promo, of map[string][]account.Store) {
	of = map[string][]account.Store{}
	for _, e := range all {
		s := r.StoreOf(e.StoreID)
		if e.LocalID != r.Who.ID && s.RepID != r.Who.ID {
			continue
		}
		if len(of[e.PromoID]) == 0 {
			order = append(order, promoOf(r, e))
		}
		of[e.PromoID] = append(of[e.PromoID], s)
	}
	return order, of
}

func item(r *command.Request, p promo.Promo, line, button, verb string) command.Item {
	return command.Item{Subject: record.RefOf(p), Label: record.Name(r, p), Line: "· " + line, Act: []chat.Button{command.SayButton(r.Say(button)+" "+p.Code, "promo", verb+" "+record.RefOf(p))}}
}

// toReport are the promos whose stores the person is to look at by today.
func toReport(r *command.Request) (out []command.Item, err error) {
	all, err := promostore.ToReport(r.Tx, r.Scope)
	order, of := mine(r, all)
	today := r.Words.Today(r.Tx.Now)
	for _, p := range order {
		due, late := 0, 0
		for _, s := range of[p.ID] {
			switch by := promo.CheckBy(p, s, settings(r).CheckDays); {
			case by < today:
				late++
				due++
			case by == today:
				due++
			}
		}
		if due > 0 {
			out = append(out, item(r, p, r.Say("promo.look", "n", due, "promo", p.Name, "late", late), "button.promo_report", "stores"))
		}
	}
	return out, err
}

// toAgree are the promos whose stores the person is to agree with.
func toAgree(r *command.Request) (out []command.Item, err error) {
	all, err := promostore.ToAgree(r.Tx, r.Scope)
	order, of := mine(r, all)
	for _, p := range order {
		out = append(out, item(r, p, r.Say("promo.agree_line", "n", len(of[p.ID]), "promo", p.Name, "from", p.StartsOn), "button.promo_agree", "stores"))
	}
	return out, err
}

// onClock are the dates of the person's own promos: order, rehearsal, goods, the first day,
// and what keeps one from running.
func onClock(r *command.Request) (out []command.Item, err error) {
	all, err := promostore.OwnedOpen(r.Tx, r.Scope, r.Who.ID)
	today, s := r.Words.Today(r.Tx.Now), settings(r)
	for _, p := range all {
		what := ""
		switch left := p.StartsOn.Sub(today); {
		case p.Status != promo.Approved && p.Status != promo.Confirmed:
		case p.Status == promo.Approved && left <= 0:
			what = "override"
		case left == s.OrderDays:
			what = "order"
		case left == s.RehearsalDays:
			what = "rehearsal"
		case left == s.GoodsDays:
			what = "goods"
		case left == 0:
			what = "first"
		}
		if what != "" {
			out = append(out, item(r, p, r.Say("promo.clock."+what, "promo", p.Name, "from", p.StartsOn, "waits", p.Status == promo.Approved, "agreed", p.Stores-p.Unagreed, "stores", p.Stores), "button.card", "show"))
		}
	}
	return out, err
}

// toCheck is what nobody reported, or whose photo was used before: for the manager of the
// promo's owner, and from the third day for those above.
func toCheck(r *command.Request) (command.Section, error) {
	var out command.Section
	if !r.Who.Is(person.Manager) {
		return out, nil
	}
	all, err := promostore.ToCheck(r.Tx, r.Scope)
	today := r.Words.Today(r.Tx.Now)
	for _, e := range all {
		p := promoOf(r, e)
		owner, _, err := personstore.ByID(r.Tx, p.OwnerID)
		if err != nil {
			return out, err
		}
		if owner.ReportsTo != r.Who.ID && p.OwnerID != r.Who.ID && today.Sub(p.EndsOn) <= recheckDays {
			continue
		}
		name := r.StoreOf(e.StoreID).Name
		line := r.Say("promo.check_line", "store", name, "promo", p.Name, "again", e.Again, "fee", r.MoneyIfAny(e.Fee))
		out.Items = append(out.Items, command.Item{Subject: stores.RefOf(e), Label: name, Line: "· " + line, Act: []chat.Button{command.SayButton(r.Say("button.promo_recheck")+" "+chat.Cut(name, 30), "promo", "recheck "+stores.RefOf(e))}})
	}
	out.Title = r.Say("promo.to_check", "n", len(out.Items))
	return out, err
}
