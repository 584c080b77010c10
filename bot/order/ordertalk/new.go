package ordertalk

import (
	"cmp"
	"strconv"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/config"
	"fieldbot/bot/credit"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/goods"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/promo/promostore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// choices are the products that a form's store carries; ours, where nothing was agreed.
func choices(r *command.Request, d form.Draft, _ field.Field, query string) ([]chat.Option, error) {
	s := r.Store(strings.TrimPrefix(d.Values["store_code"], account.KindStore+":"))
	if d.Subject != "" {
		o, err := record.Load(r, d.Subject)
		if err != nil {
			return nil, err
		}
		s = r.Store(o.StoreID)
	}
	if s.ID == "" {
		return nil, fault.At("store_code", "order_store_first")
	}
	carried, err := productstore.InStore(r.Tx, s)
	if err == nil && len(carried) == 0 {
		carried, err = ours(r)
	}
	return options(carried, query), err
}

// offered is how many products are offered at once.
const offered = 12

// options are products to choose, or those of them that words may mean.
func options(carried []productstore.Carried, query string) []chat.Option {
	var out []chat.Option
	for _, m := range productstore.Among(carried, query, offered) {
		out = append(out, chat.Option{Value: m.Product.Code, Label: m.Product.Label(), Guess: m.Guess})
	}
	return out
}

// ours are the products that we sell.
func ours(r *command.Request) ([]productstore.Carried, error) {
	sold, err := productstore.Sold(r.Tx, "", 200)
	var out []productstore.Carried
	for _, p := range sold {
		if p.Own {
			out = append(out, productstore.Carried{Product: p})
		}
	}
	return out, err
}

// saveNew keeps an order at the agreed prices. One that the customer's credit does not
// cover is not kept: its release can be asked for. One that is far above what the store
// takes waits for who answers for the account.
func saveNew(r *command.Request, d form.Draft) (command.Saved, error) {
	s := r.Store(strings.TrimPrefix(d.Values["store_code"], account.KindStore+":"))
	if s.ID == "" {
		return command.Saved{}, fault.At("store_code", "order_store")
	}
	a := r.AccountOf(s.AccountID)
	o := order.Order{AccountID: a.ID, StoreID: s.ID, OwnerID: cmp.Or(a.OwnerID, r.Who.ID), PersonID: r.Who.ID, OrderedOn: r.Words.Today(r.Said), Status: order.Accepted}
	if err := order.Catalogue.Without("store_code").Set(&o, d.Values); err != nil {
		return command.Saved{}, err
	}
	o.Source = cmp.Or(o.Source, order.Suggested)
	lines, err := priced(r, a.ID, d.Values["goods"])
	if err != nil {
		return command.Saved{}, err
	}
	o.Lines = lines
	if o.ValidUntil != "" && o.ValidUntil < o.OrderedOn {
		return command.Saved{}, fault.At("valid_until", "due_past", "day", o.ValidUntil)
	}
	if o.Status, err = begins(r, o, d); err != nil {
		return command.Saved{}, err
	}
	if err := orderstore.Add(r.Tx, &o); err != nil {
		return command.Saved{}, err
	}
	if err := command.Guard(r, orderstore.Orders, r.Scope, o.ID, fault.New(fault.Denied, "read_only")); err != nil {
		return command.Saved{}, err
	}
	return saved(r, o)
}

// begins is the state that an order is made in.
func begins(r *command.Request, o order.Order, d form.Draft) (string, error) {
	against, err := against(r, o, o.Lines.Value(), false)
	if err != nil || against != "" && !d.Doubted {
		if err == nil {
			err = &command.Confirm{Field: "goods", Yes: r.Say("button.ask_release"), Text: against}
		}
		return "", err
	}
	if against != "" {
		return order.Asked, nil
	}
	abnormal, err := isAbnormal(r, o)
	if err != nil || !abnormal {
		return order.Accepted, err
	}
	return order.Abnormal, nil
}

// against asks who keeps the customer's credit what speaks against more of it being drawn,
// or against goods being sent.
func against(r *command.Request, o order.Order, more int64, sending bool) (string, error) {
	if o.Prepaid {
		return "", nil
	}
	v := &order.Verdict{}
	err := r.Happened(order.Wanted{Order: o, More: more, Sending: sending, Verdict: v})
	return v.Against, err
}

// isAbnormal reports whether an order is far above what the store takes, and no promo
// explains it.
func isAbnormal(r *command.Request, o order.Order) (bool, error) {
	last, err := orderstore.LastAmounts(r.Tx, o, orderstore.LastOrders)
	if err != nil {
		return false, err
	}
	foretold := int64(0)
	promos, err := promostore.At(r.Tx, access.System("a promo explains a large order"), o.StoreID, o.OrderedOn, o.OrderedOn.Add(30))
	for _, p := range promos {
		for _, l := range o.Lines {
			for _, code := range p.ProductCodes {
				if code == l.Product && p.Stores > 0 {
					foretold += p.ForecastUnits / p.Stores * l.Price
				}
			}
		}
	}
	return order.IsAbnormal(o.Lines.Value(), last, config.Of[credit.Settings](r.Config).AbnormalFactor, foretold), err
}

// saved says what became of an order, and asks whom it waits for.
func saved(r *command.Request, o order.Order) (command.Saved, error) {
	switch o.Status {
	case order.Asked:
		return papers.Propose(r, o)
	case order.Abnormal:
		if err := r.Tell(o.OwnerID, func(as *command.Request) chat.Reply {
			return chat.Reply{Title: as.Say("order.abnormal_title"), Text: as.Say("order.abnormal", "order", record.Name(as, o), "amount", as.Money(o.Amount)), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.order.accept"), "order", "accept "+record.RefOf(o)), command.SayButton(as.Say("button.order.refuse"), "order", "refuse "+record.RefOf(o)), command.SayButton(as.Say("button.card"), "order", "show "+record.RefOf(o))}}}
		}); err != nil {
			return command.Saved{}, err
		}
	}
	if err := r.Happened(order.Moved{Order: o}); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: o.ID, Reply: r.Done(r.Say("order.saved", "order", record.Name(r, o), "amount", r.Money(o.Amount), "units", o.Lines.Count(), "waits", o.Status == order.Abnormal, "who", r.Name(o.OwnerID)), command.SayButton(r.Say("button.card"), "order", "show "+record.RefOf(o)))}, nil
}

// quantities are what a field of goods says, in its order.
func quantities(text string) (codes []string, of map[string]int64, err error) {
	of = map[string]int64{}
	for _, pair := range strings.Split(text, ";") {
		code, n, ok := strings.Cut(pair, "=")
		if !ok {
			continue
		}
		units, err := strconv.ParseInt(n, 10, 64)
		if err != nil || units <= 0 || units > maxUnits {
			return nil, nil, fault.At("goods", "quantity_above_zero", "product", code)
		}
		codes, of[code] = append(codes, code), units
	}
	return codes, of, nil
}

// maxUnits bounds a line: beyond it somebody typed a barcode.
const maxUnits = 1_000_000

// priced are the lines that a field of goods says, at the prices agreed on the day: the
// listing's supply price, else the list price.
func priced(r *command.Request, accountID, text string) (goods.Lines, error) {
	codes, of, err := quantities(text)
	if err != nil {
		return nil, err
	}
	var out goods.Lines
	for _, code := range codes {
		p, ok, err := productstore.ByCode(r.Tx, code)
		if err == nil && !ok {
			err = fault.At("goods", "none_found", "query", code)
		}
		if err != nil {
			return nil, err
		}
		l, _, err := productstore.Of(r.Tx, access.System("the agreed price of what is ordered"), accountID, p.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, goods.Line{Product: p.Code, Quantity: of[code], Price: cmp.Or(l.SupplyPrice, p.ListPrice)})
	}
	if len(out) == 0 {
		return nil, fault.At("goods", "order_empty")
	}
	return out, nil
}

func fillEdit(_ *command.Request, o order.Order, _ command.Args, d *form.Draft) error {
	d.Hold(editFields, order.Catalogue.Values(o))
	d.Values["goods"] = said(o.Lines)
	return nil
}

// said are lines as a field of goods holds them.
func said(l goods.Lines) string {
	var out []string
	for _, x := range l {
		out = append(out, x.Product+"="+strconv.FormatInt(x.Quantity, 10))
	}
	return strings.Join(out, ";")
}

// saveEdit changes an order; more goods are checked like a new order.
func saveEdit(r *command.Request, before order.Order, d form.Draft) (command.Saved, error) {
	after := before
	if err := order.Catalogue.Set(&after, form.Whole(editFields, d.Values)); err != nil {
		return command.Saved{}, err
	}
	lines, err := priced(r, before.AccountID, d.Values["goods"])
	if err != nil {
		return command.Saved{}, err
	}
	after.Lines = lines
	if more := lines.Value() - before.Amount; more > 0 {
		why, err := against(r, after, more, false)
		if err != nil || why != "" {
			if err == nil {
				err = fault.At("goods", "order_against", "why", why)
			}
			return command.Saved{}, err
		}
	}
	if err := orderstore.Orders.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	after, err = record.Load(r, before.ID)
	if err != nil {
		return command.Saved{}, err
	}
	return saved(r, after)
}

// describe says what a release is asked for.
func describe(r *command.Request, o order.Order) (string, error) {
	why, err := against(r, o, o.Amount, false)
	return r.Say("order.ask", "order", record.Name(r, o), "amount", r.Money(o.Amount), "why", why, "who", r.Name(o.PersonID)), err
}
