package accountstore

import (
	"slices"

	"fieldbot/bot/account"
	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/fault"
	"fieldbot/bot/kit/search"
	"fieldbot/store"
)

// Like returns places that may be the same as one that is about to be made:
// a name alike, the same phone, or within 50 m (domain.md §13). It looks over
// the whole company, since the twin may be a colleague's, and so returns no
// more than what a card's first line shows.
func Like(tx *store.Tx, name, phone string, lat, lon float64, kind string) ([]account.Place, error) {
	system := access.System("likely duplicates")
	among := AnyPlace
	if kind == account.KindAccount {
		among = AccountsOnly
	}
	var out []account.Place
	found, err := matching(tx, system, containing(search.Words(name)[:min(1, len(search.Words(name)))]), candidates, among)
	if err != nil {
		return nil, err
	}
	for _, h := range found {
		if search.Like(name, h.Text) < 160 {
			continue
		}
		p, ok, err := PlaceByRef(tx, system, h.ID)
		if err != nil {
			return nil, err
		}
		if ok && (search.Like(name, search.Text(p.Name)) >= 160 || search.Fold(p.Name) == search.Fold(name)) {
			out = append(out, p)
		}
	}
	if phone != "" {
		same, err := union[account.Place](tx, system, among, storePlace, accountPlace, 5, func(a *store.Args, alias string) string { return alias + `.phone = ` + a.Add(phone) })
		if err != nil {
			return nil, err
		}
		out = append(out, same...)
	}
	if kind == account.KindStore && (lat != 0 || lon != 0) {
		near, err := Near(tx, system, lat, lon, 50, 5)
		if err != nil {
			return nil, err
		}
		out = append(out, near...)
	}
	return pick(out, kind), nil
}

// pick keeps the first of each place of a kind, at most five.
func pick(found []account.Place, kind string) []account.Place {
	seen := map[string]bool{}
	var out []account.Place
	for _, p := range found {
		if p.Kind == kind && !seen[p.ID] && len(out) < 5 {
			seen[p.ID] = true
			out = append(out, p)
		}
	}
	return out
}

// mergeable is the fault of two that cannot become one.
func mergeable(same bool, statuses ...string) error {
	switch {
	case same:
		return fault.Wrong("merge_self")
	case slices.ContainsFunc(statuses, func(s string) bool { return s != account.Active }):
		return fault.Wrong("merge_closed")
	}
	return nil
}

// MergeStores moves everything of one store to another; the first stays as a
// merged row that points there.
func MergeStores(tx *store.Tx, from, to account.Store) error {
	if err := mergeable(from.ID == to.ID, from.Status, to.Status); err != nil {
		return err
	}
	if err := (store.Merge{Store: true, From: from.ID, Into: to.ID, Account: to.AccountID, Within: from.AccountID == to.AccountID}).Do(tx); err != nil {
		return err
	}
	after := from
	after.Status, after.MergedInto = account.Merged, to.ID
	return Stores.Change(tx, from, after)
}

// Merge moves everything of one account to another. A contact whose name is
// known there too stays with the merged account.
func Merge(tx *store.Tx, from, to account.Account) error {
	if err := mergeable(from.ID == to.ID, from.Status, to.Status); err != nil {
		return err
	}
	if err := noLoop(tx, account.Account{ID: from.ID, ParentID: to.ID}); err != nil {
		return err
	}
	if err := (store.Merge{From: from.ID, Into: to.ID}).Do(tx); err != nil {
		return err
	}
	children, err := Accounts.In(access.System("a merge moves what nobody may see, too")).And("a.parent_id = ?", from.ID).Rows(tx)
	if err != nil {
		return err
	}
	for _, c := range children {
		moved := c
		moved.ParentID = to.ID
		if err := Accounts.Change(tx, c, moved); err != nil {
			return err
		}
	}
	after := from
	after.Status, after.MergedInto = account.Merged, to.ID
	return Accounts.Change(tx, from, after)
}
