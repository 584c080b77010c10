package promotalk

import (
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/expense"
	"fieldbot/bot/expense/expensestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/promo"
	"fieldbot/bot/promo/promostore"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

var (
	asked      = []string{"name", "account_codes", "starts_on", "ends_on", "mechanics", "product_codes", "promo_price", "display", "gifts_per_store", "fee", "fee_payer", "store_codes", "local_owners", "uplift_factor"}
	newForm    = form.Form{Name: "promo.new", Fields: promo.Catalogue.Pick(asked...)}
	editFields = promo.Catalogue.Pick("name", "starts_on", "ends_on", "mechanics", "product_codes", "promo_price", "display", "gifts_per_store", "uplift_factor")
)

// saveNew makes a promo with its stores and asks for the manager's yes.
func saveNew(r *command.Request, d form.Draft) (command.Saved, error) {
	p := promo.Promo{OwnerID: r.Who.ID, Status: promo.Draft}
	if err := promo.Catalogue.Set(&p, d.Values); err != nil {
		return command.Saved{}, err
	}
	if err := command.Guard(r, accountstore.Accounts, r.Scope, p.AccountID, fault.New(fault.Denied, "read_only")); err != nil {
		return command.Saved{}, err
	}
	if today := r.Words.Today(r.Said); p.StartsOn < today {
		return command.Saved{}, fault.At("starts_on", "due_past", "day", p.StartsOn)
	}
	if err := p.Check(); err != nil {
		return command.Saved{}, err
	}
	if err := known(r, &p); err != nil {
		return command.Saved{}, err
	}
	stores, err := storesFor(r, p, d.Values["store_codes"])
	if err != nil {
		return command.Saved{}, err
	}
	if err := promostore.Add(r.Tx, &p, stores); err != nil {
		return command.Saved{}, err
	}
	if p, err = foretold(r, p); err != nil {
		return command.Saved{}, err
	}
	return papers.Begin(r, p, "submit")
}

// known finds the products that a promo names, and keeps their codes.
func known(r *command.Request, p *promo.Promo) error {
	var codes []string
	for _, name := range p.ProductCodes {
		found, err := productstore.Find(r.Tx, name, 2)
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return fault.At("product_codes", "none_found", "query", name)
		case len(found) > 1:
			return fault.At("product_codes", "which_of", "query", name, "near", found[0].Code+" "+found[0].Name+", "+found[1].Code+" "+found[1].Name)
		}
		if !found[0].Own {
			return fault.At("product_codes", "promo_rival", "product", found[0].Label())
		}
		codes = append(codes, found[0].Code)
	}
	p.ProductCodes = codes
	return nil
}

// storesFor are the stores of a promo: those named, else all that its account has.
func storesFor(r *command.Request, p promo.Promo, codes string) ([]account.Store, error) {
	all, err := promostore.StoresFor(r.Tx, access.System("the stores of an account that the person answers for"), p.AccountID)
	if err != nil || codes == "" {
		return all, err
	}
	var out []account.Store
	for _, code := range strings.Split(codes, ";") {
		s, ok := account.Named(all, code)
		if !ok {
			return nil, fault.At("store_codes", "not_its_store", "code", code, "account", r.AccountOf(p.AccountID).Name)
		}
		out = append(out, s)
	}
	return out, nil
}

// foretold works out what a promo will sell, once its stores are kept.
func foretold(r *command.Request, p promo.Promo) (promo.Promo, error) {
	h, err := promostore.HistoryOf(r.Tx, p, r.Words.Today(r.Said))
	if err != nil {
		return p, err
	}
	after := p
	after.ForecastUnits = h.Forecast(p.Days(), p.Uplift(settings(r)))
	if after.ForecastUnits == p.ForecastUnits {
		return p, nil
	}
	if err := promostore.Promos.Change(r.Tx, p, after); err != nil {
		return p, err
	}
	return record.Load(r, p.ID)
}

func mayEdit(r *command.Request, p promo.Promo) error {
	if p.Status != promo.Draft && p.Status != promo.Rejected {
		return fault.New(fault.Conflict, "paper_state", "name", record.Name(r, p), "state", papers.State(r, p))
	}
	return command.Guard(r, promostore.Promos, r.Scope, p.ID, fault.New(fault.Denied, "read_only"))
}

func fillEdit(_ *command.Request, p promo.Promo, _ command.Args, d *form.Draft) error {
	d.Hold(editFields, promo.Catalogue.Values(p))
	return nil
}

func saveEdit(r *command.Request, before promo.Promo, d form.Draft) (command.Saved, error) {
	after := before
	if err := promo.Catalogue.Set(&after, form.Whole(editFields, d.Values)); err != nil {
		return command.Saved{}, err
	}
	if err := after.Check(); err != nil {
		return command.Saved{}, err
	}
	if err := known(r, &after); err != nil {
		return command.Saved{}, err
	}
	if err := promostore.Promos.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	after, err := record.Load(r, before.ID)
	if err != nil {
		return command.Saved{}, err
	}
	if after, err = foretold(r, after); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: after.ID, Reply: r.Done(r.Say("promo.changed", "promo", record.Name(r, after)), command.SayButton(r.Say("button.card"), "promo", "show "+record.RefOf(after)))}, nil
}

// made does what follows from a move: an approved promo files its fee as one expense, and
// the local owners hear of it; a running one is told to those who see to it.
func made(r *command.Request, before, after promo.Promo, move string) error {
	if move != "approve" || after.Status != promo.Approved {
		return nil
	}
	if total := after.Fee * after.Stores; total > 0 && (after.FeePayer == "us" || after.FeePayer == "shared") {
		e := expense.Expense{PersonID: after.OwnerID, AccountID: after.AccountID, Category: r.Say("promo.category"), Purpose: after.Code + " " + after.Name, Amount: total, SpentOn: after.EndsOn, PayKind: "deduction", PromoCode: after.Code, Status: expense.Approved}
		if err := expensestore.Add(r.Tx, &e, nil); err != nil {
			return err
		}
	}
	return askParties(r, after)
}

// describe says what a manager is asked to agree to.
func describe(r *command.Request, p promo.Promo) (string, error) {
	return r.Say("promo.ask", "promo", record.Name(r, p), "account", r.AccountOf(p.AccountID).Name, "from", p.StartsOn, "to", p.EndsOn, "stores", p.Stores, "fee", r.MoneyIfAny(p.Fee*p.Stores), "units", p.ForecastUnits), nil
}
