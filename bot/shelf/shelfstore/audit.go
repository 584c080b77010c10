// Package shelfstore keeps audits of shelves and what chains sold.
package shelfstore

import (
	"cmp"
	"time"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/product"
	"fieldbot/bot/shelf"
	"fieldbot/bot/visit/visitstore"
	"fieldbot/store"
)

// Audits are looks at shelves.
var Audits = store.Declare(store.Noun[shelf.Audit]{
	About: store.About{Alias: "u", Lives: "u.status <> 'undone'", Gate: seen, May: mayChange, Account: "account_id", Store: "store_id", Rank: 31, Catalogue: shelf.Catalogue,
		NoOwner: "an audit that was made waits for nobody",
		Inner:   []string{"audited_on", "status"}},
	Unmake: func(a *shelf.Audit) { a.Status = shelf.Undone },
})

// Lines are what audits say of products.
// Ungated: joins the audit that gates it.
var Lines = store.Declare(store.Noun[shelf.Line]{
	About: store.About{Alias: "n", Join: "JOIN audits u ON u.id = n.audit_id", Lives: "u.status <> 'undone'", Gate: seen, May: mayChange, Catalogue: shelf.LineCatalogue,
		NoOwner: "goes with its audit", NoMove: "goes with its audit", NoUndo: "goes with its audit", Inner: []string{"audit_id"}},
	Fill: func(tx *store.Tx, l *shelf.Line) error {
		a, _, err := store.Known[shelf.Audit](tx, l.AuditID)
		if err != nil {
			return err
		}
		l.StoreID, l.AuditedOn = a.StoreID, a.AuditedOn
		p, _, err := store.Known[product.Product](tx, l.ProductID)
		l.Category = p.Category
		return err
	},
})

// Audits are those of stores in sight, and those a person made; who made one, and who leads
// that person, changes it.
var (
	seen      = accountstore.OfStore("u.person_id", "u.store_id")
	mayChange = accountstore.OfDoer("u.person_id", "u.store_id", shelf.Auditors...)
)

// ByRef returns the audit that files call so.
func ByRef(tx *store.Tx, scope access.Scope, ref string) (shelf.Audit, bool, error) {
	return Audits.In(scope).And("u.ref = ?", ref).One(tx)
}

// OnDay returns the audit of a store by a person on a day.
func OnDay(tx *store.Tx, scope access.Scope, storeID, personID string, day calendar.Day) (shelf.Audit, bool, error) {
	return Audits.In(scope).And("u.store_id = ? AND u.person_id = ? AND u.audited_on = ?", storeID, personID, day).One(tx)
}

// OfStore lists the audits of a store, the last first.
func OfStore(tx *store.Tx, scope access.Scope, storeID string, limit int) ([]shelf.Audit, error) {
	return Audits.In(scope).And("u.store_id = ?", storeID).Order("u.audited_at DESC, u.id DESC").Limit(limit).Rows(tx)
}

// Last returns the last audit of a store before an instant.
func Last(tx *store.Tx, scope access.Scope, storeID string, before time.Time) (shelf.Audit, bool, error) {
	return Audits.In(scope).And("u.store_id = ? AND u.audited_at < ?", storeID, before).Order("u.audited_at DESC, u.id DESC").Limit(1).One(tx)
}

// mostLines is how many products an audit has at most.
const mostLines = 500

// LinesOf lists what an audit says.
func LinesOf(tx *store.Tx, scope access.Scope, auditID string) ([]shelf.Line, error) {
	return Lines.In(scope).And("n.audit_id = ?", auditID).Order("n.category, n.product_id").Limit(mostLines).Rows(tx)
}

// Save keeps an audit with its lines. One that the person made of the store on the same
// day is added to: it was the same look at the shelf.
func Save(tx *store.Tx, a *shelf.Audit, lines []shelf.Line) error {
	if err := tx.Lock("audit:" + a.StoreID); err != nil {
		return err
	}
	before, again, err := OnDay(tx, access.System("the same audit again"), a.StoreID, a.PersonID, a.AuditedOn)
	if err != nil {
		return err
	}
	old := map[string]shelf.Line{}
	if !again {
		a.Status = shelf.Made
		a.ID = cmp.Or(a.ID, store.NewID())
		a.Ref = cmp.Or(a.Ref, a.ID)
		err = Audits.Add(tx, a)
	} else {
		a.ID, a.Version, a.Ref, a.Status, a.CreatedAt = before.ID, before.Version, before.Ref, before.Status, before.CreatedAt
		*a = a.Over(before)
		if err = Audits.Change(tx, before, *a); err != nil {
			return err
		}
		var all []shelf.Line
		all, err = LinesOf(tx, access.System("the same audit again"), a.ID)
		for _, l := range all {
			old[l.ProductID] = l
		}
	}
	if err != nil {
		return err
	}
	for _, l := range lines {
		l.AuditID = a.ID
		if was, there := old[l.ProductID]; there {
			l = l.Over(was)
			l.ID, l.Version, l.CreatedAt = was.ID, was.Version, was.CreatedAt
			if !store.Same(was, l) {
				err = Lines.Change(tx, was, l)
			}
		} else {
			err = Lines.Add(tx, &l)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// LastFacings are the facings of products in a store as somebody counted them last.
// Ungated: what stands in a store whose shelf the person audits.
func LastFacings(tx *store.Tx, storeID string, productIDs []string) (map[string]int64, error) {
	out := map[string]int64{}
	for _, id := range productIDs {
		n, ok, err := store.One[int64](tx, `SELECT n.facings FROM audit_lines n JOIN audits u ON u.id = n.audit_id WHERE n.store_id = $1 AND n.product_id = $2 AND u.status = 'made' AND n.facings > 0 ORDER BY n.audited_on DESC LIMIT 1`, storeID, id)
		if err != nil {
			return nil, err
		}
		if ok {
			out[id] = n
		}
	}
	return out, nil
}

// Here is the store that a person is checked in at; "" is none.
func Here(tx *store.Tx, scope access.Scope, personID string) (string, error) {
	v, _, err := visitstore.Open(tx, scope, personID)
	return v.StoreID, err
}

// Of lists the audits of a person, the last first.
func Of(tx *store.Tx, scope access.Scope, personID string, limit int) ([]shelf.Audit, error) {
	return Audits.In(scope).And("u.person_id = ?", personID).Order("u.audited_on DESC, u.audited_at DESC").Limit(limit).Rows(tx)
}

// Around returns the last audit of a store up to a day, and the last one after it until
// another.
func Around(tx *store.Tx, scope access.Scope, storeID string, on, until calendar.Day) (before, after shelf.Audit, err error) {
	one := func(condition string, days ...any) (shelf.Audit, error) {
		a, _, err := Audits.In(scope).And("u.store_id = ?", storeID).And(condition, days...).Order("u.audited_at DESC").Limit(1).One(tx)
		return a, err
	}
	if before, err = one("u.audited_on <= ?", on); err != nil {
		return before, after, err
	}
	after, err = one("u.audited_on > ? AND u.audited_on <= ?", on, until)
	return before, after, err
}
