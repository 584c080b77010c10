package visitstore

import (
	"strings"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/visit"
	"fieldbot/store"
)

// ofVisit is the subject of a visit's photos, before its id.
const ofVisit = "visits:"

// PhotoSeen flags a visit whose photo was seen with another visit that stands.
func PhotoSeen(tx *store.Tx, subject string, others []string) error {
	id, isVisit := strings.CutPrefix(subject, ofVisit)
	if !isVisit {
		return nil
	}
	for _, other := range others {
		otherID, isVisit := strings.CutPrefix(other, ofVisit)
		if !isVisit || otherID == id {
			continue
		}
		v, ok, err := Visits.In(access.System("whose photo was seen before")).ByID(tx, otherID)
		if err != nil {
			return err
		}
		if ok && v.Reason != visit.Undone {
			return flag(tx, id, visit.PhotoAgain)
		}
	}
	return nil
}

// flag adds a flag to a visit.
func flag(tx *store.Tx, id, what string) error {
	before, ok, err := Visits.In(access.System("a flag of the clock")).ByID(tx, id)
	if err != nil || !ok {
		return err
	}
	after := before
	after.Flag(what)
	if len(after.Flags) == len(before.Flags) {
		return nil
	}
	return tx.Unasked(func() error { return Visits.Change(tx, before, after) })
}
