package files

import (
	"fmt"
	"slices"

	"fieldbot/bot/account/accountstore"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
)

// Unseen are sentences about what is kept and reaches nobody: accounts that no manager sees,
// stores that nobody does, people whom no message finds.
func Unseen(tx *store.Tx) ([]string, error) {
	return unseenBy(tx, "people", "accounts", "stores")
}

// unseenBy are those about some kinds of file.
func unseenBy(tx *store.Tx, kinds ...string) (out []string, err error) {
	accounts, stores, err := accountstore.Unseen(tx)
	if err != nil {
		return nil, err
	}
	people, err := personstore.Unlinked(tx)
	for _, x := range []struct {
		kind string
		n    int64
		text string
	}{
		{"accounts", accounts, "%d accounts have no territory: no manager sees them; fill the column territory"},
		{"stores", stores, "%d stores have no rep and no territory: nobody sees them; fill the column rep or territory"},
		{"people", people, "%d people are linked to no chat: no message finds them; see fieldbot user invite --all"},
	} {
		if x.n > 0 && slices.Contains(kinds, x.kind) {
			out = append(out, fmt.Sprintf(x.text, x.n))
		}
	}
	return out, err
}
