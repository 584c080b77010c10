package accountstore

import "fieldbot/store"

// Outline is what figures need of an account to be added up by it.
type Outline struct {
	ID        string `db:"id"`
	Code      string `db:"code"`
	Name      string `db:"name"`
	ParentID  string `db:"parent_id"`
	OwnerID   string `db:"owner_id"`
	Territory string `db:"in_territory"`
}

// Outlines are those of an account and all below it, by id; "" is all. They are for
// naming rows that are in sight.
// Ungated: names of rows in sight.
func Outlines(tx *store.Tx, accountID string) (map[string]Outline, error) {
	var a store.Args
	where := ""
	if accountID != "" {
		where = ` WHERE a.id IN (` + a.Below(accountID) + `)`
	}
	rows, err := store.Rows[Outline](tx, `SELECT a.id, a.code, a.name, a.parent_id, a.owner_id, a.in_territory FROM accounts a`+where, a.List...)
	out := make(map[string]Outline, len(rows))
	for _, o := range rows {
		out[o.ID] = o
	}
	return out, err
}

// Top is the uppermost account above one, as far as they are known.
func Top(of map[string]Outline, id string) Outline {
	at := of[id]
	for range len(of) {
		above, known := of[at.ParentID]
		if !known {
			break
		}
		at = above
	}
	return at
}
