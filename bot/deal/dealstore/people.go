package dealstore

import (
	"fieldbot/bot/deal"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/store"
)

// part is what every part of a deal has in common: it is seen through the deal. Words are
// its columns of what people wrote.
// Ungated: joins the deal that gates it.
func part(alias string, gate func(*store.Args, access.Scope) string, words ...string) store.About {
	return store.About{Alias: alias, Words: words, Join: "JOIN deals d ON d.id = " + alias + ".deal_id", Gate: gate,
		NoOwner: "goes with its deal", NoMove: "goes with its deal", NoFile: "a deal's file names what matters of it"}
}

// What belongs to a deal. Those that are withdrawn stay, with that state.
var (
	Members = store.Declare(store.Noun[deal.Member]{
		About:  part("m", seen),
		Unmake: func(m *deal.Member) { m.Status = deal.Withdrawn },
	})
	Parties = store.Declare(store.Noun[deal.Party]{
		About:  part("q", seen),
		Unmake: func(p *deal.Party) { p.Status = deal.Withdrawn },
		Kept:   func(tx *store.Tx, _, p deal.Party) error { return countParties(tx, p.DealID) },
	})
	Ticks = store.Declare(store.Noun[deal.Tick]{
		About:  part("k", seen, "note"),
		Unmake: func(k *deal.Tick) { k.Status = deal.Withdrawn },
		Kept:   func(tx *store.Tx, _, k deal.Tick) error { return touch(tx, k.DealID) },
	})
	Rounds = store.Declare(store.Noun[deal.Round]{
		About:  part("n", onTeam, "ours", "theirs"),
		Unmake: func(n *deal.Round) { n.Status = deal.Withdrawn },
		Kept:   func(tx *store.Tx, _, n deal.Round) error { return touch(tx, n.DealID) },
	})
	Sheets = store.Declare(store.Noun[deal.Sheet]{
		About:  part("n", onTeam, "target", "floor", "trades"),
		Unmake: func(n *deal.Sheet) { n.Target, n.Floor, n.Trades, n.Deadline = "", "", "", "" },
	})
)

// TeamOf lists the people of ours on a deal's team, beside its owner.
func TeamOf(tx *store.Tx, scope access.Scope, dealID string) ([]deal.Member, error) {
	return Members.In(scope).And("m.deal_id = ? AND m.status = 'active'", dealID).Order("m.created_at, m.id").Limit(100).Rows(tx)
}

// Join puts a person on a deal's team; who is there already stays.
func Join(tx *store.Tx, dealID, person string) error {
	before, ok, err := Members.In(access.System("who was there before comes back")).And("m.deal_id = ? AND m.person_id = ?", dealID, person).One(tx)
	switch {
	case err != nil || ok && before.Status == deal.Active:
		return err
	case !ok:
		return Members.Add(tx, &deal.Member{DealID: dealID, PersonID: person, Status: deal.Active})
	}
	after := before
	after.Status = deal.Active
	return Members.Change(tx, before, after)
}

// Leave takes a person off a deal's team.
func Leave(tx *store.Tx, m deal.Member) error {
	after := m
	after.Status = deal.Withdrawn
	return Members.Change(tx, m, after)
}

// PartiesOf lists the customer's people in a deal, the heaviest first.
func PartiesOf(tx *store.Tx, scope access.Scope, dealID string) ([]deal.Party, error) {
	return Parties.In(scope).And("q.deal_id = ? AND q.status = 'active'", dealID).Order("q.weight DESC, q.name").Limit(100).Rows(tx)
}

// PartyOf returns what is known of a contact in a deal, one who left it too.
func PartyOf(tx *store.Tx, scope access.Scope, dealID, contactID string) (deal.Party, bool, error) {
	return Parties.In(scope).And("q.deal_id = ? AND q.contact_id = ?", dealID, contactID).One(tx)
}

// SetParty keeps a contact in a deal, or over what was known of them there.
func SetParty(tx *store.Tx, before, after deal.Party) error {
	if before.ID == "" {
		return Parties.Add(tx, &after)
	}
	return Parties.Change(tx, before, after)
}

// countParties derives how many of the customer's people are in a deal.
// Ungated: derived columns.
func countParties(tx *store.Tx, dealID string) error {
	return tx.Do(`UPDATE deals SET contacts = (SELECT count(*) FROM deal_contacts WHERE deal_id = $1 AND status = 'active'), updated_at = $2 WHERE id = $1`, dealID, tx.Now)
}

// TicksOf lists the criteria that are ticked.
func TicksOf(tx *store.Tx, scope access.Scope, dealID string) ([]deal.Tick, error) {
	return Ticks.In(scope).And("k.deal_id = ? AND k.status = 'active'", dealID).Order("k.created_at, k.id").Limit(100).Rows(tx)
}

// TickOf returns the tick of a criterion.
func TickOf(tx *store.Tx, scope access.Scope, dealID, criterion string) (deal.Tick, bool, error) {
	return Ticks.In(scope).And("k.deal_id = ? AND k.criterion = ? AND k.status = 'active'", dealID, criterion).One(tx)
}

// AddTick keeps a criterion that was ticked. One that is ticked already is
// refused with changed (Conflict).
func AddTick(tx *store.Tx, k *deal.Tick) error {
	k.Status = deal.Active
	if err := tx.Lock("deal:" + k.DealID); err != nil {
		return err
	}
	_, twice, err := TickOf(tx, access.System("ticked by whomever"), k.DealID, k.Criterion)
	if err == nil && twice {
		err = fault.New(fault.Conflict, "changed")
	}
	if err != nil {
		return err
	}
	return Ticks.Add(tx, k)
}

// Untick withdraws a tick; it stays in the trail.
func Untick(tx *store.Tx, before, after deal.Tick) error {
	after.Status = deal.Withdrawn
	return Ticks.Change(tx, before, after)
}

// SheetOf returns the negotiation sheet of a deal, to its team alone.
func SheetOf(tx *store.Tx, scope access.Scope, dealID string) (deal.Sheet, bool, error) {
	return Sheets.In(scope).And("n.deal_id = ?", dealID).One(tx)
}

// RoundsOf lists the rounds of a deal's negotiation, the last first, to its team
// alone, and counts all of them.
func RoundsOf(tx *store.Tx, scope access.Scope, dealID string, limit int) ([]deal.Round, int64, error) {
	of := func() *store.Query[deal.Round] {
		return Rounds.In(scope).And("n.deal_id = ? AND n.status = 'active'", dealID)
	}
	all, err := of().Count(tx)
	if err != nil {
		return nil, 0, err
	}
	rounds, err := of().Order("n.at DESC, n.id DESC").Limit(limit).Rows(tx)
	return rounds, all, err
}

// OnTheTeam reports whether a scope is on a deal's team. By hand: it asks for no
// more than the gate of the team itself.
func OnTheTeam(tx *store.Tx, scope access.Scope, dealID string) (bool, error) {
	var a store.Args
	_, ok, err := store.One[string](tx, `SELECT d.id FROM deals d WHERE d.id = `+a.Add(dealID)+` AND `+onTeam(&a, scope), a.List...)
	return ok, err
}

// SetSheet keeps a negotiation sheet, or writes it over the one that was read.
func SetSheet(tx *store.Tx, before, after deal.Sheet) error {
	if before.ID == "" {
		return Sheets.Add(tx, &after)
	}
	return Sheets.Change(tx, before, after)
}

// AddRound keeps a round of a negotiation.
func AddRound(tx *store.Tx, n *deal.Round) error {
	n.Status, n.At = deal.Active, tx.Now
	return Rounds.Add(tx, n)
}
