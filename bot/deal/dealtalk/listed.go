package dealtalk

import (
	"errors"
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/deal/dealstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/order"
	"fieldbot/bot/order/orderstore"
	"fieldbot/bot/product"
	"fieldbot/bot/product/productstore"
	"fieldbot/bot/shelf"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/command"
)

// carriedShare is how many of the agreed stores have to carry what a listing's deal is
// about before the deal is won, in percent (domain.md §4, Ends).
const carriedShare = 80

func onOrder(r *command.Request, e order.Moved) error { return wonByShelf(r, e.Order.AccountID) }

func onAudit(r *command.Request, e shelf.Audited) error { return wonByShelf(r, e.Store.AccountID) }

// wonByShelf wins the deals at closing that brought listings to an account, or to one above it,
// once the first order is accepted and most of the agreed stores carry the products.
func wonByShelf(r *command.Request, accountID string) error {
	eyes := *r
	eyes.Scope = access.System("orders and audits move deals by themselves")
	all, err := productstore.OfDeals(r.Tx, eyes.Scope, accountID)
	of := map[string][]product.Listing{}
	for _, l := range all {
		of[l.DealNumber] = append(of[l.DealNumber], l)
	}
	for number, listings := range of {
		d, ok, e := dealstore.ByNumber(r.Tx, eyes.Scope, number)
		if e == nil && ok && d.Opened() == nil && d.Stage == funnelOf(r)[len(funnelOf(r))-1].Code {
			e = r.Tx.Unasked(func() error {
				x, err := known(&eyes, d)
				if err != nil {
					return err
				}
				there, err := carried(&eyes, listings)
				if err != nil || !there {
					return err
				}
				return winByItself(&eyes, x, "deal.won_by_listing")
			})
		}
		err = errors.Join(err, e)
	}
	return err
}

// carried reports whether listings were ordered, and stand in most of their stores.
func carried(r *command.Request, listings []product.Listing) (bool, error) {
	ordered, stores, seen := false, 0, 0
	for _, l := range listings {
		p, _, err := productstore.ByID(r.Tx, l.ProductID)
		if err != nil {
			return false, err
		}
		first, err := orderstore.FirstOrder(r.Tx, l.AccountID, p.Code, l.FromOn)
		if err != nil {
			return false, err
		}
		ordered = ordered || first != ""
		agreed, err := accountstore.Selling(r.Tx, r.Scope, l.AccountID, 2000)
		if err != nil {
			return false, err
		}
		agreed = slices.DeleteFunc(agreed, func(s account.Store) bool { return !l.Carries(s) })
		on, err := shelfstore.FirstSeen(r.Tx, agreed, l.ProductID, l.FromOn)
		if err != nil {
			return false, err
		}
		stores, seen = stores+len(agreed), seen+len(on)
	}
	return ordered && stores > 0 && seen*100 >= stores*carriedShare, nil
}
