package dealstore

import (
	"fieldbot/bot/deal"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/store"
)

// Team lists the people of ours on a deal's team, beside its owner.
func Team(tx *store.Tx, scope access.Scope, dealID string) ([]deal.Member, error) {
	var a store.Args
	return store.Rows[deal.Member](tx, `SELECT `+store.Columns[deal.Member]("m")+` FROM deal_people m JOIN deals d ON d.id = m.deal_id WHERE m.deal_id = `+a.Add(dealID)+` AND m.status = 'active' AND `+a.Deals(scope, "d")+` ORDER BY m.created_at, m.id LIMIT 100`, a.List...)
}

// Join puts a person on a deal's team; who is there already stays.
func Join(tx *store.Tx, dealID, person string) error {
	before, ok, err := store.One[deal.Member](tx, `SELECT `+store.Columns[deal.Member]("m")+` FROM deal_people m WHERE m.deal_id = $1 AND m.person_id = $2`, dealID, person)
	switch {
	case err != nil || ok && before.Status == deal.Active:
		return err
	case !ok:
		return store.Insert(tx, deal.Member{ID: store.NewID(), Version: 1, DealID: dealID, PersonID: person, Status: deal.Active, CreatedAt: tx.Now, UpdatedAt: tx.Now})
	}
	after := before
	after.Status, after.UpdatedAt = deal.Active, tx.Now
	return store.Update(tx, before, after)
}

// Leave takes a person off a deal's team.
func Leave(tx *store.Tx, m deal.Member) error {
	after := m
	after.Status, after.UpdatedAt = deal.Withdrawn, tx.Now
	return store.Update(tx, m, after)
}

// Parties lists the customer's people in a deal, the heaviest first.
func Parties(tx *store.Tx, scope access.Scope, dealID string) ([]deal.Party, error) {
	var a store.Args
	return store.Rows[deal.Party](tx, `SELECT `+store.Columns[deal.Party]("q")+` FROM deal_contacts q JOIN deals d ON d.id = q.deal_id WHERE q.deal_id = `+a.Add(dealID)+` AND q.status = 'active' AND `+a.Deals(scope, "d")+` ORDER BY q.weight DESC, q.name LIMIT 100`, a.List...)
}

// PartyOf returns what is known of a contact in a deal, one who left it too.
func PartyOf(tx *store.Tx, scope access.Scope, dealID, contactID string) (deal.Party, bool, error) {
	var a store.Args
	return store.One[deal.Party](tx, `SELECT `+store.Columns[deal.Party]("q")+` FROM deal_contacts q JOIN deals d ON d.id = q.deal_id WHERE q.deal_id = `+a.Add(dealID)+` AND q.contact_id = `+a.Add(contactID)+` AND `+a.Deals(scope, "d"), a.List...)
}

// SetParty keeps a contact in a deal, or over what was known of them there.
func SetParty(tx *store.Tx, before, after deal.Party) error {
	after.UpdatedAt = tx.Now
	if before.ID == "" {
		after.ID, after.Version, after.CreatedAt = store.NewID(), 1, tx.Now
		if err := store.Insert(tx, after); err != nil {
			return err
		}
	} else if err := store.Update(tx, before, after); err != nil {
		return err
	}
	return countParties(tx, after.DealID)
}

// countParties derives how many of the customer's people are in a deal.
func countParties(tx *store.Tx, dealID string) error {
	_, err := tx.Exec(`UPDATE deals SET contacts = (SELECT count(*) FROM deal_contacts WHERE deal_id = $1 AND status = 'active'), updated_at = $2 WHERE id = $1`, dealID, tx.Now)
	return err
}

// Recount derives the count of the deal that a party belongs to.
func Recount(tx *store.Tx, partyID string) error {
	id, _, err := store.One[string](tx, `SELECT deal_id FROM deal_contacts WHERE id = $1`, partyID)
	if err != nil {
		return err
	}
	return countParties(tx, id)
}

// Ticks lists the criteria that are ticked.
func Ticks(tx *store.Tx, scope access.Scope, dealID string) ([]deal.Tick, error) {
	var a store.Args
	return store.Rows[deal.Tick](tx, `SELECT `+store.Columns[deal.Tick]("k")+` FROM deal_ticks k JOIN deals d ON d.id = k.deal_id WHERE k.deal_id = `+a.Add(dealID)+` AND k.status = 'active' AND `+a.Deals(scope, "d")+` ORDER BY k.created_at, k.id LIMIT 100`, a.List...)
}

// AddTick keeps a criterion that was ticked. One that is ticked already is
// refused with changed (Conflict).
func AddTick(tx *store.Tx, k *deal.Tick) error {
	k.ID, k.Version, k.Status, k.CreatedAt, k.UpdatedAt = store.NewID(), 1, deal.Active, tx.Now, tx.Now
	if err := tx.Lock("deal:" + k.DealID); err != nil {
		return err
	}
	if _, twice, err := store.One[string](tx, `SELECT id FROM deal_ticks WHERE deal_id = $1 AND criterion = $2 AND status = 'active'`, k.DealID, k.Criterion); err != nil || twice {
		if err == nil {
			err = fault.New(fault.Conflict, "changed")
		}
		return err
	}
	if err := store.Insert(tx, *k); err != nil {
		return err
	}
	return touch(tx, k.DealID)
}

// Untick withdraws a tick; it stays in the trail.
func Untick(tx *store.Tx, before, after deal.Tick) error {
	after.Status, after.UpdatedAt = deal.Withdrawn, tx.Now
	if err := store.Update(tx, before, after); err != nil {
		return err
	}
	return touch(tx, before.DealID)
}

// SheetOf returns the negotiation sheet of a deal, to its team alone.
func SheetOf(tx *store.Tx, scope access.Scope, dealID string) (deal.Sheet, bool, error) {
	var a store.Args
	return store.One[deal.Sheet](tx, `SELECT `+store.Columns[deal.Sheet]("n")+` FROM deal_sheets n JOIN deals d ON d.id = n.deal_id WHERE n.deal_id = `+a.Add(dealID)+` AND `+a.DealTeam(scope, "d"), a.List...)
}

// Rounds lists the rounds of a deal's negotiation, the last first, to its team
// alone, and counts all of them.
func Rounds(tx *store.Tx, scope access.Scope, dealID string, limit int) ([]deal.Round, int64, error) {
	var a store.Args
	from := ` FROM deal_rounds n JOIN deals d ON d.id = n.deal_id WHERE n.deal_id = ` + a.Add(dealID) + ` AND n.status = 'active' AND ` + a.DealTeam(scope, "d")
	all, _, err := store.One[int64](tx, `SELECT count(*)`+from, a.List...)
	if err != nil {
		return nil, 0, err
	}
	rounds, err := store.Rows[deal.Round](tx, `SELECT `+store.Columns[deal.Round]("n")+from+` ORDER BY n.at DESC, n.id DESC LIMIT `+a.Add(limit), a.List...)
	return rounds, all, err
}

// OnTheTeam reports whether a scope is on a deal's team.
func OnTheTeam(tx *store.Tx, scope access.Scope, dealID string) (bool, error) {
	var a store.Args
	_, ok, err := store.One[string](tx, `SELECT d.id FROM deals d WHERE d.id = `+a.Add(dealID)+` AND `+a.DealTeam(scope, "d"), a.List...)
	return ok, err
}

// SetSheet keeps a negotiation sheet, or writes it over the one that was read.
func SetSheet(tx *store.Tx, before, after deal.Sheet) error {
	after.UpdatedAt = tx.Now
	if before.ID != "" {
		return store.Update(tx, before, after)
	}
	after.ID, after.Version, after.CreatedAt = store.NewID(), 1, tx.Now
	return store.Insert(tx, after)
}

// AddRound keeps a round of a negotiation.
func AddRound(tx *store.Tx, n *deal.Round) error {
	n.ID, n.Version, n.Status, n.At, n.CreatedAt, n.UpdatedAt = store.NewID(), 1, deal.Active, tx.Now, tx.Now, tx.Now
	if err := store.Insert(tx, *n); err != nil {
		return err
	}
	return touch(tx, n.DealID)
}
