package shelftalk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/product"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

// auditForm asks for the exceptions on one keyboard, and for the rest on a card behind
// it.
func auditForm(mode string) form.Form {
	name := "shelf.audit"
	if mode == shelf.Full {
		name = "shelf.full"
	}
	return form.Form{Name: name, Fields: shelf.Questions.For(field.Ask), Grid: []string{"oos", "shelf_price", "facings"}, Walk: mode == shelf.Full}
}

// openAudit finds the store and what is to stand there.
func openAudit(mode string) func(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	verb := strings.TrimPrefix(auditForm(mode).Name, "shelf.")
	return func(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
		d := form.NewDraft(store.NewID(), auditForm(mode).Name, nil)
		s, choose, err := oneStore(r, verb, a)
		if err != nil || choose != nil {
			return d, choose, err
		}
		carried, err := productstore.InStore(r.Tx, s)
		if err != nil {
			return d, nil, err
		}
		if len(carried) == 0 {
			return d, nil, fault.Wrong("nothing_listed", "store", s.Name)
		}
		d.Subject, d.About = s.ID, s.Name
		return d, nil, nil
	}
}

// onShelf is what is to stand in a store, in the order of a look at its shelf: what was
// missing last, then what sells best.
func onShelf(r *command.Request, s account.Store) ([]productstore.Carried, error) {
	carried, err := productstore.InStore(r.Tx, s)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(carried, func(a, b productstore.Carried) int {
		return strings.Compare(a.Product.Category+" "+a.Product.Code, b.Product.Category+" "+b.Product.Code)
	})
	failed := map[string]bool{}
	if last, ok, err := shelfstore.Last(r.Tx, r.Scope, s.ID, r.Tx.Now.Add(time.Millisecond)); err != nil {
		return nil, err
	} else if ok {
		lines, err := shelfstore.LinesOf(r.Tx, r.Scope, last.ID)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			failed[l.ProductID] = l.OnShelf == shelf.No
		}
	}
	sold, err := shelfstore.BestSold(r.Tx, s.ID, r.Words.Today(r.Said))
	if err != nil {
		return nil, err
	}
	byID, order := map[string]productstore.Carried{}, make([]string, len(carried))
	for i, c := range carried {
		byID[c.Product.ID], order[i] = c, c.Product.ID
	}
	shelf.Order(order, failed, sold)
	for i, id := range order {
		carried[i] = byID[id]
	}
	return carried, nil
}

// choices are the products of the store that a form is about, or, of category_facings,
// their categories.
func choices(r *command.Request, d form.Draft, f field.Field, query string) ([]chat.Option, error) {
	carried, err := onShelf(r, r.Store(d.Subject))
	if err != nil {
		return nil, err
	}
	if f.Key == "category_facings" {
		return categories(carried, query), nil
	}
	return options(carried, query), nil
}

// options are products to choose, all of them or those that words may mean.
func options(carried []productstore.Carried, query string) []chat.Option {
	var out []chat.Option
	for _, m := range productstore.Among(carried, query, nearest) {
		out = append(out, chat.Option{Value: m.Product.Code, Label: m.Product.Label(), Guess: m.Guess})
	}
	return out
}

// nearest is how many products are offered for words that may mean several.
const nearest = 5

func categories(carried []productstore.Carried, query string) []chat.Option {
	var out []chat.Option
	for _, c := range carried {
		name := c.Product.Category
		if name == "" || slices.ContainsFunc(out, func(o chat.Option) bool { return o.Value == name }) {
			continue
		}
		if query == "" || strings.Contains(strings.ToLower(name), strings.ToLower(query)) {
			out = append(out, chat.Option{Value: name, Label: name})
		}
	}
	return out
}

// saveAudit keeps what was seen: what nobody named is assumed to be as it should.
func saveAudit(r *command.Request, d form.Draft) (command.Saved, error) {
	s, ok, err := accountstore.Stores.In(r.Scope).ByID(r.Tx, d.Subject)
	if err != nil || !ok {
		return command.Saved{}, command.OrGone(err)
	}
	carried, err := productstore.InStore(r.Tx, s)
	if err != nil {
		return command.Saved{}, err
	}
	today := r.Words.Today(r.Said)
	a := shelf.Audit{StoreID: s.ID, AccountID: s.AccountID, PersonID: r.Who.ID, AuditedOn: today, AuditedAt: r.Said.UTC().Truncate(time.Second), Mode: shelf.Quick, Source: string(r.Place.Platform)}
	if d.Form == auditForm(shelf.Full).Name {
		a.Mode = shelf.Full
	}
	if err := shelf.Catalogue.Set(&a, d.Values); err != nil {
		return command.Saved{}, err
	}
	seen, err := seenOf(d, carried)
	if err != nil {
		return command.Saved{}, err
	}
	seen.EverythingLookedAt = a.Mode == shelf.Full
	demands := shelf.Demands{Store: s, On: today, Prices: map[string]int64{}, Standing: a.Displays}
	if err := r.Happened(&demands); err != nil {
		return command.Saved{}, err
	}
	demands.Ask(&a)
	expected, err := expectedOf(r, s, carried, demands)
	if err != nil {
		return command.Saved{}, err
	}
	lines := shelf.Lines(expected, seen)
	if err := checked(r, a, carried, lines, d); err != nil {
		return command.Saved{}, err
	}
	if err := shelfstore.Save(r.Tx, &a, lines); err != nil {
		return command.Saved{}, err
	}
	if err := command.KeepPhotos(r, a.Table()+":"+a.ID, a.Photos); err != nil {
		return command.Saved{}, err
	}
	return saved(r, s, a, carried)
}

// expectedOf is what each product should be like: at the price of a promo that runs, else
// the suggested one, with the facings that were counted last.
func expectedOf(r *command.Request, s account.Store, carried []productstore.Carried, demands shelf.Demands) ([]shelf.Expected, error) {
	out, ids := make([]shelf.Expected, len(carried)), make([]string, len(carried))
	for i, c := range carried {
		ids[i] = c.Product.ID
	}
	facings, err := shelfstore.LastFacings(r.Tx, s.ID, ids)
	for i, c := range carried {
		out[i] = shelf.Expected{ProductID: ids[i], DuePrice: c.Listing.SuggestedPrice, Facings: facings[ids[i]]}
		if promo := demands.Prices[ids[i]]; promo != 0 {
			out[i].DuePrice = promo
		}
	}
	return out, err
}

// seenOf reads what a form says of products. One that is no longer listed is a fault
// beside its field.
func seenOf(d form.Draft, carried []productstore.Carried) (shelf.Seen, error) {
	seen := shelf.Seen{Out: map[string]bool{}, TagWrong: map[string]bool{}, Price: map[string]int64{}, Facings: map[string]int64{}, Shelf: map[string]int64{}, Backroom: map[string]int64{}, Expiry: map[string]calendar.Day{}, Position: map[string]string{}}
	ids := map[string]string{}
	for _, c := range carried {
		ids[c.Product.Code] = c.Product.ID
	}
	var gone error
	each := func(key string, take func(id, value string)) {
		for _, code := range form.Codes(d.Values[key]) {
			if ids[code] == "" {
				gone = fault.At(key, "not_listed_now", "product", code)
				continue
			}
			take(ids[code], form.ValueOf(d.Values[key], code))
		}
	}
	number := func(into map[string]int64) func(id, value string) {
		return func(id, value string) { into[id], _ = strconv.ParseInt(value, 10, 64) } // checked
	}
	each("oos", func(id, _ string) { seen.Out[id] = true })
	each("tag_wrong", func(id, _ string) { seen.TagWrong[id] = true })
	each("shelf_price", number(seen.Price))
	each("facings", number(seen.Facings))
	each("shelf_units", number(seen.Shelf))
	each("backroom_units", number(seen.Backroom))
	each("nearest_expiry", func(id, value string) { seen.Expiry[id] = calendar.Day(value) })
	each("position", func(id, value string) { seen.Position[id] = value })
	return seen, gone
}

// checked is the fault of lines that cannot be, or what is likely a mistake in them.
func checked(r *command.Request, a shelf.Audit, carried []productstore.Carried, lines []shelf.Line, d form.Draft) error {
	own := map[string]int64{}
	for i, l := range lines {
		if err := l.Check(); err != nil {
			if f, ok := fault.As(err); ok && f.Key == "out_and_there" {
				return fault.At(f.Field, "out_and_there", "product", carried[i].Product.Label())
			}
			return err
		}
		if life := int(carried[i].Product.ShelfLifeDays); life > 0 && l.NearestExpiry > a.AuditedOn.Add(life) {
			return fault.At("nearest_expiry", "expiry_far", "product", carried[i].Product.Label(), "days", life)
		}
		own[carried[i].Product.Category] += l.Facings
	}
	for _, pair := range a.CategoryFacings {
		category, _, _ := strings.Cut(pair, "=")
		n, _ := strconv.ParseInt(form.ValueOf(pair, category), 10, 64)
		if own[category] > n {
			return fault.At("category_facings", "own_above_all", "category", category, "own", own[category], "all", n)
		}
	}
	if d.Doubted {
		return nil
	}
	for i, l := range lines {
		if l.Has("shelf_price") && product.Slipped(l.DuePrice, l.ShelfPrice) {
			return &command.Confirm{Field: "shelf_price", Yes: r.Say("button.is_right"), Text: r.Say("shelf.price_far", "product", carried[i].Product.Label(), "price", r.Money(l.ShelfPrice), "due", r.Money(l.DuePrice))}
		}
	}
	return nil
}
