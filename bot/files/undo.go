package files

import (
	"context"
	"fmt"

	"fieldbot/bot/config"
	"fieldbot/bot/kit/fault"
	"fieldbot/store"
)

// undoneAtOnce is how many changes one unit takes back.
const undoneAtOnce = 100

// TakeBack takes an import back, the last change first, if nobody has changed any of its
// rows since; it returns how many changes that were.
func TakeBack(ctx context.Context, db *store.DB, c *config.Config, ref string) (done int, err error) {
	db.SetRules(c.Rules())
	var changed, there bool
	if err := db.Read(ctx, func(tx *store.Tx) error {
		changed, there, err = store.ChangedUnder(tx, UnitOf(ref))
		return err
	}); err != nil {
		return 0, err
	}
	switch {
	case !there:
		return 0, fmt.Errorf("there is no import %q, or it was taken back already; its reference stands where it was printed", ref)
	case changed:
		return 0, fmt.Errorf("of the import %s something was changed since; nothing was taken back", ref)
	}
	for {
		n := 0
		err := db.Write(ctx, func(tx *store.Tx) error {
			tx.By(store.Origin{Source: "terminal"})
			lines, err := store.LinesUnder(tx, UnitOf(ref), undoneAtOnce)
			n = len(lines)
			for _, l := range lines {
				if err := store.Undo(tx, l); err != nil {
					if f, ok := fault.As(err); ok && f.Key == "undo_nothing" {
						if err := store.PassBy(tx, l); err != nil {
							return err
						}
						continue
					}
					return err
				}
			}
			return err
		})
		if err != nil || n == 0 {
			return done, err
		}
		done += n
	}
}
