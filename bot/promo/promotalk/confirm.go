package promotalk

import (
	"slices"
	"strings"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/field"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/promo"
	"fieldbot/bot/promo/promostore"
	"fieldbot/bot/shelf/shelfstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/command"
	"fieldbot/bot/talk/form"
)

// stores are promos in stores: found by the store's name, with the promo's behind it where
// the store is in several. Some verbs are for promos of one state.
var (
	stores    = storesIn("")
	toConfirm = storesIn(promo.Approved)
	reported  = storesIn(promo.Running)
)

func storesIn(state string) *command.Record[promo.Execution] {
	return &command.Record[promo.Execution]{
		Family: "promo", Ref: "promo_store", None: "promo_store_none",
		Load: command.InSight(promostore.Executions),
		Find: func(r *command.Request, words string) ([]promo.Execution, error) {
			found, err := findExecutions(r, words)
			return slices.DeleteFunc(found, func(e promo.Execution) bool { return state != "" && promoOf(r, e).Status != state }), err
		},
		Name: func(r *command.Request, e promo.Execution) string {
			return chat.Cut(r.StoreOf(e.StoreID).Name, 30) + " · " + chat.Cut(promoOf(r, e).Name, 24)
		},
	}
}

// findExecutions reads "Wedding P-1001": a store, a promo behind it, or the store alone,
// which names the promos that touch these weeks there.
func findExecutions(r *command.Request, words string) ([]promo.Execution, error) {
	if words == "" {
		return unreported(r)
	}
	if p, ok, err := promostore.ByCode(r.Tx, access.System("a promo by its code"), words); err != nil || ok {
		if err != nil {
			return nil, err
		}
		return promostore.Of(r.Tx, r.Scope, p.ID)
	}
	parts := strings.Fields(words)
	for i := len(parts); i > 0; i-- {
		places, err := accountstore.Find(r.Tx, r.Scope, strings.Join(parts[:i], " "), accountstore.AnyPlace)
		if err != nil {
			return nil, err
		}
		if len(places) != 1 || places[0].Guess || places[0].StoreID() == "" {
			continue
		}
		return inStore(r, places[0].StoreID(), strings.Join(parts[i:], " "))
	}
	return nil, nil
}

// unreported are the stores whose report waits for the person: where they are in a store, that
// store's.
func unreported(r *command.Request) ([]promo.Execution, error) {
	all, err := promostore.ToReport(r.Tx, r.Scope)
	if err != nil {
		return nil, err
	}
	at, err := shelfstore.Here(r.Tx, r.Scope, r.Who.ID)
	if err != nil || at == "" {
		return all, err
	}
	if here := slices.DeleteFunc(slices.Clone(all), func(e promo.Execution) bool { return e.StoreID != at }); len(here) > 0 {
		return here, nil
	}
	return all, nil
}

func inStore(r *command.Request, storeID, name string) ([]promo.Execution, error) {
	today := r.Words.Today(r.Said)
	promos, err := promostore.At(r.Tx, access.System("promos of a store in sight"), storeID, today.Add(-lately), today.Add(lately))
	if err != nil {
		return nil, err
	}
	var out []promo.Execution
	for _, p := range promos {
		if name != "" && !strings.EqualFold(p.Code, name) && !strings.Contains(strings.ToLower(p.Name), strings.ToLower(name)) {
			continue
		}
		e, ok, err := promostore.OfStore(r.Tx, r.Scope, p.ID, storeID)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, e)
		}
	}
	return out, nil
}

var agreeFields = field.Required(promo.ExecutionCatalogue.Pick("agreed_with"))

// mayReport: who serves the store, leads it, or sees to the promo on the spot.
func mayReport(r *command.Request, e promo.Execution) error {
	return command.Guard(r, promostore.Executions, r.Scope, e.ID, fault.New(fault.Denied, "not_yours"))
}

func mayAgree(r *command.Request, e promo.Execution) error {
	if p := promoOf(r, e); p.Status != promo.Approved {
		return fault.New(fault.Conflict, "paper_state", "name", record.Name(r, p), "state", papers.State(r, p))
	}
	return mayReport(r, e)
}

// agree notes who in a store has agreed.
func agree(r *command.Request, before promo.Execution, d form.Draft) (command.Saved, error) {
	after := before
	after.AgreedWith, after.AgreedBy = d.Values["agreed_with"], r.Who.ID
	if err := promostore.Executions.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	p, err := papers.Advance(r, promoOf(r, after))
	if err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: after.ID, Reply: r.Done(r.Say("promo.store_agreed", "store", r.StoreOf(after.StoreID).Name, "who", after.AgreedWith) + "\n" + parties(r, p))}, nil
}

// mayConfirm: the owner for us; who sees to a store on the spot, or leads the owner, for
// the branch or dealer.
func mayConfirm(r *command.Request, p promo.Promo) error {
	if p.Status != promo.Approved {
		return fault.New(fault.Conflict, "paper_state", "name", record.Name(r, p), "state", papers.State(r, p))
	}
	ours, local, err := confirms(r, p)
	switch {
	case err != nil:
		return err
	case !ours && !local:
		return fault.New(fault.Denied, "not_yours")
	case ours && p.AgreedByOwner != "" || local && p.AgreedByLocal != "":
		return fault.New(fault.Conflict, "promo_agreed", "parties", parties(r, p))
	}
	return nil
}

// confirms reports for which parties a person may speak.
func confirms(r *command.Request, p promo.Promo) (ours, local bool, err error) {
	if p.OwnerID == r.Who.ID {
		return true, false, nil
	}
	owner, ok, err := personstore.ByID(r.Tx, p.OwnerID)
	if err != nil || !ok {
		return false, false, err
	}
	if local, err = r.Leads(owner); err != nil || local {
		return false, local, err
	}
	n, err := promostore.Executions.In(access.System("who sees to a promo on the spot")).And("x.promo_id = ? AND x.local_id = ?", p.ID, r.Who.ID).Count(r.Tx)
	return false, n > 0, err
}

// confirm notes that one party agrees: ours, or the branch or dealer.
func confirm(r *command.Request, before promo.Promo, _ form.Draft) (command.Saved, error) {
	ours, _, err := confirms(r, before)
	if err != nil {
		return command.Saved{}, err
	}
	after := before
	if ours {
		after.AgreedByOwner = r.Who.ID
	} else {
		after.AgreedByLocal = r.Who.ID
	}
	if err := promostore.Promos.Change(r.Tx, before, after); err != nil {
		return command.Saved{}, err
	}
	if after, err = record.Load(r, before.ID); err != nil {
		return command.Saved{}, err
	}
	if after, err = papers.Advance(r, after); err != nil {
		return command.Saved{}, err
	}
	return command.Saved{ID: after.ID, Reply: r.Done(parties(r, after), command.SayButton(r.Say("button.card"), "promo", "show "+record.RefOf(after)))}, nil
}

// parties says who has agreed, and who is waited for.
func parties(r *command.Request, p promo.Promo) string {
	return r.Say("promo.parties", "promo", record.Name(r, p), "state", papers.State(r, p), "waits", p.Status == promo.Approved,
		"ours", p.AgreedByOwner != "", "local", p.AgreedByLocal != "", "agreed", p.Stores-p.Unagreed, "stores", p.Stores)
}

// branch is who speaks for the branch where a promo names nobody: who leads its owner.
func branch(r *command.Request, p promo.Promo) (string, error) {
	owner, ok, err := personstore.ByID(r.Tx, p.OwnerID)
	if err != nil || !ok {
		return "", err
	}
	boss, _, err := r.Boss(owner)
	return boss.ID, err
}

// askParties asks the local owners and the reps of the stores to confirm.
func askParties(r *command.Request, p promo.Promo) error {
	all, err := promostore.Of(r.Tx, access.System("who confirms a promo"), p.ID)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	boss, err := branch(r, p)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.LocalID == "" {
			e.LocalID = boss // nobody sees to it there: the manager speaks for the branch
		}
		for _, id := range []string{e.LocalID, r.StoreOf(e.StoreID).RepID} {
			if id == "" || told[id] {
				continue
			}
			told[id] = true
			local := id == e.LocalID
			if err := r.Tell(id, func(as *command.Request) chat.Reply {
				reply := chat.Reply{Title: as.Say("promo.to_confirm", "promo", record.Name(as, p)), Text: as.Say("promo.slot", "from", p.StartsOn, "to", p.EndsOn)}
				button := command.SayButton(as.Say("button.promo_stores"), "promo", "stores "+record.RefOf(p))
				if local {
					button = command.SayButton(as.Say("button.promo_confirm"), "promo", "confirm "+record.RefOf(p))
				}
				reply.Buttons = [][]chat.Button{{button}}
				return reply
			}); err != nil {
				return err
			}
		}
	}
	return nil
}
