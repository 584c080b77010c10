package bot

import (
	"cmp"
	"context"
	"fmt"

	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/store"
)

// MakeFile makes what hangs on a message, with the sight of the person it goes
// to: what they may not see any more is not made.
func (a *App) MakeFile(ctx context.Context, personID string, f chat.File) ([]byte, error) {
	var data []byte
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		p, ok, err := personstore.ByID(tx, personID)
		if err != nil || !ok || !p.Active() {
			return cmp.Or(err, fmt.Errorf("file %s: its reader is gone", f.Name))
		}
		for _, m := range a.Modules {
			if mk := m.Makes[f.Make]; mk != nil {
				data, err = mk(a.For(tx, p), f.Args)
				return err
			}
		}
		return fmt.Errorf("file %s: nobody makes %q", f.Name, f.Make)
	})
	return data, err
}

// handFile gives a reply that goes straight back its file.
func (a *App) handFile(ctx context.Context, u chat.Update, personID string, reply *chat.Reply) error {
	if reply.File == nil || u.Place.Platform != chat.Terminal {
		return nil
	}
	f := *reply.File
	var err error
	f.Data, err = a.MakeFile(ctx, personID, f)
	reply.File = &f
	return err
}
