package shelftalk

import (
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/money"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

var launchForm = form.Form{Name: "shelf.launch", Fields: shelf.LaunchCatalogue.Pick("product_code", "account_codes", "listed_on", "target_stores")}

// openLaunch shows the launches that words name, or begins a new one: of a product that
// has none yet.
func openLaunch(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	d := form.NewDraft(store.NewID(), launchForm.Name, nil)
	if len(a.Order) > 0 {
		if a.Object != "" {
			d.Query["product_code"] = a.Object
		}
		return d, nil, nil
	}
	productID := ""
	if a.Object != "" {
		found, err := productstore.Find(r.Tx, a.Object, 1)
		if err != nil {
			return d, nil, err
		}
		if len(found) == 0 {
			return d, nil, fault.New(fault.NotFound, "product_none", "query", chat.Cut(a.Object, 60))
		}
		productID = found[0].ID
		d.Values["product_code"], d.Shown["product_code"] = productID, found[0].Label()
	}
	all, err := shelfstore.LaunchesOf(r.Tx, r.Scope, productID, shown)
	if err != nil || len(all) == 0 && r.May(shelf.Launchers) {
		return d, nil, err
	}
	reply, err := launches(r, all)
	return d, &reply, err
}

// launches says of each launch how many of its stores have the product by now, and had it
// by days 7, 14 and 30; of a single one, which do not.
func launches(r *command.Request, all []shelf.Launch) (chat.Reply, error) {
	if len(all) == 0 {
		return chat.Reply{Text: r.Say("launch.none")}, nil
	}
	reply := chat.Reply{Title: r.Say("launch.title")}
	today := r.Words.Today(r.Said)
	var text []string
	for _, l := range all {
		stores, err := shelfstore.Targets(r.Tx, l)
		if err != nil {
			return reply, err
		}
		first, err := shelfstore.FirstSeen(r.Tx, stores, l.ProductID, l.ListedOn)
		if err != nil {
			return reply, err
		}
		ordered := shelf.Ordered{AccountID: l.AccountID, Product: productOf(r, l.ProductID).Code, From: l.ListedOn}
		if err := r.Happened(&ordered); err != nil {
			return reply, err
		}
		var at []string
		for _, day := range shelf.SpreadDays {
			if by := l.ListedOn.Add(day); by <= today {
				at = append(at, r.Say("launch.at", "day", day, "percent", percentOf(shelf.Spread(first, by), len(stores))))
			}
		}
		text = append(text, r.Say("launch.line", "product", productOf(r, l.ProductID).Label(), "account", r.AccountOf(l.AccountID).Name, "from", l.ListedOn, "n", len(first), "stores", len(stores), "percent", percentOf(len(first), len(stores)), "at", strings.Join(at, " · "), "measured", len(at) > 0, "ordered", ordered.On != "", "first", ordered.On))
		if len(all) == 1 {
			without := slices.DeleteFunc(stores, func(s account.Store) bool { return first[s.ID] != "" })
			text = append(text, command.Listed(r, without, shown, len(without), func(s account.Store) string { return r.Say("launch.without", "store", s.Name) })...)
		}
	}
	reply.Text = strings.Join(text, "\n")
	return reply, nil
}

func percentOf(part, all int) int {
	n, _ := money.Percent(part, all)
	return n
}

// saveLaunch begins a launch.
func saveLaunch(r *command.Request, d form.Draft) (command.Saved, error) {
	l := shelf.Launch{OwnerID: r.Who.ID, Status: shelf.Made}
	if err := shelf.LaunchCatalogue.Set(&l, d.Values); err != nil {
		return command.Saved{}, err
	}
	if err := command.Guard(r, accountstore.Accounts, r.Scope.Acting(shelf.Launchers...), l.AccountID, fault.New(fault.Denied, "read_only")); err != nil {
		return command.Saved{}, err
	}
	if l.ListedOn == "" {
		l.ListedOn = r.Words.Today(r.Said)
	}
	if p := productOf(r, l.ProductID); !p.Own {
		return command.Saved{}, fault.At("product_code", "launch_rival", "product", p.Label())
	}
	all, err := shelfstore.Targets(r.Tx, shelf.Launch{AccountID: l.AccountID})
	if err != nil {
		return command.Saved{}, err
	}
	for i, name := range l.TargetStores {
		s, ok := account.Named(all, name)
		if !ok {
			return command.Saved{}, fault.At("target_stores", "none_found", "query", name)
		}
		l.TargetStores[i] = s.Code
	}
	l.ID = store.NewID()
	l.Code = l.ID
	if err := shelfstore.Launches.Add(r.Tx, &l); err != nil {
		return command.Saved{}, err
	}
	reply, err := launches(r, []shelf.Launch{l})
	done := r.Done(reply.Text)
	done.Title = reply.Title
	return command.Saved{ID: l.ID, Reply: done}, err
}
