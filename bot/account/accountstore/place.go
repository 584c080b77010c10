// Package accountstore keeps accounts, their stores and contacts. Every read takes
// an access.Scope, and the filter is in the SQL.
package accountstore

import (
	"strconv"
	"strings"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/search"
	"fieldbot/store"
)

const (
	storePlace = `SELECT 'store' AS kind, s.id, s.code, s.name, s.account_id, a.name AS account_name, s.rep_id AS owner_id, s.store_class AS grade, s.format, s.city, s.status, s.latitude, s.longitude, s.search, s.last_visit_on, s.next_due_on
		FROM stores s JOIN accounts a ON a.id = s.account_id WHERE `
	accountPlace = `SELECT 'account' AS kind, a.id, a.code, a.name, a.id AS account_id, a.name AS account_name, a.owner_id, a.tier AS grade, '' AS format, a.city, a.status, 0.0 AS latitude, 0.0 AS longitude, a.search, a.last_visit_on, a.next_due_on
		FROM accounts a WHERE `
)

// Among says what a look-up looks among.
type Among int

// The kinds of look-up.
const (
	AnyPlace     Among = iota // stores and accounts
	AccountsOnly              // head offices alone
)

// Limits of a look-up.
const (
	offered    = 8    // hits shown
	candidates = 300  // rows that hold a part of the query and are ranked
	slips      = 1500 // rows compared when no part fits
)

// Find returns the places that a query names, the best first: an exact code,
// a part of a name in either script, pinyin or its initials, else the most
// alike. An account with a single store of the same name is one hit, the store.
func Find(tx *store.Tx, scope access.Scope, query string, among Among) ([]account.Place, error) {
	if exact, err := byCode(tx, scope, strings.TrimSpace(query), among); err != nil || len(exact) > 0 {
		return single(exact), err
	}
	words := search.Words(query)
	if len(words) == 0 {
		return nil, nil
	}
	ranked, err := likely(tx, scope, query, words, among)
	if err != nil {
		return nil, err
	}
	var out []account.Place
	for _, h := range ranked {
		p, ok, err := PlaceByRef(tx, scope, h.ID)
		if err != nil {
			return nil, err
		}
		if ok {
			p.Guess = h.Guess
			out = append(out, p)
		}
	}
	return single(out), nil
}

// likely ranks the places that hold the words of a query, else those that hold its parts,
// else any.
func likely(tx *store.Tx, scope access.Scope, query string, words []string, among Among) ([]search.Hit, error) {
	for _, patterns := range append([][]string{containing(words)}, search.Parts(query)...) {
		hits, err := matching(tx, scope, patterns, candidates, among)
		if err != nil {
			return nil, err
		}
		if ranked := search.Rank(query, hits, offered); len(ranked) > 0 && !ranked[0].Guess {
			return ranked, nil
		}
	}
	hits, err := matching(tx, scope, nil, slips, among)
	return search.Rank(query, hits, offered), err
}

// containing are the patterns of rows that hold all of some words.
func containing(words []string) (patterns []string) {
	for _, w := range words {
		patterns = append(patterns, "%"+w+"%")
	}
	return patterns
}

// single drops an account beside its only store of the same name.
func single(found []account.Place) []account.Place {
	stores := map[string][]account.Place{}
	for _, p := range found {
		if p.Kind == account.KindStore {
			stores[p.AccountID] = append(stores[p.AccountID], p)
		}
	}
	var out []account.Place
	for _, p := range found {
		own := stores[p.ID]
		if p.Kind == account.KindAccount && len(own) == 1 && search.Fold(own[0].Name) == search.Fold(p.Name) {
			continue
		}
		out = append(out, p)
	}
	return out
}

func byCode(tx *store.Tx, scope access.Scope, code string, among Among) ([]account.Place, error) {
	var a store.Args
	codes := ` IN (` + a.Add(code) + `, ` + a.Add(strings.ToUpper(code)) + `, ` + a.Add(strings.ToLower(code)) + `) AND `
	query := accountPlace + `a.code` + codes + Accounts.Gate(&a, scope)
	if among == AnyPlace {
		query = storePlace + `s.code` + codes + Stores.Gate(&a, scope) + ` UNION ALL ` + query
	}
	return store.Rows[account.Place](tx, query+` LIMIT 8`, a.List...)
}

// What a search reads of a row: enough to rank it.
const (
	storeHit   = `SELECT 'store:' || s.id AS ref, s.search FROM stores s WHERE `
	accountHit = `SELECT 'account:' || a.id AS ref, a.search FROM accounts a WHERE `
)

func matching(tx *store.Tx, scope access.Scope, patterns []string, limit int, among Among) ([]search.Hit, error) {
	type row struct {
		Ref    string `db:"ref"`
		Search string `db:"search"`
	}
	rows, err := union[row](tx, scope, among, storeHit, accountHit, limit, func(a *store.Args, alias string) string {
		where := []string{active(scope, alias)}
		if !Everything(scope) {
			where = append(where, own(a, scope, alias))
		}
		for _, p := range patterns {
			where = append(where, alias+`.search LIKE `+a.Add(p))
		}
		return strings.Join(where, " AND ")
	})
	hits := make([]search.Hit, len(rows))
	for i, r := range rows {
		hits[i] = search.Hit{ID: r.Ref, Text: r.Search}
	}
	return hits, err
}

// active keeps a search to what is open. Over the whole company the index on
// the searched text is read; within a person's scope it must not be, since the
// person's own rows are far fewer: the planners do not see that by themselves.
func active(scope access.Scope, alias string) string {
	if Everything(scope) {
		return alias + `.status = 'active'`
	}
	return alias + `.status || '' = 'active'`
}

// union runs one condition on stores and on accounts.
func union[T any](tx *store.Tx, scope access.Scope, among Among, stores, accounts string, limit int, where func(a *store.Args, alias string) string) ([]T, error) {
	var out []T
	if among == AnyPlace {
		var a store.Args
		rows, err := store.Rows[T](tx, stores+where(&a, "s")+` AND `+Stores.Gate(&a, scope)+` LIMIT `+strconv.Itoa(limit), a.List...)
		if err != nil {
			return nil, err
		}
		out = rows
	}
	var a store.Args
	rows, err := store.Rows[T](tx, accounts+where(&a, "a")+` AND `+Accounts.Gate(&a, scope)+` LIMIT `+strconv.Itoa(limit), a.List...)
	return append(out, rows...), err
}

// Some lists a few active accounts in sight, by code, for who owns none.
func Some(tx *store.Tx, scope access.Scope, limit int) ([]account.Place, error) {
	var a store.Args
	return store.Rows[account.Place](tx, accountPlace+`a.status = 'active' AND `+Accounts.Gate(&a, scope)+` ORDER BY a.code LIMIT `+strconv.Itoa(limit), a.List...)
}

// PlaceByRef returns the place of a ref, if the scope may see it.
func PlaceByRef(tx *store.Tx, scope access.Scope, ref string) (account.Place, bool, error) {
	kind, id, ok := account.SplitRef(ref)
	if !ok {
		return account.Place{}, false, nil
	}
	var a store.Args
	if kind == account.KindStore {
		return store.One[account.Place](tx, storePlace+`s.id = `+a.Add(id)+` AND `+Stores.Gate(&a, scope), a.List...)
	}
	return store.One[account.Place](tx, accountPlace+`a.id = `+a.Add(id)+` AND `+Accounts.Gate(&a, scope), a.List...)
}

// Due lists the active places that a person owns and that are due by a day,
// the longest overdue first; places that were never visited come last, by
// class, since nobody knows how long they wait.
func Due(tx *store.Tx, scope access.Scope, person string, by calendar.Day) ([]account.Place, error) {
	var a store.Args
	q := storePlace + `s.rep_id = ` + a.Add(person) + ` AND s.status = 'active' AND s.next_due_on <> '' AND s.next_due_on <= ` + a.Add(by) + ` AND ` + Stores.Gate(&a, scope) +
		` UNION ALL ` + accountPlace + `a.owner_id = ` + a.Add(person) + ` AND a.status = 'active' AND a.next_due_on <> '' AND a.next_due_on <= ` + a.Add(by) + ` AND ` + Accounts.Gate(&a, scope) +
		` ORDER BY next_due_on, grade, name`
	rows, err := store.Rows[account.Place](tx, q, a.List...)
	var visited, never []account.Place
	for _, p := range rows {
		if p.NextDueOn == account.NeverVisited {
			never = append(never, p)
		} else {
			visited = append(visited, p)
		}
	}
	return append(visited, never...), err
}

// OverdueOf counts the places of a person that were due before a day, those
// that were never visited left out.
func OverdueOf(tx *store.Tx, scope access.Scope, person string, before calendar.Day) (int64, error) {
	var a store.Args
	late := func(alias string) string {
		return alias + `.status = 'active' AND ` + alias + `.next_due_on > '` + string(account.NeverVisited) + `' AND ` + alias + `.next_due_on < ` + a.Add(before)
	}
	n, _, err := store.One[int64](tx, `SELECT (SELECT count(*) FROM stores s WHERE s.rep_id = `+a.Add(person)+` AND `+late("s")+` AND `+Stores.Gate(&a, scope)+`)
		+ (SELECT count(*) FROM accounts a WHERE a.owner_id = `+a.Add(person)+` AND `+late("a")+` AND `+Accounts.Gate(&a, scope)+`)`, a.List...)
	return n, err
}

// RefOfVisit is the place of a visit (alias v) as account.Place.Ref has it.
const RefOfVisit = `CASE WHEN v.store_id <> '' THEN 'store:' || v.store_id ELSE 'account:' || v.account_id END`

// Recent lists the places that a person visited last.
// Ungated: refs of the person's own visits; PlaceByRef gates each.
func Recent(tx *store.Tx, scope access.Scope, person string, limit int) ([]account.Place, error) {
	refs, err := store.Rows[string](tx, `SELECT `+RefOfVisit+` AS ref
		FROM visits v WHERE v.person_id = $1 AND v.status = 'done' ORDER BY v.recorded_at DESC, v.id DESC LIMIT `+strconv.Itoa(4*limit), person)
	if err != nil {
		return nil, err
	}
	var out []account.Place
	seen := map[string]bool{}
	for _, ref := range refs {
		if seen[ref] || len(out) == limit {
			continue
		}
		seen[ref] = true
		p, ok, err := PlaceByRef(tx, scope, ref)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, p)
		}
	}
	return out, nil
}

// Near lists the active stores within about so many metres of a point, the
// nearest first.
func Near(tx *store.Tx, scope access.Scope, lat, lon float64, metres, limit int) ([]account.Place, error) {
	span := float64(metres) / 111_000 // degrees of latitude; longitude is checked by distance
	var a store.Args
	rows, err := store.Rows[account.Place](tx, storePlace+`s.latitude BETWEEN `+a.Add(lat-span)+` AND `+a.Add(lat+span)+
		` AND (s.latitude <> 0 OR s.longitude <> 0) AND s.status = 'active' AND `+Stores.Gate(&a, scope)+` LIMIT 2000`, a.List...)
	if err != nil {
		return nil, err
	}
	return nearest(rows, lat, lon, metres, limit), nil
}

// Owned lists some of the places that a person owns, or works in as a promoter, by code.
func Owned(tx *store.Tx, scope access.Scope, person string, limit int) ([]account.Place, error) {
	var a store.Args
	q := storePlace + `s.rep_id = ` + a.Add(person) + ` AND s.status = 'active' AND ` + Stores.Gate(&a, scope) +
		` UNION ` + storePlace + `s.id IN (SELECT store_id FROM store_people WHERE person_id = ` + a.Add(person) + `) AND s.status = 'active' AND ` + Stores.Gate(&a, scope) +
		` UNION ALL ` + accountPlace + `a.owner_id = ` + a.Add(person) + ` AND a.status = 'active' AND ` + Accounts.Gate(&a, scope) +
		` ORDER BY code LIMIT ` + strconv.Itoa(limit)
	return store.Rows[account.Place](tx, q, a.List...)
}
