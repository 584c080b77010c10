package files

import (
	"errors"

	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/store"
)

func followUpsKind(j *job) kind[followup.FollowUp] {
	k := kind[followup.FollowUp]{existing: map[string]followup.FollowUp{}, id: func(f *followup.FollowUp) *string { return &f.ID }}
	k.key = func(v map[string]string) string {
		j.findFollowUp(v["id"], k.existing)
		return v["id"]
	}
	k.fill = func(f *followup.FollowUp, r *record) bool {
		if r.values["id"] == "" {
			j.refuse(r, "id", "is needed: it is what a repeated import finds the follow-up by")
			return false
		}
		if !j.set(followup.Catalogue, f, r) {
			return false
		}
		if s, ok := j.refs.stores[r.values["store_code"]]; ok {
			f.AccountID = s.AccountID
		}
		if f.OwnerID == "" {
			j.refuse(r, "owner", "is needed")
			return false
		}
		f.ID = r.values["id"]
		if f.Kind == "" {
			f.Kind = followup.Task
		}
		if f.Status == "" {
			f.Status = followup.Open
		}
		return true
	}
	k.same = equal[followup.FollowUp](followup.Catalogue)
	k.add = followupstore.Add
	k.change = followupstore.FollowUps.Change
	return k
}

// findFollowUp looks up one follow-up; all of them would not fit memory.
func (j *job) findFollowUp(id string, existing map[string]followup.FollowUp) {
	if id == "" {
		return
	}
	j.failed = errors.Join(j.failed, j.db.Read(j.ctx, func(tx *store.Tx) error {
		f, ok, err := followupstore.FollowUps.In(system).ByID(tx, id)
		if ok {
			existing[id] = f
		}
		return err
	}))
}
