package command

import (
	"strings"

	"fieldbot/bot/talk/chat"
	"fieldbot/store"
)

// KeepPhotos notes the photos of a row (table:id) and puts their fetching into
// the outbox. One that was noted before is an event: see PhotoSeen.
func KeepPhotos(r *Request, subject string, refs []string) error {
	for _, ref := range refs {
		fresh, err := r.Tx.AddPhoto(store.Photo{Ref: ref, Subject: subject, PersonID: r.Who.ID})
		if err != nil {
			return err
		}
		if !fresh {
			if err := seenBefore(r, subject, ref); err != nil {
				return err
			}
			continue
		}
		platform, _, _ := strings.Cut(ref, ":")
		if platform == string(chat.Terminal) {
			continue
		}
		if err := r.Tx.Put(store.Out{Kind: store.OutPhoto, Lane: "photo:" + ref, Platform: platform, PersonID: r.Who.ID, Body: ref}); err != nil {
			return err
		}
	}
	return nil
}

func seenBefore(r *Request, subject, ref string) error {
	others, err := r.Tx.PhotoOf(ref)
	if err != nil {
		return err
	}
	return r.Happened(PhotoSeen{Subject: subject, Others: others})
}
