package dealtalk

import (
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// saveNew opens a deal in the first stage, held by the account's owner. A rep
// who finds one joins the team of the account's owner.
func saveNew(r *command.Request, d form.Draft) (command.Saved, error) {
	a, ok, err := accountstore.Accounts.In(r.Scope).ByID(r.Tx, d.Values["account_code"])
	switch {
	case err != nil:
		return command.Saved{}, err
	case !ok:
		return command.Saved{}, fault.At("account_code", "none_found", "query", d.Shown["account_code"])
	case a.Status != "active":
		return command.Saved{}, fault.At("account_code", "place_closed", "place", a.Name)
	}
	x := subject{Deal: deal.Deal{AccountID: a.ID, OwnerID: d.Values["owner"]}, account: a, funnel: funnelOf(r)}
	switch {
	case x.OwnerID != "":
		p, ok, err := personstore.ByID(r.Tx, x.OwnerID)
		if err != nil || !ok {
			return command.Saved{}, command.OrGone(err)
		}
		if !p.Is(sellers...) {
			return command.Saved{}, fault.At("owner", "deal_owner_role", "who", p.Name)
		}
	case r.Who.Is(person.KAM, person.Manager) || a.OwnerID == "":
		x.OwnerID = r.Who.ID
	default:
		x.OwnerID = a.OwnerID
	}
	if err := fill(r, &x.Deal, d, false); err != nil {
		return command.Saved{}, err
	}
	if doubt, err := duplicate(r, x, d); err != nil || doubt != nil {
		if err == nil {
			err = doubt
		}
		return command.Saved{}, err
	}
	return begin(r, x, x.funnel[0].Code)
}

// similar is how alike two titles are to be taken for the same deal.
const similar = 160

// duplicate doubts a deal whose account has an open one of nearly the same title
// (domain.md §13: likely duplicates are shown before they are made).
func duplicate(r *command.Request, x subject, d form.Draft) (*command.Confirm, error) {
	if d.Doubted {
		return nil, nil
	}
	theirs, err := dealstore.List(r.Tx, r.Scope, dealstore.Filter{Account: x.AccountID, Status: deal.Open, Limit: mostBoard})
	for _, c := range theirs {
		if search.Fold(c.Title) == search.Fold(x.Title) || search.Like(x.Title, search.Text(c.Title)) >= similar {
			return &command.Confirm{Field: "title", Text: r.Say("deal.alike", "deal", c.Number+" "+c.Title, "account", c.Account), Buttons: [][]chat.Button{{command.SayButton(c.Number+" "+c.Title, "deal", "show deal:"+c.ID)}}}, err
		}
	}
	return nil, err
}

// begin keeps a new deal and answers with the gate ahead.
func begin(r *command.Request, x subject, stage string) (command.Saved, error) {
	var first deal.Entry
	x.Deal, first = x.Start(stage, r.Who.ID, r.Tx.Now)
	hold, err := holders(r, x, stage)
	if err != nil {
		return command.Saved{}, err
	}
	if x.HolderID = x.OwnerID; len(hold) > 0 {
		x.HolderID = hold[0]
	}
	if err := dealstore.Add(r.Tx, &x.Deal, first); err != nil {
		return command.Saved{}, err
	}
	if x.OwnerID != r.Who.ID {
		if err := dealstore.Join(r.Tx, x.ID, r.Who.ID); err != nil {
			return command.Saved{}, err
		}
	}
	reply := chat.Reply{Title: r.Say("deal.made", "deal", x.name(), "account", x.account.Name), Keep: true}
	reply.Text = r.Say("deal.starts", "value", r.Money(x.Value), "some", x.Value > 0, "day", x.ExpectedCloseOn, "dated", x.ExpectedCloseOn != "", "stage", stageName(r, x.funnel, stage), "weight", x.funnel.Stage(stage).Weight)
	if err := addGate(r, x, &reply); err != nil {
		return command.Saved{}, err
	}
	reply.Buttons = append(reply.Buttons, []chat.Button{cardButton(r, x), command.SayButton(r.Say("button.edit"), "deal", "edit "+x.Ref()), r.UndoButton()})
	return command.Saved{Reply: reply, ID: x.ID}, tellOwner(r, x, "deal.made_you")
}

// fill puts what a form says into a deal. A form that was opened with what the
// deal holds speaks of every field.
func fill(r *command.Request, x *deal.Deal, d form.Draft, every bool) error {
	said := map[string]string{}
	for _, key := range append([]string{"title"}, facts...) {
		if value, ok := d.Values[key]; ok || every {
			said[key] = value
		}
	}
	before := *x
	if err := deal.Catalogue.Set(x, said); err != nil {
		return err
	}
	today := r.Words.Today(r.Said)
	switch {
	case x.Value < 0:
		return fault.At("value", "deal_value_negative")
	case x.ExpectedCloseOn != before.ExpectedCloseOn && x.ExpectedCloseOn != "" && x.ExpectedCloseOn < today:
		return fault.At("expected_close_on", "deal_close_past", "day", x.ExpectedCloseOn)
	case x.NextDue != before.NextDue && x.NextDue != "" && x.NextDue < today:
		return fault.At("next_due", "due_past", "day", x.NextDue)
	}
	return nil
}

func fillEdit(_ *command.Request, x subject, _ command.Args, d *form.Draft) error {
	d.Hold(editForm.Fields, deal.Catalogue.Values(x.Deal))
	return nil
}

func saveEdit(r *command.Request, x subject, d form.Draft) (command.Saved, error) {
	after := x.Deal
	if err := fill(r, &after, d, true); err != nil {
		return command.Saved{}, err
	}
	if err := dealstore.Change(r.Tx, x.Deal, after); err != nil {
		return command.Saved{}, err
	}
	if after.Value != x.Value { // what was asked was asked of another deal
		if err := withdraw(r, x, deal.AskStage, deal.AskWon, deal.AskOwner); err != nil {
			return command.Saved{}, err
		}
	}
	x.Deal = after
	reply, err := card(r, x)
	reply.Title, reply.Keep = r.Say("deal.edited", "deal", x.name()), true
	reply.Buttons = [][]chat.Button{{cardButton(r, x), r.UndoButton()}}
	return command.Saved{Reply: reply, ID: x.ID}, err
}

// mayRepeat: the next deal follows one that was won.
func mayRepeat(_ *command.Request, x subject) error {
	if x.Status != deal.Won {
		return fault.New(fault.Conflict, "deal_repeat_open", "number", x.Number)
	}
	return nil
}

// fillRepeat begins the next deal with what the last one was.
func fillRepeat(_ *command.Request, x subject, _ command.Args, d *form.Draft) error {
	values := deal.Catalogue.Values(deal.Deal{Title: x.Title, Value: x.Value, Size: x.Size, Source: x.Source, Products: x.Products})
	for key, v := range values {
		if _, ok := repeatForm.Field(key); ok {
			d.Values[key] = v
		}
	}
	return nil
}

// saveRepeat opens the next deal of a customer who bought (重复购买意向): at
// intent, with the same people on both sides.
func saveRepeat(r *command.Request, last subject, d form.Draft) (command.Saved, error) {
	x := last
	owner, err := worksHere(r, last)
	if err != nil {
		return command.Saved{}, err
	}
	x.Deal = deal.Deal{AccountID: last.AccountID, OwnerID: owner, RepeatOf: last.ID}
	if err := fill(r, &x.Deal, d, false); err != nil {
		return command.Saved{}, err
	}
	x.ticks = nil
	saved, err := begin(r, x, x.funnel[1].Code)
	if err != nil {
		return saved, err
	}
	for _, p := range last.people {
		if err := dealstore.SetParty(r.Tx, deal.Party{}, deal.Party{DealID: saved.ID, ContactID: p.ContactID, Name: p.Name, BuyingRole: p.BuyingRole, Attitude: p.Attitude, Weight: p.Weight, Status: deal.Active}); err != nil {
			return saved, err
		}
	}
	team, err := dealstore.TeamOf(r.Tx, access.System("who sold it the last time"), last.ID)
	for _, m := range team {
		if m.PersonID != x.OwnerID {
			if err := dealstore.Join(r.Tx, saved.ID, m.PersonID); err != nil {
				return saved, err
			}
		}
	}
	return saved, err
}

// mayEdit: what has ended is corrected by who leads its owner.
func mayEdit(r *command.Request, x subject) error {
	if x.Status == deal.Open || x.Status == deal.Stalled {
		return nil
	}
	above, err := leads(r, x)
	if err == nil && !above {
		err = x.Opened()
	}
	return err
}

// worksHere is who owns a deal that is opened again: its owner, or, if that one
// has left, the account's, or the person who opens it.
func worksHere(r *command.Request, x subject) (string, error) {
	for _, id := range []string{x.OwnerID, x.account.OwnerID} {
		if p, ok, err := personstore.ByID(r.Tx, id); err != nil || ok && p.Active() {
			return id, err
		}
	}
	return r.Who.ID, nil
}
