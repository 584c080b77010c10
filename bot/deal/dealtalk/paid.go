package dealtalk

import (
	"errors"

	"fieldbot/bot/deal"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/invoice"
	"fieldbot/bot/invoice/invoicestore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
)

// firstPayment is the criterion that money ticks by itself.
const firstPayment = "first_payment"

// paid reacts to money of an account: its deals that orders name are ticked with the first
// payment, and won when everything that was ordered for them is invoiced and settled
// (domain.md §4, Ends).
func paid(r *command.Request, e invoice.Changed) error {
	eyes := *r
	eyes.Scope = access.System("money moves deals by itself")
	orders, err := orderstore.ForDeals(r.Tx, eyes.Scope, e.AccountID)
	of := map[string][]order.Order{}
	for _, o := range orders {
		of[o.DealNumber] = append(of[o.DealNumber], o)
	}
	for number, orders := range of {
		d, ok, e := dealstore.ByNumber(r.Tx, eyes.Scope, number)
		if e == nil && ok && d.Opened() == nil {
			e = r.Tx.Unasked(func() error { return paidFor(&eyes, d, orders) })
		}
		err = errors.Join(err, e)
	}
	return err
}

// paidFor ticks and wins one deal by the invoices of its orders.
func paidFor(r *command.Request, d deal.Deal, orders []order.Order) error {
	x, err := known(r, d)
	if err != nil {
		return err
	}
	first, settled := invoice.Invoice{}, true
	for _, o := range orders {
		papers, err := invoicestore.OfOrder(r.Tx, r.Scope, o.AccountID, o.Number)
		if err != nil {
			return err
		}
		settled = settled && !o.Open() && o.Drawn == 0 && len(papers) > 0
		for _, i := range papers {
			settled = settled && (i.Open() <= 0 || !i.Stands())
			if i.Paid > 0 && (first.ID == "" || i.LastOn < first.LastOn) {
				first = i
			}
		}
	}
	if _, _, asked := x.funnel.Owner(firstPayment); asked && first.ID != "" && !x.met()(firstPayment) {
		k := deal.Tick{DealID: x.ID, Criterion: firstPayment, Note: first.Number, Proof: "invoice:" + first.ID, On: min(first.LastOn, calendar.On(r.Tx.Now)), ByID: x.OwnerID}
		if err := dealstore.AddTick(r.Tx, &k); err != nil {
			return err
		}
	}
	if last := x.funnel[len(x.funnel)-1]; !settled || x.Stage != last.Code {
		return nil
	}
	return winByItself(r, x, "deal.won_by_money")
}

// winByItself wins a deal because of what happened elsewhere, and tells its owner.
func winByItself(r *command.Request, x subject, why string) error {
	after, entry, err := x.funnel.Win(x.Deal, "", x.OwnerID, r.Tx.Now)
	if err != nil {
		return err
	}
	if _, err := keep(r, x, &after, entry); err != nil {
		return err
	}
	return r.Tell(x.OwnerID, func(as *command.Request) chat.Reply {
		return chat.Reply{Text: as.Say(why, "deal", x.name()), Buttons: [][]chat.Button{{command.SayButton(as.Say("button.card"), "deal", "show "+x.Number)}}}
	})
}
