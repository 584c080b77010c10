package followuptalk

import (
	"time"

	"fieldbot/bot/files"
	"fieldbot/bot/followup"
	"fieldbot/bot/followup/followupstore"
	"fieldbot/bot/kit/access"
	"fieldbot/store"
)

var fileKinds = []files.Kind{{Name: "follow_ups", Catalogue: followup.Catalogue, Export: export, Import: files.Importing(imported)}}

var byFile = access.System("files of follow-ups")

func export(e *files.Exporter) error {
	return files.Table(e, followup.Catalogue, func(add func(followup.FollowUp) error) error {
		return followupstore.Since(e.Tx, byFile, e.Span.Since, e.Span.Until, add)
	}, func(f followup.FollowUp, v map[string]string) {
		v["opened_at"], v["closed_at"] = e.Time(f.OpenedAt), e.Time(f.ClosedAt)
	})
}

func imported(j *files.Job) files.Rows[followup.FollowUp] {
	return files.Rows[followup.FollowUp]{
		Key: func(v map[string]string) string { return v["id"] },
		Find: func(tx *store.Tx, v map[string]string) (followup.FollowUp, bool, error) {
			return followupstore.FollowUps.In(byFile).ByID(tx, v["id"])
		},
		ID:     func(f *followup.FollowUp) *string { return &f.ID },
		Fill:   func(f *followup.FollowUp, r *files.Record) bool { return fillImported(j, f, r) },
		Same:   files.Equal[followup.FollowUp](followup.Catalogue),
		Add:    followupstore.Add,
		Change: followupstore.FollowUps.Change,
	}
}

func fillImported(j *files.Job, f *followup.FollowUp, r *files.Record) bool {
	if r.Fields["id"] == "" {
		j.Refuse(r, "id", "is needed: it is what a repeated import finds the follow-up by")
		return false
	}
	if !j.Set(followup.Catalogue, f, r) {
		return false
	}
	if s := j.StoreByCode(r.Fields["store_code"]); s.ID != "" {
		f.AccountID = s.AccountID
	}
	if f.OwnerID == "" {
		j.Refuse(r, "owner", "is needed")
		return false
	}
	for key, at := range map[string]*time.Time{"opened_at": &f.OpenedAt, "closed_at": &f.ClosedAt} {
		if said := r.Fields[key]; said != "" {
			t, ok := j.Instant(said)
			if !ok {
				j.Refuse(r, key, "write a time such as 2026-11-21T10:02:00+08:00 or 2026-11-21 10:02")
				return false
			}
			*at = t.UTC()
		}
	}
	f.ID = r.Fields["id"]
	if f.Kind == "" {
		f.Kind = followup.Task
	}
	if f.Status == "" {
		f.Status = followup.Open
	}
	return true
}
