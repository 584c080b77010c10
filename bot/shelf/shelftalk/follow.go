package shelftalk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/person"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// ofStock is what the follow-up of a product that is out is about, before its id.
const ofStock = "out_of_stock:"

// follow opens a follow-up for each product that is out, and closes those of products
// that are back. It returns what they are called.
func follow(r *command.Request, s account.Store, lines []shelf.Line, names map[string]productstore.Carried) (opened, closed []string, err error) {
	open, err := followupstore.About(r.Tx, access.System("what an audit closes"), s.ID)
	if err != nil {
		return nil, nil, err
	}
	of := func(l shelf.Line) int {
		return slices.IndexFunc(open, func(f followup.FollowUp) bool { return f.About == ofStock+l.ProductID })
	}
	for _, l := range lines {
		name, i := names[l.ProductID].Product.Label(), of(l)
		switch {
		case l.OnShelf == shelf.No && i < 0:
			f := followup.FollowUp{Kind: followup.Problem, StoreID: s.ID, AccountID: s.AccountID, Text: r.Say("shelf.out_at", "product", name), OwnerID: cmp.Or(s.RepID, r.Who.ID),
				DueOn: r.Words.Today(r.Said).Add(settings(r).OutOfStockDays), OpenedBy: r.Who.ID, About: ofStock + l.ProductID}
			if err := followupstore.Add(r.Tx, &f); err != nil {
				return nil, nil, err
			}
			opened = append(opened, name)
		case l.OnShelf == shelf.Yes && i >= 0:
			after := open[i]
			after.Status, after.ClosedBy, after.ClosedAt = followup.Done, r.Who.ID, r.Tx.Now
			if err := followupstore.FollowUps.Change(r.Tx, open[i], after); err != nil {
				return nil, nil, err
			}
			closed = append(closed, name)
		}
	}
	return opened, closed, nil
}

// toLogistics gives what is out at a store to logistics.
func toLogistics(r *command.Request, a shelf.Audit, _ []string) (chat.Reply, error) {
	open, err := followupstore.About(r.Tx, r.Scope, a.StoreID)
	if err != nil {
		return chat.Reply{}, err
	}
	n := 0
	for _, f := range open {
		if !strings.HasPrefix(f.About, ofStock) || f.Department == followup.Logistics {
			continue
		}
		after := f
		after.Department = followup.Logistics
		if err := followupstore.FollowUps.Change(r.Tx, f, after); err != nil {
			return chat.Reply{}, err
		}
		n++
	}
	return r.Done(r.Say("shelf.to_logistics", "n", n)), nil
}

// orderLine is what to order for a store: a line to send to whoever orders there.
func orderLine(r *command.Request, a command.Args) (chat.Reply, error) {
	s, choose, err := oneStore(r, "order", a)
	if err != nil || choose != nil {
		return command.OrEmpty(choose), err
	}
	carried, err := onShelf(r, s)
	if err != nil {
		return chat.Reply{}, err
	}
	supply := shelf.Supply{Store: s, Cover: shelf.CoverDays, Lead: shelf.LeadDays, OnOrder: map[string]int64{}}
	if err := r.Happened(&supply); err != nil {
		return chat.Reply{}, err
	}
	needs, err := shelfstore.Needs(r.Tx, r.Scope, supply, carried, r.Words.Today(r.Said))
	if err != nil {
		return chat.Reply{}, err
	}
	var order, over, goods []string
	known := false
	for _, n := range needs {
		known = known || n.Weeks > 0
		name := n.Product.Product.Label()
		switch {
		case n.Units > 0:
			goods = append(goods, fmt.Sprintf("%s=%d", n.Product.Product.Code, n.Units))
			order = append(order, r.Say("shelf.order_line", "product", name, "coming", supply.OnOrder[n.Product.Product.Code], "units", n.Units, "cases", cases(n), "stock", max(0, n.Stock), "counted", n.Stock != shelf.NoStock))
		case n.Over:
			over = append(over, r.Say("shelf.over_line", "product", name, "stock", n.Stock))
		}
	}
	reply := chat.Reply{Title: r.Say("shelf.order_title", "store", s.Name)}
	switch {
	case !known:
		reply.Text = r.Say("shelf.no_sellout", "store", s.Name)
	case len(order)+len(over) == 0:
		reply.Text = r.Say("shelf.nothing_to_order")
	default:
		reply.Text = strings.Join(append(order, over...), "\n") + "\n" + r.Say("shelf.order_how", "weeks", shelf.RateWeeks, "cover", supply.Cover, "lead", supply.Lead)
	}
	if len(goods) > 0 && r.Who.Is(person.Rep, person.KAM) {
		reply.Buttons = [][]chat.Button{{command.SayButton(r.Say("button.order_it"), "order", "new "+account.KindStore+":"+s.ID+" goods="+strings.Join(goods, ";"))}}
	}
	return reply, nil
}

func cases(n shelfstore.Need) int64 {
	if n.Product.Product.CaseSize <= 1 {
		return 0
	}
	return n.Units / n.Product.Product.CaseSize
}
