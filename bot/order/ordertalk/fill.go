package ordertalk

import (
	"cmp"
	"slices"
	"strings"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// fillTakes are the keys of the fill rate: of which days, and by what.
var fillTakes = []field.Field{{Key: "period", Kind: field.Text, Noun: "orders"}, {Key: "by", Kind: field.Choice, Options: []string{"store", "product", "month"}, Noun: "orders"}}

// filled is what was ordered and accepted of something.
type filled struct {
	name              string
	ordered, accepted int64
	late              int64 // deliveries
}

// fillRate is accepted ÷ ordered of what was sent in a span, by store, product or month.
func fillRate(r *command.Request, a command.Args) (chat.Reply, error) {
	span, named, err := r.Span(a.Values, &a)
	if err != nil {
		return chat.Reply{}, err
	}
	if !named {
		today := r.Words.Today(r.Said)
		span = calendar.Span{From: today.Add(-89), To: today}
	}
	accountID, who := "", r.Say("order.everybody")
	if a.Object != "" {
		place, choose, err := r.OneAccount("report", "fill_rate", a)
		if err != nil || choose != nil {
			return command.OrEmpty(choose), err
		}
		accountID, who = place.AccountID, place.AccountName
	}
	by := cmp.Or(a.Values["by"], "store")
	var all filled
	groups := map[string]*filled{}
	var seen []order.Order
	if err := orderstore.InSpan(r.Tx, r.Scope, accountID, span, func(o order.Order) { seen = append(seen, o) }); err != nil {
		return chat.Reply{}, err
	}
	count := func(name string, ordered, accepted, late int64) {
		if groups[name] == nil {
			groups[name] = &filled{name: name}
		}
		groups[name].ordered += ordered
		groups[name].accepted += accepted
		groups[name].late += late
	}
	for _, o := range seen {
		ordered := o.Lines.Count()
		all.ordered += ordered
		all.accepted += o.Accepted
		all.late += o.Late
		switch by {
		case "month":
			count(string(o.OrderedOn[:7]), ordered, o.Accepted, o.Late)
		case "product":
			taken, err := orderstore.ReceiptsOf(r.Tx, r.Scope, o.ID)
			if err != nil {
				return chat.Reply{}, err
			}
			var accepted goods.Lines
			for _, x := range taken {
				accepted = append(accepted, x.Lines...)
			}
			units := accepted.Units()
			for code, n := range o.Lines.Units() {
				count(code, n, units[code], 0)
			}
		default:
			count(placeOf(r, o.StoreID, o.AccountID), ordered, o.Accepted, o.Late)
		}
	}
	reply := chat.Reply{Title: r.Say("order.fill_title", "who", who, "from", span.From, "to", span.To)}
	if all.ordered == 0 {
		reply.Text = r.Say("order.fill_none")
		return reply, nil
	}
	var list []*filled
	for _, g := range groups {
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b *filled) int {
		return cmp.Or(cmp.Compare(a.accepted*b.ordered, b.accepted*a.ordered), cmp.Compare(a.name, b.name))
	})
	text := []string{r.Say("order.fill_line", "name", r.Say("order.together"), "percent", percent(all), "accepted", all.accepted, "ordered", all.ordered, "late", all.late)}
	text = append(text, command.Listed(r, list, shown, len(list), func(g *filled) string {
		return r.Say("order.fill_line", "name", g.name, "percent", percent(*g), "accepted", g.accepted, "ordered", g.ordered, "late", g.late)
	})...)
	reply.Text = strings.Join(text, "\n")
	return reply, nil
}

func percent(f filled) int64 { return (f.accepted*100 + f.ordered/2) / max(1, f.ordered) }
