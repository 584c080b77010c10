package outbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/person/personstore"
	"fieldbot/bot/talk/chat"
	"fieldbot/store"
)

func (r runner) fetchPhoto(ctx context.Context, ref string) error {
	_, name, _ := strings.Cut(ref, ":")
	kept, err := r.media.Keep(func(w io.Writer) error { return r.sender.Fetch(ctx, name, w) })
	var f *chat.Failure
	if errors.As(err, &f) && f.Permanent {
		return errors.Join(r.db.Write(ctx, func(tx *store.Tx) error { return tx.LosePhoto(ref) }), err)
	}
	if err != nil {
		return fmt.Errorf("keeping a photo: %w", err)
	}
	look := lookOf(r.media.Path(kept.Hash))
	return r.db.Write(ctx, func(tx *store.Tx) error {
		subject, same, err := tx.KeepPhoto(ref, kept.Hash, kept.Size, look)
		if err != nil || len(same) == 0 {
			return err
		}
		return r.photoSeen(tx, subject, same)
	})
}

// learnZone takes a person's time zone from the platform, unless the person
// has told it meanwhile.
func (r runner) learnZone(ctx context.Context, row store.Out) error {
	zone, err := r.sender.Zone(ctx, row.Body)
	if err != nil {
		return err
	}
	loc, ok := calendar.Zone(zone)
	if !ok {
		return nil
	}
	return r.db.Write(ctx, func(tx *store.Tx) error {
		p, found, err := personstore.ByID(tx, row.PersonID)
		if err != nil || !found || p.ZoneKnown {
			return err
		}
		tx.By(store.Origin{Person: p.ID, Source: row.Platform})
		after := p
		after.Timezone, after.ZoneKnown = loc.String(), true
		return personstore.People.Change(tx, p, after)
	})
}
