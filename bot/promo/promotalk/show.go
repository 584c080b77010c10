package promotalk

import (
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/person"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/promo"
	"fieldbot/bot/promo/promostore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

var accessSystem = access.System("promos of a store that is audited")

// list is what is open, the first slot first; words narrow it to a promo, an account or a
// store.
func list(r *command.Request, a command.Args) (chat.Reply, error) {
	found, err := record.Find(r, a.Object)
	switch {
	case err != nil:
		return chat.Reply{}, err
	case strings.HasPrefix(a.Object, record.Ref+":") || len(found) == 1 && a.Object != "":
		p, choose, err := record.One(r, "show", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		return card(r, p)
	case len(found) == 0:
		return chat.Reply{Text: r.Say("promo.nothing", "may", r.May(promo.Makers), "query", chat.Cut(a.Object, 60))}, nil
	}
	reply := chat.Reply{Title: r.Say("promo.title"), Text: strings.Join(command.Listed(r, found, shown, len(found), func(p promo.Promo) string { return line(r, p) }), "\n")}
	for _, p := range found[:min(5, len(found))] {
		reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(record.Name(r, p), "promo", "show "+record.RefOf(p))})
	}
	return reply, nil
}

func line(r *command.Request, p promo.Promo) string {
	return r.Say("promo.line", "promo", record.Name(r, p), "account", r.AccountOf(p.AccountID).Name, "from", p.StartsOn, "to", p.EndsOn, "state", papers.State(r, p),
		"approved", p.Status == promo.Approved, "running", p.Status == promo.Running, "agreed", p.Stores-p.Unagreed, "reported", p.Stores-p.Unreported, "stores", p.Stores)
}

// card is everything of a promo, with what can be done with it now.
func card(r *command.Request, p promo.Promo) (chat.Reply, error) {
	reply := chat.Reply{Title: record.Name(r, p)}
	add := func(label, value string) {
		if value != "" {
			reply.Fields = append(reply.Fields, chat.Line{Label: label, Value: value})
		}
	}
	add(r.Words.Label("status"), papers.State(r, p))
	add(r.Say("promo.account"), r.AccountOf(p.AccountID).Name)
	add(r.Say("promo.when"), r.Say("promo.slot", "from", p.StartsOn, "to", p.EndsOn))
	reply.Fields = append(reply.Fields, r.Lines(promo.Catalogue, p, "mechanics", "product_codes", "promo_price", "display", "gifts_per_store")...)
	if p.GiftsPerStore > 0 {
		add(r.Say("promo.gifts"), r.Say("promo.gifts_needed", "each", p.GiftsPerStore, "stores", p.Stores, "all", p.GiftsPerStore*p.Stores))
	}
	insider := r.May(insiders)
	if p.Fee > 0 && insider {
		add(r.Say("promo.fee"), r.Say("promo.fee_line", "fee", r.Money(p.Fee), "stores", p.Stores, "all", r.Money(p.Fee*p.Stores), "payer", payer(r, p)))
	}
	if p.ForecastUnits > 0 && insider {
		add(r.Say("promo.forecast"), r.Say("promo.forecast_line", "units", p.ForecastUnits, "factor", p.Uplift(settings(r)).FloatString(2)))
	}
	add(r.Words.Label("reason"), p.Reason)
	add(r.Say("promo.kam"), r.Name(p.OwnerID))
	if p.Status == promo.Approved {
		add(r.Say("promo.parties_label"), parties(r, p))
	}
	if insider && (p.Status == promo.Running || p.Status == promo.Verified || p.Status == promo.Settled) {
		if err := evaluated(r, p, add); err != nil {
			return reply, err
		}
	}
	if err := claimed(r, p, add); err != nil {
		return reply, err
	}
	trail, err := papers.Trail(r, p)
	if err != nil {
		return reply, err
	}
	reply.Fields = append(reply.Fields, trail...)
	buttons := []chat.Button{command.SayButton(r.Say("button.promo_stores"), "promo", "stores "+record.RefOf(p))}
	if mayConfirm(r, p) == nil {
		buttons = append([]chat.Button{command.SayButton(r.Say("button.promo_confirm"), "promo", "confirm "+record.RefOf(p))}, buttons...)
	}
	moves, err := papers.Buttons(r, p)
	reply.Buttons = [][]chat.Button{append(buttons, moves...)}
	return reply, err
}

// insiders read a promo's money and what it brought; a promoter reads what is to be done.
var insiders = []person.Role{person.Rep, person.KAM, person.Manager, person.Finance, person.Analyst}

func payer(r *command.Request, p promo.Promo) string {
	x, _ := promo.Catalogue.Get("fee_payer")
	return r.Words.Option(x, p.FeePayer)
}

// evaluated adds what came of a promo so far.
func evaluated(r *command.Request, p promo.Promo, add func(label, value string)) error {
	all, err := promostore.Of(r.Tx, access.System("sums of a promo in sight"), p.ID)
	if err != nil {
		return err
	}
	v, err := promostore.Evaluate(r.Tx, p, all)
	if err != nil {
		return err
	}
	add(r.Say("promo.done"), r.Say("promo.done_line", "executed", v.Executed, "partly", v.Partly, "not", v.NotExecuted, "open", v.Open, "planned", v.Planned))
	if v.Fee > 0 {
		add(r.Say("promo.money"), r.Say("promo.money_line", "fee", r.Money(v.Fee), "back", r.MoneyIfAny(v.ClawBack), "frozen", r.MoneyIfAny(v.Frozen), "running", p.Status == promo.Running))
	}
	if v.Units > 0 {
		percent, known := v.UpliftPercent()
		if back, ok := v.Return(); ok && v.Margin != 0 {
			add(r.Say("promo.margin"), r.Say("promo.margin_line", "margin", r.Money(v.Margin), "percent", back))
		}
		add(r.Say("promo.sold"), r.Say("promo.sold_line", "units", v.Units, "forecast", v.Forecast, "percent", percent, "known", known, "after", v.After, "usual", v.AfterBaseline))
	}
	return nil
}

// storesOf lists what each store of a promo did, those with something to do first, and
// what is taken back of its fee.
func storesOf(r *command.Request, p promo.Promo) (chat.Reply, error) {
	all, err := promostore.Of(r.Tx, r.Scope, p.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: record.Name(r, p), Text: r.Say("promo.slot", "from", p.StartsOn, "to", p.EndsOn)}
	slices.SortStableFunc(all, func(a, b promo.Execution) int { return rank(p, a) - rank(p, b) })
	reply.Text += "\n" + strings.Join(command.Listed(r, all, 2*shown, len(all), func(e promo.Execution) string { return storeLine(r, p, e) }), "\n")
	for _, e := range all {
		if len(reply.Buttons) == 5 {
			break
		}
		name := chat.Cut(r.StoreOf(e.StoreID).Name, 30)
		switch {
		case p.Status == promo.Approved && e.AgreedWith == "" && mayAgree(r, e) == nil:
			reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.promo_agree")+" "+name, "promo", "agree "+stores.RefOf(e))})
		case e.Open() && e.Status != promo.Planned && r.Who.Is(person.Manager) && mayRecheck(r, e) == nil:
			reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.promo_recheck")+" "+name, "promo", "recheck "+stores.RefOf(e))})
		case p.Status == promo.Running && e.Open() && mayReportNow(r, e) == nil:
			reply.Buttons = append(reply.Buttons, []chat.Button{command.SayButton(r.Say("button.promo_report")+" "+name, "promo", "report "+stores.RefOf(e))})
		}
	}
	return reply, nil
}

func rank(p promo.Promo, e promo.Execution) int {
	switch {
	case p.Status == promo.Approved && e.AgreedWith == "", e.Open():
		return 0
	case e.Status != promo.Executed:
		return 1
	}
	return 2
}

func storeLine(r *command.Request, p promo.Promo, e promo.Execution) string {
	return r.Say("promo.store_line", "store", r.StoreOf(e.StoreID).Name, "before", p.Status == promo.Approved || p.Status == promo.Confirmed, "agreed", e.AgreedWith,
		"status", status(r, e), "missed", r.Words.List(pointNames(r, e.Missed)), "reason", chat.Cut(chat.OneLine(e.Reason), 80), "late", e.Late, "again", e.Again && e.CheckedBy == "", "back", r.MoneyIfAny(e.ClawBack()), "frozen", e.Open() && e.Status != promo.Planned && e.Fee > 0)
}

// uncleared lists what was done and is not settled (已执行未核销).
func uncleared(r *command.Request, _ command.Args) (chat.Reply, error) {
	all, err := promostore.NotCleared(r.Tx, r.Scope, 4*shown)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(all) == 0 {
		return chat.Reply{Text: r.Say("promo.all_cleared")}, nil
	}
	lines := command.Listed(r, all, 2*shown, len(all), func(e promo.Execution) string {
		return r.Say("promo.uncleared_line", "name", stores.Name(r, e), "fee", r.Money(e.Fee-e.ClawBack()), "back", r.MoneyIfAny(e.ClawBack()))
	})
	return chat.Reply{Title: r.Say("promo.uncleared"), Text: strings.Join(lines, "\n")}, nil
}

// atStore are the promos of a place that run or come within days.
func atStore(r *command.Request, p account.Place, days int) ([]promo.Promo, error) {
	today := r.Words.Today(r.Said)
	if p.StoreID() == "" {
		return promostore.Open(r.Tx, r.Scope, p.AccountID, shown)
	}
	return promostore.At(r.Tx, r.Scope, p.StoreID(), today, today.Add(days))
}

func onCard(r *command.Request, p account.Place) ([]command.Part, error) {
	found, err := atStore(r, p, lately)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var lines []string
	for _, x := range found[:min(3, len(found))] {
		lines = append(lines, r.Say("promo.short", "promo", record.Name(r, x), "from", x.StartsOn, "to", x.EndsOn, "state", papers.State(r, x)))
	}
	return []command.Part{{Rank: command.RankOpen, Line: chat.Line{Label: r.Say("promo.title"), Value: strings.Join(lines, "\n")}}}, nil
}

// brief says which promos run at a store, and that nobody has reported yet.
func brief(r *command.Request, p account.Place) ([]command.Point, error) {
	found, err := atStore(r, p, 0)
	if err != nil {
		return nil, err
	}
	var out []command.Point
	for _, x := range found {
		if x.Status != promo.Running || p.StoreID() == "" {
			continue
		}
		e, ok, err := promostore.OfStore(r.Tx, r.Scope, x.ID, p.StoreID())
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, command.Point{Rank: command.RankOpen, Text: r.Say("promo.runs", "promo", x.Name, "to", x.EndsOn, "open", e.Open(), "first", x.StartsOn == r.Words.Today(r.Said), "display", r.Words.List(displays(r, x)), "price", r.MoneyIfAny(x.PromoPrice))})
		}
	}
	return out, nil
}

// atPlace offers the report of each promo that runs at a store and that nobody has
// reported.
func atPlace(r *command.Request, p account.Place) ([]chat.Button, error) {
	if p.StoreID() == "" {
		return nil, nil
	}
	running, err := inStore(r, p.StoreID(), "")
	var out []chat.Button
	for _, e := range running {
		if x := promoOf(r, e); x.On(r.Words.Today(r.Said)) && e.Open() && mayReport(r, e) == nil {
			out = append(out, command.SayButton(r.Say("button.promo_report")+" "+chat.Cut(x.Name, 20), "promo", "report "+stores.RefOf(e)))
		}
	}
	return out[:min(2, len(out))], err
}

func displays(r *command.Request, p promo.Promo) []string {
	x, _ := promo.Catalogue.Get("display")
	out := make([]string, len(p.Display))
	for i, d := range p.Display {
		out[i] = r.Words.Option(x, d)
	}
	return out
}

// productIDs are the products of a promo.
func productIDs(r *command.Request, p promo.Promo) ([]string, error) {
	var out []string
	for _, code := range p.ProductCodes {
		x, ok, err := productstore.ByCode(r.Tx, code)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, x.ID)
		}
	}
	return out, nil
}
