package shelftalk

import (
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// shown is how many audits of a store are listed.
const shown = 10

// findAudits are the audits of a store that words name, the last first; none name the
// person's own last ones.
func findAudits(r *command.Request, words string) ([]shelf.Audit, error) {
	if words == "" {
		return shelfstore.Of(r.Tx, r.Scope, r.Who.ID, shown)
	}
	place, choose, err := r.OnePlace("shelf", "show", command.Args{Object: words})
	if err != nil || choose != nil {
		return nil, err
	}
	return shelfstore.OfStore(r.Tx, r.Scope, place.StoreID(), 1)
}

// lastAudits are the person's own.
func lastAudits(r *command.Request, _ command.Args) (chat.Reply, error) {
	own, err := shelfstore.Of(r.Tx, r.Scope, r.Who.ID, shown)
	if err != nil {
		return chat.Reply{}, err
	}
	return listed(r, r.Say("shelf.own"), own)
}

// history is a store's audits, the last first.
func history(r *command.Request, a command.Args) (chat.Reply, error) {
	s, choose, err := oneStore(r, "history", a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	all, err := shelfstore.OfStore(r.Tx, r.Scope, s.ID, shown)
	if err != nil {
		return chat.Reply{}, err
	}
	return listed(r, r.Say("shelf.history", "store", s.Name), all)
}

// listed are audits, a line each with score and availability.
func listed(r *command.Request, title string, all []shelf.Audit) (chat.Reply, error) {
	if len(all) == 0 {
		return chat.Reply{Text: r.Say("shelf.none")}, nil
	}
	reply := chat.Reply{Title: title}
	var text []string
	for _, a := range all {
		m, err := measure(r, a)
		if err != nil {
			return reply, err
		}
		text = append(text, auditLine(r, a, m))
	}
	reply.Text = strings.Join(text, "\n")
	reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.last_audit"), "shelf", "show "+record.RefOf(all[0]))}}
	return reply, nil
}

func measure(r *command.Request, a shelf.Audit) (shelf.Measures, error) {
	lines, err := shelfstore.LinesOf(r.Tx, r.Scope, a.ID)
	return a.Measure(lines, settings(r)), err
}

func auditLine(r *command.Request, a shelf.Audit, m shelf.Measures) string {
	score, _ := m.Score(settings(r).Score)
	return "· " + r.Say("shelf.line", "name", record.Name(r, a), "score", score, "there", m.Found, "listed", m.Listed, "who", r.Name(a.PersonID))
}

// card is everything of an audit.
func card(r *command.Request, a shelf.Audit) (chat.Reply, error) {
	lines, err := shelfstore.LinesOf(r.Tx, r.Scope, a.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	m := a.Measure(lines, settings(r))
	reply := chat.Reply{Title: record.Name(r, a), Text: scoreLine(r, m)}
	for _, p := range m.Parts(settings(r).Score) {
		reply.Fields = append(reply.Fields, chat.Line{Label: partName(r, p.Name), Value: r.Say("shelf.percent", "percent", int(p.Percent+0.5))})
	}
	names := map[string]productstore.Carried{}
	for _, l := range lines {
		names[l.ProductID] = productstore.Carried{Product: productOf(r, l.ProductID)}
	}
	var what []string
	for _, l := range lines {
		if line := lineOf(r, l, names[l.ProductID].Product.Label()); line != "" {
			what = append(what, "· "+line)
		}
	}
	reply.Text += "\n" + found(r, lines, names)
	if len(what) > 0 {
		reply.Text += "\n" + strings.Join(what[:min(2*shown, len(what))], "\n")
	}
	reply.Fields = append(reply.Fields, r.Lines(shelf.Catalogue, a, "category_facings", "displays", "pop", "competitor_news", "photos")...)
	reply.Fields = append(reply.Fields, chat.Line{Label: r.Say("shelf.by"), Value: r.Name(a.PersonID)})
	reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.shelf_history"), "shelf", "history "+account.KindStore+":"+a.StoreID)}}
	return reply, nil
}

// lineOf is what somebody counted of a product; nothing is said of what is assumed.
func lineOf(r *command.Request, l shelf.Line, name string) string {
	if !slices.ContainsFunc(l.Counted, func(k string) bool { return k != "on_shelf" }) {
		return ""
	}
	price := ""
	if l.Has("shelf_price") && l.ShelfPrice > 0 {
		price = r.Money(l.ShelfPrice)
	}
	facings := int64(0)
	if l.Has("facings") {
		facings = l.Facings
	}
	return r.Say("shelf.counted", "product", name, "price", price, "facings", facings, "tag", l.TagRight == shelf.No, "stock", l.ShelfUnits+l.BackroomUnits, "expiry", l.NearestExpiry, "expires", l.NearestExpiry != "")
}

// onCard says how a store's shelf was last seen.
func onCard(r *command.Request, p account.Place) ([]command.Part, error) {
	a, m, ok, err := last(r, p)
	if err != nil || !ok {
		return nil, err
	}
	score, _ := m.Score(settings(r).Score)
	return []command.Part{{Rank: command.RankPast, Line: chat.Line{Label: r.Say("shelf.last"), Value: r.Say("shelf.last_line", "score", score, "there", m.Found, "listed", m.Listed, "day", a.AuditedOn)}}}, nil
}

func last(r *command.Request, p account.Place) (shelf.Audit, shelf.Measures, bool, error) {
	if p.StoreID() == "" {
		return shelf.Audit{}, shelf.Measures{}, false, nil
	}
	all, err := shelfstore.OfStore(r.Tx, r.Scope, p.StoreID(), 1)
	if err != nil || len(all) == 0 {
		return shelf.Audit{}, shelf.Measures{}, false, err
	}
	m, err := measure(r, all[0])
	return all[0], m, true, err
}

// brief names what was missing last.
func brief(r *command.Request, p account.Place) ([]command.Point, error) {
	a, _, ok, err := last(r, p)
	if err != nil || !ok {
		return nil, err
	}
	lines, err := shelfstore.LinesOf(r.Tx, r.Scope, a.ID)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, l := range lines {
		if l.OnShelf == shelf.No {
			out = append(out, productOf(r, l.ProductID).Label())
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return []command.Point{{Rank: command.RankOpen, Text: r.Say("shelf.was_out", "n", len(out), "products", r.Words.List(out), "day", a.AuditedOn)}}, nil
}

// effect is how the score of a store changed after a visit.
func effect(r *command.Request, p command.Past) ([]string, error) {
	if p.Place.StoreID() == "" {
		return nil, nil
	}
	before, after, err := shelfstore.Around(r.Tx, r.Scope, p.Place.StoreID(), p.On, p.Until)
	if err != nil || before.ID == "" || after.ID == "" {
		return nil, err
	}
	was, err := measure(r, before)
	if err != nil {
		return nil, err
	}
	is, err := measure(r, after)
	x, ok := was.Score(settings(r).Score)
	y, ok2 := is.Score(settings(r).Score)
	if err != nil || !ok || !ok2 {
		return nil, err
	}
	return []string{r.Say("shelf.effect", "was", x, "is", y)}, nil
}

// doneToday counts the person's audits of the day.
func doneToday(r *command.Request) (string, error) {
	n, err := shelfstore.Audits.In(r.Scope).And("u.person_id = ? AND u.audited_on = ?", r.Who.ID, r.Words.Today(r.Tx.Now)).Count(r.Tx)
	if err != nil || n == 0 {
		return "", err
	}
	return r.Say("shelf.done_today", "n", n), nil
}

// atPlace offers the audit of a store where something is to stand and that the person has
// not audited today.
func atPlace(r *command.Request, p account.Place) ([]chat.Button, error) {
	if p.StoreID() == "" || !r.May(shelf.Auditors) {
		return nil, nil
	}
	if _, done, err := shelfstore.OnDay(r.Tx, r.Scope, p.StoreID(), r.Who.ID, r.Words.Today(r.Said)); err != nil || done {
		return nil, err
	}
	carried, err := productstore.InStore(r.Tx, r.Store(p.StoreID()))
	if err != nil || len(carried) == 0 {
		return nil, err
	}
	b := command.SayButton(r.Say("button.audit"), "shelf", "audit "+p.Ref())
	b.Style = chat.Primary
	return []chat.Button{b}, nil
}
