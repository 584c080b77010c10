package shelf

import (
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/calendar"
)

// Demands is the event of an audit that wants to know what was asked of a store on a
// day. Who asked for something, such as a promo, adds it.
type Demands struct {
	Store    account.Store
	On       calendar.Day
	Standing []string         // displays that the audit found
	Prices   map[string]int64 // what a tag has to say, by product
	Displays []string         // each display that has to stand
	Points   int64            // demanded by promos
	Met      int64            // of these
}

// Supply is the event of a suggested order that wants to know how a store is supplied. Who
// knows what is on its way, or what was agreed, adds it.
type Supply struct {
	Store       account.Store
	Cover, Lead int64            // days that an order lasts, and that goods take
	OnOrder     map[string]int64 // units on their way, by product code
}

// Audited is the event of an audit that was kept.
type Audited struct{ Store account.Store }

// Ordered is the event of a launch that wants to know when an account first ordered its
// product: who knows orders sets On.
type Ordered struct {
	AccountID, Product string // code
	From               calendar.Day
	On                 calendar.Day // "" is not yet
}

// Ask writes into an audit what was asked, and how much of it was there. Of displays that
// nobody named, all are assumed to stand.
func (d Demands) Ask(a *Audit) {
	a.DisplaysAgreed, a.DisplaysStanding = int64(len(d.Displays)), 0
	if len(d.Standing) == 0 {
		a.DisplaysStanding = a.DisplaysAgreed
	}
	for _, x := range d.Displays {
		if slices.Contains(d.Standing, x) {
			a.DisplaysStanding++
		}
	}
	a.PromoDemanded, a.PromoMet = d.Points, d.Met
}
