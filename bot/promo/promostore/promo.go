// Package promostore keeps promotions and what stores did of them.
package promostore

import (
	"slices"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/promo"
	"fieldbot/store"
)

// Promos are what was agreed with chains for a slot.
var Promos = store.Declare(store.Noun[promo.Promo]{
	About: store.About{Words: []string{"reason"}, Alias: "o", Lives: "o.status <> 'undone'", Gate: seen, May: accountstore.OfOwner("o.account_id", promo.Makers...),
		Account: "account_id", Rank: 26, Catalogue: promo.Catalogue,
		Owners: []store.Owner{{Column: "owner_id", Held: "o.status NOT IN ('settled', 'rejected', 'cancelled', 'undone')", Roles: promo.Makers}},
		Inner:  []string{"seq", "reason", "agreed_by_owner", "agreed_by_local"}},
	Unmake: func(p *promo.Promo) { p.Status = "undone" },
	Fill:   count,
})

// seen keeps promos to those of accounts whose card a person sees, and, for a promoter, to
// those of the own stores.
func seen(a *store.Args, s access.Scope) string {
	card := accountstore.OfCard("o.account_id")(a, s)
	if !s.Is(person.Promoter) {
		return card
	}
	return `(` + card + ` OR o.id IN (SELECT x.promo_id FROM promo_executions x WHERE x.store_id IN (SELECT store_id FROM store_people WHERE person_id = ` + a.Add(s.Person) + `)))`
}

// count counts the stores of a promo, those that have something to do yet, and the claims
// that nobody has decided.
// Ungated: derived columns.
func count(tx *store.Tx, p *promo.Promo) error {
	type sums struct {
		Stores     int64 `db:"stores"`
		Unagreed   int64 `db:"unagreed"`
		Unreported int64 `db:"unreported"`
	}
	n, _, err := store.One[sums](tx, `SELECT count(*) AS stores, coalesce(sum(CASE WHEN x.agreed_with = '' THEN 1 ELSE 0 END), 0) AS unagreed,
		coalesce(sum(CASE WHEN x.status IN ('planned', 'unverified') OR (x.again OR x.late) AND x.checked_by = '' THEN 1 ELSE 0 END), 0) AS unreported
		FROM promo_executions x WHERE x.promo_id = $1 AND x.status <> 'dropped'`, p.ID)
	p.Stores, p.Unagreed, p.Unreported = n.Stores, n.Unagreed, n.Unreported
	if err != nil {
		return err
	}
	p.OpenClaims, _, err = store.One[int64](tx, `SELECT count(*) FROM promo_claims k WHERE k.promo_id = $1 AND k.status = 'asked'`, p.ID)
	return err
}

// recount computes anew what a promo's stores and claims come to.
// Ungated: derived columns.
func recount(tx *store.Tx, promoID string) error {
	p, ok, err := store.Known[promo.Promo](tx, promoID)
	if err != nil || !ok {
		return err
	}
	if err := count(tx, &p); err != nil {
		return err
	}
	return tx.Do(`UPDATE promos SET stores = $1, unagreed = $2, unreported = $3, open_claims = $4 WHERE id = $5`, p.Stores, p.Unagreed, p.Unreported, p.OpenClaims, p.ID)
}

// Add keeps a new promo with its stores. One kind of display stands once in a store and
// slot: another promo that claims it is the fault.
func Add(tx *store.Tx, p *promo.Promo, stores []account.Store) error {
	if err := free(tx, *p, stores); err != nil {
		return err
	}
	if err := tx.Number("promos", "P", &p.Seq, &p.Code); err != nil {
		return err
	}
	if err := Promos.Add(tx, p); err != nil {
		return err
	}
	for _, s := range stores {
		local, err := localOwner(tx, *p, s)
		if err != nil {
			return err
		}
		e := promo.Execution{PromoID: p.ID, StoreID: s.ID, AccountID: s.AccountID, LocalID: local, Status: promo.Planned, Fee: p.Fee}
		if err := Executions.Add(tx, &e); err != nil {
			return err
		}
	}
	after, _, err := store.Known[promo.Promo](tx, p.ID)
	*p = after
	return err
}

// localOwner is who sees to a promo in a store's city (促销专人): the one who was named for
// it, else the one for everywhere (""=handle).
func localOwner(tx *store.Tx, p promo.Promo, s account.Store) (string, error) {
	for _, pair := range p.LocalOwners {
		city, handle, named := strings.Cut(pair, "=")
		if named && !strings.EqualFold(strings.TrimSpace(city), s.City) {
			continue
		}
		if !named {
			handle = city
		}
		who, ok, err := personstore.ByHandle(tx, strings.TrimSpace(handle))
		if err != nil {
			return "", err
		}
		if !ok {
			return "", fault.At("local_owners", "none_found", "query", handle)
		}
		return who.ID, nil
	}
	return "", nil
}

// free is the fault of a display that another promo claims in a store and slot.
func free(tx *store.Tx, p promo.Promo, stores []account.Store) error {
	if len(p.Display) == 0 {
		return nil
	}
	for _, s := range stores {
		others, err := At(tx, access.System("a display stands once in a slot"), s.ID, p.StartsOn, p.EndsOn)
		if err != nil {
			return err
		}
		for _, o := range others {
			for _, d := range o.Display {
				if o.ID != p.ID && slices.Contains(p.Display, d) {
					return fault.At("display", "promo_display", "store", s.Name, "promo", o.Code+" "+o.Name)
				}
			}
		}
	}
	return nil
}

// At lists the promos that a store is in and that touch some days, the first first.
func At(tx *store.Tx, scope access.Scope, storeID string, from, to calendar.Day) ([]promo.Promo, error) {
	return Promos.In(scope).And("o.id IN (SELECT x.promo_id FROM promo_executions x WHERE x.store_id = ? AND x.status <> 'dropped')", storeID).
		And("o.starts_on <= ? AND o.ends_on >= ? AND o.status NOT IN ('rejected', 'cancelled')", to, from).Order("o.starts_on, o.code").Limit(100).Rows(tx)
}

// ByCode returns the promo of a code.
func ByCode(tx *store.Tx, scope access.Scope, code string) (promo.Promo, bool, error) {
	return Promos.In(scope).And("o.code IN (?, ?)", code, strings.ToUpper(code)).One(tx)
}

// open is a promo that something is still to be done about.
const open = "o.status NOT IN ('settled', 'rejected', 'cancelled')"

// Find returns the promos in sight that words name, those still open first: a code, or a
// part of the name.
func Find(tx *store.Tx, scope access.Scope, words string, limit int) ([]promo.Promo, error) {
	if p, ok, err := ByCode(tx, scope, words); err != nil || ok {
		return []promo.Promo{p}, err
	}
	return Promos.In(scope).And("lower(o.name) LIKE ?", "%"+strings.ToLower(words)+"%").Order("CASE WHEN " + open + " THEN 0 ELSE 1 END, o.starts_on DESC, o.id").Limit(limit).Rows(tx)
}

// Open lists the promos in sight that are not ended, the first slot first; an account
// narrows them to those of it and all below it.
func Open(tx *store.Tx, scope access.Scope, accountID string, limit int) ([]promo.Promo, error) {
	return Promos.In(scope).Below(accountID).And(open).Order("o.starts_on, o.code").Limit(limit).Rows(tx)
}

// OwnedOpen lists the promos of an owner that are not ended.
func OwnedOpen(tx *store.Tx, scope access.Scope, owner string) ([]promo.Promo, error) {
	return Promos.In(scope).And("o.owner_id = ? AND "+open, owner).Order("o.starts_on, o.code").Limit(100).Rows(tx)
}

// Ticking lists the promos that time may move: they wait for their day, run, or are over.
func Ticking(tx *store.Tx, scope access.Scope, before calendar.Day) ([]promo.Promo, error) {
	return Promos.In(scope).And("o.status IN ('approved', 'confirmed', 'running') AND o.starts_on <= ?", before).Order("o.starts_on, o.id").Limit(500).Rows(tx)
}

// StoresFor are the stores of an account and all below it that sell now.
func StoresFor(tx *store.Tx, scope access.Scope, accountID string) ([]account.Store, error) {
	return accountstore.Selling(tx, scope, accountID, mostStores)
}

// mostStores is how many stores a promo has at most.
const mostStores = 2000
