package command

import (
	"strings"

	"fieldbot/bot/talk/chat"
	"fieldbot/store"
)

// KeepPhotos notes the photos of a row (table:id) and puts their fetching into
// the outbox. It returns those that were noted before.
func KeepPhotos(r *Request, subject string, refs []string) (again []string, err error) {
	for _, ref := range refs {
		fresh, err := r.Tx.AddPhoto(store.Photo{Ref: ref, Subject: subject, PersonID: r.Who.ID})
		if err != nil {
			return again, err
		}
		if !fresh {
			again = append(again, ref)
		}
		platform, _, _ := strings.Cut(ref, ":")
		if !fresh || platform == string(chat.Terminal) {
			continue
		}
		if err := r.Tx.Put(store.Out{Kind: store.OutPhoto, Lane: "photo:" + ref, Platform: platform, PersonID: r.Who.ID, Body: ref}); err != nil {
			return again, err
		}
	}
	return again, nil
}
