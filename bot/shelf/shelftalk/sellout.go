package shelftalk

import (
	"strings"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/product"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// sellout says what a chain has told of its sales: how complete, how it grows, and a review
// of each category: our products' share and rank, and what could go or come.
func sellout(r *command.Request, a command.Args) (chat.Reply, error) {
	place, choose, err := r.OneAccount("shelf", "sellout", a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	today := r.Words.Today(r.Said)
	told, err := shelfstore.Told(r.Tx, r.Scope, place.AccountID, today, shelf.RateWeeks)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(told) == 0 {
		return chat.Reply{Text: r.Say("sellout.none", "account", place.AccountName)}, nil
	}
	stores, err := shelfstore.Targets(r.Tx, shelf.Launch{AccountID: place.AccountID})
	if err != nil {
		return chat.Reply{}, err
	}
	reply := chat.Reply{Title: r.Say("sellout.title", "account", place.AccountName)}
	text := []string{r.Say("sellout.told", "week", calendar.Day(told[0].WeekOn), "n", told[0].Stores, "stores", len(stores), "late", calendar.Day(told[0].WeekOn) < today.Monday().Add(-7))}
	last := calendar.Span{From: today.Monday().Add(-7 * shelf.ReviewWeeks), To: today.Monday().Add(-7)}
	now, err := shelfstore.SoldOf(r.Tx, r.Scope, place.AccountID, last)
	if err != nil {
		return reply, err
	}
	before, err := shelfstore.SoldOf(r.Tx, r.Scope, place.AccountID, calendar.Span{From: last.From.Add(-364), To: last.To.Add(-364)})
	if err != nil {
		return reply, err
	}
	growth, known := shelf.Growth(units(now), units(before))
	text = append(text, r.Say("sellout.sold", "units", units(now), "weeks", shelf.ReviewWeeks, "growth", growth, "known", known))
	reviewed := shelf.Review(now)
	text = append(text, command.Listed(r, reviewed, shown, len(reviewed), func(x shelf.Reviewed) string {
		p := productOf(r, x.ProductID)
		return r.Say("sellout.product", "product", p.Label(), "percent", x.Percent, "category", x.Category, "rank", x.Rank, "units", x.Units, "weak", x.Weak)
	})...)
	more, err := couldCome(r, place.AccountID, reviewed)
	if len(more) > 0 {
		text = append(text, r.Say("sellout.come", "products", r.Words.List(more)))
	}
	reply.Text = strings.Join(text, "\n")
	return reply, err
}

func units(sold []shelf.Sold) (n int64) {
	for _, s := range sold {
		n += s.Units
	}
	return n
}

// productOf is a product by its id. A database that cannot be read ends the unit.
func productOf(r *command.Request, id string) product.Product {
	p, _, err := productstore.ByID(r.Tx, id)
	if err != nil {
		r.Tx.Fail(err)
	}
	return p
}

// couldCome are ours in the categories that sell and that the account does not carry.
func couldCome(r *command.Request, accountID string, reviewed []shelf.Reviewed) ([]string, error) {
	carried, err := productstore.OfAccount(r.Tx, access.System("what an account in sight carries"), accountID, 500)
	if err != nil {
		return nil, err
	}
	has := map[string]bool{}
	for _, l := range carried {
		has[l.ProductID] = l.Status != product.Delisted
	}
	seen := map[string]bool{}
	var out []string
	for _, x := range reviewed {
		if seen[x.Category] || x.Category == "" {
			continue
		}
		seen[x.Category] = true
		sold, err := productstore.Sold(r.Tx, x.Category, shown)
		if err != nil {
			return nil, err
		}
		for _, p := range sold {
			if p.Own && !has[p.ID] && len(out) < nearest {
				out = append(out, p.Label())
			}
		}
	}
	return out, nil
}
