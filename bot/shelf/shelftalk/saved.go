package shelftalk

import (
	"math"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// saved answers an audit: what is there and what is not, what was done about it, the
// score and what cost the points.
func saved(r *command.Request, s account.Store, a shelf.Audit, carried []productstore.Carried) (command.Saved, error) {
	lines, err := shelfstore.LinesOf(r.Tx, r.Scope, a.ID)
	if err != nil {
		return command.Saved{}, err
	}
	names := map[string]productstore.Carried{}
	for _, c := range carried {
		names[c.Product.ID] = c
	}
	opened, closed, err := follow(r, s, lines, names)
	if err != nil {
		return command.Saved{}, err
	}
	text := []string{found(r, lines, names)}
	if len(opened) > 0 {
		text = append(text, r.Say("shelf.followed", "n", len(opened)))
	}
	if len(closed) > 0 {
		text = append(text, r.Say("shelf.back", "products", r.Words.List(closed)))
	}
	low, err := tooLow(r, s, lines, names)
	if err != nil {
		return command.Saved{}, err
	}
	text = append(text, low...)
	text = append(text, nearExpiry(r, lines, names, a)...)
	if line := scoreLine(r, a.Measure(lines, settings(r))); line != "" {
		text = append(text, line)
	}
	if err := r.Happened(shelf.Audited{Store: s}); err != nil {
		return command.Saved{}, err
	}
	reply := r.Done(strings.Join(text, "\n"))
	reply.Title = r.Say("shelf.saved", "store", s.Name)
	if missing(lines) > 0 {
		reply.Buttons = append([][]chat.Button{{
			command.SayButton(r.Say("button.shelf_order"), "shelf", "order "+account.KindStore+":"+s.ID),
			{Label: r.Say("button.shelf_logistics"), Do: &chat.Do{Action: "shelf.logistics", Args: []string{a.ID}, Acts: true, Subject: record.RefOf(a)}},
		}}, reply.Buttons...)
	}
	return command.Saved{ID: a.ID, Reply: reply}, nil
}

func missing(lines []shelf.Line) int {
	n := 0
	for _, l := range lines {
		if l.OnShelf == shelf.No {
			n++
		}
	}
	return n
}

// found says how much of what is listed stands there, and names what does not.
func found(r *command.Request, lines []shelf.Line, names map[string]productstore.Carried) string {
	var out []string
	for _, l := range lines {
		if l.OnShelf == shelf.No {
			out = append(out, names[l.ProductID].Product.Label())
		}
	}
	there := len(lines) - len(out)
	percent, _ := money.Percent(there, len(lines))
	return r.Say("shelf.found", "there", there, "listed", len(lines), "percent", percent, "missing", len(out) > 0, "out", r.Words.List(out))
}

// tooLow tells the account's owner of prices far under what is due (破价), and says so.
func tooLow(r *command.Request, s account.Store, lines []shelf.Line, names map[string]productstore.Carried) ([]string, error) {
	var low []shelf.Line
	for _, l := range lines {
		if l.Has("shelf_price") && shelf.TooLow(l.ShelfPrice, l.DuePrice, settings(r).PriceAlert) {
			low = append(low, l)
		}
	}
	if len(low) == 0 {
		return nil, nil
	}
	text := func(as *command.Request) []string {
		var out []string
		for _, l := range low {
			under := math.Round(100 * float64(l.DuePrice-l.ShelfPrice) / float64(l.DuePrice))
			out = append(out, as.Say("shelf.too_low", "product", names[l.ProductID].Product.Label(), "price", as.Money(l.ShelfPrice), "due", as.Money(l.DuePrice), "percent", int(under)))
		}
		return out
	}
	a := r.AccountOf(s.AccountID)
	out := text(r)
	if a.OwnerID == "" || a.OwnerID == r.Who.ID {
		return out, nil
	}
	out = append(out, r.Say("shelf.told", "who", r.Name(a.OwnerID)))
	return out, r.Tell(a.OwnerID, func(as *command.Request) chat.Reply {
		return chat.Reply{Title: as.Say("shelf.price_alert", "store", s.Name), Text: strings.Join(text(as), "\n"), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.card"), "shelf", "history "+account.KindStore+":"+s.ID)}}}
	})
}

// nearExpiry names what has too little of its life left.
func nearExpiry(r *command.Request, lines []shelf.Line, names map[string]productstore.Carried, a shelf.Audit) []string {
	var out []string
	for _, l := range lines {
		p := names[l.ProductID].Product
		if shelf.NearExpiry(l.NearestExpiry, a.AuditedOn, p.ShelfLifeDays, settings(r).NearExpiry) {
			out = append(out, r.Say("shelf.near_expiry", "product", p.Label(), "day", l.NearestExpiry, "over", l.NearestExpiry < a.AuditedOn))
		}
	}
	return out
}

// scoreLine is the score, what cost the points, and how much of it nobody looked at.
func scoreLine(r *command.Request, m shelf.Measures) string {
	score, measured := m.Score(settings(r).Score)
	if !measured {
		return ""
	}
	var costs []string
	for _, p := range m.Parts(settings(r).Score) {
		if lost := int(math.Round(p.Of - p.Points)); lost > 0 {
			costs = append(costs, r.Say("shelf.cost", "part", partName(r, p.Name), "points", lost))
		}
	}
	return r.Say("shelf.score", "score", score, "costs", r.Words.List(costs), "lost", len(costs) > 0, "assumed", m.Assumed, "values", m.Values)
}

func partName(r *command.Request, part string) string { return r.Say("shelf.part." + part) }
