package promotalk

import (
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/promo"
	"fieldbot/bot/promo/promostore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
	"fieldbot/bot/talk/paper"
)

var claimFields = promo.ClaimCatalogue.Pick("claim_kind", "amount", "reason")

var claims = &command.Record[promo.Claim]{
	Family: "promo", Ref: "promo_claim", None: "promo_none",
	Load: command.InSight(promostore.Claims),
	Find: func(*command.Request, string) ([]promo.Claim, error) { return nil, nil },
	Name: func(r *command.Request, c promo.Claim) string {
		return r.Say("promo.claim_name", "kind", r.Words.Option(claimFields[0], c.Kind), "amount", r.Money(c.Amount))
	},
}

var claimPapers = paper.Paper[promo.Claim]{
	Record: claims, Noun: promostore.Claims, Flow: promo.ClaimLife,
	Owner: func(c promo.Claim) string { return c.OwnerID },
	Describe: func(r *command.Request, c promo.Claim) (string, error) {
		return r.Say("promo.claim_ask", "claim", claims.Name(r, c), "promo", record.Name(r, promoOf(r, promo.Execution{PromoID: c.PromoID})), "reason", chat.Cut(chat.OneLine(c.Reason), 120)), nil
	},
	Enough: papers.Enough,
}

// mayClaim: who answers for the account, from a promo's approval on.
func mayClaim(r *command.Request, p promo.Promo) error {
	if p.Status == promo.Draft || p.Status == promo.Submitted || p.Status == promo.Rejected || p.Status == promo.Cancelled {
		return fault.New(fault.Conflict, "paper_state", "name", record.Name(r, p), "state", papers.State(r, p))
	}
	return command.Guard(r, promostore.Promos, r.Scope, p.ID, fault.New(fault.Denied, "read_only"))
}

// claim keeps what a customer asks for because of a promo, and asks the manager.
func claim(r *command.Request, p promo.Promo, d form.Draft) (command.Saved, error) {
	c := promo.Claim{PromoID: p.ID, AccountID: p.AccountID, OwnerID: r.Who.ID, Status: promo.Asked}
	if err := promo.ClaimCatalogue.Set(&c, d.Values); err != nil {
		return command.Saved{}, err
	}
	if err := c.Check(); err != nil {
		return command.Saved{}, err
	}
	if err := promostore.Claims.Add(r.Tx, &c); err != nil {
		return command.Saved{}, err
	}
	return claimPapers.Propose(r, c)
}

// claimed adds what was asked for because of a promo, and what of it was agreed.
func claimed(r *command.Request, p promo.Promo, add func(label, value string)) error {
	all, err := promostore.ClaimsOf(r.Tx, r.Scope, p.ID)
	agreed, waiting := int64(0), int64(0)
	for _, c := range all {
		switch c.Status {
		case promo.Agreed:
			agreed += c.Amount
		case promo.Asked:
			waiting += c.Amount
		}
	}
	if len(all) > 0 {
		add(r.Say("promo.claims"), r.Say("promo.claims_line", "n", len(all), "agreed", r.MoneyIfAny(agreed), "waiting", r.MoneyIfAny(waiting)))
	}
	return err
}
