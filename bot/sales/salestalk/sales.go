// Package salestalk is what promoters say and press about their day, and what others read
// of it.
package salestalk

import (
	"embed"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person"
	"fieldbot/bot/product"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/promo"
	"fieldbot/bot/promo/promostore"
	"fieldbot/bot/sales"
	"fieldbot/bot/sales/salesstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/store"
)

//go:embed words sentences
var words embed.FS

// Module is /sales.
var Module = command.Module{
	Name: "sales", Words: words, Families: []command.Family{family}, Files: fileKinds,
	Digest: waits, Done: doneToday,
	Jobs: []func(*command.Request) error{remindMissing},
}

var readers = []person.Role{person.Promoter, person.Rep, person.KAM, person.Manager}

// dayForm is filled on a keyboard of the store's products.
var dayForm = form.Form{Name: "sales.log", Fields: sales.Questions.For(field.Ask), Grid: []string{"units", "stock", "gifts"}}

var sheetTakes = []field.Field{{Key: "period", Kind: field.Text, Noun: "sales"}}

var family = command.Family{
	Name:    "sales",
	Default: "log",
	Choices: choices,
	Verbs: []command.Verb{
		{Name: "log", Roles: sales.Sellers, Form: dayForm, Open: open, Save: save, Quick: true},
		{Name: "day", Roles: readers, Takes: sheetTakes, Read: sheet(func(today calendar.Day) calendar.Span { return calendar.Span{From: today, To: today} })},
		{Name: "week", Roles: readers, Takes: sheetTakes, Read: sheet(func(today calendar.Day) calendar.Span { return calendar.Span{From: today.Monday(), To: today} })},
		{Name: "month", Roles: readers, Takes: sheetTakes, Read: sheet(func(today calendar.Day) calendar.Span { return calendar.Span{From: today[:8] + "01", To: today} })},
	},
}

// open finds the store, the only one of most promoters.
func open(r *command.Request, a command.Args) (form.Draft, *chat.Reply, error) {
	d := form.NewDraft(store.NewID(), dayForm.Name, nil)
	s, choose, err := r.OneStore("sales", "log", a)
	if err != nil || choose != nil {
		return d, choose, err
	}
	carried, err := productstore.InStore(r.Tx, s)
	if err == nil && len(carried) == 0 {
		err = fault.Wrong("nothing_listed", "store", s.Name)
	}
	d.Subject, d.About = s.ID, s.Name
	return d, nil, err
}

// offered are the products of a store, those of a promo that runs first.
func offered(r *command.Request, s account.Store) ([]productstore.Carried, []promo.Promo, error) {
	carried, err := productstore.InStore(r.Tx, s)
	if err != nil {
		return nil, nil, err
	}
	today := r.Words.Today(r.Said)
	running, err := promostore.At(r.Tx, access.System("promos of a store in sight"), s.ID, today, today)
	running = slices.DeleteFunc(running, func(p promo.Promo) bool { return !p.On(today) })
	promoted := func(c productstore.Carried) int {
		if slices.ContainsFunc(running, func(p promo.Promo) bool { return slices.Contains(p.ProductCodes, c.Product.Code) }) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(carried, func(a, b productstore.Carried) int {
		if n := promoted(a) - promoted(b); n != 0 {
			return n
		}
		return strings.Compare(a.Product.Category+" "+a.Product.Code, b.Product.Category+" "+b.Product.Code)
	})
	return carried, running, err
}

func choices(r *command.Request, d form.Draft, _ field.Field, query string) ([]chat.Option, error) {
	carried, _, err := offered(r, r.Store(d.Subject))
	if err != nil {
		return nil, err
	}
	var out []chat.Option
	for _, m := range productstore.Among(carried, query, nearest) {
		out = append(out, chat.Option{Value: m.Product.Code, Label: m.Product.Label(), Guess: m.Guess})
	}
	return out, nil
}

// nearest is how many products are offered for words that may mean several.
const nearest = 5

// save keeps the day, product by product; what a promoter says twice of a day stands as
// said last.
func save(r *command.Request, d form.Draft) (command.Saved, error) {
	s, ok, err := accountstore.Stores.In(r.Scope).ByID(r.Tx, d.Subject)
	if err != nil || !ok {
		return command.Saved{}, command.OrGone(err)
	}
	carried, running, err := offered(r, s)
	if err != nil {
		return command.Saved{}, err
	}
	today := r.Words.Today(r.Said)
	day := today
	if on := calendar.Day(d.Values["on"]); on != "" {
		if day = on; day > today || today.Sub(day) > mostLate {
			return command.Saved{}, fault.At("on", "sales_day", "most", mostLate)
		}
	}
	days, err := daysOf(r, d, s, carried, day)
	if err != nil {
		return command.Saved{}, err
	}
	if len(days) == 0 {
		return command.Saved{}, fault.At("units", "sales_empty")
	}
	if err := doubted(r, d, days, carried); err != nil {
		return command.Saved{}, err
	}
	for i := range days {
		if err := salesstore.Save(r.Tx, &days[i]); err != nil {
			return command.Saved{}, err
		}
	}
	return told(r, s, day, days, carried, running)
}

// mostLate is for how many days back a day can be reported.
const mostLate = 31

// daysOf are the rows of a form: each product that it names; what was heard and seen
// stands with the first.
func daysOf(r *command.Request, d form.Draft, s account.Store, carried []productstore.Carried, day calendar.Day) ([]sales.Day, error) {
	var out []sales.Day
	for _, c := range carried {
		named := false
		x := sales.Day{PersonID: r.Who.ID, StoreID: s.ID, AccountID: s.AccountID, ProductID: c.Product.ID, On: day, Stock: sales.NoStock}
		if before, ok, err := salesstore.Of(r.Tx, r.Scope, r.Who.ID, s.ID, day, c.Product.ID); err != nil {
			return nil, err
		} else if ok {
			x = before
		}
		for key, into := range map[string]*int64{"units": &x.Units, "stock": &x.Stock, "gifts": &x.Gifts} {
			if text := form.ValueOf(d.Values[key], c.Product.Code); text != "" {
				*into, _ = strconv.ParseInt(text, 10, 64) // checked
				named = true
			}
		}
		if named {
			out = append(out, x)
		}
	}
	if words := d.Values["remarks"] + d.Values["rival"]; words != "" && len(out) == 0 && len(carried) > 0 {
		out = append(out, sales.Day{PersonID: r.Who.ID, StoreID: s.ID, AccountID: s.AccountID, ProductID: carried[0].Product.ID, On: day, Stock: sales.NoStock})
	}
	if len(out) > 0 {
		if d.Values["remarks"] != "" {
			out[0].Remarks = d.Values["remarks"]
		}
		if d.Values["rival"] != "" {
			out[0].Rival = d.Values["rival"]
		}
	}
	return out, nil
}

// doubted asks where more was sold than stood there the day before.
func doubted(r *command.Request, d form.Draft, days []sales.Day, carried []productstore.Carried) error {
	if d.Doubted {
		return nil
	}
	for _, x := range days {
		before, err := salesstore.Before(r.Tx, r.Scope, x.StoreID, x.ProductID, x.On, 1)
		if err != nil {
			return err
		}
		if form.ValueOf(d.Values["units"], productOf(carried, x.ProductID).Code) == "" {
			continue // it was said before, and meant
		}
		if len(before) > 0 && before[0].Stock != sales.NoStock && x.Units > before[0].Stock {
			return &command.Confirm{Field: "units", Yes: r.Say("button.is_right"), Text: r.Say("sales.above_stock", "product", productOf(carried, x.ProductID).Label(), "units", x.Units, "stock", before[0].Stock, "day", before[0].On)}
		}
	}
	return nil
}

func productOf(carried []productstore.Carried, id string) (p product.Product) {
	for _, c := range carried {
		if c.Product.ID == id {
			p = c.Product
		}
	}
	return p
}

// told answers a day: what was sold, which gifts are left, how long the stock lasts; the
// rep hears of what runs out.
func told(r *command.Request, s account.Store, day calendar.Day, days []sales.Day, carried []productstore.Carried, running []promo.Promo) (command.Saved, error) {
	var text, short []string
	for _, x := range days {
		name := productOf(carried, x.ProductID).Label()
		before, err := salesstore.Before(r.Tx, r.Scope, x.StoreID, x.ProductID, x.On, sales.RateDays-1)
		if err != nil {
			return command.Saved{}, err
		}
		units := []int64{x.Units}
		for _, b := range before {
			units = append(units, b.Units)
		}
		lasts, known := sales.Lasts(x.Stock, units)
		last := ""
		if x.Stock == 0 {
			short = append(short, name)
		} else if known {
			last = lasts.FloatString(1)
			if lasts.Cmp(big.NewRat(sales.Short, 1)) < 0 {
				short = append(short, name)
			}
		}
		text = append(text, "· "+r.Say("sales.line", "product", name, "units", x.Units, "stock", x.Stock, "counted", x.Stock != sales.NoStock, "days", last))
	}
	for _, p := range running {
		if p.GiftsPerStore == 0 {
			continue
		}
		used, err := salesstore.Gifts(r.Tx, s.ID, calendar.Span{From: p.StartsOn, To: p.EndsOn})
		if err != nil {
			return command.Saved{}, err
		}
		text = append(text, r.Say("sales.gifts_left", "promo", p.Name, "left", max(0, p.GiftsPerStore-used)))
	}
	if len(short) > 0 {
		text = append(text, r.Say("sales.short", "products", r.Words.List(short), "who", r.Name(s.RepID), "told", s.RepID != "" && s.RepID != r.Who.ID))
		if s.RepID != "" && s.RepID != r.Who.ID {
			if err := r.Tell(s.RepID, func(as *command.Request) chat.Reply {
				return chat.Reply{Text: as.Say("sales.short_told", "store", s.Name, "products", as.Words.List(short), "who", r.Who.Name), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.shelf_order"), "shelf", "order "+account.KindStore+":"+s.ID)}}}
			}); err != nil {
				return command.Saved{}, err
			}
		}
	}
	reply := r.Done(strings.Join(text, "\n"))
	reply.Title = r.Say("sales.saved", "store", s.Name, "day", day)
	return command.Saved{ID: days[0].ID, Reply: reply}, nil
}
